"""The store of one centre: one connection, one transaction per command."""

import dataclasses
import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Insert, Select, Update, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from wait_log import schema, tables
from wait_log.dialects import sqlite_url, writing_engine
from wait_log.errors import DuplicateNumberError, StoreError
from wait_log.log import FIRST_HASH, read_events
from wait_log.rows import (
    Batch,
    ChainedEvent,
    ConfigRow,
    DayRow,
    EventRow,
    Heard,
    InboxRow,
    TicketRow,
)
from wait_log.single_writer import WriterLock

STORE_FILE = "wait_log.db"

_INSERT_EVENT = insert(tables.event)
_INSERT_TICKET = insert(tables.ticket)
_INSERT_CALL = insert(tables.call)
_INSERT_PRINT = insert(tables.print_record)
_INSERT_DAY = insert(tables.day)
_INSERT_CONFIG = insert(tables.config_version)
_INSERT_INBOX = insert(tables.inbox)
_INSERT_META = insert(tables.meta)
_FORGET = delete(tables.inbox).where(
    tables.inbox.c.device == bindparam("a_device"), tables.inbox.c.id == bindparam("an_id")
)
_UPDATE_META = (
    update(tables.meta)
    .where(tables.meta.c.key == bindparam("a_key"))
    .values(value=bindparam("a_value"))
)
_UPDATE_TICKET = (
    update(tables.ticket)
    .where(tables.ticket.c.id == bindparam("an_id"))
    .values(
        {
            field.name: bindparam(f"new_{field.name}")
            for field in dataclasses.fields(TicketRow)
            if field.name != "id"
        }
    )
)
_WITHDRAW = (
    update(tables.call).where(tables.call.c.call_seq == bindparam("a_call")).values(withdrawn=True)
)


