"""What was worked out of closed days, kept so that it is not worked out again.

A file of its own beside the store, or memory. Nothing in it is the truth: whoever finds it gone,
of another version, or of another log works it out once more. It says how far it has followed the
log, with the hash there, and holds nothing that a later event has changed.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock
from typing import TypeVar

from config import Centre

CACHE_FILE = "figures.db"
_VERSION = 3
"""Of the figures, too: what a program of another version kept is worked out again."""
_TABLES = f"""
BEGIN IMMEDIATE;
DROP TABLE IF EXISTS part;
DROP TABLE IF EXISTS position;
CREATE TABLE position (
    site TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE part (
    site TEXT NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (site, name)
);
PRAGMA user_version = {_VERSION};
COMMIT;
"""
_PATIENCE_S = 2.0
Position = tuple[int, bytes] | None
"""An event of the log and its hash."""
Gone = Iterable[str] | None
_log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")


class FigureCache:
    """Named bytes of a site that follow from its log up to a position; raises nothing."""

    def __init__(self, path: Path | None = None) -> None:
        """Keep in a file, else in memory; the file is opened when it is first asked."""
        self.centres: dict[bytes, Centre] = {}
        """Versions of the centre by their stored bytes, in memory alone."""
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._lock = Lock()  # threads of the web take turns at the one connection

    def follow(
        self, site: str, seq: int, event_hash: bytes, gone: Callable[[Position], Gone]
    ) -> bool:
        """Follow the log of a site to an event; returns whether what is kept holds there.

        `gone` tells from how far the log was followed (None: not at all) with which names begins
        what no longer holds; None is everything. Nobody else follows it meanwhile.
        """

        def write(connection: sqlite3.Connection) -> bool:
            connection.execute("BEGIN IMMEDIATE")
            found = connection.execute("SELECT seq, hash FROM position WHERE site = ?", (site,))
            known: Position = found.fetchone()
            if known == (seq, event_hash):
                return True
            names = gone(known)
            if names is None:
                connection.execute("DELETE FROM part WHERE site = ?", (site,))
            elif known is not None and known[0] >= seq:
                return True  # another was faster
            connection.executemany(
                "DELETE FROM part WHERE site = ? AND substr(name, 1, length(?)) = ?",
                [(site, begin, begin) for begin in names or ()],
            )
            row = (site, seq, event_hash)
            connection.execute("INSERT OR REPLACE INTO position VALUES (?, ?, ?)", row)
            return True

        return bool(self._run(write))

    def get(self, site: str, name: str) -> bytes | None:
        """Return what is kept under a name."""

        def ask(connection: sqlite3.Connection) -> bytes | None:
            wanted = "SELECT body FROM part WHERE site = ? AND name = ?"
            row = connection.execute(wanted, (site, name)).fetchone()
            return None if row is None else row[0]

        return self._run(ask)

    def put(self, site: str, seq: int, name: str, body: bytes) -> None:
        """Keep what follows from the log up to `seq`, unless another has followed it further."""
        row = (site, name, body, site, seq)
        self._run(
            lambda connection: connection.execute(
                "INSERT OR REPLACE INTO part SELECT ?, ?, ? "
                "WHERE EXISTS (SELECT 1 FROM position WHERE site = ? AND seq = ?)",
                row,
            )
        )

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._let_go()

    def _run(self, ask: Callable[[sqlite3.Connection], _Answer]) -> _Answer | None:
        """Ask the file; None while another process has it for long.

        One that cannot be used is done without: memory only takes longer.
        """
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = _opened(self._path)
                with self._connection:
                    return ask(self._connection)
            except (sqlite3.Error, OSError) as error:
                if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                    return None
                if self._path is None:
                    raise
                _log.warning("kept figures cannot be used file=%s error=%s", self._path, error)
                self._let_go()
                self._path = None
        return self._run(ask)

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _opened(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        path.touch(mode=0o600)
    connection = sqlite3.connect(
        path or ":memory:", check_same_thread=False, timeout=_PATIENCE_S, isolation_level=None
    )
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if connection.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            connection.executescript(_TABLES)
    except sqlite3.Error:
        connection.close()
        raise
    return connection
