"""Draw blocks in black dots: smooth type cut at a threshold, never dithered."""

from collections.abc import Callable, Iterable
from typing import assert_never

from PIL import Image, ImageDraw

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
from paper.lettering import COARSE_FROM, Font, clean, fit_line, fit_lines, font

Part = Image.Image | QrCode
"""Rows of dots (mode "1", as wide as the paper), or a code that the printer itself draws."""

_WHITE = 255
_BLACK = 0
_INKED = 111
"""How much of a dot, or of a pair of them, must be covered of 255 to print it.

Chosen by how well a foreign reader reads the marks of our letters (`benchmarks.reading`): more, up
to 140, keeps the dot of an i apart, but only 60 to 85 % of the marked letters came back then, at
this value 90 to 97 %.
"""
_PARAGRAPH_PITCH = 1.34
_ROW_PITCH = 1.5
_CAP_HEIGHT = 0.7
_ABOVE, _BELOW = 1.5, 0.75
"""How far the letters of a line may reach from its baseline, in sizes of type."""
_INDENT = 0.8
_BETWEEN = 0.8
"""The least room between a label and its value."""
_DASH = 6
_DASH_PERIOD = 10
_RULE_HEIGHT = 2
_LONGEST_NUMBER = 12

_Paint = Callable[[ImageDraw.ImageDraw], None]
_Stroke = Callable[[Image.Image], None]


def draw(blocks: Iterable[Block], dots: int) -> tuple[Part, ...]:
    """Return `blocks` drawn on paper `dots` wide, from top to bottom."""
    parts: list[Part] = []
    sheet = _Sheet(dots)
    for block in blocks:
        if isinstance(block, QrCode):
            parts += [sheet.image(), block]
            sheet = _Sheet(dots)
        else:
            sheet.add(block)
    return (*parts, sheet.image())


