"""What can go wrong with a call device."""

from hardware.errors import HardwareError


class KeypadError(HardwareError):
    """The base of the call devices' errors."""


class KeypadUnavailable(KeypadError):  # noqa: N818 - a state of the device, named as such
    """The line or the keypad cannot be opened, or went away."""


class KeypadShared(KeypadError):  # noqa: N818 - the same
    """The keypad is there, but its keys would also reach other programs."""
