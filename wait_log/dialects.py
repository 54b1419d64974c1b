"""Everything that only one database engine knows: locks, files, durability, read-only mode."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError
from sqlalchemy.pool import NullPool, StaticPool

from wait_log.errors import StoreBusyError, StoreError, StoreLostError
from wait_log.server import CONNECTING

STORE_FILE = "wait_log.db"
URL_FILE = "store-url"
"""In the data directory, where the store is on a server."""
_SQLITE_SETTINGS = (
    "busy_timeout = 2000",
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "trusted_schema = OFF",
)
_DOUBLED_NUMBER = "ticket_number_once"
_ITS_COLUMNS = "ticket.site, ticket.business_day, ticket.series, ticket.number"
_CREATING = 5_410_812
"""The advisory lock of PostgreSQL under which tables are made."""


def embedded_url(data: Path) -> str:
    """Return the URL of the embedded store in the directory `data`."""
    return URL.create("sqlite", database=str(data / STORE_FILE)).render_as_string()


def store_url(data: Path, named: str | None = None) -> str:
    """Return the store's URL: as `named`, else as a file in `data` says, else the embedded one's.

    That file may hold a password, and then nobody else may read it; arguments and environment may
    not, because others see them.
    """
    if named:
        if _password(named):
            raise StoreError(
                "a password in the store's URL is seen by others: name a file of PostgreSQL's "
                "(…?passfile=FILE), or put the URL into the file store-url of the data directory"
            )
        return named
    file = data / URL_FILE
    try:
        mode, url = file.stat().st_mode, file.read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return embedded_url(data)
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{file} cannot be read: {error}") from error
    if mode & 0o077 and _password(url):
        raise StoreError(f"{file} holds a password and others can read it: chmod 600 {file}")
    return url


def _password(url: str) -> bool:
    try:
        parsed = make_url(url)
    except ArgumentError:
        return False  # what is wrong with it is said by who opens it
    return bool(parsed.password or "password" in parsed.query)


def sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite store, None for a server; raises StoreError for neither."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError("the store's URL is none; expected postgresql+psycopg://…") from error
    if parsed.drivername == "postgresql+psycopg":
        return None
    if parsed.drivername != "sqlite" or not parsed.database:
        raise StoreError(
            f"no store of the kind {parsed.drivername}; use sqlite:///FILE or postgresql+psycopg://…"
        )
    return Path(parsed.database)


def shown_url(url: str) -> str:
    """Return what people may see of a store's URL: a file, or a server without its password."""
    path = sqlite_file(url)
    return str(path) if path else make_url(url).render_as_string()


class Guard(Protocol):
    """What sees to it that one process writes, and writes where it thinks it does."""

    engine: Engine
    """Whose one connection writes durably."""
    waived: bool
    """A person has said that commits need not reach a copy."""
    lacks_copy: bool
    """The last commit was kept by no copy, where one is wanted."""

    @property
    def held(self) -> bool:
        """Return whether certainly nobody else writes."""

    @property
    def lost(self) -> bool:
        """Return whether another writes, or may since a while."""

    @property
    def beat_due(self) -> float | None:
        """Return when `hold` has to be called by the clock `now`, None for never."""

    def now(self) -> float:
        """Return the present of this guard's clock."""

    def opened(self, connection: Connection, facts: Mapping[str, str]) -> dict[str, str]:
        """Take what the store says of its writers; return what the new writer has to write."""

    def begin(self, connection: Connection) -> None:
        """Fence a transaction that writes; raises StoreBusyError when another has written."""

    def committed(self, began: float, facts: Mapping[str, str]) -> None:
        """Take note of a commit; raises StoreError when no copy has it."""

    def hold(self, connection: Connection) -> None:
        """Make sure that nobody else writes; raises StoreError when that is not so."""

    def has_copy(self, connection: Connection) -> bool:
        """Return whether a synchronous copy keeps up."""

    def waive(self) -> None:
        """Commit without a copy from now on, and remember it before the first such commit."""

    def require_same(self) -> None:
        """Raise StoreLostError when the database is no longer the one that was opened."""

    def release(self) -> None:
        """Let another process write; releasing twice is harmless."""


