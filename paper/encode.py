"""A ticket as the bytes a thermal printer takes (ESC/POS). Moving them is the drivers' part."""

import shutil
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import msgspec
from PIL import Image, ImageChops

from config.settings import KioskBox
from paper.blocks import QrCode
from paper.composing import compose
from paper.drawing import Part, draw
from paper.layout import (
    Block,
    Footer,
    Header,
    Hotline,
    Layout,
    Offline,
    Papers,
    Qr,
    Service,
    built_in_layouts,
    load_layouts,
)
from paper.ticket import Ticket

_LEAST = 24
"""Smaller type is drawn row by row and takes more bytes, not fewer."""

Tighter = Callable[[Layout], Layout]


def _smaller(kind: type[Service], factor: float) -> Tighter:
    def change(block: Any) -> Any:  # noqa: ANN401 - one of the blocks
        sizes = {dots: max(_LEAST, round(size * factor)) for dots, size in block.size.items()}
        return msgspec.structs.replace(block, size=sizes)

    return _each(kind, change)


def _with(kind: type[Block], **changes: object) -> Tighter:
    return _each(kind, lambda block: msgspec.structs.replace(block, **changes))


def _fewer_lines(kind: type[Header | Service | Papers | Offline | Footer], lines: int) -> Tighter:
    return _each(kind, lambda block: msgspec.structs.replace(block, lines=min(lines, block.lines)))


def _without(kind: type[Block]) -> Tighter:
    return _each(kind, lambda _block: None)


def _each(kind: type[Block], change: Callable[[Any], Any]) -> Tighter:
    def tighter(layout: Layout) -> Layout:
        changed = [change(each) if isinstance(each, kind) else each for each in layout.blocks]
        return msgspec.structs.replace(layout, blocks=tuple(each for each in changed if each))

    return tighter


TIGHTER: tuple[tuple[str, Tighter], ...] = (
    ("service in smaller type", _smaller(Service, 0.8)),
    ("service in smaller type", _smaller(Service, 0.8)),
    ("header on 2 lines at most", _fewer_lines(Header, 2)),
    ("footer on 2 lines at most", _fewer_lines(Footer, 2)),
    ("papers on 1 line each at most", _fewer_lines(Papers, 1)),
    ("footer on 1 line at most", _fewer_lines(Footer, 1)),
    ("header on 1 line at most", _fewer_lines(Header, 1)),
    ("no more than 4 papers", _with(Papers, most=4)),
    ("service on 1 line at most", _fewer_lines(Service, 1)),
    ("no footer", _without(Footer)),
    ("no hotline", _without(Hotline)),
    ("no more than 2 papers", _with(Papers, most=2)),
    ("the place without the centre", _with(Header, show=("place",))),
    ("no words above the code", _with(Qr, size=None)),
    ("no papers", _without(Papers)),
    ("1 line at most for what is offline", _fewer_lines(Offline, 1)),
)
"""In this order; each is added to those before."""


BAND_ROWS = 128
"""The most rows sent in one command: a printer that stalls in the middle loses little."""
_CENTRED = b"\x1ba\x01"
_FEED = b"\x1bJ"
_FEED_MOST = 255
_PROFILE = "TM-T20II"
"""A profile of 576 dots, the widest paper: python-escpos checks the width against it."""
_QR_LEVEL_M = 1


class Printer(Protocol):
    """As much of a printer as its papers depend on."""

    @property
    def name(self) -> str:
        """The name by which the box's settings call it."""

    @property
    def dots(self) -> int:
        """The dots of one row."""


def encoder_of(box: KioskBox) -> Callable[[Ticket, Printer], bytes]:
    """Return what encodes tickets for the printers of `box`, in its layouts.

    Raises ConfigError when one of its layouts cannot be used.
    """
    layouts = load_layouts(box)

    def encode(ticket: Ticket, printer: Printer) -> bytes:
        return encode_layout(ticket, printer.dots, layouts.choose(ticket, printer.name)).job

    return encode


def encode_as_built_in(ticket: Ticket, printer: Printer) -> bytes:
    """Return the print job of `ticket` in the layouts that ship with the product."""
    return encode_ticket(ticket, printer.dots)


def encode_ticket(ticket: Ticket, dots: int, *, slow: bool = False) -> bytes:
    """Return the whole print job of `ticket` for a printer with `dots` in a row, as built in."""
    layouts = built_in_layouts()
    layout = layouts.short if slow else layouts.choose(ticket)
    return encode_layout(ticket, dots, layout).job


@dataclass(frozen=True, slots=True)
class Encoded:
    """A print job, and what was given up to keep it small."""

    job: bytes
    given_up: tuple[str, ...] = ()


