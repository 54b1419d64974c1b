"""From a ticket and a layout to what is drawn: each block says its part, or nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import assert_never

import hall.words
from bus.paper_code import shown_code
from bus.vocabulary import TicketClass
from paper import layout as wanted
from paper.blocks import (
    Block,
    Face,
    Gap,
    Items,
    Mark,
    Number,
    Paragraph,
    QrCode,
    Rows,
    Rule,
)
from paper.layout import Layout, Width
from paper.ticket import Section, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Every fixed text of a ticket in one language."""

    your_number: str
    your_code: str
    marks: dict[TicketClass, str]
    copy: str
    file: str
    ahead: str
    nobody: str
    one_person: str
    people: str
    wait: str
    wait_below: str
    minutes: str
    below: str
    taken_at: str
    printed_at: str
    papers: str
    scan: str
    code: str
    type_at: str
    offline: str
    fetch: str
    hotline: str

    def people_ahead(self, count: int) -> str:
        """Return how many stand before, in words."""
        if count == 0:
            return self.nobody
        return self.one_person if count == 1 else self.people.format(count)

    def wait_range(self, wait_min: tuple[int, int]) -> tuple[str, str]:
        """Return the label and the range of a wait in minutes."""
        low, high = wait_min
        if low == 0:
            return self.wait_below, self.below.format(max(high, 1))
        shown = str(low) if low == high else f"{low}–{high}"
        return self.wait, self.minutes.format(shown)


@cache
def words(lang: str) -> Words:
    """Return the words of `lang`, by the catalogue."""
    t = hall.words.Words(lang)
    return Words(
        your_number=t.of("paper", "Số thứ tự của quý vị"),
        your_code=t.of("paper", "Mã hẹn của quý vị"),
        marks={
            TicketClass.PRIORITY: t.of("paper", "ƯU TIÊN"),
            TicketClass.APPOINTMENT: t.of("paper", "CÓ HẸN"),
        },
        copy=t.of("paper", "BẢN IN LẠI"),
        file=t.of("paper", "KÈM HỒ SƠ"),
        ahead=t.of("paper", "Trước quý vị"),
        nobody=t.of("paper", "không có ai"),
        one_person=t.of("paper", "1 người"),
        people=t.of("paper", "{} người"),
        wait=t.of("paper", "Chờ khoảng"),
        wait_below=t.of("paper", "Thời gian chờ"),
        minutes=t.of("paper", "{} phút"),
        below=t.of("paper", "dưới {} phút"),
        taken_at=t.of("paper", "Lấy số lúc"),
        printed_at=t.of("paper", "In lúc"),
        papers=t.of("paper", "Mời quý vị chuẩn bị"),
        scan=t.of("paper", "Quét mã theo dõi lượt"),
        code=t.of("paper", "Mã {}"),
        type_at=t.of("paper", "hoặc mở {}, nhập số và mã"),
        fetch=t.of("paper", "Cán bộ sẽ đến mời quý vị tại chỗ."),
        offline=t.of("paper", "Hệ thống đang tạm gián đoạn, số này vẫn có giá trị."),
        hotline=t.of("paper", "Đường dây nóng: {}"),
    )


_FETCH = wanted.Fetch(size={576: 32, 512: 30, 384: 26})
_LONGEST_CODE = 213
"""Bytes: what fits a code of 57 modules, which at 6 dots each fits the narrowest paper."""


_WHOLE = 40
"""Lines enough for the longest text of a procedure in the largest type."""


def compose(ticket: Ticket, layout: Layout, dots: int) -> tuple[Block, ...]:
    """Return the blocks of `ticket` on paper of 576, 512 or 384 dots."""
    blocks = layout.blocks
    if not any(isinstance(block, wanted.Fetch) for block in blocks):
        blocks = (*blocks, _FETCH)
    return tuple(_settled(part for block in blocks for part in _said(block, ticket, dots)))


def _said(block: wanted.Block, ticket: Ticket, dots: int) -> Iterator[Block]:
    if isinstance(block, wanted.Gap):
        yield Gap(_at(block.dots, dots))
    elif isinstance(block, wanted.Rule):
        yield from (Gap(_at(block.gap, dots)), Rule(), Gap(_at(block.gap, dots)))
    elif isinstance(block, wanted.Qr):
        yield from _code(block, ticket, dots)
    elif isinstance(block, wanted.Code):
        if ticket.code and (size := _at(block.size, dots)):
            said = words(ticket.lang).code.format(shown_code(ticket.code))
            yield Paragraph(said, size, Face.BOLD)
    elif size := _at(block.size, dots):
        if isinstance(block, wanted.Sections):
            for section in ticket.sections:
                yield from _section(section, size)
        elif isinstance(block, wanted.HeadBlock):
            yield from _head(block, ticket, size)
        else:
            yield from _body(block, ticket, size, dots)


