"""What stands on the sign of a counter, as a pure function of the hall and the time."""

from datetime import datetime

from bus.states import BoardState
from bus.vocabulary import CounterStatus
from hardware.sign import Face


def face_of(counter: int, board: BoardState | None, now: datetime, flash_s: float) -> Face:
    """Return the number of `counter`, blinking for `flash_s` after its newest call.

    A counter that is closed, rests or has nobody shows that nobody is called.
    """
    number = _number(counter, board)
    if board is None or number is None:
        return Face()
    for call in board.calls:
        if (call.counter, call.number) == (counter, number) and not call.withdrawn:
            return Face(number, blink=(now - call.at).total_seconds() < flash_s)
    return Face(number)


def _number(counter: int, board: BoardState | None) -> str | None:
    for known in board.counters if board else ():
        if known.counter == counter and known.status is CounterStatus.OPEN:
            return known.number
    return None
