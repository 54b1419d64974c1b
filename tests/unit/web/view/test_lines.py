from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from bus.states import BoardState, ServicesState, ServiceState, Waiting
from bus.vocabulary import CounterStatus, WhyClosed
from hall.model import HallState
from hall.words import Words
from web.view.lines import LineRow, line_rows

VI = Words("vi")


def _rows(
    hall: HallState, now: datetime, oldest: dict[str, datetime] | None = None
) -> dict[str, LineRow]:
    return {row.code: row for row in line_rows(hall, oldest or {}, now, VI)}


def test_lines_in_the_order_of_the_services(hall_state: HallState, now: datetime) -> None:
    rows = line_rows(hall_state, {"CERT": now - timedelta(minutes=16)}, now, VI)
    assert [row.service for row in rows][:2] == ["Chứng thực", "Hộ tịch"]
    assert len(rows) == 9
    cert, land = rows[0], rows[4]
    assert (cert.count, cert.next, cert.wait) == (3, ("1011", "1012", "1013"), "5–10 phút")
    assert cert.oldest is not None
    assert (cert.oldest.mark, cert.oldest.words) == ("warn", "16 phút")
    assert (cert.counters, cert.unserved, cert.closed) == ("1, 2", False, "")
    assert (land.closed, land.wait, land.count) == ("Đã đủ số hôm nay", "–", 0)
    assert (land.counters, land.unserved, land.oldest) == ("6 tạm nghỉ", False, None)


@pytest.mark.parametrize(
    ("service", "counters"), [("LAND", "6 tạm nghỉ"), ("HELP", "chưa mở"), ("TAX", "chưa mở")]
)
def test_who_waits_where_no_counter_is_open(
    hall_state: HallState, board: BoardState, now: datetime, service: str, counters: str
) -> None:
    waiting = (Waiting(service=service, count=4, next=()),)
    hall = replace(hall_state, board=msgspec.structs.replace(board, waiting=waiting))
    row = _rows(hall, now)[service]
    assert (row.unserved, row.counters) == (True, counters)
    opened = tuple(
        msgspec.structs.replace(counter, counter=number, status=CounterStatus.OPEN)
        for number, counter in zip(range(1, 10), board.counters[:1] * 9, strict=True)
    )
    hall = replace(hall, board=msgspec.structs.replace(board, waiting=waiting, counters=opened))
    assert not _rows(hall, now)[service].unserved


def test_closed_services_say_when_they_open(
    hall_state: HallState, services: ServicesState, now: datetime
) -> None:
    opens = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    offers = (
        ServiceState(service="CERT", open=False, why=WhyClosed.HOURS, opens_at=opens),
        ServiceState(service="TAX", open=False, why=WhyClosed("a reason of tomorrow's version")),
    )
    heard = msgspec.structs.replace(services, services=offers)
    rows = _rows(replace(hall_state, services=heard), now)
    assert rows["CERT"].closed == "Ngoài giờ lấy số, tiếp tục từ 13:00"
    assert rows["CERT"].wait == "chưa rõ"
    assert rows["TAX"].closed == "Không cấp số"


def test_without_configuration_codes_are_shown(
    board: BoardState, services: ServicesState, now: datetime
) -> None:
    rows = _rows(HallState(board=board, services=services), now)
    assert [(row.service, row.count) for row in rows.values()] == [("CERT", 3), ("LAND", 0)]


def test_nothing_heard_yet(now: datetime) -> None:
    assert line_rows(HallState(), {}, now, VI) == []
