"""The simulated signs of one line: what each shows and what is wrong with it."""

import threading
import time
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path

from hardware.sign.port import Face
from simulators.terminal import Terminal

OFF = Face("")
"""What a sign without power shows."""


class Fault(StrEnum):
    """What can be wrong with a sign."""

    NONE = "none"
    DEAD = "dead"
    """No power: shows nothing, and has forgotten its number when it comes back."""
    MUTE = "mute"
    """Shows what it is told, but its answer never arrives."""
    GARBLE = "garble"
    """Its answer arrives with wrong bytes."""
    HALF = "half"
    """Only the first half of its answer arrives."""
    REFUSE = "refuse"
    """It has no such register."""


class SignBank:
    """The signs at `addresses`; kinds of signs add how they read and answer bytes."""

    def __init__(
        self, addresses: Iterable[int], on_change: Callable[[], None] = lambda: None
    ) -> None:
        # Guards the faces: the line's thread writes them, tests and the terminal read them.
        self._lock = threading.Lock()
        self._faces = dict.fromkeys(addresses, OFF)
        self._faults = dict.fromkeys(self._faces, Fault.NONE)
        self._on_change = on_change

    @property
    def faces(self) -> dict[int, Face]:
        """Return what every sign shows."""
        with self._lock:
            return dict(self._faces)

    @property
    def faults(self) -> dict[int, Fault]:
        """Return what is wrong with every sign."""
        return dict(self._faults)

    def set_fault(self, address: int, fault: Fault) -> None:
        """Break a sign, or repair it with NONE; raises KeyError for an unknown one."""
        _ = self._faults[address]
        self._faults[address] = fault
        if fault is Fault.DEAD:
            self.power_off(address)
        self._on_change()

    def power_off(self, address: int) -> None:
        """Forget everything that the sign was told."""
        self._show(address, OFF)

    def feed(self, data: bytes, at: float) -> bytes:
        """Take bytes of the line at a monotonic time; return what the signs answer."""
        raise NotImplementedError

    def _hears(self, address: int) -> bool:
        return self._faults.get(address, Fault.DEAD) is not Fault.DEAD

    def _show(self, address: int, face: Face) -> None:
        with self._lock:
            changed = self._faces[address] != face
            self._faces[address] = face
        if changed:
            self._on_change()

    def _through_fault(self, address: int, answer: bytes) -> bytes:
        match self._faults[address]:
            case Fault.MUTE:
                return b""
            case Fault.GARBLE:
                return bytes(byte ^ 0x5A for byte in answer)
            case Fault.HALF:
                return answer[: len(answer) // 2]
            case _:
                return answer


def terminal_of(bank: SignBank, path: Path) -> Terminal:
    """Return the line that `bank` hangs on, at `path`, which can be pulled and put back."""

    def take(data: bytes) -> None:
        terminal.write(bank.feed(data, time.monotonic()))

    terminal = Terminal(path, take)
    return terminal
