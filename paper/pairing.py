"""Type whose rows are printed in pairs: how black a pair must be, so that no mark melts in.

The gap between an "i" and its dot is two rows or three. Whether it survives the pairing differs
from size to size: the less of a pair must be covered, the stronger the letters and the smaller
the gaps.
"""

from functools import lru_cache

from PIL import Image, ImageDraw

from paper.fonts import Font

_DOTTED = "i"
_MARKED = "ýếộạ"
_MAY_MELT = 1
"""Of the marked letters: rather that than letters of hair lines."""
_COVERED = (111, 128, 140)
"""How much of a pair, of 255, may have to be covered to print it; the strongest first."""


@lru_cache(maxsize=128)
def covered_to_print(cut: Font) -> int:
    """Return how much of a pair of rows must be covered, its baseline on an even row."""
    return next((covered for covered in _COVERED if _legible(cut, covered)), _COVERED[-1])


def _legible(cut: Font, covered: int) -> bool:
    melted = sum(not _apart(cut, letter, covered) for letter in _MARKED)
    return _apart(cut, _DOTTED, covered) and melted <= _MAY_MELT


def _apart(cut: Font, letter: str, covered: int) -> bool:
    """Return whether a blank row lies between the parts of `letter`."""
    size = round(cut.size)
    cover = Image.new("L", (2 * size, 4 * size), 0)
    ImageDraw.Draw(cover).text((0, 2 * size), letter, font=cut, fill=255, anchor="ls")
    rows = cover.reduce((1, 2)).point(lambda value: 255 if value >= covered else 0)
    filled = rows.getprojection()[1]
    return 0 in filled[filled.index(1) : len(filled) - filled[::-1].index(1)]
