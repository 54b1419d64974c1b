"""A box of push-buttons that gives tickets in place of a touchscreen."""

import re
from typing import Annotated, Literal

from msgspec import Meta

from config.settings.base import Code, Settings
from config.settings.keypads import (
    AsciiProtocol,
    Byte,
    CallAction,
    KeypadUnit,
    SerialKeypads,
    UsbKeypad,
)

DISPENSER = "dispenser"
"""The name of its one call device, and of its unit on a USB keyboard."""
_CODE = re.compile(r"[0-9]{1,3}")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,15}")
_NO_BUTTONS = frozenset({"backspace", "clear", "button", "press", "down", "up", "double", "hold"})
"""Words that the line's protocol has for something else."""


class UsbButtons(Settings, frozen=True, kw_only=True, tag_field="driver", tag="usb"):
    """Buttons that speak as a USB keyboard; read by its path, and by nobody else."""

    path: str
    """A stable one, such as /dev/input/by-id/usb-…-event-kbd."""


class SerialButtons(Settings, frozen=True, kw_only=True, tag_field="driver", tag="serial"):
    """Buttons whose board writes a line of text for each push: `K01 B1`."""

    url: str
    baud: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 9600
    address: Byte = 1
    checksum: bool = False
    """Every line must end in `*` and the XOR of its characters."""


class DispenserButton(Settings, frozen=True, kw_only=True):
    """What a push takes a number of."""

    service: Code
    priority: bool = False
    """A button of its own for who goes first: elderly, with a baby, with a disability."""


class DispenserBox(Settings, frozen=True, kw_only=True):
    """The push-buttons of this box's kiosk, which then has no window."""

    line: UsbButtons | SerialButtons
    buttons: Annotated[dict[str, DispenserButton], Meta(min_length=1, max_length=40)]
    """By the key's Linux code on a USB keyboard (`30`), by its word on a line (`b1`)."""
    again_after_s: Annotated[float, Meta(ge=0.2, le=10)] = 1.0
    """The same button sooner than this after its last push is the same finger."""
    most_per_minute: Annotated[int, Meta(ge=1, le=240)] = 30
    """Numbers of all buttons together: a button that sticks empties no roll."""

    def __post_init__(self) -> None:
        """Refuse buttons that could never be heard."""
        usb = isinstance(self.line, UsbButtons)
        for name in self.buttons:
            good = _CODE.fullmatch(name) if usb else _WORD.fullmatch(name)
            if not good or name in _NO_BUTTONS:
                wanted = "a Linux key code such as 30" if usb else "a word such as b1"
                raise ValueError(f"button {name!r}: needs {wanted}")

    @property
    def keys(self) -> dict[str, DispenserButton]:
        """Return the buttons by the names under which the driver tells their presses."""
        usb = isinstance(self.line, UsbButtons)
        return {f"key_{name}" if usb else name: button for name, button in self.buttons.items()}

    @property
    def call_device(self) -> SerialKeypads | UsbKeypad:
        """Return the same as a call device, whose driver reads it; its counter means nothing."""
        actions = dict.fromkeys(self.keys, CallAction.NEXT)
        match self.line:
            case UsbButtons(path=path):
                codes = {name: f"key_{name}" for name in self.buttons}
                return UsbKeypad(name=DISPENSER, path=path, counter=1, keys=codes, actions=actions)
            case SerialButtons() as line:
                return SerialKeypads(
                    name=DISPENSER,
                    url=line.url,
                    baud=line.baud,
                    protocol=AsciiProtocol(checksum=line.checksum),
                    units=(KeypadUnit(address=line.address, counter=1),),
                    actions=actions,
                )
