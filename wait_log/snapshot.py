"""A whole copy of one site's store in a file of its own, made beside its writer, and proven.

The copy is a SQLite store whatever engine the original is on, so that one kind of backup can be
checked and put back anywhere. Tokens on papers stay behind: nobody needs a dead day's, and whoever
finds a stick shall not follow the living.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, create_engine, func, insert, inspect, select
from sqlalchemy.engine import URL
from sqlalchemy.pool import StaticPool

from wait_log import schema
from wait_log import tables as t
from wait_log.chain import Proven, prove_slice
from wait_log.dialects import reading_engine, shown_url, sqlite_file
from wait_log.errors import StoreDamagedError, StoreError
from wait_log.reader import NOT_ROWS, Reader
from wait_log.rows import Batch, InboxRow
from wait_log.store import open_store

_BLOCK = 2000
Progress = Callable[[int, int], None]
"""How many rows are done, of how many."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a copy holds."""

    site: str
    epoch: str
    seq: int
    """Its newest event; the log is dense, so there are as many."""
    hash: str
    """Of that event: it proves all before it."""
    at_us: int
    rows: dict[str, int]
    """Table to how many rows are the site's."""


def take_snapshot(
    url: str, site: str, target: Path, progress: Progress = lambda _done, _total: None
) -> Snapshot:
    """Copy the store of `site` into the new file `target`; returns when it is on the disk.

    All of it is of one moment, and the service goes on meanwhile. Raises StoreError.
    """
    path = sqlite_file(url)
    try:
        os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        if path is not None:
            counted = _copy_file(path, site, target, progress)
        else:
            counted = _copy_rows(url, site, target, progress)
        _sync(target)
    except NOT_ROWS as error:
        raise StoreError(" ".join(str(getattr(error, "orig", error)).split())) from error
    except (sqlite3.Error, OSError) as error:
        raise StoreError(getattr(error, "strerror", None) or str(error)) from error
    made = read_snapshot(target, site)
    if made.rows != counted:
        raise StoreDamagedError(f"the copy has other rows than the store: {made.rows} {counted}")
    return made


def read_snapshot(file: Path, site: str) -> Snapshot:
    """Return what a copy says it holds; raises StoreError."""
    with Reader(_url(file), site) as reader:
        newest = reader.newest()
        return Snapshot(
            site=site,
            epoch=reader.meta("epoch") or "",
            seq=newest.seq if newest else 0,
            hash=newest.hash.hex() if newest else "",
            at_us=newest.at_us if newest else 0,
            rows={table.name: reader.count(table) for table in reader.tables()},
        )


def prove_snapshot(file: Path, wanted: Snapshot, progress: Progress = lambda _d, _t: None) -> None:
    """Prove that a copy is whole and holds what is wanted; raises StoreDamagedError."""
    reader = Reader(_url(file), wanted.site)
    damage = reader.damage(thorough=True)
    if damage:
        raise StoreDamagedError(f"{file.name}: {damage[0]}")
    found = read_snapshot(file, wanted.site)
    if found != wanted:
        raise StoreDamagedError(f"{file.name} does not hold what was copied: {found} not {wanted}")
    proven = Proven(newest=found.seq)
    while not proven.whole and proven.broken_at is None:
        try:
            proven = prove_slice(reader, proven)
        except NOT_ROWS as error:  # bytes that are none
            raise StoreDamagedError(f"{file.name}: event after {proven.seq}: {error}") from error
        progress(proven.seq, proven.newest)
    if proven.broken_at is not None:
        raise StoreDamagedError(f"{file.name}: event {proven.broken_at} does not follow")
    if found.rows["event"] != found.seq:
        raise StoreDamagedError(f"{file.name} has {found.rows['event']} events, not {found.seq}")


def site_of(file: Path) -> str:
    """Return the one site of a copy; raises StoreError."""
    reader = Reader(_url(file), "")
    sites = reader.sites() if reader.exists() else []
    if len(sites) != 1:
        raise StoreError(f"{file} is no store of one centre")
    return sites[0]


def _url(file: Path) -> str:
    return URL.create("sqlite", database=str(file)).render_as_string()


def _copy_file(path: Path, site: str, target: Path, progress: Progress) -> dict[str, int]:
    """Copy within SQLite: in one reading transaction, by a connection that cannot checkpoint."""
    if not path.is_file():
        raise StoreError(f"there is no store at {path}")
    with closing(sqlite3.connect(target, isolation_level=None, uri=True)) as copy:
        copy.execute("PRAGMA journal_mode = MEMORY")
        copy.execute("PRAGMA synchronous = OFF")  # it is synced once, when it is whole
        copy.execute("PRAGMA busy_timeout = 5000")
        copy.execute("ATTACH ? AS original", (f"{path.resolve().as_uri()}?mode=ro",))
        copy.execute("BEGIN")
        defined = copy.execute(
            "SELECT name, sql FROM original.sqlite_master WHERE type = 'table' AND sql NOT NULL"
        ).fetchall()
        known = {table.name for table in t.metadata.sorted_tables}
        counted = {name: _count_in_file(copy, name, site) for name, _ in defined if name in known}
        total, done = sum(counted.values()), 0
        for name, statement in defined:
            copy.execute(statement)
            copied = _copy_table(copy, name, site)
            done += copied if name in counted else 0
            progress(done, total)
        for (statement,) in copy.execute(
            "SELECT sql FROM original.sqlite_master WHERE type = 'index' AND sql NOT NULL"
        ).fetchall():
            copy.execute(statement)
        copy.execute("COMMIT")
    return counted


