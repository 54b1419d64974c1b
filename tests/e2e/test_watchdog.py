"""Every process under systemd's ear, with nothing around it: no broker, no sound, no keypad."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config import Clock

ROOT = Path(__file__).parents[2]
WITHIN_S = 60.0
PERIOD_S = 8.0
SPEED = 2400
"""Twelve hours in 18 s."""
READY, FED, STOPPING = "READY=1\nWATCHDOG=1", "WATCHDOG=1", "STOPPING=1"
DEVICE = """
[kiosk.screen]
mode = "window"
[announcer.speaker]
driver = "sound_card"
output = "no such card"
[[keypads]]
device = "keypad-1"
[[keypads.call_devices]]
driver = "usb"
path = "/dev/input/no-such-keypad"
counter = 3
[[signs]]
device = "sign-1"
[[signs.signs]]
counter = 1
address = 1
"""
PROCESSES = {
    "service": ["queue_service"],
    "web": ["web", "--port", "0"],
    "kiosk": ["kiosk"],
    "board": ["display.board", "--board", "board-1"],
    "panel": ["counter_caller.panel", "--counter", "3"],
    "announcer": ["display.announcer"],
    "sign": ["display.sign"],
    "keypad": ["counter_caller.keypad"],
}

pytestmark = pytest.mark.full


class Unit:
    """A process as systemd starts it, and what it tells."""

    def __init__(self, data: Path, arguments: list[str], clock: str, ending: ExitStack) -> None:
        self._end = ending.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        self._end.bind(str(data / "notify"))
        self._end.settimeout(WITHIN_S)
        (data / "device.toml").write_text(DEVICE)
        self.log = data / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", *arguments),
                    *("--data", str(data / "data"), "--device", str(data / "device.toml")),
                ],
                cwd=data,
                stdout=log,
                stderr=log,
                env={
                    **os.environ,
                    "PYTHONPATH": str(ROOT),
                    "QT_QPA_PLATFORM": "offscreen",
                    "NOTIFY_SOCKET": str(data / "notify"),
                    "WATCHDOG_USEC": str(int(PERIOD_S * 1_000_000)),
                    "WATCHDOG_PID": "1",
                    "DENLUOT_BROKER": "127.0.0.1:1",
                    "DENLUOT_CLOCK": clock,
                },
            )
        ending.callback(self.process.wait, WITHIN_S)
        ending.callback(self.process.kill)

    def hear(self, within_s: float = WITHIN_S) -> str:
        self._end.settimeout(within_s)
        try:
            return self._end.recv(1000).decode()
        except TimeoutError:
            pytest.fail(f"nothing heard: {self.log.read_text()[-1500:]}")

    def silent(self) -> bool:
        """Return whether systemd, having waited for its whole time, hears nothing."""
        self._end.setblocking(False)
        try:
            while self._end.recv(1000):
                pass
        except BlockingIOError:
            self._end.settimeout(PERIOD_S)
        try:
            self._end.recv(1000)
        except TimeoutError:
            return True
        return False


Start = Callable[..., Unit]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as ending:
        yield lambda name, clock="": Unit(tmp_path, PROCESSES[name], clock, ending)


@pytest.mark.parametrize("name", PROCESSES)
def test_it_proves_that_it_works_with_nothing_around_it(start: Start, name: str) -> None:
    unit = start(name)
    assert unit.hear() == READY
    assert [unit.hear(PERIOD_S) for _ in range(4)] == [FED] * 4
    unit.process.send_signal(signal.SIGTERM)
    while (word := unit.hear()) == FED:
        pass
    assert word == STOPPING
    assert unit.process.wait(WITHIN_S) == 0


@pytest.mark.parametrize("name", ["service", "kiosk", "board"])
def test_a_night_without_visitors_restarts_nothing(start: Start, name: str) -> None:
    evening = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # 18:00 in the hall
    clock = Clock.starting(evening, SPEED)
    unit = start(name, str(clock))
    assert unit.hear() == READY
    while (clock.now() - evening).total_seconds() < 13 * 3600:
        assert unit.hear(PERIOD_S) == FED
    assert unit.process.poll() is None


@pytest.mark.parametrize("name", ["service", "kiosk", "web"])
def test_a_frozen_process_is_silent_and_its_end_says_where_it_stood(
    start: Start, name: str
) -> None:
    unit = start(name)
    assert unit.hear() == READY
    unit.process.send_signal(signal.SIGSTOP)
    assert unit.silent()
    unit.process.send_signal(signal.SIGCONT)
    assert unit.hear(PERIOD_S) == FED, "one that goes on in time is left alone"
    unit.process.send_signal(signal.SIGABRT)  # what systemd does
    assert unit.process.wait(WITHIN_S) == -signal.SIGABRT
    _, aborted, stack = unit.log.read_text().rpartition("Fatal Python error: Aborted")
    assert aborted
    assert "Stack (most recent call first)" in stack
    assert "Thread 0x" not in stack, "stacks of running threads can end it by a signal of its own"


def test_a_store_that_is_damaged_is_shown_and_not_restarted_for_ever(
    start: Start, tmp_path: Path
) -> None:
    before = start("service")
    assert before.hear() == READY
    before.process.terminate()
    assert before.process.wait(WITHIN_S) == 0
    with closing(sqlite3.connect(tmp_path / "data/wait_log.db")) as store:
        assert store.execute("UPDATE event SET hash = x'00'").rowcount > 0
        store.commit()
    (tmp_path / "notify").unlink()
    unit = start("service")
    began = time.monotonic()
    assert unit.hear() == READY
    while time.monotonic() < began + PERIOD_S:
        assert unit.hear(PERIOD_S) == FED
    assert unit.process.poll() is None
