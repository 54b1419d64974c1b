"""What a trial says of a release that cannot start; the whole of it is in `tests/e2e/upgrade`."""

from pathlib import Path

import pytest

from appliance import trial
from appliance.errors import ApplianceError


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


def test_a_box_without_a_broker_loads_its_programs() -> None:
    said: list[str] = []
    trial.try_box(said.append)
    assert "kiosk.__main__" in said[0]


def test_a_program_that_does_not_load_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "_OF_A_BOX", ("kiosk.no_such_part",))
    with pytest.raises(ApplianceError, match="no_such_part"):
        trial.try_box(lambda _said: None)


def test_a_copy_that_cannot_be_opened_fails_the_trial(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "accounts.db").write_bytes(b"this is no database" * 100)
    assert trial.command(["--data", str(tmp_path)]) == 1
    assert "accounts.db" in capsys.readouterr().err


def test_a_configuration_that_is_wrong_fails_the_trial(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    device = tmp_path / "device.toml"
    device.write_text("[kiosk]\ncolour = 1\n")
    assert trial.command(["--data", str(tmp_path), "--device", str(device)]) == 1
    assert "colour" in capsys.readouterr().err
