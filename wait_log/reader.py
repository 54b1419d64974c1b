"""A site's rows as they are read back: by the writer, and beside it by everybody else."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Row, Select, Table, and_, case, func, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from wait_log import schema
from wait_log import tables as t
from wait_log.dialects import full_check, quick_check, reading_engine, sqlite_file
from wait_log.errors import StoreDamagedError, StoreError
from wait_log.figure_cache import FigureCache
from wait_log.rows import (
    AppointmentCount,
    AppointmentRow,
    CallRow,
    ChainedEvent,
    ConfigRow,
    DayRow,
    InboxRow,
    PrintRow,
    TicketRow,
    crc_of,
)

_BLOCK = 2000
_Answer = TypeVar("_Answer")
_Plain = TypeVar(
    "_Plain",
    bound=TicketRow | CallRow | PrintRow | DayRow | AppointmentRow | InboxRow | ConfigRow,
)

_NO_STORE = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
_PRIMARY_CODE = 0xFF
NOT_ROWS = (SQLAlchemyError, ValueError, TypeError, OverflowError)
"""What reading a store raises, the damaged one included."""


class SiteRows:
    """The questions about one site's rows; who asks says how a statement is run."""

    def __init__(self, site: str) -> None:
        self.site = site

    def all(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        """Return what a statement finds; raises StoreError."""
        raise NotImplementedError

    def events(self, first_seq: int = 1) -> Iterator[ChainedEvent]:
        """Return the log from `first_seq`, in order, reading a block at a time."""
        event, after = t.event.c, first_seq - 1
        columns = [event[field.name] for field in fields(ChainedEvent)]
        while True:
            wanted = select(*columns).where(event.site == self.site, event.seq > after)
            rows = self.all(wanted.order_by(event.seq).limit(_BLOCK))
            yield from (ChainedEvent(*tuple(row)) for row in rows)
            if len(rows) < _BLOCK:
                return
            if not rows[-1].seq > after:
                raise StoreError(f"the log is out of order at event {rows[-1].seq}")
            after = rows[-1].seq

    def newest(self) -> ChainedEvent | None:
        """Return the log's newest event."""
        event = t.event.c
        wanted = select(func.max(event.seq)).where(event.site == self.site)
        newest = self.all(wanted)[0][0]
        return None if newest is None else next(self.events(newest), None)

    def hash_of(self, seq: int) -> bytes | None:
        """Return the hash of an event, None when there is none."""
        event = t.event.c
        rows = self.all(select(event.hash).where(event.site == self.site, event.seq == seq))
        return rows[0][0] if rows else None

    def days(self) -> list[DayRow]:
        """Return the business days that opened, oldest first."""
        return self.rows(DayRow, t.day, order_by="business_day")

    def tickets(self, business_day: str) -> dict[str, TicketRow]:
        """Return a day's tickets by id."""
        return {row.id: row for row in self.rows(TicketRow, t.ticket, business_day=business_day)}

    def calls(self, business_day: str) -> dict[int, CallRow]:
        """Return a day's calls by their number."""
        return {row.call_seq: row for row in self.rows(CallRow, t.call, business_day=business_day)}

    def appointments(self, first_day: str, last_day: str) -> list[AppointmentRow]:
        """Return the appointments of some days, in their order."""
        appointment = t.appointment.c
        wanted = select(*(appointment[field.name] for field in fields(AppointmentRow))).where(
            appointment.site == self.site, appointment.business_day.between(first_day, last_day)
        )
        rows = self.all(wanted.order_by(appointment.at_us, appointment.booked_us))
        return [AppointmentRow(*tuple(row)) for row in rows]

    def appointment_counts(self, first_day: str, last_day: str) -> list[AppointmentCount]:
        """Return how many appointments of some days have come to what."""
        appointment = t.appointment.c
        came_early = and_(appointment.came_us.is_not(None), appointment.came_us < appointment.at_us)
        alike = (
            appointment.business_day,
            appointment.service,
            appointment.state,
            appointment.late,
            case((came_early, 1), else_=0).label("early"),
        )
        wanted = (
            select(*alike, func.count().label("count"))
            .where(
                appointment.site == self.site,
                appointment.business_day.between(first_day, last_day),
            )
            .group_by(*alike)
        )
        rows = (tuple(row) for row in self.all(wanted))
        return sorted(
            (
                AppointmentCount(day, service, state, bool(late), bool(early), int(count))
                for day, service, state, late, early, count in rows
            ),
            key=lambda found: (found.business_day, found.service, found.state),
        )

    def newest_config(self) -> ConfigRow | None:
        """Return the newest version of the centre."""
        rows = self.configs(1)
        return rows[0] if rows else None

    def configs(self, most: int) -> list[ConfigRow]:
        """Return the newest versions of the centre, the newest first."""
        config = t.config_version.c
        wanted = select(*(config[field.name] for field in fields(ConfigRow)))
        wanted = wanted.where(config.site == self.site).order_by(config.version.desc()).limit(most)
        return [ConfigRow(*tuple(row)) for row in self.all(wanted)]

    def config(self, version: int) -> ConfigRow | None:
        """Return one version of the centre."""
        rows = self.rows(ConfigRow, t.config_version, version=version)
        return rows[0] if rows else None

    def config_events(self, configs: Sequence[ConfigRow]) -> list[ChainedEvent]:
        """Return the events of the log that brought versions about, in order.

        Each is looked for in the day of its version alone: the log has no index by kind.
        """
        days = sorted(self.days(), key=lambda day: day.opened_seq)
        event = t.event.c
        columns = [event[field.name] for field in fields(ChainedEvent)]
        found: list[ChainedEvent] = []
        for at_us in sorted({row.at_us for row in configs}):
            opened = [day.opened_seq for day in days if day.opened_us <= at_us]
            later = [day.opened_seq for day in days if day.opened_us > at_us]
            wanted = select(*columns).where(
                event.site == self.site,
                event.seq >= (opened[-1] if opened else 1),
                event.kind == "config_applied",
                event.at_us == at_us,
            )
            if later:
                wanted = wanted.where(event.seq < later[0])
            found += [ChainedEvent(*tuple(row)) for row in self.all(wanted.order_by(event.seq))]
        return found

    def meta_rows(self) -> dict[str, str]:
        """Return all small facts."""
        meta = t.meta.c
        rows = self.all(select(meta.key, meta.value).where(meta.site == self.site))
        return {row.key: row.value for row in rows}

    def rows(
        self, kind: type[_Plain], table: Table, order_by: str | None = None, **equal: object
    ) -> list[_Plain]:
        """Return this site's rows of a table, those whose columns equal what is named."""
        wanted = select(*(table.c[field.name] for field in fields(kind)))
        wanted = wanted.where(table.c.site == self.site)
        for name, value in equal.items():
            column = table.c[name]
            # For an equal day SQLite would rather read the whole table by its key than an index.
            is_day = name == "business_day" and value is not None
            wanted = wanted.where(column.between(value, value) if is_day else column == value)
        if order_by:
            wanted = wanted.order_by(table.c[order_by])
        return [kind(*tuple(row)) for row in self.all(wanted)]


class Reader(SiteRows):
    """Reads beside the writer and never writes; every method raises StoreError when it cannot.

    Inside `with` all answers are of one moment; outside, each is of its own.
    """

    def __init__(self, url: str, site: str, kept: FigureCache | None = None) -> None:
        super().__init__(site)
        self.kept = kept or FigureCache()
        """What was worked out of closed days."""
        self._own = None if kept else self.kept
        self._file = sqlite_file(url)
        self._engine = reading_engine(url)
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        try:
            self._connection = self._engine.connect()
        except DBAPIError as error:
            raise self._unread(error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._engine.dispose()
        if self._own is not None:
            self._own.close()

    def all(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        """Return what a statement finds; raises StoreError."""
        try:
            if self._connection is not None:
                return self._connection.execute(statement).all()
            with self._engine.connect() as connection:
                return connection.execute(statement).all()
        except NOT_ROWS as error:
            raise self._unread(error) from error

    def exists(self) -> bool:
        """Return whether there is a store, whichever sites it holds."""
        if self._file is not None and not (self._file.exists() and self._file.stat().st_size):
            return False
        return self._ask(schema.version) is not None

    def sites(self) -> list[str]:
        """Return the sites of which this database has any row."""
        found: set[str] = set()
        for table in self.tables():
            site: str | None = ""
            while site is not None:
                after = select(func.min(table.c.site)).where(table.c.site > site)
                site = self.all(after)[0][0]
                found |= set() if site is None else {site}
        return sorted(found)

    def tables(self) -> list[Table]:
        """Return the tables that the store has."""
        return self._ask(schema.present_tables)

    def meta(self, key: str) -> str | None:
        """Return a small fact."""
        return self.meta_rows().get(key)

    def latest_day(self, before: str | None = None) -> str | None:
        """Return the latest business day, or the latest one before a day; None for none."""
        day = t.day.c
        wanted = select(func.max(day.business_day)).where(day.site == self.site)
        if before is not None:
            wanted = wanted.where(day.business_day < before)
        latest: str | None = self.all(wanted)[0][0]
        return latest

    def prints(self, first_seq: int, last_seq: int) -> dict[int, PrintRow]:
        """Return what was printed from one event to another, by event."""
        record = t.print_record.c
        wanted = select(*(record[field.name] for field in fields(PrintRow))).where(
            record.site == self.site, record.seq.between(first_seq, last_seq)
        )
        return {row.seq: row for row in (PrintRow(*tuple(found)) for found in self.all(wanted))}

    def bodies(
        self, first_seq: int, last_seq: int, kinds: Sequence[str]
    ) -> list[tuple[int, str, bytes | None]]:
        """Return instant, kind and bytes of the events of some kinds, in order."""
        event = t.event.c
        wanted = select(event.at_us, event.kind, event.body).where(
            event.site == self.site,
            event.seq.between(first_seq, last_seq),
            event.kind.in_(kinds),
        )
        return [(row.at_us, row.kind, row.body) for row in self.all(wanted.order_by(event.seq))]

    def count(self, table: Table) -> int:
        """Return how many rows of a table are this site's."""
        wanted = select(func.count()).select_from(table).where(table.c.site == self.site)
        return int(self.all(wanted)[0][0])

    def damage(self, *, thorough: bool = False) -> list[str]:
        """Return what the engine finds wrong with its whole file; `thorough`: indexes too."""
        found = self._ask(full_check if thorough else quick_check)
        return [f"the file is damaged: {found}"] if found else []

    def misdefined(self) -> list[str]:
        """Return the tables and indexes that are not what this version makes."""
        wrong = self._ask(schema.differences)
        return [f"{name} is not defined as this version does" for name in wrong]

    def acknowledged_without_call(self) -> list[int]:
        """Return the calls that were acknowledged but are not there."""
        ack, call = t.acknowledgement.c, t.call.c
        there = select(call.call_seq).where(call.site == ack.site, call.call_seq == ack.call_seq)
        wanted = select(ack.call_seq).where(ack.site == self.site, ~there.exists()).distinct()
        return [row[0] for row in self.all(wanted)]

    def flawed(self, *, all_tables: bool = True) -> Iterator[str]:
        """Return the rows that are not what was written, of those that the log does not prove.

        Without `all_tables` those are left out whose number grows for ever.
        """
        small = (t.meta, t.inbox, t.config_version)
        for table in (*small, t.acknowledgement) if all_tables else small:
            columns = [column for column in table.c if column.name not in ("site", "crc")]
            wanted = select(*columns, table.c.crc).where(table.c.site == self.site)
            for row in self.all(wanted):
                values = tuple(row)[:-1]
                if crc_of(*values) != row.crc:
                    key = " ".join(str(value) for value in values[: len(table.primary_key) - 1])
                    yield f"{table.name} {key} is not what was written"

    def _ask(self, ask: Callable[[Connection], _Answer]) -> _Answer:
        try:
            with self._engine.connect() as connection:
                return ask(connection)
        except NOT_ROWS as error:
            raise self._unread(error) from error

    def _unread(self, error: Exception) -> StoreError:
        where = self._file or self._engine.url.render_as_string()
        why = error.orig if isinstance(error, DBAPIError) else error
        said = f"the store {where} cannot be read: {' '.join(str(why).split())}"
        if getattr(why, "sqlite_errorcode", 0) & _PRIMARY_CODE not in _NO_STORE:
            return StoreError(said)
        return StoreDamagedError(
            f"{said}; nothing is written to it: restore the newest backup (`denluot restore`), or "
            "move the file away to begin a new store, then start the service again"
        )


def open_reader(url: str, site: str, kept: FigureCache | None = None) -> Reader:
    """Return a reader of one site; it opens the store when it is first asked.

    What figures need of closed days is kept in `kept`, else as long as the reader lives.
    """
    return Reader(url, site, kept)
