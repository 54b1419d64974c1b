"""What is still to be written on the keypads of a line."""

import threading
from collections.abc import Callable

from bus.vocabulary import Error
from hardware.keypad.port import Readout

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
        """Write a unit anew: it may have been without power."""
        self._written.pop(address, None)
        self._refused.pop(address, None)

    def forget_all(self) -> None:
        """Write every unit anew; refusals from before the line went are of no use now."""
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
