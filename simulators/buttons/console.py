"""What the one who plays the buttons may say."""

from collections.abc import Callable

from bus.port import Bus
from hardware.keypad.port import Gesture
from simulators.buttons.families import FAMILIES, Sent, SimulatedButton
from simulators.console import DeviceConsole

HELP = f"""FAMILY DEVICE [BUTTON] [single|double|hold]   press
retained FAMILY DEVICE …                      the same, kept by the broker
duplicate FAMILY DEVICE …                     every message twice
replay                                        the last press again, as it was
quit
families: {", ".join(FAMILIES)}
"""
_GESTURES = {gesture.value: gesture for gesture in Gesture}


class Console(DeviceConsole):
    """Publishes presses on `bus`; `wall` is the clock of the devices, in seconds since 1970."""

    def __init__(self, bus: Bus, wall: Callable[[], float], say: Callable[[str], None]) -> None:
        super().__init__(say, HELP.rstrip())
        self._bus = bus
        self._wall = wall
        self._count = 0
        self._last: list[Sent] = []

    def do_retained(self, rest: str) -> None:
        """Press, and let the broker keep it."""
        self._publish(self._press(rest), retained=True)

    def do_duplicate(self, rest: str) -> None:
        """Press, every message twice."""
        self._publish([part for part in self._press(rest) for _ in range(2)])

    def do_replay(self, _rest: str) -> None:
        """Publish the last press again."""
        self._publish(self._last)

    def default(self, line: str) -> None:
        """Press."""
        self._publish(self._press(line))

    def _press(self, line: str) -> list[Sent]:
        words = line.split()
        if len(words) < len(("family", "device")) or words[0] not in FAMILIES:
            self.say(self.help_text)
            return []
        family, device, *rest = words
        gesture = _GESTURES[rest.pop()] if rest and rest[-1] in _GESTURES else Gesture.SINGLE
        button = rest[0] if rest else ""
        self._count += 1
        press = SimulatedButton(device, button, gesture, self._wall(), self._count)
        self._last = FAMILIES[family](press)
        return self._last

    def _publish(self, parts: list[Sent], *, retained: bool = False) -> None:
        for part in parts:
            self._bus.publish(part.topic, part.payload, retain=part.retain or retained)
            self.say(f"{part.topic} {part.payload.decode()}")
