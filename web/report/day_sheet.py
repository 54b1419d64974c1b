"""One business day on one page: the sheet that is laid down and mailed after closing."""

import io
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from config import Centre
from wait_log.figures import Figures, Tally
from web.report import decree, sentences
from web.report.document import Column, Table, decimal, paragraphs, printed
from web.report.word_page import new_document
from web.report.word_parts import add_table, write

Cell = str | int | float | None
_SHEET = "Phiếu ngày"
_COLUMN_WIDTHS = (34, 10, 11, 15, 15, 14, 14, 14)
_HEADS = (
    "Lĩnh vực",
    "Lượt",
    "Chờ bình quân (phút)",
    "Một nửa không quá (phút)",
    "90 % không quá (phút)",
    "Trong 15 phút (%)",
    "Vắng (lượt)",
    "Phục vụ bình quân (phút)",
)


@dataclass(frozen=True, slots=True)
class DaySheet:
    """What the sheet says, before it is a file."""

    day: date
    centre: str
    title: str
    sentences: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    """A row per field, the whole centre last."""
    outages: tuple[tuple[Cell, ...], ...]


def day_sheet(figures: Figures, centre: Centre) -> DaySheet:
    """Return the sheet of the one day that `figures` are of."""
    day = figures.selection.period.first
    name, place = centre.identity.name("vi"), centre.identity.place("vi")
    told = [
        *paragraphs(sentences.results(figures, "Trung tâm", None)),
        *paragraphs(sentences.peaks(figures, centre)),
        *paragraphs(sentences.causes(figures, centre.identity.zone)),
        *sentences.notes(figures, centre),
    ]
    parts = {part.service: part.tally for part in figures.by_service}
    known = [service.code for service in centre.services]
    codes = [*known, *sorted(set(parts) - set(known))]
    rows = [
        _row(sentences.service_name(centre, code), parts[code])
        for code in codes
        if code in parts and parts[code].issued
    ]
    return DaySheet(
        day=day,
        centre=printed(f"{name} {place}"),
        title=f"Tình hình tiếp công dân {decree.day_words(day.day, day.month, day.year)}",
        sentences=tuple(printed(text) for text in told),
        rows=(*rows, _row("Toàn Trung tâm", figures.tally)),
        outages=tuple(
            (printed(part.system), part.count, round(part.seconds / 60))
            for part in figures.outages
            if part.count
        ),
    )


def sheet_name(day: date, kind: str) -> str:
    """Return the name of the sheet's file."""
    return f"phieu-ngay-{day}.{kind}"


def sheet_file(sheet: DaySheet, kind: str, made_at: datetime) -> bytes:
    """Return the sheet as the bytes of a `docx` or `xlsx` file."""
    return _word(sheet, made_at) if kind == "docx" else _workbook(sheet, made_at)


def _row(name: str, tally: Tally) -> tuple[Cell, ...]:
    waits = tally.waits
    share = waits.share(waits.within_15)
    return (
        printed(name),
        tally.issued,
        _minutes(waits.mean_s),
        _minutes(waits.median_s),
        _minutes(waits.p90_s),
        None if share is None else round(100 * share, 1),
        tally.absent + tally.absent_unclear,
        _minutes(tally.service.mean_s),
    )


def _word(sheet: DaySheet, made_at: datetime) -> bytes:
    document = new_document(sheet.title, sheet.centre, made_at)
    for text, bold in ((sheet.centre, False), (sheet.title, True)):
        paragraph = document.add_paragraph()
        write(paragraph, text, decree.TITLE_PT, bold=bold, align=WD_ALIGN_PARAGRAPH.CENTER)
    for text in sheet.sentences:
        paragraph = document.add_paragraph()
        write(paragraph, text, decree.TEXT_PT - 1, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
        paragraph.paragraph_format.space_before = Pt(decree.PARAGRAPH_GAP_PT)
    document.add_paragraph()
    widths = (40, 13, 19, 20, 19, 18, 16, 20)
    columns = [
        Column(head, width, "left" if index == 0 else "right")
        for index, (head, width) in enumerate(zip(_HEADS, widths, strict=True))
    ]
    rows = tuple(tuple(_text(cell) for cell in row) for row in sheet.rows)
    table = Table(caption="", note="", columns=tuple(columns), rows=rows, total=True)
    add_table(document, table, decree.ANNEX_TABLE_PT)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _workbook(sheet: DaySheet, made_at: datetime) -> bytes:
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    book.set_properties({"title": sheet.title, "created": made_at.replace(tzinfo=None)})
    page = book.add_worksheet(_SHEET)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 1)
    for column, width in enumerate(_COLUMN_WIDTHS):
        page.set_column(column, column, width)
    bold = book.add_format({"bold": True, "font_size": 14})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "align": "center"})
    last = len(_HEADS) - 1
    page.merge_range(0, 0, 0, last, sheet.centre)
    page.merge_range(1, 0, 1, last, sheet.title, bold)
    at = 2
    for text in sheet.sentences:
        page.merge_range(at, 0, at, last, text, wrapped)
        page.set_row(at, 15 * (1 + len(text) // 120))
        at += 1
    at += 1
    page.write_row(at, 0, _HEADS, head)
    for row in sheet.rows:
        at += 1
        whole = row is sheet.rows[-1]
        _write(book, page, at, row, bold=whole)
    if sheet.outages:
        at += 2
        page.write_row(at, 0, ("Hệ thống gián đoạn", "Số lần", "Số phút"), head)
        for row in sheet.outages:
            at += 1
            _write(book, page, at, row, bold=False)
    book.close()
    return file.getvalue()


def _write(
    book: xlsxwriter.Workbook,
    page: xlsxwriter.worksheet.Worksheet,
    at: int,
    row: tuple[Cell, ...],
    *,
    bold: bool,
) -> None:
    for column, cell in enumerate(row):
        form: dict[str, object] = {"border": 1, "bold": bold}
        if isinstance(cell, float):
            form["num_format"] = "#,##0.0"
        elif isinstance(cell, int):
            form["num_format"] = "#,##0"
        page.write(at, column, cell, book.add_format(form))


def _text(cell: Cell) -> str:
    match cell:
        case str():
            return cell
        case int():
            return decimal(cell, 0)
        case _:
            return decimal(cell)


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 60, 1)
