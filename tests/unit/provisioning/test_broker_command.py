"""`denluot broker-files`: for whichever broker, the same accounts with the same passwords."""

import base64
import hashlib
import json
from pathlib import Path

import pytest

from provisioning.broker_command import command
from provisioning.devices import fits


def test_the_same_passwords_for_all_three_and_at_every_time(tmp_path: Path) -> None:
    for kind in ("mosquitto", "nats", "rabbitmq", "rabbitmq"):
        assert command(["--for", kind, "--to", str(tmp_path)]) == 0
    password = (tmp_path / "of-devices" / "kiosk-1").read_text().strip()
    lines = (tmp_path / "passwords").read_text().splitlines()
    digests = dict(line.split(":", 1) for line in lines)
    assert fits(password, digests["kiosk-1"])
    for node in ("n1", "n2", "n3"):
        users = json.loads((tmp_path / f"{node}.conf").read_text())["accounts"]["HALL"]["users"]
        assert password in {user["password"] for user in users if user["user"] == "kiosk-1"}
    users = json.loads((tmp_path / "definitions.json").read_text())["users"]
    salted = base64.b64decode({u["name"]: u["password_hash"] for u in users}["kiosk-1"])
    assert salted[4:] == hashlib.sha256(salted[:4] + password.encode()).digest()
    assert {file.stat().st_mode & 0o077 for file in tmp_path.rglob("*")} == {0}


def test_every_nats_stream_is_on_all_nodes(tmp_path: Path) -> None:
    """Untold, a node keeps as many copies as it knows others: of two, one dead stops both."""
    assert command(["--for", "nats", "--to", str(tmp_path)]) == 0
    for node in ("n1", "n2", "n3"):
        settings = json.loads((tmp_path / f"{node}.conf").read_text())
        assert settings["mqtt"]["stream_replicas"] == 3
        assert len(settings["cluster"]["routes"]) == 3


def test_a_folder_that_cannot_be_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert command(["--for", "rabbitmq", "--to", str(tmp_path / "file")]) == 1
    assert "file" in capsys.readouterr().err
