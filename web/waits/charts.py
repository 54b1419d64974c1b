"""The geometry of the page's three charts, in units of their own view; templates only draw it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from config.settings.centre import Targets
from hall.words import Words
from wait_log.figures import HourFigures, ServiceFigures, Tally
from web.export.measures import axis_step, percent

_MINUTE_S = 60
_WIDTH = 640
_LEFT, _RIGHT, _TOP, _HEIGHT = 40, 630, 24, 190
"""Where the lines are drawn: between the marks of minutes and the right edge."""
_MOST_LABELS = 6
_DENSE = 45
"""From so many points on they are drawn without marks."""
_CELL, _GAP, _NAMES, _HEADS = (56, 42), 5, 56, 24
_LEAST_HOURS = 9
_BAR_STEP, _BAR_TOP, _BAR = 52, 24, 14
_SHADES = 7
"""How many shades lie below the target; one more each from target, warning and breach on."""
_LONGEST_NAME = 52
_WORKING_WEEK = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of an axis."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Point:
    """One day of the lines: where its values are, and what a pointer or a reader is told."""

    x: float
    left: float
    width: float
    mean: float | None
    p90: float | None
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """Mean and P90 along the days, and the target."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    rows: tuple[Mark, ...]
    columns: tuple[Mark, ...]
    points: tuple[Point, ...]
    means: tuple[str, ...]
    """Runs of days with a value, as SVG takes points."""
    p90s: tuple[str, ...]
    target: float
    target_words: str
    target_right: bool
    """Whether the target's name has more room on the right."""
    dense: bool


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One hour of a weekday."""

    x: float
    y: float
    shade: int
    """None of the colours for 0, then darker; from `light_text` on the text is white."""
    words: str
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Mean waits by hour and weekday."""

    width: int
    height: int
    cell_width: int
    cell_height: int
    hours: tuple[Mark, ...]
    weekdays: tuple[Mark, ...]
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One service: a bar as long as the mean, a whisker up to P90."""

    y: float
    name: str
    words: str
    length: float
    whisker: float | None
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """Mean and P90 of each service, and the target."""

    width: int
    height: int
    left: float
    bottom: float
    columns: tuple[Mark, ...]
    bars: tuple[Bar, ...]
    target: float
    target_words: str


@dataclass(frozen=True, slots=True)
class Span:
    """A day, or a month of a long period, along the lines."""

    label: str
    name: str
    tally: Tally
    address: str


def line_chart(spans: Sequence[Span], targets: Targets, t: Words) -> LineChart | None:
    """Return the waits along the days; None when nobody waited."""
    values = [
        v for s in spans for v in (s.tally.waits.mean_s, s.tally.waits.p90_s) if v is not None
    ]
    if not values:
        return None
    most_min = max(max(values) / _MINUTE_S, targets.target_min)
    step = axis_step(most_min)
    top_min = step * -(-most_min // step)
    bottom = _TOP + _HEIGHT
    slot = (_RIGHT - _LEFT) / len(spans)

    def y(seconds: float) -> float:
        return round(bottom - _HEIGHT * seconds / _MINUTE_S / top_min, 1)

    points = tuple(
        Point(
            x=round(_LEFT + slot * (index + 0.5), 1),
            left=round(_LEFT + slot * index, 1),
            width=round(slot, 1),
            mean=None if (mean := span.tally.waits.mean_s) is None else y(mean),
            p90=None if (p90 := span.tally.waits.p90_s) is None else y(p90),
            words=_told(span.name, span.tally, t),
            address=span.address,
        )
        for index, span in enumerate(spans)
    )
    half = len(points) // 2
    return LineChart(
        width=_WIDTH,
        height=bottom + 30,
        left=_LEFT,
        right=_RIGHT,
        top=_TOP,
        bottom=bottom,
        rows=tuple(
            Mark(y(minutes * _MINUTE_S), t.count(minutes))
            for minutes in range(0, int(top_min) + 1, step)
        ),
        columns=tuple(Mark(points[index].x, spans[index].label) for index in _spread(len(spans))),
        points=points,
        means=_runs(points, lambda point: point.mean),
        p90s=_runs(points, lambda point: point.p90),
        target=y(targets.target_min * _MINUTE_S),
        target_words=t("mục tiêu {minutes}", minutes=targets.target_min),
        target_right=_peak(points[half:]) > _peak(points[:half]),
        dense=len(points) > _DENSE,
    )


def heat_map(
    hours: Sequence[HourFigures],
    targets: Targets,
    address: Callable[[int, int], str],
    t: Words,
) -> HeatMap | None:
    """Return the waits by hour and weekday; None when nobody waited."""
    if not any(cell.waits.count for cell in hours):
        return None
    first, last = min(cell.hour for cell in hours), max(cell.hour for cell in hours)
    days = max(_WORKING_WEEK, *(cell.weekday + 1 for cell in hours))
    width, height = _CELL

    def x(hour: int) -> int:
        return _NAMES + (hour - first) * (width + _GAP)

    def y(weekday: int) -> int:
        return _HEADS + weekday * (height + _GAP)

    return HeatMap(
        width=x(max(last, first + _LEAST_HOURS - 1)) + width,
        height=y(days - 1) + height,
        cell_width=width,
        cell_height=height,
        hours=tuple(
            Mark(x(hour) + width / 2, t("{hour}h", hour=hour)) for hour in range(first, last + 1)
        ),
        weekdays=tuple(Mark(y(day) + height / 2, short_weekday(day, t)) for day in range(days)),
        cells=tuple(
            HeatCell(
                x=x(cell.hour),
                y=y(cell.weekday),
                shade=_shade(cell.waits.mean_s, targets),
                words=_minutes(cell.waits.mean_s, t),
                title=_told(
                    t("{weekday}, {hour} giờ", weekday=t.weekdays[cell.weekday], hour=cell.hour),
                    Tally(issued=cell.issued, waits=cell.waits),
                    t,
                ),
                address=address(cell.weekday, cell.hour),
            )
            for cell in hours
        ),
    )


def bar_chart(
    services: Sequence[ServiceFigures],
    targets: Targets,
    name: Callable[[str], str],
    address: Callable[[str], str],
    t: Words,
) -> BarChart | None:
    """Return the waits of each service that anybody waited for; None when nobody did."""
    waited = [part for part in services if part.tally.waits.mean_s is not None]
    if not waited:
        return None
    most_s = max(part.tally.waits.p90_s or part.tally.waits.mean_s or 0 for part in waited)
    most_min = max(most_s / _MINUTE_S, targets.target_min)
    step = axis_step(most_min)
    top_min = step * -(-most_min // step)
    right = _RIGHT - 14

    def length(seconds: float) -> float:
        return round(right * seconds / _MINUTE_S / top_min, 1)

    def bar(index: int, part: ServiceFigures) -> Bar:
        waits, called = part.tally.waits, name(part.service)
        words = t(
            "{mean}, 90 % ≤ {p90}", mean=t.duration(waits.mean_s), p90=t.duration(waits.p90_s)
        )
        return Bar(
            y=_BAR_TOP + index * _BAR_STEP,
            name=called if len(called) <= _LONGEST_NAME else f"{called[: _LONGEST_NAME - 1]}…",
            words=words,
            length=length(waits.mean_s or 0),
            whisker=None if waits.p90_s is None else length(waits.p90_s),
            title=_told(called, part.tally, t),
            address=address(part.service),
        )

    bottom = _BAR_TOP + len(waited) * _BAR_STEP
    return BarChart(
        width=_WIDTH,
        height=bottom + 24,
        left=0,
        bottom=bottom,
        columns=tuple(
            Mark(length(minutes * _MINUTE_S), t.count(minutes))
            for minutes in range(0, int(top_min) + 1, step)
        ),
        bars=tuple(bar(index, part) for index, part in enumerate(waited)),
        target=length(targets.target_min * _MINUTE_S),
        target_words=t("mục tiêu {minutes}", minutes=targets.target_min),
    )


def short_weekday(weekday: int, t: Words) -> str:
    """Return a weekday in one word: Hai, Ba, … CN."""
    names = (
        t.of("weekday", "Hai"),
        t.of("weekday", "Ba"),
        t.of("weekday", "Tư"),
        t.of("weekday", "Năm"),
        t.of("weekday", "Sáu"),
        t.of("weekday", "Bảy"),
        t.of("weekday", "CN"),
    )
    return names[weekday]


def _told(name: str, tally: Tally, t: Words) -> str:
    waits = tally.waits
    count = t.count(tally.issued)
    if waits.mean_s is None:
        return t("{name}: {count} lượt", name=name, count=count)
    if waits.p90_s is None:
        mean = t.minutes(waits.mean_s)
        return t("{name}: bình quân {mean}, {count} lượt", name=name, mean=mean, count=count)
    return t(
        "{name}: bình quân {mean}, 90 % không quá {p90}, trong 15 phút {share}, {count} lượt",
        name=name,
        mean=t.minutes(waits.mean_s),
        p90=t.minutes(waits.p90_s),
        share=percent(waits.share(waits.within_15), t),
        count=count,
    )


def _spread(count: int) -> list[int]:
    """Return which of `count` points get a label: the first, the last and some between."""
    if count <= _MOST_LABELS:
        return list(range(count))
    last = _MOST_LABELS - 1
    return [round(index * (count - 1) / last) for index in range(_MOST_LABELS)]


def _runs(points: Sequence[Point], value: Callable[[Point], float | None]) -> tuple[str, ...]:
    runs: list[list[str]] = [[]]
    for point in points:
        at = value(point)
        if at is None:
            runs.append([])
        else:
            runs[-1].append(f"{point.x:g},{at:g}")
    return tuple(" ".join(run) for run in runs if run)


def _peak(points: Sequence[Point]) -> float:
    """Return how near the top the points come: the smallest of their heights."""
    return min((point.p90 for point in points if point.p90 is not None), default=float("inf"))


def _shade(seconds: float | None, targets: Targets) -> int:
    if seconds is None:
        return 0
    minutes = seconds / _MINUTE_S
    if minutes > targets.target_min:
        return _SHADES + 1 + (minutes > targets.warn_min) + (minutes > targets.breach_min)
    return 1 + min(_SHADES - 1, int(_SHADES * minutes / max(targets.target_min, 1)))


def _minutes(seconds: float | None, t: Words) -> str:
    return "–" if seconds is None else t.count(int(seconds / _MINUTE_S + 0.5))
