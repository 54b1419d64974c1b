"""From a stick to a running hall in a bare Debian, and upgraded: see run.py and upgrade.py."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.site.newer import break_service_unit

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SUITES = ("bookworm", "trixie")
AT_WINDOW = "trixie"
"""Where the code of the first start is shown in the window; elsewhere at the console."""


@pytest.fixture(scope="session")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stick in $DENLUOT_STICK, or one that is made now, which takes minutes and the network."""
    if given := os.environ.get("DENLUOT_STICK"):
        return Path(given)
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        pytest.skip("a stick is made by root, with debootstrap")
    output = tmp_path_factory.mktemp("stick") / "stick"
    bundle = ("-m", "appliance", "bundle", "--output", str(output))
    made = subprocess.run(
        [sys.executable, *bundle, "--key", f"{output}-key.asc", "--work", str(output.parent)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=3600,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    return output


@pytest.mark.full
@pytest.mark.parametrize("suite", SUITES)
def test_a_hall_runs_from_the_stick_and_again_after_power_cuts(
    stick: Path, tmp_path: Path, suite: str
) -> None:
    report = tmp_path / "report.json"
    story = (str(HERE / "run.py"), "--stick", str(stick), "--suite", suite)
    first = ("--first", "window") if suite == AT_WINDOW else ()
    done = subprocess.run(
        [sys.executable, *story, *first, "--work", str(tmp_path), "--report", str(report)],
        check=False,
        capture_output=True,
        text=True,
        timeout=3600,
    )
    if done.returncode == 2:
        pytest.skip(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(report.read_text())["the log is whole"] >= 0


@pytest.mark.full
def test_the_hall_is_upgraded_goes_back_by_itself_and_is_restored(
    stick: Path, tmp_path: Path
) -> None:
    story = ("-m", "tests.site.upgrade", "--stick", str(stick), "--work", str(tmp_path))
    done = subprocess.run(
        [sys.executable, *story],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=3600,
    )
    if done.returncode == 2:
        pytest.skip(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no number was given twice" in done.stdout


@pytest.mark.full
@pytest.mark.parametrize("suite", SUITES)
def test_lintian_finds_no_error_that_matters(stick: Path, suite: str) -> None:
    if not shutil.which("lintian"):
        pytest.skip("lintian is not installed")
    packages = sorted((stick / suite).glob("denluot-*.deb"))
    assert len(packages) == 2
    done = subprocess.run(
        ["lintian", "--allow-root", "--fail-on", "error", *packages],
        check=False,
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert done.returncode == 0, done.stdout[-4000:]


def test_what_has_to_run_is_what_is_shipped() -> None:
    specification = importlib.util.spec_from_file_location("run", HERE / "run.py")
    assert specification
    assert specification.loader
    run = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(run)
    for name in run.SERVICES:
        plain = name.removesuffix(".service").partition("@")
        file = f"{plain[0]}{plain[1]}.service"
        assert (ROOT / "deploy/units" / file).exists(), file


def test_what_breaks_a_release_changes_its_unit(tmp_path: Path) -> None:
    units = tmp_path / "deploy/units"
    shutil.copytree(ROOT / "deploy/units", units)
    break_service_unit(tmp_path)
    (changed,) = [
        path.name
        for path in units.rglob("*.service")
        if path.read_text() != (ROOT / path.relative_to(tmp_path)).read_text()
    ]
    assert changed == "denluot-service.service"
    with pytest.raises(ValueError, match="starts no queue_service"):
        break_service_unit(tmp_path)
