"""Accounts: who may do what on the staff's pages."""

import json
import re
import sqlite3
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hall.words import N_
from provisioning.errors import AccountError
from provisioning.passwords import Passwords, require_good
from provisioning.site_db import SiteDb, from_us

MOST_ACCOUNTS = 500
LONGEST_NAME = 80
_MOST_COUNTERS = 60
_LAST_COUNTER = 999
_ACCOUNT = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")


class Role(StrEnum):
    """What an account may do; each later one may also open the pages of those before."""

    OFFICER = "officer"
    VIEWER = "viewer"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"

    def includes(self, other: "Role") -> bool:
        """Return whether this role may do what `other` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


ROLE_NAMES = {
    Role.OFFICER: N_("Cán bộ quầy"),
    Role.VIEWER: N_("Người xem"),
    Role.MANAGER: N_("Quản lý"),
    Role.ADMINISTRATOR: N_("Quản trị"),
}


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may log in."""

    account: str
    name: str
    role: Role
    counters: tuple[int, ...] = ()
    disabled: bool = False
    has_password: bool = True
    made_at: datetime | None = None
    seen_at: datetime | None = None


AllowedBy = Callable[[sqlite3.Connection], None]
"""What allows a change: called in its transaction, raises AccountError where it does not."""


def _always(_connection: sqlite3.Connection) -> None:
    """Allow it."""


class Accounts:
    """The accounts of a site; `by` and `address` of a change go into the audit.

    Raises AccountError for what may not be, SiteDbError when the disk refuses. Blocking.
    """

    def __init__(self, db: SiteDb, passwords: Passwords | None = None) -> None:
        self.db = db
        self.passwords = passwords or Passwords()

    def list(self) -> list[Account]:
        """Return all accounts by name."""
        return [_account(row) for row in self.db.read("SELECT * FROM accounts ORDER BY account")]

    def find(self, account: str) -> Account | None:
        """Return one account."""
        rows = self.db.read("SELECT * FROM accounts WHERE account = ?", (account,))
        return _account(rows[0]) if rows else None

    def exist(self) -> bool:
        """Return whether anybody has an account."""
        return bool(self.db.read("SELECT 1 FROM accounts LIMIT 1"))

    def check_password(self, account: str, password: str) -> bool:
        """Return whether `account` may log in with `password`; slow, whatever the answer."""
        query = "SELECT password FROM accounts WHERE account = ? AND disabled = 0"
        rows = self.db.read(query, (account,))
        return self.passwords.check(rows[0]["password"] if rows else "", password)

    def add(
        self,
        new: Account,
        password: str | None = None,
        *,
        by: str = "",
        address: str = "",
        allowed: AllowedBy = _always,
    ) -> Account:
        """Make an account; without a password it waits for a one-time code."""
        new = _checked(new)
        kept = self._hash(password, new.account)
        with self.db.write() as connection:
            allowed(connection)
            if connection.execute("SELECT count(*) FROM accounts").fetchone()[0] >= MOST_ACCOUNTS:
                raise AccountError("account", N_("Đã có quá nhiều tài khoản."))
            if _row(connection, new.account):
                raise AccountError("account", N_("Tên đăng nhập này đã có người dùng."))
            at_us = self.db.now_us()
            connection.execute(
                "INSERT INTO accounts (account, name, role, counters, password, made_us,"
                " password_us) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (new.account, new.name, new.role, json.dumps(new.counters), kept, at_us, at_us),
            )
            self.db.audit_within(connection, by, address, "account_added", _described(new))
        return new

    def change(self, changed: Account, *, by: str, address: str = "") -> None:
        """Change name, role, counters or whether it is disabled; a change of rights logs it out."""
        changed = _checked(changed)
        with self.db.write() as connection:
            row = _row(connection, changed.account)
            if row is None:
                raise AccountError("account", N_("Không có tài khoản này."))
            old = _account(row)
            if old.role is Role.ADMINISTRATOR and not old.disabled:
                _require_another_administrator(connection, old, changed)
            connection.execute(
                "UPDATE accounts SET name = ?, role = ?, counters = ?, disabled = ?"
                " WHERE account = ?",
                (
                    changed.name,
                    changed.role,
                    json.dumps(changed.counters),
                    changed.disabled,
                    changed.account,
                ),
            )
            if _rights(old) != _rights(changed):
                _log_out(connection, changed.account)
            detail = f"{_described(old)} → {_described(changed)}"
            self.db.audit_within(connection, by, address, "account_changed", detail)

    def set_password(
        self,
        account: str,
        password: str,
        *,
        by: str,
        address: str = "",
        allowed: AllowedBy = _always,
    ) -> None:
        """Give an account another password; its PIN ends, it is logged out everywhere."""
        kept = self._hash(password, account)
        with self.db.write() as connection:
            allowed(connection)
            changed = connection.execute(
                "UPDATE accounts SET password = ?, password_us = ?, pin = '' WHERE account = ?",
                (kept, self.db.now_us(), account),
            ).rowcount
            if not changed:
                raise AccountError("account", N_("Không có tài khoản này."))
            connection.execute("DELETE FROM one_time_links WHERE account = ?", (account,))
            _log_out(connection, account)
            _forget_browsers(connection, account)
            self.db.audit_within(connection, by, address, "password_set", account)

    def clear_password(self, account: str, *, by: str, address: str = "") -> None:
        """Let nobody in with the password of an account any more; a one-time code gives another."""
        with self.db.write() as connection:
            connection.execute(
                "UPDATE accounts SET password = '', pin = '' WHERE account = ?", (account,)
            )
            _log_out(connection, account)
            _forget_browsers(connection, account)
            self.db.audit_within(connection, by, address, "password_cleared", account)

    def log_out_everywhere(self, account: str, *, by: str, address: str = "") -> None:
        """End all sessions of an account."""
        with self.db.write() as connection:
            _log_out(connection, account)
            _forget_browsers(connection, account)
            self.db.audit_within(connection, by, address, "logged_out_everywhere", account)

    def _hash(self, password: str | None, account: str) -> str:
        if password is None:
            return ""
        require_good(password, account)
        return self.passwords.hash(password)


