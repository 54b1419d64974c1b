"""Which pushes of a button are meant, and which of them wait for their turn."""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

MOST_WAITING = 8
WAITS_S = 10.0
"""Who has pushed longer ago has gone: nobody would take the paper."""
_MINUTE_S = 60.0


class Heard(StrEnum):
    """What became of a push."""

    MEANT = "meant"
    SAME = "same"
    """The same finger, or a bouncing contact."""
    TOO_MANY = "too_many"
    """More than a hall of people can push, or than a person waits for."""


@dataclass(frozen=True, slots=True)
class Push:
    """One meant push."""

    key: str
    at: float


class Pushes:
    """The pushes of all buttons; knows no clock."""

    def __init__(self, again_after_s: float, most_per_minute: int) -> None:
        self._again_after_s = again_after_s
        self._most_per_minute = most_per_minute
        self._last: dict[str, float] = {}
        self._meant: deque[float] = deque()
        self._waiting: deque[Push] = deque()

    def take(self, key: str, at: float) -> Heard:
        """Take a push; a button that chatters on stays one finger."""
        last = self._last.get(key)
        self._last[key] = at
        if last is not None and at - last < self._again_after_s:
            return Heard.SAME
        while self._meant and at - self._meant[0] >= _MINUTE_S:
            self._meant.popleft()
        if len(self._meant) >= self._most_per_minute or len(self._waiting) >= MOST_WAITING:
            return Heard.TOO_MANY
        self._meant.append(at)
        self._waiting.append(Push(key, at))
        return Heard.MEANT

    def next(self, now: float) -> Push | None:
        """Return the push whose turn it is; those that waited too long are dropped."""
        while self._waiting:
            push = self._waiting.popleft()
            if now - push.at <= WAITS_S:
                return push
        return None
