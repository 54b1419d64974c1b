"""One-time codes: for the first administrator, and for a password that somebody chooses alone."""

import secrets
import sqlite3
from enum import StrEnum

from hall.words import N_
from provisioning.accounts import AllowedBy
from provisioning.errors import AccountError
from provisioning.sessions import digest
from provisioning.site_db import SiteDb

FIRST_START_S = 15 * 60
PASSWORD_S = 24 * 60 * 60

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No letter that is taken for another, on paper or on the telephone."""
_LENGTH = 20
_GROUP = 5
_MOST_TYPED = 100
_MOST_WRONG = 5

SPENT = N_("Mã này không đúng hoặc đã hết hạn. Mời quý vị xin mã mới.")


class Purpose(StrEnum):
    """What a code allows."""

    FIRST = "first"
    PASSWORD = "password"  # noqa: S105 - a purpose


class OneTimeCodes:
    """Codes of 99 bits, of which only the digest is kept. Blocking; raises SiteDbError."""

    def __init__(self, db: SiteDb) -> None:
        self._db = db

    def begin_first_start(self) -> str | None:
        """Return the code by which the first account is made; None once there is one.

        Whoever calls this shows it on the machine itself, and writes it nowhere.
        """
        if self._db.read("SELECT 1 FROM accounts LIMIT 1"):
            return None
        return self._make("", Purpose.FIRST, FIRST_START_S)

    def for_password(self, account: str, *, by: str, address: str = "") -> str:
        """Return the code by which `account` chooses a password; the ones before end."""
        with self._db.write() as connection:
            self._db.audit_within(connection, by, address, "password_code_made", account)
        return self._make(account, Purpose.PASSWORD, PASSWORD_S)

    def account_of(self, code: str, purpose: Purpose) -> str | None:
        """Return for whom a code is now, empty for the first administrator; None if for nobody."""
        rows = self._db.read(
            "SELECT account FROM one_time_links WHERE digest = ? AND purpose = ? AND ends_us > ?",
            (_digest(code), purpose, self._db.now_us()),
        )
        return str(rows[0]["account"]) if rows else None

    def note_wrong_first(self, address: str) -> None:
        """Count a wrong guess at the first administrator's code: the fifth one ends it."""
        with self._db.write() as connection:
            connection.execute(
                "UPDATE one_time_links SET wrong = wrong + 1 WHERE purpose = ?", (Purpose.FIRST,)
            )
            ended = connection.execute(
                "DELETE FROM one_time_links WHERE purpose = ? AND wrong >= ?",
                (Purpose.FIRST, _MOST_WRONG),
            ).rowcount
            if ended:
                self._db.audit_within(connection, "", address, "code_ended", Purpose.FIRST)

    def spending(self, code: str, purpose: Purpose, account: str) -> AllowedBy:
        """Return what spends a code within the transaction of what it allows.

        It raises AccountError when the code is not, or no longer, for this.
        """

        def spend(connection: sqlite3.Connection) -> None:
            spent = connection.execute(
                "DELETE FROM one_time_links"
                " WHERE digest = ? AND purpose = ? AND account = ? AND ends_us > ?",
                (_digest(code), purpose, account, self._db.now_us()),
            ).rowcount
            first = purpose is Purpose.FIRST
            if not spent or (first and connection.execute("SELECT 1 FROM accounts").fetchone()):
                raise AccountError("code", SPENT)

        return spend

    def _make(self, account: str, purpose: Purpose, lives_s: int) -> str:
        code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        ends_us = self._db.now_us() + lives_s * 1_000_000
        with self._db.write() as connection:
            connection.execute(
                "DELETE FROM one_time_links WHERE account = ? AND purpose = ?", (account, purpose)
            )
            connection.execute(
                "INSERT INTO one_time_links (digest, account, purpose, ends_us)"
                " VALUES (?, ?, ?, ?)",
                (_digest(code), account, purpose, ends_us),
            )
        return "-".join(code[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def _digest(code: str) -> bytes:
    """Return the digest of a code as people type it: in any case, with or without dashes."""
    return digest("".join(letter for letter in code[:_MOST_TYPED].upper() if letter.isalnum()))