def account_name(text: str) -> str:
    """Return a login name as it is kept: people type it with capitals and spaces around."""
    return unicodedata.normalize("NFC", text[:200]).strip().casefold()


def _checked(new: Account) -> Account:
    account = account_name(new.account)
    if not _ACCOUNT.fullmatch(account):
        raise AccountError(
            "account",
            N_("Tên đăng nhập gồm 2 đến 32 chữ không dấu, chữ số, dấu chấm hoặc gạch."),
        )
    name = " ".join(unicodedata.normalize("NFC", new.name).split())
    unseen = any(unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cs"} for letter in name)
    if not name or len(name) > LONGEST_NAME or unseen:
        raise AccountError("name", N_("Họ và tên gồm 1 đến 80 ký tự."))
    counters = tuple(sorted(set(new.counters)))
    wrong = [number for number in counters if not 0 < number <= _LAST_COUNTER]
    if wrong or len(counters) > _MOST_COUNTERS:
        raise AccountError("counters", N_("Số quầy là các số từ 1 đến 999."))
    return Account(account, name, new.role, counters, new.disabled)


def _require_another_administrator(
    connection: sqlite3.Connection, old: Account, changed: Account
) -> None:
    if changed.role is Role.ADMINISTRATOR and not changed.disabled:
        return
    others = connection.execute(
        "SELECT 1 FROM accounts WHERE role = ? AND disabled = 0 AND password <> ''"
        " AND account <> ? LIMIT 1",
        (Role.ADMINISTRATOR, old.account),
    ).fetchone()
    if others is None:
        raise AccountError(
            "role", N_("Đây là người quản trị cuối cùng. Mời quý vị thêm người khác trước.")
        )


def _rights(account: Account) -> tuple[Role, tuple[int, ...], bool]:
    return account.role, account.counters, account.disabled


def _log_out(connection: sqlite3.Connection, account: str) -> None:
    connection.execute("DELETE FROM sessions WHERE account = ?", (account,))


def _forget_browsers(connection: sqlite3.Connection, account: str) -> None:
    connection.execute("DELETE FROM known_browsers WHERE account = ?", (account,))


def _row(connection: sqlite3.Connection, account: str) -> sqlite3.Row | None:
    found: Sequence[sqlite3.Row] = connection.execute(
        "SELECT * FROM accounts WHERE account = ?", (account,)
    ).fetchall()
    return found[0] if found else None


def _account(row: sqlite3.Row) -> Account:
    return Account(
        account=row["account"],
        name=row["name"],
        role=Role(row["role"]),
        counters=tuple(json.loads(row["counters"])),
        disabled=bool(row["disabled"]),
        has_password=bool(row["password"]),
        made_at=from_us(row["made_us"]),
        seen_at=None if row["seen_us"] is None else from_us(row["seen_us"]),
    )


def _described(account: Account) -> str:
    counters = ",".join(str(number) for number in account.counters)
    parts = [account.account, account.name, account.role.value]
    parts += [f"counters={counters}"] if counters else []
    parts += ["disabled"] if account.disabled else []
    return " · ".join(parts)
