from types import SimpleNamespace

import pytest

from bus import commands as c
from bus.vocabulary import CurrentTo, Error, TicketClass, TicketState
from queue_service.domain.undo import undoable
from queue_service.domain.values import CounterNumber, Refusal

ONE = CounterNumber(1)


def undo(hall: SimpleNamespace, counter: int = 1) -> None:
    step = undoable(hall.state, CounterNumber(counter))
    assert step is not None
    hall.do(c.Undo(event=str(step.first)), f"counter-{counter}")


def test_undo_of_next_restores_both_and_withdraws_the_call(hall: SimpleNamespace) -> None:
    first, second = hall.issue(), hall.issue()
    hall.next(1)
    hall.do(c.StartServing(counter=1, ticket=first.id))
    before = (hall.ticket(first), hall.ticket(second))
    lines = hall.state.lines
    hall.next(1)
    undo(hall)
    for was in before:
        now = hall.ticket(was)
        assert (now.state, now.counter, now.order_key) == (was.state, was.counter, was.order_key)
        assert (now.first_called, now.wait_s) == (was.first_called, was.wait_s)
    assert hall.state.counter(ONE).current == first.id
    assert hall.state.lines == lines
    assert [call.withdrawn for call in hall.state.calls] == [False, True]
    assert hall.state.served == ()
    assert undoable(hall.state, ONE) is None


@pytest.mark.parametrize(
    ("act", "state"),
    [
        (lambda t: c.StartServing(counter=1, ticket=t.id), TicketState.CALLED),
        (lambda t: c.Finish(counter=1, ticket=t.id), TicketState.CALLED),
        (lambda t: c.MarkAbsent(counter=1, ticket=t.id), TicketState.CALLED),
        (
            lambda t: c.Park(counter=1, ticket=t.id, reason="chờ ký"),
            TicketState.CALLED,
        ),
        (
            lambda t: c.Transfer(counter=1, ticket=t.id, to_service="B"),
            TicketState.CALLED,
        ),
        (lambda t: c.ReturnToQueue(ticket=t.id), TicketState.CALLED),
        (
            lambda t: c.SetClass(ticket=t.id, ticket_class=TicketClass.PRIORITY),
            TicketState.CALLED,
        ),
        (lambda t: c.VoidTicket(ticket=t.id, reason="nhầm"), TicketState.CALLED),
    ],
)
def test_each_step_can_be_taken_back(
    hall: SimpleNamespace, act: object, state: TicketState
) -> None:
    ticket = hall.issue()
    hall.next(1)
    before = hall.ticket(ticket)
    hall.do(act(ticket))  # type: ignore[operator]
    undo(hall)
    after = hall.ticket(ticket)
    assert after.state is state
    assert after.order_key == before.order_key
    assert after.ticket_class == before.ticket_class
    assert hall.state.counter(ONE).current == ticket.id


@pytest.mark.parametrize(
    "command",
    [
        c.OpenCounter(counter=1),
        c.PauseCounter(counter=1, reason="họp"),
    ],
)
def test_opening_and_pausing_are_no_steps(hall: SimpleNamespace, command: c.Command) -> None:
    hall.do(c.OpenCounter(counter=1))
    hall.do(command)
    assert undoable(hall.state, ONE) is None


def test_a_recall_makes_the_call_final(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    hall.next(1)
    hall.do(c.Recall(counter=1, ticket=ticket.id))
    assert undoable(hall.state, ONE) is None


def test_what_another_counter_took_up_cannot_be_undone(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    hall.next(1)
    hall.do(c.Park(counter=1, ticket=ticket.id))
    step = undoable(hall.state, ONE)
    assert step is not None
    hall.do(c.CallTicket(counter=2, current=None, ticket=ticket.id), "counter-2")
    with pytest.raises(Refusal) as refused:
        hall.do(c.Undo(event=str(step.first)))
    assert refused.value.error is Error.NOT_ALLOWED


def test_only_the_last_step_and_only_ones_own(hall: SimpleNamespace) -> None:
    hall.issue()
    hall.issue()
    hall.next(1)
    step = undoable(hall.state, ONE)
    assert step is not None
    with pytest.raises(Refusal):
        hall.do(c.Undo(event=str(step.first)), "counter-2")
    hall.advance(30)
    hall.next(1)
    with pytest.raises(Refusal):
        hall.do(c.Undo(event=str(step.first)))


def test_a_settling_with_nobody_next_can_be_taken_back(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    hall.next(1)
    hall.announce()
    hall.next(1, current_to=CurrentTo.PARK)
    assert hall.refusal.error is Error.EMPTY
    assert hall.ticket(ticket).state is TicketState.PARKED
    undo(hall)
    assert hall.state.counter(ONE).current == ticket.id


def test_a_counter_that_is_busy_again_keeps_its_ticket(hall: SimpleNamespace) -> None:
    first = hall.issue()
    hall.next(1)
    hall.do(c.Finish(counter=1, ticket=first.id))
    hall.issue("B")
    second = hall.issue()
    hall.do(c.CallTicket(counter=1, current=None, ticket=second.id), "web", by_web=True)
    step = undoable(hall.state, ONE)
    assert step is not None
    assert [ticket.id for ticket in step.before] == [second.id]


def test_closing_ends_what_can_be_undone(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    hall.next(1)
    hall.do(c.Finish(counter=1, ticket=ticket.id))
    hall.do(c.CloseCounter(counter=1))
    assert undoable(hall.state, ONE) is None
