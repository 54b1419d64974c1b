"""Break text into lines that read well."""

from collections.abc import Callable
from functools import cache

_ENDS_WELL = (",", ".", ";", ":", "–", "!", "?")
_RAGGED = 0.15
"""What a line that ends in the middle of a clause costs, beside its squared slack."""


def wrap(text: str, width: int, measure: Callable[[str], float]) -> list[str]:
    """Return `text` in the fewest lines of at most `width`, broken where it is pleasant to read.

    A word wider than `width` stands alone on its line.
    """
    pieces = text.split()

    @cache
    def best(start: int) -> tuple[int, float, tuple[str, ...]]:
        if start == len(pieces):
            return 0, 0.0, ()
        return min(
            _after(line, width, measure(line), best(end), last=end == len(pieces))
            for end, line in _lines_from(start)
        )

    def _lines_from(start: int) -> list[tuple[int, str]]:
        fitting = []
        for end in range(start + 1, len(pieces) + 1):
            line = " ".join(pieces[start:end])
            if end > start + 1 and measure(line) > width:
                break
            fitting.append((end, line))
        return fitting

    return list(best(0)[2])


def _after(
    line: str, width: int, length: float, rest: tuple[int, float, tuple[str, ...]], *, last: bool
) -> tuple[int, float, tuple[str, ...]]:
    count, cost, lines = rest
    slack = max(0.0, 1 - length / width)
    ragged = 0.0 if last or line.endswith(_ENDS_WELL) else _RAGGED
    return count + 1, cost + slack * slack + ragged, (line, *lines)
