"""LED number signs: the port, the station that keeps a line right, and how to open drivers."""

from hardware.sign.opening import open_signs
from hardware.sign.port import (
    IDLE,
    Face,
    LineGoneError,
    SignError,
    SignLine,
    SignRefusedError,
    SignSilentError,
)
from hardware.sign.station import SignStation

__all__ = [
    "IDLE",
    "Face",
    "LineGoneError",
    "SignError",
    "SignLine",
    "SignRefusedError",
    "SignSilentError",
    "SignStation",
    "open_signs",
]
