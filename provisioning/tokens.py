"""Tokens by which programs read figures: 256 bits each, of which only the digest is kept."""

import hashlib
import secrets
import sqlite3
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hall.words import N_
from provisioning.errors import IntegrationError
from provisioning.site_db import SiteDb, from_us, to_us

TOKEN_PREFIX = "dl_"  # noqa: S105 - how scanners of leaked secrets know ours
MOST_TOKENS = 100
MOST_DAYS = 366
LONGEST_NAME = 80
_TOKEN_BYTES = 32
_USE_NOTED_EVERY = timedelta(minutes=1)


class Scope(StrEnum):
    """What a token opens."""

    FIGURES = "figures"
    LOG = "log"
    LIVE = "live"
    METRICS = "metrics"


SCOPE_NAMES = {
    Scope.FIGURES: N_("Số liệu thời gian chờ"),
    Scope.LOG: N_("Nhật ký lượt và sự kiện"),
    Scope.LIVE: N_("Tình hình hiện tại"),
    Scope.METRICS: N_("Số đo cho Prometheus"),
}


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token."""

    id: int
    name: str
    scopes: frozenset[Scope]
    made_by: str
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def valid(self, at: datetime) -> bool:
        """Return whether it opens anything at that moment."""
        return self.revoked_at is None and at < self.ends_at


class Tokens:
    """The tokens of a site; raises IntegrationError and SiteDbError. Blocking."""

    def __init__(
        self, db: SiteDb, new_secret: Callable[[int], str] = secrets.token_urlsafe
    ) -> None:
        self._db = db
        self._new_secret = new_secret

    def list(self) -> list[Token]:
        """Return all tokens, the newest first."""
        return [_token(row) for row in self._db.read("SELECT * FROM tokens ORDER BY id DESC")]

    def make(
        self, name: str, scopes: Collection[Scope], days: int, *, by: str, address: str = ""
    ) -> tuple[Token, str]:
        """Make a token; return what is kept of it, and the secret, which nobody sees again."""
        name = plain_name(name)
        if not scopes:
            raise IntegrationError("scopes", N_("Mời chọn ít nhất một quyền đọc."))
        if not 1 <= days <= MOST_DAYS:
            raise IntegrationError("days", N_("Thời hạn là 1 đến 366 ngày."))
        secret = TOKEN_PREFIX + self._new_secret(_TOKEN_BYTES)
        now = self._db.now()
        listed = ",".join(sorted(scopes))
        with self._db.write() as connection:
            _require_room(connection, to_us(now))
            found = connection.execute(
                "INSERT INTO tokens (digest, name, scopes, made_by, made_us, ends_us)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (digest_of(secret), name, listed, by, to_us(now), to_us(now + timedelta(days))),
            )
            number = found.lastrowid or 0
            detail = f"{number} · {name} · {listed} · {days} d"
            self._db.audit_within(connection, by, address, "token_made", detail)
        token = Token(number, name, frozenset(scopes), by, now, now + timedelta(days))
        return token, secret

    def revoke(self, number: int, *, by: str, address: str = "") -> None:
        """Make a token open nothing any more, from this moment."""
        with self._db.write() as connection:
            found = connection.execute(
                "UPDATE tokens SET revoked_us = ? WHERE id = ? AND revoked_us IS NULL",
                (self._db.now_us(), number),
            )
            if found.rowcount:
                self._db.audit_within(connection, by, address, "token_revoked", str(number))

    def find(self, secret: str) -> Token | None:
        """Return the token of a secret while it is valid."""
        if not secret.startswith(TOKEN_PREFIX):
            return None
        rows = self._db.read("SELECT * FROM tokens WHERE digest = ?", (digest_of(secret),))
        token = _token(rows[0]) if rows else None
        return token if token and token.valid(self._db.now()) else None

    def note_use(self, token: Token) -> None:
        """Remember that a token was used, to the minute."""
        now = self._db.now()
        if token.used_at and timedelta() <= now - token.used_at < _USE_NOTED_EVERY:
            return
        with self._db.write() as connection:
            connection.execute("UPDATE tokens SET used_us = ? WHERE id = ?", (to_us(now), token.id))


def digest_of(secret: str) -> bytes:
    """Return what is kept of a secret that nobody can guess."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()


def plain_name(text: str) -> str:
    """Return the name of a token or webhook as it is kept; raises IntegrationError."""
    name = " ".join(unicodedata.normalize("NFC", text[: LONGEST_NAME * 4]).split())
    unseen = any(unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cs"} for letter in name)
    if not name or len(name) > LONGEST_NAME or unseen:
        raise IntegrationError("name", N_("Tên gồm 1 đến 80 ký tự."))
    return name


def _require_room(connection: sqlite3.Connection, now_us: int) -> None:
    """Forget tokens that ended long ago, and refuse more than anybody can keep an eye on."""
    year_us = timedelta(days=MOST_DAYS) // timedelta(microseconds=1)
    connection.execute(
        "DELETE FROM tokens WHERE coalesce(revoked_us, ends_us) < ?", (now_us - year_us,)
    )
    valid = connection.execute(
        "SELECT count(*) FROM tokens WHERE revoked_us IS NULL AND ends_us > ?", (now_us,)
    )
    if valid.fetchone()[0] >= MOST_TOKENS:
        raise IntegrationError("name", N_("Đã có quá nhiều mã. Mời thu hồi mã không còn dùng."))


def _token(row: sqlite3.Row) -> Token:
    return Token(
        id=row["id"],
        name=row["name"],
        scopes=frozenset(Scope(scope) for scope in row["scopes"].split(",")),
        made_by=row["made_by"],
        made_at=from_us(row["made_us"]),
        ends_at=from_us(row["ends_us"]),
        used_at=None if row["used_us"] is None else from_us(row["used_us"]),
        revoked_at=None if row["revoked_us"] is None else from_us(row["revoked_us"]),
    )
