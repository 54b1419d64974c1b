"""What became of the last backups, as the managers' page and `denluot doctor` tell it."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from bus.typed import read_json
from config.durable import replace_privately
from hall.words import N_, Words

STATUS_FILE = "backup-status.json"
OLD_AFTER = timedelta(hours=36)
"""A hall that backs up every night misses one when the last is older."""
_MOST_BYTES = 20_000


class BackupStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The last good backup, and the last try."""

    good_at: datetime | None = None
    name: str = ""
    folder: str = ""
    size: int = 0
    tried_at: datetime | None = None
    problem: str = ""
    """Why the last try failed or was not whole; a text of the catalogue, empty for well."""
    values: dict[str, str] = {}
    """What stands in it."""

    def said(self, t: Words) -> str:
        """Return the problem in the language of `t`; empty for none."""
        return t(self.problem, **self.values) if self.problem else ""

    def is_old(self, now: datetime) -> bool:
        """Return whether there is no good backup of the last night."""
        return self.good_at is None or now - self.good_at > OLD_AFTER


def read_status(data: Path) -> BackupStatus | None:
    """Return what is known of backups, None before the first try."""
    with suppress(OSError, ValueError, RecursionError):
        path = data / STATUS_FILE
        if path.stat().st_size <= _MOST_BYTES:
            return read_json(path.read_bytes(), BackupStatus)
    return None


def write_status(data: Path, status: BackupStatus) -> None:
    """Keep what is known of backups; raises OSError."""
    replace_privately(data / STATUS_FILE, msgspec.json.encode(status))


def age_text(status: BackupStatus | None, now: datetime, t: Words) -> str:
    """Return how old the last good backup is."""
    if status is None or status.good_at is None:
        return t(N_("chưa có bản sao lưu nào"))
    hours = max(0, int((now - status.good_at).total_seconds() // 3600))
    if hours < 1:
        return t(N_("bản sao lưu gần nhất: chưa đầy một giờ trước"))
    if hours < 48:  # noqa: PLR2004 - two days
        return t(N_("bản sao lưu gần nhất: {hours} giờ trước"), hours=hours)
    return t(N_("bản sao lưu gần nhất: {days} ngày trước"), days=hours // 24)
