"""Copy a whole store to another database, so that half a copy is never taken for one.

A target carries a mark from its first row until the copy was proven; a service that finds the mark
refuses the store. The source is locked as by its service, only read, and stays as it is.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from sqlalchemy import Connection, Engine, Row, Table, delete, func, insert, select

from wait_log import schema
from wait_log import tables as t
from wait_log.dialects import FileGuard, reading_engine, sqlite_file
from wait_log.errors import StoreError
from wait_log.reader import NOT_ROWS, Reader
from wait_log.rows import crc_of
from wait_log.server import MARK, ServerGuard

BATCH = 5_000
"""Rows of one transaction: about 3 MB in memory."""
Progress = Callable[[str, int, int], None]
"""Called with a table's name, rows copied, and rows to copy."""


def move_store(source: str, target: str, progress: Progress, *, again: bool = False) -> list[str]:
    """Copy every row and return the sites; raises StoreError and leaves the source as it is.

    The target is marked as half a copy until `finish_move`. `again` empties one that carries the
    mark; a target with any other row is refused.
    """
    try:
        with ExitStack() as ending:
            sites = _sites(source)
            _lock(source, sites, ending)
            engine = _writing(target, sites, ending)
            with engine.begin() as connection:
                schema.upgrade(connection)
                _clear(connection, again=again)
                _mark(connection, sites)
            reading = reading_engine(source)
            ending.callback(reading.dispose)
            with reading.connect() as rows:
                for table in schema.present_tables(rows):
                    _copy(rows, engine, table, progress)
    except NOT_ROWS as error:
        raise StoreError(" ".join(str(getattr(error, "orig", None) or error).split())) from error
    return sites


def unlike(source: str, target: str, site: str) -> list[str]:
    """Return in what the copy of a site is not its source: rows, end of the chain, facts."""
    with Reader(source, site) as was, Reader(target, site) as now:
        found = []
        for table in was.tables():
            before, after = was.count(table), now.count(table)
            if before != after and table is not t.meta:
                found.append(f"{table.name}: {before} rows became {after}")
        if was.newest() != now.newest():
            found.append("the chain ends elsewhere")
        facts = now.meta_rows()
        facts.pop(MARK, None)
        if was.meta_rows() != facts:
            found.append("the small facts are others")
    return found


def finish_move(target: str, sites: Sequence[str]) -> None:
    """Take the mark away: from now on the target is a store."""
    with ExitStack() as ending:
        engine = _writing(target, sites, ending)
        with engine.begin() as connection:
            connection.execute(delete(t.meta).where(t.meta.c.key == MARK))


def _sites(source: str) -> list[str]:
    reader = Reader(source, "")
    try:
        sites = reader.sites() if reader.exists() else []
        marked = select(t.meta.c.site).where(t.meta.c.key == MARK)
        if sites and reader.all(marked):
            raise StoreError("the source is half a copy itself")
    finally:
        reader.close()
    if not sites:
        raise StoreError("there is no store to move")
    return sites


def _lock(url: str, sites: Sequence[str], ending: ExitStack) -> None:
    """Keep every service of these sites out, as one of theirs would."""
    path = sqlite_file(url)
    if path is not None:
        ending.callback(FileGuard(url, path).release)
        return
    for site in sites:
        ending.callback(ServerGuard(url, site).release)


def _writing(url: str, sites: Sequence[str], ending: ExitStack) -> Engine:
    """Return an engine that writes a store which is locked."""
    path = sqlite_file(url)
    if path is None:
        for site in sites[1:]:
            ending.callback(ServerGuard(url, site).release)
    guard = FileGuard(url, path) if path else ServerGuard(url, sites[0])
    ending.callback(guard.release)
    return guard.engine


def _clear(connection: Connection, *, again: bool) -> None:
    marked = connection.scalar(select(func.count()).where(t.meta.c.key == MARK))
    filled = [table.name for table in t.metadata.sorted_tables if _any(connection, table)]
    if filled and not marked:
        raise StoreError(f"the target is not empty ({', '.join(filled)}): nothing was copied")
    if filled and not again:
        raise StoreError("the target is half a copy: `--again` empties it and begins again")
    for table in t.metadata.sorted_tables:
        connection.execute(delete(table))


def _any(connection: Connection, table: Table) -> bool:
    return connection.execute(select(table.c.site).limit(1)).first() is not None


def _mark(connection: Connection, sites: Sequence[str]) -> None:
    for site in sites:
        row = {"site": site, "key": MARK, "value": "1", "crc": crc_of(MARK, "1")}
        connection.execute(insert(t.meta), row)


def _copy(rows: Connection, engine: Engine, table: Table, progress: Progress) -> None:
    """Copy a table in the order of its key, a batch at a time."""
    total = int(rows.scalar(select(func.count()).select_from(table)) or 0)
    done = 0
    for batch in _batches(rows, table):
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                _stream(connection, table, batch)
            else:
                connection.execute(insert(table), [dict(row._mapping) for row in batch])  # noqa: SLF001
        done += len(batch)
        progress(table.name, done, total)


def _batches(rows: Connection, table: Table) -> Iterator[Sequence[Row[Any]]]:
    wanted = select(table).order_by(*table.primary_key.columns)
    yield from rows.execution_options(yield_per=BATCH).execute(wanted).partitions()


def _stream(connection: Connection, table: Table, batch: Sequence[Row[Any]]) -> None:
    driver: Any = connection.connection.driver_connection
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as out:
        for row in batch:
            out.write_row(row)
