"""Sheets with native numbers, dates and durations; nothing that is written becomes a formula."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from types import TracebackType
from typing import Any, NamedTuple, Self

import xlsxwriter

from web.export.measures import Kind, Value

DAY_S = 24 * 60 * 60
_BASE = {"font_name": "Times New Roman", "font_size": 12}
_CELL = {"border": 1, "border_color": "#C9C2B4", "valign": "top"}
_HEAD = {"bold": True, "bg_color": "#E4EEF4", "text_wrap": True, "valign": "vcenter"}
_STYLES: dict[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": 15},
    "note": {"italic": True, "font_color": "#4A5B68"},
    "head": _CELL | _HEAD,
    "number head": _CELL | _HEAD | {"align": "right"},
    "text": _CELL | {"text_wrap": True},
    "date": _CELL | {"num_format": "dd/mm/yyyy", "align": "left"},
    "moment": _CELL | {"num_format": "dd/mm/yyyy hh:mm", "align": "left"},
    Kind.COUNT: _CELL | {"num_format": "#,##0"},
    Kind.TIME: _CELL | {"num_format": "[m]:ss"},
    Kind.SHARE: _CELL | {"num_format": "0.0%"},
}
_NUMBER_WIDTH, _LEAST_WIDTH, _MOST_WIDTH = 13, 14, 48
_HEAD_HEIGHT = 66
_PAPER_A4 = 9


class Number(NamedTuple):
    """A value and what it is; times in seconds."""

    value: Value
    kind: Kind


Cell = str | date | datetime | Number | None


class Rows(NamedTuple):
    """Where a table lies: its rows from 0, the heads left out."""

    first: int
    last: int


@dataclass
class Workbook:
    """A file in memory; `data` has it once the `with` has ended."""

    data: bytes = b""
    _file: BytesIO = field(default_factory=BytesIO)
    _styles: dict[str, Any] = field(default_factory=dict)

    def __enter__(self) -> Self:
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(self._file, options)
        self._styles = {
            name: self.book.add_format({**_BASE, **style}) for name, style in _STYLES.items()
        }
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.book.close()
        self.data = self._file.getvalue()

    def add(self, name: str, title: str, notes: Iterable[str] = ()) -> "Sheet":
        """Begin a sheet, to be printed across one page, with its title."""
        page = self.book.add_worksheet(name)
        page.set_landscape()
        page.set_paper(_PAPER_A4)
        page.fit_to_pages(1, 0)
        sheet = Sheet(page, name, self._styles)
        sheet.line(title, "title")
        for note in notes:
            sheet.line(note, "note")
        sheet.row += 1
        return sheet

    def chart(self, kind: str, title: str) -> Any:  # noqa: ANN401 - XlsxWriter has no types
        """Return a chart of times, to be given series and a place."""
        chart = self.book.add_chart({"type": kind})
        chart.set_title({"name": title, "name_font": {"size": 13}, "overlay": False})
        chart.set_size({"width": 900, "height": 400})
        chart.set_legend({"position": "bottom"})
        return chart


@dataclass
class Sheet:
    """A sheet, written from its first row on."""

    page: Any
    name: str
    styles: dict[str, Any]
    row: int = 0
    _frozen: bool = False
    _widths: dict[int, int] = field(default_factory=dict)

    def line(self, text: str, style: str) -> None:
        """Write a line of text."""
        self.page.write_string(self.row, 0, text, self.styles[style])
        self.row += 1

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Rows:
        """Write a table; the heads of the sheet's first one stay in sight."""
        head_row, first = self.row, self.row + 1
        numeric: set[int] = set()
        for cells in rows:
            self.row += 1
            for column, cell in enumerate(cells):
                self._write(column, cell)
                numeric |= {column} if isinstance(cell, Number) else set()
        for column, head in enumerate(heads):
            style = "number head" if column in numeric else "head"
            self.page.write_string(head_row, column, head, self.styles[style])
            self._widen(column, _NUMBER_WIDTH if column in numeric else _LEAST_WIDTH)
        self.page.set_row(head_row, _HEAD_HEIGHT)
        if not self._frozen:
            self.page.freeze_panes(first, 1)
            self._frozen = True
        last = self.row
        self.row += 2
        return Rows(first, last)

    def column(self, rows: Rows, column: int) -> list[object]:
        """Return a column of a table, as a chart is told of it."""
        return [self.name, rows.first, column, rows.last, column]

    def _write(self, column: int, cell: Cell) -> None:
        at = (self.row, column)
        match cell:
            case None | Number(None):
                self.page.write_blank(*at, None, self.styles["text"])
            case str():
                self.page.write_string(*at, cell, self.styles["text"])
                self._widen(column, len(cell) + 2)
            case datetime():
                self.page.write_datetime(*at, cell, self.styles["moment"])
                self._widen(column, 18)
            case date():
                self.page.write_datetime(*at, cell, self.styles["date"])
            case Number(float() | int() as value, kind):
                native = value / DAY_S if kind is Kind.TIME else value
                self.page.write_number(*at, native, self.styles[kind])

    def _widen(self, column: int, width: int) -> None:
        width = min(max(width, self._widths.get(column, 0)), _MOST_WIDTH)
        self._widths[column] = width
        self.page.set_column(column, column, width)
