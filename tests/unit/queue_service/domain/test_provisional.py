"""Numbers of an offline book that staff call before their kiosk can deliver them."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from bus import commands as c
from bus.vocabulary import Error, ReturnTo, TicketClass, TicketState
from queue_service.domain.tickets import Ticket
from queue_service.domain.undo import undoable
from queue_service.domain.values import CounterNumber, Refusal

ONE = CounterNumber(1)


def call(hall: SimpleNamespace, number: str = "1905", counter: int = 1) -> Ticket:
    current = hall.state.counter(CounterNumber(counter)).current
    command = c.CallTicket(counter=counter, current=current, number=number)
    hall.do(command, f"counter-{counter}")
    ticket: Ticket = hall.state.tickets[hall.state.numbers[number]]
    return ticket


def deliver(hall: SimpleNamespace, ago_s: float = 600, **fields: object) -> Ticket:
    known: dict[str, object] = {
        "service": "A",
        "number": "1905",
        "business_day": str(hall.state.day),
        "issued_at": hall.now - timedelta(seconds=ago_s),
    }
    hall.do(c.IssueTicket(**(known | fields)), "kiosk-1")  # type: ignore[arg-type]
    ticket: Ticket = hall.state.tickets[hall.state.numbers["1905"]]
    return ticket


def test_a_number_on_paper_alone_can_be_called(hall: SimpleNamespace) -> None:
    waiting = hall.issue()
    ticket = call(hall)
    assert (ticket.state, ticket.counter, ticket.provisional) == (TicketState.CALLED, 1, True)
    assert (ticket.ticket_class, ticket.wait_s) == (TicketClass.NORMAL, None)
    assert hall.state.calls[-1].number == "1905"
    assert hall.state.books == {}  # a mistyped number must not use the book up
    hall.announce()
    hall.do(c.Finish(counter=1, ticket=ticket.id))
    assert hall.ticket(ticket).state is TicketState.FINISHED
    assert hall.next(1).id == waiting.id


def test_its_delivery_completes_it(hall: SimpleNamespace) -> None:
    hall.advance(900)
    ticket = call(hall)
    hall.announce()
    hall.advance(60)
    hall.do(c.Finish(counter=1, ticket=ticket.id))
    hall.advance(540)
    done = deliver(hall, 900, ticket_class=TicketClass.PRIORITY, lang="en")
    assert done.id == ticket.id
    assert (done.state, done.provisional) == (TicketState.FINISHED, False)
    assert (done.ticket_class, done.lang) == (TicketClass.PRIORITY, "en")
    assert done.wait_s == pytest.approx(300, abs=1)
    assert hall.state.books == {("kiosk-1", "A"): 905}
    with pytest.raises(Refusal) as refused:
        deliver(hall)
    assert refused.value.error is Error.CONFLICT


def test_nobody_was_called_before_the_number_was_given(hall: SimpleNamespace) -> None:
    call(hall)
    hall.advance(600)
    done = deliver(hall, 300)
    assert done.wait_s == pytest.approx(0, abs=1e-3)
    assert done.clock_suspect


def test_a_delivery_that_supersedes_a_live_number_takes_it_back(hall: SimpleNamespace) -> None:
    live = hall.issue()
    ticket = call(hall)
    done = deliver(hall, 0, supersedes=live.command)
    assert done.id == ticket.id
    assert (hall.ticket(live).state, hall.ticket(live).reason) == (TicketState.VOID, "superseded")


def test_a_call_that_was_a_slip_is_taken_back_and_leaves_no_trace(hall: SimpleNamespace) -> None:
    call(hall)
    step = undoable(hall.state, ONE)
    assert step is not None
    hall.do(c.Undo(event=str(step.first)))
    (ticket,) = hall.state.tickets.values()
    assert ticket.state is TicketState.VOID
    assert hall.state.counter(ONE).current is None
    again = call(hall, counter=2)  # somebody has it after all
    assert (again.state, again.ended) == (TicketState.CALLED, None)


def test_a_number_whose_call_was_taken_back_waits_when_it_is_delivered(
    hall: SimpleNamespace,
) -> None:
    later = hall.issue()
    call(hall)
    step = undoable(hall.state, ONE)
    assert step is not None
    hall.do(c.Undo(event=str(step.first)))
    hall.advance(60)
    ticket = deliver(hall, 300)
    assert (ticket.state, ticket.ended) == (TicketState.WAITING, None)
    assert hall.next(1).id in {ticket.id, later.id}


def test_what_was_delivered_cannot_be_undone_with_the_call(hall: SimpleNamespace) -> None:
    call(hall)
    deliver(hall)
    assert undoable(hall.state, ONE) is None


def test_a_class_set_at_the_counter_stays(hall: SimpleNamespace) -> None:
    ticket = call(hall)
    hall.do(c.SetClass(ticket=ticket.id, ticket_class=TicketClass.PRIORITY))
    assert deliver(hall).ticket_class is TicketClass.PRIORITY


def test_who_was_sent_to_the_end_stays_there(hall: SimpleNamespace) -> None:
    ticket = call(hall)
    hall.do(c.ReturnToQueue(ticket=ticket.id, to=ReturnTo.END))
    key = hall.ticket(ticket).order_key
    assert deliver(hall).order_key == key


@pytest.mark.parametrize(
    ("number", "counter", "error"),
    [
        ("1950", 1, Error.UNKNOWN),  # beyond the book
        ("1001", 1, Error.UNKNOWN),  # a live number that nobody has
        ("9905", 1, Error.UNKNOWN),  # no such service
        ("190x", 1, Error.UNKNOWN),
        ("2905", 1, Error.NOT_ALLOWED),  # of a service that counter 1 does not serve
    ],
)
def test_other_numbers_are_refused(
    hall: SimpleNamespace, number: str, counter: int, error: Error
) -> None:
    before = hall.state
    with pytest.raises(Refusal) as refused:
        call(hall, number, counter)
    assert refused.value.error is error
    assert hall.state == before


def test_one_counter_has_it(hall: SimpleNamespace) -> None:
    call(hall)
    with pytest.raises(Refusal) as refused:
        call(hall, counter=2)
    assert refused.value.error is Error.CONFLICT


def test_without_books_no_number_is_made_up(hall: SimpleNamespace) -> None:
    hall.rules = replace(hall.rules, numbering=replace(hall.rules.numbering, books=()))
    with pytest.raises(Refusal):
        call(hall)
