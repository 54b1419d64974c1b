"""`denluot bundle`: what it refuses before an hour of work."""

from pathlib import Path

import pytest

from provisioning.bundle.command import command
from provisioning.bundle.tools import BundleError, Tools, missing


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


def test_an_unknown_suite_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["--output", str(tmp_path / "stick"), "--suites", "bookworm,sid"]) == 1
    assert "no release sid; there are: bookworm, trixie" in capsys.readouterr().err
    assert not (tmp_path / "stick").exists()


def test_the_output_has_to_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        command([])
    assert stopped.value.code == 2
    assert "--output" in capsys.readouterr().err


def test_help_says_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        command(["--help"])
    assert stopped.value.code == 0
    said = capsys.readouterr().out
    assert "Needs root" in said
    assert "--key FILE" in said


def test_what_is_not_installed_is_named_by_its_package() -> None:
    assert missing({"sh": "dash", "no-such-program-of-ours": "some-package"}) == ["some-package"]


def test_a_program_that_is_not_there_is_said(tmp_path: Path) -> None:
    tools = Tools(tmp_path / "log", {"PATH": "/usr/bin:/bin"})
    with pytest.raises(BundleError, match="no-such-program-of-ours"):
        tools.run("no-such-program-of-ours")


def test_what_a_failing_program_said_is_said_again(tmp_path: Path) -> None:
    tools = Tools(tmp_path / "log", {"PATH": "/usr/bin:/bin"})
    with pytest.raises(BundleError, match=r"(?s)no room left.*exit 3"):
        tools.run("sh", "-c", "echo no room left >&2; exit 3")
    with pytest.raises(BundleError, match=r"(?s)nor here.*exit 4"):
        tools.output("sh", "-c", "echo nor here >&2; exit 4")


def test_the_way_into_a_tree_is_not_written_down(tmp_path: Path) -> None:
    tools = Tools(tmp_path / "log", {"PATH": "/usr/bin:/bin"})
    tools.run("env", "PIP_INDEX_URL=https://user:secret@index", inside=("echo", "done"))
    assert tools.log.read_text() == "$ echo done\ndone\n"
