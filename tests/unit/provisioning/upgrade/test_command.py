"""`denluot upgrade` as a person types it."""

import fcntl
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config import Clock
from provisioning.layout import Layout
from provisioning.upgrade.command import _require_closed, command
from provisioning.upgrade.errors import UpgradeError
from wait_log.dialects import STORE_FILE, store_url

RELEASED = Path(__file__).parents[3] / "data/store-0.2.0.db"
OPEN = Clock(datetime(2026, 11, 23, 2, tzinfo=UTC), 0.0, 0.001)
CLOSED = Clock(datetime(2026, 11, 23, 14, tzinfo=UTC), 0.0, 0.001)


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path)
    layout.application.mkdir(parents=True)
    layout.settings.mkdir(parents=True)
    layout.os_release.write_text("VERSION_CODENAME=bookworm\n")
    return layout


def test_nothing_to_resume_is_well(layout: Layout) -> None:
    assert command(["--root", str(layout.root), "--resume"]) == 0


def test_a_file_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command([])
    assert ended.value.code == 2
    assert "FILE" in capsys.readouterr().err


def test_what_is_no_bundle_is_said_in_the_persons_language(
    layout: Layout, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command([str(tmp_path), "--root", str(layout.root)]) == 1
    assert capsys.readouterr().err == "This bundle has nothing for bookworm.\n"
    (tmp_path / "bookworm").mkdir()
    (tmp_path / "bookworm/InRelease").touch()
    assert command([str(tmp_path), "--root", str(layout.root)]) == 1
    assert "--fingerprint" in capsys.readouterr().err
    assert [path.name for path in layout.upgrade.glob("bundle-*")] == []


def test_several_files_are_packages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command([str(tmp_path), "a.deb"])
    assert ended.value.code == 2
    assert ".deb" in capsys.readouterr().err


def test_a_package_by_itself_asks_for_the_stick(
    layout: Layout, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "denluot-9.9.9_9.9.9+deb12_amd64.deb").touch()
    assert command([*map(str, tmp_path.glob("*.deb")), "--root", str(layout.root)]) == 1
    assert "--unsigned" in capsys.readouterr().err


def test_two_at_once_are_one(layout: Layout, capsys: pytest.CaptureFixture[str]) -> None:
    layout.upgrade.mkdir(parents=True)
    with (layout.upgrade / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert command(["--root", str(layout.root), "--resume"]) == 1
    assert "Another upgrade" in capsys.readouterr().err


def test_an_open_centre_is_left_alone_unless_somebody_insists(tmp_path: Path) -> None:
    shutil.copy(RELEASED, tmp_path / STORE_FILE)
    with closing(sqlite3.connect(tmp_path / STORE_FILE)) as store:
        store.execute("UPDATE ticket SET state = 'finished'")
        store.commit()
    said: list[str] = []

    def say(text: str, **values: object) -> None:
        said.append(text.format(**values))

    url = store_url(tmp_path)
    _require_closed(url, "nhi-chieu", CLOSED, say, force=False)
    assert said == []
    with pytest.raises(UpgradeError, match="--force"):
        _require_closed(url, "nhi-chieu", OPEN, say, force=False)
    _require_closed(url, "nhi-chieu", OPEN, say, force=True)
    assert "--force" in said[0]
