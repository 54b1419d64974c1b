"""What a press asks of the service, or why it is not even asked."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from bus.commands import (
    AnyCommand,
    CallNext,
    CallTicket,
    Finish,
    MarkAbsent,
    Recall,
    StartServing,
)
from bus.states import CurrentTicket
from bus.vocabulary import CurrentTo, Error
from config.settings import CallAction
from hardware.keypad import Press

_LONGEST_NUMBER = 8
_OF_CURRENT: dict[CallAction, type[Recall | MarkAbsent | StartServing | Finish]] = {
    CallAction.RECALL: Recall,
    CallAction.ABSENT: MarkAbsent,
    CallAction.START: StartServing,
    CallAction.FINISH: Finish,
}


def command_for(
    press: Press,
    actions: Mapping[str, CallAction],
    counter: int,
    current: CurrentTicket | None,
    until: datetime | None,
) -> AnyCommand | Error:
    """Return the command of `press` at a counter that has `current`; it expires at `until`.

    An error says that there is nothing to ask: a key without meaning, a number that cannot be,
    nobody at the counter.
    """
    shown = current.ticket if current else None
    if press.number is not None:
        if len(press.number) > _LONGEST_NUMBER:
            return Error.INVALID
        return CallTicket(expires_at=until, counter=counter, current=shown, number=press.number)
    action = actions.get(press.name)
    match action:
        case None | CallAction.CALL_NUMBER:
            return Error.INVALID
        case CallAction.NEXT | CallAction.PARK_NEXT:
            to = CurrentTo.PARK if action is CallAction.PARK_NEXT else _done(press, actions)
            return CallNext(expires_at=until, counter=counter, current=shown, current_to=to)
        case CallAction.RECALL | CallAction.ABSENT | CallAction.START | CallAction.FINISH:
            if shown is None:
                return Error.NOT_ALLOWED
            return _OF_CURRENT[action](expires_at=until, counter=counter, ticket=shown)
        case _:
            assert_never(action)


def _done(press: Press, actions: Mapping[str, CallAction]) -> CurrentTo | None:
    """Return what a next call says of the person before.

    Nothing where the keypad has no key to say that nobody came: the service decides by the time.
    """
    return CurrentTo.FINISH if press.key and CallAction.ABSENT in actions.values() else None
