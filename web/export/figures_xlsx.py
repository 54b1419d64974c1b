"""The figures of a period as a workbook with charts."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from config import Centre
from config.settings import term_name
from hall.words import N_, Words
from provisioning.ratings import FACE_NAMES, Face
from wait_log.figures import (
    Comparison,
    Figures,
    HourFigures,
    MatterFigures,
    OutageSpan,
    Tally,
)
from wait_log.figures.appointments import AppointmentTally, by_key, whole
from wait_log.periods import Period
from web.export.measures import (
    APPOINTMENT_COUNTS,
    CONTACTS,
    DOUBTS,
    MEAN,
    MEASURES,
    P90,
    Kind,
    Value,
    axis_step,
    counter_label,
    notes,
    outcome_columns,
    outcome_label,
    selection_words,
    service_label,
)
from web.export.satisfaction import Opinion, Satisfaction
from web.export.workbook import DAY_S, Cell, Number, Rows, Sheet, Workbook

_OPENED = (N_("Có ít nhất một quầy mở"), N_("Cộng các quầy mở"))
_UNITS = {Kind.TIME: N_("phút:giây"), Kind.SHARE: "%"}
MINUTE_S = 60


class _Part(NamedTuple):
    """One series of a chart: its name, its colour, its column and what stands there."""

    name: str
    colour: str
    column: int
    values: Sequence[Value]
    dash: str = "solid"


def figures_xlsx(
    figures: Figures, centre: Centre, t: Words, opinion: Satisfaction | None = None
) -> bytes:
    """Return the workbook of a selection."""
    with Workbook() as book:
        _summary(book, figures, centre, t)
        _spans(book, figures, centre, t)
        _hours(book, figures, t)
        _services(book, figures, centre, t)
        _counters(book, figures, centre, t)
        _matters(book, figures, centre, t)
        if opinion:
            _opinion(book, opinion, centre, t)
        _appointments(book, figures, centre, t)
        _outages(book, figures, centre, t)
        _doubtful(book, figures, centre, t)
    return book.data


def _summary(book: Workbook, figures: Figures, centre: Centre, t: Words) -> None:
    said = [
        centre.identity.name(t.lang),
        period_words(figures.selection.period, t),
        " · ".join(selection_words(figures.selection, centre, t)),
        t("Số liệu tính theo lượt giao dịch, không phải số hồ sơ."),
        *notes(figures, centre, t),
    ]
    sheet = book.add(t("Tổng hợp"), t("Thời gian chờ"), said)
    others = (figures.before, figures.year_before)
    rows: list[Sequence[Cell]] = [
        (
            _label(measure.label, measure.kind, t),
            Number(measure.of(figures.tally), measure.kind),
            *(Number(measure.of(one.tally) if one else None, measure.kind) for one in others),
        )
        for measure in MEASURES
    ]
    for label, seconds in zip(_OPENED, (figures.open_s, figures.counter_s), strict=True):
        rows.append((_label(label, Kind.TIME, t), Number(seconds, Kind.TIME), None, None))
    heads = [
        t("Chỉ tiêu"),
        t("Kỳ này"),
        _compared(t("Kỳ trước"), figures.before, t),
        _compared(t("Cùng kỳ năm trước"), figures.year_before, t),
    ]
    sheet.table(heads, rows)
    sheet.page.set_column(1, 3, 22)


def _spans(book: Workbook, figures: Figures, centre: Centre, t: Words) -> None:
    """Write the days, or the months of a long period, with the line of the waits."""
    target = Number(centre.targets.target_min * MINUTE_S, Kind.TIME)
    if figures.by_month:
        name, heads = t("Theo tháng"), [t("Từ ngày"), t("Đến ngày")]
        rows: list[Sequence[Cell]] = [
            (month.first, month.last, *_numbers(month.tally), target) for month in figures.by_month
        ]
    else:
        name, heads = t("Theo ngày"), [t("Ngày"), t("Thứ")]
        rows = [
            (day.day, t.weekdays[day.day.weekday()], *_numbers(day.tally), target)
            for day in figures.by_day
        ]
    sheet = book.add(name, name)
    placed = sheet.table([*heads, *_heads(t), t("Mục tiêu (phút:giây)")], rows)
    tallies = [part.tally for part in figures.by_month or figures.by_day]
    if tallies:
        goal = _Part(t("mục tiêu"), "#C98F10", 2 + len(MEASURES), [target.value], "dash")
        _chart(book, "line", sheet, placed, parts=[*_waits(tallies, 2, t), goal], t=t)


def _hours(book: Workbook, figures: Figures, t: Words) -> None:
    name = t("Giờ và thứ")
    sheet = book.add(name, t("Giờ lấy số và thứ trong tuần"))
    cells = {(cell.weekday, cell.hour): cell for cell in figures.by_hour}
    hours = sorted({hour for _, hour in cells})
    days = sorted({weekday for weekday, _ in cells})
    heads = [t("Thứ"), *(t("{hour} giờ", hour=hour) for hour in hours)]

    def grid(title: str, number: Callable[[HourFigures], Number]) -> None:
        sheet.line(title, "note")
        rows = sheet.table(heads, (_hour_row(day, number) for day in days))
        if hours:
            scale = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#E08A92"}
            sheet.page.conditional_format(rows.first, 1, rows.last, len(hours), scale)

    def _hour_row(day: int, number: Callable[[HourFigures], Number]) -> Sequence[Cell]:
        found = (cells.get((day, hour)) for hour in hours)
        return t.weekdays[day], *(number(cell) if cell else None for cell in found)

    grid(t("Chờ bình quân (phút:giây)"), lambda cell: Number(cell.waits.mean_s, Kind.TIME))
    grid(t("Số lượt lấy số"), lambda cell: Number(cell.issued, Kind.COUNT))


def _services(book: Workbook, figures: Figures, centre: Centre, t: Words) -> None:
    name = t("Theo lĩnh vực")
    sheet = book.add(name, name)
    rows: list[Sequence[Cell]] = [
        (
            service_label(centre, part.service, t),
            *_numbers(part.tally),
            Number(part.open_s, Kind.TIME),
            Number(part.counter_s, Kind.TIME),
        )
        for part in figures.by_service
    ]
    opened = [_label(label, Kind.TIME, t) for label in _OPENED]
    placed = sheet.table([t("Lĩnh vực"), *_heads(t), *opened], rows)
    if rows:
        tallies = [part.tally for part in figures.by_service]
        _chart(book, "column", sheet, placed, parts=_waits(tallies, 1, t), t=t)


def _counters(book: Workbook, figures: Figures, centre: Centre, t: Words) -> None:
    name = t("Theo quầy")
    sheet = book.add(name, name)
    rows: list[Sequence[Cell]] = [
        (
            counter_label(centre, desk.counter, t),
            *_numbers(desk.tally),
            Number(desk.open_s, Kind.TIME),
        )
        for desk in figures.by_counter
    ]
    sheet.table([t("Quầy"), *_heads(t), t("Quầy mở (phút:giây)")], rows)


def _matters(book: Workbook, figures: Figures, centre: Centre, t: Words) -> None:
    """Write how matters ended, and what became of those who were to come back."""
    sheet = book.add(t("Kết quả"), t("Kết quả phục vụ, theo ghi nhận tại quầy"))
    columns = outcome_columns(figures, centre)
    heads = [outcome_label(centre, outcome, t) for outcome in columns]
    parts = [(service_label(centre, code, t), one) for code, one in figures.matters_by_service]
    rows = [*parts, (t("Cộng"), figures.matters)]
    sheet.table(
        [t("Lĩnh vực"), *heads, t("Chưa ghi"), t("Đã ghi"), t("Lượt phục vụ")],
        ((name, *_outcome_numbers(one, columns)) for name, one in rows),
    )
    sheet.line(t("Một lần hẹn: chờ ký rồi quay lại, nhiều việc trên một số"), "note")
    sheet.table(
        [t("Lĩnh vực"), *(_label(label, kind, t) for label, kind, _ in CONTACTS)],
        ((name, *(Number(value(one), kind) for _, kind, value in CONTACTS)) for name, one in rows),
    )


def _opinion(book: Workbook, told: Satisfaction, centre: Centre, t: Words) -> None:
    """Write what people thought, beside how many were served."""
    name = t("Mức độ hài lòng")
    sheet = book.add(name, name, [t("Ý kiến tự nguyện của người vừa được phục vụ, không ghi tên.")])
    rows = [(counter_label(centre, number, t), one) for number, one in told.by_counter]
    heads = [t("Quầy"), *(t(FACE_NAMES[face]) for face in Face)]
    sheet.table(
        [*heads, t("Số ý kiến"), t("Lượt phục vụ")],
        ((place, *_opinion_numbers(one)) for place, one in [*rows, (t("Cộng"), told.whole)]),
    )
    if told.reasons:
        reasons = centre.matters.rating_reasons
        sheet.table(
            [t("Lý do của ý kiến"), t("Số ý kiến")],
            (
                (term_name(reasons, reason, t.lang), Number(count, Kind.COUNT))
                for reason, count in told.reasons
            ),
        )


def _opinion_numbers(one: Opinion) -> list[Number]:
    counts = (*(one.of(face) for face in Face), one.votes, one.ends)
    return [Number(count, Kind.COUNT) for count in counts]


def _appointments(book: Workbook, figures: Figures, centre: Centre, t: Words) -> None:
    """Write who came by appointment; no sheet where nobody was appointed."""
    cells = figures.appointments
    if not cells:
        return
    sheet = book.add(t("Lịch hẹn"), t("Lịch hẹn, theo ngày hẹn"))
    counts = [t(label) for label, _ in APPOINTMENT_COUNTS]

    def numbers(tally: AppointmentTally) -> list[Number]:
        return [Number(value(tally), Kind.COUNT) for _, value in APPOINTMENT_COUNTS]

    parts = by_key(cells, lambda cell: cell.service).items()
    rows = [(service_label(centre, code, t), tally) for code, tally in parts]
    rows.append((t("Cộng"), whole(cells)))
    sheet.table([t("Lĩnh vực"), *counts], ((name, *numbers(tally)) for name, tally in rows))
    sheet.line(t("Theo ngày và lĩnh vực"), "note")
    sheet.table(
        [t("Ngày"), t("Lĩnh vực"), *counts],
        (
            (cell.day, service_label(centre, cell.service, t), *numbers(cell.tally))
            for cell in cells
        ),
    )


def _outcome_numbers(one: MatterFigures, columns: Sequence[str]) -> list[Number]:
    given = dict(one.outcomes)
    counts = [given.get(outcome, 0) for outcome in columns]
    counts += [one.ends - one.recorded, one.recorded, one.ends]
    return [Number(count, Kind.COUNT) for count in counts]


def _outages(book: Workbook, figures: Figures, centre: Centre, t: Words) -> None:
    name = t("Gián đoạn")
    sheet = book.add(name, t("Gián đoạn của các hệ thống, theo ghi nhận tại quầy"))
    whole = (t("Ít nhất một hệ thống gián đoạn"), figures.any_outage)
    named = [(part.system, part) for part in figures.outages if part.count]
    heads = [
        t("Hệ thống"),
        t("Số lần"),
        t("Thời gian (phút:giây)"),
        t("Trong giờ làm việc (phút:giây)"),
    ]
    sheet.table(
        heads,
        (
            (
                system,
                Number(part.count, Kind.COUNT),
                Number(part.seconds, Kind.TIME),
                Number(part.within_hours_s, Kind.TIME),
            )
            for system, part in [*named, whole]
        ),
    )
    spans = [(system, span) for system, part in named for span in part.spans]
    if spans:
        heads = [t("Hệ thống"), t("Bắt đầu"), t("Kết thúc"), t("Ghi chú")]
        sheet.table(heads, (_span(system, span, centre, t) for system, span in spans))


def _span(system: str, span: OutageSpan, centre: Centre, t: Words) -> Sequence[Cell]:
    doubt = t("đồng hồ không chắc chắn, không tính") if span.doubtful else ""
    end = _local(span.end, centre) if span.end else t("chưa kết thúc")
    return system, _local(span.begin, centre), end, doubt


def _doubtful(book: Workbook, figures: Figures, centre: Centre, t: Words) -> None:
    name = t("Bản ghi nghi ngờ")
    sheet = book.add(name, t("Bản ghi nghi ngờ, không tính vào bình quân"))
    counted = ((t(DOUBTS[part.kind]), Number(part.count, Kind.COUNT)) for part in figures.doubtful)
    sheet.table([t("Lý do"), t("Số lượt")], counted)
    heads = [t("Lý do"), t("Ngày"), t("Số"), t("Lĩnh vực"), t("Quầy"), t("Lấy số lúc")]
    sheet.line(t("Những bản ghi đầu tiên của mỗi loại:"), "note")
    sheet.table(
        heads,
        (
            (
                t(DOUBTS[part.kind]),
                one.day,
                one.number,
                service_label(centre, one.service, t),
                Number(one.counter, Kind.COUNT),
                _local(one.issued_at, centre),
            )
            for part in figures.doubtful
            for one in part.first
        ),
    )


def period_words(period: Period, t: Words) -> str:
    """Return the days of a period."""
    if period.days == 1:
        return t("Ngày {day}", day=f"{period.first:%d/%m/%Y}")
    return t(
        "Kỳ {first} – {last}", first=f"{period.first:%d/%m/%Y}", last=f"{period.last:%d/%m/%Y}"
    )


def _compared(name: str, other: Comparison | None, t: Words) -> str:
    nothing, incomplete = t("chưa có số liệu"), t("nhật ký chưa đủ")
    if other is None:
        return f"{name} ({nothing})"
    said = f"{other.period.first:%d/%m/%Y} – {other.period.last:%d/%m/%Y}"
    return f"{name} ({said})" if other.complete else f"{name} ({said}, {incomplete})"


def _chart(
    book: Workbook, kind: str, sheet: Sheet, rows: Rows, *, parts: Sequence[_Part], t: Words
) -> None:
    """Put a chart of the times of some columns below their table."""
    chart = book.chart(kind, t("Thời gian chờ (phút)"))
    for part in parts:
        line = {"color": part.colour, "width": 2.25, "dash_type": part.dash}
        chart.add_series(
            {
                "name": part.name,
                "categories": sheet.column(rows, 0),
                "values": sheet.column(rows, part.column),
                **({"line": line} if kind == "line" else {"fill": {"color": part.colour}}),
            }
        )
    most_s = max((value or 0 for part in parts for value in part.values), default=0)
    step = axis_step(most_s / MINUTE_S) * MINUTE_S / DAY_S
    chart.set_y_axis({"num_format": "[m]", "min": 0, "major_unit": step})
    if kind == "line":
        chart.set_x_axis({"num_format": "dd/mm/yyyy", "text_axis": True})
    sheet.page.insert_chart(sheet.row, 0, chart)


def _waits(tallies: Sequence[Tally], before: int, t: Words) -> list[_Part]:
    """Return mean and P90 of a table in which so many columns stand before the measures."""
    mean, p90 = before + MEASURES.index(MEAN), before + MEASURES.index(P90)
    return [
        _Part(t("bình quân"), "#124263", mean, [MEAN.of(tally) for tally in tallies]),
        _Part(t("90 % không quá"), "#C8202F", p90, [P90.of(tally) for tally in tallies]),
    ]


def _heads(t: Words) -> list[str]:
    return [_label(measure.label, measure.kind, t) for measure in MEASURES]


def _numbers(tally: Tally) -> list[Number]:
    return [Number(measure.of(tally), measure.kind) for measure in MEASURES]


def _label(label: str, kind: Kind, t: Words) -> str:
    return f"{t(label)} ({t(_UNITS[kind])})" if kind in _UNITS else t(label)


def _local(at: datetime, centre: Centre) -> datetime:
    """Return the centre's local time; a workbook knows no zones."""
    return at.astimezone(centre.identity.zone).replace(tzinfo=None)
