"""Which calls stand in the big panel, or at their counters in a grid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bus.states import BoardCounter, BoardState, Call
from config.settings import Rules

MOST = 3
"""Calls that fit in the panel at once and can still be read from afar."""
LINGER_S = 60.0
"""How long a call stays in the panel after its person has been served."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the calls have come on this screen."""

    due: tuple[Call, ...] = ()
    """Calls that have not yet stood in the panel long enough to be read, oldest first."""
    marked: frozenset[int] = frozenset()
    """Withdrawn calls that people have seen and that are still marked."""


def choose(
    board: BoardState, calls: Sequence[Call], progress: Progress, now: datetime, rules: Rules
) -> tuple[Call, ...]:
    """Return the calls of the panel, newest first: those that are due, then the newest ones."""
    due = _latest_of_each(progress.due)
    together = _newest_together(board, calls, progress.marked, now, rules)
    chosen = [*due, *(call for call in together if call not in due)][:MOST]
    return tuple(sorted(chosen, key=lambda call: call.call_seq, reverse=True))


def choose_at(
    counter: BoardCounter,
    calls: Sequence[Call],
    progress: Progress,
    now: datetime,
    rules: Rules,
) -> Call | None:
    """Return the call that is made at `counter`: the first that is due, else one that is new."""
    due = [call for call in _latest_of_each(progress.due) if call.counter == counter.counter]
    if due:
        return due[0]
    for call in calls:
        if call.counter != counter.counter:
            continue
        if call.withdrawn and call.call_seq not in progress.marked:
            continue
        new = call.number == counter.number and age_s(call, now) < rules.flash_s
        return call if call.withdrawn or new else None
    return None


def age_s(call: Call, now: datetime) -> float:
    """Return how long ago `call` was made."""
    return max(0.0, (now - call.at).total_seconds())


def _latest_of_each(calls: Sequence[Call]) -> list[Call]:
    """Return `calls` (oldest first) without those that were called again to the same counter."""
    newest = {(call.number, call.counter): call.call_seq for call in calls}
    return [call for call in calls if newest[call.number, call.counter] == call.call_seq]


def _newest_together(
    board: BoardState, calls: Sequence[Call], marked: frozenset[int], now: datetime, rules: Rules
) -> list[Call]:
    """Return the newest call and those made shortly before it, while they still mean something."""
    candidates = [call for call in calls if _stands(call, calls, marked)]
    near = [c for c in candidates if age_s(c, candidates[0].at) <= rules.pair_within_s]
    served = {(counter.counter, counter.number) for counter in board.counters}
    return [
        call
        for call in near
        if call.withdrawn or (call.counter, call.number) in served or age_s(call, now) < LINGER_S
    ]


def _stands(call: Call, calls: Sequence[Call], marked: frozenset[int]) -> bool:
    """Return whether no later call has taken the place of `call`."""
    later = [c for c in calls if c.call_seq > call.call_seq and not c.withdrawn]
    if any(c.number == call.number for c in later):
        return False
    if call.withdrawn:
        return call.call_seq in marked
    return not any(c.counter == call.counter for c in later)
