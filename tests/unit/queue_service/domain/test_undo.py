from types import SimpleNamespace

import pytest

from queue_service.domain import commands as c
from queue_service.domain.undo import undoable
from queue_service.domain.values import (
    CounterNumber,
    CurrentTo,
    Refusal,
    Refused,
    TicketClass,
    TicketState,
)

ONE = CounterNumber(1)


def undo(hall: SimpleNamespace, counter: int = 1) -> None:
    step = undoable(hall.state, CounterNumber(counter))
    assert step is not None
    hall.do(c.Undo(str(step.first)), f"counter-{counter}")


def test_undo_of_next_restores_both_and_withdraws_the_call(hall: SimpleNamespace) -> None:
    first, second = hall.issue(), hall.issue()
    hall.next(1)
    hall.do(c.StartServing(1, first.id))
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
        (lambda t: c.StartServing(1, t.id), TicketState.CALLED),
        (lambda t: c.Finish(1, t.id), TicketState.CALLED),
        (lambda t: c.MarkAbsent(1, t.id), TicketState.CALLED),
        (lambda t: c.Park(1, t.id, "chờ ký"), TicketState.CALLED),
        (lambda t: c.Transfer(1, t.id, to_service="B"), TicketState.CALLED),
        (lambda t: c.ReturnToQueue(t.id), TicketState.CALLED),
        (lambda t: c.SetClass(t.id, TicketClass.PRIORITY), TicketState.CALLED),
        (lambda t: c.VoidTicket(t.id, "nhầm"), TicketState.CALLED),
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


@pytest.mark.parametrize("command", [c.OpenCounter(1), c.PauseCounter(1, "họp")])
def test_opening_and_pausing_are_no_steps(hall: SimpleNamespace, command: c.Command) -> None:
    hall.do(c.OpenCounter(1))
    hall.do(command)
    assert undoable(hall.state, ONE) is None


def test_a_recall_makes_the_call_final(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    hall.next(1)
    hall.do(c.Recall(1, ticket.id))
    assert undoable(hall.state, ONE) is None


def test_what_another_counter_took_up_cannot_be_undone(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    hall.next(1)
    hall.do(c.Park(1, ticket.id))
    step = undoable(hall.state, ONE)
    assert step is not None
    hall.do(c.CallTicket(2, None, ticket.id), "counter-2")
    with pytest.raises(Refusal) as refused:
        hall.do(c.Undo(str(step.first)))
    assert refused.value.error is Refused.NOT_ALLOWED


def test_only_the_last_step_and_only_ones_own(hall: SimpleNamespace) -> None:
    hall.issue()
    hall.issue()
    hall.next(1)
    step = undoable(hall.state, ONE)
    assert step is not None
    with pytest.raises(Refusal):
        hall.do(c.Undo(str(step.first)), "counter-2")
    hall.advance(30)
    hall.next(1)
    with pytest.raises(Refusal):
        hall.do(c.Undo(str(step.first)))


def test_a_settling_with_nobody_next_can_be_taken_back(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    hall.next(1)
    hall.next(1, current_to=CurrentTo.PARK)
    assert hall.refusal.error is Refused.EMPTY
    assert hall.ticket(ticket).state is TicketState.PARKED
    undo(hall)
    assert hall.state.counter(ONE).current == ticket.id


def test_a_counter_that_is_busy_again_keeps_its_ticket(hall: SimpleNamespace) -> None:
    first = hall.issue()
    hall.next(1)
    hall.do(c.Finish(1, first.id))
    hall.issue("B")
    second = hall.issue()
    hall.do(c.CallTicket(1, None, second.id), "web", by_web=True)
    step = undoable(hall.state, ONE)
    assert step is not None
    assert [ticket.id for ticket in step.before] == [second.id]


def test_closing_ends_what_can_be_undone(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    hall.next(1)
    hall.do(c.Finish(1, ticket.id))
    hall.do(c.CloseCounter(1))
    assert undoable(hall.state, ONE) is None
