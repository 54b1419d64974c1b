"""Break text into lines that read well."""

import unicodedata
from collections.abc import Callable, Iterator

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
