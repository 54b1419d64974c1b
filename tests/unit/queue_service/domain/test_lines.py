from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from bus import commands as c
from bus.vocabulary import Error, ReturnTo, TicketClass
from queue_service.domain.lines import ahead_of, all_in_order, in_call_order, next_key, pick
from queue_service.domain.values import CounterNumber, Refusal


def test_first_come_first_called(hall: SimpleNamespace) -> None:
    first, second = hall.issue(), hall.issue()
    assert hall.next(1).id == first.id
    hall.advance(30)
    assert hall.next(1).id == second.id


def test_priority_counts_as_come_half_an_hour_earlier(hall: SimpleNamespace) -> None:
    early = hall.issue()
    hall.advance(31 * 60)
    late = hall.issue()
    urgent = hall.issue(ticket_class=TicketClass.PRIORITY)
    assert [hall.next(n).id for n in (1, 2)] == [early.id, urgent.id]
    assert hall.ticket(late).state == "waiting"


def test_an_appointment_counts_from_its_own_time(hall: SimpleNamespace) -> None:
    at = hall.now + timedelta(minutes=20)
    booked = hall.issue(ticket_class=TicketClass.APPOINTMENT, appointment_at=at)
    assert booked.order_key == at - timedelta(minutes=15)
    walk_in = hall.issue()
    assert hall.next(1).id == walk_in.id


def test_helping_out_waits_for_its_penalty(hall: SimpleNamespace) -> None:
    helped = hall.issue("A")
    hall.advance(299)
    own = hall.issue("B")
    assert hall.next(3).id == own.id
    assert hall.next(2).id == helped.id


def test_a_counter_helps_out_after_the_penalty(hall: SimpleNamespace) -> None:
    helped = hall.issue("A")
    hall.advance(301)
    hall.issue("B")
    assert hall.next(3).id == helped.id


def test_who_is_sent_to_a_counter_is_called_there_alone(hall: SimpleNamespace) -> None:
    sent, other = hall.issue(), hall.issue()
    hall.do(c.OpenCounter(counter=2), "counter-2")
    hall.do(c.Transfer(counter=1, ticket=sent.id, to_counter=2))
    assert hall.next(1).id == other.id
    assert pick(hall.state, hall.rules, CounterNumber(3)) is None
    assert hall.next(2).id == sent.id


