"""Today's tickets as a CSV file for spreadsheets."""

import csv
import io
from datetime import datetime

from hall.model import HallState
from hall.words import N_, Words
from wait_log.statistics import TicketLine
from web.day_log import DayRecord
from web.view.names import class_name, service_name
from web.view.waits import state_name

_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")
_BYTE_ORDER_MARK = "\ufeff"
_HEADERS = (
    N_("Ngày"),
    N_("Số"),
    N_("Mã lĩnh vực"),
    N_("Lĩnh vực"),
    N_("Diện"),
    N_("Lấy số lúc"),
    N_("Gọi lúc"),
    N_("Xong lúc"),
    N_("Chờ (giây)"),
    N_("Phục vụ (giây)"),
    N_("Quầy"),
    N_("Tình trạng"),
    N_("Ghi chú"),
)


def day_csv(hall: HallState, record: DayRecord, t: Words) -> bytes:
    """Return the day's tickets in the order of issue (RFC 4180, UTF-8 with a mark for Excel)."""
    text = io.StringIO(newline="")
    text.write(_BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow([t(header) for header in _HEADERS])
    for line in record.lines:
        row = _row(hall, record.business_day or "", line, t)
        writer.writerow([_harmless(cell) for cell in row])
    return text.getvalue().encode()


def csv_name(record: DayRecord) -> str:
    """Return the name under which the file is saved."""
    return f"luot-giao-dich-{record.business_day or 'hom-nay'}.csv"


def _row(hall: HallState, business_day: str, line: TicketLine, t: Words) -> list[str]:
    return [
        business_day,
        line.number,
        line.service,
        service_name(hall, line.service, t),
        class_name(hall, line.ticket_class, t),
        _time(hall, line.issued_at),
        _time(hall, line.first_called_at),
        _time(hall, line.ended_at),
        _seconds(line.wait_s),
        _seconds(line.served_s),
        "" if line.counter is None else str(line.counter),
        state_name(line.state, t),
        t("Đồng hồ không chắc chắn, không tính bình quân") if line.clock_suspect else "",
    ]


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_BEGINS) else cell


def _time(hall: HallState, at: datetime | None) -> str:
    return f"{at.astimezone(hall.zone):%H:%M:%S}" if at else ""


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else str(round(seconds))
