"""A report as a Word file in the form of Nghị định 30/2020/NĐ-CP, Phụ lục I."""

import io
from collections.abc import Sequence
from datetime import datetime

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.table import _Cell as Cell
from docx.text.paragraph import Paragraph

from web.report import decree
from web.report.document import Chart, Report, Table, Wording, paragraphs, printable
from web.report.layout import (
    ANNEX,
    ANNEX_TITLE,
    KIND,
    RECIPIENTS,
    Block,
    Heading,
    Prose,
    addressee_lines,
    annex_reference,
    body_lines,
    date_line,
    flow,
    number_line,
    recipient_lines,
    signature_lines,
)
from web.report.word_chart import add_chart
from web.report.word_page import new_document, start_annex
from web.report.word_parts import add_rule, add_table, columns, keep_together, write

_CENTRE = WD_ALIGN_PARAGRAPH.CENTER
_TITLE_RULE_MM = 60
_ADDRESSEES_MM = 35


def word_file(report: Report, made_at: datetime) -> bytes:
    """Return the report as the bytes of a .docx file."""
    report = printable(report)
    wording = report.wording
    document = new_document(
        f"Báo cáo {' '.join(wording.subject.split())}", wording.letterhead.issuer, made_at
    )
    _letterhead(document, wording)
    _title(document, wording)
    _addressees(document, wording)
    for block in flow(report):
        _block(document, block)
    _signature(document, wording)
    if wording.annex and report.annex:
        _annex(document, report)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _letterhead(document: WordDocument, wording: Wording) -> None:
    left, right = columns(document, (decree.LEFT_COLUMN_MM, decree.RIGHT_COLUMN_MM), rows=2)
    superior = left[0].paragraphs[0]
    write(superior, wording.letterhead.superior.upper(), decree.BODY_NAME_PT, align=_CENTRE)
    if wording.letterhead.superior:
        lines = body_lines(wording)
        _centred(left[0], lines, decree.BODY_NAME_PT)
    else:
        lines = body_lines(wording)
        write(superior, "\n".join(lines), decree.BODY_NAME_PT, bold=True, align=_CENTRE)
    inner = decree.LEFT_COLUMN_MM
    length = decree.rule_mm(lines[-1], decree.BODY_NAME_PT, inner) if lines else 0
    add_rule(left[0].add_paragraph(), inner, length)
    nation = right[0].paragraphs[0]
    write(nation, decree.NATION, decree.NATION_PT, bold=True, align=_CENTRE)
    _centred(right[0], [decree.MOTTO], decree.MOTTO_PT)
    motto_mm = decree.bold_width_mm(decree.MOTTO, decree.MOTTO_PT)
    add_rule(right[0].add_paragraph(), decree.RIGHT_COLUMN_MM, motto_mm)
    number, day = left[1].paragraphs[0], right[1].paragraphs[0]
    write(number, number_line(wording), decree.NUMBER_PT, align=_CENTRE)
    write(day, date_line(wording), decree.DATE_PT, italic=True, align=_CENTRE)
    number.paragraph_format.space_before = day.paragraph_format.space_before = Pt(2)


def _title(document: WordDocument, wording: Wording) -> None:
    kind = document.add_paragraph()
    write(kind, KIND, decree.TITLE_PT, bold=True, align=_CENTRE)
    kind.paragraph_format.space_before = Pt(10)
    subject = document.add_paragraph()
    lines = paragraphs(wording.subject)
    write(subject, "\n".join(lines), decree.TITLE_PT, bold=True, align=_CENTRE)
    for paragraph in (kind, subject):
        paragraph.paragraph_format.keep_with_next = True
    longest = max((decree.bold_width_mm(line, decree.TITLE_PT) for line in lines), default=0)
    length = min(longest, decree.TEXT_MM) * decree.RULE_PART
    add_rule(document.add_paragraph(), decree.TEXT_MM, length)


