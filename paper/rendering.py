"""Paper from bytes: what a printer would have printed, as a picture."""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import assert_never

import qrcode
from PIL import Image, ImageDraw, ImageFont
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError

from paper.reading import (
    Align,
    Characters,
    Code,
    Cut,
    Feed,
    Raster,
    Reset,
    read_job,
)

_WHITE = 255
_CHARACTER_ROWS = 24
_LONGEST = 20_000
"""Rows of paper a job may use: 2.5 m; garbage that feeds more is cut off there."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What came out: its picture, and the rows at which it was cut."""

    image: Image.Image
    cuts: tuple[int, ...]

    def png(self) -> bytes:
        """Return the picture as a PNG file."""
        file = BytesIO()
        self.image.save(file, "PNG")
        return file.getvalue()


def render(job: bytes, dots: int) -> Paper:
    """Return the paper that a printer with `dots` in a row makes of `job`."""
    roll = _Roll(dots)
    for action in read_job(job):
        match action:
            case Reset():
                roll.where = 0
            case Align(where):
                roll.where = where
            case Feed(rows):
                roll.y += rows
            case Raster():
                roll.print(_raster(action))
            case Code(content, module_dots):
                roll.print(_code(content, module_dots))
            case Characters(text):
                roll.print(_characters(text))
            case Cut():
                roll.cuts.append(roll.y)
            case _:
                assert_never(action)
        if roll.y > _LONGEST:
            break
    return roll.paper()


class _Roll:
    """The paper below the print head."""

    def __init__(self, dots: int) -> None:
        self.where = 0
        self.y = 0
        self.cuts: list[int] = []
        self._dots = dots
        self._printed: list[tuple[Image.Image, int, int]] = []

    def print(self, picture: Image.Image) -> None:
        """Print `picture` where the alignment says and move on below it."""
        spare = max(0, self._dots - picture.width)
        x = (0, spare // 2, spare)[self.where] if self.where in {0, 1, 2} else 0
        self._printed.append((picture, x, self.y))
        self.y += picture.height

    def paper(self) -> Paper:
        """Return everything printed so far."""
        image = Image.new("1", (self._dots, max(1, min(self.y, _LONGEST))), _WHITE)
        for picture, x, y in self._printed:
            image.paste(picture, (x, y))
        return Paper(image, tuple(self.cuts))


def _raster(raster: Raster) -> Image.Image:
    size = (raster.width, raster.height)
    if not raster.dots:
        return Image.new("1", size, _WHITE)
    picture = Image.frombytes("1", size, raster.dots, "raw", "1;I")
    return picture.resize(
        (raster.width * raster.across, raster.height * raster.down), Image.Resampling.NEAREST
    )


def _code(content: str, module_dots: int) -> Image.Image:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, box_size=1, border=0)
    code.add_data(content)
    try:
        modules = code.get_matrix()
    except (DataOverflowError, ValueError):
        return Image.new("1", (1, 1), _WHITE)
    picture = Image.new("1", (len(modules), len(modules)), _WHITE)
    picture.putdata([0 if dark else _WHITE for row in modules for dark in row])
    return picture.resize(
        (picture.width * module_dots, picture.height * module_dots), Image.Resampling.NEAREST
    )


def _characters(text: str) -> Image.Image:
    font = _own_type()
    picture = Image.new("L", (max(1, round(font.getlength(text))), _CHARACTER_ROWS), _WHITE)
    ImageDraw.Draw(picture).text((0, 0), text, font=font, fill=0)
    return picture.convert("1", dither=Image.Dither.NONE)


@cache
def _own_type() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(_CHARACTER_ROWS)
