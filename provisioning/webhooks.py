"""Webhooks: whom the log's events are told to, how far, and what still waits to be told."""

import base64
import secrets
import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hall.words import N_
from provisioning.errors import IntegrationError
from provisioning.site_db import SiteDb, from_us
from provisioning.tokens import plain_name

MOST_WEBHOOKS = 20
LONGEST_URL = 500
LONGEST_ERROR = 200
LONGEST_WAIT = timedelta(minutes=10)
"""Until a message that was not taken is tried again."""
SECRET_PREFIX = "whsec_"  # noqa: S105 - how Standard Webhooks names them
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Webhook:
    """One receiver of events."""

    id: int
    name: str
    url: str
    kinds: frozenset[str]
    """The events it wants; empty for all."""
    secret: str
    """Kept as it is: every delivery is signed with it."""
    cursor: int
    """The last event of the log that was queued for it, or passed over."""
    made_by: str
    made_at: datetime
    delivered: int = 0
    failed: int = 0
    dropped: int = 0
    waiting: int = 0
    delivered_at: datetime | None = None
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One event for one receiver."""

    seq: int
    ticket: str
    """Whose order counts; events of no ticket are one row of their own."""
    kind: str
    made_us: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that waits to be delivered."""

    webhook: int
    message: Message
    attempts: int


