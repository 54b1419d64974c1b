"""A line of keypads that are not there."""

import random
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from config.settings import KeypadProtocol
from simulators.keypad.device_side import SentFrame, device_side
from simulators.terminal import Terminal

_EDGES = frozenset({"press", "down", "up", "double", "hold"})


class SimulatedLine:
    """Keypads by address on a terminal at `path`, which a driver opens as its serial port.

    With `polled` a keypad speaks only when it is asked; a `dead` one never does.
    """

    def __init__(
        self,
        path: Path,
        protocol: KeypadProtocol,
        addresses: Sequence[int],
        rng: random.Random,
        *,
        polled: bool = False,
        echo: bool = False,
        on_told: Callable[[SentFrame], None] = lambda _told: None,
    ) -> None:
        """Call `on_told` on the terminal's thread with what keypads are sent; `echo` it all."""
        self.displays: dict[int, tuple[str, str]] = {}
        self.refusals: list[tuple[int, str]] = []
        self.dead: set[int] = set()
        self._far_end = device_side(protocol)
        self._addresses = frozenset(addresses)
        self._rng = rng
        self._polled = polled
        self._echo = echo
        self._on_told = on_told
        # Guards _waiting: the console presses, the terminal's thread answers polls.
        self._lock = threading.Lock()
        self._waiting: dict[int, deque[bytes]] = {address: deque() for address in addresses}
        self._terminal = Terminal(path, self._take)

    def plug_in(self) -> None:
        """Appear."""
        self._terminal.plug()

    def vanish(self) -> None:
        """Be unplugged."""
        self._terminal.unplug()

    def press(self, address: int, *keys: str) -> None:
        """Press keys one after another: `next`, `hold`, `enter.down`, digits.

        Raises KeyError for a key that the protocol does not have, and for an unknown address.
        """
        waiting = self._waiting[address]
        for name in keys:
            key, _, edge = name.rpartition(".") if "." in name else (name, "", "press")
            if name in _EDGES:
                key, edge = "", name
            frame = self._far_end.key(address, key, edge)
            if self._polled:
                with self._lock:
                    waiting.append(frame)
            else:
                self._terminal.write(frame)

    def noise(self, count: int = 12) -> None:
        """Disturb the line."""
        self._terminal.write(self._rng.randbytes(count))

    def half(self, address: int, key: str = "next") -> None:
        """Break off in the middle of a frame."""
        frame = self._far_end.key(address, key, "press")
        self._terminal.write(frame[: len(frame) // 2])

    def bad_sum(self, address: int) -> None:
        """Send a frame whose checksum is wrong."""
        self._terminal.write(self._far_end.spoilt(address))

    def send(self, data: bytes) -> None:
        """Send any bytes."""
        self._terminal.write(data)

    def _take(self, received: bytes) -> None:
        if self._echo:
            self._terminal.write(received)
        for told in self._far_end.hear(received):
            if told.address in self._addresses - self.dead:
                self._obey(told)

    def _obey(self, told: SentFrame) -> None:
        match told.kind:
            case "poll":
                with self._lock:
                    waiting = self._waiting[told.address]
                    answer = waiting.popleft() if waiting else self._far_end.alive(told.address)
                self._terminal.write(answer)
            case "show":
                self.displays[told.address] = told.number, told.waiting
            case "refuse":
                self.refusals.append((told.address, told.reason))
            case "acknowledge":
                pass
        self._on_told(told)
