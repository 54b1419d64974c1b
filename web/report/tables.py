"""The report's tables and its chart, from figures alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec

from config import Centre
from wait_log.figures import (
    Comparison,
    DayFigures,
    Figures,
    HourFigures,
    ServiceFigures,
    Tally,
)
from wait_log.periods import Period, Preset, period_of
from web.export.satisfaction import Satisfaction
from web.report.appointments import appointment_tables
from web.report.document import Chart, Column, Table, decimal
from web.report.opinion import opinion_tables
from web.report.outcomes import outcome_tables
from web.report.sentences import WEEKDAYS, minutes_by_day, service_name

FROM_SYSTEM = "[nhập từ hệ thống]"
"""What stands in columns of dossiers, which the queue does not count."""
_NOTHING = "–"
_MOST_WEEKS = 6
_OFFICE_HOURS = (7, 8, 9, 10, 11, 13, 14, 15, 16)
_WORKING_WEEK = 5
_CUT = 15


@dataclass(frozen=True, slots=True)
class _Span:
    first: date
    last: date
    days: int
    issued: int
    waits: int
    wait_s: float
    within_15: int
    over_30: int


def services_table(figures: Figures, centre: Centre) -> Table:
    """Return how long people waited for each field."""
    rows = [
        (str(index), name, *_wait_cells(tally))
        for index, (name, tally) in enumerate(_by_service(figures, centre), 1)
    ]
    return Table(
        caption="Bảng 1. Thời gian chờ theo lĩnh vực",
        note="(thời gian tính bằng phút)",
        columns=(
            Column("TT", 10, "centre"),
            Column("Lĩnh vực", 46, "left"),
            Column("Lượt", 15),
            Column("Bình quân", 16),
            Column("Một nửa không quá", 23),
            Column("90 % không quá", 23),
            Column("Trong 15 phút (%)", 21),
            Column("Vắng (%)", 15),
        ),
        rows=(*rows, ("", "Toàn Trung tâm", *_wait_cells(figures.tally))),
        total=True,
    )


def hours_chart(figures: Figures, centre: Centre) -> Chart | None:
    """Return the mean wait by the hour of issue; None when nobody waited."""
    sums = _sums(figures.by_hour)
    if not sums:
        return None
    target = centre.targets.target_min
    hours = range(min(sums), max(sums) + 1)
    shown = [hour for hour in hours if hour in sums]
    return Chart(
        caption="Hình 1. Thời gian chờ bình quân theo giờ lấy số",
        note="(phút)",
        categories=tuple(f"{hour} giờ" for hour in shown),
        values=tuple(sums[hour][1] / sums[hour][0] / 60 for hour in shown),
        target=float(target),
        target_words=f"mục tiêu {target} phút",
        value_words="chờ bình quân (phút)",
    )


def spans_table(figures: Figures, centre: Centre) -> Table | None:
    """Return the period by weeks, or by months when it is long; None when it is one week."""
    period = figures.selection.period
    weekly = period.days <= 7 * _MOST_WEEKS
    outages = minutes_by_day(figures, centre.identity.zone)
    spans = _months(figures) if figures.by_month else list(_spans(figures.by_day, period, weekly))
    if len(spans) < 2 or not figures.tally.issued:  # noqa: PLR2004 - one row repeats the total
        return None
    rows = [
        (str(index), _days(span, short=weekly), *_span_cells(span, outages))
        for index, span in enumerate(spans, 1)
    ]
    whole = _span(period.first, period.last, figures.days, (figures.tally,))
    return Table(
        caption=f"Bảng 2. Tình hình tiếp công dân theo {'tuần' if weekly else 'tháng'}",
        note="(thời gian tính bằng phút)",
        columns=(
            Column("TT", 10, "centre"),
            Column("Tuần" if weekly else "Tháng", 44, "left"),
            Column("Ngày làm việc", 17),
            Column("Lượt", 14),
            Column("Bình quân", 16),
            Column("Trong 15 phút (%)", 21),
            Column("Quá 30 phút (lượt)", 21),
            Column("Hệ thống gián đoạn (phút)", 23),
        ),
        rows=(*rows, ("", "Cộng", *_span_cells(whole, outages))),
        total=True,
    )


def annex_tables(
    figures: Figures, centre: Centre, opinion: Satisfaction | None = None
) -> tuple[Table, ...]:
    """Return the annex "Tình hình tiếp công dân", its tables numbered."""
    found = (
        _turnout(figures, centre),
        _grid(
            "Thời gian chờ bình quân theo giờ và thứ trong tuần",
            "(phút)",
            figures.by_hour,
            target_min=centre.targets.target_min,
        ),
        _grid("Số lượt lấy số theo giờ và thứ trong tuần", "(lượt)", figures.by_hour),
        _comparison(figures),
        _outages(figures),
        *outcome_tables(figures, centre),
        *(opinion_tables(opinion) if opinion else ()),
        *appointment_tables(figures, centre),
    )
    return tuple(
        msgspec.structs.replace(table, caption=f"Biểu {number}. {table.caption}")
        for number, table in enumerate(found, 1)
    )


def _turnout(figures: Figures, centre: Centre) -> Table:
    parts = {part.service: part for part in figures.by_service}
    rows = []
    for index, (code, name) in enumerate(_services(figures, centre), 1):
        part = parts.get(code) or ServiceFigures(code, Tally(), 0.0, 0.0)
        rows.append((str(index), name, *_turnout_cells(part.tally, part.open_s)))
    whole = _turnout_cells(figures.tally, figures.open_s)
    period = figures.selection.period
    return Table(
        caption="Lượt giao dịch theo lĩnh vực",
        note=f"(kỳ {period.first:%d/%m/%Y} – {period.last:%d/%m/%Y})",
        columns=(
            Column("TT", 8.5, "centre"),
            Column("Lĩnh vực", 32.5, "left"),
            Column("Lượt", 12),
            Column("Đã phục vụ", 12),
            Column("Vắng", 12),
            Column("Hủy", 10),
            Column("Chờ quá 20 phút", 13),
            Column("Chờ quá 30 phút", 13),
            Column("Phục vụ bình quân (phút)", 15),
            Column("Thời gian mở quầy (phút)", 16),
            Column("Số hồ sơ (*)", 21, "centre"),
        ),
        rows=(*rows, ("", "Toàn Trung tâm", *whole)),
        total=True,
        footnote=(
            "(*) Nhập từ hệ thống thông tin giải quyết thủ tục hành chính; hệ thống lấy số không "
            "tính số hồ sơ. Thời gian mở quầy: số phút có ít nhất một quầy mở cho lĩnh vực đó."
        ),
    )


def _turnout_cells(tally: Tally, open_s: float) -> tuple[str, ...]:
    waits = tally.waits
    return (
        _count(tally.issued),
        _count(tally.served),
        _count(tally.absent + tally.absent_unclear),
        _count(tally.void),
        _count(waits.count - waits.within_20),
        _count(waits.over_30),
        _minutes(tally.service.mean_s),
        _count(round(open_s / 60)),
        FROM_SYSTEM,
    )


def _grid(
    caption: str, note: str, cells: Sequence[HourFigures], target_min: int | None = None
) -> Table:
    """Return hours across and days down: mean waits against a target, or numbers issued."""
    found = {(cell.weekday, cell.hour): cell for cell in cells if cell.issued}
    hours = sorted({*_OFFICE_HOURS, *(hour for _, hour in found)})
    last_day = max((day for day, _ in found), default=0)
    rows, marked = [], []
    for day in range(max(_WORKING_WEEK, last_day + 1)):
        row = [WEEKDAYS[day]]
        for column, hour in enumerate(hours, 1):
            cell = found.get((day, hour))
            if target_min is None:
                row.append(_count(cell.issued) if cell else "")
            elif cell is None or cell.waits.mean_s is None:
                row.append("")
            else:
                row.append(decimal(cell.waits.mean_s / 60, 0))
                if cell.waits.mean_s > target_min * 60:
                    marked.append((day, column))
        rows.append(tuple(row))
    heads = [Column(f"{hour} giờ", 11, "centre") for hour in hours]
    return Table(
        caption=caption,
        note=note,
        columns=(Column("Thứ", 19, "left"), *heads),
        rows=tuple(rows),
        marked=tuple(marked),
        footnote=f"Ô đậm: vượt mục tiêu {target_min} phút." if marked else "",
    )


def _comparison(figures: Figures) -> Table:
    columns = [
        _compared(figures.tally),
        _compared(figures.before.tally if figures.before else None),
        _compared(figures.year_before.tally if figures.year_before else None),
    ]
    names = (
        "Lượt giao dịch",
        "Chờ bình quân (phút)",
        "Một nửa số lượt chờ không quá (phút)",
        "90 % số lượt chờ không quá (phút)",
        "Chờ trong 15 phút (%)",
        "Chờ trong 20 phút (%)",
        "Chờ quá 30 phút (%)",
        "Vắng mặt khi được mời (%)",
        "Phục vụ bình quân (phút)",
    )
    return Table(
        caption="So sánh với kỳ trước và cùng kỳ năm trước",
        note="",
        columns=(
            Column("Chỉ tiêu", 66, "left"),
            Column("Kỳ này", 33),
            Column("Kỳ trước", 33),
            Column("Cùng kỳ năm trước", 33),
        ),
        rows=tuple(zip(names, *columns, strict=True)),
        footnote=_compared_periods(figures.before, figures.year_before),
    )


def _compared(tally: Tally | None) -> tuple[str, ...]:
    if tally is None:
        return (_NOTHING,) * 9
    waits = tally.waits
    return (
        _count(tally.issued),
        _minutes(waits.mean_s),
        _minutes(waits.median_s),
        _minutes(waits.p90_s),
        _percent(waits.share(waits.within_15)),
        _percent(waits.share(waits.within_20)),
        _percent(waits.share(waits.over_30)),
        _percent(tally.absent / tally.issued if tally.issued else None),
        _minutes(tally.service.mean_s),
    )


def _compared_periods(*others: Comparison | None) -> str:
    told = []
    for name, other in zip(("Kỳ trước", "Cùng kỳ năm trước"), others, strict=True):
        if other is None:
            told.append(f"{name}: chưa có số liệu.")
            continue
        short = "" if other.complete else ", nhật ký không đầy đủ"
        period = other.period
        told.append(f"{name}: {period.first:%d/%m/%Y} – {period.last:%d/%m/%Y}{short}.")
    return " ".join(told)


def _outages(figures: Figures) -> Table:
    parts = [part for part in figures.outages if part.count]
    rows = [
        (str(index), part.system, *(_count(number) for number in _numbers))
        for index, part in enumerate(parts, 1)
        for _numbers in [
            (part.count, round(part.seconds / 60), round(part.within_hours_s / 60)),
        ]
    ]
    whole = figures.any_outage
    total = (whole.count, round(whole.seconds / 60), round(whole.within_hours_s / 60))
    return Table(
        caption="Gián đoạn của các hệ thống",
        note="(theo ghi nhận tại quầy)",
        columns=(
            Column("TT", 10, "centre"),
            Column("Hệ thống", 71, "left"),
            Column("Số lần", 22),
            Column("Tổng số phút", 28),
            Column("Trong giờ làm việc (phút)", 34),
        ),
        rows=(*rows, ("", "Có ít nhất một hệ thống gián đoạn", *(_count(n) for n in total))),
        total=True,
        footnote="Thời gian nhiều hệ thống cùng gián đoạn chỉ tính một lần ở dòng cuối.",
    )


def _by_service(figures: Figures, centre: Centre) -> Iterator[tuple[str, Tally]]:
    parts = {part.service: part.tally for part in figures.by_service}
    for code, name in _services(figures, centre):
        yield name, parts.get(code, Tally())


def _services(figures: Figures, centre: Centre) -> list[tuple[str, str]]:
    """Return the fields in the centre's order, those that are no longer there last."""
    known = [service.code for service in centre.services]
    gone = sorted({part.service for part in figures.by_service} - set(known))
    return [(code, service_name(centre, code)) for code in [*known, *gone]]


