"""Follow the chain, replay it, and compare every table with what the log says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from queue_service.codec import decode_fact, kind_of
from queue_service.domain import events as e
from queue_service.domain.apply import apply
from queue_service.domain.state import State
from queue_service.domain.values import Refusal
from queue_service.errors import LogError
from queue_service.records import add_rows, appointment_row, microseconds, ticket_row
from wait_log import tables
from wait_log.errors import StoreDamagedError, StoreError
from wait_log.reader import Reader
from wait_log.rows import (
    FIRST_HASH,
    AppointmentRow,
    Batch,
    CallRow,
    ChainedEvent,
    ConfigRow,
    DayRow,
    InboxRow,
    PrintRow,
    TicketRow,
)

CHECKED_AT_START = 2500
"""How many events a start looks at, 0.5 s of work; of a longer log the last whole days."""

_Row = TicketRow | CallRow | PrintRow | DayRow | AppointmentRow
_COUNTED = {
    "TicketRow": tables.ticket,
    "CallRow": tables.call,
    "PrintRow": tables.print_record,
    "AppointmentRow": tables.appointment,
}
_UNREADABLE = (LogError, Refusal, LookupError, ValueError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was checked, and everything that is wrong."""

    first_seq: int
    events: int
    days: int
    tickets: int
    withheld: int
    """Events whose bytes are withheld: they are chained, their days cannot be replayed."""
    problems: tuple[str, ...]


def verify(reader: Reader, first_seq: int = 1) -> Verdict:
    """Return the verdict on a site's rows; raises nothing.

    From a later event than the first, which must open a day, only what follows it is compared, and
    nothing that takes long on a large store.
    """
    replay = _Replay(reader, first_seq)
    try:
        if first_seq == 1:
            replay.problems += reader.damage(thorough=True)
        replay.problems += reader.misdefined()
        replay.problems += reader.flawed(all_tables=first_seq == 1)
        if replay.follow():
            replay.finish()
    except StoreError as error:
        replay.problems.append(str(error))
    return Verdict(
        first_seq,
        replay.events,
        len(replay.days),
        replay.tickets,
        replay.withheld,
        tuple(replay.problems),
    )


def check_at_start(reader: Reader) -> Verdict:
    """Check as much as a start has time for; raises StoreDamagedError when something is wrong."""
    newest = reader.newest()
    first_seq = _first_to_check(reader.days(), newest.seq if newest else 0)
    verdict = verify(reader, first_seq)
    if verdict.problems:
        more = f" and {len(verdict.problems) - 1} more" if verdict.problems[1:] else ""
        raise StoreDamagedError(
            f"the store is damaged ({verdict.problems[0]}{more}) and is not written on: keep a "
            "copy, then put the last good one in its place, or move it away to begin a new one; "
            "`denluot verify` says more"
        )
    return verdict


def _first_to_check(days: list[DayRow], last_seq: int) -> int:
    """Return the event that opens the oldest day to check, 1 for the whole log."""
    if last_seq <= CHECKED_AT_START:
        return 1
    recent = [day for day in days if day.opened_seq > last_seq - CHECKED_AT_START] or days[-1:]
    return recent[0].opened_seq if recent else 1


