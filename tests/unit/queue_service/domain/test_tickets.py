"""The whole table of legal steps: every state against every step."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from bus import commands as c
from bus.vocabulary import CurrentTo, Error, ReturnTo, TicketClass, TicketState
from queue_service.domain.tickets import Ticket
from queue_service.domain.undo import undoable
from queue_service.domain.values import CounterNumber, Refusal

Act = Callable[[SimpleNamespace, Ticket], object]


def _reach(hall: SimpleNamespace, state: str) -> Ticket:
    ticket: Ticket = hall.issue("A")
    if state == "waiting":
        return ticket
    if state == "void":
        hall.do(c.VoidTicket(ticket=ticket.id))
        return ticket
    hall.next(1)
    hall.announce()
    hall.advance(30)
    last = {
        "serving": c.StartServing(counter=1, ticket=ticket.id),
        "parked": c.Park(counter=1, ticket=ticket.id),
        "absent": c.MarkAbsent(counter=1, ticket=ticket.id),
        "finished": c.Finish(counter=1, ticket=ticket.id),
    }.get(state)
    if last:
        hall.do(last)
    return ticket


def _close_day(hall: SimpleNamespace, ticket: Ticket) -> None:
    from queue_service.domain.day import open_day  # noqa: PLC0415

    events = list(open_day(hall.state, hall.state.day))[:-1]
    hall.commit(events, cause="day")
    if not events:
        raise Refusal(Error.NOT_ALLOWED, ticket.id)


STEPS: dict[str, Act] = {
    "call_next": lambda h, _t: h.do(c.CallNext(counter=1, current=h.state.counter(1).current)),
    "call_ticket": lambda h, t: h.do(
        c.CallTicket(counter=1, current=h.state.counter(1).current, ticket=t.id)
    ),
    "recall": lambda h, t: h.do(c.Recall(counter=1, ticket=t.id)),
    "start_serving": lambda h, t: h.do(c.StartServing(counter=1, ticket=t.id)),
    "finish": lambda h, t: h.do(c.Finish(counter=1, ticket=t.id)),
    "mark_absent": lambda h, t: h.do(c.MarkAbsent(counter=1, ticket=t.id)),
    "next_park": lambda h, _t: h.do(
        c.CallNext(
            counter=1,
            current=h.state.counter(1).current,
            current_to=CurrentTo.PARK,
        )
    ),
    "next_absent": lambda h, _t: h.do(
        c.CallNext(
            counter=1,
            current=h.state.counter(1).current,
            current_to=CurrentTo.ABSENT,
        )
    ),
    "park": lambda h, t: h.do(c.Park(counter=1, ticket=t.id)),
    "transfer": lambda h, t: h.do(c.Transfer(counter=1, ticket=t.id, to_service="B")),
    "return_place": lambda h, t: h.do(c.ReturnToQueue(ticket=t.id)),
    "return_end": lambda h, t: h.do(c.ReturnToQueue(ticket=t.id, to=ReturnTo.END)),
    "void": lambda h, t: h.do(c.VoidTicket(ticket=t.id)),
    "cancel": lambda h, t: h.do(c.CancelTicket(token=f"token of {t.id}"), "web", by_web=True),
    "day_close": _close_day,
}
LEGAL = {
    "waiting": {
        "call_next": "called",
        "call_ticket": "called",
        "transfer": "waiting",
        "void": "void",
        "cancel": "void",
        "day_close": "void",
        "next_park": "called",
        "next_absent": "called",
    },
    "called": {
        "call_next": "finished",
        "recall": "called",
        "start_serving": "serving",
        "finish": "finished",
        "mark_absent": "absent",
        "next_absent": "absent",
        "park": "parked",
        "next_park": "parked",
        "transfer": "waiting",
        "return_place": "waiting",
        "return_end": "waiting",
        "void": "void",
        "cancel": "void",
        "day_close": "void",
    },
    "serving": {
        "call_next": "finished",
        "finish": "finished",
        "park": "parked",
        "next_park": "parked",
        "transfer": "waiting",
        "return_place": "waiting",
        "return_end": "waiting",
        "day_close": "finished",
    },
    "parked": {
        "call_ticket": "called",
        "transfer": "waiting",
        "return_place": "waiting",
        "return_end": "waiting",
        "void": "void",
        "cancel": "void",
        "day_close": "void",
    },
    "absent": {
        "call_ticket": "called",
        "return_place": "waiting",
        "return_end": "waiting",
        "void": "void",
        "cancel": "void",
        "day_close": "void",
    },
    "finished": {},
    "void": {},
}
NOBODY_NEXT = {"call_next", "next_park", "next_absent"}


@pytest.mark.parametrize("state", LEGAL)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_from_every_state(hall: SimpleNamespace, state: str, step: str) -> None:
    ticket = _reach(hall, state)
    assert hall.ticket(ticket).state == state
    before = hall.state
    wanted = LEGAL[state].get(step)
    if wanted is None and step in NOBODY_NEXT and state != "serving":
        STEPS[step](hall, ticket)
        assert hall.refusal.error is Error.EMPTY
        assert hall.ticket(ticket).state == state
    elif wanted is None:
        with pytest.raises(Refusal) as refused:
            STEPS[step](hall, ticket)
        assert refused.value.error is Error.NOT_ALLOWED
        assert hall.state == before
    else:
        STEPS[step](hall, ticket)
        assert hall.ticket(ticket).state == wanted


def test_a_ticket_that_day_close_ends_in_service_is_flagged(hall: SimpleNamespace) -> None:
    ticket = _reach(hall, "serving")
    _close_day(hall, ticket)
    assert hall.ticket(ticket).day_closed
    assert hall.ticket(ticket).state is TicketState.FINISHED


CHOICES = [
    (None, 19, "absent"),
    (None, 20, "finished"),
    (CurrentTo.FINISH, 1, "finished"),
    (CurrentTo.ABSENT, 600, "absent"),
    (CurrentTo.PARK, 1, "parked"),
]


@pytest.mark.parametrize(("to", "seconds", "state"), CHOICES)
def test_a_choice_is_obeyed_and_a_key_without_one_means_absent_for_a_while(
    hall: SimpleNamespace, to: CurrentTo | None, seconds: int, state: str
) -> None:
    ticket = hall.issue()
    hall.next(1)
    hall.advance(8)
    hall.announce()
    hall.advance(seconds)
    (settled,) = hall.do(c.CallNext(counter=1, current=ticket.id, current_to=to))
    assert hall.refusal.error is Error.EMPTY
    assert hall.ticket(ticket).state == state
    unclear = getattr(settled, "unclear", False)
    assert unclear == (to is None and state == "absent")  # reported apart


@pytest.mark.parametrize(
    ("promised", "seconds"), [({}, 12.0), ({1: 20.0}, 23.0), ({1: 2.0}, 5.0), ({7: 60.0}, 12.0)]
)
def test_a_next_call_waits_until_the_last_one_was_announced_or_given_up(
    hall: SimpleNamespace, promised: dict[int, float], seconds: float
) -> None:
    ticket, other = hall.issue(), hall.issue()
    hall.next(1)
    hall.promised = promised
    hall.advance(seconds - 0.1)
    calls = (
        c.CallNext(counter=1, current=ticket.id, current_to=CurrentTo.ABSENT),
        c.CallNext(counter=1, current=ticket.id),
        c.CallTicket(counter=1, current=ticket.id, ticket=other.id),
    )
    before = hall.state
    for call in calls:
        with pytest.raises(Refusal) as refused:
            hall.do(call)
        assert (refused.value.error, refused.value.detail) == (Error.TOO_SOON, "1")
    assert hall.state == before
    hall.advance(0.2)
    hall.do(calls[1])
    assert hall.ticket(ticket).state is TicketState.ABSENT  # nobody knows when it was heard


@pytest.mark.parametrize("kind", [c.StartServing, c.Finish, c.MarkAbsent, c.Park, c.Recall])
def test_settling_alone_is_never_too_soon(
    hall: SimpleNamespace, kind: Callable[..., c.Command]
) -> None:
    ticket = hall.issue()
    hall.next(1)
    assert hall.do(kind(counter=1, ticket=ticket.id))


def test_a_person_who_is_served_already_holds_no_call_up(hall: SimpleNamespace) -> None:
    ticket, other = hall.issue(), hall.issue()
    hall.next(1)
    hall.do(c.StartServing(counter=1, ticket=ticket.id))
    hall.next(1)
    assert hall.ticket(ticket).state is TicketState.FINISHED
    assert hall.ticket(other).state is TicketState.CALLED


def test_a_repeated_call_is_announced_anew(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    hall.next(1)
    hall.announce()
    hall.advance(30)
    hall.do(c.Recall(counter=1, ticket=ticket.id))
    assert hall.ticket(ticket).announced is None
    with pytest.raises(Refusal):
        hall.next(1)


def test_what_was_announced_stays_so_when_a_step_is_taken_back(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    hall.next(1)
    hall.do(c.SetClass(ticket=ticket.id, ticket_class=TicketClass.PRIORITY))
    hall.announce()
    step = undoable(hall.state, CounterNumber(1))
    assert step is not None  # being heard is nobody's step
    hall.do(c.Undo(event=str(step.first)))
    undone = hall.ticket(ticket)
    assert (undone.ticket_class, undone.announced is None) == (TicketClass.NORMAL, False)


def test_served_at_once_is_finished_not_absent(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    hall.next(1)
    hall.do(c.StartServing(counter=1, ticket=ticket.id))
    hall.next(1)
    assert hall.ticket(ticket).state is TicketState.FINISHED


@pytest.mark.parametrize("settle", [c.StartServing, c.Finish, c.MarkAbsent, c.Park])
def test_a_call_that_comes_back_unheard_waits_again_to_be_announced(
    hall: SimpleNamespace, settle: Callable[..., c.Command]
) -> None:
    ticket = hall.issue()
    hall.next(1)
    hall.advance(8)
    hall.do(settle(counter=1, ticket=ticket.id))
    hall.advance(20)
    taken_back(hall)
    assert hall.ticket(ticket).announced is None
    hall.advance(11.9)
    with pytest.raises(Refusal) as refused:
        hall.next(1)
    assert refused.value.error is Error.TOO_SOON
    hall.advance(0.2)
    hall.next(1)
    assert hall.ticket(ticket).state is TicketState.ABSENT


def test_a_step_that_let_nobody_go_gives_its_call_no_longer(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    hall.next(1)
    hall.advance(8)
    hall.do(c.SetClass(ticket=ticket.id, ticket_class=TicketClass.PRIORITY))
    taken_back(hall)
    hall.advance(4.1)
    hall.next(1)
    assert hall.ticket(ticket).state is TicketState.ABSENT


def test_the_next_call_of_who_came_back_begins_anew(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    hall.next(1)
    hall.do(c.Finish(counter=1, ticket=ticket.id))
    taken_back(hall)
    assert hall.ticket(ticket).awaited is not None
    hall.do(c.Recall(counter=1, ticket=ticket.id))
    assert hall.ticket(ticket).awaited is None


def taken_back(hall: SimpleNamespace) -> None:
    step = undoable(hall.state, CounterNumber(1))
    assert step is not None
    hall.do(c.Undo(event=str(step.first)))
