"""The figures of the page against waits worked out by hand, through a real store."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bus.states import CounterState, ListedTicket
from bus.vocabulary import CounterStatus, TicketClass
from config.settings import Targets
from hall.model import HallState
from hall.words import Words
from wait_log.dialects import store_url
from wait_log.reader import open_reader
from web.day_log import DayLog, DayRecord
from web.view.waits import Figure, InLine, figures, oldest_waits, wait_badge

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


def _figures(
    hall: HallState, record: DayRecord, now: datetime, waiting: InLine | None = None
) -> dict[str, Figure]:
    waiting = waiting or InLine(0, None)
    return {figure.label: figure for figure in figures(hall, record, waiting, now, VI)}


def test_figures_stand_against_their_targets(
    add_tickets: AddTickets, read: Read, hall_state: HallState, now: datetime
) -> None:
    # 9 waits of 2 min and one of 25: mean 4:18, P90 2 min; 9 of 10 within 15; one doubtful apart.
    add_tickets(*_waited(*[2] * 9, 25), *_waited(600, clock_suspect=True))
    add_tickets(*_waited(6, state="absent"), {})
    shown = _figures(hall_state, read(), now, InLine(17, now - timedelta(minutes=22)))
    assert list(shown) == [
        "Lượt giao dịch",
        "Đang chờ",
        "Chờ bình quân",
        "90 % số lượt chờ không quá",
        "Trong 15 phút",
        "Vắng mặt",
    ]
    assert shown["Lượt giao dịch"] == Figure("Lượt giao dịch", "13")
    waiting = shown["Đang chờ"]
    assert (waiting.value, waiting.mark, waiting.note) == ("17", "bad", "lâu nhất 22 phút")
    mean = shown["Chờ bình quân"]
    assert (mean.value, mean.mark, mean.note) == ("4 phút", "ok", "mục tiêu 15 phút: đạt")
    p90 = shown["90 % số lượt chờ không quá"]
    assert (p90.value, p90.mark, p90.note) == ("6 phút", "ok", "mục tiêu 20 phút: đạt")
    within = shown["Trong 15 phút"]
    assert (within.value, within.note) == ("91 %", "10 trên 11 lượt đã gọi")
    absent = shown["Vắng mặt"]
    assert (absent.value, absent.note) == ("8,3 %", "1 lượt")


def test_a_missed_target_is_said(
    add_tickets: AddTickets, read: Read, hall_state: HallState, now: datetime
) -> None:
    add_tickets(*_waited(16, 21))
    shown = _figures(hall_state, read(), now)
    assert shown["Chờ bình quân"].note == "mục tiêu 15 phút: vượt"
    assert shown["90 % số lượt chờ không quá"].mark == "bad"


def test_an_empty_day_has_dashes(hall_state: HallState, now: datetime) -> None:
    shown = _figures(hall_state, DayRecord(), now)
    assert [figure.value for figure in shown.values()] == ["0", "0", "–", "–", "–", "–"]
    assert {figure.note for figure in shown.values()} == {""}


def test_the_day_before_is_compared_as_it_stood_at_this_time(
    add_tickets: AddTickets, read: Read, hall_state: HallState, now: datetime
) -> None:
    # On Friday: one issued at 8:20 and called at once, one waiting at 8:24, one that came later.
    minutes_before = int(timedelta(days=3).total_seconds() * 1_000_000)
    now_us = int(now.timestamp()) * 1_000_000 - minutes_before

    def friday(issued_min: int, called_min: int) -> dict[str, Any]:
        issued_us = now_us + issued_min * 60_000_000
        return {
            "issued_us": issued_us,
            "first_called_us": now_us + called_min * 60_000_000,
            "wait_s": 60.0 * (called_min - issued_min),
            "state": "finished",
        }

    rows = [friday(-4, -3), friday(-2, 30), friday(10, 11)]
    add_tickets(*rows, business_day="2026-11-20")
    add_tickets(*_waited(2, 2, 2))
    shown = _figures(hall_state, read(), now)
    assert shown["Lượt giao dịch"].note == "so với cùng giờ ngày 20/11: +1"
    assert shown["Chờ bình quân"].before == "hôm trước: 1 phút"
    assert shown["Trong 15 phút"].before == "hôm trước: 100 %"


@pytest.mark.parametrize(
    ("minutes", "mark", "verdict"),
    [
        (0, "ok", "trong mục tiêu 15 phút"),
        (15, "ok", "trong mục tiêu 15 phút"),
        (15.1, "warn", "15–20 phút"),
        (20, "warn", "15–20 phút"),
        (20.1, "bad", "quá 20 phút"),
    ],
)
def test_a_wait_is_marked_and_worded(minutes: float, mark: str, verdict: str) -> None:
    badge = wait_badge(60 * minutes, Targets(), VI)
    assert (badge.mark, badge.verdict) == (mark, verdict)


def test_the_oldest_wait_is_of_the_log_and_of_those_back_in_line(
    add_tickets: AddTickets, read: Read, hall_state: HallState, now: datetime
) -> None:
    add_tickets({"number": "1001"}, {"number": "1002"}, {"service": "TAX", "number": "6001"})
    add_tickets(*_waited(1, number="1003", state="waiting"))  # called once, back in line since

    def listed(number: str, minutes: int) -> ListedTicket:
        return ListedTicket(
            ticket=number,
            number=number,
            service="CERT" if number.startswith("1") else "LAND",
            ticket_class=TicketClass.NORMAL,
            since=now - timedelta(minutes=minutes),
        )

    counter = CounterState(
        epoch="E",
        rev=1,
        at=now,
        counter=3,
        status=CounterStatus.CLOSED,
        waiting=(listed("1001", 500), listed("1003", 3), listed("5001", 22)),
    )
    found = oldest_waits(replace(hall_state, counters={3: counter}), read().lines)
    issued = {line.number: line.issued_at for line in read().lines}
    assert found == {
        "CERT": issued["1001"],
        "TAX": issued["6001"],
        "LAND": now - timedelta(minutes=22),
    }
    back = replace(hall_state, counters={3: counter})
    assert oldest_waits(back, [])["CERT"] == now - timedelta(minutes=500), "without a log"
