"""Today's tickets as a CSV file for spreadsheets."""

from datetime import datetime

from hall.model import HallState
from hall.words import N_, Words
from wait_log.statistics import TicketLine
from web.day_log import DayRecord
from web.export.csv_file import csv_file
from web.view.names import class_name, service_name
from web.view.waits import state_name

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
    """Return the day's tickets in the order of issue."""
    day = record.business_day or ""
    rows = [_row(hall, day, line, t) for line in record.lines]
    return csv_file([[t(header) for header in _HEADERS], *rows])


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


def _time(hall: HallState, at: datetime | None) -> str:
    return f"{at.astimezone(hall.zone):%H:%M:%S}" if at else ""


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else str(round(seconds))