class Webhooks:
    """The webhooks of a site and their queues; raises IntegrationError, SiteDbError. Blocking."""

    def __init__(
        self, db: SiteDb, random_bytes: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        self._db = db
        self._random_bytes = random_bytes

    def list(self) -> list[Webhook]:
        """Return all webhooks, the oldest first."""
        return [
            _webhook(row)
            for row in self._db.read(
                "SELECT webhooks.*, (SELECT count(*) FROM deliveries WHERE webhook = webhooks.id)"
                " AS waiting FROM webhooks ORDER BY id"
            )
        ]

    def add(
        self,
        name: str,
        url: str,
        kinds: Collection[str],
        cursor: int,
        *,
        by: str,
        address: str = "",
    ) -> Webhook:
        """Tell `url` what happens after the event `cursor`."""
        name = plain_name(name)
        secret = SECRET_PREFIX + base64.b64encode(self._random_bytes(_SECRET_BYTES)).decode()
        with self._db.write() as connection:
            if connection.execute("SELECT count(*) FROM webhooks").fetchone()[0] >= MOST_WEBHOOKS:
                raise IntegrationError("name", N_("Đã có quá nhiều webhook."))
            found = connection.execute(
                "INSERT INTO webhooks (name, url, kinds, secret, cursor, made_by, made_us)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (name, url, ",".join(sorted(kinds)), secret, cursor, by, self._db.now_us()),
            )
            number = found.lastrowid or 0
            self._db.audit_within(connection, by, address, "webhook_added", f"{name} · {url}")
        return next(webhook for webhook in self.list() if webhook.id == number)

    def remove(self, number: int, *, by: str, address: str = "") -> None:
        """Forget a webhook and what waits for it."""
        with self._db.write() as connection:
            rows = connection.execute(
                "DELETE FROM webhooks WHERE id = ? RETURNING name, url", (number,)
            ).fetchall()
            for row in rows:
                detail = f"{row['name']} · {row['url']}"
                self._db.audit_within(connection, by, address, "webhook_removed", detail)

    def queue(self, webhook: Webhook, messages: Iterable[Message], cursor: int) -> None:
        """Queue messages and note that all events up to `cursor` have been looked at, at once."""
        rows = [(webhook.id, m.seq, m.ticket, m.kind, m.made_us, m.body) for m in messages]
        with self._db.write() as connection:
            moved = connection.execute(
                "UPDATE webhooks SET cursor = ? WHERE id = ? AND cursor < ?",
                (cursor, webhook.id, cursor),
            )
            if moved.rowcount:
                connection.executemany(
                    "INSERT OR IGNORE INTO deliveries (webhook, seq, ticket, kind, made_us, body)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    rows,
                )

    def rewind(self, webhook: Webhook, cursor: int) -> None:
        """Go on from `cursor`: the log has begun again."""
        with self._db.write() as connection:
            connection.execute("UPDATE webhooks SET cursor = ? WHERE id = ?", (cursor, webhook.id))

    def due(self, webhook: int, now_us: int, most: int) -> Sequence[Delivery]:
        """Return the messages to deliver now: of every ticket its oldest, when that is due.

        One that would be due later than any wait was put off by a clock that has been set back.
        """
        rows = self._db.read(
            "SELECT * FROM deliveries AS d WHERE webhook = ? AND (due_us <= ? OR due_us > ?)"
            " AND NOT EXISTS (SELECT 1 FROM deliveries AS e WHERE e.webhook = d.webhook"
            " AND e.ticket = d.ticket AND e.seq < d.seq) ORDER BY seq LIMIT ?",
            (webhook, now_us, now_us + LONGEST_WAIT // timedelta(microseconds=1), most),
        )
        return [_delivery(row) for row in rows]

    def delivered(self, delivery: Delivery) -> None:
        """Note that a receiver has a message."""
        with self._db.write() as connection:
            _forget(connection, delivery)
            connection.execute(
                "UPDATE webhooks SET delivered = delivered + 1, delivered_us = ?, last_error = CASE"
                " WHEN EXISTS (SELECT 1 FROM deliveries WHERE webhook = id AND attempts > 0)"
                " THEN last_error ELSE '' END WHERE id = ?",
                (self._db.now_us(), delivery.webhook),
            )

    def failed(self, delivery: Delivery, why: str, due_us: int) -> None:
        """Note that a receiver did not take a message, which is tried again at `due_us`."""
        with self._db.write() as connection:
            connection.execute(
                "UPDATE deliveries SET attempts = attempts + 1, due_us = ?"
                " WHERE webhook = ? AND seq = ?",
                (due_us, delivery.webhook, delivery.message.seq),
            )
            connection.execute(
                "UPDATE webhooks SET failed = failed + 1, last_error = ? WHERE id = ?",
                (why[:LONGEST_ERROR], delivery.webhook),
            )

    def drop_older(self, before_us: int) -> int:
        """Give up on messages of before that moment; count and return them."""
        old = self._db.read(
            "SELECT webhook, count(*) AS dropped FROM deliveries WHERE made_us < ?"
            " GROUP BY webhook",
            (before_us,),
        )
        if not old:
            return 0
        with self._db.write() as connection:
            dropped = connection.execute(
                "DELETE FROM deliveries WHERE made_us < ? RETURNING webhook", (before_us,)
            ).fetchall()
            for row in dropped:
                connection.execute(
                    "UPDATE webhooks SET dropped = dropped + 1 WHERE id = ?", (row["webhook"],)
                )
        return len(dropped)


def _forget(connection: sqlite3.Connection, delivery: Delivery) -> None:
    connection.execute(
        "DELETE FROM deliveries WHERE webhook = ? AND seq = ?",
        (delivery.webhook, delivery.message.seq),
    )


def _webhook(row: sqlite3.Row) -> Webhook:
    return Webhook(
        id=row["id"],
        name=row["name"],
        url=row["url"],
        kinds=frozenset(row["kinds"].split(",")) - {""},
        secret=row["secret"],
        cursor=row["cursor"],
        made_by=row["made_by"],
        made_at=from_us(row["made_us"]),
        delivered=row["delivered"],
        failed=row["failed"],
        dropped=row["dropped"],
        waiting=row["waiting"],
        delivered_at=None if row["delivered_us"] is None else from_us(row["delivered_us"]),
        last_error=row["last_error"],
    )


def _delivery(row: sqlite3.Row) -> Delivery:
    message = Message(row["seq"], row["ticket"], row["kind"], row["made_us"], row["body"])
    return Delivery(row["webhook"], message, row["attempts"])
