"""How well a foreign reader reads our paper: `.venv/bin/python -m benchmarks.reading`.

Draws the texts of the built-in centre as tickets print them, lets Tesseract read them (Debian:
tesseract-ocr, tesseract-ocr-vie), and says which share of all letters, and of those with marks,
came back right. A reader of letters is no eye, but what it confuses, dim eyes confuse as well.
"""

import argparse
import difflib
import io
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from PIL import Image

from config import centre_to_wire, load_centre
from paper.blocks import Block, Face, Gap, Paragraph
from paper.drawing import draw

_ENLARGED = 3
_EDGE = 40
_READ_WITHIN_S = 120
_COMMAND = ("tesseract", "-", "-", "-l", "vie", "--psm", "6", "--dpi", "600")


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of so many letters were read right."""

    right: int
    letters: int
    marked_right: int
    marked: int

    def __str__(self) -> str:
        marked = 100 * self.marked_right / max(1, self.marked)
        return f"{100 * self.right / max(1, self.letters):.1f} % letters, {marked:.1f} % marked"


def reader() -> str | None:
    """Return why nobody can read here, or None."""
    if not shutil.which("tesseract"):
        return "no tesseract: apt install tesseract-ocr tesseract-ocr-vie"
    told = subprocess.run(
        ("tesseract", "--list-langs"), capture_output=True, text=True, timeout=60, check=False
    )
    return None if "vie" in told.stdout.split() else "no Vietnamese: apt install tesseract-ocr-vie"


def read(image: Image.Image) -> str:
    """Return what stands on a paper in black and white."""
    wide, high = image.width + 2 * _EDGE, image.height + 2 * _EDGE
    sheet = Image.new("L", (wide, high), 255)
    sheet.paste(image.convert("L"), (_EDGE, _EDGE))
    sheet = sheet.resize((wide * _ENLARGED, high * _ENLARGED), Image.Resampling.BICUBIC)
    picture = io.BytesIO()
    sheet.save(picture, "PNG")
    told = subprocess.run(
        _COMMAND, input=picture.getvalue(), capture_output=True, timeout=_READ_WITHIN_S, check=True
    )
    return told.stdout.decode()


def rate(printed: str, heard: str) -> Rate:
    """Return how many letters of `printed` came back, in their order."""
    wanted, found = _letters(printed), _letters(heard)
    matcher = difflib.SequenceMatcher(a=wanted, b=found, autojunk=False)
    same = {
        at for block in matcher.get_matching_blocks() for at in range(block.a, block.a + block.size)
    }
    marked = {at for at, letter in enumerate(wanted) if _is_marked(letter)}
    return Rate(len(same), len(wanted), len(same & marked), len(marked))


def texts() -> list[str]:
    """Return every Vietnamese text of the built-in centre."""
    return list(dict.fromkeys(_vietnamese(centre_to_wire(load_centre()))))


def _vietnamese(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "vi" and isinstance(inner, str):
                yield inner
            else:
                yield from _vietnamese(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _vietnamese(inner)


def read_rate(dots: int, size: int, face: Face) -> Rate:
    """Return how well `texts` are read in one type on one paper."""
    blocks: list[Block] = []
    for text in texts():
        blocks += [Paragraph(text, size, face, lines=6), Gap(size // 2)]
    (drawing,) = draw(blocks, dots)
    assert isinstance(drawing, Image.Image)  # noqa: S101 - no code among them
    return rate(" ".join(texts()), read(drawing))


def _letters(text: str) -> list[str]:
    return [each for each in unicodedata.normalize("NFC", text) if each.isalnum()]


def _is_marked(letter: str) -> bool:
    return letter in "đĐ" or len(unicodedata.normalize("NFD", letter)) > 1


def main(argv: Sequence[str] | None = None) -> int:
    """Print a table of sizes and faces."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--dots", type=int, nargs="+", default=[384, 576])
    parser.add_argument("--sizes", type=int, nargs="+", default=[22, 23, 24, 25, 26, 28, 30])
    options = parser.parse_args(argv)
    if why := reader():
        sys.stderr.write(f"{why}\n")
        return 2
    for line in _table(options.dots, options.sizes):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    return 0


def _table(widths: Iterable[int], sizes: Iterable[int]) -> Iterable[str]:
    for dots in widths:
        for size in sizes:
            for face in (Face.REGULAR, Face.BOLD):
                yield f"{dots} dots, {size} {face}: {read_rate(dots, size, face)}"


if __name__ == "__main__":
    sys.exit(main())
