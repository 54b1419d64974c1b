"""How much of its time the service gives to whom: rendering, trying again, and each sender."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

Seconds = Callable[[], float]
"""Real monotonic seconds."""


class RenderPace:
    """When documents are rendered: at once after a rest, else 30 times a second at most.

    While commands wait, or may follow on a reply, they go first; but the hall is not kept in the
    dark for long.
    """

    APART_S = 1 / 30
    QUIET_S = 0.002
    """A reply is on its way by then, and whoever waited for it has sent the next command."""
    PATIENCE_S = 0.25

    def __init__(self, now: Seconds) -> None:
        self._now = now
        self._rendered_at = self._replied_at = now() - self.PATIENCE_S
        self._wanted_at: float | None = now()

    def want(self) -> None:
        """Note that something may look different."""
        if self._wanted_at is None:
            self._wanted_at = self._now()

    def replied(self) -> None:
        """Note that a command was answered."""
        self._replied_at = self._now()

    def begin(self) -> None:
        """Note that what is wanted so far is being rendered."""
        self._wanted_at = None

    def rendered(self) -> None:
        """Note that rendering is over."""
        self._rendered_at = self._now()

    def due_in_s(self, *, busy: bool) -> float | None:
        """Return after how many seconds to render, if anything; `busy` while commands wait."""
        if self._wanted_at is None:
            return None
        at_last = self._wanted_at + self.PATIENCE_S
        quiet = at_last if busy else min(self._replied_at + self.QUIET_S, at_last)
        return max(self._rendered_at + self.APART_S, quiet) - self._now()


class Retry:
    """When to try again what failed: after 1, 2, 4 and so on up to 30 s."""

    SHORTEST_S = 1.0
    LONGEST_S = 30.0

    def __init__(self, now: Seconds) -> None:
        self._now = now
        self._pause_s = 0.0
        self._due_at = now()

    def failed(self) -> None:
        """Wait twice as long as the last time."""
        self._pause_s = min(max(self._pause_s * 2, self.SHORTEST_S), self.LONGEST_S)
        self._due_at = self._now() + self._pause_s

    def succeeded(self) -> None:
        """Begin again with the shortest pause."""
        self._pause_s = 0.0
        self._due_at = self._now()

    def due_in_s(self) -> float:
        """Return after how many seconds it is time."""
        return self._due_at - self._now()


class Verdict(Enum):
    """What becomes of a command."""

    TAKE = auto()
    REFUSE = auto()
    """It is answered `too_fast`."""
    DROP = auto()
    """There are so many that answering them would cost others their turn."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


class CommandBudget:
    """How many commands a second each sender may send before it is refused without a look.

    No hand, keypad or kiosk comes near it, nor do the ten resends of a link that came back.
    """

    PER_S = 250.0
    REFUSALS_PER_S = 100.0
    """More refusals than this are not even sent: a flood must cost less than it brings."""

    def __init__(self, now: Seconds, per_s: float = PER_S) -> None:
        self._now = now
        self._per_s = per_s
        self._commands: dict[str, _Bucket] = {}
        self._refusals: dict[str, _Bucket] = {}

    def judge(self, sender: str) -> Verdict:
        """Return what becomes of one more command of `sender`."""
        if self._take(self._commands, sender, self._per_s):
            return Verdict.TAKE
        if self._take(self._refusals, sender, self.REFUSALS_PER_S):
            return Verdict.REFUSE
        return Verdict.DROP

    def _take(self, buckets: dict[str, _Bucket], sender: str, per_s: float) -> bool:
        now = self._now()
        bucket = buckets.setdefault(sender, _Bucket(per_s, now))
        bucket.tokens = min(per_s, bucket.tokens + (now - bucket.filled_at) * per_s)
        bucket.filled_at = now
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True
