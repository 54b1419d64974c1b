"""The keypads' side of the protocols: what they send, and how they read what they are told."""

import re
from dataclasses import dataclass
from functools import reduce
from typing import Literal, Protocol, assert_never

from config.settings import AsciiProtocol, KeypadProtocol, MeterProtocol
from hardware.keypad.meter_codec import frame_of

Kind = Literal["poll", "show", "refuse", "acknowledge"]


@dataclass(frozen=True, slots=True)
class SentFrame:
    """One frame that a keypad was sent."""

    kind: Kind
    address: int
    number: str = ""
    waiting: str = ""
    reason: str = ""


class FarEnd(Protocol):
    """The keypads of one protocol."""

    def key(self, address: int, key: str, edge: str) -> bytes:
        """Return the frame of a key; raises KeyError where the protocol has none."""

    def alive(self, address: int) -> bytes:
        """Return the frame that says that no key is pressed."""

    def spoilt(self, address: int) -> bytes:
        """Return the frame of a key with one bit turned over."""

    def hear(self, received: bytes) -> list[SentFrame]:
        """Return the frames that are whole now."""


def device_side(protocol: KeypadProtocol) -> FarEnd:
    """Return the keypads that speak `protocol`."""
    match protocol:
        case AsciiProtocol():
            return AsciiFarEnd(checksum=protocol.checksum)
        case MeterProtocol():
            return MeterFarEnd(protocol)
        case _:
            assert_never(protocol)


class AsciiFarEnd:
    """Keypads that speak lines of text."""

    _KINDS = re.compile(r"(?:(P)|(D)|(E))(\d{2,3})(?: (\S+))?(?: (\S+))?(?:\*..)?")

    def __init__(self, *, checksum: bool) -> None:
        self._checksum = checksum
        self._begun = b""

    def key(self, address: int, key: str, edge: str) -> bytes:
        """Return the line of a key."""
        name = "BUTTON" if key in ("", "button") else key.upper()
        how = "" if edge == "press" else f" {edge.upper()}"
        return self._line(f"K{address:02} {name}{how}")

    def alive(self, address: int) -> bytes:
        """Return the line that says that no key is pressed."""
        return self._line(f"A{address:02}")

    def spoilt(self, address: int) -> bytes:
        """Return a line whose checksum is wrong."""
        return f"K{address:02} NEXT*00\r\n".encode()

    def hear(self, received: bytes) -> list[SentFrame]:
        """Return the lines that are whole now."""
        *lines, self._begun = (self._begun + received).split(b"\r\n")
        return [told for line in lines if (told := self._read(line.decode("ascii", "replace")))]

    def _read(self, line: str) -> SentFrame | None:
        found = self._KINDS.fullmatch(line)
        if found is None:
            return None
        polled, shown, _, address, first, second = found.groups()
        if polled:
            return SentFrame("poll", int(address))
        if shown:
            return SentFrame("show", int(address), number=first or "", waiting=second or "")
        return SentFrame("refuse", int(address), reason=(first or "").partition("*")[0])

    def _line(self, text: str) -> bytes:
        sum_ = reduce(lambda so_far, character: so_far ^ ord(character), text, 0)
        return f"{text}{f'*{sum_:02X}' if self._checksum else ''}\r\n".encode()


class MeterFarEnd:
    """Keypads that speak in frames of meters."""

    _FRAME = re.compile(rb"\xff\x68(.)\1\x68(.)(.)(.*?).\x16", re.DOTALL)

    def __init__(self, protocol: MeterProtocol) -> None:
        self._protocol = protocol
        self._codes = {name: int(code, 16) for code, name in protocol.keys.items()}
        self._begun = b""
        commands: dict[Kind, int | None] = {
            "poll": protocol.poll,
            "show": protocol.show,
            "refuse": protocol.refuse,
            "acknowledge": protocol.acknowledge,
        }
        self._kinds = {code: kind for kind, code in commands.items() if code is not None}

    def key(self, address: int, key: str, edge: str) -> bytes:
        """Return the frame of a key."""
        name = key or "button"
        return self._frame(address, self._codes[name if edge == "press" else f"{name}.{edge}"])

    def alive(self, address: int) -> bytes:
        """Return the frame that says that no key is pressed, if there is one."""
        return self._frame(address, self._codes[""]) if "" in self._codes else b""

    def spoilt(self, address: int) -> bytes:
        """Return a frame whose checksum is wrong."""
        frame = bytearray(self._frame(address, next(iter(self._codes.values()))))
        frame[-3] ^= 0x40
        return bytes(frame)

    def hear(self, received: bytes) -> list[SentFrame]:
        """Return the frames that are whole now."""
        self._begun += received
        told = []
        while found := self._FRAME.search(self._begun):
            size = found[1][0] + 7
            if len(self._begun) < found.start() + size:
                break
            body = self._begun[found.start() + 5 : found.start() + size - 2]
            self._begun = self._begun[found.start() + size :]
            kind = self._kinds.get(body[1])
            if kind:
                told.append(_told(kind, body[0], body[2:].decode("ascii", "replace")))
        return told

    def _frame(self, address: int, code: int) -> bytes:
        return frame_of(address, self._protocol.press, bytes([code]))


def _told(kind: Kind, address: int, data: str) -> SentFrame:
    if kind == "show":
        return SentFrame(kind, address, number=data[:4], waiting=data[4:])
    return SentFrame(kind, address, reason=data)
