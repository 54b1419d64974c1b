"""The real 0.2.0 and 0.3.0 beside this version, and a hall that each of them runs."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from appliance.connection import FILE_NAME, Connection, read_connection
from bus.broker import free_port, mosquitto_program
from bus.commands import (
    CalledTicket,
    CallNext,
    Command,
    IssuedTicket,
    IssueTicket,
    Reply,
    result_of,
)
from bus.session import at_once, connect
from config import Clock

ROOT = Path(__file__).parents[3]
RELEASED = {"0.2.0": "dfbd783", "0.3.0": "c39f1e4"}
"""The commits of the versions before."""
WITHIN_S = 120.0


@pytest.fixture(scope="session")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources of the version before, as they were released."""
    return _sources("0.3.0", tmp_path_factory)


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources of 0.2.0, from which data only go forward."""
    return _sources("0.2.0", tmp_path_factory)


def _sources(version: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if mosquitto_program() is None:
        pytest.skip("mosquitto is not installed")
    archive = subprocess.run(
        ["git", "archive", RELEASED[version]], cwd=ROOT, capture_output=True, check=False
    )
    if archive.returncode:
        pytest.skip(f"the history of this checkout does not reach back to {version}")
    folder = tmp_path_factory.mktemp("released") / version
    folder.mkdir()
    subprocess.run(["tar", "-x"], input=archive.stdout, cwd=folder, check=True)
    return folder


class Hall:
    """A hall that runs, asked as its kiosk and its counters would ask."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, service: str = "CERT") -> str:
        """Take a number."""
        return result_of(self._ask("kiosk-1", IssueTicket(service=service)), IssuedTicket).number

    def call(self, counter: int = 1) -> str:
        """Call the next, at a counter that serves CERT."""
        asked = CallNext(counter=counter, current=None)
        return result_of(self._ask(f"counter-{counter}", asked), CalledTicket).number

    def _ask(self, device: str, command: Command) -> Reply:
        clock = Clock()
        replies: queue.SimpleQueue[Reply] = queue.SimpleQueue()
        link = connect(
            self._connection.account(device, "test"),
            self._connection.site,
            device.partition("-")[0],
            now=clock.now,
            monotonic=clock.monotonic,
            deliver=at_once,
            presence=False,
        )
        link.start()
        try:
            link.ask(command, replies.put, within_s=30.0)
            reply = replies.get(timeout=60)
        finally:
            link.stop()
        assert reply.ok, reply
        return reply


@pytest.fixture
def run_hall(tmp_path: Path) -> Callable[[Path, Path], object]:
    """Return what runs the hall in a data directory by the sources of a version."""

    @contextmanager
    def run(sources: Path, data: Path) -> Iterator[Hall]:
        output = tmp_path / "run.txt"
        command = [sys.executable, "-m", "appliance", "run", "--headless", "--data", str(data)]
        command += ["--web-port", str(free_port())]
        environment = {**os.environ, "LANG": "en_US.UTF-8"}
        with output.open("wb") as log:
            process = subprocess.Popen(
                command, cwd=sources, stdout=log, stderr=log, env=environment
            )
        try:
            deadline = time.monotonic() + WITHIN_S
            while not (data / FILE_NAME).exists():
                assert process.poll() is None, output.read_text()
                assert time.monotonic() < deadline, output.read_text()
                threading.Event().wait(0.05)
            yield Hall(read_connection(data))
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0, output.read_text()

    return run
