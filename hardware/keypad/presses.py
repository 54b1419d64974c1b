"""From keys to finished presses: gestures and typed numbers together."""

from collections.abc import Mapping

from config.settings import CallAction, PressTiming
from hardware.keypad.gestures import Edge, Gestures
from hardware.keypad.number_entry import TYPING, NumberEntry
from hardware.keypad.port import Press


class Presses:
    """What the keys of one call device mean; lives on one thread, knows no clock."""

    def __init__(self, actions: Mapping[str, CallAction], timing: PressTiming) -> None:
        self._gestures = Gestures(actions, timing)
        self._entry = NumberEntry(actions, timing.number_within_s)

    @property
    def bounces(self) -> int:
        """Return how many presses were a bouncing contact."""
        return self._gestures.bounces

    def take(self, unit: str, key: str, edge: Edge, at: float) -> list[Press]:
        """Return the presses that are finished now; `at` is in monotonic seconds."""
        if key not in TYPING:
            return self._numbered(self._gestures.take(unit, key, edge, at))
        finished = self._numbered(self._gestures.settle(unit, key, at))
        if edge in (Edge.PRESS, Edge.DOWN):
            self._entry.type(unit, key, at)
        return finished

    def due(self, now: float) -> list[Press]:
        """Return the presses that are finished by the time alone."""
        return self._numbered(self._gestures.due(now))

    def next_due(self) -> float | None:
        """Return when `due` should be asked, None while nothing is under way."""
        return self._gestures.next_due()

    def forget(self, unit: str) -> None:
        """Let go of the keys of a unit that went away, and of what was typed there."""
        self._gestures.forget(unit)
        self._entry.forget(unit)

    def _numbered(self, presses: list[Press]) -> list[Press]:
        return [self._entry.finish(press) for press in presses]
