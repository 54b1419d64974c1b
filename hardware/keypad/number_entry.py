"""Numbers typed at a keypad."""

from collections.abc import Mapping
from dataclasses import replace

from config.settings import CallAction
from hardware.keypad.port import Gesture, Press

_MOST = 9
"""One digit more than any number has: what is longer stays wrong."""
_BACK, _CLEAR = "backspace", "clear"
TYPING = frozenset("0123456789") | {_BACK, _CLEAR}
"""The keys that type, and so are no press."""


class NumberEntry:
    """What was typed at each unit, until a key takes it or it grows old."""

    def __init__(self, actions: Mapping[str, CallAction], within_s: float) -> None:
        """Let the keys of `call_number` take the number; without one, those of `next`."""
        self._within_s = within_s
        self._typed: dict[str, tuple[str, float]] = {}
        for action in (CallAction.CALL_NUMBER, CallAction.NEXT):
            self._takers = {name for name, meant in actions.items() if meant is action}
            if self._takers:
                break

    def type(self, unit: str, key: str, at: float) -> None:
        """Take a key that types."""
        text = self._fresh(unit, at)
        if key == _CLEAR:
            text = ""
        elif key == _BACK:
            text = text[:-1]
        elif len(text) < _MOST:
            text += key
        self._typed[unit] = text, at

    def finish(self, press: Press) -> Press:
        """Return `press` with the number typed before it; any other key forgets the number."""
        text = self._fresh(press.unit, press.at)
        self._typed.pop(press.unit, None)
        if text and press.gesture is Gesture.SINGLE and press.name in self._takers:
            return replace(press, number=text)
        return press

    def forget(self, unit: str) -> None:
        """Forget what was typed at a unit."""
        self._typed.pop(unit, None)

    def _fresh(self, unit: str, at: float) -> str:
        text, typed_at = self._typed.get(unit, ("", at))
        return text if at - typed_at <= self._within_s else ""
