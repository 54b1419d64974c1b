"""Tablets that are turned towards citizens: paired by a code, known by a token of their own."""

import hmac
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, auto

from provisioning.pairing.codes import new_code, typed_code
from provisioning.sessions import digest
from provisioning.site_db import SiteDb, from_us

CODE_GOOD_FOR_S = 5 * 60.0
MOST_ATTEMPTS = 5
_SEEN_EVERY = timedelta(minutes=5)
_KEPT_ENDED = 50


@dataclass(frozen=True, slots=True)
class Tablet:
    """A tablet that was paired with a counter."""

    id: int
    counter: int
    paired_at: datetime
    paired_by: str
    seen_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    """Who took its right away; empty where another tablet took its place."""


class Tablets:
    """The tablets of a site; the newest of a counter is the only one. Blocking."""

    def __init__(
        self, db: SiteDb, new_secret: Callable[[], str] = lambda: secrets.token_urlsafe(32)
    ) -> None:
        self.db = db
        self._new_secret = new_secret

    def list(self) -> list[Tablet]:
        """Return the tablets in use by counter, then those that were."""
        rows = self.db.read(
            "SELECT * FROM tablets ORDER BY ended_us IS NOT NULL, coalesce(-ended_us, counter)"
        )
        return [_tablet(row) for row in rows]

    def pair(self, counter: int, *, by: str, address: str) -> str:
        """Take a tablet in for `counter`, instead of the one before; return its secret."""
        secret, at_us = self._new_secret(), self.db.now_us()
        with self.db.write() as connection:
            connection.execute(
                "UPDATE tablets SET ended_us = ? WHERE counter = ? AND ended_us IS NULL",
                (at_us, counter),
            )
            connection.execute(
                "DELETE FROM tablets WHERE id IN (SELECT id FROM tablets"
                " WHERE ended_us IS NOT NULL ORDER BY ended_us DESC LIMIT -1 OFFSET ?)",
                (_KEPT_ENDED,),
            )
            connection.execute(
                "INSERT INTO tablets (digest, counter, paired_us, paired_by) VALUES (?, ?, ?, ?)",
                (digest(secret), counter, at_us, by),
            )
            self.db.audit_within(connection, by, address, "tablet_paired", f"counter {counter}")
        return secret

    def find(self, secret: str) -> Tablet | None:
        """Return the tablet that has a secret, as long as it may be used."""
        query = "SELECT * FROM tablets WHERE digest = ? AND ended_us IS NULL"
        rows = self.db.read(query, (digest(secret),)) if secret else []
        return _tablet(rows[0]) if rows else None

    def in_use(self, number: int) -> bool:
        """Return whether a tablet may still be used."""
        query = "SELECT 1 FROM tablets WHERE id = ? AND ended_us IS NULL"
        return bool(self.db.read(query, (number,)))

    def note_seen(self, tablet: Tablet) -> None:
        """Remember, in steps of minutes, that a tablet was there."""
        now = self.db.now()
        if tablet.seen_at and timedelta() <= now - tablet.seen_at < _SEEN_EVERY:
            return
        with self.db.write() as connection:
            connection.execute(
                "UPDATE tablets SET seen_us = ? WHERE id = ?", (self.db.now_us(), tablet.id)
            )

    def revoke(self, number: int, *, by: str, address: str) -> bool:
        """End a tablet's right at once; return whether it had one."""
        with self.db.write() as connection:
            ended = connection.execute(
                "UPDATE tablets SET ended_us = ?, ended_by = ?"
                " WHERE id = ? AND ended_us IS NULL RETURNING counter",
                (self.db.now_us(), by, number),
            ).fetchall()
            for row in ended:
                detail = f"counter {row['counter']}"
                self.db.audit_within(connection, by, address, "tablet_revoked", detail)
            return bool(ended)


class CodeEnd(StrEnum):
    """What became of a code."""

    OPEN = auto()
    USED = auto()
    ATTEMPTS = auto()
    TIME = auto()
    WITHDRAWN = auto()


@dataclass(slots=True)
class TabletCode:
    """A code by which one tablet may be paired with a counter."""

    counter: int
    by: str
    ends_s: float
    code: str = field(repr=False)
    end: CodeEnd = CodeEnd.OPEN
    attempts: int = 0


class TabletCodes:
    """The one code that is good now, in memory alone; used on one thread.

    An attempt is counted before it is compared. `monotonic` counts real seconds.
    """

    def __init__(self, monotonic: Callable[[], float], make: Callable[[], str] = new_code) -> None:
        self._monotonic = monotonic
        self._make = make
        self._code: TabletCode | None = None

    @property
    def newest(self) -> TabletCode | None:
        """Return the code that was made last, and what became of it."""
        code = self._code
        if code and code.end is CodeEnd.OPEN and self._monotonic() >= code.ends_s:
            code.end = CodeEnd.TIME
        return code

    def left_s(self, code: TabletCode) -> float:
        """Return for how many seconds a code is still good."""
        return max(0.0, code.ends_s - self._monotonic()) if code.end is CodeEnd.OPEN else 0.0

    def begin(self, counter: int, by: str) -> TabletCode:
        """Make a new code; the one before ends."""
        self._code = TabletCode(counter, by, self._monotonic() + CODE_GOOD_FOR_S, self._make())
        return self._code

    def withdraw(self) -> None:
        """End the code that is good now."""
        if (code := self.newest) and code.end is CodeEnd.OPEN:
            code.end = CodeEnd.WITHDRAWN

    def spend(self, typed: str) -> TabletCode | None:
        """Return the code that somebody typed, which is used up now; None where it is none."""
        code = self.newest
        if code is None or code.end is not CodeEnd.OPEN:
            return None
        code.attempts += 1
        meant = typed_code(typed[:40]) or ""
        if hmac.compare_digest(meant, code.code):
            code.end = CodeEnd.USED
            return code
        if code.attempts >= MOST_ATTEMPTS:
            code.end = CodeEnd.ATTEMPTS
        return None


def _tablet(row: sqlite3.Row) -> Tablet:
    return Tablet(
        id=row["id"],
        counter=row["counter"],
        paired_at=from_us(row["paired_us"]),
        paired_by=row["paired_by"],
        seen_at=None if row["seen_us"] is None else from_us(row["seen_us"]),
        ended_at=None if row["ended_us"] is None else from_us(row["ended_us"]),
        ended_by=row["ended_by"],
    )
