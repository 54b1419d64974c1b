"""`accounts.db`: what a site keeps beside its log. Accounts, sessions, audit, report texts."""

import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config import Clock
from provisioning.errors import SiteDbError

FILE_NAME = "accounts.db"
MOST_DETAIL = 500
"""Letters of an audit entry's detail that are kept."""

# Only ever appended to: the version before runs on the database of this one.
MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE accounts (
        account TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        counters TEXT NOT NULL,
        password TEXT NOT NULL,
        disabled INTEGER NOT NULL DEFAULT 0,
        made_us INTEGER NOT NULL,
        password_us INTEGER NOT NULL,
        seen_us INTEGER
    ) STRICT;
    CREATE TABLE sessions (
        digest BLOB PRIMARY KEY,
        account TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
        csrf TEXT NOT NULL,
        lang TEXT NOT NULL,
        address TEXT NOT NULL,
        browser TEXT NOT NULL,
        began_us INTEGER NOT NULL,
        used_us INTEGER NOT NULL,
        idle_s INTEGER NOT NULL,
        ends_us INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX sessions_of_account ON sessions (account);
    CREATE TABLE one_time_links (
        digest BLOB PRIMARY KEY,
        account TEXT NOT NULL,
        purpose TEXT NOT NULL,
        ends_us INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE known_browsers (
        digest BLOB PRIMARY KEY,
        account TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
        used_us INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE back_off (
        key TEXT PRIMARY KEY,
        failures INTEGER NOT NULL,
        failed_us INTEGER NOT NULL,
        until_us INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE audit (
        serial INTEGER PRIMARY KEY AUTOINCREMENT,
        at_us INTEGER NOT NULL,
        account TEXT NOT NULL,
        address TEXT NOT NULL,
        action TEXT NOT NULL,
        detail TEXT NOT NULL
    ) STRICT;
    CREATE INDEX audit_of_account ON audit (account, serial);
    CREATE INDEX audit_of_action ON audit (action, serial);
    """,
    """
    CREATE TABLE tokens (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        digest BLOB NOT NULL UNIQUE,
        name TEXT NOT NULL,
        scopes TEXT NOT NULL,
        made_by TEXT NOT NULL,
        made_us INTEGER NOT NULL,
        ends_us INTEGER NOT NULL,
        used_us INTEGER,
        revoked_us INTEGER
    ) STRICT;
    CREATE TABLE webhooks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        url TEXT NOT NULL,
        kinds TEXT NOT NULL,
        secret TEXT NOT NULL,
        cursor INTEGER NOT NULL,
        made_by TEXT NOT NULL,
        made_us INTEGER NOT NULL,
        delivered INTEGER NOT NULL DEFAULT 0,
        failed INTEGER NOT NULL DEFAULT 0,
        dropped INTEGER NOT NULL DEFAULT 0,
        delivered_us INTEGER,
        last_error TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE TABLE deliveries (
        webhook INTEGER NOT NULL REFERENCES webhooks ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        ticket TEXT NOT NULL,
        kind TEXT NOT NULL,
        made_us INTEGER NOT NULL,
        body BLOB NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        due_us INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (webhook, seq)
    ) STRICT;
    CREATE INDEX deliveries_of_ticket ON deliveries (webhook, ticket, seq);
    """,
    """
    CREATE TABLE settings_drafts (
        account TEXT PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
        version INTEGER NOT NULL,
        body TEXT NOT NULL,
        changed_us INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE report_settings (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        body BLOB NOT NULL,
        changed_by TEXT NOT NULL,
        changed_us INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE report_drafts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        first_day TEXT NOT NULL,
        last_day TEXT NOT NULL,
        body BLOB NOT NULL,
        rev INTEGER NOT NULL,
        made_by TEXT NOT NULL,
        made_us INTEGER NOT NULL,
        changed_by TEXT NOT NULL,
        changed_us INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE day_sheets (
        business_day TEXT PRIMARY KEY,
        made_us INTEGER NOT NULL,
        file_name TEXT NOT NULL
    ) STRICT;
    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        subject TEXT NOT NULL,
        recipients TEXT NOT NULL,
        message BLOB NOT NULL,
        tries INTEGER NOT NULL,
        next_us INTEGER NOT NULL,
        sent_us INTEGER,
        problem TEXT NOT NULL
    ) STRICT;
    CREATE INDEX outbox_to_send ON outbox (next_us) WHERE sent_us IS NULL
    """,
    """
    CREATE TABLE boxes (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        devices TEXT NOT NULL,
        secret TEXT NOT NULL,
        paired_us INTEGER NOT NULL,
        paired_by TEXT NOT NULL,
        paired_from TEXT NOT NULL,
        ended_us INTEGER,
        ended_by TEXT NOT NULL DEFAULT '',
        seen_us INTEGER,
        seen_from TEXT NOT NULL DEFAULT '',
        copied_us INTEGER,
        copied_from TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE TABLE box_devices (
        device TEXT PRIMARY KEY,
        box TEXT NOT NULL REFERENCES boxes ON DELETE CASCADE
    ) STRICT;
    CREATE TABLE site_devices (
        device TEXT PRIMARY KEY,
        role TEXT NOT NULL
    ) STRICT
    """,
    "ALTER TABLE one_time_links ADD COLUMN wrong INTEGER NOT NULL DEFAULT 0",
    """
    CREATE TABLE first_steps (
        step TEXT PRIMARY KEY,
        answer TEXT NOT NULL,
        done_by TEXT NOT NULL,
        done_us INTEGER NOT NULL
    ) STRICT
    """,
    """
    ALTER TABLE accounts ADD COLUMN pin TEXT NOT NULL DEFAULT '';
    ALTER TABLE accounts ADD COLUMN pin_wrong INTEGER NOT NULL DEFAULT 0
    """,
    """
    CREATE TABLE ratings (
        business_day TEXT NOT NULL,
        ticket TEXT NOT NULL,
        counter INTEGER NOT NULL,
        service TEXT NOT NULL,
        face INTEGER NOT NULL CHECK (face BETWEEN 1 AND 4),
        reasons TEXT NOT NULL DEFAULT '',
        votes INTEGER NOT NULL DEFAULT 1,
        PRIMARY KEY (business_day, ticket)
    ) STRICT;
    CREATE TABLE tablets (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        digest BLOB NOT NULL UNIQUE,
        counter INTEGER NOT NULL,
        paired_us INTEGER NOT NULL,
        paired_by TEXT NOT NULL,
        seen_us INTEGER,
        ended_us INTEGER,
        ended_by TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    """
    CREATE TABLE procedures (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        sha256 TEXT NOT NULL,
        body BLOB NOT NULL,
        account TEXT NOT NULL,
        applied_us INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE procedure_drafts (
        account TEXT PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
        body BLOB NOT NULL,
        source TEXT NOT NULL,
        changed_us INTEGER NOT NULL
    ) STRICT
    """,
)

_log = logging.getLogger(__name__)

_BUSY_MS = 5000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SiteDb:
    """The open database: one connection that writes, one that reads, each behind its lock.

    Made by `open_site_db`. Its calls block: on an event loop use `asyncio.to_thread`.
    """

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self.now = now
        self._writer = _connect(path)
        self._reader = _connect(path)
        self._write_lock = threading.Lock()  # one transaction at a time on the writing connection
        self._read_lock = threading.Lock()  # a cursor is read to its end before the next begins

    def migrate(self) -> None:
        """Bring the tables to this version; a newer one's only have more."""
        with self.write() as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            for script in MIGRATIONS[version:]:
                for statement in script.split(";"):
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {max(version, len(MIGRATIONS))}")

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Return the connection within one transaction, which an exception undoes.

        Raises SiteDbError when the disk or the file refuses.
        """
        with self._write_lock, _translated():
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    def read(self, query: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        """Return all rows of a query; raises SiteDbError."""
        with self._read_lock, _translated():
            return self._reader.execute(query, tuple(values)).fetchall()

    def audit(self, account: str, address: str, action: str, detail: str = "") -> None:
        """Write down who changed what, from where; raises SiteDbError."""
        with self.write() as connection:
            self.audit_within(connection, account, address, action, detail)

    def audit_within(
        self, connection: sqlite3.Connection, account: str, address: str, action: str, detail: str
    ) -> None:
        """Write it down in the same transaction as the change itself."""
        connection.execute(
            "INSERT INTO audit (at_us, account, address, action, detail) VALUES (?, ?, ?, ?, ?)",
            (self.now_us(), account, address, action, detail[:MOST_DETAIL]),
        )

    def now_us(self) -> int:
        """Return the present in microseconds since 1970."""
        return to_us(self.now())

    def close(self) -> None:
        """Close both connections."""
        with self._write_lock, self._read_lock:
            self._reader.close()
            self._writer.close()


class UnavailableSiteDb(SiteDb):
    """A database that could not be opened: whoever asks is told why.

    The boards that `web` serves do without it.
    """

    def __init__(self, why: str, now: Callable[[], datetime] | None = None) -> None:
        self._why = why
        self.now = now or Clock().now

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Raise SiteDbError."""
        raise SiteDbError(self._why)
        yield  # type: ignore[unreachable]  # makes it a generator

    def read(self, query: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        """Raise SiteDbError."""
        del query, values
        raise SiteDbError(self._why)

    def close(self) -> None:
        """Nothing is open."""


def open_site_db(path: Path, now: Callable[[], datetime] | None = None) -> SiteDb:
    """Open the database in `path`, made when it is not there; raises SiteDbError."""
    db: SiteDb | None = None
    try:
        with _translated():
            path.parent.mkdir(parents=True, exist_ok=True)
            # Not sqlite's to make: its file would be for everybody's eyes.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            db = SiteDb(path, now or Clock().now)
            db.migrate()
            return db
    except SiteDbError as error:
        if db:
            db.close()
        raise SiteDbError(f"{path}: {error}") from error


def open_or_unavailable(path: Path) -> SiteDb:
    """Open the database, or one that tells everybody why this one cannot be opened."""
    try:
        return open_site_db(path)
    except SiteDbError as error:
        _log.error("accounts not opened, the staff's pages say so error=%s", error)
        return UnavailableSiteDb(str(error))


def to_us(at: datetime) -> int:
    """Return a moment in microseconds since 1970."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def from_us(at_us: int) -> datetime:
    """Return the moment of so many microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=at_us)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    try:
        for setting in (
            f"busy_timeout = {_BUSY_MS}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
        ):
            connection.execute(f"PRAGMA {setting}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise SiteDbError(str(error)) from error
