"""What can go wrong with a sign."""

from hardware.errors import HardwareError


class SignError(HardwareError):
    """The base of the signs' errors."""


class LineGoneError(SignError):
    """The line itself cannot be opened or went away, with every sign on it."""


class SignSilentError(SignError):
    """One sign did not answer in time, or not in its language."""


class SignRefusedError(SignError):
    """A sign cannot show this, or says that it has no such register."""
