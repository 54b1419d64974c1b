"""PINs: how officers who share a counter take it over from one another, and nothing else.

A PIN opens no login: it is asked for only on a page that is logged in at the counter, and leads to
officers' accounts alone. After ten wrong ones it sleeps until its owner logs in with the password.
"""

import re
from itertools import pairwise

from hall.words import N_
from provisioning.accounts import Account, Accounts, Role
from provisioning.errors import AccountError

MOST_WRONG = 10
"""Of ten thousand there are; then only the password helps."""
_PIN = re.compile(r"[0-9]{4,6}")
_FEWEST_DIGITS = 3
_WRONG_PIN = N_("Mã PIN gồm 4 đến 6 chữ số.")
_EASY_PIN = N_("Mã PIN này dễ đoán. Mời quý vị chọn mã khác.")


class Pins:
    """The PINs of a site's officers. Blocking; raises SiteDbError."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._db = accounts.db

    def has(self, account: str) -> bool:
        """Return whether an account has a PIN, though it may sleep."""
        rows = self._db.read("SELECT 1 FROM accounts WHERE account = ? AND pin <> ''", (account,))
        return bool(rows)

    def set(self, account: str, pin: str, *, by: str, address: str = "") -> None:
        """Give an account a PIN, or take it away with an empty one; raises AccountError."""
        kept = self._accounts.passwords.hash(_good(pin)) if pin else ""
        with self._db.write() as connection:
            connection.execute(
                "UPDATE accounts SET pin = ?, pin_wrong = 0 WHERE account = ?", (kept, account)
            )
            action = "pin_set" if pin else "pin_cleared"
            self._db.audit_within(connection, by, address, action, account)

    def officers_of(self, counter: int) -> list[Account]:
        """Return who can take over a counter by PIN, by name."""
        rows = self._db.read(
            "SELECT account FROM accounts WHERE pin <> '' AND pin_wrong < ? AND disabled = 0",
            (MOST_WRONG,),
        )
        awake = {row["account"] for row in rows}
        officers = [
            account
            for account in self._accounts.list()
            if account.account in awake
            and account.role is Role.OFFICER
            and counter in account.counters
        ]
        return sorted(officers, key=lambda officer: officer.name)

    def check(self, account: str, pin: str) -> bool:
        """Return whether this is the PIN of `account`; slow, and counted as wrong beforehand."""
        with self._db.write() as connection:
            rows = connection.execute(
                "UPDATE accounts SET pin_wrong = pin_wrong + 1 WHERE account = ? AND disabled = 0"
                " AND pin <> '' AND pin_wrong < ? RETURNING pin",
                (account, MOST_WRONG),
            ).fetchall()
        if not self._accounts.passwords.check(rows[0]["pin"] if rows else "", pin):
            return False
        with self._db.write() as connection:
            connection.execute("UPDATE accounts SET pin_wrong = 0 WHERE account = ?", (account,))
        return True


def _good(pin: str) -> str:
    if not _PIN.fullmatch(pin):
        raise AccountError("pin", _WRONG_PIN)
    steps = {(int(second) - int(first)) % 10 for first, second in pairwise(pin)}
    if len(set(pin)) < _FEWEST_DIGITS or steps in ({1}, {9}):
        raise AccountError("pin", _EASY_PIN)
    return pin
