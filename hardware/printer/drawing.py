"""Draw blocks in black dots: smooth type cut at a threshold, never dithered."""

import unicodedata
from collections.abc import Callable, Iterable
from typing import assert_never

from PIL import Image, ImageDraw

from hardware.printer.fonts import Font, font
from hardware.printer.layout import Block, Face, Gap, Mark, Number, Paragraph, QrCode, Row, Rule
from hardware.printer.wrapping import wrap

Part = Image.Image | QrCode
"""Rows of dots (mode "1", as wide as the paper), or a code that the printer itself draws."""

_WHITE = 255
_BLACK = 0
_THRESHOLD = 144
_PARAGRAPH_PITCH = 1.34
_ROW_PITCH = 1.5
_CAP_HEIGHT = 0.7
_DASH = 6
_DASH_PERIOD = 10
_RULE_HEIGHT = 2

_Stroke = Callable[[Image.Image, ImageDraw.ImageDraw], None]


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
    """Paper that grows downwards; strokes are drawn when its height is known."""

    def __init__(self, dots: int) -> None:
        self._dots = dots
        self._margin = dots // 48 * 2
        self._y = 0
        self._strokes: list[_Stroke] = []

    def image(self) -> Image.Image:
        """Return what was added, in black and white."""
        grey = Image.new("L", (self._dots, self._y), _WHITE)
        pen = ImageDraw.Draw(grey)
        for stroke in self._strokes:
            stroke(grey, pen)
        return _cut(grey)

    def add(self, block: Paragraph | Number | Mark | Row | Rule | Gap) -> None:
        """Draw `block` below what there is."""
        match block:
            case Paragraph():
                self._paragraph(block)
            case Number():
                self._number(block)
            case Mark():
                self._mark(block)
            case Row():
                self._row(block)
            case Rule():
                self._rule()
            case Gap(height):
                self._y += height
            case _:
                assert_never(block)

    def _paragraph(self, block: Paragraph) -> None:
        cut = font(block.face, block.size)
        for line in wrap(_composed(block.text), self._dots - 2 * self._margin, cut.getlength):
            self._text((self._dots / 2, self._y + block.size), line, cut, "ms")
            self._y += round(block.size * _PARAGRAPH_PITCH)

    def _row(self, block: Row) -> None:
        left = (self._dots - block.width) / 2
        baseline = self._y + block.size * 1.1
        label, value = font(Face.REGULAR, block.size), font(Face.BOLD, block.size)
        self._text((left, baseline), block.label, label, "ls")
        self._text((self._dots - left, baseline), block.value, value, "rs")
        self._y += round(block.size * _ROW_PITCH)

    def _mark(self, block: Mark) -> None:
        cut = font(Face.BOLD, block.size)
        height = round(block.size * 1.5)
        left = round((self._dots - cut.getlength(block.text) - block.size * 1.4) / 2)
        box = (left, self._y, self._dots - left - 1, self._y + height - 1)
        ground, ink = (_BLACK, _WHITE) if block.solid else (_WHITE, _BLACK)
        self._strokes.append(
            lambda _, pen: pen.rounded_rectangle(box, 9, fill=ground, outline=_BLACK, width=3)
        )
        baseline = self._y + (height + block.size * _CAP_HEIGHT) / 2
        self._text((self._dots / 2, baseline), block.text, cut, "ms", ink)
        self._y += height

    def _number(self, block: Number) -> None:
        """Draw at half size and double every dot: a quarter of the bytes, on digits 17 mm tall."""
        cut = _largest(block.text, block.size // 2, self._dots // 2 - self._margin)
        left, top, right, bottom = cut.getbbox(block.text)
        half = Image.new("L", (self._dots // 2, round(bottom - top)), _WHITE)
        corner = ((half.width - right - left) / 2, -top)
        ImageDraw.Draw(half).text(corner, block.text, font=cut, fill=_BLACK)
        doubled = _cut(half).resize((self._dots, half.height * 2), Image.Resampling.NEAREST)
        y = self._y
        self._strokes.append(lambda grey, _: grey.paste(doubled, (0, y)))
        self._y += doubled.height

    def _rule(self) -> None:
        top, bottom = self._y, self._y + _RULE_HEIGHT - 1
        starts = range(self._margin, self._dots - self._margin, _DASH_PERIOD)

        def dashes(_: Image.Image, pen: ImageDraw.ImageDraw) -> None:
            for x in starts:
                pen.rectangle((x, top, x + _DASH - 1, bottom), fill=_BLACK)

        self._strokes.append(dashes)
        self._y += _RULE_HEIGHT

    def _text(
        self, at: tuple[float, float], text: str, cut: Font, anchor: str, ink: int = _BLACK
    ) -> None:
        dot = (round(at[0]), round(at[1]))
        self._strokes.append(
            lambda _, pen: pen.text(dot, _composed(text), font=cut, fill=ink, anchor=anchor)
        )


def _largest(text: str, size: int, width: int) -> Font:
    """Return the number's font at `size`, or smaller so that `text` is at most `width`."""
    length = font(Face.NUMBER, size).getlength(text)
    return font(Face.NUMBER, min(size, int(size * width / length)))


def _cut(grey: Image.Image) -> Image.Image:
    """Return `grey` in black and white, each dot for itself."""
    return grey.point(lambda value: _WHITE if value > _THRESHOLD else _BLACK).convert(
        "1", dither=Image.Dither.NONE
    )


def _composed(text: str) -> str:
    """Return letters and their marks as one character each: fonts place those best."""
    return unicodedata.normalize("NFC", text)
