"""The table as a workbook: read one that somebody has filled in, make one to fill in."""

import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from hall.procedures import Document, Phrase
from hall.procedures.document import MOST_PROCEDURES
from hall.procedures.table import COLUMNS, MOST_COLUMNS, Problem, TableError
from hall.words import N_, Words

_MOST_UNPACKED = 24 * 1024 * 1024
_MOST_PARTS = 200
_MOST_ROWS = MOST_PROCEDURES + 20
_MACROS = ("vbaproject", "macrosheets/", "activex/", "embeddings/")
_NO_WORKBOOK = N_(
    "Không phải tệp XLSX lành lặn. Mời lưu lại từ Excel hoặc LibreOffice rồi thử lại."
)
_TORN = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What torn files provoke; XML that is none is a SyntaxError."""
_WIDTHS = {"papers": 48, "papers_en": 48, "name": 40, "name_en": 36, "fee_date": 18, "service": 22}
_WIDTH = 30


def read_xlsx(content: bytes, most_rows: int = _MOST_ROWS) -> list[tuple[int, list[str]]]:
    """Return the first rows of a workbook's first sheet as text; raises TableError.

    Nothing is computed, and nothing larger is unpacked than a list of procedures can be.
    """
    _look_into(content)
    try:
        return list(_rows(_first_sheet(content, most_rows)))
    except _TORN as error:
        raise _refusal(_NO_WORKBOOK) from error


def _first_sheet(content: bytes, most_rows: int) -> Iterator[Iterable[Any]]:
    book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    try:
        if not book.worksheets:
            raise _refusal(N_("Tệp không có trang tính nào."))
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size may be anything
        yield from sheet.iter_rows(max_row=most_rows, max_col=MOST_COLUMNS)
    finally:
        book.close()


def _look_into(content: bytes) -> None:
    """Refuse what is no plain workbook before anything is unpacked as XML."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            infos = parts.infolist()
            names = [info.filename.lower() for info in infos]
            if len(infos) > _MOST_PARTS or sum(i.file_size for i in infos) > _MOST_UNPACKED:
                raise _refusal(N_("Tệp giải nén ra quá lớn."))
            if any(mark in name for name in names for mark in _MACROS):
                message = N_("Tệp có macro hoặc đối tượng nhúng. Mời lưu lại dạng XLSX thường.")
                raise _refusal(message)
            for info in infos:
                if info.filename.lower().endswith((".xml", ".rels")):
                    _refuse_declarations(parts.read(info))
    except _TORN as error:
        raise _refusal(_NO_WORKBOOK) from error


def _refusal(message: str) -> TableError:
    return TableError(Problem(0, "", message))


def _refuse_declarations(part: bytes) -> None:
    """Refuse XML that could define entities, whatever its encoding: no spreadsheet writes any."""
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"\0" in part:
        raise _refusal(_NO_WORKBOOK)


def _rows(rows: Iterable[Iterable[Any]]) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(rows, start=1):
        texts = [_text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        yield number, texts


def _text(cell: Any) -> str:  # noqa: ANN401 - openpyxl's, which has no types
    """Return what stands in a cell; a formula as it was typed, which the table refuses."""
    value = cell.value
    if isinstance(value, dt.datetime):
        whole_day = value.time() == dt.time()
        return value.date().isoformat() if whole_day else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004
        return str(int(value))
    if getattr(cell, "data_type", "") == "f":
        return f"={str(value).removeprefix('=')}"
    return "" if value is None else str(value)


def make_xlsx(document: Document, names: dict[str, str], t: Words) -> bytes:
    """Return a workbook to fill in, with what `document` has already; no cell is a formula."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet(t("Thủ tục"))
        head = book.add_format(
            {"bold": True, "bg_color": "#E4EEF4", "text_wrap": True, "border": 1}
        )
        text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        for place, column in enumerate(COLUMNS):
            sheet.set_column(place, place, _WIDTHS.get(column.key, _WIDTH), text)
            sheet.write_string(0, place, f"{t(column.label)}{' *' if column.needed else ''}", head)
            sheet.write_comment(0, place, t(column.hint), {"author": "Đến Lượt"})
        for number, cells in enumerate(table_of(document, names), start=1):
            for place, cell in enumerate(cells):
                sheet.write_string(number, place, cell, text)
        sheet.freeze_panes(1, 2)
    return file.getvalue()


def table_of(document: Document, names: dict[str, str]) -> Iterator[list[str]]:
    """Yield a document's rows as somebody would fill them in."""
    for each in document.procedures:
        fee = each.fee
        cells = {
            "service": names.get(each.service, each.service),
            **_pair("name", each.name),
            **_pair("who", each.who),
            "papers": "\n".join(paper.vi for paper in each.papers),
            "papers_en": "\n".join(paper.en for paper in each.papers)
            if all(paper.en for paper in each.papers)
            else "",
            **_pair("fee", fee.amount if fee else None),
            **_pair("fee_source", fee.source if fee else None),
            "fee_date": f"{fee.date:%d/%m/%Y}" if fee else "",
            **_pair("days", each.days),
            "online": each.online,
        }
        yield [cells[column.key] for column in COLUMNS]


def _pair(key: str, phrase: Phrase | None) -> dict[str, str]:
    return {key: phrase.vi if phrase else "", f"{key}_en": phrase.en if phrase else ""}
