"""The page's tables, each row with the address of its tickets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from config import Centre
from hall.words import N_, Words
from wait_log.figures import Figures, HourFigures, OutageFigures, Tally
from wait_log.periods import Period
from web.export.measures import (
    ABSENT_SHARE,
    DOUBTS,
    ISSUED,
    MEAN,
    MEDIAN,
    OVER_30,
    P90,
    SERVICE_MEAN,
    UNCLEAR,
    WALKING_MEAN,
    WITHIN_15,
    WITHIN_20,
    WITHOUT_COUNTER,
    Measure,
    counter_label,
    service_label,
    value_words,
)
from web.waits.charts import Span, short_weekday
from web.waits.query import WaitsQuery

_MINUTE_S = 60
_SHOWN = 5
_SHORT = {
    ISSUED: N_("Lượt"),
    MEAN: N_("Chờ bình quân"),
    MEDIAN: N_("Một nửa ≤"),
    P90: N_("90 % ≤"),
    WITHIN_15: N_("Trong 15 phút"),
    WITHIN_20: N_("Trong 20 phút"),
    OVER_30: N_("Quá 30 phút"),
    SERVICE_MEAN: N_("Phục vụ bình quân"),
    WALKING_MEAN: N_("Đi đến quầy"),
    ABSENT_SHARE: N_("Vắng"),
    UNCLEAR: N_("Vắng, chưa rõ"),
    WITHOUT_COUNTER: N_("Chờ, chưa quầy mở"),
}
"""What measures are called at the head of a column."""
_OF_A_DAY = (ISSUED, MEAN, MEDIAN, P90, WITHIN_15, WITHIN_20, OVER_30, SERVICE_MEAN, ABSENT_SHARE)
_OF_A_SERVICE = (*_OF_A_DAY[:-1], WALKING_MEAN, ABSENT_SHARE, UNCLEAR, WITHOUT_COUNTER)
_OF_A_COUNTER = (ISSUED, MEAN, P90, WITHIN_15, SERVICE_MEAN, WALKING_MEAN, ABSENT_SHARE, UNCLEAR)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; the address of its tickets, where it has any."""

    words: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the first cell of a row says of what it is."""

    heads: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    total: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class DoubtfulList:
    """The doubtful records of one kind: how many, where they all are, and the first of them."""

    words: str
    count: str
    address: str
    first: tuple[Cell, ...]
    more: bool


def spans(figures: Figures, query: WaitsQuery, t: Words) -> list[Span]:
    """Return the days of the period, or its months when it is long."""
    months = [
        Span(
            f"{month.first:%m/%Y}",
            f"{month.first:%d/%m/%Y} – {month.last:%d/%m/%Y}",
            month.tally,
            query.tickets(period=Period(month.first, month.last)),
        )
        for month in figures.by_month
    ]
    return months or [
        Span(
            f"{one.day.day}/{one.day.month}",
            f"{short_weekday(one.day.weekday(), t)} {one.day:%d/%m/%Y}",
            one.tally,
            query.tickets(period=Period(one.day, one.day)),
        )
        for one in figures.by_day
    ]


def spans_table(parts: Sequence[Span], head: str, t: Words) -> Table:
    """Return the figures of the line of days."""
    rows = (_row(Cell(part.name, part.address), part.tally, _OF_A_DAY, t) for part in parts)
    return Table((head, *_heads(_OF_A_DAY, t)), tuple(rows))


def hours_table(hours: Sequence[HourFigures], query: WaitsQuery, t: Words) -> Table:
    """Return the figures of the heat map: the mean, and how many numbers were given."""
    cells = {(cell.weekday, cell.hour): cell for cell in hours}
    shown = sorted({hour for _, hour in cells})

    def words(cell: HourFigures | None, weekday: int, hour: int) -> Cell:
        if cell is None:
            return Cell("")
        said = t("{mean} ({count})", mean=t.duration(cell.waits.mean_s), count=t.count(cell.issued))
        return Cell(said, query.tickets(weekday=weekday, hour=hour))

    return Table(
        (t("Thứ"), *(t("{hour} giờ", hour=hour) for hour in shown)),
        tuple(
            (Cell(t.weekdays[day]), *(words(cells.get((day, hour)), day, hour) for hour in shown))
            for day in sorted({weekday for weekday, _ in cells})
        ),
    )


def services_table(figures: Figures, centre: Centre, query: WaitsQuery, t: Words) -> Table:
    """Return each service, and the whole hall at the end."""
    rows = (
        (
            *_row(
                Cell(
                    service_label(centre, part.service, t),
                    query.tickets(service=part.service),
                ),
                part.tally,
                _OF_A_SERVICE,
                t,
            ),
            Cell(minutes(part.open_s, t)),
        )
        for part in figures.by_service
    )
    whole = _row(Cell(t("Cộng"), query.tickets()), figures.tally, _OF_A_SERVICE, t)
    return Table(
        (t("Lĩnh vực"), *_heads(_OF_A_SERVICE, t), t("Có quầy mở (phút)")),
        tuple(rows),
        (*whole, Cell(minutes(figures.open_s, t))),
    )


def counters_table(figures: Figures, centre: Centre, query: WaitsQuery, t: Words) -> Table:
    """Return each counter."""
    rows = (
        (
            *_row(
                Cell(
                    counter_label(centre, desk.counter, t),
                    query.tickets(counter=desk.counter),
                ),
                desk.tally,
                _OF_A_COUNTER,
                t,
            ),
            Cell(minutes(desk.open_s, t)),
        )
        for desk in figures.by_counter
    )
    return Table((t("Quầy"), *_heads(_OF_A_COUNTER, t), t("Mở (phút)")), tuple(rows))


def outages_table(figures: Figures, t: Words) -> Table:
    """Return how long each system was out; no rows when none was."""
    named = [part for part in figures.outages if part.count]
    heads = (t("Hệ thống"), t("Số lần"), t("Số phút"), t("Trong giờ làm việc"))
    if not named:
        return Table(heads)
    rows = tuple(_outage(part.system, part, t) for part in named)
    return Table(heads, rows, _outage(t("Ít nhất một hệ thống"), figures.any_outage, t))


def doubtful_lists(
    figures: Figures, centre: Centre, query: WaitsQuery, t: Words
) -> tuple[DoubtfulList, ...]:
    """Return the doubtful records, the kinds without any left out."""
    return tuple(
        DoubtfulList(
            words=t(DOUBTS[found.kind]),
            count=t.count(found.count),
            address=query.tickets(doubtful=found.kind),
            first=tuple(
                Cell(
                    t(
                        "{number}, {service}, ngày {day}",
                        number=one.number,
                        service=service_label(centre, one.service, t),
                        day=f"{one.day:%d/%m/%Y}",
                    ),
                    query.tickets(period=Period(one.day, one.day), ticket=one.ticket) + "#story",
                )
                for one in found.first[:_SHOWN]
            ),
            more=found.count > _SHOWN,
        )
        for found in figures.doubtful
        if found.count
    )


def minutes(seconds: float, t: Words) -> str:
    """Return whole minutes, without the word."""
    return t.count(round(seconds / _MINUTE_S))


def _row(head: Cell, tally: Tally, measures: Iterable[Measure], t: Words) -> tuple[Cell, ...]:
    values = (value_words(one.of(tally), one.kind, t) for one in measures)
    return head, *(Cell(value) for value in values)


def _heads(measures: Iterable[Measure], t: Words) -> tuple[str, ...]:
    return tuple(t(_SHORT[measure]) for measure in measures)


def _outage(name: str, part: OutageFigures, t: Words) -> tuple[Cell, ...]:
    times = (minutes(part.seconds, t), minutes(part.within_hours_s, t))
    return Cell(name), Cell(t.count(part.count)), *(Cell(one) for one in times)
