"""What a press asks of the service, or why it is not even asked."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every command carries."""

    id: str
    ts: datetime
    expires_at: datetime | None


def command_for(
    press: Press,
    action: CallAction | None,
    counter: int,
    current: CurrentTicket | None,
    stamp: Stamp,
) -> AnyCommand | Error:
    """Return the command of `press` at a counter that has `current`.

    An error says that there is nothing to ask: a key without meaning, a number that cannot be,
    nobody at the counter.
    """
    id_, ts, until = stamp.id, stamp.ts, stamp.expires_at
    shown = current.ticket if current else None
    if press.number is not None:
        if len(press.number) > _LONGEST_NUMBER:
            return Error.INVALID
        return CallTicket(
            id=id_, ts=ts, expires_at=until, counter=counter, current=shown, number=press.number
        )
    match action:
        case None | CallAction.CALL_NUMBER:
            return Error.INVALID
        case CallAction.NEXT | CallAction.PARK_NEXT:
            to = CurrentTo.PARK if action is CallAction.PARK_NEXT else None
            return CallNext(
                id=id_, ts=ts, expires_at=until, counter=counter, current=shown, current_to=to
            )
        case CallAction.RECALL | CallAction.ABSENT | CallAction.START | CallAction.FINISH:
            if shown is None:
                return Error.NOT_ALLOWED
            kind = _OF_CURRENT[action]
            return kind(id=id_, ts=ts, expires_at=until, counter=counter, ticket=shown)
        case _:
            assert_never(action)


_OF_CURRENT: dict[CallAction, type[Recall | MarkAbsent | StartServing | Finish]] = {
    CallAction.RECALL: Recall,
    CallAction.ABSENT: MarkAbsent,
    CallAction.START: StartServing,
    CallAction.FINISH: Finish,
}
