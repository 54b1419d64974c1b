"""What the one who plays the buttons may say."""

from collections.abc import Callable

from bus.port import Bus
from hardware.keypad.port import Gesture
from simulators.buttons.families import FAMILIES, Sent, SimulatedButton

HELP = f"""FAMILY DEVICE [BUTTON] [single|double|hold]   press
retained FAMILY DEVICE …                      the same, kept by the broker
duplicate FAMILY DEVICE …                     every message twice
replay                                        the last press again, as it was
quit
families: {", ".join(FAMILIES)}
"""
_GESTURES = {gesture.value: gesture for gesture in Gesture}


class Console:
    """Publishes presses on `bus`; `wall` is the clock of the devices, in seconds since 1970."""

    def __init__(self, bus: Bus, wall: Callable[[], float], say: Callable[[str], None]) -> None:
        self._bus = bus
        self._wall = wall
        self._say = say
        self._count = 0
        self._last: list[Sent] = []

    def obey(self, line: str) -> bool:
        """Do what `line` says; return False when it says to end."""
        words = line.split()
        if words[:1] == ["quit"]:
            return False
        retained, twice = words[:1] == ["retained"], words[:1] == ["duplicate"]
        words = words[1:] if retained or twice else words
        if words[:1] == ["replay"]:
            self._publish(self._last)
        elif len(words) > 1 and words[0] in FAMILIES:
            self._last = self._press(words)
            self._publish([part for part in self._last for _ in range(1 + twice)], retained)
        elif words:
            self._say(HELP.rstrip())
        return True

    def _press(self, words: list[str]) -> list[Sent]:
        family, device, *rest = words
        gesture = _GESTURES[rest.pop()] if rest and rest[-1] in _GESTURES else Gesture.SINGLE
        button = rest[0] if rest else ""
        self._count += 1
        return FAMILIES[family](SimulatedButton(device, button, gesture, self._wall(), self._count))

    def _publish(self, parts: list[Sent], retained: bool = False) -> None:
        for part in parts:
            self._bus.publish(part.topic, part.payload, retain=part.retain or retained)
            self._say(f"{part.topic} {part.payload.decode()}")
