"""The frame engine: finds whole, sound frames of a configured layout in a stream of bytes."""

from collections import Counter, deque
from collections.abc import Mapping

from bus.vocabulary import Error
from config.settings import FrameProtocol
from hardware.keypad.codec import Drop, Heard
from hardware.keypad.frame import (
    is_closed,
    is_shaped,
    is_sound,
    preamble,
    read_frame,
    readout_values,
    reason_values,
    whole_size,
    write_frame,
)
from hardware.keypad.port import Readout

_REMEMBERED = 16
_HALF_AFTER_S = 0.15
"""Longer than a USB adapter holds bytes back, shorter than between two presses."""


class FrameCodec:
    """Frames of one layout. After a bad one it looks for the next from the byte behind."""

    def __init__(self, layout: FrameProtocol) -> None:
        self.dropped: Counter[Drop] = Counter()
        self._layout = layout
        self._preamble = preamble(layout)
        self._buffer = b""
        self._noisy = False
        """Whether what is being dropped was counted already: one disturbance counts once."""
        self._heard_at = 0.0
        self._ours: deque[bytes] = deque(maxlen=_REMEMBERED)
        """What we sent: the same frame coming in is its echo, whatever surrounds it."""

    def feed(self, received: bytes, now: float) -> list[Heard]:
        """Return what the frames that are whole now say."""
        heard = []
        if now - self._heard_at > _HALF_AFTER_S:
            self._noisy = False
            why = Drop.HALF
            while self._buffer:
                self._skip(1, why)
                why = Drop.NOISE
                heard += self._scan()
        if received:
            self._heard_at = now
            self._buffer += received
            heard += self._scan()
        return heard

    def poll(self, address: int) -> bytes:
        """Return the frame that asks a keypad for its keys."""
        return self._write(self._layout.poll, address)

    def acknowledge(self, address: int) -> bytes:
        """Return the frame that tells a keypad that its press was heard."""
        return self._write(self._layout.acknowledge, address)

    def show(self, address: int, readout: Readout) -> bytes:
        """Return the frame that writes a keypad's display."""
        return self._write(self._layout.show, address, readout_values(readout))

    def refuse(self, address: int, why: Error) -> bytes:
        """Return the frame that refuses a press."""
        return self._write(self._layout.refuse, address, reason_values(why))

    def _write(self, template: str, address: int, values: Mapping[str, str] | None = None) -> bytes:
        frame = write_frame(self._layout, template, address, values or {})
        if frame and frame not in self._ours:
            self._ours.append(frame)
        return frame

    def _scan(self) -> list[Heard]:
        heard = []
        while self._seek_preamble():
            size = whole_size(self._layout, self._buffer)
            if size == 0 or not is_shaped(self._layout, self._buffer[:size]):
                self._skip(1, Drop.NOISE)
            elif size is None or len(self._buffer) < size:
                break
            else:
                found = self._take(self._buffer[:size])
                heard += [found] if found else []
        return heard

    def _take(self, frame: bytes) -> Heard | None:
        if not is_closed(self._layout, frame):
            self._skip(1, Drop.NOISE)
            return None
        if not is_sound(self._layout, frame):
            self._skip(1, Drop.CHECKSUM)
            return None
        self._buffer = self._buffer[len(frame) :]
        self._noisy = False
        if frame in self._ours:
            self.dropped[Drop.ECHO] += 1
            return None
        heard = read_frame(self._layout, frame)
        if heard is None:
            self.dropped[Drop.KEY] += 1
        return heard

    def _seek_preamble(self) -> bool:
        """Drop what stands before the next frame; False while there may be none."""
        at = self._buffer.find(self._preamble)
        if at < 0:
            at = len(self._buffer) - self._begun_preamble()
        if at:
            self._skip(at, Drop.NOISE)
        return self._buffer.startswith(self._preamble)

    def _begun_preamble(self) -> int:
        """Return how many bytes at the end may begin a preamble."""
        longest = min(len(self._preamble) - 1, len(self._buffer))
        sizes = range(longest, 0, -1)
        return next((n for n in sizes if self._preamble.startswith(self._buffer[-n:])), 0)

    def _skip(self, count: int, why: Drop) -> None:
        self._buffer = self._buffer[count:]
        if why is not Drop.NOISE or not self._noisy:
            self.dropped[why] += 1
        self._noisy = True
