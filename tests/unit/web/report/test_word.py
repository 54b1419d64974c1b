"""The Word file, opened again and held to Phụ lục I of Nghị định 30/2020/NĐ-CP."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime

import msgspec
import openpyxl
import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length, Pt
from docx.table import _Cell as Cell
from docx.text.paragraph import Paragraph

from config import Centre
from wait_log.figures import Figures
from web.report import decree
from web.report.document import Letterhead, Report, Signatory, Wording
from web.report.make import make_report
from web.report.settings import ReportSettings
from web.report.word import word_file

Opened = Callable[[Report], WordDocument]
MADE_AT = datetime(2026, 11, 16, 2, tzinfo=UTC)


@pytest.fixture
def signed(report: Report) -> Report:
    return reworded(report, number="5", signed_on=date(2026, 6, 3))


def reworded(report: Report, **wording: object) -> Report:
    changed: Wording = msgspec.structs.replace(report.wording, **wording)
    return msgspec.structs.replace(report, wording=changed)


@pytest.fixture(scope="module")
def opened() -> Opened:
    """Open the file of a report; each is made once, for it takes most of a second."""
    files: dict[str, bytes] = {}

    def open_file(report: Report) -> WordDocument:
        key = repr(report)
        if key not in files:
            files[key] = word_file(report, MADE_AT)
        return Document(io.BytesIO(files[key]))

    return open_file


def paragraph(document: WordDocument, text: str) -> Paragraph:
    cells: list[Cell] = [
        cell for table in document.tables for row in table.rows for cell in row.cells
    ]
    found: list[Paragraph] = [
        *document.paragraphs,
        *(one for cell in cells for one in cell.paragraphs),
    ]
    return next(one for one in found if one.text.startswith(text))


def millimetres(length: Length | None) -> float:
    return round(length.mm, 1) if length else 0.0


def lettering(found: Paragraph) -> tuple[float, bool | None, bool | None]:
    font = found.runs[0].font
    assert font.size
    return font.size.pt, font.bold, font.italic


def test_paper_and_margins(signed: Report, opened: Opened) -> None:
    for section in opened(signed).sections:
        assert millimetres(section.page_width) == 210
        assert millimetres(section.page_height) == 297
        for name, low, high in (
            ("top_margin", 20, 25),
            ("bottom_margin", 20, 25),
            ("left_margin", 30, 35),
            ("right_margin", 15, 20),
        ):
            assert low <= millimetres(getattr(section, name)) <= high, name


def test_font_and_language_of_every_kind_of_letter(signed: Report, opened: Opened) -> None:
    styles = opened(signed).styles
    defaults = styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:rPr')}")
    for holder in (defaults, styles["Normal"].element.rPr):
        fonts, language = holder.find(qn("w:rFonts")), holder.find(qn("w:lang"))
        for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
            assert fonts.get(qn(f"w:{kind}")) == "Times New Roman"
        assert not [name for name in fonts.attrib if "Theme" in name]
        assert language.get(qn("w:val")) == "vi-VN"


@pytest.mark.parametrize(
    ("text", "sizes", "bold", "italic"),
    [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", (12, 13), True, False),
        ("Độc lập - Tự do - Hạnh phúc", (13, 14), True, False),
        ("UBND PHƯỜNG NHỊ CHIỂU", (12, 13), False, False),
        ("TRUNG TÂM PHỤC VỤ", (12, 13), True, False),
        ("Số: 05/BC-TTPVHCC", (13, 13), False, False),
        ("Nhị Chiểu, ngày 03 tháng 6 năm 2026", (13, 14), False, True),
        ("BÁO CÁO", (13, 14), True, False),
        ("Thời gian chờ của công dân tại", (13, 14), True, False),
        ("Kính gửi: Ủy ban nhân dân phường Nhị Chiểu", (13, 14), False, False),
        ("I. KẾT QUẢ TRONG KỲ", (13, 14), True, False),
        ("Từ ngày 15/10/2026 đến ngày 14/11/2026", (13, 14), False, False),
        ("Nơi nhận:", (12, 12), True, True),
        ("- Như trên;", (11, 11), False, False),
        ("- Lưu: VT, TTPVHCC.", (11, 11), False, False),
        ("GIÁM ĐỐC", (13, 14), True, False),
        ("Phạm Thị Hương Giang", (13, 14), True, False),
    ],
)
def test_lettering(
    signed: Report,
    text: str,
    sizes: tuple[int, int],
    bold: bool,
    italic: bool,
    opened: Opened,
) -> None:
    size, is_bold, is_italic = lettering(paragraph(opened(signed), text))
    assert sizes[0] <= size <= sizes[1]
    assert (is_bold, is_italic) == (bold, italic)


def test_positions(signed: Report, opened: Opened) -> None:
    document = opened(signed)
    head = document.tables[0]
    assert head.columns[0].width.mm + head.columns[1].width.mm == pytest.approx(165, abs=0.1)
    assert round(head.columns[1].width.mm, 1) >= 100
    assert "CỘNG HÒA" in head.cell(0, 1).text
    assert "Số: 05" in head.cell(1, 0).text
    assert "Nhị Chiểu, ngày" in head.cell(1, 1).text
    for cell in (head.cell(row, column) for row in (0, 1) for column in (0, 1)):
        for one in cell.paragraphs:
            assert not one.text or one.alignment == WD_ALIGN_PARAGRAPH.CENTER


def test_text_is_justified_with_first_line_and_gap(signed: Report, opened: Opened) -> None:
    found = paragraph(opened(signed), "Từ ngày 15/10/2026")
    layout = found.paragraph_format
    assert found.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert 10 <= millimetres(layout.first_line_indent) <= 12.7
    assert layout.space_before == Pt(6)
    assert 1 <= float(layout.line_spacing or 0) <= 1.5


def test_rules_are_borders_of_the_right_length(signed: Report, opened: Opened) -> None:
    document = opened(signed)
    head = document.tables[0]
    lengths = []
    for holder, width in ((head.cell(0, 0), 65), (head.cell(0, 1), 100), (document, 165)):
        border = f".//{qn('w:pBdr')}"
        layout = next(
            one.paragraph_format for one in holder.paragraphs if one._p.find(border) is not None
        )
        sides = millimetres(layout.left_indent) + millimetres(layout.right_indent)
        lengths.append(width - sides)
    body, motto, title = lengths
    assert 15 <= body <= 25  # of a line of 47 mm
    assert 58 <= motto <= 62  # as long as the motto
    assert 40 <= title <= 70  # of a line of 140 mm
    assert "_" not in "".join(one.text for one in document.paragraphs)


def test_pages_are_numbered_in_the_top_margin_but_not_the_first(
    signed: Report, opened: Opened
) -> None:
    document = opened(signed)
    assert len(document.sections) == 2
    for section in document.sections:
        assert section.different_first_page_header_footer
        assert not section.first_page_header.paragraphs[0].text
        assert 0 < millimetres(section.header_distance) < 20
        number = section.header.paragraphs[0]
        assert number.alignment == WD_ALIGN_PARAGRAPH.CENTER
        assert " PAGE " in number._p.xml
        assert lettering(number) == (14, False, False)
    annex = document.sections[1]._sectPr.find(qn("w:pgNumType"))
    assert annex is not None
    assert annex.get(qn("w:start")) == "1"


def test_signature_never_tears_and_has_room(signed: Report, opened: Opened) -> None:
    document = opened(signed)
    table = next(one for one in document.tables if "Nơi nhận:" in one.cell(0, 0).text)
    row = table.rows[0]
    assert row._tr.trPr is not None
    assert row._tr.trPr.find(qn("w:cantSplit")) is not None
    lines = [one.text for one in row.cells[1].paragraphs]
    assert lines[0] == "GIÁM ĐỐC"
    assert lines[-1] == "Phạm Thị Hương Giang"
    assert lines[1:-1] == [""] * 5
    before = paragraph(document, "Trên đây là báo cáo")
    assert before.paragraph_format.keep_with_next
    assert before._p.getnext() is table._tbl


def test_rows_never_tear_and_heads_come_again(signed: Report, opened: Opened) -> None:
    document = opened(signed)
    grids = [one for one in document.tables if one.style and one.style.name == "Table Grid"]
    assert len(grids) == 7
    for table in grids:
        for row in table.rows:
            assert row._tr.trPr is not None
            assert row._tr.trPr.find(qn("w:cantSplit")) is not None
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None  # type: ignore[union-attr]
        widths = [column.width.mm for column in table.columns]
        assert sum(widths) == pytest.approx(165, abs=0.5)
        assert [cell.width.mm for cell in table.rows[1].cells] == pytest.approx(widths, abs=0.1)


def test_number_and_date_are_dotted_until_typed(report: Report, opened: Opened) -> None:
    document = opened(report)
    assert paragraph(document, "Số: ").text == "Số: ...../BC-TTPVHCC"
    assert paragraph(document, "Nhị Chiểu, ").text.count(".....") == 3
    assert "số ...../BC-TTPVHCC" in paragraph(document, "(Kèm theo").text


def test_several_addressees_stand_on_lines_of_their_own(signed: Report, opened: Opened) -> None:
    document = opened(reworded(signed, addressees=("Sở Nội vụ;", "- Sở Tư pháp")))
    texts = [one.text for one in document.paragraphs]
    at = texts.index("Kính gửi:")
    assert texts[at + 1 : at + 3] == ["- Sở Nội vụ;", "- Sở Tư pháp."]


def test_the_ward_signs_as_it_does(figures: Figures, centre: Centre, opened: Opened) -> None:
    settings = ReportSettings(
        letterhead="ward",
        signatories=(
            Signatory(authority="TM. Ủy ban nhân dân", office="Chủ tịch", name="Lãnh Duy Tiến"),
        ),
    )
    document = opened(make_report(figures, centre, settings))
    assert document.tables[0].cell(0, 0).text.split("\n")[:2] == [
        "ỦY BAN NHÂN DÂN",
        "PHƯỜNG NHỊ CHIỂU",
    ]
    assert paragraph(document, "Số: ").text.endswith("/BC-UBND")
    assert paragraph(document, "TM. ").text == "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH"
    assert paragraph(document, "Kính gửi").text == "Kính gửi: Ủy ban nhân dân thành phố Hải Phòng"


def test_chart_is_native_and_its_workbook_is_embedded(signed: Report, opened: Opened) -> None:
    document = opened(signed)
    drawing = document.element.body.find(f".//{qn('w:drawing')}")
    assert drawing is not None
    described = drawing.find(f".//{qn('wp:docPr')}").get("descr")
    assert "8 giờ 20,8" in described
    with zipfile.ZipFile(io.BytesIO(word_file(signed, MADE_AT))) as file:
        chart = file.read("word/charts/chart1.xml").decode()
        book = openpyxl.load_workbook(io.BytesIO(file.read("word/embeddings/chart1.xlsx")))
    assert "<c:barChart>" in chart
    assert 'lang val="vi-VN"' in chart
    rows = list(book.worksheets[0].values)
    assert rows[0] == (None, "chờ bình quân (phút)", "mục tiêu 15 phút")
    assert rows[2][0] == "8 giờ"
    assert rows[2][1] == pytest.approx(20.8)


def test_nothing_that_is_typed_breaks_the_file(signed: Report, opened: Opened) -> None:
    wild = 'a\x00b\x0bc <script>alert("x")</script> & =HYPERLINK("x") \ud800 \ufffe 𝄞'
    head = Letterhead(superior=wild, body=wild, code=wild, place=wild, issuer=wild)
    texts = dict.fromkeys(
        ("number", "subject", "opening", "results", "peaks", "groups", "causes", "proposals"), wild
    )
    signatory = Signatory(authority=wild, office=wild, name=wild)
    changed = reworded(
        signed,
        letterhead=head,
        signatory=signatory,
        addressees=(wild,),
        recipients=(wild,),
        **texts,
    )
    document = opened(changed)
    whole = " ".join(one.text for one in document.paragraphs)
    assert 'abc <script>alert("x")</script> & =HYPERLINK("x")   𝄞' in whole


def test_parts_stand_in_the_order_that_word_demands(signed: Report, opened: Opened) -> None:
    body = opened(signed).element.body
    orders = {
        "w:pPr": [
            "keepNext",
            "keepLines",
            "widowControl",
            "pBdr",
            "spacing",
            "ind",
            "jc",
            "rPr",
            "sectPr",
        ],
        "w:tcPr": ["tcW", "shd", "vAlign"],
        "w:tblPr": ["tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook"],
        "w:sectPr": [
            "headerReference",
            "footerReference",
            "type",
            "pgSz",
            "pgMar",
            "pgNumType",
            "cols",
            "titlePg",
            "docGrid",
        ],
    }
    for tag, order in orders.items():
        holders = [[child.tag.rpartition("}")[2] for child in one] for one in body.iter(qn(tag))]
        assert holders, tag
        for names in holders:
            assert set(names) <= set(order), names
            assert names == sorted(names, key=order.index), tag


def test_long_names_break_between_words_and_fit_the_letterhead(
    report: Report, opened: Opened
) -> None:
    place = "Phường Phan Rang - Tháp Chàm Nguyễn Bỉnh Khiêm"
    body = f"Trung tâm Phục vụ hành chính công {place}"
    head = msgspec.structs.replace(report.wording.letterhead, superior=f"UBND {place}", body=body)
    cell = opened(reworded(report, letterhead=head)).tables[0].cell(0, 0)
    lines = [one.text for one in cell.paragraphs[1:] if one.text]
    assert " ".join(lines) == body.upper()
    assert len(lines) == 5
    widths = [decree.bold_width_mm(line, decree.BODY_NAME_PT) for line in lines]
    assert max(widths) <= decree.LEFT_COLUMN_MM
    assert max(widths) - min(widths) < 30


def test_a_word_longer_than_the_line_stands_alone() -> None:
    assert decree.balanced("X" * 300, 13, 60) == ["X" * 300]
    assert decree.balanced("", 13, 60) == []
    assert decree.balanced("A " + "X" * 300 + " B", 13, 60) == ["A", "X" * 300, "B"]
