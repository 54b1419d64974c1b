"""A report as HTML in the look of the file; the same blocks in the same order."""

from dataclasses import dataclass

from web.report import decree, layout
from web.report.document import Chart, Report, Table, decimal, paragraphs, printable

_WIDTH, _HEIGHT = 640, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 6, 18, 26
_BAR_PART = 0.48
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
_MOST_LINES = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the chart, in units of the picture."""

    x: float
    y: float
    width: float
    height: float
    name: str
    value: str
    high: bool

    @property
    def middle(self) -> float:
        """Return where its labels stand."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class ChartView:
    """The chart as it is drawn."""

    chart: Chart
    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, str], ...]
    """Height and number of each line of the grid."""
    target_y: float
    width: int = _WIDTH
    height: int = _HEIGHT
    left: int = _LEFT
    right: int = _WIDTH - _RIGHT
    base: int = _HEIGHT - _BOTTOM


@dataclass(frozen=True, slots=True)
class BlockView:
    """One block of the report's text."""

    kind: str
    heading: str = ""
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None
    chart: ChartView | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the preview shows."""

    report: Report
    superior: str
    body: list[str]
    number: str
    day: str
    subject: list[str]
    addressees: list[str]
    blocks: list[BlockView]
    recipients: list[str]
    signature: list[str]
    name: str
    annex: tuple[Table, ...]
    reference: str
    nation: str = decree.NATION
    motto: str = decree.MOTTO
    kind: str = layout.KIND
    recipients_head: str = layout.RECIPIENTS
    annex_head: str = layout.ANNEX
    annex_title: str = layout.ANNEX_TITLE


def sheet(report: Report) -> Sheet:
    """Return a report as the preview shows it."""
    report = printable(report)
    wording = report.wording
    return Sheet(
        report=report,
        superior=wording.letterhead.superior.upper(),
        body=layout.body_lines(wording),
        number=layout.number_line(wording),
        day=layout.date_line(wording),
        subject=paragraphs(wording.subject),
        addressees=layout.addressee_lines(wording),
        blocks=[_block(block) for block in layout.flow(report)],
        recipients=layout.recipient_lines(wording),
        signature=layout.signature_lines(wording),
        name=wording.signatory.name,
        annex=report.annex if wording.annex else (),
        reference=layout.annex_reference(wording),
    )


def _block(block: layout.Block) -> BlockView:
    match block:
        case layout.Heading(text):
            return BlockView("heading", heading=text)
        case layout.Prose(found):
            return BlockView("prose", paragraphs=found)
        case Table():
            return BlockView("table", table=block)
        case Chart():
            return BlockView("chart", chart=_chart(block))


def _chart(chart: Chart) -> ChartView:
    highest = max([chart.target, *(value or 0 for value in chart.values)])
    step = next((size for size in _STEPS if highest / size <= _MOST_LINES), _STEPS[-1])
    top = step * (int(highest / step) + 1)
    base, room = _HEIGHT - _BOTTOM, _HEIGHT - _BOTTOM - _TOP

    def height(value: float) -> float:
        return round(room * value / top, 1)

    place = (_WIDTH - _LEFT - _RIGHT) / max(1, len(chart.categories))
    bars = [
        Bar(
            x=round(_LEFT + place * (index + (1 - _BAR_PART) / 2), 1),
            y=round(base - height(value or 0), 1),
            width=round(place * _BAR_PART, 1),
            height=height(value or 0),
            name=name,
            value=decimal(value),
            high=(value or 0) > chart.target,
        )
        for index, (name, value) in enumerate(zip(chart.categories, chart.values, strict=True))
    ]
    lines = tuple(
        (round(base - height(number), 1), str(number)) for number in range(0, top + 1, step)
    )
    return ChartView(chart, tuple(bars), lines, round(base - height(chart.target), 1))
