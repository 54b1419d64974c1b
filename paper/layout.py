"""The layout of a ticket as data: which blocks stand in which order, in which sizes.

A layout is a TOML file. Sizes are dots (8 to a millimetre) by the width of the paper: 576 and 512
are 80 mm, 384 is 58 mm. A block that names no size for a width is left out there, and so is one
that has nothing to say; gaps that then meet count once, the larger of them, and so do rules.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, field

from config.errors import ConfigError
from config.load import read_settings
from config.settings import KioskBox, Printer, SerialPrinter, Settings
from paper.ticket import Ticket

NAMES = ("standard", "large", "short")
SLOW_BAUD = 19200
"""Serial lines up to this speed get the short ticket."""

Width = Literal[384, 512, 576]
TypeSizes = Annotated[dict[Width, Annotated[int, Meta(ge=16, le=96)]], Meta(min_length=1)]
"""The height of type by width of paper. Type of 24 dots and more takes half its bytes."""
Lengths = Annotated[dict[Width, Annotated[int, Meta(ge=0, le=576)]], Meta(min_length=1)]
Lines = Annotated[int, Meta(ge=1, le=6)]


class Header(Settings, frozen=True, kw_only=True, tag_field="block", tag="header"):
    """Whose ticket this is."""

    size: TypeSizes
    show: tuple[Literal["centre", "place"], ...] = ("centre", "place")
    capitals: bool = True
    lines: Lines = 3


class Copy(Settings, frozen=True, kw_only=True, tag_field="block", tag="copy"):
    """BẢN IN LẠI, on copies alone. A layout without it cannot be used."""

    size: TypeSizes


class Caption(Settings, frozen=True, kw_only=True, tag_field="block", tag="caption"):
    """What the number is."""

    size: TypeSizes


class Number(Settings, frozen=True, kw_only=True, tag_field="block", tag="number"):
    """The number, as large as the paper allows."""

    size: Annotated[dict[Width, Annotated[int, Meta(ge=48, le=400)]], Meta(min_length=1)]


class Code(Settings, frozen=True, kw_only=True, tag_field="block", tag="code"):
    """What is typed beside the number to find its web page, where citizens can reach one."""

    size: TypeSizes


class Service(Settings, frozen=True, kw_only=True, tag_field="block", tag="service"):
    """What the citizen came for."""

    size: TypeSizes
    lines: Lines = 2


class ClassMark(Settings, frozen=True, kw_only=True, tag_field="block", tag="class"):
    """ƯU TIÊN or CÓ HẸN, on such tickets alone."""

    size: TypeSizes


class Facts(Settings, frozen=True, kw_only=True, tag_field="block", tag="facts"):
    """Rows of a label and a value; what nobody knows is left out."""

    size: TypeSizes
    width: Lengths
    show: tuple[Literal["ahead", "wait", "taken_at"], ...] = ("ahead", "wait", "taken_at")


class Time(Settings, frozen=True, kw_only=True, tag_field="block", tag="time"):
    """When the number was taken, without a label."""

    size: TypeSizes


class Papers(Settings, frozen=True, kw_only=True, tag_field="block", tag="papers"):
    """What to have ready for the service, where the centre says so."""

    size: TypeSizes
    lines: Lines = 2
    most: Annotated[int, Meta(ge=1, le=20)] = 8
    """The most papers that are named."""


class Qr(Settings, frozen=True, kw_only=True, tag_field="block", tag="qr"):
    """The code that leads to the ticket's web page, where citizens can reach one."""

    dots: Annotated[dict[Width, Annotated[int, Meta(ge=3, le=8)]], Meta(min_length=1)]
    """The width of one module; 4 dots are 0.5 mm."""
    size: TypeSizes | None = None
    """The words above it; without a size they are left out."""
    address: TypeSizes | None = None
    """Where number and code can be typed instead; without a size it is left out."""


class Offline(Settings, frozen=True, kw_only=True, tag_field="block", tag="offline"):
    """That the number counts although the system is down, on such tickets alone."""

    size: TypeSizes
    lines: Lines = 3


class Fetch(Settings, frozen=True, kw_only=True, tag_field="block", tag="fetch"):
    """That somebody goes to the person, on such tickets alone.

    A layout without it says so below all else: who cannot hear or see a call relies on it.
    """

    size: TypeSizes
    lines: Lines = 3


