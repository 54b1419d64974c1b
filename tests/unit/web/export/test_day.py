import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hall.model import HallState
from hall.words import Words
from wait_log.statistics import TicketLine
from web.day_log import DayRecord
from web.export import csv_name, day_csv

ISSUED = datetime(2026, 11, 23, 0, 35, tzinfo=UTC)
WAITING = TicketLine(
    number="2005",
    service="CIVIL",
    ticket_class="priority",
    state="waiting",
    counter=None,
    issued_at=ISSUED,
    first_called_at=None,
    started_at=None,
    ended_at=None,
    wait_s=None,
    served_s=None,
    clock_suspect=False,
    offline_book=False,
)
DONE = TicketLine(
    number="1001",
    service="CERT",
    ticket_class="normal",
    state="finished",
    counter=3,
    issued_at=ISSUED,
    first_called_at=ISSUED + timedelta(seconds=90),
    started_at=ISSUED + timedelta(seconds=100),
    ended_at=ISSUED + timedelta(minutes=6),
    wait_s=90.4,
    served_s=260.0,
    clock_suspect=True,
    offline_book=False,
)


def test_csv_is_exact(hall_state: HallState) -> None:
    data = day_csv(hall_state, DayRecord("2026-11-23", [DONE, WAITING]), Words("vi"))
    assert data.decode() == (
        "\ufeffNgày,Số,Mã lĩnh vực,Lĩnh vực,Diện,Lấy số lúc,Gọi lúc,Xong lúc,"
        "Chờ (giây),Phục vụ (giây),Quầy,Tình trạng,Ghi chú\r\n"
        "2026-11-23,1001,CERT,Chứng thực,Thường,07:35:00,07:36:30,07:41:00,90,260,3,Đã xong,"
        '"Đồng hồ không chắc chắn, không tính bình quân"\r\n'
        "2026-11-23,2005,CIVIL,Hộ tịch,Ưu tiên,07:35:00,,,,,,Đang chờ,\r\n"
    )


def test_csv_without_configuration_has_codes() -> None:
    row = day_csv(HallState(), DayRecord("2026-11-23", [WAITING]), Words("en")).decode()
    assert row.splitlines()[1] == "2026-11-23,2005,CIVIL,CIVIL,priority,07:35:00,,,,,,Waiting,"


def test_no_cell_is_a_formula(hall_state: HallState) -> None:
    begins = ("=cmd()", "+1", "-1", "@sum", "\tx", "\rx")
    lines = [_named(WAITING, begin) for begin in begins]
    text = day_csv(hall_state, DayRecord("2026-11-23", lines), Words("vi")).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert [row[1] for row in rows] == [f"'{begin}" for begin in begins]
    assert [row[2] for row in rows] == [f"'{begin}" for begin in begins]


def test_quotes_commas_and_line_breaks_survive(hall_state: HallState) -> None:
    odd = 'a "b", c\nd'
    text = day_csv(hall_state, DayRecord("x", [_named(WAITING, odd)]), Words("vi")).decode()
    assert next(iter(list(csv.reader(io.StringIO(text, newline="")))[1:]))[1] == odd


def test_name() -> None:
    assert csv_name(DayRecord("2026-11-23")) == "luot-giao-dich-2026-11-23.csv"
    assert csv_name(DayRecord()) == "luot-giao-dich-hom-nay.csv"


def _named(line: TicketLine, text: str) -> TicketLine:
    return replace(line, number=text, service=text)
