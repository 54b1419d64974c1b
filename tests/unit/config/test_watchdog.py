import os
import queue
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.watchdog import PERIOD_VARIABLE, SOCKET_VARIABLE, Watchdog

WITHIN_S = 60


class Time:
    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


class LookedAt(Time):
    """Says when it was looked at."""

    def __init__(self, looked: queue.Queue[None]) -> None:
        super().__init__()
        self._looked = looked

    def __call__(self) -> float:
        self._looked.put(None)
        return self.s


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    """Systemd's end: the real socket, which keeps what it is told."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
        end.bind(str(tmp_path / "notify"))
        end.setblocking(False)
        yield end


def told(end: socket.socket) -> list[str]:
    heard: list[str] = []
    while True:
        try:
            heard.append(end.recv(1000).decode())
        except BlockingIOError:
            return heard


def test_the_first_sign_of_life_says_that_the_process_is_ready(systemd: socket.socket) -> None:
    at = Time()
    watchdog = Watchdog(systemd.getsockname(), 20, at)
    watchdog.feed()
    at.s = 10
    watchdog.feed()
    watchdog.stopping()
    assert told(systemd) == ["READY=1\nWATCHDOG=1", "WATCHDOG=1", "STOPPING=1"]


def test_a_busy_loop_may_feed_at_every_turn(systemd: socket.socket) -> None:
    at = Time()
    watchdog = Watchdog(systemd.getsockname(), 20, at)
    for turn in range(20_000):
        at.s = turn / 1000
        watchdog.feed()
    assert len(told(systemd)) == 8  # 20 s, told every 2.5 s, never rarer than every 5 s


def test_it_reads_what_systemd_sets(systemd: socket.socket) -> None:
    environment = {SOCKET_VARIABLE: systemd.getsockname(), PERIOD_VARIABLE: "30000000"}
    watchdog = Watchdog.of(environment | {"WATCHDOG_PID": "1"})  # of whatever started us
    assert watchdog.every_s == 7.5
    watchdog.feed()
    assert told(systemd) == ["READY=1\nWATCHDOG=1"]


@pytest.mark.parametrize("period", ["", "0", "soon"])
def test_without_a_period_it_still_says_ready(systemd: socket.socket, period: str) -> None:
    watchdog = Watchdog.of({SOCKET_VARIABLE: systemd.getsockname(), PERIOD_VARIABLE: period})
    assert watchdog.every_s == 10
    watchdog.feed()
    assert told(systemd) == ["READY=1\nWATCHDOG=1"]


def test_the_abstract_socket_of_a_container_is_reached() -> None:
    name = f"denluot-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
        end.bind(f"\0{name}")
        end.settimeout(30)
        Watchdog(f"@{name}").feed()
        assert end.recv(100) == b"READY=1\nWATCHDOG=1"


def test_without_systemd_nothing_is_told_and_the_end_is_waited_for() -> None:
    asked: list[float | None] = []
    watchdog = Watchdog.of({})

    def wait(timeout_s: float | None) -> bool:
        asked.append(timeout_s)
        return True

    watchdog.feed()
    watchdog.stopping()
    watchdog.feed_by(lambda: pytest.fail("nobody waits for a proof"), wait)
    assert watchdog.every_s is None
    assert asked == [None]


def test_a_proof_is_asked_for_four_times_a_period_until_the_end(systemd: socket.socket) -> None:
    waits: list[float | None] = []
    asks: list[None] = []

    def wait(timeout_s: float | None) -> bool:
        waits.append(timeout_s)
        return len(waits) == 3

    Watchdog(systemd.getsockname(), 20).feed_by(lambda: asks.append(None), wait)
    assert waits == [5, 5, 5]
    assert len(asks) == 3


def test_a_systemd_that_hangs_keeps_nobody_waiting(
    systemd: socket.socket, expected_warnings: list[str]
) -> None:
    expected_warnings.append("systemd does not hear")
    at = Time()
    watchdog = Watchdog(systemd.getsockname(), 20, at)
    for second in range(5000):  # far more than a socket holds
        at.s = second * 5
        watchdog.feed()
    assert told(systemd)[0] == "READY=1\nWATCHDOG=1"
    at.s += 5
    watchdog.feed()
    assert told(systemd) == ["WATCHDOG=1"]


def test_ready_is_said_again_until_somebody_hears_it(
    tmp_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings.append("systemd does not hear")
    at = Time()
    watchdog = Watchdog(str(tmp_path / "late"), 20, at)
    watchdog.feed()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
        end.bind(str(tmp_path / "late"))
        end.setblocking(False)
        watchdog.feed()
        assert told(end) == ["READY=1\nWATCHDOG=1"]


def stand_still(end: threading.Event) -> None:
    end.wait()


def test_what_hangs_is_written_once_a_hang_with_every_thread(
    systemd: socket.socket, capfd: pytest.CaptureFixture[str], expected_warnings: list[str]
) -> None:
    expected_warnings.append("no sign of life")
    end = threading.Event()
    threading.Thread(target=stand_still, args=(end,)).start()
    looked: queue.Queue[None] = queue.Queue()
    at = LookedAt(looked)
    watchdog = Watchdog(systemd.getsockname(), 0.1, at)
    watchdog.feed()
    watchdog.write_hangs()

    def written() -> int:
        """Return how often the stacks have been written, once a look that began now has ended."""
        for _ in range(2):
            while not looked.empty():
                looked.get()
            looked.get(timeout=WITHIN_S)
        return capfd.readouterr().err.count("in stand_still")

    try:
        at.s = 0.07
        assert written() == 0
        at.s = 0.08
        assert [written(), written()] == [1, 0]
        watchdog.feed()
        assert written() == 0
        at.s = 0.2
        assert [written(), written()] == [1, 0]
    finally:
        watchdog.stopping()
        end.set()
