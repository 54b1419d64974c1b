"""Any text in type on paper: fonts, broken into lines, made to fit, and last cut short.

The fonts ship with the product, so every box prints alike.
"""

import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import assert_never

import fontpkg_be_vietnam_pro
import fontpkg_noto_sans
from PIL import ImageFont

from paper.blocks import Face

Font = ImageFont.FreeTypeFont

_TEXT = Path(fontpkg_be_vietnam_pro.ROOT) / "files"
_NUMBERS = Path(fontpkg_noto_sans.ROOT) / "files" / "NotoSans[wdth,wght].ttf"
_WEIGHT, _WIDTH = 800, 100


@lru_cache(maxsize=128)
def font(face: Face, size: int) -> Font:
    """Return `face` at `size` dots; kept, because opening one takes milliseconds.

    Text is a weight heavier than on screens: hair lines are what thermal paper loses first.
    """
    match face:
        case Face.REGULAR:
            return ImageFont.truetype(_TEXT / "BeVietnamPro-Medium.ttf", size)
        case Face.BOLD:
            return ImageFont.truetype(_TEXT / "BeVietnamPro-Bold.ttf", size)
        case Face.NUMBER:
            numbers = ImageFont.truetype(_NUMBERS, size)
            numbers.set_variation_by_axes([_WEIGHT, _WIDTH])
            return numbers
        case _:
            assert_never(face)


_ENDS_WELL = (",", ".", ";", ":", "–", "!", "?")
_RAGGED = 0.15
"""What a line that ends in the middle of a clause costs, beside its squared slack."""

Measure = Callable[[str], float]
_Broken = tuple[int, float, tuple[str, ...]]


def wrap(text: str, width: int, measure: Measure) -> list[str]:
    """Return `text` in the fewest lines of at most `width`, broken where it is pleasant to read.

    A word wider than `width` is broken between letters; a letter wider than it stands alone.
    """
    pieces = [piece for word in text.split() for piece in _broken(word, width, measure)]
    best: _Broken = (0, 0.0, ())
    rest = [best]
    for start in range(len(pieces) - 1, -1, -1):
        best = min(
            _after(line, width, measure(line), rest[len(pieces) - end], last=end == len(pieces))
            for end, line in _lines_from(pieces[start:], start, width, measure)
        )
        rest.append(best)
    return list(best[2])


def _broken(word: str, width: int, measure: Measure) -> Iterator[str]:
    """Yield `word` in pieces of at most `width`, a letter and its marks together."""
    piece = ""
    for letter in word:
        if piece and not unicodedata.combining(letter) and measure(piece + letter) > width:
            yield piece
            piece = ""
        piece += letter
    yield piece


def _lines_from(
    pieces: list[str], start: int, width: int, measure: Measure
) -> Iterator[tuple[int, str]]:
    """Yield each line that fits and begins with the first of `pieces`, and where the next does."""
    for count in range(1, len(pieces) + 1):
        line = " ".join(pieces[:count])
        if count > 1 and measure(line) > width:
            return
        yield start + count, line


def _after(line: str, width: int, length: float, rest: _Broken, *, last: bool) -> _Broken:
    count, cost, lines = rest
    slack = max(0.0, 1 - length / width)
    ragged = 0.0 if last or line.endswith(_ENDS_WELL) else _RAGGED
    return count + 1, cost + slack * slack + ragged, (line, *lines)


COARSE_FROM = 24
"""Type from this size on is drawn in pairs of rows, for half the bytes; below it would be lost."""
_LONGEST = 300
"""Characters: more than the largest block takes."""
_SMALLEST = 0.7
"""How far type may shrink."""
_CUT_SHORT = "…"
_ENDS_BADLY = " ,;:–"
_LEAST = 8


def clean(text: str) -> str:
    """Return `text` on one line, letters and marks composed, without what no printer shows."""
    composed = unicodedata.normalize("NFC", text[:_LONGEST])
    shown = (letter for letter in composed if letter.isprintable() or letter.isspace())
    return " ".join("".join(shown).split())


@lru_cache(maxsize=256)
def fit_lines(
    text: str, face: Face, size: int, width: int, lines: int
) -> tuple[Font, tuple[str, ...]]:
    """Return type of at most `size` and the lines of `text` in it, at most `lines`."""
    cleaned = clean(text)
    least = max(round(size * _SMALLEST), min(size, COARSE_FROM))
    for smaller in range(size, least - 1, -2):
        cut = font(face, smaller)
        if cut.getlength(cleaned) <= width * lines:
            broken = wrap(cleaned, width, cut.getlength)
            if len(broken) <= lines:
                return cut, tuple(broken)
    broken = wrap(cleaned, width, cut.getlength)
    return cut, (*broken[: lines - 1], _shortened(broken[lines - 1], cut, width))


def fit_line(text: str, face: Face, size: int, width: float) -> Font:
    """Return type of `size`, or smaller so that `text` is at most `width` wide."""
    length = font(face, size).getlength(text)
    return font(face, max(_LEAST, min(size, int(size * width / max(1.0, length)))))


def _shortened(line: str, cut: Font, width: int) -> str:
    """Return `line` without its last words: half a word may be another one ("phép", "phé")."""
    while line and cut.getlength(line + _CUT_SHORT) > width:
        words, _, word = line.rpartition(" ")
        line = words or word[:-1]
    return line.rstrip(_ENDS_BADLY) + _CUT_SHORT
