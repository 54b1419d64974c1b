"""Keypads that speak in frames of meters: `FF 68 len len 68 address command data… sum 16`.

`len` counts from the address to the last byte of data, `sum` is of the same bytes, modulo 256.
"""

from collections import Counter, deque

from bus.vocabulary import Error
from config.settings import MeterProtocol
from hardware.keypad.codec import DecodedFrame, Drop, printable
from hardware.keypad.port import Readout
from hardware.keypad.presses import Edge

_PREAMBLE, _AGAIN, _TRAILER = b"\xff\x68", 0x68, 0x16
_HEAD = 5
"""Bytes before the address."""
_AROUND = _HEAD + 2
_BIGGEST = 64
_SHORTEST = 2
"""Address and command; without a key it is a sign of life."""
_REMEMBERED = 16
_HALF_AFTER_S = 0.15
"""Longer than a USB adapter holds bytes back, shorter than between two presses."""
_REASONS = {
    Error.EMPTY: 1,
    Error.STALE: 2,
    Error.NOT_ALLOWED: 3,
    Error.EXPIRED: 4,
    Error.UNAVAILABLE: 5,
    Error.UNKNOWN: 6,
    Error.CONFLICT: 7,
}
_OTHER_REASON = 9


def frame_of(address: int, command: int, data: bytes = b"") -> bytes:
    """Return one whole frame."""
    body = bytes([address, command]) + data
    head = _PREAMBLE + bytes([len(body), len(body), _AGAIN])
    return head + body + bytes([sum(body) % 256, _TRAILER])


class MeterCodec:
    """Frames of one maker. After a bad one it looks for the next from the byte behind."""

    def __init__(self, protocol: MeterProtocol) -> None:
        self.dropped: Counter[Drop] = Counter()
        self._protocol = protocol
        self._buffer = b""
        self._noisy = False
        """Whether what is being dropped was counted already: one disturbance counts once."""
        self._heard_at = 0.0
        self._ours: deque[bytes] = deque(maxlen=_REMEMBERED)
        """What we sent: the same frame coming in is its echo, whatever surrounds it."""

    def feed(self, received: bytes, now: float) -> list[DecodedFrame]:
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
        return self._write(address, self._protocol.poll)

    def acknowledge(self, address: int) -> bytes:
        """Return the frame that tells a keypad that its press was heard."""
        return self._write(address, self._protocol.acknowledge)

    def show(self, address: int, readout: Readout) -> bytes:
        """Return the frame that writes a display: dashes for nothing, 99 for too many people."""
        number = printable(readout.number)[-4:].rjust(4) if readout.number else "----"
        waiting = "--" if readout.waiting is None else f"{min(readout.waiting, 99):2}"
        return self._write(address, self._protocol.show, f"{number}{waiting}".encode("ascii"))

    def refuse(self, address: int, why: Error) -> bytes:
        """Return the frame that refuses a press."""
        reason = str(_REASONS.get(why, _OTHER_REASON))
        return self._write(address, self._protocol.refuse, reason.encode("ascii"))

    def _write(self, address: int, command: int | None, data: bytes = b"") -> bytes:
        if command is None:
            return b""
        frame = frame_of(address, command, data)
        if frame not in self._ours:
            self._ours.append(frame)
        return frame

    def _scan(self) -> list[DecodedFrame]:
        heard = []
        while self._seek_preamble():
            size = self._size()
            if size is None or (size and len(self._buffer) < size):
                break
            frame = self._buffer[:size]
            if not frame or frame[-1] != _TRAILER:
                self._skip(1, Drop.NOISE)
            elif sum(frame[_HEAD:-2]) % 256 != frame[-2]:
                self._skip(1, Drop.CHECKSUM)
            else:
                found = self._take(frame)
                heard += [found] if found else []
        return heard

    def _size(self) -> int | None:
        """Return the size of the frame that has begun; None before it is known, 0 for none."""
        if len(self._buffer) < _HEAD:
            return None
        length, twice, again = self._buffer[2:_HEAD]
        sound = length == twice and again == _AGAIN and _SHORTEST <= length <= _BIGGEST - _AROUND
        return length + _AROUND if sound else 0

    def _take(self, frame: bytes) -> DecodedFrame | None:
        self._buffer = self._buffer[len(frame) :]
        self._noisy = False
        if frame in self._ours:
            self.dropped[Drop.ECHO] += 1
            return None
        address, command, *data = frame[_HEAD:-2]
        if command != self._protocol.press:
            return DecodedFrame(address)
        name = self._protocol.keys.get(f"{data[0]:02X}") if data else None
        if name is None:
            self.dropped[Drop.KEY] += 1
            return None
        if not name:
            return DecodedFrame(address)
        key, _, edge = name.partition(".")
        return DecodedFrame(address, "" if key == "button" else key, Edge(edge or "press"))

    def _seek_preamble(self) -> bool:
        """Drop what stands before the next frame; False while there may be none."""
        at = self._buffer.find(_PREAMBLE)
        if at < 0:
            at = len(self._buffer) - self._buffer.endswith(_PREAMBLE[:1])
        if at:
            self._skip(at, Drop.NOISE)
        return self._buffer.startswith(_PREAMBLE)

    def _skip(self, count: int, why: Drop) -> None:
        self._buffer = self._buffer[count:]
        if why is not Drop.NOISE or not self._noisy:
            self.dropped[why] += 1
        self._noisy = True