class _Replay:
    """Folds the log and compares each day with its rows when the next one opens."""

    def __init__(self, reader: Reader, first_seq: int) -> None:
        self._reader = reader
        self._first_seq = first_seq
        self._state: State | None = State() if first_seq == 1 else None
        """None while it is unknown: bytes are withheld, and no day has opened since."""
        self._day = Batch()
        """The rows of the present day, and its tickets from a book that came too late."""
        self._late: dict[str, TicketRow] = {}
        self._unexplained: dict[str, TicketRow] = {}
        self._opened: dict[str, DayRow] = {}
        self._appointments: dict[str, AppointmentRow] = {}
        """As the log leaves them; of days that cannot be replayed, what is handed on."""
        self._versions: set[int] = set()
        self._answered: set[tuple[str, str]] = set()
        self._compared: dict[str, int] = {}
        self.events = self.withheld = 0
        self.days: set[str] = set()
        self.problems: list[str] = []

    @property
    def tickets(self) -> int:
        """Return how many tickets were compared."""
        return self._compared.get("TicketRow", 0)

    def follow(self) -> bool:
        """Follow the chain to its end and replay it; returns whether it holds."""
        seq, previous = self._first_seq, FIRST_HASH
        if seq > 1:
            previous = self._reader.hash_of(seq - 1) or b""
        for chained in self._reader.events(seq):
            self.events += 1
            problem = self._problem(chained, seq, previous)
            if problem:
                self.problems.append(problem)
                return False
            seq, previous = seq + 1, chained.hash
        return True

    def finish(self) -> None:
        """Compare the last day, and what belongs to no day."""
        self._compare_day()
        for row in self._late.values():
            stored = self._unexplained.pop(row.id, None)
            if stored is None and row.business_day not in self.days:
                stored = self._reader.tickets(row.business_day).get(row.id)
            self._compare({row.id: row}, {} if stored is None else {row.id: stored})
        self._compare({}, self._unexplained)
        self._compare_appointments()
        stored_days = {
            day.business_day: day
            for day in self._reader.days()
            if day.business_day in self._opened
            or (day.opened_seq >= self._first_seq and not self.withheld)
        }
        self._compare(self._opened, stored_days)
        self.problems += self._small_tables()
        if self._first_seq == 1 and not self.withheld:
            self.problems += self._totals()

    def _problem(self, chained: ChainedEvent, seq: int, previous: bytes) -> str | None:
        try:
            if chained.seq != seq:
                return f"event {seq} is missing: the next one is {chained.seq}"
            if not chained.follows(previous):
                return f"event {seq} is not what was written: its hash differs"
            if chained.body is None:
                self.withheld += 1
                self._state = None
                return None
            fact = decode_fact(chained.body)
            columns = (
                fact.seq,
                kind_of(fact.event),
                fact.day.isoformat(),
                microseconds(fact.at.at),
            )
            if columns != (chained.seq, chained.kind, chained.business_day, chained.at_us):
                return f"event {seq}: its columns differ from its body"
            self._take(fact)
        except _UNREADABLE as error:
            return f"event {seq} does not replay: {error!r}"
        return None

    def _take(self, fact: e.Fact) -> None:
        event = fact.event
        if isinstance(event, e.DayOpened):
            self._compare_day()
            self._state, self._day = State(), Batch()
            self._answered.clear()
        elif isinstance(event, e.ConfigApplied):
            self._versions.add(event.version)
        add_rows(self._day, fact)
        self._late |= {row.id: row for row in self._day.new_tickets}
        if fact.command:
            self._answered.add((fact.device, fact.command))
        if isinstance(event, e.TicketIssued | e.TicketDelivered) and event.supersedes:
            self._answered.add((fact.device, event.supersedes))
        if self._state is not None:
            self._state = apply(self._state, fact)

    def _compare_day(self) -> None:
        """Compare the day that ends; rows of days that cannot be replayed are left alone."""
        rows = self._day
        if self._state is not None:
            for appointment in self._state.appointments.values():
                self._appointments[appointment.id] = appointment_row(appointment)
        self._opened |= {day.business_day: day for day in rows.days}
        if self._state is None or self._state.day is None or self._state.opened is None:
            return
        day = self._state.day.isoformat()
        self.days.add(day)
        wanted = (ticket_row(ticket, day) for ticket in self._state.tickets.values())
        stored = self._reader.tickets(day)
        tickets = {row.id: row for row in wanted}
        self._unexplained |= {key: row for key, row in stored.items() if key not in tickets}
        self._compare(tickets, {key: stored[key] for key in stored.keys() & tickets})
        calls = {row.call_seq: row for row in rows.calls}
        for call_seq in rows.withdrawn:
            calls[call_seq] = replace(calls[call_seq], withdrawn=True)
        self._compare(calls, self._reader.calls(day))
        prints = self._reader.prints(rows.days[0].opened_seq, self._state.seq)
        self._compare({row.seq: row for row in rows.prints}, prints)

    def _compare_appointments(self) -> None:
        """Compare those of the days that were replayed; of others the rest of the log knows."""
        if tables.appointment not in self._reader.tables():
            self._compare(self._appointments, {})
            return
        first = min((row.business_day for row in self._appointments.values()), default="9999")
        stored = {row.id: row for row in self._reader.appointments(first, "9999")}
        whole = self._first_seq == 1 and not self.withheld
        known = {key: row for key, row in stored.items() if whole or key in self._appointments}
        self._compare(self._appointments, known)

    def _compare(self, wanted: Mapping[Any, _Row], stored: Mapping[Any, _Row]) -> None:
        """Note how the rows of the log and of a table differ, by their keys."""
        for key, row in wanted.items():
            name = type(row).__name__
            self._compared[name] = self._compared.get(name, 0) + 1
            self.problems += _differences(row, stored.get(key))
        for key, row in stored.items():
            if key not in wanted:
                self.problems += _differences(None, row)

    def _small_tables(self) -> Iterator[str]:
        """Compare what the log only mentions."""
        stored = {row.version for row in self._reader.rows(ConfigRow, tables.config_version)}
        for version in sorted(self._versions - stored):
            yield f"configuration {version} is in the log but not in the table"
        inbox = {(row.device, row.id) for row in self._reader.rows(InboxRow, tables.inbox)}
        for device, command in sorted(self._answered - inbox):
            yield f"command {command} of {device} is in the log but its answer is not kept"
        meta = self._reader.meta_rows()
        if "epoch" not in meta:
            yield "the store has no epoch"
        cursor = meta.get("cursor", "")
        if not cursor.isdecimal() or int(cursor) > self._first_seq - 1 + self.events:
            yield f"the cursor {cursor!r} is at no event"

    def _totals(self) -> Iterator[str]:
        """Find rows that belong to no day of the log."""
        known = {row.version for row in self._reader.rows(ConfigRow, tables.config_version)}
        for version in sorted(known - self._versions):
            yield f"configuration {version} is in the table but not in the log"
        present = self._reader.tables()
        for kind, table in _COUNTED.items():
            if table not in present:
                continue
            found, compared = self._reader.count(table), self._compared.get(kind, 0)
            if found != compared:
                yield f"the table {table.name} has {found} rows, the log {compared}"
        for call_seq in self._reader.acknowledged_without_call():
            yield f"call {call_seq} was acknowledged but is not in the table"


def _differences(wanted: _Row | None, stored: _Row | None) -> Iterator[str]:
    if stored is None and wanted is not None:
        yield f"{_name(wanted)} is in the log but not in the table"
    elif wanted is None and stored is not None:
        yield f"{_name(stored)} is in the table but not in the log"
    elif wanted is not None and stored is not None and wanted != stored:
        differ = [
            field.name
            for field in fields(wanted)
            if getattr(wanted, field.name) != getattr(stored, field.name)
        ]
        yield f"{_name(wanted)} differs from the log in {', '.join(differ)}"


def _name(row: _Row) -> str:
    match row:
        case TicketRow():
            return f"ticket {row.number} of {row.business_day}"
        case CallRow():
            return f"call {row.call_seq}"
        case PrintRow():
            return f"print report {row.seq}"
        case DayRow():
            return f"day {row.business_day}"
        case AppointmentRow():
            return f"appointment {row.id} of {row.business_day}"