def _wait_cells(tally: Tally) -> tuple[str, ...]:
    waits = tally.waits
    return (
        _count(tally.issued),
        _minutes(waits.mean_s),
        _minutes(waits.median_s),
        _minutes(waits.p90_s),
        _percent(waits.share(waits.within_15), 0),
        _percent(tally.absent / tally.issued if tally.issued else None),
    )


def _sums(hours: Sequence[HourFigures]) -> dict[int, tuple[int, float]]:
    """Return count and sum of the waits by hour."""
    sums: dict[int, tuple[int, float]] = {}
    for cell in hours:
        if cell.waits.mean_s is not None:
            count, total_s = sums.get(cell.hour, (0, 0.0))
            total_s += cell.waits.count * cell.waits.mean_s
            sums[cell.hour] = count + cell.waits.count, total_s
    return sums


def _spans(days: Sequence[DayFigures], period: Period, weekly: bool) -> Iterator[_Span]:
    kind = Preset.CALENDAR_MONTH
    if weekly:
        kind = Preset.WEEK
    elif period.first.day == _CUT:
        kind = Preset.MONTH
    first = period.first
    while first <= period.last:
        last = min(period_of(kind, first).last, period.last)
        part = [day for day in days if first <= day.day <= last]
        if part:
            worked = (part[0].day, part[-1].day) if weekly else (first, last)
            yield _span(*worked, len(part), [day.tally for day in part])
        first = last + timedelta(days=1)


