"""An upgrade ends with one release that runs, whatever fails and whenever the power goes."""

import dataclasses
import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from provisioning.upgrade.errors import UpgradeError
from provisioning.upgrade.journal import JournalFile
from provisioning.upgrade.steps import Outcome

BEFORE, AFTER = "0.2.0", "0.3.0"
NUMBERS = "1001\n"
MakeMachine = Callable[[Path], SimpleNamespace]
KILLED = """
import importlib.util, os, signal, sys
from pathlib import Path
spec = importlib.util.spec_from_file_location("machines", sys.argv[1])
machines = importlib.util.module_from_spec(spec)
spec.loader.exec_module(machines)
machine = machines.Machine(Path(sys.argv[2]))
machine.broken = set(filter(None, sys.argv[4].split(",")))
def passing(place):
    if place == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)
machine.passing = passing
machine.upgrade().run(machine.offer)
"""


def settled(machine: SimpleNamespace, release: str) -> None:
    """Assert that `release` runs and that nothing of an upgrade is left."""
    assert machine.current == machine.running == release
    assert (machine.layout.releases / release / "bin/denluot").exists()
    assert JournalFile(machine.layout.upgrade).read() is None
    assert not machine.layout.upgrading.is_symlink()
    assert not (machine.layout.root / "resumes").exists()
    assert not (machine.layout.upgrade / "trial").exists()
    assert (machine.layout.data / "numbers").read_text() == NUMBERS, "no number of the hall"


def test_the_new_release_runs_and_the_one_before_stays(machine: SimpleNamespace) -> None:
    assert machine.upgrade().run(machine.offer) == Outcome(AFTER)
    settled(machine, AFTER)
    assert machine.did == ["room", "install", "back up", "copy", f"try {AFTER}"]
    assert (machine.layout.releases / BEFORE).exists()
    assert machine.clock >= 60, "it is watched"


def test_the_release_before_the_last_goes_at_the_next_success(machine: SimpleNamespace) -> None:
    machine.upgrade().run(machine.offer)
    machine._lay("0.4.0")
    machine._lay("0.3.5")
    assert machine.upgrade().run(replace_version(machine, "0.4.0")) == Outcome("0.4.0")
    settled(machine, "0.4.0")
    assert sorted(p.name for p in machine.layout.releases.iterdir()) == [AFTER, "0.4.0"]


def replace_version(machine: SimpleNamespace, version: str) -> object:
    return dataclasses.replace(machine.offer, version=version)


@pytest.mark.parametrize("what", ["room", "install", "back up", "copy", f"try {AFTER}"])
def test_what_fails_before_the_switch_leaves_the_hall_alone(
    machine: SimpleNamespace, what: str
) -> None:
    machine.broken.add(what)
    machine.stop = lambda: pytest.fail("the hall was stopped")
    with pytest.raises(UpgradeError, match=what):
        machine.upgrade().run(machine.offer)
    settled(machine, BEFORE)


def test_a_release_that_does_not_run_goes_by_itself(machine: SimpleNamespace) -> None:
    machine.broken.add(f"run {AFTER}")
    outcome = machine.upgrade().run(machine.offer)
    assert outcome == Outcome(BEFORE, "denluot-web.service")
    settled(machine, BEFORE)


def test_a_release_that_falls_while_it_is_watched_goes_too(machine: SimpleNamespace) -> None:
    def advance(seconds: float) -> None:
        machine.clock += seconds
        if machine.clock > 30:
            machine.broken.add(f"run {AFTER}")

    machine.advance = advance
    assert machine.upgrade().run(machine.offer).release == BEFORE
    settled(machine, BEFORE)


def test_what_did_not_work_before_is_no_fault_of_the_new_release(machine: SimpleNamespace) -> None:
    machine.broken.add("denluot-sign@sign-1.service")
    assert machine.upgrade().run(machine.offer) == Outcome(AFTER)
    settled(machine, AFTER)


def test_one_bad_look_is_no_fall(machine: SimpleNamespace) -> None:
    def advance(seconds: float) -> None:
        machine.clock += seconds
        broken = 20 < machine.clock < 23
        (machine.broken.add if broken else machine.broken.discard)(f"run {AFTER}")

    machine.advance = advance
    assert machine.upgrade().run(machine.offer) == Outcome(AFTER)


def test_a_look_that_nobody_answers_is_a_bad_one_and_no_verdict(machine: SimpleNamespace) -> None:
    look, silent = machine.failing, range(20, 23)

    def failing() -> object:
        if machine.current == AFTER and round(machine.clock) in silent:
            raise UpgradeError("systemctl: connection reset")
        return look()

    machine.failing = failing
    assert machine.upgrade().run(machine.offer) == Outcome(AFTER)


def test_silence_that_lasts_brings_the_release_before_back(machine: SimpleNamespace) -> None:
    look = machine.failing

    def failing() -> object:
        if machine.current == AFTER and machine.clock > 20:
            raise UpgradeError("systemctl: connection reset")
        return look()

    machine.failing = failing
    outcome = machine.upgrade().run(machine.offer)
    assert outcome == Outcome(BEFORE, "systemctl: connection reset")


