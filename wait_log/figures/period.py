"""All figures of a period: from sheets up to thirteen months, from histograms beyond."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from config import Centre
from wait_log.figures.counting import Part, Parts, chosen, counted, waits_of
from wait_log.figures.intervals import instant, microseconds
from wait_log.figures.layout import span_of
from wait_log.figures.outages import outages_in
from wait_log.figures.sheet import DayHall, DoubtfulRow, Sheet
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
    Selection,
    ServiceFigures,
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
    now_us = None if now is None else microseconds(now)
    sheets = Sheets(reader, reader.kept, centre, now_us)
    period = selection.period
    used = list(sheets.of(period))
    days = [day for sheet in used for day in sheet.days if period.holds(day.day)]
    parts = counted(used, selection, parts=True)
    before_and_these = [*sheets.hall_before(period.first), *days]
    before = _compared(sheets, selection, period.before())
    same = period.before() == period.year_before()
    outages, any_outage = outages_in(
        before_and_these, sheets.halls_after(period.last), span_of(centre, period), sheets.now_us
    )
    return Figures(
        selection=selection,
        tally=parts.whole.tally(),
        days=sum(day.opened for day in days),
        by_service=_by_service(parts, selection, days, centre),
        by_counter=_by_counter(parts, selection, days),
        by_day=tuple(DayFigures(day.day, parts.days.get(day.day, Part()).tally()) for day in days),
        by_hour=_by_hour(parts),
        open_s=sum(day.open_s for day in days),
        counter_s=sum(sum(day.counter_open_s.values()) for day in days),
        outages=outages,
        any_outage=any_outage,
        doubtful=_doubtful(used, selection),
        before=before,
        year_before=before if same else _compared(sheets, selection, period.year_before()),
        until=instant(sheets.newest_us) if sheets.newest_us else None,
    )


def _by_service(
    parts: Parts, selection: Selection, days: Sequence[DayHall], centre: Centre
) -> tuple[ServiceFigures, ...]:
    """Return every service that had tickets, or a counter that was open for it."""
    at_least_one: defaultdict[str, float] = defaultdict(float)
    together: defaultdict[str, float] = defaultdict(float)
    for day in days:
        for code, (one_s, all_s) in day.service_open_s.items():
            at_least_one[code] += one_s
            together[code] += all_s
    codes = {code for code, part in parts.services.items() if part.kinds} | at_least_one.keys()
    if selection.services:
        codes &= selection.services
    place = {service.code: index for index, service in enumerate(centre.services)}
    return tuple(
        ServiceFigures(
            service=code,
            tally=parts.services.get(code, Part()).tally(),
            open_s=at_least_one[code],
            counter_s=together[code],
        )
        for code in sorted(codes, key=lambda code: (place.get(code, len(place)), code))
    )


def _by_counter(
    parts: Parts, selection: Selection, days: Sequence[DayHall]
) -> tuple[CounterFigures, ...]:
    """Return every counter that had tickets, or was open."""
    opened: defaultdict[int, float] = defaultdict(float)
    for day in days:
        for number, open_s in day.counter_open_s.items():
            opened[number] += open_s
    numbers = {number for number, part in parts.counters.items() if number and part.kinds}
    numbers |= opened.keys()
    if selection.counters:
        numbers &= selection.counters
    return tuple(
        CounterFigures(number, parts.counters.get(number, Part()).tally(), opened[number])
        for number in sorted(numbers)
    )


def _by_hour(parts: Parts) -> tuple[HourFigures, ...]:
    return tuple(
        HourFigures(*divmod(hour, 24), part.kinds.total(), waits_of(part.waits))
        for hour, part in sorted(parts.hours.items())
        if part.kinds
    )


def _doubtful(sheets: Iterable[Sheet], selection: Selection) -> tuple[Doubtful, ...]:
    found: dict[Doubt, list[tuple[Sheet, DoubtfulRow]]] = {kind: [] for kind in Doubt}
    for sheet in sheets:
        picked = chosen(sheet, selection)
        for row in sheet.doubtful:
            if picked.has(row.service, row.counter, row.kind, row.day):
                for kind in Doubt:
                    if row.has(kind):
                        found[kind].append((sheet, row))
    return tuple(
        Doubtful(kind, len(rows), tuple(_doubtful_ticket(*one) for one in _first(rows)))
        for kind, rows in found.items()
    )


def _first(rows: list[tuple[Sheet, DoubtfulRow]]) -> list[tuple[Sheet, DoubtfulRow]]:
    return sorted(rows, key=lambda pair: (pair[1].issued_us, pair[1].ticket))[:LISTED]


def _doubtful_ticket(sheet: Sheet, row: DoubtfulRow) -> DoubtfulTicket:
    return DoubtfulTicket(
        ticket=row.ticket,
        day=sheet.days[row.day].day,
        number=row.number,
        service=sheet.codes[row.service],
        counter=row.counter or None,
        issued_at=instant(row.issued_us),
    )


def _compared(sheets: Sheets, selection: Selection, period: Period) -> Comparison | None:
    """Return the headline figures of another period, None when nothing is known of it."""
    if not sheets.days or period.last < sheets.days[0]:
        return None
    other = replace(selection, period=period)
    tally = counted(sheets.of(period), other, parts=False).whole.tally()
    return Comparison(period, tally, complete=sheets.days[0] <= period.first)
