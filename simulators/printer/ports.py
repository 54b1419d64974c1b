"""How the simulated printer is reached: a pseudo-terminal, or a TCP port."""

import contextlib
import os
import select
import socket
import termios
import threading
from pathlib import Path

from simulators.printer.machine import Machine
from simulators.terminal import Terminal

_STEP_S = 0.005
_AT_ONCE = 4096
_BITS_PER_BYTE = 10
_STOP_WITHIN_S = 5.0


class TcpPort:
    """A port that takes raw bytes, one connection after the other."""

    def __init__(self, machine: Machine, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one."""
        self.machine = machine
        self.plugged = True
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="printer-port", daemon=True)
        self._host = host
        self._server = socket.create_server((host, port))
        self.port: int = self._server.getsockname()[1]

    @property
    def address(self) -> str:
        """Return host and port."""
        return f"{self._host}:{self.port}"

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
                self._pump(connection.fileno())

    def _lives(self) -> bool:
        return self.plugged and not self._stopping.is_set()

    def _pump(self, file: int) -> None:
        """Move bytes both ways while the line lives and the other end is there."""
        while self._lives():
            room = self.machine.room()
            ready, _, _ = select.select([file] if room else [], [], [], _STEP_S)
            try:
                if ready:
                    data = os.read(file, min(room, _AT_ONCE))
                    if not data:
                        return
                    self.machine.receive(data)
                if answer := self.machine.answers():
                    os.write(file, answer)
            except OSError:
                return


class PtyPort:
    """A serial line: a pseudo-terminal behind a stable link, with the speed of a real line."""

    def __init__(self, machine: Machine, link: Path, baud: int | None = None) -> None:
        """Be reached at `link`; with `baud`, only at that speed and no faster than it."""
        self.machine = machine
        self._baud = baud
        self._credit = 0.0
        self._terminal = Terminal(link, self._take, room=self._room, speaks=machine.answers)
        self.address = str(link)
        """What to write into `device.toml`."""

    @property
    def plugged(self) -> bool:
        """Whether the line is there."""
        return self._terminal.plugged

    def start(self) -> None:
        """Begin to serve."""
        self._terminal.plug()

    def stop(self) -> None:
        """End, and let the line go."""
        self._terminal.unplug()

    def unplug(self) -> None:
        """Let the line die; the printer prints what it holds."""
        self._terminal.unplug()

    def switch_off(self) -> None:
        """Let the line die, and the printer forget what it holds."""
        self.machine.power_cycle()
        self._terminal.unplug()

    def plug(self) -> None:
        """Be there again."""
        self._terminal.plug()

    def _room(self) -> int:
        """Return how many bytes the line has carried since it was last asked, and fit."""
        if self._baud is None:
            return self.machine.room()
        self._credit = min(self._credit + self._baud / _BITS_PER_BYTE * _STEP_S, _AT_ONCE)
        return min(self.machine.room(), int(self._credit))

    def _take(self, data: bytes) -> None:
        self._credit -= len(data) if self._baud else 0
        if self._baud is None or self._terminal.speed == getattr(termios, f"B{self._baud}"):
            self.machine.receive(data)
        else:
            self.machine.receive_garbled(data)