def test_a_transfer_keeps_number_and_key(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    hall.next(1)
    hall.do(c.Transfer(counter=1, ticket=ticket.id, to_service="B"))
    moved = hall.ticket(ticket)
    assert (moved.number, moved.order_key, moved.service) == (ticket.number, ticket.order_key, "B")


def test_who_returns_from_absence_is_next(hall: SimpleNamespace) -> None:
    missed = hall.issue()
    hall.next(1)
    hall.do(c.MarkAbsent(counter=1, ticket=missed.id))
    hall.issue()
    hall.issue(ticket_class=TicketClass.PRIORITY)
    hall.do(c.ReturnToQueue(ticket=missed.id))
    assert hall.next(1).id == missed.id


def test_who_returns_from_absence_is_next_wherever_the_service_is_called(
    hall: SimpleNamespace,
) -> None:
    hall.issue("B", ticket_class=TicketClass.PRIORITY)
    hall.advance(10)
    missed = hall.issue()
    hall.next(1)
    hall.do(c.MarkAbsent(counter=1, ticket=missed.id))
    hall.do(c.ReturnToQueue(ticket=missed.id))
    for counter in (1, 2, 3):
        assert pick(hall.state, hall.rules, CounterNumber(counter)) == missed.id


def test_unfinished_papers_go_to_the_end(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    hall.next(1)
    other = hall.issue()
    hall.do(c.ReturnToQueue(ticket=ticket.id, to=ReturnTo.END))
    assert [hall.next(n).id for n in (1, 2)] == [other.id, ticket.id]


def test_a_corrected_class_moves_the_place_once(hall: SimpleNamespace) -> None:
    first = hall.issue()
    hall.advance(60)
    second = hall.issue()
    hall.do(c.SetClass(ticket=second.id, ticket_class=TicketClass.PRIORITY))
    assert hall.ticket(second).order_key == second.order_key - timedelta(minutes=30)
    assert hall.do(c.SetClass(ticket=second.id, ticket_class=TicketClass.PRIORITY)) == []
    assert hall.next(1).id == second.id
    hall.do(c.SetClass(ticket=first.id, ticket_class=TicketClass.NORMAL))
    assert hall.ticket(first).order_key == first.order_key


def test_people_are_listed_as_they_would_be_called(hall: SimpleNamespace) -> None:
    tickets = [hall.issue("A"), hall.issue("B"), hall.issue("A")]
    listed = list(in_call_order(hall.state, hall.rules, CounterNumber(3)))
    assert listed == [tickets[1].id, tickets[0].id, tickets[2].id]
    assert list(all_in_order(hall.state)) == [ticket.id for ticket in tickets]
    assert [ahead_of(hall.state, ticket) for ticket in tickets] == [0, 0, 1]


def test_a_key_in_front_is_kept(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    assert next_key(hall.state, hall.rules, ticket) <= ticket.order_key


def test_a_counter_calls_by_number_what_it_serves(hall: SimpleNamespace) -> None:
    ticket = hall.issue("B")
    with pytest.raises(Refusal) as refused:
        hall.do(c.CallTicket(counter=1, current=None, number=ticket.number))
    assert refused.value.error is Error.NOT_ALLOWED
    hall.do(c.CallTicket(counter=2, current=None, number=ticket.number), "counter-2")
    assert hall.ticket(ticket).counter == 2
    hall.do(c.OpenCounter(counter=3), "counter-3")
    with pytest.raises(Refusal) as refused:
        hall.do(c.CallTicket(counter=3, current=None, ticket=ticket.id), "counter-3")
    assert refused.value.error is Error.CONFLICT


@pytest.mark.parametrize(
    ("command", "error"),
    [
        (c.CallTicket(counter=1, current=None), Error.INVALID),
        (c.CallTicket(counter=1, current=None, number="1999"), Error.UNKNOWN),
        (c.CallTicket(counter=1, current=None, ticket="nobody"), Error.UNKNOWN),
        (c.CallNext(counter=1, current="somebody"), Error.STALE),
        (c.CallNext(counter=9), Error.UNKNOWN),
        (c.Finish(counter=1, ticket="nobody"), Error.UNKNOWN),
    ],
)
def test_calls_that_cannot_be(hall: SimpleNamespace, command: c.Command, error: Error) -> None:
    with pytest.raises(Refusal) as refused:
        hall.do(command)
    assert refused.value.error is error


def test_a_recall_counts_and_only_while_called(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    hall.next(1)
    (again,) = hall.do(c.Recall(counter=1, ticket=ticket.id))
    assert (again.call_seq, again.repeat) == (2, 1)
    (again,) = hall.do(c.Recall(counter=1, ticket=ticket.id))
    assert again.repeat == 2
    assert hall.ticket(ticket).calls == 3


def test_a_counter_steps_only_with_its_own_ticket(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    hall.next(1)
    for command in (
        c.Finish(counter=2, ticket=ticket.id),
        c.Park(counter=2, ticket=ticket.id),
        c.Transfer(counter=2, ticket=ticket.id, to_service="B"),
    ):
        with pytest.raises(Refusal) as refused:
            hall.do(command, "counter-2")
        assert refused.value.error is Error.NOT_ALLOWED
    for other in (
        c.ReturnToQueue(ticket=ticket.id),
        c.SetClass(ticket=ticket.id, ticket_class=TicketClass.PRIORITY),
    ):
        with pytest.raises(Refusal):
            hall.do(other, "counter-2")


def test_equal_keys_go_by_issue(hall: SimpleNamespace) -> None:
    first = hall.issue()
    hall.rules = replace(
        hall.rules, head_start={**hall.rules.head_start, TicketClass.PRIORITY: timedelta()}
    )
    second = hall.issue()
    same = replace(hall.ticket(second), order_key=first.order_key)
    from queue_service.domain.evolve import put  # noqa: PLC0415

    hall.state = put(hall.state, same)
    assert hall.next(1).id == first.id
