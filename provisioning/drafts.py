"""Drafts of the centre's settings: what somebody has changed and not applied yet."""

from dataclasses import dataclass
from typing import Any

import msgspec

from provisioning.site_db import SiteDb

MOST_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class SettingsDraft:
    """One account's draft and the version that it was begun on."""

    version: int
    centre: dict[str, Any]
    """As plain values; what was typed wrong stands in it as it was typed."""


class SettingsDrafts:
    """One draft for each account; every call blocks and raises SiteDbError."""

    def __init__(self, db: SiteDb) -> None:
        self._db = db

    def find(self, account: str) -> SettingsDraft | None:
        """Return what `account` has changed."""
        query = "SELECT version, body FROM settings_drafts WHERE account = ?"
        rows = self._db.read(query, (account,))
        if not rows:
            return None
        return SettingsDraft(rows[0]["version"], msgspec.json.decode(rows[0]["body"]))

    def keep(self, account: str, draft: SettingsDraft) -> None:
        """Keep what `account` has changed in place of what it had before."""
        body = msgspec.json.encode(draft.centre).decode()
        with self._db.write() as connection:
            connection.execute(
                "INSERT INTO settings_drafts (account, version, body, changed_us) "
                "VALUES (?, ?, ?, ?) ON CONFLICT (account) DO UPDATE SET "
                "version = excluded.version, body = excluded.body, "
                "changed_us = excluded.changed_us",
                (account, draft.version, body, self._db.now_us()),
            )

    def drop(self, account: str) -> None:
        """Forget what `account` has changed."""
        with self._db.write() as connection:
            connection.execute("DELETE FROM settings_drafts WHERE account = ?", (account,))