class Store:
    """The only writer's view of the store; every method raises StoreError when it fails."""

    def __init__(
        self,
        url: str,
        site: str,
        new_epoch: Callable[[], str],
        failpoint: Callable[[str], None] = lambda _name: None,
        lock: WriterLock | None = None,
    ) -> None:
        self._site = site
        self._failpoint = failpoint
        self._lock = lock
        self._engine = writing_engine(url)
        try:
            self._connection = self._engine.connect()
            with self._connection.begin():
                schema.upgrade(self._connection)
            self._meta = self._read_meta()
            self.last_seq, self._last_hash = self._read_tip()
            self._inbox_keys = self._read_inbox_keys()
        except SQLAlchemyError as error:
            raise StoreError(f"the store cannot be opened: {error}") from error
        if "epoch" not in self._meta:
            self.commit(Batch(meta={"epoch": new_epoch(), "site": site, "cursor": "0"}))

    @classmethod
    def open_file(
        cls,
        path: Path,
        site: str,
        new_epoch: Callable[[], str],
        failpoint: Callable[[str], None] = lambda _name: None,
    ) -> "Store":
        """Open or create a SQLite store; raises StoreBusyError when another process has it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = WriterLock(path)
        try:
            return cls(sqlite_url(path), site, new_epoch, failpoint, lock)
        except StoreError:
            lock.release()
            raise

    @property
    def epoch(self) -> str:
        """Return the id of this store's life: new whenever it is created or restored."""
        return self._meta["epoch"]

    def meta(self, key: str) -> str | None:
        """Return a small fact."""
        return self._meta.get(key)

    def close(self) -> None:
        """End the connection; the store is closed in good order."""
        self._connection.close()
        self._engine.dispose()
        if self._lock:
            self._lock.release()

    def commit(self, batch: Batch) -> None:
        """Write everything of `batch` or nothing; returns when it is durable.

        Raises DuplicateNumberError when a ticket's number was given before on its day.
        """
        links = list(_chain(self._last_hash, batch.events))
        try:
            with self._connection.begin():
                self._write(batch, links)
                self._failpoint("before_commit")
        except IntegrityError as error:
            kind = DuplicateNumberError if batch.new_tickets else StoreError
            raise kind(str(error.orig)) from error
        except DBAPIError as error:
            raise StoreError(str(error.orig)) from error
        self._failpoint("after_commit")
        if links:
            self.last_seq, self._last_hash = batch.events[-1].seq, links[-1]["hash"]
        self._meta |= batch.meta
        self._inbox_keys |= {(row.device, row.id) for row in batch.inbox}
        if batch.forget_inbox_before_us is not None:
            self._inbox_keys = self._read_inbox_keys()

    def answered(self, device: str, command_id: str) -> InboxRow | None:
        """Return the stored answer to a command, or None when it is new."""
        if (device, command_id) not in self._inbox_keys:
            return None
        inbox = tables.inbox.c
        row = self._one(select(tables.inbox).where(inbox.device == device, inbox.id == command_id))
        return InboxRow(**row) if row else None

    def note_heard(self, *heard: Heard) -> None:
        """Remember when calls were taken, painted or spoken; the first time counts."""
        try:
            with self._connection.begin():
                for one in heard:
                    self._connection.execute(_heard(one))
        except DBAPIError as error:
            raise StoreError(str(error.orig)) from error

    def heard_on(self, business_day: str) -> list[Heard]:
        """Return what was heard of every call of a day."""
        call = tables.call.c
        columns = (call.call_seq, call.accepted_us, call.shown_us, call.spoken_us, call.skipped_us)
        rows = self._all(select(*columns).where(call.business_day == business_day))
        return [Heard(**row) for row in rows]

    def last_day(self) -> DayRow | None:
        """Return the business day that opened last."""
        row = self._one(select(tables.day).order_by(tables.day.c.business_day.desc()).limit(1))
        return DayRow(**row) if row else None

    def newest_us(self) -> int:
        """Return the newest instant in the store, 0 when it is empty."""
        event = tables.event.c
        newest = self._one(select(event.at_us).order_by(event.seq.desc()).limit(1))
        answered = self._one(select(func.max(tables.inbox.c.at_us).label("at_us")))
        return max(row["at_us"] or 0 for row in (newest, answered) if row)

    def events(self, first_seq: int = 1) -> Iterator[ChainedEvent]:
        """Return the log from `first_seq`, in order, a block at a time."""
        return read_events(self._all, first_seq)

    def number_given(self, business_day: str, number: str) -> bool:
        """Return whether `number` was given on `business_day`."""
        ticket = tables.ticket.c
        wanted = select(ticket.id).where(
            ticket.site == self._site,
            ticket.business_day == business_day,
            ticket.number == number,
        )
        return self._one(wanted) is not None

    def newest_config(self) -> ConfigRow | None:
        """Return the newest version of the centre."""
        config = tables.config_version
        row = self._one(select(config).order_by(config.c.version.desc()).limit(1))
        return ConfigRow(**row) if row else None

    def _write(self, batch: Batch, links: list[dict[str, Any]]) -> None:
        execute = self._connection.execute
        if links:
            execute(_INSERT_EVENT, links)
        if batch.new_tickets:
            execute(
                _INSERT_TICKET, [_plain(row) | {"site": self._site} for row in batch.new_tickets]
            )
        for row in batch.tickets:
            execute(_UPDATE_TICKET, _changes(row))
        plain_rows: tuple[tuple[Insert, Sequence[object]], ...] = (
            (_INSERT_CALL, batch.calls),
            (_INSERT_PRINT, batch.prints),
            (_INSERT_DAY, batch.days),
            (_INSERT_CONFIG, batch.configs),
        )
        for statement, rows in plain_rows:
            if rows:
                execute(statement, [_plain(row) for row in rows])
        if batch.withdrawn:
            execute(_WITHDRAW, [{"a_call": call_seq} for call_seq in batch.withdrawn])
        self._write_inbox(batch)
        for key, value in batch.meta.items():
            if execute(_UPDATE_META, {"a_key": key, "a_value": value}).rowcount == 0:
                execute(_INSERT_META, {"key": key, "value": value})

    def _write_inbox(self, batch: Batch) -> None:
        before = batch.forget_inbox_before_us
        if before is not None:
            self._connection.execute(delete(tables.inbox).where(tables.inbox.c.at_us < before))
        for row in batch.inbox:
            if (row.device, row.id) in self._inbox_keys:
                self._connection.execute(_FORGET, {"a_device": row.device, "an_id": row.id})
            self._connection.execute(_INSERT_INBOX, _plain(row))

    def _read_meta(self) -> dict[str, str]:
        return {row["key"]: row["value"] for row in self._all(select(tables.meta))}

    def _read_tip(self) -> tuple[int, bytes]:
        event = tables.event.c
        newest = self._one(select(event.seq, event.hash).order_by(event.seq.desc()).limit(1))
        return (newest["seq"], newest["hash"]) if newest else (0, FIRST_HASH)

    def _read_inbox_keys(self) -> set[tuple[str, str]]:
        rows = self._all(select(tables.inbox.c.device, tables.inbox.c.id))
        return {(row["device"], row["id"]) for row in rows}

    def _one(self, statement: Select[Any]) -> dict[str, Any] | None:
        rows = self._all(statement)
        return rows[0] if rows else None

    def _all(self, statement: Select[Any]) -> list[dict[str, Any]]:
        try:
            with self._connection.begin():
                return [dict(row) for row in self._connection.execute(statement).mappings()]
        except DBAPIError as error:
            raise StoreError(str(error.orig)) from error


def _chain(previous: bytes, events: list[EventRow]) -> Iterator[dict[str, Any]]:
    for row in events:
        link = hashlib.sha256(previous + row.body).digest()
        yield _plain(row) | {"prev_hash": previous, "hash": link}
        previous = link


def _heard(heard: Heard) -> Update:
    values = {
        field: func.coalesce(tables.call.c[field], value)
        for field in ("accepted_us", "shown_us", "spoken_us", "skipped_us")
        if (value := getattr(heard, field)) is not None
    }
    return update(tables.call).where(tables.call.c.call_seq == heard.call_seq).values(values)


def _plain(row: Any) -> dict[str, Any]:  # noqa: ANN401 - any of our flat rows
    return {name: getattr(row, name) for name in row.__slots__}


def _changes(row: TicketRow) -> dict[str, Any]:
    values = {f"new_{name}": value for name, value in _plain(row).items() if name != "id"}
    return values | {"an_id": row.id}