def _months(figures: Figures) -> list[_Span]:
    return [_span(part.first, part.last, 0, (part.tally,)) for part in figures.by_month]


def _span(first: date, last: date, days: int, tallies: Sequence[Tally]) -> _Span:
    waits = [tally.waits for tally in tallies]
    return _Span(
        first=first,
        last=last,
        days=days,
        issued=sum(tally.issued for tally in tallies),
        waits=sum(one.count for one in waits),
        wait_s=sum(one.count * (one.mean_s or 0) for one in waits),
        within_15=sum(one.within_15 for one in waits),
        over_30=sum(one.over_30 for one in waits),
    )


def _span_cells(span: _Span, outages: dict[date, float]) -> tuple[str, ...]:
    out = sum(minutes for day, minutes in outages.items() if span.first <= day <= span.last)
    return (
        _count(span.days) if span.days else _NOTHING,
        _count(span.issued),
        _minutes(span.wait_s / span.waits if span.waits else None),
        _percent(span.within_15 / span.waits if span.waits else None, 0),
        _count(span.over_30),
        _count(round(out)),
    )


def _days(span: _Span, *, short: bool) -> str:
    form = "%d/%m" if short else "%d/%m/%Y"
    return f"{span.first.strftime(form)} – {span.last.strftime(form)}"


def _minutes(seconds: float | None) -> str:
    return decimal(None if seconds is None else seconds / 60)


def _percent(share: float | None, digits: int = 1) -> str:
    return decimal(None if share is None else 100 * share, digits)


def _count(number: int) -> str:
    return decimal(number, 0)
