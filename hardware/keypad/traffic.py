"""Who speaks next on a shared line: whose turn it is, what is to be written, and what is echo."""

import threading
from collections.abc import Callable, Sequence

from bus.vocabulary import Error
from config.settings import Polling
from hardware.keypad.port import Readout

_SILENT_EVERY_S = 1.0
"""One that does not answer is asked this often, so it slows nobody else down."""


class Poller:
    """Asks every keypad in turn; knows no clock and moves no bytes."""

    def __init__(self, addresses: Sequence[int], settings: Polling) -> None:
        self._order = list(addresses)
        self._answer_s = settings.answer_within_ms / 1000
        self._pause_s = settings.pause_ms / 1000
        self._silent_after = settings.silent_after
        self._misses = dict.fromkeys(addresses, 0)
        self._asked_at = dict.fromkeys(addresses, float("-inf"))
        self._asked: int | None = None
        self._until = float("-inf")

    def waits(self, now: float) -> bool:
        """Return whether the line belongs to a keypad that may answer, or rests."""
        return now < self._until

    def overdue(self, now: float) -> int | None:
        """Return the keypad that has just become silent, if one has."""
        if self._asked is None or self.waits(now):
            return None
        address, self._asked = self._asked, None
        self._misses[address] += 1
        return address if self._misses[address] == self._silent_after else None

    def next(self, now: float) -> int | None:
        """Return the keypad to ask now, None while the line is not free."""
        if self.waits(now) or self._asked is not None:
            return None
        for _ in self._order:
            address = self._order.pop(0)
            self._order.append(address)
            silent = self._misses[address] >= self._silent_after
            if not silent or now - self._asked_at[address] >= _SILENT_EVERY_S:
                return address
        return None

    def asked(self, address: int, now: float, line_s: float) -> None:
        """Note that a question of `line_s` on the line went out."""
        self._asked = address
        self._asked_at[address] = now
        self._until = now + line_s + self._answer_s

    def heard(self, address: int, now: float) -> None:
        """Note a frame from a keypad, asked or not."""
        self._misses[address] = 0
        if self._asked == address:
            self._asked = None
            self._until = now + self._pause_s

    def rest(self, now: float, line_s: float) -> None:
        """Note that something else of `line_s` on the line went out."""
        self._until = now + line_s + self._pause_s


_AT_LEAST_S = 0.2
"""Between two writings of one display: a busy hall does not flood a slow line."""
_REFUSAL_LASTS_S = 3.0
_AGAIN_EVERY_S = 15.0
"""A keypad that was without power shows the truth again after this long."""


class Displays:
    """The newest readout of each unit, and refusals first; knows no clock.

    `want` and `refuse` may be called from any thread, the rest belongs to the line's.
    """

    def __init__(
        self,
        show: Callable[[int, Readout], bytes],
        refuse: Callable[[int, Error], bytes],
    ) -> None:
        self._show = show
        self._refuse = refuse
        # Guards _refusals and _wanted: the bridge's thread fills them, the line's empties them.
        self._lock = threading.Lock()
        self._refusals: dict[int, Error] = {}
        self._wanted: dict[int, Readout] = {}
        self._written: dict[int, tuple[Readout, float]] = {}
        """What a unit was told last, and when."""
        self._refused: dict[int, float] = {}
        """Until when a unit tells of a refusal."""

    def want(self, address: int, readout: Readout) -> None:
        """Let a unit show `readout`."""
        with self._lock:
            self._wanted[address] = readout

    def refuse(self, address: int, why: Error) -> None:
        """Let a unit say that a press did nothing."""
        with self._lock:
            self._refusals[address] = why

    def forget(self, address: int) -> None:
        """Write a unit again: it may have been without power."""
        self._written.pop(address, None)
        self._refused.pop(address, None)

    def forget_all(self) -> None:
        """Write every unit again; refusals from before the line went are of no use now."""
        with self._lock:
            self._refusals.clear()
        self._written.clear()
        self._refused.clear()

    def next(self, now: float) -> bytes:
        """Return the next frame to write, empty when there is none."""
        while refusal := self._next_refusal():
            address, why = refusal
            frame = self._refuse(address, why)
            if frame:
                self._refused[address] = now + _REFUSAL_LASTS_S
                return frame
        with self._lock:
            wanted = dict(self._wanted)
        for address, readout in wanted.items():
            if self._is_due(address, readout, now):
                self._written[address] = readout, now
                self._refused.pop(address, None)
                frame = self._show(address, readout)
                if frame:
                    return frame
        return b""

    def _next_refusal(self) -> tuple[int, Error] | None:
        with self._lock:
            return self._refusals.popitem() if self._refusals else None

    def _is_due(self, address: int, readout: Readout, now: float) -> bool:
        if address not in self._written:
            return True
        last, at = self._written[address]
        if now - at < _AT_LEAST_S:
            return False
        until = self._refused.get(address)
        if until is not None:
            called = readout.number and readout.number != last.number
            return bool(called) or now >= until
        return readout != last or now - at >= _AGAIN_EVERY_S


_WITHIN_S = 0.3


class EchoFilter:
    """Knows the bytes under way; what is received in their order is their echo.

    A keypad's frame that begins as ours did is held back for the bytes in which they agree.
    """

    def __init__(self) -> None:
        self.echoes = 0
        self._expected = b""
        self._held = b""
        self._until = 0.0

    def sent(self, data: bytes, now: float, line_s: float) -> None:
        """Note that `data` went out and takes `line_s` on the line."""
        self._expected += data
        self._until = now + line_s + _WITHIN_S

    def strip(self, received: bytes, now: float) -> bytes:
        """Return what of `received`, and of what was held back, is not an echo."""
        if self._expected and now > self._until:
            return self._release() + received
        if not self._expected:
            return received
        agreed = 0
        for ours, theirs in zip(self._expected, received, strict=False):
            if ours != theirs:
                return self._release() + received
            agreed += 1
        self._held += received[:agreed]
        self._expected = self._expected[agreed:]
        if not self._expected:
            self.echoes += 1
            self._held = b""
        return received[agreed:]

    def _release(self) -> bytes:
        held, self._held, self._expected = self._held, b"", b""
        return held
