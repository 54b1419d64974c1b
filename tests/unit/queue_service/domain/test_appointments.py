from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bus import commands as c
from bus.codes import CODE_LETTERS, code_in_groups, new_code, typed_code
from bus.vocabulary import AppointmentState, Error, Role, TicketClass, WhyNoAppointment
from queue_service.domain import events as e
from queue_service.domain.appointments import slot_times
from queue_service.domain.context import Context
from queue_service.domain.day import open_day
from queue_service.domain.decide import decide
from queue_service.domain.rules import Rules, Slots, Span
from queue_service.domain.values import AppointmentId, CounterNumber, Refusal, ServiceCode
from queue_service.states import Header, counter_state

A, B = ServiceCode("A"), ServiceCode("B")
MONDAY = date(2026, 11, 23)
AT_NINE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
Why = WhyNoAppointment


@pytest.fixture
def rules(rules: Rules) -> Rules:
    slots = Slots((Span(time(9), time(11)),), timedelta(minutes=30), seats=2, days_ahead=7)
    return replace(rules, services={**rules.services, A: replace(rules.services[A], slots=slots)})


def book(
    hall: SimpleNamespace, at: datetime = AT_NINE, reference: str | None = None
) -> AppointmentId:
    (event,) = hall.do(c.BookAppointment(service="A", at=at, reference=reference))
    assert isinstance(event, e.AppointmentBooked)
    return event.appointment


def check_in(
    hall: SimpleNamespace,
    appointment: str | None,
    *,
    as_normal: bool = False,
    print_on: str | None = None,
) -> list[e.Event]:
    """Come with the code of an appointment; the test's codes are the ids."""
    mark = hall.mark()
    context = Context(
        now=mark,
        device="kiosk-1",
        role=Role.KIOSK,
        command="check-in",
        new_id=lambda: f"ticket-{next(hall.ids)}",
        appointment_of=lambda _code: None if appointment is None else AppointmentId(appointment),
    )
    command = c.CheckIn(code="AAAAAA", as_normal=as_normal, print_on=print_on)
    decision = decide(hall.state, hall.rules, command, context)
    hall.commit(decision.events, mark, cause="check_in", device="kiosk-1")
    return list(decision.events)


def refused(hall: SimpleNamespace, appointment: str | None) -> dict[str, Any]:
    with pytest.raises(Refusal) as refusal:
        check_in(hall, appointment)
    assert refusal.value.result is not None
    return refusal.value.result


def test_slots_are_where_counters_serve_and_only_there(rules: Rules) -> None:
    over_noon = Slots((Span(time(10, 45), time(14, 40)),), timedelta(minutes=30), 1, 7)
    rules = replace(rules, services={A: replace(rules.services[A], slots=over_noon)})
    times = [
        at.astimezone(rules.hours.zone).strftime("%H:%M") for at in slot_times(rules, A, MONDAY)
    ]
    assert times == ["10:45", "13:30", "14:00"]
    assert list(slot_times(rules, A, date(2026, 11, 22))) == []
    always = replace(rules, hours=replace(rules.hours, always_open=True))
    assert len(list(slot_times(always, A, date(2026, 11, 22)))) == 7


def test_seats_run_out_and_come_back(hall: SimpleNamespace) -> None:
    first, _second = book(hall), book(hall)
    with pytest.raises(Refusal) as full:
        book(hall)
    assert full.value.error is Error.FULL
    hall.do(c.CancelAppointment(appointment=first))
    book(hall)
    with pytest.raises(Refusal) as over:
        hall.do(c.CancelAppointment(appointment=first))
    assert over.value.error is Error.NOT_ALLOWED


