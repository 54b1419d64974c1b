"""A directory and processes of a broker that a test starts: nobody's, and ended by their ids."""

import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from bus.broker import end_with_parent
from bus.errors import BrokerError

_NOBODY = "nobody"
_STOP_WITHIN_S = 60.0


class Place:
    """Files of a broker, which runs as an unprivileged user even where root runs the tests."""

    def __init__(self, name: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"denluot-{name}-"))
        self._user = _NOBODY if os.geteuid() == 0 else None

    def give_away(self) -> None:
        """Have the broker's user own what was written."""
        if self._user:
            for path in (self.folder, *self.folder.rglob("*")):
                shutil.chown(path, self._user)

    def start(
        self, command: list[str], log: str, environment: Mapping[str, str] | None = None
    ) -> "subprocess.Popen[bytes]":
        """Start a process of the broker."""
        with (self.folder / log).open("ab") as output:
            return subprocess.Popen(
                command,
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                user=self._user,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - prctl only
            )

    def remove(self) -> None:
        """Take the directory away."""
        shutil.rmtree(self.folder, ignore_errors=True)


def stop(process: "subprocess.Popen[bytes] | None") -> None:
    """End one process in good order."""
    if process is not None and process.poll() is None:
        process.terminate()
        try:
            process.wait(_STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def until_it_listens(port: int, process: "subprocess.Popen[bytes]", within_s: float) -> None:
    """Wait for a port of the loopback interface; raises BrokerError."""

    def listens() -> bool:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return False
        return True

    until(listens, process, within_s, f"nobody listens on port {port}")


def until(
    ready: Callable[[], bool],
    process: "subprocess.Popen[bytes]",
    within_s: float,
    trouble: str = "it does not start",
) -> None:
    """Wait for a broker to be ready; raises BrokerError with `trouble`."""
    deadline, pause = time.monotonic() + within_s, threading.Event()
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise BrokerError(f"{trouble}, exit code {process.poll()}")
        pause.wait(0.1)
