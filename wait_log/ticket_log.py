"""The log of tickets: found by what they are, newest first, a page at a time.

A page begins after a ticket, not at an offset: day, instant of issue and id are its key. Each
question looks at a bounded number of tickets, whatever is asked for; where that ends the search
before the page is full, the answer says from which day on it goes on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_

from bus.vocabulary import TicketState
from wait_log import tables as t
from wait_log.figures.values import LONG_SERVICE_S, Doubt, Origin, Selection
from wait_log.reader import Reader
from wait_log.rows import TicketRow

_EVENTS_LOOKED_AT = 80_000
"""The events of the days that one question looks at: about 20,000 tickets, 70 ms."""


class PageKey(NamedTuple):
    """The place of a ticket in the log."""

    business_day: str
    issued_us: int
    ticket: str


class IssueHour(NamedTuple):
    """An hour of a weekday (0 is Monday), by a clock that is so far from UTC."""

    weekday: int
    hour: int
    utc_offset: timedelta


@dataclass(frozen=True, slots=True)
class TicketSearch:
    """Which tickets are looked for; an empty set is all."""

    selection: Selection
    states: frozenset[TicketState] = frozenset()
    number: str = ""
    doubts: frozenset[Doubt] = frozenset()
    issued_in: IssueHour | None = None
    """The hour of the week in which they were issued."""


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some tickets, newest first."""

    rows: tuple[TicketRow, ...] = ()
    newer: PageKey | None = None
    """The key before which there are newer ones; None when there are none."""
    older: PageKey | None = None
    """The key after which there are older ones, or may be."""
    looked_to: str | None = None
    """The day up to which was looked, where the search goes on past it; None when it is done."""


def find_tickets(
    reader: Reader,
    search: TicketSearch,
    start: PageKey | None = None,
    *,
    newer: bool = False,
    most: int = 50,
) -> LogPage:
    """Return up to `most` tickets older than `start`, or newer; raises StoreError."""
    for window in _windows(reader, search, start, newer=newer):
        found = reader.all(_page(reader.site, search, window, start, newer=newer, limit=most + 1))
        rows = tuple(TicketRow(*tuple(row)) for row in found[:most])
        more = len(found) > most
        return _as_page(rows, start, window, newer=newer, more=more)
    return LogPage(newer=None if newer else start, older=start if newer else None)


def count_states(reader: Reader, search: TicketSearch) -> dict[str, int] | None:
    """Return how many tickets are in each state; None where too many would have to be counted."""
    for window in _windows(reader, search, None, newer=False):
        if not window.whole:
            return None
        wanted = select(t.ticket.c.state, func.count()).where(
            *_conditions(reader.site, search, window)
        )
        found = reader.all(wanted.group_by(t.ticket.c.state))
        return {str(state): int(count) for state, count in map(tuple, found)}
    return {}


def ticket_by_id(reader: Reader, ticket_id: str) -> TicketRow | None:
    """Return one ticket, None when there is none; raises StoreError."""
    found = reader.rows(TicketRow, t.ticket, id=ticket_id)
    return found[0] if found else None


def key_of(row: TicketRow) -> PageKey:
    """Return the place of a ticket in the log."""
    return PageKey(row.business_day, row.issued_us, row.id)


@dataclass(frozen=True, slots=True)
class _Window:
    first: str
    last: str
    whole: bool
    """Nothing that is looked for lies beyond it."""


def _windows(
    reader: Reader, search: TicketSearch, start: PageKey | None, *, newer: bool
) -> Iterator[_Window]:
    """Return the days that are looked at, as many as the log of them is short enough."""
    period = search.selection.period
    first, last = period.first.isoformat(), period.last.isoformat()
    if start and newer:
        first = max(first, start.business_day)
    elif start:
        last = min(last, start.business_day)
    if first > last:
        return
    day = t.day.c
    opened = select(day.business_day, day.opened_seq).where(
        day.site == reader.site, day.business_day.between(first, last)
    )
    days = reader.all(opened.order_by(day.business_day if newer else day.business_day.desc()))
    for row in days[1:]:
        if abs(row.opened_seq - days[0].opened_seq) > _EVENTS_LOOKED_AT:
            edge = row.business_day
            yield _Window(first, edge, whole=False) if newer else _Window(edge, last, whole=False)
            return
    yield _Window(first, last, whole=True)


