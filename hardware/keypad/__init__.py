"""Call devices: keypads on a line, USB numeric keypads, buttons; port and drivers."""

from hardware.keypad.opening import open_call_device
from hardware.keypad.port import (
    CallDevice,
    Gesture,
    KeypadError,
    KeypadShared,
    KeypadUnavailable,
    Press,
    PressHandler,
    Readout,
    StateHandler,
)

__all__ = [
    "CallDevice",
    "Gesture",
    "KeypadError",
    "KeypadShared",
    "KeypadUnavailable",
    "Press",
    "PressHandler",
    "Readout",
    "StateHandler",
    "open_call_device",
]