class _Sheet:
    """Paper that grows downwards; strokes are drawn when its height is known.

    What is coarse, drawn in pairs of rows, begins on even rows.
    """

    def __init__(self, dots: int) -> None:
        self._dots = dots
        self._margin = dots // 48 * 2
        self._width = dots - 2 * self._margin
        self._y = 0
        self._strokes: list[_Stroke] = []

    def image(self) -> Image.Image:
        """Return what was added, in black and white."""
        sheet = Image.new("1", (self._dots, self._y), _WHITE)
        for stroke in self._strokes:
            stroke(sheet)
        return sheet

    def add(self, block: Paragraph | Number | Mark | Rows | Items | Rule | Gap) -> None:
        """Draw `block` below what there is."""
        match block:
            case Paragraph():
                self._paragraph(block)
            case Number():
                self._number(block)
            case Mark():
                self._mark(block)
            case Rows():
                self._rows(block)
            case Items():
                self._items(block)
            case Rule():
                self._rule()
            case Gap(height):
                self._y += height
            case _:
                assert_never(block)

    def _paragraph(self, block: Paragraph) -> None:
        cut, lines = fit_lines(block.text, block.face, block.size, self._width, block.lines)
        for line in lines:
            self._line(self._dots / 2, line, cut, "ms")

    def _items(self, block: Items) -> None:
        indent = round(block.size * _INDENT)
        items = [
            fit_lines(text, Face.REGULAR, block.size, self._width - indent, block.lines)
            for text in block.texts
        ]
        lengths = [cut.getlength(line) for cut, lines in items for line in lines]
        left = (self._dots - indent - max(lengths, default=0)) / 2
        for cut, lines in items:
            for count, line in enumerate(lines):
                if count == 0:
                    self._text(left, self._y + cut.size, "•", cut, "ls")
                self._line(left + indent, line, cut, "ls")

    def _rows(self, block: Rows) -> None:
        """Set all rows alike: as wide and as small as the longest needs."""
        facts = [(clean(label), clean(value)) for label, value in block.facts]
        plain, bold = font(Face.REGULAR, block.size), font(Face.BOLD, block.size)
        between = block.size * _BETWEEN
        lengths = (plain.getlength(label) + bold.getlength(value) for label, value in facts)
        needed = max(lengths, default=0) + between
        size = int(block.size * min(1.0, self._width / needed))
        left = (self._dots - min(self._width, max(block.width, needed))) / 2
        plain, bold = font(Face.REGULAR, size), font(Face.BOLD, size)
        for label, value in facts:
            baseline = self._y + block.size * 1.1
            self._text(left, baseline, label, plain, "ls")
            self._text(self._dots - left, baseline, value, bold, "rs")
            self._y += self._even(block.size * _ROW_PITCH)

    def _mark(self, block: Mark) -> None:
        text = clean(block.text)
        cut = fit_line(text, Face.BOLD, block.size, self._width - block.size * 1.4)
        height = round(block.size * 0.75) * 2
        left = round((self._dots - cut.getlength(text) - block.size * 1.4) / 2)
        box = (left, 0, self._dots - left - 1, height - 1)
        fill = _WHITE if block.solid else None
        coarse = cut.size >= COARSE_FROM
        top = self._even(self._y) if coarse else self._y
        self._ink(
            top,
            height,
            lambda pen: pen.rounded_rectangle(box, 9, fill=fill, outline=_WHITE, width=3),
            coarse=coarse,
        )
        baseline = top + (height + cut.size * _CAP_HEIGHT) / 2
        self._text(self._dots / 2, baseline, text, cut, "ms", white=block.solid)
        self._y = top + height

    def _number(self, block: Number) -> None:
        """Draw at half size and double every dot: a quarter of the bytes, on digits 17 mm tall."""
        text = clean(block.text)[:_LONGEST_NUMBER]
        cut = fit_line(text, Face.NUMBER, block.size // 2, self._dots // 2 - self._margin)
        left, top, right, bottom = cut.getbbox(text)
        if bottom <= top:
            return
        half = Image.new("L", (self._dots // 2, round(bottom - top)), _BLACK)
        corner = ((half.width - right - left) / 2, -top)
        ImageDraw.Draw(half).text(corner, text, font=cut, fill=_WHITE)
        doubled = _inked(half, (self._dots, half.height * 2))
        y = self._y
        self._strokes.append(lambda sheet: sheet.paste(_BLACK, (0, y), doubled))
        self._y += doubled.height

    def _rule(self) -> None:
        top, bottom = self._y, self._y + _RULE_HEIGHT - 1
        starts = range(self._margin, self._dots - self._margin, _DASH_PERIOD)

        def dashes(sheet: Image.Image) -> None:
            pen = ImageDraw.Draw(sheet)
            for x in starts:
                pen.rectangle((x, top, x + _DASH - 1, bottom), fill=_BLACK)

        self._strokes.append(dashes)
        self._y += _RULE_HEIGHT

    def _line(self, x: float, text: str, cut: Font, anchor: str) -> None:
        self._text(x, self._y + cut.size, text, cut, anchor)
        self._y += self._even(cut.size * _PARAGRAPH_PITCH)

    def _text(
        self, x: float, baseline: float, text: str, cut: Font, anchor: str, *, white: bool = False
    ) -> None:
        coarse = cut.size >= COARSE_FROM
        above, below = self._even(cut.size * _ABOVE), self._even(cut.size * _BELOW)
        on = self._even(baseline) if coarse else round(baseline)
        at = (round(x), above)
        self._ink(
            on - above,
            above + below,
            lambda pen: pen.text(at, text, font=cut, fill=_WHITE, anchor=anchor),
            coarse=coarse,
            white=white,
        )

    def _ink(
        self,
        top: int,
        height: int,
        paint: _Paint,
        *,
        coarse: bool,
        white: bool = False,
    ) -> None:
        """Ink what `paint` covers of `height` rows below `top`; where `coarse`, rows in pairs."""

        def stroke(sheet: Image.Image) -> None:
            cover = Image.new("L", (self._dots, height), _BLACK)
            paint(ImageDraw.Draw(cover))
            rows = cover.reduce((1, 2)) if coarse else cover
            sheet.paste(_WHITE if white else _BLACK, (0, top), _inked(rows, cover.size))

        self._strokes.append(stroke)

    @staticmethod
    def _even(value: float) -> int:
        return int(value / 2 + 0.5) * 2


def _inked(cover: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return the dots that are covered enough, each for itself, as many times as `size` takes."""
    dots = cover.point(lambda covered: _WHITE if covered >= _INKED else _BLACK)
    return dots.convert("1", dither=Image.Dither.NONE).resize(size, Image.Resampling.NEAREST)