def _count_in_file(copy: sqlite3.Connection, name: str, site: str) -> int:
    rows = copy.execute(f"SELECT count(*) FROM original.{name} WHERE site = ?", (site,))  # noqa: S608
    return int(rows.fetchone()[0])


def _copy_table(copy: sqlite3.Connection, name: str, site: str) -> int:
    columns = [row[1] for row in copy.execute(f"PRAGMA original.table_info({name})")]
    named = ", ".join(columns)
    if "site" not in columns:
        done = copy.execute(f"INSERT INTO {name} SELECT {named} FROM original.{name}")  # noqa: S608
        return done.rowcount
    if name != t.inbox.name:
        chosen = ", ".join("NULL" if column == "token" else column for column in columns)
        done = copy.execute(
            f"INSERT INTO {name} ({named}) SELECT {chosen} FROM original.{name} WHERE site = ?",  # noqa: S608
            (site,),
        )
        return done.rowcount
    places = ", ".join("?" for _ in columns)
    rows = copy.execute(f"SELECT {named} FROM original.{name} WHERE site = ?", (site,))  # noqa: S608
    plain = (_without_token(dict(zip(columns, row, strict=True))) for row in rows.fetchall())
    done = copy.executemany(
        f"INSERT INTO {name} ({named}) VALUES ({places})",  # noqa: S608
        [tuple(row.values()) for row in plain],
    )
    return done.rowcount


def _copy_rows(url: str, site: str, target: Path, progress: Progress) -> dict[str, int]:
    """Copy from a server: streamed, all of one moment."""
    source = reading_engine(url)
    made = create_engine(_url(target), poolclass=StaticPool)
    try:
        with source.connect() as reading, made.begin() as writing:
            if schema.version(reading) != schema.HEAD:
                raise StoreError("the store is of another version; start the service once first")
            schema.create(writing)
            tables = t.metadata.sorted_tables
            counted = {table.name: _count(reading, table, site) for table in tables}
            total, done = sum(counted.values()), 0
            for table in tables:
                wanted = select(*table.c).where(table.c.site == site)
                rows = reading.execution_options(yield_per=_BLOCK).execute(wanted)
                for block in rows.mappings().partitions(_BLOCK):
                    writing.execute(insert(table), [_without_token(dict(row)) for row in block])
                    done += len(block)
                    progress(done, total)
        return counted
    finally:
        source.dispose()
        made.dispose()


def _count(connection: Connection, table: Any, site: str) -> int:  # noqa: ANN401 - a table
    counted = select(func.count()).select_from(table).where(table.c.site == site)
    return int(connection.execute(counted).scalar_one())


def _without_token(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the tickets or of the answers without the token of a paper."""
    if "token" in row:
        return row | {"token": None}
    if "reply" not in row:
        return row
    reply = msgspec.json.decode(row["reply"]) if row["reply"] else {}
    result = reply.get("result") if isinstance(reply, dict) else None
    if not isinstance(result, dict) or not result.get("token"):
        return row
    result["token"] = ""
    plain = {name: row[name] for name in ("device", "id", "body_hash", "at_us")}
    answer = InboxRow(reply=msgspec.json.encode(reply), **plain)
    return row | {"reply": answer.reply, "crc": answer.crc}


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _sync(path: Path) -> None:
    with _opened(path) as descriptor:
        os.fsync(descriptor)


def put_back(
    file: Path,
    site: str,
    url: str,
    facts: Mapping[str, str],
    progress: Progress = lambda _d, _t: None,
) -> None:
    """Make a new store at `url` of a copy, brought to this version, with small facts changed.

    Raises StoreError; then there is no store at `url` that there was not before.
    """
    path = sqlite_file(url)
    try:
        if path is not None:
            if path.exists():
                raise StoreError(f"there is a store at {path} already")
            shutil.copyfile(file, path)
            path.chmod(0o600)
        else:
            _put_rows_back(file, site, url, progress)
    except NOT_ROWS as error:
        raise StoreError(" ".join(str(getattr(error, "orig", error)).split())) from error
    except OSError as error:
        raise StoreError(error.strerror or str(error)) from error
    store = open_store(url, site, lambda: facts["epoch"])
    try:
        store.commit(Batch(meta={**facts, "cursor": str(store.last_seq)}))
    finally:
        store.close()


def _put_rows_back(file: Path, site: str, url: str, progress: Progress) -> None:
    """Write a copy's rows to a server, all of them or none."""
    source = reading_engine(_url(file))
    target = create_engine(url)
    try:
        with source.connect() as reading, target.begin() as writing:
            schema.upgrade(writing)
            if any(_count(writing, table, site) for table in t.metadata.sorted_tables):
                raise StoreError(f"{shown_url(url)} has a store of {site} already")
            tables = schema.present_tables(reading)
            total, done = sum(_count(reading, table, site) for table in tables), 0
            for table in tables:
                there = {column["name"] for column in inspect(reading).get_columns(table.name)}
                columns = [column for column in table.c if column.name in there]
                wanted = select(*columns).where(table.c.site == site)
                rows = reading.execution_options(yield_per=_BLOCK).execute(wanted)
                for block in rows.mappings().partitions(_BLOCK):
                    writing.execute(insert(table), [dict(row) for row in block])
                    done += len(block)
                    progress(done, total)
    finally:
        source.dispose()
        target.dispose()
