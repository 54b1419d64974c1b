"""The command that a timer starts, and the audit that it forgets by rule."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from provisioning.backup.command import command, forget_audit
from provisioning.backup.manifest import backups_in
from provisioning.backup.status import read_status
from provisioning.site_db import FILE_NAME, open_site_db


def arguments(server: SimpleNamespace, tmp_path: Path, *more: str) -> list[str]:
    device = tmp_path / "device.toml"
    device.write_text('[backup]\nstick = "NOSUCHLABEL"\ndays = 2\n[retention]\naudit_months = 1\n')
    return ["--data", str(server.data), "--root", str(tmp_path), "--device", str(device), *more]


def test_the_nightly_backup_goes_where_the_settings_say(
    server: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(arguments(server, tmp_path, "--scheduled")) == 0
    (found,) = backups_in(tmp_path / "data-backup")
    assert found[1].name in capsys.readouterr().out
    status = read_status(server.data)
    assert status is not None
    assert status.problem == ""  # a stick that is not plugged in is no problem by night


def test_a_person_who_asks_for_a_stick_is_told(
    server: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(arguments(server, tmp_path, "--stick", "NOSUCHLABEL")) == 1
    assert "NOSUCHLABEL" in capsys.readouterr().err
    assert command(arguments(server, tmp_path, "--machine", "kiosk;reboot:x")) == 1


def test_the_audit_is_kept_as_long_as_the_rule_says(server: SimpleNamespace) -> None:
    db = open_site_db(server.data / FILE_NAME, server.now)
    before = db.read("SELECT count(*) FROM audit")[0][0]
    db.close()
    later = server.now() + timedelta(days=100)
    assert forget_audit(server.data, 0, later) == 0
    assert forget_audit(server.data, 6, later) == 0
    assert forget_audit(server.data, 3, later) == before
    db = open_site_db(server.data / FILE_NAME, server.now)
    rows = [tuple(row) for row in db.read("SELECT account, action, detail FROM audit")]
    db.close()
    assert rows == [("denluot backup", "audit_forgotten", str(before))]
