"""Tickets of the log as a CSV file for spreadsheets."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hall.model import HallState
from hall.words import N_, Words
from wait_log.rows import TicketRow
from web.ticket_log.page import ticket_state
from web.view.names import class_name, device_name, service_name

MOST_ROWS = 50_000
"""More than that is for the figures' pages; the last line of the file says so."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")
_HEADERS = (
    N_("Ngày"),
    N_("Số"),
    N_("Lĩnh vực"),
    N_("Diện"),
    N_("Lấy số ở"),
    N_("Lấy số lúc"),
    N_("Gọi lần đầu lúc"),
    N_("Bắt đầu lúc"),
    N_("Xong lúc"),
    N_("Chờ (giây)"),
    N_("Phục vụ (giây)"),
    N_("Quầy"),
    N_("Tình trạng"),
    N_("Ghi chú"),
)


def log_csv(hall: HallState, rows: Sequence[TicketRow], t: Words) -> bytes:
    """Return tickets as they are listed (RFC 4180, UTF-8 with a mark for Excel)."""
    text = io.StringIO(newline="")
    text.write("\ufeff")
    writer = csv.writer(text)
    writer.writerow([t(header) for header in _HEADERS])
    for row in rows:
        writer.writerow([_harmless(cell) for cell in _cells(hall, row, t)])
    if len(rows) >= MOST_ROWS:
        writer.writerow([t("Chỉ gồm {count} lượt mới nhất.", count=t.count(MOST_ROWS))])
    return text.getvalue().encode()


def _cells(hall: HallState, row: TicketRow, t: Words) -> list[str]:
    doubt = t("Đồng hồ không chắc chắn, không tính bình quân") if row.clock_suspect else ""
    return [
        row.business_day,
        row.number,
        service_name(hall, row.service, t),
        class_name(hall, row.ticket_class, t),
        device_name(row.device, t),
        _time(hall, row.issued_us),
        _time(hall, row.first_called_us),
        _time(hall, row.started_us),
        _time(hall, row.ended_us),
        _seconds(row.wait_s),
        _seconds(row.served_s),
        "" if row.counter is None else str(row.counter),
        ticket_state(row, t)[1],
        doubt,
    ]


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_BEGINS) else cell


def _time(hall: HallState, at_us: int | None) -> str:
    if at_us is None:
        return ""
    return f"{(_EPOCH + timedelta(microseconds=at_us)).astimezone(hall.zone):%H:%M:%S}"


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else str(round(seconds))
