"""A site's procedures: every version that was applied, and what somebody has uploaded since."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from hall.procedures import DocumentError, Published, read_published
from provisioning.errors import SiteDbError
from provisioning.site_db import SiteDb, from_us

MOST_VERSIONS = 20


@dataclass(frozen=True, slots=True)
class ProceduresVersion:
    """A version in the list: what it says is read by its number."""

    number: int
    sha256: str
    account: str
    applied: datetime


@dataclass(frozen=True, slots=True)
class ProceduresDraft:
    """What somebody has uploaded and not applied yet."""

    published: Published
    source: str
    """The name of the file, or of the version, that it comes from."""


class Procedures:
    """The versions and drafts in `accounts.db`; every call blocks and raises SiteDbError."""

    def __init__(self, db: SiteDb) -> None:
        self._db = db

    def versions(self) -> list[ProceduresVersion]:
        """Return the versions that are kept, the one in force first."""
        rows = self._db.read(
            "SELECT number, sha256, account, applied_us FROM procedures ORDER BY number DESC"
        )
        return [
            ProceduresVersion(
                row["number"], row["sha256"], row["account"], from_us(row["applied_us"])
            )
            for row in rows
        ]

    def newest(self) -> tuple[int, Published] | None:
        """Return the version in force and its number; None before the first."""
        query = "SELECT number, sha256, body FROM procedures ORDER BY number DESC LIMIT 1"
        rows = self._db.read(query)
        return (rows[0]["number"], _whole(rows[0])) if rows else None

    def version(self, number: int) -> Published | None:
        """Return what a version says."""
        query = "SELECT number, sha256, body FROM procedures WHERE number = ?"
        rows = self._db.read(query, (number,))
        return _whole(rows[0]) if rows else None

    def apply(self, published: Published, account: str, seen: int) -> int | None:
        """Make a version of a document; None when `seen` is no longer the one in force."""
        with self._db.write() as connection:
            query = "SELECT coalesce(max(number), 0) FROM procedures"
            present = int(connection.execute(query).fetchone()[0])
            if present != seen:
                return None
            connection.execute(
                "INSERT INTO procedures (sha256, body, account, applied_us) VALUES (?, ?, ?, ?)",
                (published.sha256, published.body, account, self._db.now_us()),
            )
            number = int(connection.execute(query).fetchone()[0])
            connection.execute(
                "DELETE FROM procedures WHERE number <= ?", (number - MOST_VERSIONS,)
            )
            connection.execute("DELETE FROM procedure_drafts WHERE account = ?", (account,))
            return number

    def audit(self, account: str, address: str, action: str, detail: str) -> None:
        """Note who has done what with them."""
        self._db.audit(account, address, action, detail)

    def draft(self, account: str) -> ProceduresDraft | None:
        """Return what `account` has uploaded; one that cannot be read any more is none."""
        query = "SELECT body, source FROM procedure_drafts WHERE account = ?"
        rows = self._db.read(query, (account,))
        if not rows:
            return None
        try:
            return ProceduresDraft(read_published(bytes(rows[0]["body"])), rows[0]["source"])
        except DocumentError:
            return None

    def keep_draft(self, account: str, draft: ProceduresDraft) -> None:
        """Keep what `account` has uploaded in place of what it had before."""
        with self._db.write() as connection:
            connection.execute(
                "INSERT INTO procedure_drafts (account, body, source, changed_us) "
                "VALUES (?, ?, ?, ?) ON CONFLICT (account) DO UPDATE SET body = excluded.body, "
                "source = excluded.source, changed_us = excluded.changed_us",
                (account, draft.published.body, draft.source, self._db.now_us()),
            )

    def drop_draft(self, account: str) -> None:
        """Forget what `account` has uploaded."""
        with self._db.write() as connection:
            connection.execute("DELETE FROM procedure_drafts WHERE account = ?", (account,))


def _whole(row: sqlite3.Row) -> Published:
    try:
        return read_published(bytes(row["body"]), row["sha256"])
    except DocumentError as error:
        raise SiteDbError(f"version {row['number']} of the procedures: {error}") from error
