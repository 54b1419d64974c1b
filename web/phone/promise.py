"""What somebody was told of their wait, and what may still be said: shorter, or that it is slower.

A range that grows by the minute is no range. So what is shown only gets shorter until the latest
moment that was promised cannot be kept; then the page says so, beside what was promised first.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

Range = tuple[int, int]
"""Minutes: at least, at most."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What one person was told."""

    first: Range
    at: datetime
    """When `first` was said."""
    shown: Range
    latest: datetime
    """When the wait is over at the latest, by what is shown."""
    slower: bool = False
    """What is shown is later than what was promised at first."""

    @classmethod
    def made(cls, told: Range, now: datetime) -> "Promise":
        """Return the promise of who is told a range for the first time."""
        return cls(told, now, told, _after(now, told[1]))

    def later(self, found: Range, now: datetime) -> "Promise":
        """Return what is said when `found` is reckoned `now`."""
        low, high = found
        ends, first_ends = _after(now, high), _after(self.at, self.first[1])
        slower = self.slower and ends > first_ends
        if _after(now, low) > self.latest:
            slower = slower or high > self.shown[1] or _after(now, low) > first_ends
            return replace(self, shown=found, latest=ends, slower=slower)
        if high > self.shown[1]:
            return replace(self, slower=slower)
        return replace(self, shown=found, latest=min(self.latest, ends), slower=slower)


class Promises:
    """The promises to all who wait, by ticket; who was sent elsewhere is told anew."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str | int], Promise] = {}

    def tell(self, ticket: str, line: str | int, found: Range, now: datetime) -> Promise:
        """Return what a ticket that waits in `line` is told, and remember it."""
        known = self._made.get((ticket, line))
        told = known.later(found, now) if known else Promise.made(found, now)
        self._made[ticket, line] = told
        return told

    def keep(self, tickets: Collection[str]) -> None:
        """Forget those who no longer wait."""
        self._made = {key: told for key, told in self._made.items() if key[0] in tickets}


def _after(now: datetime, minutes: int) -> datetime:
    return now + timedelta(minutes=minutes)
