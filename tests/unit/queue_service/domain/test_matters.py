"""What a matter comes to: outcomes, ways back, reminders, notes (decision 37)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from bus import commands as c
from bus.vocabulary import AlarmKind, CurrentTo, Error, ReturnTo, TicketState
from queue_service.domain import events as e
from queue_service.domain.day import open_day
from queue_service.domain.state import State
from queue_service.domain.tickets import Ticket, WayBack
from queue_service.domain.undo import undoable
from queue_service.domain.values import CounterNumber, Refusal, ServiceCode
from queue_service.states import Header, counter_state
from queue_service.timetable import next_change

A, B = ServiceCode("A"), ServiceCode("B")
ONE, TWO, THREE = CounterNumber(1), CounterNumber(2), CounterNumber(3)


def document(hall: SimpleNamespace, counter: int) -> SimpleNamespace:
    state = counter_state(hall.view(), CounterNumber(counter), Header("epoch", 1, hall.now))
    return SimpleNamespace(
        current=state.current,
        reminders=[alarm for alarm in state.alarms if alarm.kind is AlarmKind.REMINDER],
        parked=state.parked,
        waiting=state.waiting,
        legal=state.legal,
        undoable=state.undoable,
    )


def refused(hall: SimpleNamespace, command: c.Command, device: str = "counter-1") -> Error:
    before = hall.state
    with pytest.raises(Refusal) as refusal:
        hall.do(command, device)
    assert hall.state == before
    return refusal.value.error


def served(hall: SimpleNamespace, counter: int = 1, service: str = "A") -> Ticket:
    """Issue a ticket, call it and let its person come."""
    ticket = hall.issue(service)
    hall.do(
        c.CallTicket(
            counter=counter,
            current=hall.state.counter(CounterNumber(counter)).current,
            ticket=ticket.id,
        ),
        f"counter-{counter}",
    )
    hall.announce(counter)
    hall.advance(60)
    hall.do(c.StartServing(counter=counter, ticket=ticket.id), f"counter-{counter}")
    hall.advance(240)
    found: Ticket = hall.ticket(ticket)
    return found


def sent_on(hall: SimpleNamespace, **more: object) -> Ticket:
    """Serve at counter 1 (A), send to service B with a way back, and let counter 3 call it."""
    hall.do(c.OpenCounter(counter=3), "counter-3")
    ticket = served(hall)
    hall.do(c.Transfer(counter=1, ticket=ticket.id, to_service="B", then_back=True, **more))  # type: ignore[arg-type]
    hall.advance(120)
    hall.next(3)
    hall.announce(3)
    hall.advance(300)
    found: Ticket = hall.ticket(ticket)
    assert (found.state, found.counter, found.service) == (TicketState.CALLED, THREE, B)
    return found


# Outcomes -------------------------------------------------------------------------------------


def test_an_outcome_is_said_with_the_end_and_never_needed(hall: SimpleNamespace) -> None:
    first, second = served(hall), hall.issue()
    (ended, *_) = hall.do(
        c.CallNext(counter=1, current=first.id, current_to=CurrentTo.FINISH, outcome="received")
    )
    assert isinstance(ended, e.TicketFinished)
    assert ended.outcome == "received"
    hall.announce()
    (ended,) = hall.do(c.Finish(counter=1, ticket=second.id))
    assert isinstance(ended, e.TicketFinished)
    assert ended.outcome == ""


@pytest.mark.parametrize("to", [CurrentTo.PARK, CurrentTo.ABSENT, None])
def test_what_is_not_finished_has_no_outcome(hall: SimpleNamespace, to: CurrentTo | None) -> None:
    ticket = served(hall)
    command = c.CallNext(counter=1, current=ticket.id, current_to=to, outcome="received")
    assert refused(hall, command) is Error.INVALID


def test_an_outcome_needs_somebody_and_a_place_in_the_list(hall: SimpleNamespace) -> None:
    hall.issue()
    nobody = c.CallNext(counter=1, current_to=CurrentTo.FINISH, outcome="received")
    assert refused(hall, nobody) is Error.INVALID
    ticket = served(hall)
    unknown = c.Finish(counter=1, ticket=ticket.id, outcome="no-such")
    assert refused(hall, unknown) is Error.INVALID


# A way back -----------------------------------------------------------------------------------


def test_one_sent_on_comes_back_to_the_counter_in_place(hall: SimpleNamespace) -> None:
    earlier = sent_on(hall)
    later = hall.issue()
    assert earlier.way_back == WayBack(ONE, A)
    (back,) = hall.do(c.Finish(counter=3, ticket=earlier.id, outcome="received"), "counter-3")
    assert isinstance(back, e.TicketTransferred)
    assert (back.came_back, back.outcome) == (True, "received")
    waits = hall.ticket(earlier)
    assert (waits.state, waits.service, waits.to_counter) == (TicketState.WAITING, A, ONE)
    assert (waits.order_key, waits.number, waits.wait_s) == (
        earlier.order_key,
        earlier.number,
        earlier.wait_s,
    )
    assert waits.way_back is None
    assert hall.next(1).id == earlier.id
    hall.announce()
    (ended,) = hall.do(c.Finish(counter=1, ticket=earlier.id))
    assert isinstance(ended, e.TicketFinished)
    assert hall.next(1).id == later.id


def test_each_stretch_counts_for_the_counter_that_served_it(hall: SimpleNamespace) -> None:
    ticket = sent_on(hall)
    hall.do(c.Finish(counter=3, ticket=ticket.id), "counter-3")
    (stretch,) = hall.state.served
    assert (stretch.counter, stretch.service, stretch.finished) == (THREE, B, True)
    assert stretch.seconds == pytest.approx(300)


@pytest.mark.parametrize("key", ["finish", "keypad"])
def test_every_end_goes_back(hall: SimpleNamespace, key: str) -> None:
    ticket = sent_on(hall)
    to = CurrentTo.FINISH if key == "finish" else None
    hall.do(c.CallNext(counter=3, current=ticket.id, current_to=to), "counter-3")
    assert hall.ticket(ticket).to_counter == ONE


@pytest.mark.parametrize("status", ["pause", "close"])
def test_a_counter_that_rests_gets_nobody_back(hall: SimpleNamespace, status: str) -> None:
    ticket = sent_on(hall)
    rests = {
        "pause": c.PauseCounter(counter=1, reason="họp"),
        "close": c.CloseCounter(counter=1),
    }
    hall.do(rests[status])
    hall.do(c.Finish(counter=3, ticket=ticket.id), "counter-3")
    waits = hall.ticket(ticket)
    assert (waits.service, waits.to_counter, waits.order_key) == (A, None, ticket.order_key)
    assert hall.next(2).id == ticket.id


def test_closing_after_the_return_sends_to_the_service(hall: SimpleNamespace) -> None:
    ticket = sent_on(hall)
    hall.do(c.Finish(counter=3, ticket=ticket.id), "counter-3")
    hall.do(c.CloseCounter(counter=1))
    assert (hall.ticket(ticket).service, hall.ticket(ticket).to_counter) == (A, None)


def test_a_service_that_is_gone_ends_the_way(hall: SimpleNamespace) -> None:
    ticket = sent_on(hall)
    hall.rules = replace(hall.rules, services={B: hall.rules.services[B]})
    hall.do(c.Finish(counter=3, ticket=ticket.id), "counter-3")
    assert hall.ticket(ticket).state is TicketState.FINISHED


def test_there_is_one_way_back_at_a_time_and_it_leads_elsewhere(hall: SimpleNamespace) -> None:
    ticket = served(hall)
    here = c.Transfer(counter=1, ticket=ticket.id, to_service="A", then_back=True)
    assert refused(hall, here) is Error.NOT_ALLOWED
    assert "transfer.then_back" in document(hall, 1).legal
    hall.do(c.Finish(counter=1, ticket=ticket.id))
    ticket = sent_on(hall)
    again = c.Transfer(counter=3, ticket=ticket.id, to_service="A", then_back=True)
    assert refused(hall, again, "counter-3") is Error.NOT_ALLOWED
    assert "transfer.then_back" not in document(hall, 3).legal
    assert "transfer" in document(hall, 3).legal


def test_who_waits_is_not_sent_on_and_back(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    command = c.Transfer(counter=1, ticket=ticket.id, to_service="B", then_back=True)
    assert refused(hall, command) is Error.NOT_ALLOWED


def test_a_third_counter_keeps_the_way_and_the_first_ends_it(hall: SimpleNamespace) -> None:
    ticket = sent_on(hall)
    hall.do(c.OpenCounter(counter=2), "counter-2")
    hall.do(c.Transfer(counter=3, ticket=ticket.id, to_counter=2), "counter-3")
    assert hall.ticket(ticket).way_back == WayBack(ONE, A)
    hall.do(c.Transfer(counter=2, ticket=ticket.id, to_counter=1), "counter-2")
    assert hall.ticket(ticket).way_back is None


def test_the_way_outlives_an_absence_and_a_signature(hall: SimpleNamespace) -> None:
    ticket = sent_on(hall)
    hall.do(c.MarkAbsent(counter=3, ticket=ticket.id), "counter-3")
    hall.do(c.CallTicket(counter=3, ticket=ticket.id), "counter-3")
    hall.do(c.Park(counter=3, ticket=ticket.id), "counter-3")
    hall.do(c.CallTicket(counter=3, ticket=ticket.id), "counter-3")
    hall.do(c.Finish(counter=3, ticket=ticket.id), "counter-3")
    assert hall.ticket(ticket).to_counter == ONE


def test_undo_takes_the_sending_and_the_return_back(hall: SimpleNamespace) -> None:
    ticket = served(hall)
    hall.do(c.Transfer(counter=1, ticket=ticket.id, to_service="B", then_back=True))
    step = undoable(hall.state, ONE)
    hall.do(c.Undo(event=str(step.first)))  # type: ignore[union-attr]
    assert hall.ticket(ticket).way_back is None
    assert hall.state.counter(ONE).current == ticket.id
    hall.do(c.Finish(counter=1, ticket=ticket.id))

    ticket = sent_on(hall)
    hall.do(c.Finish(counter=3, ticket=ticket.id, outcome="result"), "counter-3")
    assert document(hall, 3).undoable.takes_back == "finish"
    step = undoable(hall.state, THREE)
    hall.do(c.Undo(event=str(step.first)), "counter-3")  # type: ignore[union-attr]
    assert hall.ticket(ticket).way_back == WayBack(ONE, A)
    assert hall.state.counter(THREE).current == ticket.id
    assert not [s for s in hall.state.served if s.ticket == ticket.id]


def test_a_return_that_was_called_cannot_be_undone(hall: SimpleNamespace) -> None:
    ticket = sent_on(hall)
    hall.do(c.Finish(counter=3, ticket=ticket.id), "counter-3")
    hall.next(1)
    assert undoable(hall.state, THREE) is None


def test_undo_of_a_call_tells_first_that_somebody_went_back(hall: SimpleNamespace) -> None:
    ticket = sent_on(hall)
    hall.issue("B")
    hall.do(c.CallNext(counter=3, current=ticket.id, current_to=CurrentTo.FINISH), "counter-3")
    assert document(hall, 3).undoable.takes_back == "finish"


def test_void_and_the_end_of_the_day_end_the_way(hall: SimpleNamespace) -> None:
    ticket = served(hall)
    hall.do(c.Transfer(counter=1, ticket=ticket.id, to_service="B", then_back=True))
    hall.do(c.CancelTicket(token=f"token of {ticket.id}"), "web_public-1")
    assert hall.ticket(ticket).state is TicketState.VOID

    other = sent_on(hall)
    hall.do(c.StartServing(counter=3, ticket=other.id), "counter-3")
    (ended,) = (
        event
        for event in open_day(hall.state, hall.now.date())
        if isinstance(event, e.TicketFinished)
    )
    assert (ended.ticket, ended.day_closed, ended.outcome) == (other.id, True, "")


def test_a_number_of_an_offline_book_goes_on_and_back(hall: SimpleNamespace) -> None:
    hall.do(c.OpenCounter(counter=3), "counter-3")
    issued = hall.do(c.CallTicket(counter=1, number="1901"))
    ticket = next(event.ticket for event in issued if isinstance(event, e.TicketIssued))
    hall.do(c.Transfer(counter=1, ticket=ticket, to_service="B", then_back=True))
    hall.do(
        c.IssueTicket(
            service="A",
            number="1901",
            business_day=str(hall.state.day),
            issued_at=hall.now - timedelta(minutes=5),
        ),
        "kiosk-1",
    )
    hall.next(3)
    hall.do(c.Finish(counter=3, ticket=ticket), "counter-3")
    waits = hall.state.tickets[ticket]
    assert (waits.state, waits.service, waits.to_counter) == (TicketState.WAITING, A, ONE)
    assert not waits.provisional


# Reminders ------------------------------------------------------------------------------------


def park(hall: SimpleNamespace, **more: object) -> Ticket:
    ticket = served(hall)
    hall.do(c.Park(counter=1, ticket=ticket.id, reason="signature", **more))  # type: ignore[arg-type]
    found: Ticket = hall.ticket(ticket)
    return found


def test_a_counter_is_reminded_when_it_is_time(hall: SimpleNamespace) -> None:
    ticket = park(hall, remind_after_min=20)
    assert next_change(hall.state, hall.rules, hall.now) == ticket.remind_at
    hall.advance(19 * 60)
    assert document(hall, 1).reminders == []
    hall.advance(60)
    (alarm,) = document(hall, 1).reminders
    assert (alarm.source, alarm.ticket, alarm.detail) == (ticket.number, ticket.id, "signature")
    assert document(hall, 2).reminders == []


def test_another_counter_is_reminded_when_its_own_has_closed(hall: SimpleNamespace) -> None:
    park(hall, remind_after_min=5)
    hall.do(c.CloseCounter(counter=1))
    hall.advance(300)
    assert document(hall, 2).reminders == []
    hall.do(c.OpenCounter(counter=2), "counter-2")
    assert len(document(hall, 2).reminders) == 1


def test_a_reminder_ends_with_a_call_and_can_be_put_off(hall: SimpleNamespace) -> None:
    ticket = park(hall, remind_after_min=5)
    hall.advance(301)
    hall.do(c.PostponeReminder(counter=1, ticket=ticket.id, remind_after_min=10))
    assert document(hall, 1).reminders == []
    hall.advance(601)
    assert len(document(hall, 1).reminders) == 1
    hall.do(c.CallTicket(counter=1, ticket=ticket.id))
    assert document(hall, 1).reminders == []
    assert hall.ticket(ticket).remind_at is None
    assert document(hall, 1).current.parked_for_s == pytest.approx(902)


def test_putting_off_stands_in_nobodys_way(hall: SimpleNamespace) -> None:
    ticket = park(hall, remind_after_min=5)
    hall.do(c.PostponeReminder(counter=1, ticket=ticket.id))
    step = undoable(hall.state, ONE)
    assert step is not None
    hall.do(c.Undo(event=str(step.first)))
    assert hall.ticket(ticket).state is TicketState.SERVING


@pytest.mark.parametrize("minutes", [-1, 0, 601])
def test_a_reminder_is_of_today(hall: SimpleNamespace, minutes: int) -> None:
    ticket = served(hall)
    at = hall.now + timedelta(minutes=minutes)
    assert refused(hall, c.Park(counter=1, ticket=ticket.id, remind_at=at)) is Error.INVALID


def test_a_reminder_has_one_time(hall: SimpleNamespace) -> None:
    ticket = served(hall)
    at = hall.now + timedelta(minutes=30)
    both = c.Park(counter=1, ticket=ticket.id, remind_at=at, remind_after_min=5)
    assert refused(hall, both) is Error.INVALID
    hall.do(c.Park(counter=1, ticket=ticket.id, remind_at=at))
    assert hall.ticket(ticket).remind_at == at


def test_only_a_reminder_that_is_there_is_put_off(hall: SimpleNamespace) -> None:
    waiting, plain = hall.issue(), park(hall)
    for ticket in (waiting, plain):
        command = c.PostponeReminder(counter=1, ticket=ticket.id)
        assert refused(hall, command) is Error.NOT_ALLOWED
    assert "postpone_reminder" not in document(hall, 1).legal
    other = park(hall, remind_after_min=5)
    assert "postpone_reminder" in document(hall, 1).legal
    elsewhere = replace(hall.rules, counters={**hall.rules.counters, TWO: {B: timedelta()}})
    hall.rules = elsewhere
    stranger = c.PostponeReminder(counter=2, ticket=other.id)
    assert refused(hall, stranger, "counter-2") is Error.NOT_ALLOWED


# Notes ----------------------------------------------------------------------------------------


def move_transfer(ticket: Ticket) -> c.Command:
    return c.Transfer(counter=1, ticket=ticket.id, to_service="B", note="complete")


def move_park(ticket: Ticket) -> c.Command:
    return c.Park(counter=1, ticket=ticket.id, note="complete")


def move_return(ticket: Ticket) -> c.Command:
    return c.ReturnToQueue(ticket=ticket.id, to=ReturnTo.PLACE, note="complete")


@pytest.mark.parametrize("move", [move_transfer, move_park, move_return])
def test_a_note_is_shown_with_the_next_call(
    hall: SimpleNamespace, move: Callable[[Ticket], c.Command]
) -> None:
    ticket = served(hall)
    hall.do(move(ticket))
    hall.do(c.CallTicket(counter=2, ticket=ticket.id), "counter-2")
    current = document(hall, 2).current
    assert (current.note, current.note_from) == ("complete", 1)


@pytest.mark.parametrize("move", [move_transfer, move_park, move_return])
def test_a_note_is_of_the_list(
    hall: SimpleNamespace, move: Callable[[Ticket], c.Command], rules: object
) -> None:
    del rules
    ticket = served(hall)
    hall.rules = replace(hall.rules, terms=replace(hall.rules.terms, notes=frozenset()))
    assert refused(hall, move(ticket)) is Error.INVALID


def test_a_note_is_gone_once_it_was_had_and_kept_until_then(hall: SimpleNamespace) -> None:
    ticket = served(hall)
    hall.do(move_park(ticket))
    hall.do(c.Transfer(counter=2, ticket=ticket.id, to_service="B"), "counter-2")
    assert document(hall, 2).waiting[0].note == "complete"
    hall.do(c.CallTicket(counter=2, ticket=ticket.id), "counter-2")
    hall.do(c.Transfer(counter=2, ticket=ticket.id, to_service="A"), "counter-2")
    assert hall.ticket(ticket).note == ""
    hall.do(c.CallTicket(counter=2, ticket=ticket.id), "counter-2")
    hall.do(c.Transfer(counter=2, ticket=ticket.id, to_service="B", note="fee-paid"), "counter-2")
    assert (hall.ticket(ticket).note, hall.ticket(ticket).note_from) == ("fee-paid", TWO)


def test_a_new_day_knows_no_note(hall: SimpleNamespace) -> None:
    ticket = served(hall)
    hall.do(move_park(ticket))
    hall.commit(open_day(hall.state, hall.now.date() + timedelta(days=1)))
    assert hall.state.tickets == {}
    assert State().tickets == {}
