"""A USB numeric keypad that is not there."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from hardware.keypad.input_device import (
    DOWN,
    KEY,
    KEY_NAMES,
    LED,
    RECORD,
    REPEAT,
    SYN,
    UP,
    read_records,
)
from simulators.terminal import Terminal

_CODES = {name: code for code, name in reversed(KEY_NAMES.items())}


class SimulatedNumpad:
    """Records of an input device on a terminal at `path`, which a driver opens as the keypad."""

    def __init__(
        self,
        path: Path,
        on_light: Callable[[bool], None] = lambda _lit: None,
        names: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """Call `on_light` when the light changes; `names` are keys besides the usual ones."""
        self._codes = {**_CODES, **names}
        self.lights: list[bool] = []
        self._on_light = on_light
        self._begun = b""
        self._terminal = Terminal(path, self._take)

    def plug_in(self) -> None:
        """Appear."""
        self._terminal.plug()

    def vanish(self) -> None:
        """Be unplugged."""
        self._terminal.unplug()

    def press(self, *names: str) -> None:
        """Press and let go keys: `enter`, `star`, digits; or `enter.down`, `.repeat`, `.up`."""
        for name in names:
            key, _, edge = name.partition(".")
            values = {"down": (DOWN,), "up": (UP,), "repeat": (REPEAT,)}.get(edge, (DOWN, UP))
            for value in values:
                self._terminal.write(key_records(self._codes[key], value))

    def send(self, data: bytes) -> None:
        """Send any bytes."""
        self._terminal.write(data)

    def _take(self, received: bytes) -> None:
        records, self._begun, _ = read_records(self._begun + received)
        for record in records:
            if record.type == LED:
                self.lights.append(bool(record.value))
                self._on_light(bool(record.value))


def key_records(code: int, value: int) -> bytes:
    """Return what the kernel hands over for one edge of a key."""
    seconds, rest = divmod(time.monotonic(), 1)
    stamp = int(seconds), int(rest * 1_000_000)
    return RECORD.pack(*stamp, KEY, code, value) + RECORD.pack(*stamp, SYN, 0, 0)
