"""The figures of a period as one table for spreadsheets and programs.

A row says of what it is (its first columns) and every measure of it: times in seconds, shares in
whole percent, nothing where nothing is known.
"""

from collections.abc import Iterator, Sequence

from config import Centre
from config.settings import term_name
from hall.words import N_, Words
from provisioning.ratings import FACE_NAMES, Face
from wait_log.figures import Figures, OutageFigures, Tally
from wait_log.periods import Period
from web.export.csv_file import csv_file
from web.export.measures import (
    APPOINTMENT_COUNTS,
    CONTACTS,
    DOUBTS,
    MEASURES,
    OF_AN_HOUR,
    Kind,
    Measure,
    counter_label,
    outcome_columns,
    outcome_label,
    selection_words,
    service_label,
)
from web.export.satisfaction import Satisfaction

_UNITS = {Kind.COUNT: N_("lượt"), Kind.TIME: N_("giây"), Kind.SHARE: "%"}
_OPENED = (N_("Có ít nhất một quầy mở (giây)"), N_("Cộng các quầy mở (giây)"))
_OUTAGES = (
    N_("Số lần gián đoạn"),
    N_("Gián đoạn (giây)"),
    N_("Gián đoạn trong giờ làm việc (giây)"),
)
_DOUBTFUL = N_("Bản ghi nghi ngờ")
_CONTACTS = (N_("Lượt phục vụ tại quầy"), N_("Bình quân tại quầy (giây)"))
_VOTES = N_("Ý kiến (lượt)")
_APPOINTED = N_("Lịch hẹn")
_BETWEEN = len(MEASURES) + len(_OPENED)
_BEFORE_CONTACTS = _BETWEEN + len(_OUTAGES) + 1
Row = list[str | int | None]


def figures_csv(
    figures: Figures, centre: Centre, t: Words, opinion: Satisfaction | None = None
) -> bytes:
    """Return the figures of a selection."""
    heads = [t("Phần"), t("Tên"), t("Từ ngày"), t("Đến ngày")]
    heads += [f"{t(measure.label)} ({t(_UNITS[measure.kind])})" for measure in MEASURES]
    own = (_OPENED, _OUTAGES, (_DOUBTFUL,), _CONTACTS, (_VOTES, _APPOINTED))
    heads += [t(head) for heads_of in own for head in heads_of]
    rows = [*_parts(figures, centre, t), *_faults(figures, t), *_matters(figures, centre, t)]
    if opinion:
        rows += _opinion(opinion, figures.selection.period, centre, t)
    rows += _appointments(figures, centre, t)
    return csv_file([heads, *([*row, *[None] * (len(heads) - len(row))] for row in rows)])


def figures_name(period: Period, suffix: str) -> str:
    """Return the name under which a file of figures is saved."""
    return f"thoi-gian-cho-{period.first}--{period.last}.{suffix}"


def _parts(figures: Figures, centre: Centre, t: Words) -> Iterator[Row]:
    period = figures.selection.period
    whole = t("Toàn kỳ")
    chosen = " · ".join(selection_words(figures.selection, centre, t))
    yield _row(whole, chosen, period, figures.tally, (figures.open_s, figures.counter_s))
    others = ((t("Kỳ trước"), figures.before), (t("Cùng kỳ năm trước"), figures.year_before))
    for name, other in others:
        if other:
            yield _row(name, "", other.period, other.tally)
    for part in figures.by_service:
        name = service_label(centre, part.service, t)
        opened = (part.open_s, part.counter_s)
        yield _row(t("Theo lĩnh vực"), name, period, part.tally, opened)
    for desk in figures.by_counter:
        name = counter_label(centre, desk.counter, t)
        yield _row(t("Theo quầy"), name, period, desk.tally, (desk.open_s, desk.open_s))
    for day in figures.by_day:
        yield _row(t("Theo ngày"), "", Period(day.day, day.day), day.tally)
    for month in figures.by_month:
        yield _row(t("Theo tháng"), "", Period(month.first, month.last), month.tally)
    for cell in figures.by_hour:
        name = t("{weekday}, {hour} giờ", weekday=t.weekdays[cell.weekday], hour=cell.hour)
        tally = Tally(issued=cell.issued, waits=cell.waits)
        yield _row(t("Giờ và thứ"), name, period, tally, known=OF_AN_HOUR)


