r"""The line protocol in plain text; docs/hardware.md is its reference.

Keypad to us: `K03 NEXT`, `K03 NEXT HOLD`, `K03 CALL 1017`, `A03`; us to keypad: `P03`,
`D03 1017 12`, `E03 EMPTY`; every line ends in CR, LF or both, before that perhaps in `*` and a
checksum.
"""

import re
from collections import Counter
from functools import reduce

from bus.vocabulary import Error
from hardware.keypad.codec import DecodedFrame, Drop, printable
from hardware.keypad.port import Readout
from hardware.keypad.presses import Edge

_LONGEST = 40
_HALF_AFTER_S = 1.0
_LINE_END = re.compile(rb"[\r\n]+")
_IDLE = b"\x00\xff"
"""What a receiver reads when the line is let go, before or after a line."""
_PRESS = re.compile(r"K(\d{2,3}) ([A-Z0-9_]{1,16})(?: (?:(PRESS|DOWN|UP|DOUBLE|HOLD)|(\d{1,8})))?")
_ALIVE = re.compile(r"A(\d{2,3})")
_OURS = re.compile(r"[PDE]\d{2,3}( .*)?")
_CHECKED = re.compile(r"(.*)\*([0-9A-F]{2})")
ONE_BUTTON = "BUTTON"


class AsciiCodec:
    """Lines of text."""

    def __init__(self, *, checksum: bool) -> None:
        """With `checksum`, lines without one are dropped."""
        self.dropped: Counter[Drop] = Counter()
        self._checksum = checksum
        self._begun = b""
        self._heard_at = 0.0

    def feed(self, received: bytes, now: float) -> list[DecodedFrame]:
        """Return what the lines that are whole now say."""
        if self._begun and now - self._heard_at > _HALF_AFTER_S:
            self.dropped[Drop.HALF] += 1
            self._begun = b""
        if not received:
            return []
        self._heard_at = now
        *lines, self._begun = _LINE_END.split(self._begun + received)
        self._begun = self._begun.strip(_IDLE)
        if len(self._begun) > _LONGEST:
            self.dropped[Drop.NOISE] += 1
            self._begun = self._begun[-_LONGEST:]  # too long for a line, and stays so
        return [heard for line in lines if (heard := self._read(line.strip(_IDLE)))]

    def poll(self, address: int) -> bytes:
        """Return what asks a keypad for its keys."""
        return self._line(f"P{address:02}")

    def acknowledge(self, address: int) -> bytes:
        """Return nothing: a display or a refusal follows every press."""
        del address
        return b""

    def show(self, address: int, readout: Readout) -> bytes:
        """Return the line that writes a display."""
        waiting = "--" if readout.waiting is None else str(readout.waiting)
        return self._line(f"D{address:02} {printable(readout.number) or '----'} {waiting}")

    def refuse(self, address: int, why: Error) -> bytes:
        """Return the line that refuses a press."""
        return self._line(f"E{address:02} {why.value.upper()}")

    def _read(self, line: bytes) -> DecodedFrame | None:
        if not line:
            return None
        found = self._parse(line)
        if isinstance(found, Drop):
            self.dropped[found] += 1
            return None
        return found

    def _parse(self, line: bytes) -> DecodedFrame | Drop:
        text = self._unwrap(line)
        if isinstance(text, Drop):
            return text
        alive = _ALIVE.fullmatch(text)
        if alive:
            return DecodedFrame(int(alive[1]))
        press = _PRESS.fullmatch(text)
        if press is None:
            return Drop.NOISE
        key = "" if press[2] == ONE_BUTTON else press[2].lower()
        return DecodedFrame(int(press[1]), key, Edge((press[3] or "press").lower()), press[4])

    def _unwrap(self, line: bytes) -> str | Drop:
        """Return the text of a line without its checksum, or why it is none."""
        if len(line) >= _LONGEST or not line.isascii():
            return Drop.NOISE
        text = line.decode("ascii").upper()
        checked = _CHECKED.fullmatch(text)
        if checked:
            text = checked[1]
            if _xor(text) != int(checked[2], 16):
                return Drop.CHECKSUM
        if _OURS.fullmatch(text):
            return Drop.ECHO
        return Drop.CHECKSUM if self._checksum and not checked else text

    def _line(self, text: str) -> bytes:
        end = f"*{_xor(text):02X}" if self._checksum else ""
        return f"{text}{end}\r\n".encode("ascii")


def _xor(text: str) -> int:
    return reduce(lambda sum_, character: sum_ ^ ord(character), text, 0)
