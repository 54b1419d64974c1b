"""The pages say how old the last backup is, and warn when there is none of the last night."""

from datetime import UTC, datetime, timedelta
from functools import partial

from hall.words import Words
from provisioning.backup.errors import NoRoomError
from provisioning.backup.status import BackupStatus
from web.backups import backup_line

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)


def _given(status: BackupStatus) -> BackupStatus:
    return status


def test_a_good_backup_is_told_and_an_old_one_warned_of() -> None:
    for hours, state in ((0, "good"), (20, "good"), (37, "warn"), (100, "warn")):
        status = BackupStatus(good_at=NOW - timedelta(hours=hours), folder="/var/backups/denluot")
        line = backup_line(partial(_given, status), lambda: NOW)(Words("vi"))
        assert (line.state, line.detail) == (state, "/var/backups/denluot")
    assert "4 ngày" in line.words


def test_what_went_wrong_is_said_in_the_readers_language() -> None:
    error = NoRoomError(
        "Hết chỗ trên {folder}. Các bản sao lưu cũ vẫn còn nguyên; hãy dọn bớt ổ đĩa.", folder="x"
    )
    status = BackupStatus(good_at=NOW, problem=error.text, values={"folder": "/media/usb"})
    for lang, words in (("vi", "Hết chỗ trên /media/usb"), ("en", "/media/usb is full")):
        line = backup_line(lambda: status, lambda: NOW)(Words(lang))
        assert line.state == "warn"
        assert words in line.detail


def test_a_machine_that_never_tried_is_not_warned_of() -> None:
    line = backup_line(lambda: None, lambda: NOW)(Words("vi"))
    assert (line.state, line.tried) == ("warn", False)
    assert "chưa có" in line.words
