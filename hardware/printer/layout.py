"""The ticket as a list of blocks, top to bottom: what stands where, before any dot is drawn."""

from dataclasses import dataclass
from enum import StrEnum

from hardware.printer.ticket import Ticket
from hardware.printer.wording import Words, words


class Face(StrEnum):
    """The cuts of type a ticket uses."""

    REGULAR = "regular"
    BOLD = "bold"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Centred text, wrapped at words."""

    text: str
    size: int
    face: Face = Face.REGULAR


@dataclass(frozen=True, slots=True)
class Number:
    """The ticket's number, as large as fits."""

    text: str
    size: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A word in a box; `solid` is white on black."""

    text: str
    size: int
    solid: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A label on the left and its value on the right."""

    label: str
    value: str
    size: int
    width: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A dashed line across the paper."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Blank paper."""

    height: int


@dataclass(frozen=True, slots=True)
class QrCode:
    """A code the printer itself draws, in the middle."""

    content: str


Block = Paragraph | Number | Mark | Row | Rule | Gap | QrCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """The sizes of type and gaps, in dots, for one width of paper."""

    heading: int
    caption: int
    number: int
    service: int
    mark: int
    row: int
    row_width: int
    note: int
    gap: int


_SIZES = {
    576: Sizes(
        heading=24,
        caption=24,
        number=186,
        service=40,
        mark=28,
        row=26,
        row_width=416,
        note=22,
        gap=18,
    ),
    512: Sizes(
        heading=23,
        caption=22,
        number=172,
        service=36,
        mark=25,
        row=24,
        row_width=400,
        note=20,
        gap=16,
    ),
    384: Sizes(
        heading=19,
        caption=19,
        number=132,
        service=30,
        mark=21,
        row=20,
        row_width=320,
        note=18,
        gap=13,
    ),
}


def lay_out(ticket: Ticket, dots: int) -> tuple[Block, ...]:
    """Return the blocks of `ticket` on paper of 576, 512 or 384 dots."""
    text, size = words(ticket.lang), _SIZES[dots]
    rule = (Gap(size.gap), Rule(), Gap(size.gap))
    return (
        *_heading(ticket, text, size),
        *rule,
        *_number(ticket, text, size),
        *rule,
        *_facts(ticket, text, size),
        *rule,
        *((*_code(ticket.qr, text, size), *rule) if ticket.qr else ()),
        *_footer(ticket, text, size),
    )


def _heading(ticket: Ticket, text: Words, size: Sizes) -> tuple[Block, ...]:
    copy = (Mark(text.copy, size.mark, solid=True), Gap(size.gap)) if ticket.copy else ()
    return (
        Gap(size.gap),
        *copy,
        Paragraph(ticket.centre.upper(), size.heading, Face.BOLD),
        Paragraph(ticket.place.upper(), size.heading, Face.BOLD),
    )


def _number(ticket: Ticket, text: Words, size: Sizes) -> tuple[Block, ...]:
    mark = text.marks.get(ticket.ticket_class)
    return (
        Paragraph(text.your_number, size.caption),
        Gap(2 * size.gap),
        Number(ticket.number, size.number),
        Gap(size.gap),
        Paragraph(ticket.service, size.service, Face.BOLD),
        *((Gap(size.gap // 3), Mark(mark, size.mark)) if mark else ()),
    )


def _facts(ticket: Ticket, text: Words, size: Sizes) -> tuple[Block, ...]:
    facts = []
    if ticket.ahead is not None:
        facts.append((text.ahead, text.people_ahead(ticket.ahead)))
    if ticket.wait_min is not None:
        facts.append(text.wait_range(ticket.wait_min))
    facts.append((text.taken_at, f"{ticket.issued_at:%H:%M · %d/%m/%Y}"))
    return tuple(Row(label, value, size.row, size.row_width) for label, value in facts)


def _code(content: str, text: Words, size: Sizes) -> tuple[Block, ...]:
    return (Paragraph(text.scan, size.caption), Gap(size.gap), QrCode(content))


def _footer(ticket: Ticket, text: Words, size: Sizes) -> tuple[Block, ...]:
    lines = [*ticket.footer]
    if ticket.offline:
        lines.insert(0, text.offline)
    if ticket.hotline:
        lines.append(text.hotline.format(ticket.hotline))
    return (*(Paragraph(line, size.note) for line in lines), Gap(size.gap))
