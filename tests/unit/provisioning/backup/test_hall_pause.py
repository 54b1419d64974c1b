"""A restore stops what runs and starts it again, however it ends."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from provisioning.backup.errors import BackupError
from provisioning.backup.hall_pause import paused_hall
from provisioning.layout import Layout


@dataclass
class Systemd:
    """A machine's systemd with our target, which can refuse what it is told."""

    running: bool = True
    refuses: str = ""
    told: list[str] = field(default_factory=list)

    def __call__(self, words: Sequence[str]) -> int:
        verb = words[0]
        if verb == "is-active":
            return 0 if self.running else 3
        self.told.append(" ".join(words))
        if verb == self.refuses:
            return 1
        self.running = verb == "start"
        return 0


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path)
    layout.systemd.mkdir(parents=True)
    return layout


def ignore(_text: str) -> None:
    pass


def test_what_runs_stands_still_and_runs_again(layout: Layout) -> None:
    systemd = Systemd()
    ran = []
    with paused_hall(layout, layout.data, ignore, systemd):
        ran.append(systemd.running)
    ran.append(systemd.running)
    assert ran == [False, True]
    assert systemd.told == [
        "stop denluot.target denluot-*",
        "start denluot.target",
    ]


def test_also_when_nothing_could_be_put_back(layout: Layout) -> None:
    systemd = Systemd()
    with (
        pytest.raises(BackupError, match="damaged"),
        paused_hall(layout, layout.data, ignore, systemd),
    ):
        raise BackupError("damaged")
    assert systemd.running


def test_what_did_not_run_is_not_started(layout: Layout) -> None:
    systemd = Systemd(running=False)
    with paused_hall(layout, layout.data, ignore, systemd):
        pass
    assert systemd.told == []


def test_other_data_than_the_machines_stop_nothing(layout: Layout) -> None:
    systemd = Systemd()
    with paused_hall(layout, layout.root / "drill", ignore, systemd):
        assert systemd.running
    assert systemd.told == []


def test_nor_does_a_machine_without_systemd(tmp_path: Path) -> None:
    systemd = Systemd()
    with paused_hall(Layout(tmp_path), Layout(tmp_path).data, ignore, systemd):
        assert systemd.running


def test_a_hall_that_cannot_be_stopped_is_not_touched(layout: Layout) -> None:
    systemd = Systemd(refuses="stop")
    with (
        pytest.raises(BackupError, match="sudo denluot restore"),
        paused_hall(layout, layout.data, ignore, systemd),
    ):
        pytest.fail("it went on")
    assert systemd.running


def test_one_that_does_not_start_again_is_told_of(layout: Layout) -> None:
    said: list[str] = []
    systemd = Systemd(refuses="start")
    with paused_hall(layout, layout.data, said.append, systemd):
        pass
    assert "sudo systemctl start denluot.target" in said[-1]