class FileGuard:
    """A lock beside a SQLite file, and an eye on the file itself.

    The system lets go of the lock when the process ends. A file that is deleted or replaced under
    an open connection goes on to be written, by nobody ever to be read.
    """

    held = True
    lost = lacks_copy = waived = False
    beat_due = None

    def __init__(self, url: str, path: Path) -> None:
        self.engine = file_engine(url)
        self._paths = [path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")]
        self._seen: list[tuple[int, int]] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise StoreError(_no_place(path, error)) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.release()
            raise StoreBusyError(f"{path} is written by another process; stop it first") from error

    def opened(self, connection: Connection, facts: Mapping[str, str]) -> dict[str, str]:  # noqa: ARG002
        """Remember the files as they are now, and close them to other accounts."""
        for path in self._paths:
            if path.stat().st_uid == os.geteuid():
                path.chmod(0o600)
        self._seen = list(self._identities())
        return {}

    def begin(self, connection: Connection) -> None:
        """Do nothing: the lock lasts as long as the process."""

    def committed(self, began: float, facts: Mapping[str, str]) -> None:
        """Do nothing: nobody copies a file."""

    def hold(self, connection: Connection) -> None:
        """Do nothing: the lock lasts as long as the process."""

    def has_copy(self, connection: Connection) -> bool:  # noqa: ARG002
        """Return False: nobody copies a file."""
        return False

    def waive(self) -> None:
        """Do nothing: nobody copies a file."""

    def now(self) -> float:
        """Return nothing that anybody waits for."""
        return 0.0

    def require_same(self) -> None:
        """Raise StoreLostError unless the files are still those that were opened."""
        try:
            same = list(self._identities()) == self._seen
        except OSError:
            same = False
        if not same:
            raise StoreLostError(
                f"{self._paths[0]} was deleted or replaced while it was open; "
                "put it back, or stop the service and start it again"
            )

    def release(self) -> None:
        """Let another process write."""
        self.engine.dispose()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _identities(self) -> Iterator[tuple[int, int]]:
        for path in self._paths:
            found = path.stat()
            yield found.st_dev, found.st_ino


def file_engine(url: str) -> Engine:
    """Return an engine whose one connection writes a file durably, for the life of the process."""
    engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def reading_engine(url: str) -> Engine:
    """Return an engine that never writes nor checkpoints; raises nothing until it is used."""
    path = sqlite_file(url)
    if path is None:
        return create_engine(
            url,
            pool_size=2,
            pool_pre_ping=True,
            isolation_level="REPEATABLE READ",
            connect_args=CONNECTING | {"options": "-c default_transaction_read_only=on"},
        )
    read_only = f"{path.resolve().as_uri()}?mode=ro"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            read_only, uri=True, isolation_level=None, check_same_thread=False, timeout=2.0
        )

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", _begin_reading)
    return engine


def one_creates(connection: Connection) -> None:
    """Let no other service make tables until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CREATING})


def is_doubled_number(error: IntegrityError) -> bool:
    """Return whether it is a number given twice that the database refused."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return bool(diagnosis.constraint_name == _DOUBLED_NUMBER)
    return str(error.orig).endswith(_ITS_COLUMNS)


def quick_check(connection: Connection) -> str | None:
    """Return what SQLite finds wrong with its file, None when nothing; others look after theirs."""
    return _check(connection, "quick_check")


def full_check(connection: Connection) -> str | None:
    """Return what SQLite finds wrong with its file when it also looks at every index."""
    return _check(connection, "integrity_check")


def sqlite_version() -> str:
    """Return the version of the SQLite library in use."""
    return sqlite3.sqlite_version


def _check(connection: Connection, pragma: str) -> str | None:
    if connection.dialect.name != "sqlite":
        return None
    found = connection.exec_driver_sql(f"PRAGMA {pragma}(1)").scalar_one()
    return None if found == "ok" else " ".join(str(found).split())


def _no_place(path: Path, error: OSError) -> str:
    why = (error.strerror or str(error)).lower()
    return f"the store cannot be written at {path}: {why}; choose another directory with --data"


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - any DB-API's
    connection.isolation_level = None  # transactions begin where we say so
    for setting in _SQLITE_SETTINGS:
        connection.execute(f"PRAGMA {setting}").close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
