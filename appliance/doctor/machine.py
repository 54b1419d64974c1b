"""What the machine itself must have: Python, Qt, screens, fonts, programs, disk."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from appliance.doctor.finding import Finding, error, note, ok
from bus.broker import mosquitto_program
from config import Device
from config.settings import Screen
from paper.blocks import Face
from paper.lettering import font
from wait_log.dialects import sqlite_version

_OLDEST_PYTHON = (3, 11)
_RACE = ((3, 7, 0), (3, 51, 2))
_RACE_FIXED_EARLIER = ((3, 44, 6), (3, 50, 7))
_LOW_BYTES, _FULL_BYTES = 2_000_000_000, 200_000_000
_PROBE_WITHIN_S = 30.0

_QT_PROBE = "import PySide6.QtQuick, PySide6.QtSvg; print(PySide6.__version__)"
_SCREENS_PROBE = """
from PySide6.QtGui import QGuiApplication
application = QGuiApplication([])
for screen in application.screens():
    size = screen.size()
    print(f"{screen.name()} {size.width()}x{size.height()}")
"""
_FONTS_PROBE = """
from PySide6.QtGui import QGuiApplication
from ui.fonts import bold_is_bold, load_fonts
application = QGuiApplication([])
load_fonts()
print("bold" if bold_is_bold() else "thin")
"""


def check_machine(device: Device, data: Path, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Look at what the machine has."""
    yield check_python(sys.version_info[:3])
    yield check_qt(environment)
    yield from check_screens(device, environment)
    yield check_fonts(environment)
    yield from check_programs()
    yield check_sqlite(sqlite_version())
    yield check_disk(data)


def check_python(version: tuple[int, ...]) -> Finding:
    """Say whether this Python is new enough."""
    text = ".".join(str(number) for number in version)
    if version < _OLDEST_PYTHON:
        return error("python", "old_python", version=text)
    return ok("python", "is", what=f"{text}, {platform.platform(terse=True)}")


def check_qt(environment: Mapping[str, str]) -> Finding:
    """Say whether the Qt libraries can be loaded, in a process of their own."""
    probe = _run(_QT_PROBE, dict(environment))
    if probe.returncode:
        return error("qt", "qt_missing", reason=_last_line(probe.stderr))
    return ok("qt", "is", what=f"PySide6 {probe.stdout.strip()}")


def check_screens(device: Device, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Say which screens there are, and which of those that windows ask for are not."""
    if not any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        yield note("screens", "no_screen")
        return
    probe = _run(_SCREENS_PROBE, dict(environment))
    if probe.returncode:
        yield error("screens", "screens_unread", reason=_last_line(probe.stderr))
        return
    there = probe.stdout.splitlines()
    yield ok("screens", "is", what=", ".join(there))
    yield from _missing_screens(device, [line.rpartition(" ")[0] for line in there])


def check_fonts(environment: Mapping[str, str]) -> Finding:
    """Say whether the shipped fonts can be opened, and whether bold ones come out bold."""
    try:
        for face in Face:
            font(face, 24)
    except OSError as failure:
        return error("fonts", "font_missing", reason=failure)
    probe = _run(_FONTS_PROBE, {**environment, "QT_QPA_PLATFORM": "offscreen"})
    if probe.returncode:
        return error("fonts", "font_missing", reason=_last_line(probe.stderr))
    return ok("fonts") if probe.stdout.strip() == "bold" else error("fonts", "font_thin")


def check_programs() -> Iterator[Finding]:
    """Say whether the programs that the product starts are installed."""
    broker = mosquitto_program()
    if broker:
        yield ok("mosquitto", "is", what=broker)
    else:
        yield error("mosquitto", "program_missing", package="mosquitto")
    voice = shutil.which("espeak-ng")
    yield ok("espeak", "is", what=voice) if voice else note("espeak", "espeak_missing")


def check_sqlite(version: str) -> Finding:
    """Say whether this SQLite has the fault of two writers resetting the WAL."""
    numbers = tuple(int(part) for part in version.split("."))
    fixed = any(numbers[:2] == fix[:2] and numbers >= fix for fix in _RACE_FIXED_EARLIER)
    if _RACE[0] <= numbers <= _RACE[1] and not fixed:
        return note("sqlite", "sqlite_race", version=version)
    return ok("sqlite", "is", what=version)


def check_disk(data: Path) -> Finding:
    """Say how much room is left where the data lies."""
    place = next(path for path in (data, *data.resolve().parents) if path.exists())
    if not (place.is_dir() and os.access(place, os.W_OK)):
        return error("disk", "not_writable", path=place)
    free = shutil.disk_usage(place).free
    free_gb = f"{free / 1e9:.1f}"
    if free < _FULL_BYTES:
        return error("disk", "disk_full", free_mb=free // 1_000_000)
    if free < _LOW_BYTES:
        return note("disk", "disk_low", free_gb=free_gb)
    return ok("disk", "disk_free", free_gb=free_gb)


def _missing_screens(device: Device, names: list[str]) -> Iterator[Finding]:
    wanted: dict[str, Screen] = {device.kiosk.device: device.kiosk.screen}
    wanted |= {board.device: board.screen for board in device.boards}
    wanted |= {panel.device: panel.screen for panel in device.panels}
    for name, screen in wanted.items():
        place = screen.screen
        there = place < len(names) if isinstance(place, int) else place in names
        if not there:
            told = ", ".join(f"{index}: {name}" for index, name in enumerate(names))
            yield error("screens", "screen_missing", device=name, wanted=place, there=told)


def _run(code: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            timeout=_PROBE_WITHIN_S,
            check=False,
        )
    except subprocess.TimeoutExpired as failure:
        return subprocess.CompletedProcess(failure.args, 1, "", str(failure))


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "?"
