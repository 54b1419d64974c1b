import os
from pathlib import Path

import pytest

from appliance.doctor.finding import Finding, Level
from appliance.doctor.machine import (
    check_disk,
    check_fonts,
    check_programs,
    check_python,
    check_qt,
    check_screens,
    check_sqlite,
)
from config import Device
from config.settings import BoardBox, KioskBox, Screen

OFFSCREEN = os.environ | {"QT_QPA_PLATFORM": "offscreen"}


def box(*screens: int | str) -> Device:
    boards = tuple(
        BoardBox(device=f"board-{index}", screen=Screen(screen=screen))
        for index, screen in enumerate(screens)
    )
    return Device(kiosk=KioskBox(), boards=boards, panels=())


def test_an_old_python_is_an_error() -> None:
    assert check_python((3, 11, 2)).level is Level.OK
    assert check_python((3, 10, 9)) == Finding(
        Level.ERROR, "python", "old_python", {"version": "3.10.9"}
    )


def test_qt_is_loaded_in_a_process_of_its_own() -> None:
    found = check_qt(OFFSCREEN)
    assert found.level is Level.OK, found
    assert "PySide6 6." in str(found.values["what"])


def test_a_missing_qt_library_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "PySide6"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError('libEGL.so.1: cannot open')")
    found = check_qt(OFFSCREEN | {"PYTHONPATH": str(tmp_path)})
    assert (found.level, found.says) == (Level.ERROR, "qt_missing")
    assert "libEGL.so.1" in str(found.values["reason"])


def test_no_screen_is_worth_a_note() -> None:
    (found,) = check_screens(box(0), {"PATH": os.environ["PATH"]})
    assert (found.level, found.says) == (Level.NOTE, "no_screen")


def test_screens_are_listed_and_those_that_are_not_there_are_errors() -> None:
    first, *missing = check_screens(box(0, 1, "HDMI-1"), OFFSCREEN)
    assert first.level is Level.OK
    assert [(f.level, f.values["device"], f.values["wanted"]) for f in missing] == [
        (Level.ERROR, "board-1", 1),
        (Level.ERROR, "board-2", "HDMI-1"),
    ]


def test_a_screen_that_cannot_be_opened_is_an_error() -> None:
    environment = OFFSCREEN | {"QT_QPA_PLATFORM": "no-such-platform"}
    (found,) = check_screens(box(0), environment)
    assert (found.level, found.says) == (Level.ERROR, "screens_unread")


def test_the_shipped_fonts_open_and_bold_is_bold() -> None:
    assert check_fonts(OFFSCREEN).level is Level.OK


def test_missing_programs_are_named_with_their_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker, voice = check_programs()
    assert (broker.level, voice.level) == (Level.OK, Level.OK)
    monkeypatch.setenv("PATH", str(tmp_path))
    _, voice = check_programs()
    assert (voice.level, voice.says) == (Level.NOTE, "espeak_missing")


@pytest.mark.parametrize(
    ("version", "level"),
    [
        ("3.6.9", Level.OK),
        ("3.7.0", Level.NOTE),
        ("3.40.1", Level.NOTE),
        ("3.44.5", Level.NOTE),
        ("3.44.6", Level.OK),
        ("3.50.7", Level.OK),
        ("3.51.2", Level.NOTE),
        ("3.51.3", Level.OK),
    ],
)
def test_sqlite_versions_with_the_race_are_flagged(version: str, level: Level) -> None:
    assert check_sqlite(version).level is level


def test_disk_space_is_that_of_the_place_the_data_will_lie(tmp_path: Path) -> None:
    found = check_disk(tmp_path / "not" / "there" / "yet")
    assert found.subject == "disk"
    assert found.says in ("disk_free", "disk_low", "disk_full")


def test_a_place_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert check_disk(file / "var").says == "not_writable"
