"""Which state every board ought to show by now."""

from collections import deque
from collections.abc import Callable

BEHIND_AFTER_S = 5.0
"""How long a board may differ from what was published, in real seconds."""


class BoardRevs:
    """The `rev` of the boards' states and when each was published; on the centre's clock."""

    def __init__(self, real_s: Callable[[float], float]) -> None:
        self._real_s = real_s
        self._published: deque[tuple[float, int]] = deque()

    def published(self, rev: int, now: float) -> None:
        """Note that a state was published."""
        if not self._published or self._published[-1][1] != rev:
            self._published.append((now, rev))

    def due(self, now: float) -> int | None:
        """Return the newest `rev` that every board has had time to show."""
        while len(self._published) > 1 and self._is_due(self._published[1][0], now):
            self._published.popleft()
        if self._published and self._is_due(self._published[0][0], now):
            return self._published[0][1]
        return None

    def unsettled(self, now: float) -> bool:
        """Return whether a newer `rev` is not due yet."""
        return bool(self._published) and not self._is_due(self._published[-1][0], now)

    def _is_due(self, at: float, now: float) -> bool:
        return self._real_s(now - at) >= BEHIND_AFTER_S
