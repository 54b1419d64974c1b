"""What is known of the counters that keypads call for, and whether it is the truth now."""

from bus.messages import CounterState, CurrentTicket
from hardware.keypad import Readout


class Counters:
    """The states of some counters; lives on one thread.

    A state counts only while there is a link, the service is there, and the state was heard
    since both are: a press is never decided by what the hall looked like before an outage.
    """

    def __init__(self) -> None:
        self._states: dict[int, CounterState] = {}
        self._linked = False
        self._service_up = False

    def take_link(self, up: bool) -> None:
        """Note that the broker is there, or is not."""
        self._linked = up
        if not up:
            self._service_up = False
            self._states.clear()

    def take_service(self, up: bool) -> None:
        """Note that the service is there, or is not."""
        self._service_up = up

    def take_state(self, state: CounterState) -> None:
        """Take the state of a counter."""
        self._states[state.counter] = state

    def live(self, counter: int) -> bool:
        """Return whether the truth about a counter is known."""
        return self._linked and self._service_up and counter in self._states

    def current(self, counter: int) -> CurrentTicket | None:
        """Return the ticket a counter has."""
        state = self._states.get(counter)
        return state.current if state else None

    def readout(self, counter: int) -> Readout:
        """Return what the displays of a counter show."""
        state = self._states.get(counter)
        if state is None or not self.live(counter):
            return Readout()
        return Readout(state.current.number if state.current else "", state.waiting_total)
