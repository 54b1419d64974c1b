"""Mail that waits to be sent: kept until a server has taken it, over restarts."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from provisioning.site_db import SiteDb, from_us, to_us

_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=1)
_KEPT = timedelta(days=60)
"""How long it is remembered that a mail was sent."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of the outbox, and whom it has not reached."""

    id: int
    key: str
    subject: str
    to: tuple[str, ...]
    message: bytes
    tries: int
    next_at: datetime
    sent_at: datetime | None
    problem: str


class Outbox:
    """Keeps mail by a key, so that the same is never put in twice."""

    def __init__(self, db: SiteDb) -> None:
        self._db = db

    def put(self, key: str, subject: str, to: list[str], message: bytes) -> bool:
        """Keep a mail; return False when one of this key was kept before."""
        at_us = self._db.now_us()
        with self._db.write() as connection:
            connection.execute(
                "DELETE FROM outbox WHERE sent_us < ?",
                (at_us - _KEPT // timedelta(microseconds=1),),
            )
            cursor = connection.execute(
                "INSERT OR IGNORE INTO outbox "
                "(key, subject, recipients, message, tries, next_us, problem) "
                "VALUES (?, ?, ?, ?, 0, ?, '')",
                (key, subject, json.dumps(to), message, at_us),
            )
            return bool(cursor.rowcount)

    def due(self) -> list[Mail]:
        """Return what is to be tried now, oldest first."""
        query = "SELECT * FROM outbox WHERE sent_us IS NULL AND next_us <= ? ORDER BY id"
        return [_mail(row) for row in self._db.read(query, (self._db.now_us(),))]

    def newest(self, most: int = 10) -> list[Mail]:
        """Return the newest mail, newest first."""
        query = "SELECT * FROM outbox ORDER BY id DESC LIMIT ?"
        return [_mail(row) for row in self._db.read(query, (most,))]

    def sent(self, mail: Mail) -> None:
        """Note that a server took it for everybody; the file is let go."""
        with self._db.write() as connection:
            connection.execute(
                "UPDATE outbox SET sent_us = ?, recipients = '[]', message = x'', problem = '', "
                "tries = tries + 1 WHERE id = ?",
                (self._db.now_us(), mail.id),
            )
            self._db.audit_within(connection, "", "", "mail_sent", mail.subject)

    def failed(self, mail: Mail, problem: str, still_to: list[str] | None = None) -> None:
        """Note why it was not taken, or not for `still_to`, and try again after a pause."""
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(mail.tries, 10))
        next_us = to_us(self._db.now() + pause)
        to = list(mail.to) if still_to is None else still_to
        with self._db.write() as connection:
            connection.execute(
                "UPDATE outbox SET tries = tries + 1, next_us = ?, problem = ?, recipients = ? "
                "WHERE id = ?",
                (next_us, problem, json.dumps(to), mail.id),
            )
            if problem != mail.problem:
                detail = f"{mail.subject}: {problem}"
                self._db.audit_within(connection, "", "", "mail_failed", detail)

    def hurry(self) -> None:
        """Try everything again at once: the settings have changed."""
        with self._db.write() as connection:
            connection.execute(
                "UPDATE outbox SET next_us = ? WHERE sent_us IS NULL", (self._db.now_us(),)
            )

    def remove(self, number: int, account: str, address: str) -> None:
        """Give up on a mail."""
        with self._db.write() as connection:
            connection.execute(
                "UPDATE outbox SET sent_us = ?, message = x'', problem = 'removed' "
                "WHERE id = ? AND sent_us IS NULL",
                (self._db.now_us(), number),
            )
            self._db.audit_within(connection, account, address, "mail_removed", f"{number}")


def _mail(row: sqlite3.Row) -> Mail:
    return Mail(
        id=row["id"],
        key=row["key"],
        subject=row["subject"],
        to=tuple(json.loads(row["recipients"])),
        message=row["message"],
        tries=row["tries"],
        next_at=from_us(row["next_us"]),
        sent_at=None if row["sent_us"] is None else from_us(row["sent_us"]),
        problem=row["problem"],
    )
