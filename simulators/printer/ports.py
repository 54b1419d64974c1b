"""How the simulated printer is reached: a pseudo-terminal, or a TCP port."""

import contextlib
import os
import pty
import select
import socket
import termios
import threading
import tty
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

from simulators.printer.machine import Machine

_STEP_S = 0.005
_AT_ONCE = 4096
_BITS_PER_BYTE = 10
_STOP_WITHIN_S = 5.0
_OUTPUT_SPEED = 5
"""The place of the speed among what `tcgetattr` returns."""


class _Port(ABC):
    """One line to a machine, served by one thread."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.plugged = True
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="printer-port", daemon=True)

    @property
    @abstractmethod
    def address(self) -> str:
        """Return what to write into `device.toml`."""

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """End, and let the line go."""
        self._stopping.set()
        self._thread.join(_STOP_WITHIN_S)

    def unplug(self) -> None:
        """Let the line die; the printer prints what it holds."""
        self.plugged = False

    def switch_off(self) -> None:
        """Let the line die, and the printer forget what it holds."""
        self.machine.power_cycle()
        self.unplug()

    def plug(self) -> None:
        """Be there again."""
        self.plugged = True

    @abstractmethod
    def _serve(self) -> None:
        """Serve until stopped."""

    def _lives(self) -> bool:
        return self.plugged and not self._stopping.is_set()

    def _pump(self, file: int, allowance: Callable[[], int], take: Callable[[bytes], None]) -> None:
        """Move bytes both ways while the line lives and the other end is there."""
        while self._lives():
            room = min(self.machine.room(), allowance())
            ready, _, _ = select.select([file] if room else [], [], [], _STEP_S)
            try:
                if ready:
                    data = os.read(file, min(room, _AT_ONCE))
                    if not data:
                        return
                    take(data)
                if answer := self.machine.answers():
                    os.write(file, answer)
            except OSError:
                return


class TcpPort(_Port):
    """A port that takes raw bytes, one connection after the other."""

    def __init__(self, machine: Machine, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one."""
        super().__init__(machine)
        self._host = host
        self._server = socket.create_server((host, port))
        self.port: int = self._server.getsockname()[1]

    @property
    def address(self) -> str:
        """Return host and port."""
        return f"{self._host}:{self.port}"

    def _serve(self) -> None:
        while not self._stopping.is_set():
            if self.plugged:
                self._serve_one()
            else:
                self._server.close()
                self._stopping.wait(_STEP_S)
        self._server.close()

    def _serve_one(self) -> None:
        """Serve one connection, if one comes soon."""
        with contextlib.suppress(OSError):
            if self._server.fileno() < 0:
                self._server = socket.create_server((self._host, self.port))
            self.machine.answers()  # it prints on, and what it says now nobody hears
            self._server.settimeout(_STEP_S)
            connection, _ = self._server.accept()
            with connection:
                self._pump(connection.fileno(), lambda: _AT_ONCE, self.machine.receive)


class PtyPort(_Port):
    """A serial line: a pseudo-terminal behind a stable link, with the speed of a real line."""

    def __init__(self, machine: Machine, link: Path, baud: int | None = None) -> None:
        """Be reached at `link`; with `baud`, only at that speed and no faster than it."""
        super().__init__(machine)
        self._link = link
        self._baud = baud
        self._credit = 0.0
        self._file = -1
        self._other = -1
        self._open()

    @property
    def address(self) -> str:
        """Return the path."""
        return str(self._link)

    def _open(self) -> None:
        self._file, self._other = pty.openpty()
        tty.setraw(self._other)
        draft = self._link.with_name(f".{self._link.name}.new")
        draft.unlink(missing_ok=True)
        draft.symlink_to(os.ttyname(self._other))
        draft.replace(self._link)

    def _close(self) -> None:
        for file in (self._file, self._other):
            if file >= 0:
                os.close(file)
        self._file = self._other = -1
        self._link.unlink(missing_ok=True)

    def _serve(self) -> None:
        while not self._stopping.is_set():
            if not self.plugged:
                if self._file >= 0:
                    self._close()
                self._stopping.wait(_STEP_S)
                continue
            if self._file < 0:
                self._open()
            self._pump(self._file, self._allowance, self._take)
        self._close()

    def _allowance(self) -> int:
        """Return how many bytes the line has carried since it was last asked."""
        if self._baud is None:
            return _AT_ONCE
        self._credit = min(self._credit + self._baud / _BITS_PER_BYTE * _STEP_S, _AT_ONCE)
        return int(self._credit)

    def _take(self, data: bytes) -> None:
        self._credit -= len(data) if self._baud else 0
        if self._baud is None or self._right_speed():
            self.machine.receive(data)
        else:
            self.machine.receive_garbled(data)

    def _right_speed(self) -> bool:
        speed = termios.tcgetattr(self._other)[_OUTPUT_SPEED]
        return bool(speed == getattr(termios, f"B{self._baud}"))
