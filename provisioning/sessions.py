"""Sessions: who is logged in, by a secret of which only the digest is kept."""

import hashlib
import secrets
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from provisioning.accounts import Role
from provisioning.errors import SiteDbError
from provisioning.site_db import SiteDb, from_us

_MINUTE_S = 60
_HOUR_S = 60 * _MINUTE_S
IDLE_S = {
    Role.OFFICER: 12 * _HOUR_S,
    Role.VIEWER: 30 * _MINUTE_S,
    Role.MANAGER: 30 * _MINUTE_S,
    Role.ADMINISTRATOR: 30 * _MINUTE_S,
}
"""After how long without a request somebody is logged out."""
LONGEST_S = 12 * _HOUR_S
"""After how long everybody is: a working day."""
_NOTED_EVERY_S = 30
_LONGEST_BROWSER = 200
_MOST_PER_ACCOUNT = 20
_CLOCK_STEP_US = 60_000_000
_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Login:
    """A session as its holder's requests find it."""

    digest: bytes
    account: str
    name: str
    role: Role
    counters: tuple[int, ...]
    csrf: str
    lang: str
    address: str = ""
    browser: str = ""
    began_at: datetime | None = None
    used_at: datetime | None = None


class Sessions:
    """The sessions of a site. Blocking; raises SiteDbError."""

    def __init__(self, db: SiteDb) -> None:
        self._db = db

    def begin(
        self, account: str, role: Role, lang: str, address: str, browser: str, *, all_day: bool
    ) -> str:
        """Begin a session after a right password; return its secret, which nobody else has."""
        token, at_us = secrets.token_urlsafe(32), self._db.now_us()
        idle_s = LONGEST_S if all_day else IDLE_S[role]
        with self._db.write() as connection:
            connection.execute(
                "INSERT INTO sessions (digest, account, csrf, lang, address, browser, began_us,"
                " used_us, idle_s, ends_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    digest(token),
                    account,
                    secrets.token_urlsafe(32),
                    lang,
                    address,
                    browser[:_LONGEST_BROWSER],
                    at_us,
                    at_us,
                    idle_s,
                    at_us + LONGEST_S * _US,
                ),
            )
            connection.execute(
                "UPDATE accounts SET seen_us = ?, pin_wrong = 0 WHERE account = ?", (at_us, account)
            )
            _forget_old(connection, account, at_us)
        return token

    def hand_over(self, held: Login, account: str, address: str) -> str:
        """End a session and begin that of an officer who takes its place; return the new secret.

        It ends no later than the one before would have: PINs keep nobody logged in for ever.
        """
        token, at_us = secrets.token_urlsafe(32), self._db.now_us()
        with self._db.write() as connection:
            connection.execute(
                "INSERT INTO sessions (digest, account, csrf, lang, address, browser, began_us,"
                " used_us, idle_s, ends_us) SELECT ?, ?, ?, lang, ?, browser, ?, ?, ?, ends_us"
                " FROM sessions WHERE digest = ?",
                (
                    digest(token),
                    account,
                    secrets.token_urlsafe(32),
                    address,
                    at_us,
                    at_us,
                    IDLE_S[Role.OFFICER],
                    held.digest,
                ),
            )
            connection.execute("DELETE FROM sessions WHERE digest = ?", (held.digest,))
            _forget_old(connection, account, at_us)
        return token

    def find(self, token: str, *, quiet: bool = False) -> Login | None:
        """Return the session of a secret while it lives; `quiet` requests do not prolong it."""
        return self.find_by_digest(digest(token), quiet=quiet)

    def find_by_digest(self, kept: bytes, *, quiet: bool = True) -> Login | None:
        """Return the session of a digest while it lives."""
        rows = self._db.read(
            "SELECT s.*, a.name, a.role, a.counters FROM sessions s JOIN accounts a"
            " USING (account) WHERE s.digest = ? AND a.disabled = 0",
            (kept,),
        )
        if not rows or not _alive(rows[0], at_us := self._db.now_us()):
            return None
        row = rows[0]
        if not quiet and at_us - row["used_us"] > _NOTED_EVERY_S * _US:
            # A disk that is full must not lock out who is here to see to it.
            with suppress(SiteDbError), self._db.write() as connection:
                connection.execute(
                    "UPDATE sessions SET used_us = ? WHERE digest = ?", (at_us, row["digest"])
                )
        return _login(row)

    def list(self, account: str | None = None) -> list[Login]:
        """Return who is logged in now, the last one first."""
        rows = self._db.read(
            "SELECT s.*, a.name, a.role, a.counters FROM sessions s JOIN accounts a"
            " USING (account) WHERE ? IS NULL OR s.account = ? ORDER BY s.used_us DESC",
            (account, account),
        )
        at_us = self._db.now_us()
        return [_login(row) for row in rows if _alive(row, at_us)]

    def end(self, token: str) -> None:
        """End a session."""
        with self._db.write() as connection:
            connection.execute("DELETE FROM sessions WHERE digest = ?", (digest(token),))

    def speak(self, login: Login, lang: str) -> None:
        """Keep the language that somebody chose."""
        with self._db.write() as connection:
            connection.execute(
                "UPDATE sessions SET lang = ? WHERE digest = ?", (lang, login.digest)
            )


def digest(secret: str) -> bytes:
    """Return what is kept of a random secret."""
    return hashlib.sha256(secret.encode(errors="replace")).digest()


def _alive(row: sqlite3.Row, at_us: int) -> bool:
    """Return whether a session goes on; one from the future is over, as its end is not known."""
    began = row["began_us"] - _CLOCK_STEP_US <= at_us < row["ends_us"]
    return bool(began and at_us - row["used_us"] <= row["idle_s"] * _US)


def _forget_old(connection: sqlite3.Connection, account: str, at_us: int) -> None:
    connection.execute("DELETE FROM sessions WHERE ends_us <= ?", (at_us,))
    connection.execute(
        "DELETE FROM sessions WHERE account = ? AND digest NOT IN (SELECT digest FROM sessions"
        " WHERE account = ? ORDER BY began_us DESC, rowid DESC LIMIT ?)",
        (account, account, _MOST_PER_ACCOUNT),
    )


def _login(row: sqlite3.Row) -> Login:
    return Login(
        digest=row["digest"],
        account=row["account"],
        name=row["name"],
        role=Role(row["role"]),
        counters=_numbers(row["counters"]),
        csrf=row["csrf"],
        lang=row["lang"],
        address=row["address"],
        browser=row["browser"],
        began_at=from_us(row["began_us"]),
        used_at=from_us(row["used_us"]),
    )


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.strip("[]").split(",") if number.strip())
