"""A site's rows one after the other, for whoever writes all of them down: never all in memory."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table, select

from wait_log import tables as t
from wait_log.dialects import reading_engine
from wait_log.errors import StoreError
from wait_log.reader import NOT_ROWS

TABLES: dict[str, Table] = {
    "tickets": t.ticket,
    "appointments": t.appointment,
    "calls": t.call,
    "acknowledgements": t.acknowledgement,
    "prints": t.print_record,
    "days": t.day,
    "centre_versions": t.config_version,
    "events": t.event,
}
"""What of a store says something to people, by the name of its file."""
LEFT_OUT = frozenset({"site", "token", "code", "crc"})
"""A site is one; tokens and codes are nobody's business; checksums are of rows as stored."""
_BLOCK = 1000


class OpenRows:
    """All rows of one moment; methods raise StoreError."""

    def __init__(self, url: str, site: str) -> None:
        self._site = site
        self._engine = reading_engine(url)
        try:
            self._connection = self._engine.connect()
        except NOT_ROWS as error:
            self._engine.dispose()
            raise StoreError(f"the store cannot be read: {error}") from error

    def columns(self, name: str) -> list[str]:
        """Return the columns of a table that are written down."""
        return [column.name for column in TABLES[name].c if column.name not in LEFT_OUT]

    def rows(self, name: str) -> Iterator[tuple[Any, ...]]:
        """Return the rows of a table in the order of its key."""
        table = TABLES[name]
        wanted = select(*(table.c[column] for column in self.columns(name)))
        wanted = wanted.where(table.c.site == self._site).order_by(*table.primary_key.columns)
        try:
            streamed = self._connection.execution_options(yield_per=_BLOCK).execute(wanted)
            for block in streamed.partitions(_BLOCK):
                yield from (tuple(row) for row in block)
        except NOT_ROWS as error:
            raise StoreError(f"the store cannot be read: {error}") from error

    def close(self) -> None:
        """Let go of the store."""
        self._connection.close()
        self._engine.dispose()
