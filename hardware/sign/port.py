"""The signs' port: what every driver does and says, and what can go wrong."""

from dataclasses import dataclass
from typing import Protocol

from bus.vocabulary import SignState
from hardware.errors import HardwareError


class SignError(HardwareError):
    """The base of the signs' errors."""


class LineGoneError(SignError):
    """The line itself cannot be opened or went away, with every sign on it."""


class SignSilentError(SignError):
    """One sign did not answer in time, or not in its language."""


class SignRefusedError(SignError):
    """A sign cannot show this, or says that it has no such register."""


IDLE = "----"
"""What a sign shows when nobody is called there."""


@dataclass(frozen=True, slots=True)
class Face:
    """What a sign shows."""

    text: str = IDLE
    blink: bool = False


class SignLine(Protocol):
    """The signs on one line. Used from one thread only; no call waits without end."""

    @property
    def blinks(self) -> bool:
        """Whether the signs blink by themselves."""

    def show(self, address: int, face: Face) -> SignState:
        """Show `face` on the sign at `address`, opening the line if need be.

        Returns OK when the sign said that it does, UNKNOWN where it cannot say. Raises
        SignSilentError or SignRefusedError about this sign, LineGoneError about all.
        """

    def close(self) -> None:
        """Let the line go; `show` opens it again."""