def _faults(figures: Figures, t: Words) -> Iterator[Row]:
    period = figures.selection.period
    every = t("Ít nhất một hệ thống gián đoạn")
    named = [(part.system, part) for part in figures.outages if part.count]
    if figures.any_outage.count:
        named.append((every, figures.any_outage))
    for name, part in named:
        yield [*_head(t("Gián đoạn"), name, period), *[None] * _BETWEEN, *_outage(part)]
    for found in figures.doubtful:
        head = _head(t(_DOUBTFUL), t(DOUBTS[found.kind]), period)
        yield [*head, *[None] * (_BETWEEN + len(_OUTAGES)), found.count]


def _matters(figures: Figures, centre: Centre, t: Words) -> Iterator[Row]:
    """Return how matters ended by service, and of the whole what came of second contacts."""
    period, empty = figures.selection.period, [None] * _BEFORE_CONTACTS
    columns = outcome_columns(figures, centre)
    for code, one in (*figures.matters_by_service, (None, figures.matters)):
        if not one.ends:
            continue
        place = t("Cộng") if code is None else service_label(centre, code, t)
        given = dict(one.outcomes)
        ended = [(outcome_label(centre, each, t), given.get(each, 0)) for each in columns]
        ended.append((t("Chưa ghi"), one.ends - one.recorded))
        for name, count in ended:
            head = _head(t("Kết quả phục vụ"), f"{place} · {name}", period)
            yield [*head, *empty, count]
    for label, kind, value in CONTACTS:
        found = value(figures.matters)
        if found:
            time = [None, round(found)] if kind is Kind.TIME else [round(found), None]
            yield [*_head(t("Một lần hẹn"), t(label), period), *empty, *time]


def _opinion(told: Satisfaction, period: Period, centre: Centre, t: Words) -> Iterator[Row]:
    """Return how many chose each face, each with how many were served."""
    counters = ((counter_label(centre, number, t), one) for number, one in told.by_counter)
    for place, one in ((t("Cộng"), told.whole), *counters):
        faces = ((f"{place} · {t(FACE_NAMES[face])}", one.of(face)) for face in Face)
        for name, count in ((place, one.votes), *faces):
            head = _head(t("Mức độ hài lòng"), name, period)
            yield [*head, *[None] * _BEFORE_CONTACTS, one.ends, None, count]
    for reason, count in told.reasons:
        name = term_name(centre.matters.rating_reasons, reason, t.lang)
        head = _head(t("Lý do của ý kiến"), name, period)
        yield [*head, *[None] * _BEFORE_CONTACTS, told.whole.ends, None, count]


def _appointments(figures: Figures, centre: Centre, t: Words) -> Iterator[Row]:
    """Return what became of the appointments of each day and service."""
    empty = [None] * (_BEFORE_CONTACTS + len(_CONTACTS) + 1)
    for cell in figures.appointments:
        service = service_label(centre, cell.service, t)
        for label, value in APPOINTMENT_COUNTS:
            head = _head(t(_APPOINTED), f"{service} · {t(label)}", Period(cell.day, cell.day))
            yield [*head, *empty, value(cell.tally)]


def _head(part: str, name: str, period: Period) -> Row:
    return [part, name, period.first.isoformat(), period.last.isoformat()]


def _row(
    part: str,
    name: str,
    period: Period,
    tally: Tally,
    opened: Sequence[float] = (),
    *,
    known: Sequence[Measure] = MEASURES,
) -> Row:
    values = [_value(measure, tally) if measure in known else None for measure in MEASURES]
    return [*_head(part, name, period), *values, *(round(seconds) for seconds in opened)]


def _outage(part: OutageFigures) -> Row:
    return [part.count, round(part.seconds), round(part.within_hours_s)]


def _value(measure: Measure, tally: Tally) -> int | None:
    value = measure.of(tally)
    if value is None:
        return None
    return round(100 * value) if measure.kind is Kind.SHARE else round(value)
