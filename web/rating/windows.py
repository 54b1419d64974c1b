"""Which ends of service may still be voted on, from what counters say of themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bus.states import ServedTicket as Served
from hall.model import Hall
from provisioning.ratings import ServedTicket

LATE_VOTE_S = 10.0
"""How long after the next call a vote is of the person before."""
LONGEST_S = 300.0
"""How long after an end of service without a next call."""


@dataclass(slots=True)
class Window:
    """The end of one service at one counter; times are real monotonic seconds."""

    served: ServedTicket
    number: str
    lang: str
    ended_at: datetime
    opened_s: float
    """When the service ended."""
    ends_s: float
    followed_at: datetime | None = None
    """When somebody else was called, as far as is known."""

    def open(self, at_s: float) -> bool:
        """Return whether a vote counts."""
        return at_s < self.ends_s


class Windows:
    """Follows the counters of a hall; used on the event loop's thread only.

    How old an end of service is, is reckoned once, from the instants of the service; from then on
    the monotonic clock counts, so that no clock that is set opens or closes anything.
    """

    def __init__(
        self,
        hall: Hall,
        now: Callable[[], datetime],
        real_s: Callable[[float], float],
        monotonic: Callable[[], float],
    ) -> None:
        """Tell the service's time by `now`, of which `real_s` says how long it really takes."""
        self._hall = hall
        self._now = now
        self._real_s = real_s
        self._monotonic = monotonic
        self._of: dict[int, dict[str, Window]] = {}
        hall.watch(self._take)

    def newest(self, counter: int) -> Window | None:
        """Return the newest end of service at a counter, while a vote on it counts."""
        at_s = self._monotonic()
        windows = [window for window in self._of.get(counter, {}).values() if window.open(at_s)]
        return max(windows, key=lambda window: window.ended_at, default=None)

    def find(self, counter: int, ticket: str) -> Window | None:
        """Return the end of a ticket's service at a counter, be it over or not."""
        return self._of.get(counter, {}).get(ticket)

    def _take(self, what: str) -> None:
        services = self._hall.state.services
        if what not in {"counters", "services"} or services is None:
            return
        for number, state in self._hall.state.counters.items():
            windows = self._of.setdefault(number, {})
            current = state.current
            if current:
                windows.pop(current.ticket, None)  # its end was taken back
            if served := state.served:
                self._note(windows, number, services.business_day, served)
            if current and current.called_at:
                self._follow(windows, current.ticket, current.called_at)

    def _note(
        self, windows: dict[str, Window], counter: int, business_day: str, served: Served
    ) -> None:
        at_s = self._monotonic()
        window = windows.get(served.ticket)
        if window is None or window.ended_at != served.ended_at:
            opened_s = at_s - self._age_s(served.ended_at)
            window = windows[served.ticket] = Window(
                ServedTicket(business_day, served.ticket, counter, served.service),
                served.number,
                served.lang,
                served.ended_at,
                opened_s,
                opened_s + LONGEST_S,
            )
        if served.followed_at:
            self._close(window, served.followed_at)
        for ticket, old in list(windows.items()):
            if old is not window and at_s - old.opened_s > 2 * LONGEST_S:
                del windows[ticket]

    def _follow(self, windows: dict[str, Window], ticket: str, called_at: datetime) -> None:
        """Close what ended before somebody else was called, be it the newest end or not."""
        for known, window in windows.items():
            if known != ticket and window.ended_at <= called_at:
                self._close(window, called_at)

    def _close(self, window: Window, followed_at: datetime) -> None:
        if window.followed_at is not None and window.followed_at <= followed_at:
            return
        window.followed_at = followed_at
        left_s = LATE_VOTE_S - self._age_s(followed_at)
        window.ends_s = min(window.ends_s, self._monotonic() + left_s)

    def _age_s(self, at: datetime) -> float:
        return max(0.0, self._real_s((self._now() - at).total_seconds()))
