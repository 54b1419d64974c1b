"""Make any text fit its place on the paper: cleaned, wrapped, smaller, and last cut short."""

import unicodedata

from paper.blocks import Face
from paper.fonts import Font, font
from paper.wrapping import wrap

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


def fit_lines(text: str, face: Face, size: int, width: int, lines: int) -> tuple[Font, list[str]]:
    """Return type of at most `size` and the lines of `text` in it, at most `lines`."""
    cleaned = clean(text)
    least = max(round(size * _SMALLEST), min(size, COARSE_FROM))
    for smaller in range(size, least - 1, -2):
        cut = font(face, smaller)
        if cut.getlength(cleaned) <= width * lines:
            broken = wrap(cleaned, width, cut.getlength)
            if len(broken) <= lines:
                return cut, broken
    broken = wrap(cleaned, width, cut.getlength)
    return cut, [*broken[: lines - 1], _shortened(broken[lines - 1], cut, width)]


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
