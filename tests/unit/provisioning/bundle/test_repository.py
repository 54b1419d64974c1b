"""The signing key: made once, kept from others, one of them."""

import stat
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from config import Clock
from provisioning.bundle.repository import signing_key, write_index
from provisioning.bundle.tools import BundleError, Tools


def test_the_key_is_made_once_and_read_by_its_owner_alone(tools: Tools, tmp_path: Path) -> None:
    file = tmp_path / "private/key.asc"
    with signing_key(file, tools) as first:
        assert first.made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with signing_key(file, tools) as again:
        assert not again.made
    assert (again.fingerprint, again.public) == (first.fingerprint, first.public)


def test_the_work_leaves_neither_keyring_nor_agent(tools: Tools, tmp_path: Path) -> None:
    with signing_key(tmp_path / "key.asc", tools) as key:
        assert key.home.is_dir()
    assert not key.home.exists()
    running = subprocess.check_output(["ps", "-eo", "args"], text=True)
    assert str(key.home) not in running


def test_a_key_that_others_read_is_refused(tools: Tools, tmp_path: Path) -> None:
    file = tmp_path / "key.asc"
    with signing_key(file, tools):
        pass
    file.chmod(0o640)
    with pytest.raises(BundleError, match="chmod 600"), signing_key(file, tools):
        pass


def test_two_keys_in_a_file_are_refused(tools: Tools, tmp_path: Path) -> None:
    files = [tmp_path / "one.asc", tmp_path / "two.asc"]
    for file in files:
        with signing_key(file, tools):
            pass
    both = tmp_path / "both.asc"
    both.write_bytes(b"".join(file.read_bytes() for file in files))
    both.chmod(0o600)
    with pytest.raises(BundleError, match="2 keys"), signing_key(both, tools):
        pass


def test_a_file_that_is_no_key_is_refused(tools: Tools, tmp_path: Path) -> None:
    file = tmp_path / "key.asc"
    file.write_text("not a key")
    file.chmod(0o600)
    with pytest.raises(BundleError), signing_key(file, tools):
        pass


def test_the_private_key_is_in_no_log(tools: Tools, tmp_path: Path) -> None:
    with signing_key(tmp_path / "key.asc", tools):
        pass
    with signing_key(tmp_path / "key.asc", tools):
        pass
    assert "PRIVATE KEY" not in tools.log.read_text(errors="replace")


def test_it_is_signed_at_the_moment_that_a_late_clock_is_set_to(
    tools: Tools, tmp_path: Path
) -> None:
    folder = tmp_path / "bookworm"
    folder.mkdir()
    with signing_key(tmp_path / "key.asc", tools) as key:
        # A key signs nothing that is older than itself, and it is of this very second.
        now = (Clock().now() + timedelta(minutes=1)).replace(microsecond=0)
        write_index(folder, "bookworm", now, key, tools)
        check = ("gpg", "--homedir", key.home, "--status-fd", "1", "--verify")
        said = tools.output(*check, folder / "InRelease").decode()
    (valid,) = [line.split() for line in said.splitlines() if " VALIDSIG " in line]
    assert int(valid[4]) == now.timestamp()
    assert f"Date: {now:%a, %d %b %Y %H:%M:%S} UTC" in (folder / "InRelease").read_text()
