"""The figures of the page against waits worked out by hand, through a real store."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hall.model import HallState
from hall.words import Words
from wait_log.dialects import store_url
from wait_log.reader import open_reader
from web.day_log import DayLog, DayRecord
from web.view.waits import NEWEST, figures, ticket_rows, wait_rows

VI = Words("vi")
AddTickets = Callable[..., None]
Read = Callable[[], DayRecord]


@pytest.fixture
def read(store_path: Path) -> Read:
    def read() -> DayRecord:
        log = DayLog(open_reader(store_url(store_path.parent), "nhi-chieu"))
        record = log.read()
        log.close()
        return record

    return read


def _waited(*minutes: float, **changes: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    return [{"wait_s": 60.0 * wait, **changes} for wait in minutes]


def test_waits_of_services_and_of_the_hall(
    add_tickets: AddTickets, read: Read, hall_state: HallState
) -> None:
    # CERT waits 1..10 min: mean 5:30, median 5:30, nine of ten at most 9:00.
    # CIVIL waits 2, 4 and 30 min: mean 12:00, median 4:00, P90 30:00; one more waits still,
    # one was absent after 6 min, one is void, one doubtful wait of 10 h counts nowhere.
    add_tickets(*_waited(*range(1, 11)))
    add_tickets(
        *_waited(2, 4, 30, service="CIVIL"),
        {"service": "CIVIL"},
        {"service": "CIVIL", "state": "void"},
        {"service": "CIVIL", "wait_s": 36000.0, "clock_suspect": True},
    )
    add_tickets(*_waited(6, service="SOC", state="absent"))
    rows = wait_rows(hall_state, read().lines, VI)
    assert [row.service for row in rows] == ["Chứng thực", "Hộ tịch", "Bảo trợ xã hội", "Toàn sảnh"]
    cert, civil, soc, hall = rows
    assert (cert.issued, cert.called, cert.served) == ("10", "10", "10")
    assert (cert.mean, cert.median, cert.p90) == ("5:30", "5:30", "9:00")
    assert (civil.issued, civil.waiting, civil.called, civil.served) == ("6", "1", "4", "4")
    assert (civil.mean, civil.median, civil.p90) == ("12:00", "4:00", "30:00")
    assert (soc.absent, soc.served, soc.mean) == ("1", "0", "6:00")
    # all: 55 + 36 + 6 = 97 min over 14 waits; sorted 1 2 2 3 4 4 5 6 6 7 8 9 10 30
    assert (hall.issued, hall.mean, hall.median, hall.p90) == ("17", "6:56", "5:30", "10:00")


def test_figures(add_tickets: AddTickets, read: Read) -> None:
    add_tickets(*_waited(1, 2, 9.6), {})
    shown = {figure.label: figure.value for figure in figures(read().lines, VI)}
    assert shown == {
        "Lượt giao dịch": "4",
        "Đang chờ": "1",
        "Đã phục vụ": "3",
        "Chờ bình quân": "4 phút",
        "Một nửa số lượt chờ không quá": "2 phút",
        "90 % số lượt chờ không quá": "10 phút",
    }


def test_an_empty_day_has_dashes_and_no_rows(hall_state: HallState) -> None:
    assert wait_rows(hall_state, [], VI) == []
    assert [figure.value for figure in figures([], VI)] == ["0", "0", "0", "–", "–", "–"]


def test_tickets_newest_first_and_not_too_many(
    add_tickets: AddTickets, read: Read, hall_state: HallState, now: datetime
) -> None:
    add_tickets(*[{} for _ in range(NEWEST + 5)])
    rows = ticket_rows(hall_state, read().lines, now, VI)
    assert len(rows) == NEWEST
    assert (rows[0].number, rows[-1].number) == (f"1{NEWEST + 5:03}", "1006")


def test_ticket_rows(
    add_tickets: AddTickets, read: Read, hall_state: HallState, now: datetime
) -> None:
    add_tickets(
        {"wait_s": 95.0, "counter": 4, "clock_suspect": True},
        {"ticket_class": "priority", "service": "CIVIL"},
        {"state": "waiting", "wait_s": 30.0, "counter": None},
    )
    transferred, waiting, done = ticket_rows(hall_state, read().lines, now, VI)
    assert (done.issued, done.called, done.wait, done.counter) == ("07:31", "07:32", "1:35", "4")
    assert (done.words, done.suspect, done.priority) == ("Đã xong", True, False)
    assert (waiting.wait, waiting.called, waiting.counter) == ("52:00", "", "")
    assert (waiting.ticket_class, waiting.priority, waiting.service) == ("Ưu tiên", True, "Hộ tịch")
    assert (transferred.words, transferred.wait) == ("Đang chờ", "0:30")


def test_unconfigured_services_come_last_by_code(
    add_tickets: AddTickets, read: Read, hall_state: HallState
) -> None:
    add_tickets({"service": "OLD"}, {"service": "CERT"})
    rows = wait_rows(hall_state, read().lines, VI)
    assert [row.service for row in rows] == ["Chứng thực", "OLD", "Toàn sảnh"]
    bare = wait_rows(replace(hall_state, centre=None), read().lines, VI)
    assert [row.service for row in bare] == ["CERT", "OLD", "Toàn sảnh"]
