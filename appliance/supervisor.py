"""Start processes, start them again when they fall, and end them in good order."""

import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from appliance.plan import Program
from bus.broker import end_with_parent, free_port
from bus.errors import BusError

_log = logging.getLogger(__name__)

_BACK_OFF_S = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
_STEADY_AFTER_S = 60.0
_STOP_WITHIN_S = 8.0
_SAME_PORT_TIMES = 3
_MOST_LOG_BYTES = 5_000_000


class Broker(Protocol):
    """What is kept of a private broker."""

    port: int

    @property
    def running(self) -> bool:
        """Return whether it lives."""

    def start(self) -> None:
        """Start it; raises BusError or OSError."""


class BrokerKeeper:
    """Starts a broker again that has ended, on another port where its own stays taken."""

    def __init__(
        self, broker: Broker, moved: Callable[[], None], monotonic: Callable[[], float]
    ) -> None:
        """Tell `moved` when the broker listens on another port."""
        self._broker = broker
        self._moved = moved
        self._monotonic = monotonic
        self._failures = 0
        self._again_at = 0.0

    def tend(self) -> None:
        """Start what has ended, after 1, 2, 4, … s where that fails; call this often."""
        now = self._monotonic()
        if self._broker.running or now < self._again_at:
            return
        moves = self._failures >= _SAME_PORT_TIMES
        if moves:
            self._broker.port = free_port()
        _log.warning("broker ended, starting again port=%s", self._broker.port)
        try:
            self._broker.start()
        except (BusError, OSError) as error:
            self._again_at = now + _BACK_OFF_S[min(self._failures, len(_BACK_OFF_S) - 1)]
            self._failures += 1
            _log.error("broker not started, trying on error=%s", error)
            return
        self._failures = 0
        if moves:
            self._moved()


@dataclass(slots=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes]
    started: float
    falls: int = 0
    again_at: float | None = None
    closed: bool = False


class Supervisor:
    """Keeps the processes of a plan running.

    `environment` gives each program its variables; their output goes to `logs/{name}.log`.
    """

    def __init__(self, logs: Path, environment: Callable[[Program], Mapping[str, str]]) -> None:
        self._logs = logs
        self._environment = environment
        self._children: dict[str, _Child] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, program: Program) -> None:
        """Start a process; it ends when this one dies, whatever happens."""
        self._children[program.name] = _Child(
            program, self._spawn(program), started=time.monotonic()
        )

    def pids(self) -> dict[str, int]:
        """Return the process ids of what runs now."""
        return {
            name: child.process.pid
            for name, child in self._children.items()
            if child.process.poll() is None
        }

    def crashed(self) -> list[str]:
        """Return the names of processes that are not running and were not closed by a person."""
        return [
            name
            for name, child in self._children.items()
            if child.process.poll() is not None and not child.closed
        ]

    def tend(self) -> None:
        """Start again what fell, after 1, 2, 4, 8, 15 and then every 30 s; call this often."""
        now = time.monotonic()
        for child in self._children.values():
            keep_small(self._log_file(child.program))
            code = child.process.poll()
            if code is None or child.closed:
                continue
            if child.again_at is None:
                self._note_fall(child, code, now)
            elif now >= child.again_at:
                child.process = self._spawn(child.program)
                child.started, child.again_at = now, None

    def all_windows_closed(self) -> bool:
        """Return whether a person has closed every window."""
        windows = [child for child in self._children.values() if child.program.screen]
        return bool(windows) and all(child.closed for child in windows)

    def stop(self) -> None:
        """End everything, the service last, each with time to finish what it does."""
        for last in (False, True):
            children = [c for c in self._children.values() if (c.program.name == "service") == last]
            for child in children:
                if child.process.poll() is None:
                    child.process.terminate()
            _await_end(children)

    def _note_fall(self, child: _Child, code: int, now: float) -> None:
        if code == 0 and child.program.screen:
            child.closed = True
            _log.info("window closed by a person process=%s", child.program.name)
            return
        if now - child.started > _STEADY_AFTER_S:
            child.falls = 0
        pause = _BACK_OFF_S[min(child.falls, len(_BACK_OFF_S) - 1)]
        child.falls += 1
        child.again_at = now + pause
        _log.warning(
            "process ended, starting again process=%s exit=%s in_s=%s log=%s",
            child.program.name,
            code,
            pause,
            self._log_file(child.program),
        )

    def _spawn(self, program: Program) -> subprocess.Popen[bytes]:
        with self._log_file(program).open("ab") as log:
            return subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", program.module, *program.arguments],
                env=dict(self._environment(program)),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - prctl only
            )

    def _log_file(self, program: Program) -> Path:
        return self._logs / f"{program.name.replace(' ', '-')}.log"


def keep_small(log: Path) -> None:
    """Put a log that has grown aside as `….1`, in the place of the one before.

    Its writer, who appends, goes on in the same file; what it wrote that moment may be lost.
    """
    with suppress(OSError):
        if log.stat().st_size > _MOST_LOG_BYTES:
            shutil.copyfile(log, log.with_name(f"{log.name}.1"))
            os.truncate(log, 0)


def _await_end(children: list[_Child]) -> None:
    deadline = time.monotonic() + _STOP_WITHIN_S
    for child in children:
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _log.warning("process killed, it did not end process=%s", child.program.name)
            child.process.kill()
            child.process.wait()