def _page(
    site: str,
    search: TicketSearch,
    window: _Window,
    start: PageKey | None,
    *,
    newer: bool,
    limit: int,
) -> Select[Any]:
    ticket = t.ticket.c
    key = (ticket.business_day, ticket.issued_us, ticket.id)
    wanted = select(*(ticket[field.name] for field in fields(TicketRow)))
    wanted = wanted.where(*_conditions(site, search, window))
    if start:
        wanted = wanted.where(tuple_(*key) > start if newer else tuple_(*key) < start)
    return wanted.order_by(*(key if newer else (k.desc() for k in key))).limit(limit)


def _conditions(site: str, search: TicketSearch, window: _Window) -> list[ColumnElement[bool]]:
    ticket, chosen = t.ticket.c, search.selection
    # A range even for one day: for an equal day SQLite would read the whole table by its key.
    found = [ticket.site == site, ticket.business_day.between(window.first, window.last)]
    for column, allowed in (
        (ticket.service, chosen.services),
        (ticket.counter, chosen.counters),
        (ticket.ticket_class, chosen.classes),
        (ticket.state, [str(state) for state in search.states]),
    ):
        if allowed:
            found.append(column.in_(sorted(allowed)))
    if search.number:
        found.append(ticket.number == search.number)
    if chosen.origins:
        found.append(or_(*(_from(origin) for origin in sorted(chosen.origins))))
    if search.issued_in:
        found.append(_is_of_hour(search.issued_in))
    if search.doubts:
        found.append(or_(*(_is_doubtful(doubt) for doubt in sorted(search.doubts))))
    return found


def _from(origin: Origin) -> ColumnElement[bool]:
    ticket = t.ticket.c
    match origin:
        case Origin.OFFLINE:
            return ticket.offline_book.is_(True)
        case Origin.KIOSK:
            return and_(ticket.offline_book.is_(False), ticket.device.like("kiosk%"))
        case Origin.COUNTER:
            return and_(ticket.offline_book.is_(False), ticket.device.not_like("kiosk%"))


def _is_of_hour(wanted: IssueHour) -> ColumnElement[bool]:
    """Return whether a ticket is of an hour of the week; 1970 began on a Thursday."""
    hours = (t.ticket.c.issued_us + wanted.utc_offset // _MICROSECOND) // _HOUR_US
    return (hours + _THURSDAY_H) % _WEEK_H == wanted.weekday * _DAY_H + wanted.hour


def _is_doubtful(doubt: Doubt) -> ColumnElement[bool]:
    ticket = t.ticket.c
    match doubt:
        case Doubt.CLOCK:
            return ticket.clock_suspect.is_(True)
        case Doubt.UNFINISHED:
            ended = ticket.state == str(TicketState.FINISHED)
            return and_(ticket.day_closed.is_(True), ended)
        case Doubt.LONG_SERVICE:
            return ticket.served_s > LONG_SERVICE_S


def _as_page(
    rows: Sequence[TicketRow],
    start: PageKey | None,
    window: _Window,
    *,
    newer: bool,
    more: bool,
) -> LogPage:
    """Return a page with the keys of its neighbours."""
    ordered = tuple(reversed(rows)) if newer else tuple(rows)
    goes_on = not more and not window.whole
    if newer:
        beyond = PageKey(window.last, _LAST_US, "")
        ahead = key_of(ordered[0]) if more else beyond if goes_on else None
        behind = key_of(ordered[-1]) if ordered else start
        return LogPage(ordered, ahead, behind, window.last if goes_on else None)
    beyond = PageKey(window.first, -1, "")
    ahead = start and (key_of(ordered[0]) if ordered else start)
    behind = key_of(ordered[-1]) if more else beyond if goes_on else None
    return LogPage(ordered, ahead, behind, window.first if goes_on else None)


_LAST_US = 2**62
_MICROSECOND = timedelta(microseconds=1)
_HOUR_US = timedelta(hours=1) // _MICROSECOND
_DAY_H, _THURSDAY_H, _WEEK_H = 24, 72, 168
