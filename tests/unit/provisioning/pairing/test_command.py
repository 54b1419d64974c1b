"""Tests of how a box goes on when it is paired."""

from pathlib import Path

import pytest

from hall.words import Words
from provisioning.layout import Layout
from provisioning.pairing.command import put_to_use


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path)
    layout.settings.mkdir(parents=True)
    return layout


def test_an_installed_box_runs_what_it_is_by_now(layout: Layout) -> None:
    layout.role_file.write_text("board\n")
    asked: list[list[str]] = []

    def install(arguments: list[str]) -> int:
        asked.append(arguments)
        return 1

    assert put_to_use(layout.device_file, layout, Words(), install) == 1
    assert asked == [["--restart"]]


@pytest.mark.parametrize("role", ["", "board\n"])
def test_any_other_is_told_how_to(
    role: str, layout: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    if role:
        layout.role_file.write_text(role)

    def never(_: list[str]) -> int:
        raise AssertionError("nobody asked for it")

    elsewhere = layout.root / "device.toml"
    assert put_to_use(elsewhere, layout, Words("en"), never) == 0
    assert put_to_use(layout.device_file, layout, Words("en"), None) == 0
    assert "sudo denluot install --restart" in capsys.readouterr().out
