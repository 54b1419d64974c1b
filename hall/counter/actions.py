"""What staff can do, and what of it is legal now."""

from enum import StrEnum, auto

from bus.states import CounterState
from bus.vocabulary import CounterStatus, TicketState


class Action(StrEnum):
    """One thing a counter can ask of the service."""

    NEXT = auto()
    NEXT_PARK = auto()
    NEXT_ABSENT = auto()
    CALL = auto()
    RECALL = auto()
    START = auto()
    FINISH = auto()
    ABSENT = auto()
    PARK = auto()
    TRANSFER = auto()
    RETURN = auto()
    SET_CLASS = auto()
    VOID = auto()
    REPRINT = auto()
    ISSUE = auto()
    UNDO = auto()
    OPEN = auto()
    PAUSE = auto()
    CLOSE = auto()
    ANSWER_HELP = auto()
    REPORT_OUTAGE = auto()
    END_OUTAGE = auto()


CALLING = frozenset({Action.NEXT, Action.NEXT_PARK, Action.NEXT_ABSENT, Action.CALL})
SETTLING = CALLING | {
    Action.START,
    Action.FINISH,
    Action.ABSENT,
    Action.PARK,
    Action.TRANSFER,
    Action.RETURN,
    Action.VOID,
    Action.UNDO,
}
"""Each may change whom the counter serves, so only one of them is under way at a time."""

_OF_ANY_TICKET = frozenset({Action.SET_CLASS, Action.REPRINT})
_AT_COUNTER = _OF_ANY_TICKET | {
    Action.NEXT,
    Action.NEXT_PARK,
    Action.FINISH,
    Action.PARK,
    Action.TRANSFER,
    Action.RETURN,
}
_OF_TICKET: dict[TicketState, frozenset[Action]] = {
    TicketState.WAITING: _OF_ANY_TICKET | {Action.CALL, Action.TRANSFER, Action.VOID},
    TicketState.CALLED: _AT_COUNTER
    | {Action.NEXT_ABSENT, Action.RECALL, Action.START, Action.ABSENT, Action.VOID},
    TicketState.SERVING: _AT_COUNTER,
    TicketState.PARKED: _OF_ANY_TICKET | {Action.CALL, Action.TRANSFER, Action.RETURN, Action.VOID},
    TicketState.ABSENT: _OF_ANY_TICKET | {Action.CALL, Action.RETURN, Action.VOID},
}
_OF_STATUS = {
    CounterStatus.OPEN: frozenset({Action.PAUSE}),
    CounterStatus.PAUSED: frozenset({Action.PAUSE, Action.OPEN}),
    CounterStatus.CLOSED: frozenset({Action.OPEN}),
}
_NOTHING: frozenset[Action] = frozenset()


def legal(state: CounterState | None, linked: bool) -> frozenset[Action]:
    """Return what the counter may do now, with its current ticket and at large."""
    if state is None or not linked:
        return _NOTHING
    allowed = {Action.ISSUE, Action.REPORT_OUTAGE, Action.CALL} | _OF_STATUS[state.status]
    allowed |= _of_current(state)
    if state.undoable:
        allowed.add(Action.UNDO)
    if state.outages:
        allowed.add(Action.END_OUTAGE)
    if any(alarm.kind == "help" for alarm in state.alarms):
        allowed.add(Action.ANSWER_HELP)
    return frozenset(allowed)


def legal_for(ticket: TicketState, linked: bool) -> frozenset[Action]:
    """Return what a counter may do now with a ticket of one of its lists."""
    return _OF_TICKET.get(ticket, _NOTHING) if linked else _NOTHING


def _of_current(state: CounterState) -> frozenset[Action]:
    if state.current:
        return _OF_TICKET.get(state.current.state, _NOTHING)
    allowed = set()
    if state.waiting_total:
        allowed.add(Action.NEXT)
    if state.status is not CounterStatus.CLOSED:
        allowed.add(Action.CLOSE)
    return frozenset(allowed)
