"""The simulated day's clock, and one loop that does everything in its order."""

import heapq
import queue
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

Action = Callable[[], None]

_LOOK_EVERY_S = 0.25


@dataclass(frozen=True, slots=True)
class DayClock:
    """Tells the simulated day's time from the centre's clock.

    The day was at `began_s` (seconds after midnight) at the instant `began` of the centre, when
    its monotonic clock showed `began_monotonic`; it runs `pace` times as fast as the centre, and
    `speed` times as fast as the wall.
    """

    monotonic: Callable[[], float]
    began: datetime
    began_monotonic: float
    began_s: float
    pace: float
    speed: float

    def now_s(self) -> float:
        """Return the day's time."""
        return self.began_s + (self.monotonic() - self.began_monotonic) * self.pace

    def instant(self, day_s: float) -> datetime:
        """Return the centre's time at the day's `day_s`."""
        return self.began + timedelta(seconds=(day_s - self.began_s) / self.pace)

    def day_s(self, instant: datetime) -> float:
        """Return the day's time at the centre's `instant`."""
        return self.began_s + (instant - self.began).total_seconds() * self.pace


class Agenda:
    """Does timed and posted actions one at a time, on the thread that runs it."""

    def __init__(self, clock: DayClock) -> None:
        self.clock = clock
        self._timed: list[tuple[float, int, Action]] = []
        self._order = count()
        self._posted: queue.SimpleQueue[Action] = queue.SimpleQueue()

    def now_s(self) -> float:
        """Return the day's time."""
        return self.clock.now_s()

    def at(self, day_s: float, action: Action) -> None:
        """Do `action` when the day's time is `day_s`."""
        heapq.heappush(self._timed, (day_s, next(self._order), action))

    def in_real(self, seconds: float, action: Action) -> None:
        """Do `action` after `seconds` of the wall's time."""
        self.at(self.now_s() + seconds * self.clock.speed, action)

    def post(self, action: Action) -> None:
        """Do `action` as soon as possible; may be called from any thread."""
        self._posted.put(action)

    def run(self, until: Callable[[], bool], tell: Action) -> None:
        """Do everything until `until` says that it is enough; `tell` is called now and then."""
        while not until():
            self._do_due()
            tell()
            self._wait()

    def _do_due(self) -> None:
        while self._timed and self._timed[0][0] <= self.now_s():
            heapq.heappop(self._timed)[2]()

    def _wait(self) -> None:
        patience = _LOOK_EVERY_S
        if self._timed:
            patience = min(patience, (self._timed[0][0] - self.now_s()) / self.clock.speed)
        try:
            action = self._posted.get(timeout=max(patience, 0.0))
        except queue.Empty:
            return
        action()
        while not self._posted.empty():
            self._posted.get()()
