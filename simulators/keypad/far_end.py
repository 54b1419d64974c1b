"""The keypads' side of the protocols: what they send, and how they read what they are told."""

import re
from dataclasses import dataclass
from functools import reduce
from typing import Literal, Protocol, assert_never

from config.settings import AsciiProtocol, FrameProtocol, KeypadProtocol
from hardware.keypad.frame import checksum_of, preamble, smallest

Kind = Literal["poll", "show", "refuse", "acknowledge"]


@dataclass(frozen=True, slots=True)
class Told:
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

    def hear(self, received: bytes) -> list[Told]:
        """Return the frames that are whole now."""


def far_end(protocol: KeypadProtocol) -> FarEnd:
    """Return the keypads that speak `protocol`."""
    match protocol:
        case AsciiProtocol():
            return AsciiFarEnd(checksum=protocol.checksum)
        case FrameProtocol():
            return FrameFarEnd(protocol)
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

    def hear(self, received: bytes) -> list[Told]:
        """Return the lines that are whole now."""
        *lines, self._begun = (self._begun + received).split(b"\r\n")
        return [told for line in lines if (told := self._read(line.decode("ascii", "replace")))]

    def _read(self, line: str) -> Told | None:
        found = self._KINDS.fullmatch(line)
        if found is None:
            return None
        polled, shown, _, address, first, second = found.groups()
        if polled:
            return Told("poll", int(address))
        if shown:
            return Told("show", int(address), number=first or "", waiting=second or "")
        return Told("refuse", int(address), reason=(first or "").partition("*")[0])

    def _line(self, text: str) -> bytes:
        sum_ = reduce(lambda so_far, character: so_far ^ ord(character), text, 0)
        return f"{text}{f'*{sum_:02X}' if self._checksum else ''}\r\n".encode()


class FrameFarEnd:
    """Keypads that speak frames of a configured layout."""

    _PARTS = re.compile(r"\{(\w+):?(\d?)\}")

    def __init__(self, layout: FrameProtocol) -> None:
        self._layout = layout
        self._codes = {name: int(code, 16) for code, name in layout.keys.items()}
        self._sequence = 0
        self._begun = b""
        templates: dict[Kind, str] = {
            "poll": layout.poll,
            "show": layout.show,
            "refuse": layout.refuse,
            "acknowledge": layout.acknowledge,
        }
        self._patterns = {kind: self._pattern(text) for kind, text in templates.items() if text}

    def key(self, address: int, key: str, edge: str) -> bytes:
        """Return the frame of a key."""
        name = key or "button"
        self._sequence = (self._sequence + 1) % 256
        return self._frame(address, self._codes[name if edge == "press" else f"{name}.{edge}"])

    def alive(self, address: int) -> bytes:
        """Return the frame that says that no key is pressed, if the layout has one."""
        return self._frame(address, self._codes[""]) if "" in self._codes else b""

    def spoilt(self, address: int) -> bytes:
        """Return a frame whose checksum is wrong."""
        frame = bytearray(self._frame(address, next(iter(self._codes.values()))))
        frame[self._layout.key_at] ^= 0x40
        return bytes(frame)

    def hear(self, received: bytes) -> list[Told]:
        """Return the frames that are whole now."""
        self._begun += received
        told = []
        while found := self._first():
            kind, match = found
            self._begun = self._begun[match.end() :]
            texts = {name: text.decode("ascii") for name, text in match.groupdict().items()}
            address = match["address"][0]
            texts.pop("address")
            told.append(Told(kind, address, **texts))
        return told

    def _first(self) -> "tuple[Kind, re.Match[bytes]] | None":
        matches = [
            (kind, match)
            for kind, pattern in self._patterns.items()
            if (match := pattern.search(self._begun))
        ]
        return min(matches, key=lambda found: found[1].start(), default=None)

    def _frame(self, address: int, code: int) -> bytes:
        layout = self._layout
        tail = len(checksum_of(layout, b"")) + len(bytes.fromhex(layout.trailer))
        size = layout.size or max(smallest(layout), layout.key_at + 1 + tail)
        body = bytearray(size - tail)
        begin = preamble(layout)
        body[: len(begin)] = begin
        for fixed in layout.fixed:
            body[fixed.at] = fixed.value
        for at in layout.length_at:
            body[at] = size - layout.length_adds
        if layout.command_at is not None and layout.press_command is not None:
            body[layout.command_at] = layout.press_command
        if layout.sequence_at is not None:
            body[layout.sequence_at] = self._sequence
        body[layout.address_at] = address
        body[layout.key_at] = code
        return bytes(body) + checksum_of(layout, bytes(body)) + bytes.fromhex(layout.trailer)

    def _pattern(self, template: str) -> re.Pattern[bytes]:
        parts = []
        for token in template.split():
            found = self._PARTS.fullmatch(token)
            if found is None:
                parts.append(re.escape(bytes.fromhex(token)))
            elif found[1] == "checksum":
                parts.append(b"." * len(checksum_of(self._layout, b"")))
            elif found[1] == "length":
                parts.append(b".")
            else:
                parts.append(f"(?P<{found[1]}>.{{{found[2] or 1}}})".encode())
        return re.compile(b"".join(parts), re.DOTALL)
