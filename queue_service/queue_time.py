"""Queue time: it orders everything and never goes back, whatever the real clock does.

Only what was committed counts: a wrong time that was refused is forgotten.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from queue_service.domain.values import Mark

_TICK = timedelta(microseconds=1)


class QueueTime:
    """`max(wall clock, last queue time + 1 µs)`, with the monotonic clock of this boot."""

    def __init__(
        self,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        boot: str,
        last: datetime,
    ) -> None:
        self._now = now
        self._monotonic = monotonic
        self._boot = boot
        self._last = last

    def stamp(self, *, doubted: bool = False) -> Mark:
        """Return the queue time of what is to happen now; it counts once it was committed.

        A doubted clock is not asked: then it is the instant after the last.
        """
        at = self._last + _TICK
        return Mark(at if doubted else max(self._now(), at), self._monotonic(), self._boot)

    def keep(self, at: datetime) -> None:
        """Let nothing from now on be before `at`, which was committed."""
        self._last = max(self._last, at)

    def read(self) -> datetime:
        """Return the present without taking it."""
        return max(self._now(), self._last)

    def present(self) -> Mark:
        """Return the present with the clock for durations, without taking it."""
        return Mark(self.read(), self._monotonic(), self._boot)

    def monotonic(self) -> float:
        """Return the monotonic clock, for durations within this run."""
        return self._monotonic()