@pytest.mark.parametrize(
    ("at", "why"),
    [
        (AT_NINE + timedelta(minutes=5), Why.NO_SLOT),
        (AT_NINE - timedelta(hours=3), Why.SLOT_PAST),
        (AT_NINE + timedelta(days=14), Why.NO_SLOT),
        (AT_NINE + timedelta(days=5), Why.NO_SLOT),  # a Saturday
    ],
)
def test_only_slots_that_are_offered_are_given(
    hall: SimpleNamespace, at: datetime, why: Why
) -> None:
    with pytest.raises(Refusal) as refusal:
        book(hall, at)
    assert (refusal.value.result or {})["why"] == why


def test_free_seats_are_listed_without_what_has_begun(hall: SimpleNamespace) -> None:
    book(hall)
    hall.now = AT_NINE - timedelta(minutes=1)
    question = c.ListSlots(service="A", day="2026-11-23")
    answers = [answer(hall, question) for _ in range(1)]
    hall.now = AT_NINE
    answers.append(answer(hall, question))
    assert [[slot["free"] for slot in each["slots"]] for each in answers] == [
        [1, 2, 2, 2],
        [2, 2, 2],
    ]
    assert answer(hall, c.ListSlots(service="A", day="2027-11-23"))["slots"] == []
    assert answer(hall, c.ListSlots(service="B", day="2026-11-23"))["slots"] == []


def answer(hall: SimpleNamespace, question: c.Command) -> dict[str, Any]:
    context = Context(hall.mark(), "counter-1", Role.COUNTER, "q", lambda: "x")
    decision = decide(hall.state, hall.rules, question, context)
    assert decision.events == ()
    return dict(decision.answer or {})


def test_who_comes_in_time_stands_where_the_rule_says(hall: SimpleNamespace) -> None:
    appointment = book(hall)
    hall.now = AT_NINE - timedelta(minutes=20)
    early = hall.issue()
    hall.now = AT_NINE - timedelta(minutes=10)
    kept, issued = check_in(hall, appointment)
    assert isinstance(kept, e.AppointmentKept)
    assert isinstance(issued, e.TicketIssued)
    assert issued.ticket_class is TicketClass.APPOINTMENT
    assert issued.order_key == AT_NINE - timedelta(minutes=15)
    later = hall.issue()
    assert [place.ticket for place in hall.state.lines[A]] == [early.id, issued.ticket, later.id]


def test_a_seat_that_was_kept_needs_neither_cap_nor_open_hours(hall: SimpleNamespace) -> None:
    hall.rules.services[A] = replace(hall.rules.services[A], daily_cap=1)
    appointment = book(hall, AT_NINE + timedelta(minutes=90))
    hall.issue()
    hall.now = AT_NINE + timedelta(minutes=90)
    assert len(check_in(hall, appointment)) == 2


def test_early_late_used_and_strange_codes_are_told_apart(hall: SimpleNamespace) -> None:
    appointment, tomorrow = book(hall), book(hall, AT_NINE + timedelta(days=1))
    assert refused(hall, None)["why"] == Why.WRONG_CODE
    assert refused(hall, "of last week")["why"] == Why.PAST
    assert refused(hall, tomorrow)["why"] == Why.OTHER_DAY
    hall.now = AT_NINE - timedelta(minutes=31)
    soon = refused(hall, appointment)
    assert (soon["why"], soon["opens_at"]) == (Why.EARLY, "2026-11-23T01:30:00.000Z")
    hall.now = AT_NINE + timedelta(minutes=16)
    late = refused(hall, appointment)
    assert (late["why"], late["service"]) == (Why.LATE, "A")
    kept, issued = check_in(hall, appointment, as_normal=True)
    assert isinstance(kept, e.AppointmentKept)
    assert isinstance(issued, e.TicketIssued)
    assert (kept.late, issued.ticket_class) == (True, TicketClass.NORMAL)
    used = refused(hall, appointment)
    assert (used["why"], used["number"]) == (Why.USED, issued.number)


def test_a_number_that_was_given_up_can_be_taken_again(hall: SimpleNamespace) -> None:
    appointment = book(hall)
    hall.now = AT_NINE
    _, issued = check_in(hall, appointment)
    assert isinstance(issued, e.TicketIssued)
    hall.do(c.VoidTicket(ticket=issued.ticket), "kiosk-1")
    assert len(check_in(hall, appointment, print_on="kiosk-1")) == 3


