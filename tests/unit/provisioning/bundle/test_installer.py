"""install.sh and the real apt, against a root of their own: what is not right is not installed."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from config import Clock
from provisioning.bundle.repository import PUBLIC_KEY, signing_key, write_index
from provisioning.bundle.tools import Tools

Install = Callable[..., tuple[int, str]]
CHECK = ("--check", "--role", "all")


def digest(stick: Path) -> str:
    return hashlib.sha256((stick / PUBLIC_KEY).read_bytes()).hexdigest()


def test_a_whole_stick_is_good(stick: Path, install: Install) -> None:
    code, said = install(*CHECK, "--fingerprint", digest(stick).upper())
    assert (code, "is good: denluot-0.3.0 for bookworm" in said) == (0, True), said


@pytest.mark.full
@pytest.mark.parametrize("role", ["server", "kiosk", "board", "counter"])
def test_the_signed_index_knows_every_role(install: Install, role: str) -> None:
    code, said = install("--check", "--role", role)
    assert code == 0, said


@pytest.mark.parametrize("codename", ["bullseye", "noble", "", "../bookworm"])
def test_other_systems_are_refused(install: Install, machine: Path, codename: str) -> None:
    (machine / "etc/os-release").write_text(f"VERSION_CODENAME={codename}\n")
    code, said = install(*CHECK)
    assert (code, "neither Debian 12 nor 13" in said) == (1, True), said


def test_a_suite_that_the_stick_lacks_is_said(install: Install, machine: Path) -> None:
    (machine / "etc/os-release").write_text('VERSION_CODENAME="trixie"\n')
    code, said = install(*CHECK)
    assert (code, "has nothing for trixie" in said) == (1, True), said


def test_another_fingerprint_is_refused(stick: Path, install: Install) -> None:
    other = "".join("0" if digit != "0" else "1" for digit in digest(stick))
    code, said = install(*CHECK, "--fingerprint", other)
    assert (code, "NOT the one of the given fingerprint" in said) == (1, True), said


@pytest.mark.full
def test_another_key_than_that_of_the_installation_is_refused(
    stick: Path, install: Install, machine: Path, tools: Tools, tmp_path: Path
) -> None:
    known = machine / "etc/denluot/archive-key.gpg"
    known.parent.mkdir()
    with signing_key(tmp_path / "other/key.asc", tools) as other:
        known.write_bytes(other.public)
    code, said = install(*CHECK)
    assert (code, "this machine was installed with" in said) == (1, True), said
    known.write_bytes((stick / PUBLIC_KEY).read_bytes())
    assert install(*CHECK)[0] == 0


def test_a_changed_release_is_refused(stick: Path, install: Install) -> None:
    _change(stick / "bookworm/InRelease", "Origin: denluot", "Origin: someone")
    _refused(install)


def test_a_changed_index_is_refused(stick: Path, install: Install) -> None:
    _change(stick / "bookworm/Packages", "Role-server: hello", "Role-server: evil!")
    _refused(install)


@pytest.mark.full
def test_a_release_without_a_signature_is_refused(stick: Path, install: Install) -> None:
    folder = stick / "bookworm"
    (folder / "InRelease").write_bytes((folder / "Release").read_bytes())
    _refused(install)


def test_a_signature_of_another_key_is_refused(
    stick: Path, install: Install, tools: Tools, tmp_path: Path
) -> None:
    with signing_key(tmp_path / "other/key.asc", tools) as other:
        (stick / PUBLIC_KEY).write_bytes(other.public)
    _refused(install)


@pytest.mark.full
def test_a_lacking_package_is_noticed_before_anything_is_installed(
    stick: Path, install: Install, key_file: Path, tools: Tools
) -> None:
    (stick / "bookworm/hello.deb").unlink()
    with signing_key(key_file, tools) as key:
        write_index(stick / "bookworm", "bookworm", Clock().now(), key, tools)
    code, said = install(*CHECK)
    assert (code, "lacks packages" in said) == (1, True), said


def test_a_machine_with_another_release_is_told_to_upgrade(install: Install, machine: Path) -> None:
    (machine / "etc/denluot").mkdir()
    (machine / "etc/denluot/role").write_text("server\n")
    (machine / "opt/denluot").mkdir(parents=True)
    current = machine / "opt/denluot/current"
    current.symlink_to("releases/0.2.0")
    assert "This machine runs denluot-0.2.0. To upgrade" in install(*CHECK)[1]
    current.unlink()
    current.symlink_to("releases/0.3.0")
    assert "To upgrade" not in install(*CHECK)[1]


def test_a_slip_of_the_pen_installs_nothing(install: Install) -> None:
    assert install("--role", "nobody")[0] == 1
    assert install("--role")[0] == 1
    assert install("--nonsense")[0] == 2


def _change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text, text
    file.write_text(text.replace(old, new))


def _refused(install: Install) -> None:
    code, said = install(*CHECK)
    assert (code, "The signature on this stick is not right" in said) == (1, True), said
    assert "is good" not in said
