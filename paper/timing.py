"""How long a ticket takes to come out, reckoned from its bytes, its length and the line."""

from paper.reading import Code, Feed, Raster, read_job

SLOW_BAUD = 19200
"""Serial lines up to this speed get the short ticket."""
_BITS_PER_BYTE = 10
"""Eight, and the start and stop bits."""
_ROWS_PER_S = 1200
"""150 mm of paper, which the slower of today's printers move in a second."""
_MODULES = 41
"""Of a code with an address of the usual length."""


def expected_seconds(job: bytes, baud: int | None) -> float:
    """Return how long `job` takes at `baud`, or where the line is faster than paper (None).

    A printer prints while it receives, so the slower of the two counts.
    """
    paper_s = _rows(job) / _ROWS_PER_S
    return max(paper_s, len(job) * _BITS_PER_BYTE / baud) if baud else paper_s


def _rows(job: bytes) -> int:
    rows = 0
    for action in read_job(job):
        match action:
            case Feed():
                rows += action.rows
            case Raster():
                rows += action.height * action.down
            case Code():
                rows += action.dots * _MODULES
    return rows
