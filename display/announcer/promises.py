"""When each call will have been heard, as the service was told, and when that must be corrected."""

from collections.abc import Callable, Sequence

from config import Clock
from display.announcer.line import Saying, Utterance

_MARGIN_S = 2.0
_MARGIN_REAL_S = 0.2
"""What the machine itself may take for each sentence that is announced, in the wall's time."""
_LONGEST_ETA_S = 3600.0


class Promises:
    """Keeps the ends that were told; one that cannot be kept is told anew.

    A call is overtaken by recalls and emergencies, and free texts take as long as they take.
    """

    def __init__(self, clock: Clock, duration_s: Callable[[Saying], float]) -> None:
        self._clock = clock
        self._duration_s = duration_s
        self._ends: dict[int, float] = {}

    def forget(self) -> None:
        """Forget what was told of an epoch that is gone."""
        self._ends.clear()

    def renew(
        self, current: Saying | None, busy_until: float, ahead: Sequence[Saying]
    ) -> list[tuple[int, float]]:
        """Return call and eta in seconds of those that were told nothing, or too little.

        `current` is being said until `busy_until`, and `ahead` is what follows it, in order.
        """
        now = self._clock.monotonic()
        end = max(now, busy_until)
        told: list[tuple[int, float]] = []
        ends: dict[int, float] = {}
        margin = _MARGIN_REAL_S / self._clock.real_s(1)
        for index, saying in enumerate([current, *ahead]):
            if index and saying:
                end += self._duration_s(saying) + margin
            if not isinstance(saying, Utterance) or saying.time > 1:
                continue
            seq = saying.call.call_seq
            ends[seq] = self._ends.get(seq, 0.0)
            if end > ends[seq]:
                eta_s = round(min(end - now + margin + _MARGIN_S, _LONGEST_ETA_S), 1)
                ends[seq] = now + eta_s
                told.append((seq, eta_s))
        self._ends = ends
        return told
