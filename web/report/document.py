"""A report as it stands on paper: what a person may type in it, and the tables of its figures.

The file, the preview and the draft are all made of these values, so that none says another number.
"""

import datetime as dt
import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from bus.typed import convert

LONGEST_LINE = 300
LONGEST_TEXT = 6000
MOST_LINES = 30

Line = Annotated[str, Meta(max_length=LONGEST_LINE)]
Lines = Annotated[tuple[Line, ...], Meta(max_length=MOST_LINES)]
Paragraphs = Annotated[str, Meta(max_length=LONGEST_TEXT)]
"""Paragraphs of text, one on each line."""
Align = Literal["left", "centre", "right"]


class Letterhead(Struct, frozen=True, kw_only=True):
    """Who writes: the superior body, the issuing body, its code in numbers, and its place."""

    superior: Line = ""
    body: Line = ""
    code: Line = ""
    place: Line = ""
    issuer: Line = ""
    """The issuing body within a sentence."""


class Signatory(Struct, frozen=True, kw_only=True):
    """Who signs: on whose behalf, in which office, by which name."""

    authority: Line = ""
    office: Line = ""
    name: Line = ""


class Wording(Struct, frozen=True, kw_only=True):
    """All that a person may type before the file is made."""

    letterhead: Letterhead
    number: Line = ""
    signed_on: dt.date | None = None
    subject: Paragraphs = ""
    addressees: Lines = ()
    opening: Paragraphs = ""
    results: Paragraphs = ""
    peaks: Paragraphs = ""
    groups: Paragraphs = ""
    causes: Paragraphs = ""
    proposals: Paragraphs = ""
    closing: Paragraphs = ""
    recipients: Lines = ()
    signatory: Signatory = Signatory()
    annex: bool = True


class Column(Struct, frozen=True):
    """One column of a table; `weight` is its share of the width."""

    head: str
    weight: float
    align: Align = "right"


class Table(Struct, frozen=True, kw_only=True):
    """A table of figures with what stands above and below it."""

    caption: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: bool = False
    """The last row sums the others up."""
    marked: tuple[tuple[int, int], ...] = ()
    """Cells (row, column) that stand out."""
    footnote: str = ""


class Chart(Struct, frozen=True, kw_only=True):
    """Bars with a target line."""

    caption: str
    note: str
    categories: tuple[str, ...]
    values: tuple[float | None, ...]
    target: float
    target_words: str
    value_words: str

    @property
    def description(self) -> str:
        """Return what the chart shows, for who cannot see it."""
        shown = (
            f"{name} {decimal(value)}"
            for name, value in zip(self.categories, self.values, strict=True)
            if value is not None
        )
        return f"{self.caption} {self.note}: {', '.join(shown)}; {self.target_words}."


class Report(Struct, frozen=True, kw_only=True):
    """A whole report of a period."""

    first: dt.date
    last: dt.date
    wording: Wording
    services: Table
    hours: Chart | None = None
    weeks: Table | None = None
    annex: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    """What to know of the figures, such as records left out."""


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def printable(report: Report) -> Report:
    """Return a report as it is printed: "90 %" on one line, no letter that XML cannot hold."""
    return convert(_printable(msgspec.to_builtins(report)), Report)


def printed(text: str) -> str:
    """Return a text as it is printed."""
    return _NOT_IN_XML.sub("", text).replace(" %", f"{_NO_BREAK}%")


def decimal(value: float | None, digits: int = 1) -> str:
    """Return a number as Vietnamese write it: 1.234,5; a dash for None."""
    if value is None:
        return "–"
    return f"{value:,.{digits}f}".translate(_VIETNAMESE)


_NOT_IN_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_BREAK = "\u00a0"
_VIETNAMESE = str.maketrans(",.", ".,")


def _printable(value: Any) -> Any:  # noqa: ANN401 - whatever a report is made of
    match value:
        case str():
            return printed(value)
        case dict():
            return {key: _printable(item) for key, item in value.items()}
        case list() | tuple():
            return [_printable(item) for item in value]
        case _:
            return value
