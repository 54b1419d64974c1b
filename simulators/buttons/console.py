"""What the one who plays the buttons may say."""

from collections.abc import Callable

from bus.port import Bus
from hall.words import N_, Words
from hardware.keypad.port import Gesture
from simulators.buttons.families import FAMILIES, Sent, SimulatedButton
from simulators.console import DeviceConsole

_HELP = N_(
    """FAMILY DEVICE [BUTTON] [single|double|hold]   bấm
retained FAMILY DEVICE …                      như trên, máy chủ tin nhắn giữ lại
duplicate FAMILY DEVICE …                     mỗi tin hai lần
replay                                        lặp lại lần bấm vừa rồi, y nguyên
quit                                          kết thúc
các loại (FAMILY): {families}
"""
)
_GESTURES = {gesture.value: gesture for gesture in Gesture}


def help_text(t: Words) -> str:
    """Return what can be typed."""
    return t(_HELP, families=", ".join(FAMILIES))


class Console(DeviceConsole):
    """Publishes presses on `bus`; `wall` is the clock of the devices, in seconds since 1970."""

    def __init__(
        self, bus: Bus, wall: Callable[[], float], say: Callable[[str], None], t: Words
    ) -> None:
        super().__init__(say, help_text(t).rstrip())
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