def encode_layout(ticket: Ticket, dots: int, layout: Layout) -> Encoded:
    """Return the print job of `ticket` in one `layout`, never more bytes than that allows.

    What has longer texts than its line should carry gives up, in this order, large type, then
    lines, then what a citizen can do without: no more steps of that than it must.
    """
    job = _encoded(ticket, dots, layout)
    budget = layout.budget(dots)
    if budget is None or len(job) <= budget:
        return Encoded(job)
    layouts = [layout]
    for _, tighter in TIGHTER:
        layouts.append(tighter(layouts[-1]))
    jobs: dict[int, bytes] = {}

    def fits(step: int) -> bool:
        jobs[step] = _encoded(ticket, dots, layouts[step])
        return len(jobs[step]) <= budget

    steps = range(1, len(layouts))
    step = min(1 + bisect_left(steps, True, key=fits), len(TIGHTER))
    composed = [compose(ticket, each, dots) for each in layouts[: step + 1]]
    given_up = [TIGHTER[at][0] for at in range(step) if composed[at] != composed[at + 1]]
    return Encoded(jobs.get(step) or _encoded(ticket, dots, layouts[step]), tuple(given_up))


def _encoded(ticket: Ticket, dots: int, layout: Layout) -> bytes:
    return encode(draw(compose(ticket, layout, dots), dots))


def encode(parts: Iterable[Part]) -> bytes:
    """Return the print job of `parts`: initialised, everything centred, cut at the end."""
    escpos = _dummy()
    escpos.hw("INIT")
    job = [_taken(escpos), _CENTRED]
    for part in parts:
        if isinstance(part, QrCode):
            escpos.qr(part.content, ec=_QR_LEVEL_M, size=part.dots, native=True)
            job.append(_taken(escpos))
        else:
            job += _rows(escpos, part)
    escpos.cut(mode="PART", feed=False)
    return b"".join((*job, _taken(escpos)))


def _rows(escpos: Any, image: Image.Image) -> Iterator[bytes]:  # noqa: ANN401 - untyped library
    """Yield runs of rows with ink as rasters, blank rows as paper feed."""
    ink = ImageChops.invert(image.convert("L"))
    printed = 0
    for top, bottom in _runs(ink):
        yield _feed(top - printed)
        band, wide, tall = _smallest(ink.crop((0, top, ink.width, bottom)))
        escpos.image(
            ImageChops.invert(band),
            high_density_horizontal=not wide,
            high_density_vertical=not tall,
            fragment_height=BAND_ROWS,
        )
        yield _taken(escpos)
        printed = bottom
    yield _feed(image.height - printed)


def _runs(ink: Image.Image) -> Iterator[tuple[int, int]]:
    """Yield the first row with ink and the first blank one below it, again and again."""
    _, inked = ink.getprojection()
    top = None
    for y, has_ink in enumerate((*inked, 0)):
        if has_ink and top is None:
            top = y
        elif not has_ink and top is not None:
            yield top, y
            top = None


def _smallest(run: Image.Image) -> tuple[Image.Image, bool, bool]:
    """Return `run` trimmed, at half its width and height where the printer can double it back."""
    narrow = _halved(_trimmed(run, 16), 2, 1)
    smallest = narrow or _trimmed(run, 8)
    low = _halved(smallest, 1, 2)
    return low or smallest, narrow is not None, low is not None


def _trimmed(run: Image.Image, step: int) -> Image.Image:
    """Return `run` without the blank dots that both its edges share, its width in whole steps."""
    left, _, right, _ = run.getbbox() or (0, 0, run.width, 0)
    margin = 2 * min(left, run.width - right) // step * step // 2
    return run.crop((margin, 0, run.width - margin, run.height))


def _halved(run: Image.Image, across: int, down: int) -> Image.Image | None:
    """Return every second dot of `run`, or None if doubling those would not give `run` again."""
    if run.width % across or run.height % down:
        return None
    size = (run.width // across, run.height // down)
    half = run.resize(size, Image.Resampling.NEAREST)
    doubled = half.resize(run.size, Image.Resampling.NEAREST)
    return half if doubled.tobytes() == run.tobytes() else None


def _feed(rows: int) -> bytes:
    whole, rest = divmod(rows, _FEED_MOST)
    return (_FEED + bytes([_FEED_MOST])) * whole + (_FEED + bytes([rest]) if rest else b"")


def _taken(escpos: Any) -> bytes:  # noqa: ANN401
    output: bytes = escpos.output
    escpos.clear()
    return output


def _dummy() -> Any:  # noqa: ANN401
    """Return a python-escpos printer that only collects bytes."""
    return _dummy_class()(profile=_PROFILE)


@cache
def _dummy_class() -> Any:  # noqa: ANN401
    """Import python-escpos, which takes 0.3 s, on first use.

    Version 3.1 leaves a new temporary directory behind on every import, whatever
    ESCPOS_CAPABILITIES_PICKLE_DIR says; nothing reads it after the import.
    """
    from escpos import capabilities  # noqa: PLC0415
    from escpos.printer import Dummy  # noqa: PLC0415

    shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
    return Dummy
