import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance.connection import FILE_NAME, Connection, read_connection
from bus.broker import mosquitto_program
from tests.postgresql import ON_POSTGRESQL

ROOT = Path(__file__).parents[3]
READY_WITHIN_S = 90.0
RunCentre = Callable[..., Connection]


def denluot(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "appliance", *arguments]


@pytest.fixture(params=["sqlite", ON_POSTGRESQL])
def run_centre(
    request: pytest.FixtureRequest, tmp_path: Path, name_store: Callable[[Path], None]
) -> Iterator[RunCentre]:
    """Return a function that starts `denluot run --headless` on tmp_path/data with options."""
    if request.param == "postgresql":
        name_store(tmp_path / "data")
    if mosquitto_program() is None:
        pytest.skip("mosquitto is not installed")
    started: list[subprocess.Popen[bytes]] = []
    output = tmp_path / "run.txt"

    def run(*options: str) -> Connection:
        data = tmp_path / "data"
        command = denluot("run", "--headless", "--data", str(data), *options)
        with output.open("wb") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, stdout=log, stderr=log, env={**os.environ, "LANG": "en_US.UTF-8"}
            )
        started.append(process)
        deadline = time.monotonic() + READY_WITHIN_S
        while not (data / FILE_NAME).exists():
            assert process.poll() is None, output.read_text()
            assert time.monotonic() < deadline, output.read_text()
            threading.Event().wait(0.05)
        return read_connection(data)

    yield run
    for process in started:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, output.read_text()
