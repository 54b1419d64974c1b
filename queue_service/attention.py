"""The clock of patience: it stands still while the service could hear nobody."""

from collections.abc import Callable

_ABSENT_S = 1.0
"""A process that comes back later than this, in real seconds, was away."""


class Attention:
    """Monotonic seconds of the centre without those in which this process was away.

    It is away without a link, while it is frozen, and while it waits for its disk: then nobody
    can be blamed for what was not heard, and nobody would hear of it.
    """

    def __init__(self, monotonic: Callable[[], float], real_s: Callable[[float], float]) -> None:
        """Begin without a link; `real_s` turns simulated seconds into real ones."""
        self._monotonic = monotonic
        self._real_s = real_s
        self._absent_s = 0.0
        self._unlinked_at: float | None = monotonic()
        self._back_by = 0.0

    def __call__(self) -> float:
        """Return the seconds of attention so far; a freeze just before does not count."""
        self.wake()
        present = self._monotonic() if self._unlinked_at is None else self._unlinked_at
        return present - self._absent_s

    @property
    def linked(self) -> bool:
        """Return whether others can be heard now."""
        return self._unlinked_at is None

    def take_link(self, *, up: bool) -> None:
        """Note that the link came or went."""
        if not up:
            self._unlinked_at = self() + self._absent_s
        elif self._unlinked_at is not None:
            self._absent_s += self._monotonic() - self._unlinked_at
            self._unlinked_at = None
            self._back_by = self._real_s(self._monotonic())

    def rest(self, real_s: float) -> None:
        """Note that the process is going to wait for so many real seconds at most."""
        self.wake()
        self._back_by = self._real_s(self._monotonic()) + real_s

    def wake(self) -> None:
        """Note that the process is at work; what it is late by, it was away."""
        late_s = self._real_s(self._monotonic()) - self._back_by
        if late_s > _ABSENT_S and self.linked:
            self._absent_s += late_s / self._real_s(1.0)
            self._back_by += late_s
