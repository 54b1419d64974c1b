"""The buttons without a counter that were pressed a moment ago, for whoever pairs them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from hardware.keypad import Press

FORGET_AFTER_S = 600.0
"""A button of a neighbour is not a trouble for the rest of the day."""


class Pairing:
    """Knows when each was pressed in service time; lives on one thread."""

    def __init__(self) -> None:
        self._pressed_at: dict[Press, datetime] = {}

    def recent(
        self, presses: Iterable[Press], now: float, service_now: datetime
    ) -> dict[str, tuple[str, datetime]]:
        """Return unit to what was pressed and when; a press keeps the time it was first given."""
        recent = [press for press in presses if now - press.at < FORGET_AFTER_S]
        known = self._pressed_at
        self._pressed_at = {
            press: known.get(press, service_now - timedelta(seconds=now - press.at))
            for press in recent
        }
        return {press.unit: (press.name, at) for press, at in self._pressed_at.items()}
