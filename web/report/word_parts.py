"""Pieces of a Word file: lettering, rules, tables that keep their widths and rows."""

from collections.abc import Sequence

from docx.document import Document as WordDocument
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell as Cell
from docx.text.paragraph import Paragraph

from web.report import decree
from web.report.document import Table

_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_MARKED = "D9E5EC"
_RULE_EIGHTHS = 6
_RULE_LINE_PT = 4
_CELL_SIDE_TWIPS = 70
_SHORT_ROWS = 14


def write(
    paragraph: Paragraph,
    text: str,
    points: float,
    *,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH | None = None,
) -> None:
    """Add `text` to a paragraph in this lettering."""
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.italic = Pt(points), bold, italic
    if align is not None:
        paragraph.alignment = align
    if not text:
        _size_mark(paragraph, points)


def add_rule(paragraph: Paragraph, width_mm: float, length_mm: float) -> None:
    """Make an empty paragraph of `width_mm` a centred line of `length_mm`."""
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(_RULE_LINE_PT)
    layout.space_before = Pt(3)
    layout.left_indent = layout.right_indent = Mm(max(0.0, (width_mm - length_mm) / 2))
    border = _new("w:top", val="single", sz=str(_RULE_EIGHTHS), space="1", color="000000")
    around = OxmlElement("w:pBdr")
    around.append(border)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    properties.insert_element_before(around, "w:spacing", "w:ind", "w:jc", "w:rPr")


def columns(
    document: WordDocument, widths_mm: Sequence[float], rows: int
) -> list[tuple[Cell, ...]]:
    """Return the columns of a table without borders that fills the line."""
    table = document.add_table(rows, len(widths_mm))
    _lay_out(table, widths_mm, side_twips=0)
    return [tuple(column.cells) for column in table.columns]


def keep_together(row: Sequence[Cell]) -> None:
    """Never let a row tear over a page."""
    _keep_row(row[0])
    for cell in row:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True
            paragraph.paragraph_format.keep_together = True


def add_table(document: WordDocument, table: Table, points: float) -> None:
    """Draw a table of figures: its head comes again on every page, its rows never tear."""
    whole = sum(column.weight for column in table.columns)
    widths = [decree.TEXT_MM * column.weight / whole for column in table.columns]
    drawn = document.add_table(1 + len(table.rows), len(table.columns), style="Table Grid")
    _lay_out(drawn, widths, side_twips=_CELL_SIDE_TWIPS)
    cells, width = drawn._cells, len(table.columns)  # noqa: SLF001 - table.cell() is quadratic
    for index, column in enumerate(table.columns):
        _fill(cells[index], column.head, points, "centre", bold=True)
    repeat = _new("w:tblHeader", val="true")
    drawn.rows[0]._tr.get_or_add_trPr().append(repeat)  # noqa: SLF001
    last = len(table.rows) - 1
    for row, texts in enumerate(table.rows):
        bold = table.total and row == last
        for index, text in enumerate(texts):
            cell, align = cells[(row + 1) * width + index], table.columns[index].align
            marked = (row, index) in table.marked
            _fill(cell, text, points, align, bold=bold or marked)
            if marked:
                shade = _new("w:shd", val="clear", color="auto", fill=_MARKED)
                cell._tc.get_or_add_tcPr().find(qn("w:vAlign")).addprevious(shade)  # noqa: SLF001
        _keep_row(cells[(row + 1) * width])
    _keep_row(cells[0])
    _hold_ends(cells, width)
    if table.footnote:
        note = document.add_paragraph()
        write(note, table.footnote, points, italic=True)
        note.paragraph_format.space_before = Pt(3)


def _hold_ends(cells: Sequence[Cell], width: int) -> None:
    """Keep a short table on one page; of a long one, head and total with a row beside them."""
    rows = len(cells) // width
    held = range(rows - 1) if rows <= _SHORT_ROWS else (0, rows - 2)
    for row in held:
        for cell in cells[row * width : (row + 1) * width]:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _fill(cell: Cell, text: str, points: float, align: str, *, bold: bool) -> None:
    paragraph = cell.paragraphs[0]
    write(paragraph, text, points, bold=bold, align=_ALIGN[align])
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1.5)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _lay_out(table: WordTable, widths_mm: Sequence[float], *, side_twips: int) -> None:
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_new(f"w:{side}", w=str(side_twips), type="dxa"))
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)  # noqa: SLF001
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _size_mark(paragraph: Paragraph, points: float) -> None:
    """Give an empty line its height, which is that of the mark at its end."""
    mark = OxmlElement("w:rPr")
    mark.append(_new("w:sz", val=str(round(points * 2))))
    paragraph._p.get_or_add_pPr().insert_element_before(mark, "w:sectPr", "w:pPrChange")  # noqa: SLF001


def _keep_row(cell: Cell) -> None:
    row = cell._tc.getparent()  # noqa: SLF001
    row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _new(tag: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