def _head(block: wanted.HeadBlock, ticket: Ticket, size: int) -> Iterator[Block]:
    text = words(ticket.lang)
    match block:
        case wanted.Header():
            for name in _names(block, ticket):
                yield Paragraph(name, size, Face.BOLD, block.lines)
        case wanted.Copy():
            what = ((text.file, ticket.file), (text.copy, ticket.copy))
            yield from (Mark(mark, size, solid=True) for mark, marked in what if marked)
        case wanted.Caption() | wanted.Number() if ticket.notice:
            pass
        case wanted.Caption():
            yield Paragraph(text.your_code if ticket.slip else text.your_number, size)
        case wanted.Number():
            yield Number(ticket.number, size)
        case wanted.Service():
            yield Paragraph(ticket.service, size, Face.BOLD, block.lines)
        case wanted.ClassMark():
            if mark := text.marks.get(ticket.ticket_class):
                yield Mark(mark, size)
        case _:
            assert_never(block)


def _body(  # noqa: C901 - one case each
    block: wanted.BodyBlock, ticket: Ticket, size: int, dots: int
) -> Iterator[Block]:
    text = words(ticket.lang)
    match block:
        case wanted.Facts():
            yield from _rows(_facts(ticket, block.show), size, _at(block.width, dots))
        case wanted.Time():
            taken = _taken_at(ticket)
            yield Paragraph(f"{text.printed_at} {taken}" if ticket.slip else taken, size, Face.BOLD)
        case wanted.Papers():
            if ticket.papers:
                yield Paragraph(text.papers, size, Face.BOLD)
                yield Items(ticket.papers[: block.most], size, block.lines)
        case wanted.Offline():
            if ticket.offline:
                yield Paragraph(text.offline, size, lines=block.lines)
        case wanted.Fetch():
            if ticket.fetch:
                yield Paragraph(text.fetch, size, Face.BOLD, block.lines)
        case wanted.Footer():
            yield from (Paragraph(line, size, lines=block.lines) for line in ticket.footer)
        case wanted.Hotline():
            if ticket.hotline:
                yield Paragraph(text.hotline.format(ticket.hotline), size)
        case _:
            assert_never(block)


def _section(section: Section, size: int) -> Iterator[Block]:
    yield Gap(size // 2)
    yield Paragraph(section.heading, size, Face.BOLD, _WHOLE)
    if section.listed:
        yield Items(section.lines, size, _WHOLE)
    else:
        yield from (Paragraph(line, size, lines=_WHOLE) for line in section.lines)


def _names(block: wanted.Header, ticket: Ticket) -> Iterator[str]:
    for part in block.show:
        name = ticket.centre if part == "centre" else ticket.place
        yield name.upper() if block.capitals else name


def _rows(facts: Iterable[tuple[str, str]], size: int, width: int) -> Iterator[Block]:
    if known := tuple(facts):
        yield Rows(known, size, width)


def _facts(ticket: Ticket, show: Iterable[str]) -> Iterator[tuple[str, str]]:
    text = words(ticket.lang)
    for fact in show:
        if fact == "ahead" and ticket.ahead is not None:
            yield text.ahead, text.people_ahead(ticket.ahead)
        elif fact == "wait" and ticket.wait_min is not None:
            yield text.wait_range(ticket.wait_min)
        elif fact == "taken_at":
            label = text.printed_at if ticket.notice or ticket.slip else text.taken_at
            yield label, _taken_at(ticket)


def _taken_at(ticket: Ticket) -> str:
    return f"{ticket.issued_at:%H:%M · %d/%m/%Y}"


def _code(block: wanted.Qr, ticket: Ticket, dots: int) -> Iterator[Block]:
    module = _at(block.dots, dots)
    if not module or not ticket.qr or not ticket.qr.isascii() or len(ticket.qr) > _LONGEST_CODE:
        return
    if block.size and (size := _at(block.size, dots)):
        yield Paragraph(words(ticket.lang).scan, size)
        yield Gap(size // 2)
    yield QrCode(ticket.qr, module)
    if ticket.code and block.address and (size := _at(block.address, dots)):
        where = ticket.qr.partition("://")[2].rpartition("/")[0]
        yield Gap(size // 2)
        yield Paragraph(words(ticket.lang).type_at.format(where), size, lines=3)


def _settled(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield `blocks` with one gap where several meet, and rules only between two things."""
    above = below = 0
    ruled = begun = False
    for block in blocks:
        if isinstance(block, Gap):
            if ruled:
                below = max(below, block.height)
            else:
                above = max(above, block.height)
        elif isinstance(block, Rule):
            ruled = True
        else:
            if ruled and begun:
                yield from (Gap(above), Rule(), Gap(below))
            elif above or below:
                yield Gap(max(above, below))
            yield block
            above = below = 0
            ruled, begun = False, True
    if above or below:
        yield Gap(max(above, below))


def _at(lengths: Mapping[Width, int], dots: int) -> int:
    """Return the length on paper of `dots`, 0 where none is named."""
    return next((length for width, length in lengths.items() if width == dots), 0)
