"""A native Word chart: its parts within the file, with the workbook that Word edits it by."""

import io
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.parser import parse_xml
from docx.package import Package
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from web.report import decree
from web.report.document import Chart

_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BAR, _HIGH_BAR, _TARGET, _GRID = "8FB1C9", "0B2F4A", "000000", "C8C8C8"
_HEIGHT_MM = 40
_SHEET = "Sheet1"
_FORMAT = "[$-42A]#,##0.0"
"""One decimal, with the comma that Vietnamese write."""
_SPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


class _ChartPart(Part):
    def __init__(
        self, name: PackURI, chart: Chart, workbook: Part, package: Package | None
    ) -> None:
        super().__init__(name, _CHART_TYPE, b"", package)
        self._chart = chart
        self._data = self.relate_to(workbook, RELATIONSHIP_TYPE.PACKAGE)

    @property
    def blob(self) -> bytes:
        """Return the part as it stands in the file."""
        return _chart_xml(self._chart, self._data).encode()


def add_chart(document: Document, paragraph: Paragraph, chart: Chart, number: int) -> None:
    """Draw `chart`, the file's `number`-th, where `paragraph` stands."""
    package = document.part.package
    embedded = PackURI(f"/word/embeddings/chart{number}.xlsx")
    workbook = Part(embedded, _WORKBOOK_TYPE, _workbook(chart), package)
    part = _ChartPart(PackURI(f"/word/charts/chart{number}.xml"), chart, workbook, package)
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    paragraph.add_run()._r.append(parse_xml(_inline(chart, number, relation)))  # noqa: SLF001


def _workbook(chart: Chart) -> bytes:
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet(_SHEET)
    sheet.write_row(0, 0, ["", chart.value_words, chart.target_words])
    for row, (name, value) in enumerate(zip(chart.categories, chart.values, strict=True), 1):
        sheet.write_row(row, 0, [name, value, chart.target])
    book.close()
    return file.getvalue()


def _inline(chart: Chart, number: int, relation: str) -> str:
    width, height = int(Mm(decree.TEXT_MM)), int(Mm(_HEIGHT_MM))
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return (
        f'<w:drawing xmlns:w="{word}" xmlns:wp="{drawing}" {_SPACES}>'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" '
        f'cy="{height}"/><wp:docPr id="{number}" name={quoteattr(chart.caption)} '
        f"descr={quoteattr(chart.description)}/><wp:cNvGraphicFramePr/>"
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )


def _chart_xml(chart: Chart, data: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace {_SPACES}><c:lang val="vi-VN"/><c:roundedCorners val="0"/><c:chart>'
        '<c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        f"{_bars(chart)}{_target(chart)}{_axes()}</c:plotArea>"
        '<c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>'
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_letters(1100)}"
        f'<c:externalData r:id="{data}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )


def _bars(chart: Chart) -> str:
    high = "".join(
        f'<c:dPt><c:idx val="{index}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>'
        f"{_fill(_HIGH_BAR)}</c:dPt>"
        for index, value in enumerate(chart.values)
        if value is not None and value > chart.target
    )
    return (
        '<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        f'<c:ser><c:idx val="0"/><c:order val="0"/>{_heading("B", chart.value_words)}'
        f'{_fill(_BAR)}<c:invertIfNegative val="0"/>{high}<c:dLbls>'
        f"<c:numFmt formatCode={quoteattr(_FORMAT)} "
        f'sourceLinked="0"/><c:spPr><a:noFill/></c:spPr>{_letters(1100, bold=True)}'
        '<c:dLblPos val="outEnd"/><c:showLegendKey val="0"/><c:showVal val="1"/>'
        '<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>'
        f'<c:showBubbleSize val="0"/></c:dLbls>{_names(chart)}{_numbers("B", chart.values)}'
        '</c:ser><c:gapWidth val="110"/><c:axId val="1001"/><c:axId val="1002"/></c:barChart>'
    )


def _target(chart: Chart) -> str:
    same = (chart.target,) * len(chart.categories)
    return (
        '<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/><c:ser><c:idx val="1"/>'
        f'<c:order val="1"/>{_heading("C", chart.target_words)}'
        '<c:spPr><a:ln w="15875"><a:solidFill>'
        f'<a:srgbClr val="{_TARGET}"/></a:solidFill><a:prstDash val="dash"/></a:ln></c:spPr>'
        f'<c:marker><c:symbol val="none"/></c:marker>{_names(chart)}{_numbers("C", same)}'
        '<c:smooth val="0"/></c:ser><c:marker val="1"/><c:axId val="1001"/><c:axId val="1002"/>'
        "</c:lineChart>"
    )


def _axes() -> str:
    line = '<c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="{}"/></a:solidFill></a:ln></c:spPr>'
    return (
        '<c:catAx><c:axId val="1001"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="b"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f'{line.format("000000")}{_letters(1100)}<c:crossAx val="1002"/><c:crosses val="autoZero"/>'
        '<c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/>'
        '</c:catAx><c:valAx><c:axId val="1002"/><c:scaling><c:orientation val="minMax"/>'
        '<c:min val="0"/></c:scaling><c:delete val="0"/><c:axPos val="l"/><c:majorGridlines>'
        f'{line.format(_GRID)}</c:majorGridlines><c:numFmt formatCode="0" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f'<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{_letters(1100)}<c:crossAx val="1001"/>'
        '<c:crosses val="autoZero"/><c:crossBetween val="between"/></c:valAx>'
    )


def _heading(column: str, words: str) -> str:
    cell = f"<c:f>{_SHEET}!${column}$1</c:f>"
    return (
        f'<c:tx><c:strRef>{cell}<c:strCache><c:ptCount val="1"/>'
        f'<c:pt idx="0"><c:v>{escape(words)}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
    )


def _names(chart: Chart) -> str:
    count = len(chart.categories)
    points = "".join(
        f'<c:pt idx="{index}"><c:v>{escape(name)}</c:v></c:pt>'
        for index, name in enumerate(chart.categories)
    )
    return (
        f"<c:cat><c:strRef><c:f>{_SHEET}!$A$2:$A${count + 1}</c:f><c:strCache>"
        f'<c:ptCount val="{count}"/>{points}</c:strCache></c:strRef></c:cat>'
    )


def _numbers(column: str, values: tuple[float | None, ...]) -> str:
    points = "".join(
        f'<c:pt idx="{index}"><c:v>{value:.3f}</c:v></c:pt>'
        for index, value in enumerate(values)
        if value is not None
    )
    cells = f"{_SHEET}!${column}$2:${column}${len(values) + 1}"
    return (
        f"<c:val><c:numRef><c:f>{cells}</c:f><c:numCache><c:formatCode>General</c:formatCode>"
        f'<c:ptCount val="{len(values)}"/>{points}</c:numCache></c:numRef></c:val>'
    )


def _fill(colour: str) -> str:
    return f'<c:spPr><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></c:spPr>'


def _letters(size: int, *, bold: bool = False) -> str:
    return (
        "<c:txPr><a:bodyPr/><a:p><a:pPr>"
        f'<a:defRPr sz="{size}" b="{int(bold)}">'
        '<a:solidFill><a:srgbClr val="000000"/></a:solidFill>'
        f'<a:latin typeface="{decree.FONT}"/><a:ea typeface="{decree.FONT}"/>'
        f'<a:cs typeface="{decree.FONT}"/></a:defRPr></a:pPr><a:endParaRPr lang="vi-VN"/></a:p>'
        "</c:txPr>"
    )
