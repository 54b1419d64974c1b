"""PostgreSQL: who writes a site, what fences a former writer, and what is kept by a copy, too.

The writing connection itself holds the site's advisory lock, so that the lock ends with it. The
server ends a session that says nothing for `LOST_AFTER_S`, as a frozen process does, whose system
still answers for it. Whoever takes the lock raises the site's term in `meta`; every transaction of
a writer looks at the term and keeps it from being raised until its commit.

A commit that waits for a synchronous copy and is told to stop waiting has been carried out here all
the same, and PostgreSQL says so by a warning alone. It counts as failed, and nothing is read back
before a later commit has reached the copy.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, bindparam, create_engine, event, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from wait_log import tables as t
from wait_log.errors import StoreBusyError, StoreError, StoreUncopiedError
from wait_log.members import Seen, about, recall, remember, require_successor
from wait_log.rows import digest_of

LOST_AFTER_S = 6.0
"""A session that says nothing for so long is ended by the server, and its lock with it."""
HELD_FOR_S = 4.0
"""So long after the server answered, the lock is certainly held."""
BEAT_S = 1.5
"""How often a writer that rests says that it is there."""
TERM = "term"
WITHOUT_COPY = "without_copy"
MARK = "moving"
"""Stands in `meta` of a store that is half a copy of another."""

_ANSWER_WITHIN_S = 4.0
_CANCEL_WITHIN_S = 1.5
_OPENING = {"statement_timeout": "10min", "lock_timeout": "5s", "client_min_messages": "warning"}
_OPENING |= {"synchronous_commit": "local"}  # the new writer's first commit waits for all of it
_SERVING = {"statement_timeout": "5s", "idle_session_timeout": f"{LOST_AFTER_S:.0f}s"}
_SERVING |= {"synchronous_commit": "on"}
_SERVING |= {"idle_in_transaction_session_timeout": f"{LOST_AFTER_S:.0f}s"}
_SIDES = {"keepalives_idle": 2, "keepalives_interval": 1, "keepalives_count": 3}
CONNECTING = {"connect_timeout": 3, "tcp_user_timeout": 5000} | _SIDES
"""How a client notices within 6 s that its server is gone; the server does the same."""
_SERVERS_SIDE = {f"tcp_{name}": str(value) for name, value in _SIDES.items()}
_SERVERS_SIDE |= {"tcp_user_timeout": "5s"}
_FENCE = select(t.meta.c.value).where(t.meta.c.site == bindparam("a_site"), t.meta.c.key == TERM)
_COPIES = text(
    "SELECT count(*) FILTER (WHERE state = 'streaming' AND sync_state IN ('sync', 'quorum')), "
    "count(*) FILTER (WHERE state IS NULL) FROM pg_stat_replication"
)
_FREE_FROM_THE_DEAD = """
SELECT pg_terminate_backend(a.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.granted AND (l.classid::bigint << 32 | l.objid::bigint) = %s
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND a.wait_event = 'SyncRep' AND a.query_start < clock_timestamp() - interval '10 s'
"""
"""A commit waits for a copy for ever, even after its client died; a live one stops it sooner."""
_UNLOCK = text("SELECT pg_advisory_unlock(:key)")
_NO_COPY = (
    "no copy of the store answers: nothing is taken until one does, or until a person accepts "
    "`denluot database without-copy`"
)


def boot_time() -> float:
    """Return the seconds since the boot, those of a suspended machine included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class ServerGuard:
    """The lock of one site in the server, held by the one connection that writes."""

    def __init__(
        self,
        url: str,
        site: str,
        memory: Path | None = None,
        now: Callable[[], float] = boot_time,
    ) -> None:
        """Take the lock; raises StoreBusyError when another has it, StoreError without a server.

        `memory` is the directory in which is remembered on which server was written.
        """
        self._site = site
        self._memory = memory
        self._system, self._timeline = "", 0
        self._now = now
        self._term: str | None = None
        self._serving = False
        self._warnings: list[str] = []
        self._confirmed_at = now()
        self._taken = False
        self.waived = False
        """A person has said that commits need not reach a copy."""
        self.lacks_copy = False
        """The last commit was kept here alone."""
        self.engine = _engine(url, self._set_up)
        try:
            self.engine.connect().close()  # it stays in the pool, and so does its lock
        except BaseException as error:
            self.engine.dispose()
            if isinstance(error, DBAPIError):
                raise StoreError(f"the store cannot be opened: {_line(error)}") from error
            raise

    def require_same(self) -> None:
        """Do nothing: every transaction looks at the term."""

    def release(self) -> None:
        """Let another process write, at once: the server is in no hurry to end a session."""
        pool = self.engine.pool
        with suppress(SQLAlchemyError, StoreError):
            if not self.lost and isinstance(pool, QueuePool) and pool.checkedin():
                with self.engine.begin() as connection:
                    connection.execute(_UNLOCK, {"key": lock_key(self._site)})
        self.engine.dispose()

    def opened(self, connection: Connection, facts: Mapping[str, str]) -> dict[str, str]:
        """Take what the store says of its writers; return what the new writer has to write."""
        self._term = facts.get(TERM)
        self.waived = self.waived or bool(facts.get(WITHOUT_COPY))
        self._serving = True
        with connection.begin():
            driver: Any = connection.connection.driver_connection
            self._system, self._timeline = about(driver)
            if self._memory is not None:
                now = self._seen()
                require_successor(recall(self._memory), now)
            _serve(connection.connection.driver_connection)
        return {TERM: str(int(self._term or 0) + 1)}

    def begin(self, connection: Connection) -> None:
        """Fence a transaction that writes; raises StoreBusyError when another has written."""
        if self.lacks_copy and not self.waived and not self._has_copy(connection):
            raise StoreUncopiedError(_NO_COPY)
        self._warnings.clear()
        if self.waived:
            connection.execute(text("SET LOCAL synchronous_commit TO local"))
        self._require_term(connection.scalar(_FENCE.with_for_update(read=True), self._key))

    def committed(self, began: float, facts: Mapping[str, str]) -> None:
        """Take note of a commit; raises StoreUncopiedError when no copy has it."""
        self._confirmed_at = began
        self._term = facts.get(TERM, self._term)
        if self._warnings:
            self.lacks_copy = True
            raise StoreUncopiedError(f"{_NO_COPY} ({' '.join(self._warnings)})")
        if self._memory is not None and facts.keys() & {TERM, WITHOUT_COPY}:
            remember(self._memory, self._seen())
        self.lacks_copy = False

    def now(self) -> float:
        """Return the present, on the clock that frozen and suspended processes have, too."""
        return self._now()

    @property
    def held(self) -> bool:
        """Return whether certainly nobody else writes."""
        return not self._taken and self._now() < self._confirmed_at + HELD_FOR_S

    @property
    def lost(self) -> bool:
        """Return whether another writes, or may since a while."""
        return self._taken or self._now() > self._confirmed_at + LOST_AFTER_S

    @property
    def beat_due(self) -> float:
        """Return when `hold` has to be called, on this guard's clock."""
        return self._confirmed_at + BEAT_S

    def hold(self, connection: Connection) -> None:
        """Make sure that nobody else writes; raises StoreError when that is not so."""
        began = self._now()
        try:
            with connection.begin():
                self._require_term(connection.scalar(_FENCE, self._key))
        except SQLAlchemyError as error:
            raise StoreError(_line(error)) from error
        self._confirmed_at = began

    def has_copy(self, connection: Connection) -> bool:
        """Return whether a synchronous copy keeps up with the server."""
        with connection.begin():
            return self._has_copy(connection)

    def waive(self) -> None:
        """Commit without a copy from now on, and remember it before the first such commit."""
        self.waived = True
        if self._memory is not None:
            remember(self._memory, self._seen())

    def _has_copy(self, connection: Connection) -> bool:
        keeping, hidden = connection.execute(_COPIES).one()
        return bool(keeping or hidden)  # who may not look tries

    def _seen(self) -> Seen:
        return Seen(self._system, self._timeline, int(self._term or 0), self.waived)

    @property
    def _key(self) -> dict[str, str]:
        return {"a_site": self._site}

    def _require_term(self, found: str | None) -> None:
        if found != self._term:
            self._taken = True
            raise StoreBusyError(f"another process has written the store of {self._site} since")

    def _set_up(self, connection: Any) -> None:  # noqa: ANN401 - any DB-API's
        """Make a new connection the writer's, or close it."""
        connection.add_notice_handler(self._note)
        _set(connection, _OPENING | _SERVERS_SIDE)
        if self._serving:
            _serve(connection)
        cursor = connection.execute("SELECT pg_try_advisory_lock(%s)", (lock_key(self._site),))
        (taken,) = cursor.fetchone()
        connection.commit()
        if not taken:
            connection.execute(_FREE_FROM_THE_DEAD, (lock_key(self._site),))
            connection.close()
            self._taken = self._serving
            raise StoreBusyError(f"the store of {self._site} is written by another process")

    def _note(self, notice: psycopg.errors.Diagnostic) -> None:
        if notice.severity_nonlocalized == "WARNING":
            self._warnings.append(notice.message_primary or "a warning")


class _Patient(psycopg.Connection[Any]):
    """A connection that ends when its server does not answer for long.

    No time limit of the server's ends a commit that waits for a copy; only being told to does, and
    then the commit succeeds with a warning.
    """

    patience_s: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:  # noqa: ANN401
        """Wait for a server's answer."""
        limit_s = timeout or self.patience_s
        try:
            return super().wait(gen, interval, limit_s)
        except psycopg.OperationalError:
            if limit_s is None or not self._unanswered:
                raise
        try:
            self.cancel_safe(timeout=_CANCEL_WITHIN_S)
            return super().wait(gen, interval, _CANCEL_WITHIN_S)
        except psycopg.OperationalError:
            if self._unanswered:
                self.pgconn.finish()
            raise

    @property
    def _unanswered(self) -> bool:
        return self.pgconn.transaction_status == TransactionStatus.ACTIVE


def lock_key(site: str) -> int:
    """Return the advisory lock of a site's writer."""
    return int.from_bytes(digest_of(site.encode())[:8], "big", signed=True)


def _engine(url: str, set_up: Callable[[Any], None]) -> Engine:
    engine = create_engine(
        url, pool_size=1, max_overflow=0, connect_args=CONNECTING | {"application_name": "denluot"}
    )

    def connect(
        _dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]
    ) -> _Patient:
        return _Patient.connect(*arguments, **options)

    def one_by_one(cursor: Any, statement: str, rows: list[Any], _context: object) -> bool:  # noqa: ANN401
        for row in rows:
            cursor.execute(statement, row)
        return True

    event.listen(engine, "do_connect", connect)
    # In a pipeline the server waits without any limit for a client that froze in the middle of it.
    event.listen(engine, "do_executemany", one_by_one)
    event.listen(engine, "connect", lambda connection, _record: set_up(connection))
    return engine


def _serve(connection: Any) -> None:  # noqa: ANN401 - any DB-API's
    """Have both sides give up soon on a connection that says nothing."""
    _set(connection, _SERVING)
    connection.patience_s = _ANSWER_WITHIN_S


def _set(connection: Any, settings: dict[str, str]) -> None:  # noqa: ANN401 - any DB-API's
    """Set what holds for a session, in one go."""
    places = ", ".join(["set_config(%s, %s, false)"] * len(settings))
    connection.execute(f"SELECT {places}", [word for pair in settings.items() for word in pair])


def _line(error: SQLAlchemyError) -> str:
    return " ".join(str(getattr(error, "orig", None) or error).split())
