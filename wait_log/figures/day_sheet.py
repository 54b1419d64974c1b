"""One business day as a sheet: its tickets' rows, and what only the log tells of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from bus.vocabulary import TicketClass, TicketState
from config import Centre
from wait_log import tables
from wait_log.errors import StoreError
from wait_log.figures.contacts import matter_cells
from wait_log.figures.hall_log import HallLog, hall_log
from wait_log.figures.intervals import Span, gaps, instant, length_s, overlap_s, union, without
from wait_log.figures.layout import Layouts, hours_of, in_force, origin_of
from wait_log.figures.sheet import (
    ABSENT,
    CLASSES,
    ORIGINS,
    PENDING,
    SERVED,
    UNCLEAR,
    VOID,
    DoubtfulRow,
    Entry,
    Family,
    Hall,
    Sheet,
    doubt_bit,
    family,
    kind_of,
    parts_of,
)
from wait_log.figures.values import LONG_SERVICE_S, Doubt
from wait_log.reader import Reader

_UNSERVED_S = 60.0
"""How long somebody must wait without an open counter to be counted as doing so."""


class _Row(NamedTuple):
    id: str
    number: str
    service: str
    ticket_class: str
    device: str
    offline_book: bool
    state: str
    counter: int | None
    issued_us: int
    first_called_us: int | None
    called_us: int | None
    started_us: int | None
    ended_us: int | None
    wait_s: float | None
    served_s: float | None
    clock_suspect: bool
    day_closed: bool


class _Record(NamedTuple):
    """What a sheet has of a ticket; a time that there is not, or that is not sure, is None."""

    row: _Row
    doubts: int
    keys: tuple[int, int, int, int]
    wait_s: float | None
    break_s: float
    service_s: float | None
    walking_s: float | None
    unserved_s: float


def sheet_of(
    reader: Reader, day: date, seqs: tuple[int, int] | None, layouts: Layouts, now_us: int
) -> Sheet:
    """Return the sheet of a day with its first and last event; a day that never opened has none.

    `now_us` is the end of the day as far as it is known. Raises StoreError.
    """
    log = hall_log(reader, *seqs) if seqs else None
    try:
        return _Maker(day, _rows(reader, day), log, layouts, now_us).sheet()
    except (ValueError, TypeError, OverflowError) as error:
        raise StoreError(f"a ticket of {day} is none that this version knows: {error}") from error


def _rows(reader: Reader, day: date) -> list[_Row]:
    ticket = tables.ticket.c
    wanted = select(*(ticket[name] for name in _Row._fields)).where(
        # Not `=`, for which SQLite would read the whole site.
        ticket.site == reader.site,
        ticket.business_day.between(day.isoformat(), day.isoformat()),
    )
    return [_Row._make(row) for row in reader.all(wanted)]


class _Maker:
    """Makes the sheet of one day from its rows and its log."""

    def __init__(
        self, day: date, rows: Sequence[_Row], log: HallLog | None, layouts: Layouts, now_us: int
    ) -> None:
        self._day = day
        self._rows = rows
        self._has_opened = log is not None
        self._log = log = log or HallLog()
        self._layouts = layouts
        self._now_us = now_us
        self._last = max((number for _, number in log.versions), default=0)
        self._centre: Centre = layouts.of(self._last)
        self._hours = hours_of(self._centre, day) if self._has_opened else []
        self._breaks = [] if self._centre.hours.always_open else gaps(self._hours)
        self._opened = self._open_spans()
        self._serving = self._serving_spans()
        self._unserved = {
            code: without(self._hours, spans)
            for code in {row.service for row in rows}
            for spans in [union(self._serving.get(code, ()))]
        }

    def sheet(self) -> Sheet:
        codes = tuple(sorted({row.service for row in self._rows}))
        number = {code: index for index, code in enumerate(codes)}
        records = [self._record(row, number[row.service]) for row in self._rows]
        return Sheet(
            halls=(self._hall(),),
            codes=codes,
            **{name: _family(name, records, value_of) for name, value_of in _VALUES.items()},
            doubtful=tuple(_doubtful(one) for one in records if one.doubts),
            matters=matter_cells(self._day, self._log.contacts, self._kinds(records)),
        )

    def _kinds(self, records: Iterable[_Record]) -> dict[str, tuple[int, bool]]:
        """Return class and origin of each ticket, and whether its clock is sure."""
        found = {}
        for one in records:
            _, ticket_class, origin = parts_of(one.keys[2])
            found[one.row.id] = (kind_of(0, ticket_class, origin), not one.row.clock_suspect)
        return found

    def _hall(self) -> Hall:
        spans = [span for spans in self._opened.values() for span in spans]
        return Hall(
            day=self._day,
            opened=int(self._has_opened),
            service_open_s={
                code: (length_s(union(spans)), length_s(spans))
                for code, spans in self._serving.items()
            },
            counter_open_s={number: length_s(spans) for number, spans in self._opened.items()},
            open_s=length_s(union(spans)),
            hours=tuple(self._hours),
            carried=tuple(self._log.carried),
            outages=tuple(self._log.outages),
        )

    def _record(self, row: _Row, service: int) -> _Record:
        outcome, unfinished = self._outcome(row)
        issued = instant(row.issued_us).astimezone(self._centre.identity.zone)
        waiting = (row.issued_us, row.first_called_us or row.ended_us or self._now_us)
        sure = not row.clock_suspect
        served = row.served_s if sure and outcome == SERVED and not unfinished else None
        doubts = [
            kind for kind, so in ((Doubt.CLOCK, not sure), (Doubt.UNFINISHED, unfinished)) if so
        ]
        if served is not None and served > LONG_SERVICE_S:
            served = None
            doubts.append(Doubt.LONG_SERVICE)
        origin = origin_of(self._centre, row.device, offline_book=row.offline_book)
        kind = kind_of(outcome, CLASSES.index(TicketClass(row.ticket_class)), ORIGINS.index(origin))
        return _Record(
            row=row,
            doubts=sum(doubt_bit(kind) for kind in doubts),
            keys=(service, row.counter or 0, kind, issued.weekday() * 24 + issued.hour),
            wait_s=row.wait_s if sure else None,
            break_s=overlap_s(waiting, self._breaks),
            service_s=served,
            walking_s=self._walking_s(row) if sure else None,
            unserved_s=overlap_s(waiting, self._unserved[row.service]) if sure else 0.0,
        )

    def _outcome(self, row: _Row) -> tuple[int, bool]:
        """Return what became of a ticket, and whether nobody but the day's closing ended it."""
        state = TicketState(row.state)
        if state is TicketState.FINISHED:
            return SERVED, row.day_closed
        absent = state is TicketState.ABSENT
        if not absent and not row.day_closed:
            return (VOID if state is TicketState.VOID else PENDING), False
        # Without a call it was in line to the end, or from a book that came too late.
        called_us = row.called_us
        setback = None if called_us is None else self._log.setback(row.id, called_us)
        if setback is not None and not setback.absent:
            return SERVED, True
        if absent or setback is not None:
            unclear = setback is not None and setback.unclear
            return (UNCLEAR if unclear else ABSENT), False
        return VOID, True

    def _walking_s(self, row: _Row) -> float | None:
        if row.called_us is None or row.started_us is None:
            return None
        return self._log.between_s(row.id, row.called_us, row.started_us)

    def _open_spans(self) -> dict[int, list[Span]]:
        """Return when counters were open; one that nobody closed was so to the end of the hours.

        Or to the last thing that was done there, when that was later.
        """
        closing = max((end for _, end in self._hours), default=0)
        acts: dict[int, int] = defaultdict(int)
        for row in self._rows:
            done = (row.called_us, row.started_us, None if row.day_closed else row.ended_us)
            acts[row.counter or 0] = max(acts[row.counter or 0], *(at or 0 for at in done))
        opened = {number: list(spans) for number, spans in self._log.opened.items()}
        for number, since_us in self._log.left_open.items():
            end = min(self._now_us, max(closing, acts[number], since_us))
            opened.setdefault(number, []).append((since_us, max(since_us, end)))
        return opened

    def _serving_spans(self) -> dict[str, list[Span]]:
        """Return when counters that serve it were open, for each service."""
        serving: dict[str, list[Span]] = {}
        for number, spans in self._opened.items():
            for span in spans:
                for part, version in in_force(self._log.versions, span):
                    for code in _serves(self._layouts.of(version), number):
                        serving.setdefault(code, []).append(part)
        return serving


def _serves(centre: Centre, number: int) -> Iterable[str]:
    return next((one.serves for one in centre.counters if one.number == number), ())


def _worked_s(one: _Record) -> float | None:
    return None if one.wait_s is None else max(0.0, one.wait_s - one.break_s)


def _unserved_s(one: _Record) -> float | None:
    return one.unserved_s if one.unserved_s >= _UNSERVED_S else None


_VALUES: dict[str, Callable[[_Record], float | None]] = {
    "tickets": lambda _: 0.0,
    "waits": lambda one: one.wait_s,
    "working_waits": _worked_s,
    "service": lambda one: one.service_s,
    "walking": lambda one: one.walking_s,
    "unserved": _unserved_s,
}


def _family(
    name: str, records: Iterable[_Record], value_of: Callable[[_Record], float | None]
) -> Family:
    return family(
        name,
        (Entry(value, *one.keys, 0) for one in records if (value := value_of(one)) is not None),
    )


def _doubtful(one: _Record) -> DoubtfulRow:
    service, counter, kind, _hour = one.keys
    row = one.row
    return DoubtfulRow(one.doubts, service, counter, kind, 0, row.id, row.number, row.issued_us)
