"""Read a print job back: from bytes (ESC/POS) to what a printer does with them.

The twin of `encode`: the simulated printer draws from it, and tests hold the two together.
It takes any bytes; what it does not know has no effect.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_LINE_ROWS = 30
_FIRST_CHARACTER = 0x20
_ESC_ARGUMENTS = {b"@": 0, b"2": 0, b"L": 0, b"S": 0, b"$": 2, b"\\": 2, b"c": 2, b"W": 8}
_GS_ARGUMENTS = {b"L": 2, b"W": 2, b"P": 2, b"$": 2, b"\\": 2, b":": 0}
"""How many bytes follow a command; one where nothing is said."""
_CUTS_AFTER_FEED = b"AB"
_QR = b"1"
_QR_DOTS, _QR_STORE, _QR_PRINT = b"C", b"P", b"Q"


@dataclass(frozen=True, slots=True)
class Reset:
    """Back to the settings of power-on."""


@dataclass(frozen=True, slots=True)
class Align:
    """0 is left, 1 the middle, 2 right."""

    where: int


@dataclass(frozen=True, slots=True)
class Feed:
    """Blank rows."""

    rows: int


@dataclass(frozen=True, slots=True)
class Raster:
    """Dots, eight to a byte, set is black; each is printed `across` by `down` times."""

    width: int
    height: int
    dots: bytes
    across: int
    down: int


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code of modules `dots` wide."""

    content: str
    dots: int


@dataclass(frozen=True, slots=True)
class Characters:
    """What the printer would print in its own type."""

    text: str


@dataclass(frozen=True, slots=True)
class Cut:
    """The knife."""


Action = Reset | Align | Feed | Raster | Code | Characters | Cut


def read_job(job: bytes) -> Iterator[Action]:
    """Yield what a printer does with `job`; a command cut short ends it."""
    tape = _Tape(job)
    try:
        while not tape.ended:
            yield from _next(tape)
    except EOFError:
        return


def first_command(stream: bytes) -> int:
    """Return how many bytes the first command of `stream` takes, 0 while it is cut short."""
    tape = _Tape(stream)
    try:
        for _ in _next(tape):
            pass
    except EOFError:
        return 0
    return tape.at


@dataclass(slots=True)
class _Tape:
    """A job, how far it was read, and the QR code it is about to print."""

    job: bytes
    at: int = 0
    qr_dots: int = 3
    qr_content: str = ""

    @property
    def ended(self) -> bool:
        return self.at >= len(self.job)

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes; raises EOFError when there are fewer."""
        taken = self.job[self.at : self.at + count]
        self.at += count
        if len(taken) < count:
            raise EOFError
        return taken

    def number(self, count: int = 1) -> int:
        return int.from_bytes(self.take(count), "little")


def _next(tape: _Tape) -> Iterator[Action]:
    match tape.number():
        case 0x1B:
            yield from _escape(tape)
        case 0x1D:
            yield from _group(tape)
        case 0x0A:
            yield Feed(_LINE_ROWS)
        case 0x10 | 0x1C:
            tape.take(2)
        case code if code >= _FIRST_CHARACTER:
            yield _characters(tape)


def _characters(tape: _Tape) -> Characters:
    start = tape.at - 1
    while not tape.ended and tape.job[tape.at] >= _FIRST_CHARACTER:
        tape.at += 1
    return Characters(tape.job[start : tape.at].decode("latin-1"))


def _escape(tape: _Tape) -> Iterator[Action]:
    match command := tape.take(1):
        case b"@":
            yield Reset()
        case b"a":
            yield Align(tape.number() % ord("0"))
        case b"J":
            yield Feed(tape.number())
        case b"d":
            yield Feed(tape.number() * _LINE_ROWS)
        case _:
            tape.take(_ESC_ARGUMENTS.get(command, 1))


def _group(tape: _Tape) -> Iterator[Action]:
    match command := tape.take(1):
        case b"v":
            yield _raster(tape)
        case b"(":
            yield from _function(tape)
        case b"V":
            if tape.take(1) in _CUTS_AFTER_FEED:
                yield Feed(tape.number())
            yield Cut()
        case _:
            tape.take(_GS_ARGUMENTS.get(command, 1))


def _raster(tape: _Tape) -> Raster:
    tape.take(1)
    mode = tape.number()
    width, height = tape.number(2), tape.number(2)
    dots = tape.take(width * height)
    return Raster(width * 8, height, dots, across=1 + mode % 2, down=1 + mode // 2 % 2)


def _function(tape: _Tape) -> Iterator[Action]:
    group = tape.take(1)
    block = tape.take(tape.number(2))
    if group != b"k" or block[:1] != _QR:
        return
    function, arguments = block[1:2], block[2:]
    if function == _QR_DOTS and arguments:
        tape.qr_dots = arguments[0]
    elif function == _QR_STORE:
        tape.qr_content = arguments[1:].decode("utf-8", "replace")
    elif function == _QR_PRINT and tape.qr_content:
        yield Code(tape.qr_content, tape.qr_dots)


_BITS_PER_BYTE = 10
"""Eight, and the start and stop bits."""
_ROWS_PER_S = 1200
"""150 mm of paper, which the slower of today's printers move in a second."""
_MODULES = 41
"""Of a code with an address of the usual length."""


def expected_seconds(job: bytes, baud: int | None) -> float:
    """Return how long `job` takes at `baud`, or where the line is faster than paper (None).

    A printer prints while it receives, so the slower of the two counts.
    """
    paper_s = _rows(job) / _ROWS_PER_S
    return max(paper_s, len(job) * _BITS_PER_BYTE / baud) if baud else paper_s


def _rows(job: bytes) -> int:
    rows = 0
    for action in read_job(job):
        match action:
            case Feed():
                rows += action.rows
            case Raster():
                rows += action.height * action.down
            case Code():
                rows += action.dots * _MODULES
    return rows
