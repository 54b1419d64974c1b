from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from bus import commands as c
from bus.vocabulary import Error, TicketState
from config import load_centre
from queue_service.domain.day import DayDue, DayStep, business_date, day_due, is_far, open_day
from queue_service.domain.rules import Rules
from queue_service.domain.state import State
from queue_service.domain.values import Mark, Refusal, elapsed
from queue_service.rules_from import rules_from

MONDAY = date(2026, 11, 23)


def due(hall: SimpleNamespace, approved: date | None = None) -> tuple[DayStep, date]:
    answer = day_due(hall.state, hall.rules, hall.mark(), approved)
    return answer.step, answer.day


@pytest.mark.parametrize(
    ("utc", "day"), [("19:59", "2026-11-23"), ("20:00", "2026-11-24"), ("16:59", "2026-11-23")]
)
def test_days_begin_at_three_local(rules: Rules, utc: str, day: str) -> None:
    at = datetime.fromisoformat(f"2026-11-23T{utc}+00:00")
    assert business_date(rules, at) == date.fromisoformat(day)


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
    hall.now += timedelta(days=1)  # the real clock jumps, people are still there
    hall.mono += 3 * 3600
    assert due(hall)[0] is DayStep.KEEP
    hall.mono += 3600
    assert due(hall)[0] is DayStep.OPEN


def test_days_strictly_increase(hall: SimpleNamespace) -> None:
    hall.now -= timedelta(days=3)
    hall.mono += 10 * 3600
    assert due(hall) == (DayStep.KEEP, MONDAY)


def test_a_jump_over_more_than_seven_working_days_waits_for_a_person(hall: SimpleNamespace) -> None:
    hall.advance(9 * 86400)  # seven working days later
    assert due(hall)[0] is DayStep.OPEN
    hall.advance(86400)
    later = MONDAY + timedelta(days=10)
    assert due(hall) == (DayStep.ASK, later)
    assert due(hall, approved=later - timedelta(days=1))[0] is DayStep.ASK
    assert due(hall, approved=later) == (DayStep.OPEN, later)


def test_holidays_are_no_reason_to_ask() -> None:
    """Off over Tết, from Friday 13 to Monday 23 February."""
    rules = rules_from(load_centre())
    day = date(2026, 2, 13)
    state = replace(State(), day=day, opened=Mark(datetime(2026, 2, 13, 1, tzinfo=UTC), 0.0, "a"))
    now = Mark(datetime(2026, 2, 23, 0, 20, tzinfo=UTC), 5.0, "b")
    assert day_due(state, rules, now) == DayDue(DayStep.OPEN, date(2026, 2, 23))
    march = Mark(datetime(2026, 3, 13, 1, tzinfo=UTC), 5.0, "b")
    assert day_due(state, rules, march).step is DayStep.ASK


def test_a_centre_that_is_never_open_does_not_ask_for_ever(rules: Rules) -> None:
    rules = replace(rules, hours=replace(rules.hours, week=((),) * 7))
    assert not is_far(rules, MONDAY, MONDAY + timedelta(days=400))


def test_giving_a_number_is_use_of_the_day(hall: SimpleNamespace) -> None:
    """A box without a battery clock boots with yesterday's time and is corrected later."""
    hall.boot, hall.mono = "boot-2", 5.0
    for _ in range(5):
        hall.issue()
    hall.now += timedelta(days=1)
    hall.mono += 300
    assert due(hall) == (DayStep.KEEP, MONDAY)


@pytest.mark.parametrize("reached", [[], ["called"], ["called", "serving"]])
def test_a_doubtful_gap_with_people_there_keeps_the_day(
    hall: SimpleNamespace, reached: list[str]
) -> None:
    tickets = [hall.issue() for _ in range(6)]
    if "called" in reached:
        hall.next(1)
    if "serving" in reached:
        hall.do(c.StartServing(counter=1, ticket=tickets[0].id))
    hall.now += timedelta(days=1)
    hall.boot, hall.mono = "boot-2", 5.0
    tuesday = MONDAY + timedelta(days=1)
    assert due(hall) == (DayStep.DOUBT, tuesday)
    assert due(hall, approved=tuesday) == (DayStep.OPEN, tuesday)
    assert hall.issue().number == "1007"  # work goes on
    with pytest.raises(Refusal) as refused:
        hall.do(c.ConfirmDay(business_day=str(MONDAY)))
    assert refused.value.error is Error.CONFLICT


def test_a_day_that_ran_to_its_end_is_over_though_some_did_not_wait(hall: SimpleNamespace) -> None:
    hall.issue()
    hall.now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 16:00, the hall closes at 17:00
    hall.issue()
    hall.now = datetime(2026, 11, 24, 0, 20, tzinfo=UTC)
    hall.boot, hall.mono = "boot-2", 5.0
    assert due(hall) == (DayStep.OPEN, MONDAY + timedelta(days=1))


def test_who_went_or_was_served_leaves_no_doubt(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    hall.next(1)
    hall.do(c.Finish(counter=1, ticket=ticket.id))
    hall.now += timedelta(days=1)
    hall.boot, hall.mono = "boot-2", 5.0
    assert due(hall)[0] is DayStep.OPEN


def test_a_person_opens_exactly_the_day_that_waits(hall: SimpleNamespace) -> None:
    hall.issue()
    with pytest.raises(Refusal):
        hall.do(c.ConfirmDay(business_day=str(MONDAY + timedelta(days=1))))
    hall.advance(30 * 86400)
    later = MONDAY + timedelta(days=30)
    for other in (later - timedelta(days=1), later + timedelta(days=1)):
        with pytest.raises(Refusal) as refused:
            hall.do(c.ConfirmDay(business_day=str(other)))
        assert refused.value.error is Error.CONFLICT
    hall.do(c.ConfirmDay(business_day=str(later)))
    assert hall.state.day == later
    assert hall.issue().number == "1001"


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
