"""Messages that cannot be understood: the first of each sender is logged, the rest counted."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

_log = logging.getLogger(__name__)

SAY_EVERY_S = 60.0


@dataclass(slots=True)
class _Count:
    said_at_s: float
    unsaid: int = 0


class DroppedMessages:
    """Says at most one line a minute for each sender, whatever it sends."""

    def __init__(self, real: Callable[[], float]) -> None:
        """Count real seconds by `real`."""
        self._real = real
        self._counts: dict[tuple[str, str], _Count] = {}

    def note(self, what: str, sender: str, error: object) -> None:
        """Count one more `what` of `sender` (a device or a topic) that was dropped for `error`."""
        count, now_s = self._counts.get((what, sender)), self._real()
        if count is None:
            self._counts[what, sender] = _Count(now_s)
            _log.warning("%s dropped sender=%s error=%s", what, sender, error)
            return
        count.unsaid += 1
        if now_s - count.said_at_s >= SAY_EVERY_S:
            _log.warning("%s dropped sender=%s error=%s more=%s", what, sender, error, count.unsaid)
            count.said_at_s, count.unsaid = now_s, 0
