"""Tests of the systemd units as systemd itself reads them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[3] / "deploy"
UNITS = sorted((DEPLOY / "units").glob("denluot*.*"))
SERVICES = [path for path in UNITS if path.suffix == ".service"]
STRICT = {"denluot-service", "denluot-web", "denluot-broker"}
LEAST_EXPOSED = 2.0
needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd-analyze is not on this machine"
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a tree in which the units are installed and their programs are there."""
    lines = "".join(path.read_text() for path in SERVICES)
    for program in re.findall(r"^Exec[A-Za-z]+=[-+!@:]*/(\S+)", lines, re.MULTILINE):
        path = tmp_path / program
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
    shutil.copytree(DEPLOY / "units", tmp_path / "etc/systemd/system")
    return tmp_path


def verify(tree: Path) -> str:
    names = [path.name.replace("@.", "@x.") for path in UNITS if path.is_file()]
    told = subprocess.run(
        [
            "systemd-analyze",
            "verify",
            f"--root={tree}",
            "--man=no",
            "--recursive-errors=no",
            *names,
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return told.stdout + told.stderr


@needs_systemd
def test_systemd_finds_nothing_wrong_with_them(tree: Path) -> None:
    assert verify(tree) == ""


@needs_systemd
def test_systemd_would_find_a_slip(tree: Path) -> None:
    unit = tree / "etc/systemd/system/denluot-service.service"
    unit.write_text(unit.read_text().replace("PrivateTmp=", "PrivateTemp="))
    assert "PrivateTemp" in verify(tree)


@needs_systemd
def test_little_of_the_machine_is_within_their_reach(tree: Path) -> None:
    # One line says it of each; the drop-in that all share is read beside them.
    folder = tree / "etc/systemd/system"
    told = subprocess.run(
        [
            "systemd-analyze",
            "security",
            "--offline=true",
            "--no-pager",
            *(str(folder / path.name) for path in SERVICES),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found = re.findall(r"level for (denluot-[a-z-]+)@?[a-z_]*\.service: ([0-9.]+)", told.stdout)
    exposed = {name: float(level) for name, level in found}
    assert exposed.keys() == {path.stem.rstrip("@") for path in SERVICES}
    assert exposed.keys() >= STRICT
    # Screens and devices stay below it too: what they open more than others is said in each unit.
    assert {name: level for name, level in exposed.items() if level > LEAST_EXPOSED} == {}


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.stem)
def test_nobody_has_to_come_back(unit: Path) -> None:
    text = unit.read_text()
    if "Type=oneshot" in text:
        return
    assert "Restart=always" in text
    assert "MemoryMax=" in text
    assert "MemoryHigh=" in text
    assert re.search(r"^User=denluot(-screen)?$", text, re.MULTILINE), "no process runs as root"
    asked = re.findall(r"^(?:StandardInput=tty$|ExecStart.*(?:ask|pass)word)", text, re.MULTILINE)
    assert asked == [], "nothing waits for a person"


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.stem)
def test_what_one_may_more_than_others_is_explained(unit: Path) -> None:
    """A line that is missing here stands in a comment of the unit that says why."""
    text = unit.read_text()
    if "ReadWritePaths=/tmp" in text:
        assert "No PrivateTmp" in text
    for wanted in ("PrivateDevices", "PrivateUsers", "MemoryDenyWriteExecute", "PrivateIPC"):
        if f"\n{wanted}=yes" not in text and unit.stem in STRICT | {"denluot-kiosk"}:
            assert f"no {wanted}" in text.replace("#\n# ", "").replace("\n# ", " "), wanted


def test_no_secret_stands_in_a_unit() -> None:
    for path in (DEPLOY / "units").rglob("denluot*"):
        if path.is_file():
            lines = re.findall(r"(?i)^.*(?:password|secret|token|key)[a-z_]*=.*$", path.read_text())
            assert all("_FILE=/var/lib/" in line for line in lines), path.name


def test_a_start_limit_ends_no_hall() -> None:
    shared = (DEPLOY / "units/denluot-.service.d/10-hardening.conf").read_text()
    assert "StartLimitIntervalSec=0" in shared


FIRST = ["denluot-first.service", "denluot-first-code@.service"]


@pytest.mark.parametrize("unit", FIRST)
def test_no_code_of_the_first_start_gets_into_the_journal(unit: str) -> None:
    text = (DEPLOY / "units" / unit).read_text()
    assert re.search(r"^StandardOutput=(tty|socket)$", text, re.MULTILINE)


def test_the_start_of_a_hall_waits_for_nobody_at_the_first_start() -> None:
    for unit in ("denluot-first.service", "denluot-first-window.service"):
        assert "\nType=exec\n" in (DEPLOY / "units" / unit).read_text()


def after(unit: str) -> set[str]:
    text = (DEPLOY / "units" / unit).read_text()
    return {
        name for line in re.findall(r"^After=(.*)$", text, re.MULTILINE) for name in line.split()
    }


@pytest.mark.parametrize(
    ("unit", "first"),
    [
        ("denluot-service.service", "denluot-broker.service"),
        ("denluot-web.service", "denluot-service.service"),
        ("denluot-kiosk.service", "denluot-broker.service"),
        ("denluot-kiosk.service", "denluot-display.service"),
        ("denluot-kiosk.service", "denluot-desktop.service"),
        ("denluot-board@.service", "denluot-desktop.service"),
        ("denluot-counter@.service", "denluot-display.service"),
        ("denluot-announcer.service", "denluot-broker.service"),
    ],
)
def test_what_others_need_starts_first(unit: str, first: str) -> None:
    """systemd ends them the other way round: a window goes before its screen."""
    assert first in after(unit)


def test_no_start_waits_for_the_network() -> None:
    """An unsteady line, or a switch that starts later than the PC, keeps no hall closed."""
    for unit in SERVICES:
        assert "network-online.target" not in unit.read_text(), unit.name


def test_kinds_of_devices_are_known_before_one_is_plugged_in() -> None:
    """systemd reads /proc/devices when a unit starts: of built-in kinds nothing must be loaded."""
    built_in = {"char-tty", "char-ttyS", "char-usb", "char-usb_device", "char-input"}
    modules = {
        "char-ttyUSB": "usbserial",
        "char-ttyACM": "cdc_acm",
        "char-alsa": "snd",
        "char-drm": "drm",
        "char-lp": "lp",
    }
    loaded = (DEPLOY / "modules-load.d/denluot.conf").read_text().splitlines()
    for unit in SERVICES:
        for kind in re.findall(r"^DeviceAllow=(char-\S+)", unit.read_text(), re.MULTILINE):
            assert kind in built_in or modules[kind] in loaded, (unit.name, kind)
