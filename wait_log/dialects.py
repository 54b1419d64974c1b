"""Everything that only one database engine knows: SQLite's pragmas, locks and read-only mode."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Engine, Integer, create_engine, event
from sqlalchemy.engine import URL, Connection
from sqlalchemy.pool import NullPool, StaticPool

DenseKey = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit key; SQLite makes only an INTEGER the row's own key."""

_BUSY_TIMEOUT_MS = 2000


def sqlite_url(path: Path) -> str:
    """Return the URL of a SQLite file."""
    return URL.create("sqlite", database=str(path)).render_as_string(hide_password=False)


def writing_engine(url: str) -> Engine:
    """Return an engine whose one connection writes durably, for the life of the process."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=1, max_overflow=0)
    engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _set_up_writer)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def reading_engine(url: str) -> Engine:
    """Return an engine that never writes nor checkpoints; raises nothing until it is used."""
    if not url.startswith("sqlite"):
        return create_engine(url, execution_options={"postgresql_readonly": True})
    path = Path(url.removeprefix("sqlite:///"))
    read_only = f"{path.resolve().as_uri()}?mode=ro"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            read_only, uri=True, isolation_level=None, check_same_thread=False, timeout=2.0
        )

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", _begin_reading)
    return engine


def quick_check(connection: Connection) -> str | None:
    """Return what SQLite finds wrong with its file, None when nothing; others look after theirs."""
    if connection.dialect.name != "sqlite":
        return None
    found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    return None if found == "ok" else str(found)


def sqlite_version() -> str:
    """Return the version of the SQLite library in use."""
    return sqlite3.sqlite_version


def _set_up_writer(connection: Any, _record: object) -> None:  # noqa: ANN401 - any DB-API's
    connection.isolation_level = None  # transactions begin where we say so
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA trusted_schema = OFF")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
