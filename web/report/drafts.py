"""Drafts of reports and the settings behind them, kept in `accounts.db` with who and when."""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from bus.typed import read_json
from provisioning.site_db import SiteDb, from_us
from web.report.document import Report, Wording
from web.report.errors import DraftChangedError, NoDraftError
from web.report.settings import ReportSettings, settings_from, settings_json

MOST_DRAFTS = 500
_LISTED = "id, first_day, last_day, rev, made_by, made_us, changed_by, changed_us"


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """A draft as it stands in the list."""

    id: int
    first: date
    last: date
    rev: int
    made_by: str
    made_at: datetime
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft with its report."""

    entry: DraftEntry
    report: Report


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes something, and from where."""

    account: str
    address: str


class Drafts:
    """The reports that are being written; methods raise SiteDbError when the disk refuses."""

    def __init__(self, db: SiteDb) -> None:
        self._db = db

    def settings(self) -> ReportSettings:
        """Return what is settled for reports."""
        rows = self._db.read("SELECT body FROM report_settings WHERE id = 1")
        return settings_from(rows[0]["body"]) if rows else ReportSettings()

    def settle(self, settings: ReportSettings, by: Author, what: str) -> None:
        """Keep new settings, of which `what` has changed."""
        with self._db.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO report_settings VALUES (1, ?, ?, ?)",
                (settings_json(settings), by.account, self._db.now_us()),
            )
            self._note(connection, by, "report_settings", what)

    def add(self, report: Report, by: Author) -> int:
        """Keep a new draft; the oldest go when there are too many."""
        at_us = self._db.now_us()
        with self._db.write() as connection:
            cursor = connection.execute(
                "INSERT INTO report_drafts (first_day, last_day, body, rev, made_by, made_us, "
                "changed_by, changed_us) VALUES (?, ?, ?, 1, ?, ?, ?, ?)",
                (
                    report.first.isoformat(),
                    report.last.isoformat(),
                    msgspec.json.encode(report),
                    by.account,
                    at_us,
                    by.account,
                    at_us,
                ),
            )
            connection.execute(
                "DELETE FROM report_drafts WHERE id NOT IN "
                "(SELECT id FROM report_drafts ORDER BY id DESC LIMIT ?)",
                (MOST_DRAFTS,),
            )
            self._note(connection, by, "report_made", f"{report.first} – {report.last}")
            return int(cursor.lastrowid or 0)

    def entries(self, most: int = 50) -> list[DraftEntry]:
        """Return the newest drafts, newest first."""
        query = f"SELECT {_LISTED} FROM report_drafts ORDER BY id DESC LIMIT ?"  # noqa: S608
        return [_entry(row) for row in self._db.read(query, (most,))]

    def find(self, number: int) -> Draft:
        """Return a draft; raises NoDraftError."""
        query = f"SELECT {_LISTED}, body FROM report_drafts WHERE id = ?"  # noqa: S608
        rows = self._db.read(query, (number,))
        if not rows:
            raise NoDraftError(number)
        return Draft(_entry(rows[0]), read_json(rows[0]["body"], Report))

    def reword(self, number: int, rev: int, wording: Wording, by: Author) -> None:
        """Keep what was typed; raises DraftChangedError when somebody else was faster."""
        found = self.find(number)
        body = msgspec.structs.replace(found.report, wording=wording)
        self.replace(number, rev, body, by)

    def replace(self, number: int, rev: int, report: Report, by: Author) -> None:
        """Put another report in the place of a draft; raises DraftChangedError, NoDraftError.

        What `by` changed last is never in their own way: a page that has made a file is still
        open with the revision before.
        """
        with self._db.write() as connection:
            cursor = connection.execute(
                "UPDATE report_drafts SET body = ?, rev = rev + 1, changed_by = ?, changed_us = ? "
                "WHERE id = ? AND (rev = ? OR changed_by = ?)",
                (
                    msgspec.json.encode(report),
                    by.account,
                    self._db.now_us(),
                    number,
                    rev,
                    by.account,
                ),
            )
            if cursor.rowcount != 1:
                there = connection.execute("SELECT 1 FROM report_drafts WHERE id = ?", (number,))
                raise DraftChangedError(number) if there.fetchone() else NoDraftError(number)
            self._note(connection, by, "report_changed", f"{number}")

    def remove(self, number: int, by: Author) -> None:
        """Throw a draft away."""
        with self._db.write() as connection:
            connection.execute("DELETE FROM report_drafts WHERE id = ?", (number,))
            self._note(connection, by, "report_removed", f"{number}")

    def _note(self, connection: sqlite3.Connection, by: Author, action: str, what: str) -> None:
        self._db.audit_within(connection, by.account, by.address, action, what)


def _entry(row: sqlite3.Row) -> DraftEntry:
    return DraftEntry(
        id=row["id"],
        first=date.fromisoformat(row["first_day"]),
        last=date.fromisoformat(row["last_day"]),
        rev=row["rev"],
        made_by=row["made_by"],
        made_at=from_us(row["made_us"]),
        changed_by=row["changed_by"],
        changed_at=from_us(row["changed_us"]),
    )
