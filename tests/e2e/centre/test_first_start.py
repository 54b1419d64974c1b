"""The first start: the code stands on the terminal of `denluot run`, and nowhere else."""

import os
import pty
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psutil
import pytest

from appliance.connection import FILE_NAME, Connection, read_connection
from bus.broker import mosquitto_program
from tests.files import files_below

ROOT = Path(__file__).parents[3]
WITHIN_S = 90.0
PASSWORD = "Đò dọc sông Cấm"
CODE = re.compile(r"\b([A-Z2-9]{5}(?:-[A-Z2-9]{5}){3})\b")

pytestmark = [pytest.mark.full, pytest.mark.engine]


class Terminal:
    """A person's terminal in which `denluot run` runs."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._mine, theirs = pty.openpty()
        self.shown = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "appliance", "run", "--headless", "--data", str(data)],
            cwd=ROOT,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "LANG": "en_US.UTF-8", "COLUMNS": "200", "TERM": "xterm"},
        )
        os.close(theirs)
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def wait_for(self, what: str) -> re.Match[str]:
        deadline = time.monotonic() + WITHIN_S
        while not (found := re.search(what, self.shown)):
            assert self.process.poll() is None, self.shown
            assert time.monotonic() < deadline, self.shown
            threading.Event().wait(0.05)
        return found

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(WITHIN_S) == 0, self.shown
        self._reading.join(WITHIN_S)
        os.close(self._mine)

    def _read(self) -> None:
        with suppress(OSError):
            while said := os.read(self._mine, 4096):
                self.shown += said.decode(errors="replace")


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    if mosquitto_program() is None:
        pytest.skip("mosquitto is not installed")
    terminal = Terminal(tmp_path / "data")
    yield terminal
    terminal.stop()


def test_the_code_is_on_the_terminal_and_nowhere_else(terminal: Terminal) -> None:
    code = terminal.wait_for(CODE.pattern)[1]
    terminal.wait_for("Ctrl\\+C")
    connection = read_connection(terminal.data)
    assert f"{connection.web}/first" in terminal.shown
    plain = code.replace("-", "")
    for spelled in (code.encode(), plain.encode(), plain.lower().encode()):
        kept = files_below(terminal.data)
        assert len(kept) > 10
        for path in kept:
            with suppress(FileNotFoundError):  # some go in between
                assert spelled not in path.read_bytes(), path
        processes = [terminal.process.pid]
        processes += [c.pid for c in psutil.Process(processes[0]).children(recursive=True)]
        assert len(processes) > 3
        for pid in processes:
            for file in ("cmdline", "environ"):
                with suppress(FileNotFoundError, ProcessLookupError):  # some end in between
                    assert spelled not in Path(f"/proc/{pid}/{file}").read_bytes()
    assert _make_administrator(connection, "ABCDE-FGHJK-MNPQR-STUVW") == 403
    assert _make_administrator(connection, code) == 303
    assert _make_administrator(connection, code) == 403, "once"


def test_without_a_terminal_there_is_no_code(
    run_centre: Callable[..., Connection], tmp_path: Path
) -> None:
    connection = run_centre()
    assert _make_administrator(connection, "") == 403
    deadline = time.monotonic() + WITHIN_S
    while "denluot account add" not in (said := (tmp_path / "run.txt").read_text()):
        assert time.monotonic() < deadline, said
        threading.Event().wait(0.05)
    assert CODE.search(said) is None
    added = subprocess.run(
        [
            *(sys.executable, "-m", "appliance", "account", "add", "minh"),
            *("--role", "administrator", "--password-stdin", "--data", str(tmp_path / "data")),
        ],
        cwd=ROOT,
        input=f"{PASSWORD}\n",
        text=True,
        capture_output=True,
        check=False,
        timeout=WITHIN_S,
    )
    assert added.returncode == 0, added.stderr
    assert (tmp_path / "data" / FILE_NAME).exists()
    assert _post(connection, "/login", {"account": "minh", "password": PASSWORD}) == 303


def _make_administrator(connection: Connection, code: str) -> int:
    names = {"code": code, "name": "Trần Văn Minh", "account": "minh"}
    return _post(connection, "/first", names | {"password": PASSWORD, "again": PASSWORD})


def _post(connection: Connection, target: str, fields: dict[str, str]) -> int:
    host = urlsplit(connection.web).netloc
    with closing(HTTPConnection(host, timeout=WITHIN_S)) as http:
        http.request("GET", "/password")
        page = http.getresponse()
        cookie = page.getheader("Set-Cookie", "").partition(";")[0]
        found = re.search(r'name="_csrf" value="([^"]+)"', page.read().decode())
        assert found
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        http.request("POST", target, urlencode({"_csrf": found[1], **fields}), headers)
        with http.getresponse() as response:
            return response.status
