import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from appliance.plan import Program
from appliance.supervisor import Supervisor

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
    assert supervisor.fallen() == []
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
