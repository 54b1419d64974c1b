"""A busy afternoon whose processes are killed at random: nothing is lost, nobody forgotten.

The whole centre runs as `denluot run` starts it; `denluot simulate` plays citizens and officers.
Every 30 s a random process is killed. `KILLS_AFTERNOON=1` plays from 13:00 to the end (25 minutes
at ten times real speed), else the first hour.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from appliance.connection import read_connection
from tests.postgresql import ON_POSTGRESQL

SPEED = 10
EVERY_S = 30.0
SEED = 20261123
START_WITHIN_S = 120.0
WHOLE = os.environ.get("KILLS_AFTERNOON") == "1"

pytestmark = pytest.mark.full


def denluot(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "appliance", *arguments]


@pytest.fixture(params=["sqlite", ON_POSTGRESQL])
def data(
    request: pytest.FixtureRequest, tmp_path: Path, name_store: Callable[[Path], None]
) -> Path:
    if request.param == "postgresql":
        name_store(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def centre(data: Path, tmp_path: Path) -> Iterator[psutil.Process]:
    """The running centre; its first process."""
    said = (tmp_path / "run.log").open("w")
    hour = "T12:55" if WHOLE else "T15:55"
    process = subprocess.Popen(
        denluot(
            *("run", "--headless", "--data", str(data), "--counters", "all"),
            *("--now", f"2026-11-23{hour}", "--speed", str(SPEED)),
            *("--web-port", str(free_port())),
        ),
        stdout=said,
        stderr=subprocess.STDOUT,
    )
    ready = threading.Event()
    for _ in range(round(START_WITHIN_S / 0.2)):
        if (data / "connection.json").exists() or process.poll() is not None:
            break
        ready.wait(0.2)
    assert process.poll() is None, (tmp_path / "run.log").read_text()
    assert read_connection(data).devices
    yield psutil.Process(process.pid)
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=60)
    said.close()


def free_port() -> int:
    import socket  # noqa: PLC0415 - only here

    with socket.create_server(("127.0.0.1", 0)) as plug:
        port: int = plug.getsockname()[1]
        return port


class Killer(threading.Thread):
    """Kills a random process of the centre every 30 s, until it is told to stop."""

    def __init__(self, centre: psutil.Process) -> None:
        super().__init__(daemon=True)
        self.killed: list[str] = []
        self._centre = centre
        self._rng = random.Random(SEED)
        self._ending = threading.Event()

    def run(self) -> None:
        while not self._ending.wait(EVERY_S):
            victims = sorted(self._centre.children(), key=lambda one: one.pid)
            if victims:
                victim = self._rng.choice(victims)
                with suppress(psutil.NoSuchProcess):  # it has ended by itself
                    self.killed.append(" ".join(victim.cmdline()[:4]))
                    victim.kill()

    def end(self) -> None:
        self._ending.set()
        self.join(timeout=60)


def test_an_afternoon_of_kills(centre: psutil.Process, data: Path, tmp_path: Path) -> None:
    killer = Killer(centre)
    killer.start()
    history = tmp_path / "history.json"
    played = subprocess.run(
        denluot(
            *("simulate", "--data", str(data), "--seed", "7", "--tickets", "140"),
            *("--from", "13:00" if WHOLE else "16:00", "--json", str(history)),
        ),
        capture_output=True,
        text=True,
        check=False,
        timeout=60000,
    )
    killer.end()
    print("\n".join(["killed:", *killer.killed, played.stdout, played.stderr]))  # noqa: T201
    told = json.loads(history.read_text())
    assert len(killer.killed) >= (30 if WHOLE else 5)
    assert told["problems"] == []
    assert len(told["tickets"]) == len({ticket["number"] for ticket in told["tickets"]}) > 0
    verified = subprocess.run(
        denluot("verify", "--data", str(data)),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr
