"""CSV as spreadsheets open it: RFC 4180, UTF-8 with a mark for Excel, and no formulas.

Columns are parted by commas, the list separator of Windows in Vietnamese as in English. Numbers
are whole ones, because the decimal comma of one region is the thousands' comma of the other.
"""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BYTE_ORDER_MARK = "\ufeff"


def csv_file(rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """Return the bytes of a file; None is an empty cell."""
    text = io.StringIO(newline="")
    text.write(_BYTE_ORDER_MARK)
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode()


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_BEGINS) else cell
