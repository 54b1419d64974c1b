"""The guard against double taps: a second tap of the same gesture does nothing."""

from collections.abc import Callable

SAME_CONTROL_S = 0.6
NEW_SCREEN_S = 0.6


class TapGuard:
    """Tells which taps are meant. A gesture is a person's, so it is timed by the wall's clock."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._screen_since = -NEW_SCREEN_S
        self._last: tuple[str, float] | None = None

    def screen_changed(self) -> None:
        """Note that what lies under the finger is another thing now."""
        self._screen_since = self._monotonic()

    def accepts(self, control: str) -> bool:
        """Return whether a tap on `control` is meant, and remember it if so."""
        now = self._monotonic()
        if now - self._screen_since < NEW_SCREEN_S:
            return False
        if self._last and self._last[0] == control and now - self._last[1] < SAME_CONTROL_S:
            return False
        self._last = control, now
        return True
