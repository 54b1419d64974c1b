"""The private Mosquitto of one machine: an account and an ACL per device.

Our own processes reach it by a Unix socket in a directory that only its user can enter: whoever
takes the TCP port while it is down hears no password. The port, on the loopback interface, is for
others that join.
"""

import ctypes
import getpass
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from bus.access import access_rules
from bus.errors import BrokerError

_READY_WITHIN_S = 15.0
_STOP_WITHIN_S = 5.0
_SOCKET = "mqtt.sock"
_PASSWORDS = "passwords"
_OF_DEVICES = "of-devices"
_LONGEST_SOCKET = 100
"""Linux takes 107 bytes."""
_PR_SET_PDEATHSIG = 1


def mosquitto_program() -> str | None:
    """Return the path of the mosquitto program, or None where it is not installed."""
    return shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def free_port() -> int:
    """Return a TCP port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class PrivateBroker:
    """A Mosquitto child process that ends with its parent.

    Files go to `directory` (0700); `roles` maps every device id to its role. Raises BrokerError
    when the program is missing or does not listen within 15 s.
    """

    def __init__(self, directory: Path, site: str, roles: Mapping[str, str], port: int = 0) -> None:
        self.host = "127.0.0.1"
        self.port = port or free_port()
        self.passwords = {device: secrets.token_urlsafe(18) for device in roles}
        self._directory = directory.absolute()  # a client knows a socket by its first slash
        self._site = site
        self._rules = access_rules(site, roles)
        self._process: subprocess.Popen[bytes] | None = None
        self.socket = self._directory / _SOCKET
        if len(os.fsencode(self.socket)) > _LONGEST_SOCKET:
            name = f"denluot-{secrets.token_hex(8)}"
            self.socket = Path(tempfile.gettempdir()) / name / _SOCKET

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def log(self) -> Path:
        """Return the file that the broker writes to."""
        return self._directory / "mosquitto.log"

    @property
    def pid(self) -> int | None:
        """Return the process id while it runs."""
        return self._process.pid if self._process else None

    @property
    def running(self) -> bool:
        """Return whether the broker's process lives."""
        return self._process is not None and self._process.poll() is None

    def password_file(self, device: str) -> Path:
        """Return the file, for this user's eyes alone, that holds the password of `device`."""
        return self._directory / _OF_DEVICES / device

    def start(self) -> None:
        """Write the files and start; returns when the port answers."""
        program = mosquitto_program()
        if program is None:
            raise BrokerError("mosquitto is not installed; run: apt-get install mosquitto")
        if _answers(self.host, self.port):
            raise BrokerError(
                f"port {self.port} is taken by another program; stop it or choose --mqtt-port"
            )
        self.stop()  # what has died leaves its directory
        configuration = self._write_files()
        log = self.log.open("ab")
        with log:
            self._process = subprocess.Popen(  # noqa: S603
                [program, "-c", str(configuration)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - prctl only
            )
        self._wait_until_ready()

    def stop(self) -> None:
        """End the process and wait for it."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
        if self.socket.parent != self._directory:
            shutil.rmtree(self.socket.parent, ignore_errors=True)

    def change_accounts(self, roles: Mapping[str, str]) -> None:
        """Have an account for each of `roles` and for nobody else, without a restart.

        Who keeps its account keeps its password, and its link.
        """
        self.passwords = {
            device: self.passwords.get(device) or secrets.token_urlsafe(18) for device in roles
        }
        self._rules = access_rules(self._site, roles)
        if self._process is not None and self.running:
            self._write_accounts()
            self._process.send_signal(signal.SIGHUP)

    def _write_accounts(self) -> None:
        passwords = self._directory / _PASSWORDS
        draft = self._directory / f"{_PASSWORDS}.new"
        _write_private(draft, "".join(f"{k}:{v}\n" for k, v in self.passwords.items()))
        subprocess.run(["mosquitto_passwd", "-U", str(draft)], check=True)  # noqa: S603, S607
        draft.replace(passwords)
        _write_private(self._directory / "acl", self._rules)
        of_devices = self._directory / _OF_DEVICES
        of_devices.mkdir(mode=0o700, exist_ok=True)
        for device, password in self.passwords.items():
            draft = of_devices / f"{device}.new"  # a process may start and read at any moment
            _write_private(draft, f"{password}\n")
            draft.replace(self.password_file(device))
        for gone in {file.name for file in of_devices.iterdir()} - self.passwords.keys():
            (of_devices / gone).unlink()

    def _write_files(self) -> Path:
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._directory.chmod(0o700)
        if self.socket.parent != self._directory:
            self.socket.parent.mkdir(mode=0o700)
        self.socket.unlink(missing_ok=True)
        self._write_accounts()
        lines = [
            f"user {getpass.getuser()}",
            f"listener {self.port} 127.0.0.1",
            f"listener 0 {self.socket}",  # the last: when it answers, all listen
            "allow_anonymous false",
            f"password_file {self._directory / _PASSWORDS}",
            f"acl_file {self._directory / 'acl'}",
            "persistence false",
            "set_tcp_nodelay true",
            "max_queued_messages 20000",
            "max_inflight_messages 200",
            "log_type error",
            "log_type warning",
        ]
        configuration = self._directory / "mosquitto.conf"
        _write_private(configuration, "\n".join(lines) + "\n")
        return configuration

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _READY_WITHIN_S
        while time.monotonic() < deadline:
            if not self.running:
                break
            if _answers_at(self.socket):
                return
        self.stop()
        log = self.log.read_text(errors="replace")
        raise BrokerError(f"mosquitto did not start on port {self.port}: {log[-500:].strip()}")


def end_with_parent() -> None:
    """Ask Linux to end this child process when its parent dies; for use between fork and exec."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=0.2).close()
    except OSError:
        return False
    return True


def _answers_at(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(0.2)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
