"""What the pages say of backups: how old the last good one is, and what went wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hall.words import Words
from provisioning.backup.status import BackupStatus, age_text


@dataclass(frozen=True, slots=True)
class BackupLine:
    """One line about backups."""

    state: str
    """`good` or `warn`."""
    words: str
    detail: str = ""
    tried: bool = True
    """Whether this machine has ever tried to make one."""


def backup_line(
    read: Callable[[], BackupStatus | None], now: Callable[[], datetime]
) -> Callable[[Words], BackupLine]:
    """Return what templates ask for that line in their language."""

    def line(t: Words) -> BackupLine:
        status, at = read(), now()
        words = age_text(status, at, t)
        if status is None:
            return BackupLine("warn", words, tried=False)
        if status.problem:
            return BackupLine("warn", words, status.said(t))
        return BackupLine("warn" if status.is_old(at) else "good", words, status.folder)

    return line