def _addressees(document: WordDocument, wording: Wording) -> None:
    lines = addressee_lines(wording)
    for index, line in enumerate(lines):
        paragraph = document.add_paragraph()
        single = len(lines) == 1
        write(paragraph, line, decree.TEXT_PT, align=_CENTRE if single else None)
        paragraph.paragraph_format.space_before = Pt(6 if index == 0 else 0)
        if not single:
            paragraph.paragraph_format.left_indent = Mm(_ADDRESSEES_MM + (10 if index else 0))


def _block(document: WordDocument, block: Block) -> None:
    match block:
        case Heading(text):
            paragraph = document.add_paragraph()
            write(paragraph, text, decree.TEXT_PT, bold=True)
            _flow(paragraph)
            paragraph.paragraph_format.keep_with_next = True
        case Prose(found):
            for text in found:
                paragraph = document.add_paragraph()
                write(paragraph, text, decree.TEXT_PT, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
                _flow(paragraph)
        case Table():
            _caption(document, block.caption, block.note)
            add_table(document, block, decree.TABLE_PT)
        case Chart():
            _caption(document, block.caption, block.note)
            holder = document.add_paragraph()
            holder.alignment = _CENTRE
            add_chart(document, holder, block, 1)


def _flow(paragraph: Paragraph) -> None:
    layout = paragraph.paragraph_format
    layout.first_line_indent = Mm(decree.FIRST_LINE_MM)
    layout.space_before = Pt(decree.PARAGRAPH_GAP_PT)
    layout.line_spacing = decree.LINE_SPACING
    layout.widow_control = True


def _caption(document: WordDocument, caption: str, note: str) -> None:
    paragraph = document.add_paragraph()
    write(paragraph, caption, decree.TEXT_PT - 1, bold=True, align=_CENTRE)
    if note:
        write(paragraph, f" {note}", decree.TEXT_PT - 1, italic=True)
    paragraph.paragraph_format.space_before = Pt(decree.PARAGRAPH_GAP_PT)
    paragraph.paragraph_format.space_after = Pt(3)
    paragraph.paragraph_format.keep_with_next = True


def _signature(document: WordDocument, wording: Wording) -> None:
    """Close with recipients and signature, never on another page than the last sentence."""
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    left, right = columns(document, (decree.TEXT_MM / 2, decree.TEXT_MM / 2), rows=1)
    head = left[0].paragraphs[0]
    write(head, RECIPIENTS, decree.RECIPIENTS_HEAD_PT, bold=True, italic=True)
    for line in recipient_lines(wording):
        write(left[0].add_paragraph(), line, decree.RECIPIENTS_PT)
    office = right[0].paragraphs[0]
    write(office, "\n".join(signature_lines(wording)), decree.SIGNATURE_PT, bold=True)
    for _ in range(decree.SIGNATURE_LINES):
        write(right[0].add_paragraph(), "", decree.SIGNATURE_PT)
    name = right[0].add_paragraph()
    write(name, wording.signatory.name, decree.SIGNATURE_PT, bold=True)
    for paragraph in right[0].paragraphs:
        paragraph.alignment = _CENTRE
    for first in (head, office):
        first.paragraph_format.space_before = Pt(12)
    keep_together((left[0], right[0]))


def _annex(document: WordDocument, report: Report) -> None:
    start_annex(document)
    for text, bold in ((ANNEX, True), (ANNEX_TITLE, True)):
        write(document.add_paragraph(), text, decree.TITLE_PT, bold=bold, align=_CENTRE)
    reference = annex_reference(report.wording)
    write(document.add_paragraph(), reference, decree.TITLE_PT, italic=True, align=_CENTRE)
    add_rule(document.add_paragraph(), decree.TEXT_MM, _TITLE_RULE_MM)
    for table in report.annex:
        _caption(document, table.caption, table.note)
        add_table(document, table, decree.ANNEX_TABLE_PT)


def _centred(cell: Cell, lines: Sequence[str], points: float) -> None:
    for line in lines:
        write(cell.add_paragraph(), line, points, bold=True, align=_CENTRE)
