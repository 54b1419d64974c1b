"""Tests of `denluot install` and `denluot uninstall` as people type them."""

import fcntl
import hashlib
import io
import os
import shutil
import sys
from pathlib import Path

import pytest

from provisioning.install import command, uninstall
from provisioning.layout import Layout

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root installs")
needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-sysusers"), reason="systemd-sysusers is not on this machine"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    (root / "etc").mkdir(parents=True)
    return root


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def digest(root: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        status = path.lstat()
        found.update(f"{path} {status.st_mode} {status.st_mtime_ns} {status.st_uid}".encode())
        if path.is_file():
            found.update(path.read_bytes())
    return found.hexdigest()


def test_a_dry_run_prints_every_step_and_changes_nothing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = digest(root)
    assert command.command(["--role", "all", "--dry-run", "--root", str(root)]) == 0
    assert digest(root) == before
    said = capsys.readouterr().out
    for step in ("system users denluot, denluot-screen", "mode 0700", "denluot-service.service"):
        assert step in said
    assert "nothing was changed" in said


@as_root
@needs_systemd
def test_a_dry_run_tells_exactly_what_the_real_one_does(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command.command(["--role", "server", "--dry-run", "--root", str(root)])
    planned = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert command.command(["--role", "server", "--root", str(root)]) == 0
    done = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert done == planned
    layout = Layout(root)
    assert layout.data.stat().st_uid == layout.backups.stat().st_uid != 0
    after = digest(root)
    assert command.command(["--root", str(root)]) == 0, "the role is known"
    assert "nothing had to be changed" in capsys.readouterr().out
    assert digest(root) == after


@as_root
@needs_systemd
def test_a_new_role_is_said(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command.command(["--role", "server", "--site", "hoa-binh", "--root", str(root)])
    assert command.command(["--role", "kiosk", "--root", str(root)]) == 0
    assert "It was: server" in capsys.readouterr().out


@as_root
@needs_systemd
def test_data_are_purged_only_by_the_sites_name(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command.command(["--role", "server", "--site", "hoa-binh", "--root", str(root)])
    data = Layout(root).data
    for typed in ("", "\n", "yes\n", "hoa-bin\n"):
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        before = digest(root)
        assert uninstall.command(["--purge-data", "--root", str(root)]) == 1
        assert digest(root) == before
    assert uninstall.command(["--root", str(root)]) == 0
    assert str(data) in capsys.readouterr().out
    assert data.is_dir()
    monkeypatch.setattr(sys, "stdin", io.StringIO("hoa-binh\n"))
    assert uninstall.command(["--purge-data", "--root", str(root)]) == 0
    assert not data.exists()


def test_a_machine_without_a_role_asks_for_one(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.command(["--dry-run", "--root", str(root)]) == 2
    assert "--role server|kiosk|board|counter|all" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [
        ["--role", "printer"],
        ["--role", "server", "--site", "Hòa Bình"],
        ["--role", "server", "--site", "../../etc"],
        ["--role", "counter", "--counter", "0"],
        ["--role", "counter", "--counter", "100"],
        ["--role", "counter", "--counter", "9" * 5000],
    ],
)
def test_wrong_use_changes_nothing(
    wrong: list[str], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = digest(root)
    with pytest.raises(SystemExit) as ended:
        command.command([*wrong, "--root", str(root)])
    assert ended.value.code == 2
    assert digest(root) == before
    assert capsys.readouterr().err


def test_a_step_that_fails_says_so(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if os.geteuid() != 0:
        assert command.command(["--role", "kiosk", "--root", str(root)]) == 2
        assert "sudo" in capsys.readouterr().err
        return
    (root / "etc/sysusers.d").write_text("a file where a folder belongs")
    assert command.command(["--role", "kiosk", "--root", str(root)]) == 1
    said = capsys.readouterr().err
    assert "sysusers.d" in said
    assert "run this again" in said


@as_root
def test_two_at_once_do_not_get_in_each_others_way(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = digest(root)
    held = os.open(root / "etc", os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert command.command(["--role", "server", "--root", str(root)]) == 1
    finally:
        os.close(held)
    assert "another" in capsys.readouterr().err.lower()
    assert digest(root) == before