class Sections(Settings, frozen=True, kw_only=True, tag_field="block", tag="sections"):
    """What a procedure needs, part by part; only on such papers, and never cut."""

    size: TypeSizes


class Footer(Settings, frozen=True, kw_only=True, tag_field="block", tag="footer"):
    """The centre's own lines."""

    size: TypeSizes
    lines: Lines = 3


class Hotline(Settings, frozen=True, kw_only=True, tag_field="block", tag="hotline"):
    """The centre's telephone number, if it has one."""

    size: TypeSizes


class Gap(Settings, frozen=True, kw_only=True, tag_field="block", tag="gap"):
    """Blank paper."""

    dots: Lengths


class Rule(Settings, frozen=True, kw_only=True, tag_field="block", tag="rule"):
    """A dashed line across the paper, with a gap above and below."""

    gap: Lengths


HeadBlock = Header | Copy | Caption | Number | Service | ClassMark
BodyBlock = Facts | Time | Papers | Offline | Fetch | Footer | Hotline
Block = HeadBlock | BodyBlock | Sections | Code | Qr | Gap | Rule


class Layout(Settings, frozen=True, kw_only=True):
    """The blocks of a ticket, top to bottom."""

    blocks: Annotated[tuple[Block, ...], Meta(min_length=1, max_length=60)]
    most_bytes: dict[Width, Annotated[int, Meta(ge=4000)]] = field(
        default_factory=lambda: {576: 14_000, 512: 12_500, 384: 9_000}
    )
    """The most bytes of a ticket by width of paper; with longer texts it says less."""

    def budget(self, dots: int) -> int | None:
        """Return the most bytes on paper of `dots`, None for as many as it takes."""
        return next((most for width, most in self.most_bytes.items() if width == dots), None)

    def missing(self, dots: int) -> str | None:
        """Return which block no ticket can do without has no size for paper of `dots`, if any."""
        for kind, name in ((Number, "number"), (Copy, "copy")):
            sizes = [block.size for block in self.blocks if isinstance(block, kind)]
            if not any(dots in size for size in sizes):
                return name
        return None


@dataclass(frozen=True, slots=True)
class Layouts:
    """The layouts a box prints with."""

    standard: Layout
    large: Layout
    short: Layout
    slow: frozenset[str] = frozenset()
    """The names of printers on a slow line: the usual ticket would take many seconds."""

    def choose(self, ticket: Ticket, printer: str = "") -> Layout:
        """Return the layout of `ticket` on the printer of that name."""
        if ticket.slip:
            return slip_layout()
        if ticket.sections:
            return checklist_layout(large=ticket.large)
        if printer in self.slow:
            return self.short
        return self.large if ticket.large else self.standard


def load_layout(path: Path, widths: Iterable[int] = ()) -> Layout:
    """Return the layout of a file, fit for paper of all `widths`; raises ConfigError."""
    layout = read_settings(path, Layout)
    for dots in widths:
        missing = layout.missing(dots)
        if missing:
            raise ConfigError(
                f"{path}: no block {missing!r} with a size for paper of {dots} dots - at $.blocks"
            )
    return layout


def load_layouts(box: KioskBox) -> Layouts:
    """Return the layouts of a box, the built-in ones where it has none of its own.

    Raises ConfigError.
    """
    widths = {printer.dots for printer in box.printers}

    def named(name: str, path: str) -> Layout:
        return load_layout(Path(path) if path else _built_in(name), widths)

    return Layouts(
        standard=named("standard", box.layouts.standard),
        large=named("large", box.layouts.large),
        short=named("short", box.layouts.short),
        slow=frozenset(printer.name for printer in box.printers if is_slow(printer)),
    )


def is_slow(printer: Printer) -> bool:
    """Return whether a printer gets the short ticket."""
    return isinstance(printer, SerialPrinter) and printer.baud <= SLOW_BAUD


@cache
def built_in_layouts() -> Layouts:
    """Return the layouts that ship with the product."""
    standard, large, short = (load_layout(_built_in(name)) for name in NAMES)
    return Layouts(standard, large, short)


@cache
def checklist_layout(*, large: bool) -> Layout:
    """Return the layout of the list of what to bring."""
    return load_layout(_built_in("checklist-large" if large else "checklist"))


@cache
def slip_layout() -> Layout:
    """Return the layout of the slip of an appointment."""
    return load_layout(_built_in("slip"))


def _built_in(name: str) -> Path:
    return Path(__file__).parent / "layouts" / f"{name}.toml"
