import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from appliance.plan import Program
from appliance.supervisor import BrokerKeeper, Supervisor, keep_small
from bus.errors import BrokerError

SOURCE = """
import pathlib, signal, sys, threading
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
here = pathlib.Path(sys.argv[1])
with here.open("a") as file:
    file.write("up ")
if len(sys.argv) > 2:
    sys.exit(int(sys.argv[2]))
while not stop.wait(0.05):
    pass
with here.open("a") as file:
    file.write("down ")
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    (tmp_path / "sleeper.py").write_text(SOURCE)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    supervisor = Supervisor(tmp_path / "log", lambda _program: environment)
    yield supervisor
    supervisor.stop()


def eventually(claim: Callable[[], bool], supervisor: Supervisor) -> None:
    deadline = time.monotonic() + 10
    while not claim():
        assert time.monotonic() < deadline
        supervisor.tend()


def test_what_falls_is_started_again(
    supervisor: Supervisor, tmp_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings.append("process ended, starting again process=a")
    diary = tmp_path / "diary"
    supervisor.start(Program("a", "sleeper", (str(diary),)))
    eventually(lambda: diary.exists() and diary.read_text() == "up ", supervisor)
    first = supervisor.pids()["a"]
    os.kill(first, signal.SIGKILL)
    eventually(lambda: diary.read_text() == "up up ", supervisor)
    assert supervisor.pids()["a"] != first


def test_a_window_closed_by_a_person_stays_closed(supervisor: Supervisor, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    supervisor.start(Program("a", "sleeper", (str(diary), "0"), screen=True))
    eventually(supervisor.all_windows_closed, supervisor)
    assert supervisor.crashed() == []
    assert diary.read_text() == "up "


def test_stop_ends_all_in_order_and_leaves_nothing(supervisor: Supervisor, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    for name in ("service", "kiosk"):
        supervisor.start(Program(name, "sleeper", (str(diary),)))
    eventually(lambda: diary.exists() and diary.read_text() == "up up ", supervisor)
    pids = supervisor.pids()
    supervisor.stop()
    assert diary.read_text() == "up up down down "
    assert not any(psutil.pid_exists(pid) for pid in pids.values())
    assert supervisor.pids() == {}


def test_output_goes_to_the_log(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(Program("paper tray", "no_such_module"))
    log = tmp_path / "log" / "paper-tray.log"
    deadline = time.monotonic() + 10
    while "No module named no_such_module" not in log.read_text():
        assert time.monotonic() < deadline


class FakeBroker:
    """A broker whose port is taken for the first attempts."""

    def __init__(self, refusals: int) -> None:
        self.port = 1883
        self.running = False
        self.tried: list[int] = []
        self._refusals = refusals

    def start(self) -> None:
        self.tried.append(self.port)
        if len(self.tried) <= self._refusals:
            raise BrokerError("port 1883 is taken by another program")
        self.running = True


def keep(broker: FakeBroker) -> tuple[list[float], list[int]]:
    """Tend `broker` for 10 s and return when it was started, and the ports it moved to."""
    elapsed, began, moved = [0.0], [], []
    keeper = BrokerKeeper(broker, lambda: moved.append(broker.port), lambda: elapsed[0])
    for tenth in range(100):
        elapsed[0] = tenth / 10
        before = len(broker.tried)
        keeper.tend()
        if len(broker.tried) > before:
            began.append(elapsed[0])
    return began, moved


def test_a_broker_whose_port_is_taken_for_a_moment_comes_back_on_it(
    expected_warnings: list[str],
) -> None:
    expected_warnings += ["broker ended", "broker not started"]
    broker = FakeBroker(refusals=2)
    began, moved = keep(broker)
    assert broker.running
    assert began == [0.0, 1.0, 3.0]
    assert (set(broker.tried), moved) == ({1883}, [])


def test_a_broker_whose_port_stays_taken_moves_to_another(expected_warnings: list[str]) -> None:
    expected_warnings += ["broker ended", "broker not started"]
    broker = FakeBroker(refusals=3)
    _, moved = keep(broker)
    assert broker.running
    assert broker.tried[:3] == [1883, 1883, 1883]
    assert moved == [broker.port]
    assert broker.port != 1883


def test_a_log_that_has_grown_is_put_aside_and_its_writer_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with log.open("ab") as writer:
        writer.write(b"x" * 5_000_001)
        writer.flush()
        keep_small(log)
        writer.write(b"next\n")
    assert log.read_bytes() == b"next\n"
    assert (tmp_path / "web.log.1").stat().st_size == 5_000_001
    keep_small(log)
    keep_small(tmp_path / "none.log")
    assert log.read_bytes() == b"next\n"
