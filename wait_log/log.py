"""The log of events as it is read back: in blocks, and beside the writing service."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Select, select
from sqlalchemy.exc import DBAPIError

from wait_log.dialects import quick_check, reading_engine, sqlite_url
from wait_log.errors import StoreError
from wait_log.rows import ChainedEvent, EventRow, TicketRow
from wait_log.tables import event, meta, ticket

FIRST_HASH = bytes(32)
"""What the first event's `prev_hash` is."""

_BLOCK = 2000

Read = Callable[[Select[Any]], list[dict[str, Any]]]


def read_events(read: Read, first_seq: int) -> Iterator[ChainedEvent]:
    """Return the log from `first_seq` in order, reading a block at a time."""
    after = first_seq - 1
    while True:
        wanted = select(event).where(event.c.seq > after).order_by(event.c.seq).limit(_BLOCK)
        rows = read(wanted)
        for row in rows:
            prev_hash, link = row.pop("prev_hash"), row.pop("hash")
            yield ChainedEvent(EventRow(**row), prev_hash, link)
        if len(rows) < _BLOCK:
            return
        after = rows[-1]["seq"]


class LogReader:
    """Reads one moment of a store beside its writer; raises StoreError when it cannot."""

    def __init__(self, path: Path) -> None:
        self._engine = reading_engine(sqlite_url(path))
        try:
            self._connection = self._engine.connect()
        except DBAPIError as error:
            raise StoreError(f"{path} cannot be opened: {error.orig}") from error

    def __enter__(self) -> Self:
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
        self._connection.close()
        self._engine.dispose()

    def events(self, first_seq: int = 1) -> Iterator[ChainedEvent]:
        """Return the log from `first_seq`, in order."""
        return read_events(self._all, first_seq)

    def newest(self) -> ChainedEvent | None:
        """Return the log's newest event."""
        rows = self._all(select(event).order_by(event.c.seq.desc()).limit(1))
        return next(read_events(self._all, rows[0]["seq"])) if rows else None

    def damage(self) -> str | None:
        """Return what the engine's own quick check finds wrong with the file, or None."""
        try:
            with self._engine.connect() as connection:
                return quick_check(connection)
        except DBAPIError as error:
            raise StoreError(f"the store cannot be read: {error.orig}") from error

    def tickets(self, business_day: str) -> dict[str, TicketRow]:
        """Return a day's tickets by id."""
        wanted = select(ticket).where(ticket.c.business_day == business_day)
        rows = self._all(wanted)
        for row in rows:
            del row["site"]
        return {row["id"]: TicketRow(**row) for row in rows}

    def ticket_days(self) -> set[str]:
        """Return the days of which there are tickets."""
        return {row["business_day"] for row in self._all(select(ticket.c.business_day).distinct())}

    def meta(self, key: str) -> str | None:
        """Return a small fact."""
        rows = self._all(select(meta.c.value).where(meta.c.key == key))
        return rows[0]["value"] if rows else None

    def _all(self, statement: Select[Any]) -> list[dict[str, Any]]:
        try:
            return [dict(row) for row in self._connection.execute(statement).mappings()]
        except DBAPIError as error:
            raise StoreError(f"the store cannot be read: {error.orig}") from error
