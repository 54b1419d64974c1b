"""What is known of the counters that keypads call for, and whether it is the truth now."""

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

    A state counts only while there is a link, the service is there, and the state was heard
    since both are: a press is never decided by what the hall looked like before an outage.
    """

    def __init__(self) -> None:
        self._seen: dict[int, _Seen] = {}
        self._hall = HallState()

    def take_hall(self, hall: HallState, now: float) -> None:
        """Take what was heard of the hall by `now`, in monotonic seconds."""
        self._hall = hall
        if not hall.linked:
            self._seen.clear()
        for state in hall.counters.values():
            if self.live(state.counter):
                self._take_state(state, now)

    def live(self, counter: int) -> bool:
        """Return whether the truth about a counter is known."""
        return self._hall.counter_there(counter)

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
        if not self.live(counter):
            return Readout()
        state = self._seen[counter].state
        return Readout(state.current.number if state.current else "", state.waiting_total)

    def _take_state(self, state: CounterState, now: float) -> None:
        last = self._seen.get(state.counter)
        if last and _id(last.state.current) == _id(state.current):
            self._seen[state.counter] = _Seen(state, last.before, last.since)
        else:
            self._seen[state.counter] = _Seen(state, last.state.current if last else None, now)


def _id(ticket: CurrentTicket | None) -> str | None:
    return ticket.ticket if ticket else None
