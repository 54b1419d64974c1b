from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from bus import commands as c
from bus.vocabulary import TicketState
from queue_service.domain.day import DayStep, business_date, day_due, open_day
from queue_service.domain.rules import Rules
from queue_service.domain.state import State
from queue_service.domain.values import Mark, elapsed

MONDAY = date(2026, 11, 23)


def due(hall: SimpleNamespace, approved: date | None = None) -> tuple[DayStep, date]:
    answer = day_due(hall.state, hall.rules, hall.mark(), approved)
    return answer.step, answer.day


@pytest.mark.parametrize(
    ("utc", "day"), [("19:59", "2026-11-23"), ("20:00", "2026-11-24"), ("16:59", "2026-11-23")]
)
def test_days_begin_at_three_local(rules: Rules, utc: str, day: str) -> None:
    at = datetime.fromisoformat(f"2026-11-23T{utc}+00:00")
    assert business_date(rules, Mark(at, 0.0, "")) == date.fromisoformat(day)


def test_the_first_day_opens_at_once(rules: Rules) -> None:
    now = Mark(datetime(2026, 11, 23, 1, tzinfo=UTC), 0.0, "")
    assert day_due(State(), rules, now).step is DayStep.OPEN


def test_a_quiet_night_opens_the_next_day(hall: SimpleNamespace) -> None:
    hall.issue()
    hall.next(1)
    assert due(hall) == (DayStep.KEEP, MONDAY)
    hall.advance(24 * 3600)
    assert due(hall) == (DayStep.OPEN, MONDAY + timedelta(days=1))


def test_the_day_never_changes_in_mid_service(hall: SimpleNamespace) -> None:
    hall.issue()
    hall.next(1)
    hall.now += timedelta(days=1)  # the wall's clock jumps, people are still there
    hall.mono += 3 * 3600
    assert due(hall)[0] is DayStep.KEEP
    hall.mono += 3600
    assert due(hall)[0] is DayStep.OPEN


def test_days_strictly_increase(hall: SimpleNamespace) -> None:
    hall.now -= timedelta(days=3)
    hall.mono += 10 * 3600
    assert due(hall) == (DayStep.KEEP, MONDAY)


def test_a_jump_of_more_than_a_week_waits_for_a_person(hall: SimpleNamespace) -> None:
    hall.advance(7 * 86400)
    assert due(hall)[0] is DayStep.OPEN
    hall.advance(86400)
    later = MONDAY + timedelta(days=8)
    assert due(hall) == (DayStep.ASK, later)
    assert due(hall, approved=later - timedelta(days=1))[0] is DayStep.ASK
    assert due(hall, approved=later) == (DayStep.OPEN, later)


def test_closing_ends_every_ticket_and_numbers_begin_anew(hall: SimpleNamespace) -> None:
    tickets = [hall.issue() for _ in range(5)]
    hall.next(1)
    hall.do(c.StartServing(counter=1, ticket=tickets[0].id))
    hall.next(2)
    hall.do(c.Park(counter=2, ticket=tickets[1].id), "counter-2")
    hall.next(2)
    hall.do(c.MarkAbsent(counter=2, ticket=tickets[2].id), "counter-2")
    hall.next(2)
    hall.do(c.ReportOutage(system="Internet"))
    calls = hall.state.call_seq
    *closing, opening = open_day(hall.state, MONDAY + timedelta(days=1))
    hall.commit(closing, cause="day")
    states = [hall.ticket(ticket).state for ticket in tickets]
    assert states == [TicketState.FINISHED, *[TicketState.VOID] * 4]
    hall.commit([opening], cause="day")
    assert hall.state.call_seq == calls
    assert [outage.system for outage in hall.state.outages] == ["Internet"]
    assert hall.issue().number == "1001"


@pytest.mark.parametrize("boot", ["boot-1", "boot-2"])
@pytest.mark.parametrize("jump_s", [-3600, 0, 86400])
def test_no_duration_is_negative(hall: SimpleNamespace, boot: str, jump_s: int) -> None:
    ticket = hall.issue()
    hall.mono += 120
    last = hall.now
    hall.now = max(hall.now + timedelta(seconds=120 + jump_s), last)
    hall.boot = boot
    hall.next(1)
    called = hall.ticket(ticket)
    assert called.wait_s is not None
    assert called.wait_s >= 0
    assert called.clock_suspect is (boot != "boot-1")
    if boot == "boot-1":
        assert called.wait_s == pytest.approx(120)


def test_a_monotonic_clock_that_runs_back_is_suspect() -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    took = elapsed(Mark(at, 10.0, "x"), Mark(at, 9.0, "x"))
    assert (took.seconds, took.suspect) == (0.0, True)