def test_units_that_do_not_start_are_those_of_the_release_before(machine: SimpleNamespace) -> None:
    start = machine.start

    def start_old_only() -> None:
        if machine.current == AFTER:
            raise UpgradeError("systemctl: no")
        start()

    machine.start = start_old_only
    assert machine.upgrade().run(machine.offer) == Outcome(BEFORE, "systemctl: no")
    settled(machine, BEFORE)


def test_a_disk_that_fills_up_at_the_switch_brings_the_release_before_back(
    machine: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, expected_warnings: list[str]
) -> None:
    expected_warnings.append("journal not written")
    write = JournalFile.write

    def full(file: JournalFile, journal: object) -> None:
        if machine.current == AFTER:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(file, journal)  # type: ignore[arg-type]

    monkeypatch.setattr(JournalFile, "write", full)
    outcome = machine.upgrade().run(machine.offer)
    assert outcome.release == BEFORE
    assert "No space left" in outcome.why
    settled(machine, BEFORE)


@pytest.mark.parametrize("version", ["0.2.0", "0.1.9", "nonsense"])
def test_only_a_newer_release_is_taken(machine: SimpleNamespace, version: str) -> None:
    with pytest.raises(UpgradeError, match="không mới hơn"):
        machine.upgrade().run(replace_version(machine, version))
    settled(machine, BEFORE)


def test_a_machine_without_an_installation_says_so(machine: SimpleNamespace) -> None:
    machine.layout.current.unlink()
    with pytest.raises(UpgradeError, match=r"install\.sh"):
        machine.upgrade().run(machine.offer)


def test_a_release_that_came_half_is_not_switched_to(machine: SimpleNamespace) -> None:
    machine._lay = lambda _version: None
    with pytest.raises(UpgradeError, match="chưa đủ"):
        machine.upgrade().run(machine.offer)
    settled(machine, BEFORE)


def test_a_journal_that_cannot_be_read_is_said(machine: SimpleNamespace) -> None:
    machine.layout.upgrade.mkdir(parents=True)
    (machine.layout.upgrade / "journal.json").write_text("{")
    with pytest.raises(UpgradeError, match=r"journal\.json"):
        machine.upgrade().run(machine.offer)


def test_nothing_to_resume_is_nothing(machine: SimpleNamespace) -> None:
    assert machine.upgrade().resume() is None
    settled(machine, BEFORE)


def killed_at(machine: SimpleNamespace, place: str, broken: str = "") -> None:
    """Run an upgrade of `machine` in another process, which dies at `place`."""
    machines = Path(__file__).with_name("conftest.py")
    root = machine.layout.root
    command = [sys.executable, "-c", KILLED, str(machines), str(root), place, broken]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


UNTOUCHED = [
    f"{when} {step}"
    for step in ("install", "back_up", "copy", "try")
    for when in ("before", "after")
]
SWITCHED = ["before switch", "stopped", "linked", "after switch", "watching"]


@pytest.mark.full
@pytest.mark.parametrize("place", UNTOUCHED)
def test_power_that_goes_before_the_switch_leaves_the_release_before(
    machine: SimpleNamespace, make_machine: MakeMachine, place: str
) -> None:
    killed_at(machine, place)
    assert machine.current == machine.running == BEFORE
    assert machine.layout.upgrading.resolve().name == BEFORE, "which resumes at the next start"
    assert (machine.layout.root / "resumes").exists()
    again = make_machine(machine.layout.root)
    again.stop = lambda: pytest.fail("the hall was stopped")
    assert again.upgrade().resume().release == BEFORE
    settled(again, BEFORE)


@pytest.mark.full
@pytest.mark.parametrize("place", SWITCHED)
@pytest.mark.parametrize("works", [True, False], ids=["works", "broken"])
def test_power_that_goes_in_the_switch_is_gone_on_with(
    machine: SimpleNamespace, make_machine: MakeMachine, place: str, works: bool
) -> None:
    killed_at(machine, place)
    assert machine.current in (BEFORE, AFTER), "the link is never missing"
    again = make_machine(machine.layout.root)
    again.broken = set() if works else {f"run {AFTER}"}
    release = AFTER if works else BEFORE
    assert again.upgrade().resume().release == release
    settled(again, release)


@pytest.mark.full
@pytest.mark.parametrize("place", ["before go_back", "stopped", "linked", "after go_back"])
def test_power_that_goes_on_the_way_back_ends_with_the_release_before(
    machine: SimpleNamespace, make_machine: MakeMachine, place: str
) -> None:
    at = place if "go_back" in place else f"back {place}"
    killed_at(machine, at, broken=f"run {AFTER}")
    again = make_machine(machine.layout.root)
    assert again.upgrade().resume().release == BEFORE
    settled(again, BEFORE)


def test_power_that_goes_between_two_releases_ends_with_one(
    machine: SimpleNamespace, make_machine: MakeMachine
) -> None:
    killed_at(machine, "linked")
    again = make_machine(machine.layout.root)
    assert again.upgrade().resume() == Outcome(AFTER)
    settled(again, AFTER)


def test_the_journal_reads_what_it_wrote(machine: SimpleNamespace) -> None:
    killed_at(machine, "linked")
    file = JournalFile(machine.layout.upgrade)
    journal = file.read()
    assert journal is not None
    assert (journal.before, journal.after, journal.step) == (BEFORE, AFTER, "switch")
    file.write(replace(journal, why="no"))
    assert file.read() == replace(journal, why="no")
