"""How fast one address may speak."""

from collections.abc import Callable


class Pace:
    """A bucket of words for each address: `burst` at once, `per_s` in the long run."""

    def __init__(
        self,
        monotonic: Callable[[], float],
        *,
        per_s: float = 40.0,
        burst: float = 80.0,
        most: int = 500,
    ) -> None:
        """Remember at most `most` addresses, the ones heard last."""
        self._monotonic = monotonic
        self._per_s = per_s
        self._burst = burst
        self._most = most
        self._left: dict[str, tuple[float, float]] = {}

    def allows(self, address: str) -> bool:
        """Return whether `address` may speak now, and count its word."""
        at_s = self._monotonic()
        left, since_s = self._left.pop(address, (self._burst, at_s))
        left = min(self._burst, left + (at_s - since_s) * self._per_s)
        allowed = left >= 1
        self._left[address] = (left - 1 if allowed else left, at_s)
        if len(self._left) > self._most:
            del self._left[next(iter(self._left))]
        return allowed
