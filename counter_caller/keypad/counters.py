"""What was seen of the counters that keypads call for, and when."""

from dataclasses import dataclass

from bus.states import CounterState, CurrentTicket
from hall.model import HallState
from hardware.keypad import Readout

SEEN_AFTER_S = 0.4
"""A finger that comes down sooner than this after a number changed meant the number before: a
display takes its time to be written, and an eye to read it."""


@dataclass(frozen=True, slots=True)
class _Seen:
    state: CounterState
    before: CurrentTicket | None
    """The ticket it had until `since`."""
    since: float


class Counters:
    """The states of some counters; lives on one thread.

    Only what is the truth now counts: a press is never decided by what the hall looked like
    before an outage.
    """

    def __init__(self) -> None:
        self._seen: dict[int, _Seen] = {}

    def take(self, hall: HallState, now: float) -> None:
        """Take the hall as it is at `now`, in monotonic seconds."""
        there = {number: s for number, s in hall.counters.items() if hall.counter_there(number)}
        self._seen = {
            number: _seen(state, self._seen.get(number), now) for number, state in there.items()
        }

    def live(self, counter: int) -> bool:
        """Return whether the truth about a counter is known."""
        return counter in self._seen

    def current(self, counter: int, at: float) -> CurrentTicket | None:
        """Return the ticket that a person who pressed `at` could have seen at a counter.

        Where it is not the present one, the service refuses the press as `stale`: a number that
        another had called that moment is not passed over by it.
        """
        seen = self._seen.get(counter)
        if seen is None:
            return None
        return seen.before if at < seen.since + SEEN_AFTER_S else seen.state.current

    def readout(self, counter: int) -> Readout:
        """Return what the displays of a counter show."""
        seen = self._seen.get(counter)
        if seen is None:
            return Readout()
        current = seen.state.current
        return Readout(current.number if current else "", seen.state.waiting_total)


def _seen(state: CounterState, last: _Seen | None, now: float) -> _Seen:
    if last and _id(last.state.current) == _id(state.current):
        return _Seen(state, last.before, last.since)
    return _Seen(state, last.state.current if last else None, now)


def _id(ticket: CurrentTicket | None) -> str | None:
    return ticket.ticket if ticket else None
