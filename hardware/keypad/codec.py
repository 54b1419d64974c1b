"""What the protocols of a keypad line have in common."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bus.vocabulary import Error
from hardware.keypad.port import Readout
from hardware.keypad.presses import Edge


class Drop(StrEnum):
    """Why something that came in was no press."""

    NOISE = "noise"
    """Bytes that belong to no frame."""
    HALF = "half"
    """A frame that never ended."""
    CHECKSUM = "checksum"
    ECHO = "echo"
    """Our own bytes, which some adapters send back."""
    UNIT = "unknown_unit"
    KEY = "unknown_key"
    BOUNCE = "bounce"


def printable(text: str) -> str:
    """Return what came over the wire as displays can show it: visible ASCII, `?` for the rest."""
    return "".join(character if "!" <= character <= "~" else "?" for character in text)


def totals(*counted: Mapping[Drop, int]) -> dict[str, int]:
    """Return the sums of what was counted, without zeros, for a thread that counts nothing.

    Each is copied in one step first, because its owner counts on meanwhile.
    """
    sums: Counter[Drop] = Counter()
    for counts in counted:
        sums.update(dict(counts))
    return {str(why): count for why, count in sums.items() if count}


@dataclass(frozen=True, slots=True)
class DecodedFrame:
    """One whole, valid frame from a keypad."""

    address: int
    key: str | None = None
    """None for a sign of life that is no key; empty for the key of a one-button unit."""
    edge: Edge = Edge.PRESS
    number: str | None = None
    """A number the keypad itself put together."""


class Codec(Protocol):
    """One protocol. Bytes in, frames out; it keeps no time and opens nothing.

    An empty answer of the writing methods means that the protocol has no such frame.
    """

    dropped: Counter[Drop]

    def feed(self, received: bytes, now: float) -> list[DecodedFrame]:
        """Return the frames that are whole now; call it without bytes to let halves grow old."""

    def poll(self, address: int) -> bytes:
        """Return what asks a keypad for its keys."""

    def acknowledge(self, address: int) -> bytes:
        """Return what tells a keypad that its press was heard."""

    def show(self, address: int, readout: Readout) -> bytes:
        """Return what writes a keypad's display."""

    def refuse(self, address: int, why: Error) -> bytes:
        """Return what tells at the keypad that its press did nothing."""