def test_an_appointment_moves_and_its_first_seat_is_free(hall: SimpleNamespace) -> None:
    first = book(hall)
    book(hall)
    half_past = AT_NINE + timedelta(minutes=30)
    hall.do(c.MoveAppointment(appointment=first, at=half_past))
    assert hall.state.appointments[first].at == half_past
    book(hall)
    assert hall.do(c.MoveAppointment(appointment=first, at=half_past)) == []
    with pytest.raises(Refusal):
        hall.do(c.MoveAppointment(appointment=first, at=AT_NINE))


def test_another_systems_appointment_is_taken_in_once(hall: SimpleNamespace) -> None:
    first = book(hall, reference="DVC-000123")
    assert "DVC" not in hall.state.appointments[first].reference
    with pytest.raises(Refusal) as twice:
        book(hall, AT_NINE + timedelta(minutes=30), reference="DVC-000123")
    assert (twice.value.result or {})["why"] == Why.KNOWN
    hall.do(c.CancelAppointment(appointment=first))
    book(hall, reference="DVC-000123")


def test_a_day_counts_who_did_not_come_and_hands_the_others_on(hall: SimpleNamespace) -> None:
    missed, came, tomorrow = book(hall), book(hall), book(hall, AT_NINE + timedelta(days=1))
    hall.now = AT_NINE
    check_in(hall, came)
    tuesday = MONDAY + timedelta(days=1)
    hall.now += timedelta(days=1)
    events = list(open_day(hall.state, tuesday))
    assert [each.appointment for each in events if isinstance(each, e.AppointmentMissed)] == [
        missed
    ]
    hall.commit(events, cause="day")
    assert list(hall.state.appointments) == [tomorrow]
    assert hall.state.appointments[tomorrow].state is AppointmentState.BOOKED


def test_a_centre_has_a_bounded_number(
    hall: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("queue_service.domain.booking.MOST_APPOINTMENTS", 1)
    book(hall)
    with pytest.raises(Refusal) as many:
        book(hall, AT_NINE + timedelta(minutes=30))
    assert (many.value.result or {})["why"] == Why.TOO_MANY
    assert c.MOST_APPOINTMENTS == 2000


def test_codes_are_read_however_they_are_typed() -> None:
    assert len(set(CODE_LETTERS)) == 32
    code = new_code()
    assert typed_code(code_in_groups(code).lower()) == code
    assert typed_code("oil-u0z") == "0" + "11" + "V0Z"
    assert typed_code("ABC") is None
    assert typed_code("ABCDE!") is None


APPOINTING = {"book_appointment", "cancel_appointment", "move_appointment", "print_appointment"}


def offered(hall: SimpleNamespace) -> set[str]:
    header = Header("epoch", 1, AT_NINE)
    return set(counter_state(hall.view(), CounterNumber(1), header).legal) & APPOINTING


def test_a_counter_is_offered_what_can_be_done(hall: SimpleNamespace, rules: Rules) -> None:
    assert offered(hall) == {"book_appointment"}
    book(hall)
    assert offered(hall) == APPOINTING
    hall.rules = replace(rules, services={A: replace(rules.services[A], slots=None)})
    assert offered(hall) == {"cancel_appointment", "print_appointment"}


def test_nothing_is_offered_once_every_seat_is_taken(hall: SimpleNamespace, rules: Rules) -> None:
    slots = Slots((Span(time(9), time(9, 30)),), timedelta(minutes=30), seats=1, days_ahead=0)
    services = {A: replace(rules.services[A], slots=slots)}
    hall.rules = replace(rules, services=services, printers=frozenset())
    held = book(hall)
    assert offered(hall) == {"cancel_appointment"}
    hall.do(c.CancelAppointment(appointment=held))
    assert offered(hall) == {"book_appointment"}
