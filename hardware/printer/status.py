"""What a printer sends, told apart byte by byte: answers, status by itself, and noise.

The layouts are those of the ESC/POS command reference,
https://download4.epson.biz/sec_pubs/pos/reference_en/escpos/ (DLE EOT, DLE DC4 fn 8, GS a, GS r,
GS ( H fn 48), and for DLE EOT 20 those of Custom's command manuals (KPM210, VKP80II).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bus.vocabulary import PrinterState

ASK_PAPER_IN_TURN = b"\x1dr\x01"
"""GS r 1: answered when everything sent before was worked off, so the answer proves a print."""
ASK_MODULE = b"\x10\x04\x14"
"""DLE EOT 20: everything about a kiosk module (Custom), with the ticket in its mouth."""
REPORT_CHANGES = b"\x1da\x0e"
"""GS a: send status on every change of being online, of an error and of the paper."""
CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
"""DLE DC4 fn 8: forget what was received and not yet printed, whatever the printer waits for."""

_ANSWER_MASK = 0x93
_NOW, _AUTOMATIC = 0x12, 0x10
_PLAIN_MASK = 0x90
"""Later bytes of automatic status, and answers in turn, have neither of these bits."""
_IN_TURN = frozenset({0x00, 0x03, 0x0C, 0x0F})
_AUTOMATIC_LENGTH = 4
_MODULE_HEAD = b"\x10\x0f"
_MODULE_LENGTH = 6
_RESPONSE = 0x37
_PROCESSED, _CLEARED, _END = b"\x22", b"\x25", b"\x00"
_ID_FIRST, _ID_LAST = 0x20, 0x7E
ID_LENGTH = 4


def ask_now(subject: int) -> bytes:
    """Return DLE EOT n: 1 printer, 2 why off line, 3 error, 4 paper; answered even off line."""
    return bytes((0x10, 0x04, subject))


def ask_processed(job: bytes) -> bytes:
    """Return GS ( H fn 48: send back `job`, four printable characters, when all is printed."""
    return b"\x1d(H\x06\x00\x30\x30" + job


@dataclass(frozen=True, slots=True)
class Now:
    """One byte about the present moment; which subject it is of, only the order says."""

    byte: int


@dataclass(frozen=True, slots=True)
class InTurn:
    """The paper when the question's turn came."""

    byte: int


@dataclass(frozen=True, slots=True)
class Automatic:
    """Four bytes that the printer sent by itself."""

    status: bytes


@dataclass(frozen=True, slots=True)
class Processed:
    """The job of this id is on paper."""

    job: bytes


@dataclass(frozen=True, slots=True)
class Cleared:
    """The printer forgot what it held."""


@dataclass(frozen=True, slots=True)
class Module:
    """Paper, user, recoverable and unrecoverable status of a kiosk module."""

    status: bytes


@dataclass(frozen=True, slots=True)
class Noise:
    """A byte that no printer sends there."""

    byte: int


Fact = Now | InTurn | Automatic | Processed | Cleared | Module | Noise


class _Found(NamedTuple):
    fact: Fact
    length: int = 1
    at: int = 0


class StatusParser:
    """Turns bytes into facts, whatever pieces they come in.

    Of a group that breaks off, the first byte is noise and the rest is looked at again, so that
    nothing after it is taken for something else. An answer about the present moment is
    recognised in the middle of automatic status: printers put it there.
    """

    def __init__(self) -> None:
        self.asked_module = False
        """Whether 10 0F begins an answer to DLE EOT 20; else it is automatic status."""
        self._rest = b""

    def feed(self, received: bytes) -> list[Fact]:
        """Return the facts that `received` completes."""
        self._rest += received
        return list(self._facts())

    def quiet(self) -> list[Fact]:
        """Give up waiting for the rest of a group: its bytes are noise."""
        noise: list[Fact] = [Noise(byte) for byte in self._rest]
        self._rest = b""
        return noise

    def _facts(self) -> Iterator[Fact]:
        while self._rest and (found := self._first()):
            self._rest = self._rest[: found.at] + self._rest[found.at + found.length :]
            yield found.fact

    def _first(self) -> _Found | None:
        """Return the first fact, None when more bytes must come to tell."""
        head = self._rest[0]
        if head & _ANSWER_MASK == _NOW:
            return _Found(Now(head))
        if head in _IN_TURN:
            return _Found(InTurn(head))
        if head == _RESPONSE:
            return self._response()
        if self.asked_module and _MODULE_HEAD.startswith(self._rest[:2]):
            return self._module()
        if head & _ANSWER_MASK == _AUTOMATIC:
            return self._automatic()
        return _Found(Noise(head))

    def _response(self) -> _Found | None:
        kind, job = self._rest[1:2], self._rest[2 : 2 + ID_LENGTH]
        if kind == _PROCESSED and all(_ID_FIRST <= byte <= _ID_LAST for byte in job):
            return self._ended(Processed(job), 2 + ID_LENGTH)
        if kind == _CLEARED:
            return self._ended(Cleared(), 2)
        return _Found(Noise(_RESPONSE)) if kind else None

    def _ended(self, fact: Fact, length: int) -> _Found | None:
        """Return a response of `length` bytes and the NUL that must follow."""
        end = self._rest[length : length + 1]
        if end == _END:
            return _Found(fact, length + 1)
        return _Found(Noise(_RESPONSE)) if end else None

    def _module(self) -> _Found | None:
        if len(self._rest) < _MODULE_LENGTH:
            return None
        self.asked_module = False
        return _Found(Module(self._rest[2:_MODULE_LENGTH]), _MODULE_LENGTH)

    def _automatic(self) -> _Found | None:
        group = self._rest[:_AUTOMATIC_LENGTH]
        for at, byte in enumerate(group[1:], start=1):
            if byte & _ANSWER_MASK == _NOW:
                return _Found(Now(byte), at=at)
            if byte & _PLAIN_MASK:
                return _Found(Noise(group[0]))
        return _Found(Automatic(group), len(group)) if len(group) == _AUTOMATIC_LENGTH else None


PRINTER, CAUSE, ERROR, PAPER = 1, 2, 3, 4
"""The subjects of DLE EOT."""

_WORST_FIRST = (
    PrinterState.COVER_OPEN,
    PrinterState.PAPER_OUT,
    PrinterState.CUTTER_ERROR,
    PrinterState.OVERHEATED,
    PrinterState.FAULT,
    PrinterState.OFFLINE,
    PrinterState.TICKET_PRESENT,
    PrinterState.PAPER_LOW,
)
_Bits = tuple[tuple[int, PrinterState], ...]

_NOW_BITS: dict[int, _Bits] = {
    PRINTER: ((0x08, PrinterState.OFFLINE),),
    CAUSE: ((0x04, PrinterState.COVER_OPEN), (0x20, PrinterState.PAPER_OUT)),
    ERROR: (
        (0x08, PrinterState.CUTTER_ERROR),
        (0x40, PrinterState.OVERHEATED),
        (0x24, PrinterState.FAULT),
    ),
    PAPER: ((0x60, PrinterState.PAPER_OUT), (0x0C, PrinterState.PAPER_LOW)),
}
_IN_TURN_BITS: _Bits = ((0x0C, PrinterState.PAPER_OUT), (0x03, PrinterState.PAPER_LOW))
_AUTOMATIC_BITS: tuple[_Bits, ...] = (
    ((0x20, PrinterState.COVER_OPEN), (0x08, PrinterState.OFFLINE)),
    (
        (0x08, PrinterState.CUTTER_ERROR),
        (0x40, PrinterState.OVERHEATED),
        (0x24, PrinterState.FAULT),
    ),
    _IN_TURN_BITS,
)
_MODULE_BITS: tuple[_Bits, ...] = (
    (
        (0x01, PrinterState.PAPER_OUT),
        (0x04, PrinterState.PAPER_LOW),
        (0x20, PrinterState.TICKET_PRESENT),
    ),
    ((0x03, PrinterState.COVER_OPEN),),
    ((0x01, PrinterState.OVERHEATED), (0x48, PrinterState.FAULT)),
    ((0x01, PrinterState.CUTTER_ERROR), (0x4C, PrinterState.FAULT)),
)


def worst(states: Iterable[PrinterState]) -> PrinterState:
    """Return the state to tell when several hold: the first that a person has to see to."""
    there = set(states)
    return next((state for state in _WORST_FIRST if state in there), PrinterState.READY)


def now_means(subject: int, byte: int) -> PrinterState:
    """Return what an answer to DLE EOT `subject` says."""
    return worst(_set(_NOW_BITS[subject], byte))


def in_turn_means(fact: InTurn) -> PrinterState:
    """Return what an answer to GS r 1 says of the paper."""
    return worst(_set(_IN_TURN_BITS, fact.byte))


def automatic_means(fact: Automatic) -> PrinterState:
    """Return what status that the printer sent by itself says."""
    return _all_means(_AUTOMATIC_BITS, fact.status)


def module_means(fact: Module) -> PrinterState:
    """Return what a kiosk module's answer to DLE EOT 20 says."""
    return _all_means(_MODULE_BITS, fact.status)


def _all_means(layout: tuple[_Bits, ...], status: bytes) -> PrinterState:
    return worst(
        state for bits, byte in zip(layout, status, strict=False) for state in _set(bits, byte)
    )


def _set(bits: _Bits, byte: int) -> Iterable[PrinterState]:
    return (state for mask, state in bits if byte & mask)
