"""All figures of a period: from sheets up to thirteen months, from histograms beyond."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from config import Centre
from wait_log.cases import cases_between
from wait_log.figures.appointments import appointments_in
from wait_log.figures.contacts import MatterCell
from wait_log.figures.counting import Choice, Part, counted, waits_of
from wait_log.figures.digest import hall_of
from wait_log.figures.intervals import instant, microseconds
from wait_log.figures.layout import span_of
from wait_log.figures.long_span import LongSpan
from wait_log.figures.matters import matter_figures
from wait_log.figures.outages import outages_in
from wait_log.figures.sheet import DoubtfulRow, Hall
from wait_log.figures.sheets import Sheets
from wait_log.figures.values import (
    LISTED,
    Comparison,
    CounterFigures,
    DayFigures,
    Doubt,
    Doubtful,
    DoubtfulTicket,
    Figures,
    HourFigures,
    MonthFigures,
    Selection,
    ServiceFigures,
    Tally,
)
from wait_log.periods import Period
from wait_log.reader import Reader

EXACT_MONTHS = 13
"""Up to so many months everything is exact."""


def figures(
    reader: Reader, selection: Selection, centre: Centre, now: datetime | None = None
) -> Figures:
    """Return the figures of a period; raises StoreError.

    `now` is until when an outage or a counter that goes on is counted; without it, that is the
    newest event. What is worked out of closed days is kept with the reader.
    """
    sheets = Sheets(reader, reader.kept, centre, None if now is None else microseconds(now))
    period = selection.period
    is_long = period.is_longer_than(EXACT_MONTHS)
    found = _long(sheets, selection) if is_long else _exact(sheets, selection)
    before = year_before = _compared(sheets, selection, period.before())
    if period.year_before() != period.before():
        year_before = _compared(sheets, selection, period.year_before())
    outages, any_outage = outages_in(
        [*sheets.hall_before(period.first), *found.halls],
        sheets.halls_after(period.last),
        span_of(centre, period),
        sheets.now_us,
    )
    hall = hall_of(found.halls)
    matters = matter_figures(found.matters, selection)
    return Figures(
        selection=selection,
        tally=found.whole,
        days=hall.opened,
        by_service=_by_service(found.services, selection, hall, centre),
        by_counter=_by_counter(found.counters, selection, hall),
        by_day=found.days,
        by_month=found.months,
        by_hour=found.hours,
        open_s=hall.open_s,
        counter_s=sum(hall.counter_open_s.values()),
        outages=outages,
        any_outage=any_outage,
        doubtful=found.doubtful,
        matters=matters.whole,
        matters_by_service=matters.by_service,
        ends_by_counter=matters.ends_by_counter,
        before=before,
        year_before=year_before,
        until=instant(sheets.newest_us) if sheets.newest_us else None,
        cases=tuple(sorted(cases_between(reader.meta_rows(), period.first, period.last).items())),
        appointments=appointments_in(reader, period.first, period.last, selection.services),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """The tickets of a period, counted, and its hall."""

    halls: Sequence[Hall]
    whole: Tally
    services: Mapping[str, Tally]
    counters: Mapping[int, Tally]
    hours: tuple[HourFigures, ...]
    doubtful: tuple[Doubtful, ...]
    matters: Sequence[MatterCell]
    days: tuple[DayFigures, ...] = ()
    months: tuple[MonthFigures, ...] = ()


def _exact(sheets: Sheets, selection: Selection) -> _Found:
    used = list(sheets.of(selection.period))
    halls = [hall for sheet in used for hall in sheet.halls if selection.period.holds(hall.day)]
    parts = counted(used, selection, parts=True)
    doubtful = _Doubtful(selection)
    for sheet in used:
        doubtful.add(sheet.days, sheet.codes, sheet.doubtful)
    return _Found(
        halls=halls,
        whole=parts.whole.tally(),
        services={code: part.tally() for code, part in parts.services.items()},
        counters={number: part.tally() for number, part in parts.counters.items()},
        hours=tuple(
            HourFigures(*divmod(hour, 24), part.kinds.total(), waits_of(part.waits))
            for hour, part in sorted(parts.hours.items())
            if part.kinds
        ),
        doubtful=doubtful.listed({kind: len(rows) for kind, rows in doubtful.found.items()}),
        matters=[
            cell for sheet in used for cell in sheet.matters if selection.period.holds(cell.day)
        ],
        days=tuple(
            DayFigures(hall.day, parts.days.get(hall.day, Part()).tally()) for hall in halls
        ),
    )


def _long(sheets: Sheets, selection: Selection) -> _Found:
    months = sheets.digests(selection)
    span = LongSpan(months, selection)
    doubtful = _Doubtful(selection)
    for month, doubts in zip(months, span.doubts, strict=True):
        if any(doubts[kind] and len(doubtful.found[kind]) < LISTED for kind in Doubt):
            for part in sheets.doubtful(month.days):
                doubtful.add(part.days, part.codes, part.rows)
    return _Found(
        halls=[month.digest.hall for month in months],
        whole=span.whole(),
        services=span.services(),
        counters=span.counters(),
        hours=span.hours(),
        doubtful=doubtful.listed({kind: sum(of[kind] for of in span.doubts) for kind in Doubt}),
        matters=[cell for month in months for cell in month.digest.matters],
        months=span.months(),
    )


class _Doubtful:
    """The doubtful tickets of a selection."""

    def __init__(self, selection: Selection) -> None:
        self._choice = Choice(selection)
        self.found: dict[Doubt, list[DoubtfulTicket]] = {kind: [] for kind in Doubt}

    def add(self, days: Sequence[date], codes: Sequence[str], rows: Iterable[DoubtfulRow]) -> None:
        """Take those of a sheet that are wanted."""
        picked = self._choice.among(codes, days)
        for row in rows:
            if picked.has(row.service, row.counter, row.kind, row.day):
                ticket = DoubtfulTicket(
                    ticket=row.ticket,
                    day=days[row.day],
                    number=row.number,
                    service=codes[row.service],
                    counter=row.counter or None,
                    issued_at=instant(row.issued_us),
                )
                for kind in Doubt:
                    if row.has(kind):
                        self.found[kind].append(ticket)

    def listed(self, counts: Mapping[Doubt, int]) -> tuple[Doubtful, ...]:
        """Return the first of each kind."""
        return tuple(
            Doubtful(
                kind,
                counts[kind],
                tuple(sorted(tickets, key=lambda one: (one.issued_at, one.ticket))[:LISTED]),
            )
            for kind, tickets in self.found.items()
        )


def _by_service(
    tallies: Mapping[str, Tally], selection: Selection, hall: Hall, centre: Centre
) -> tuple[ServiceFigures, ...]:
    """Return every service that had tickets, or a counter that was open for it."""
    codes = {code for code, tally in tallies.items() if tally.issued} | hall.service_open_s.keys()
    if selection.services:
        codes &= selection.services
    place = {service.code: index for index, service in enumerate(centre.services)}
    return tuple(
        ServiceFigures(code, tallies.get(code, Tally()), *hall.service_open_s.get(code, (0.0, 0.0)))
        for code in sorted(codes, key=lambda code: (place.get(code, len(place)), code))
    )


def _by_counter(
    tallies: Mapping[int, Tally], selection: Selection, hall: Hall
) -> tuple[CounterFigures, ...]:
    """Return every counter that had tickets, or was open."""
    numbers = {number for number, tally in tallies.items() if number and tally.issued}
    numbers |= hall.counter_open_s.keys()
    if selection.counters:
        numbers &= selection.counters
    return tuple(
        CounterFigures(number, tallies.get(number, Tally()), hall.counter_open_s.get(number, 0.0))
        for number in sorted(numbers)
    )


def _compared(sheets: Sheets, selection: Selection, period: Period) -> Comparison | None:
    """Return the headline figures of another period, None when nothing is known of it."""
    if not sheets.days or period.last < sheets.days[0]:
        return None
    other = replace(selection, period=period)
    if period.is_longer_than(EXACT_MONTHS):
        tally = LongSpan(sheets.digests(other), other).whole()
    else:
        tally = counted(sheets.of(period), other, parts=False).whole.tally()
    return Comparison(period, tally, complete=sheets.days[0] <= period.first)
