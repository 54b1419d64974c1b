"""A site's own Mosquitto as it is installed: TLS from the site's authority, its broker files."""

import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from bus.broker import free_port, mosquitto_program
from bus.errors import BrokerError
from bus.mqtt import Account
from provisioning.site_db import FILE_NAME, open_site_db
from provisioning.site_server import OWN_ROLES, SiteServer

_READY_WITHIN_S = 60.0


class TlsMosquitto:
    """Every device comes by TCP and TLS, the server's own too."""

    name = "mosquitto with TLS"

    def __init__(self, directory: Path, site: str, roles: Mapping[str, str]) -> None:
        self._port = free_port()
        self.passwords: dict[str, str] = {}
        boxed = {device: role for device, role in roles.items() if device not in OWN_ROLES}
        with closing(open_site_db(directory / FILE_NAME)) as db:
            server = SiteServer(directory, site, db, directory / "mqtt.sock", port=self._port)
            server.prepare(boxed)
            _, password = server.boxes.pair("Máy", list(boxed), by="chu-tich", address="")
            self.passwords = dict.fromkeys(boxed, password)
            for device in OWN_ROLES:
                self.passwords[device] = server.password_file(device).read_text().strip()
            server.write()
        self._files = server.files
        self._ca_file = str(server.authority.public)
        self._server_name = server.authority.server_name
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it listens."""
        program = mosquitto_program()
        if program is None:
            raise BrokerError("mosquitto is not installed")
        self._process = subprocess.Popen(
            [program, "-c", str(self._files.configuration)], stderr=subprocess.DEVNULL
        )
        deadline, pause = time.monotonic() + _READY_WITHIN_S, threading.Event()
        while not (self._files.log.exists() and "running" in self._files.log.read_text()):
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise BrokerError("mosquitto did not start")
            pause.wait(0.02)

    def fail(self) -> None:
        """Kill it, as an out-of-memory killer would, and start it again."""
        if self._process:
            self._process.kill()
            self._process.wait(30)
        self._files.log.unlink()
        self.start()

    def stop(self) -> None:
        """End it."""
        if self._process:
            self._process.terminate()
            self._process.wait(30)

    def account(self, device: str, process: str) -> Account:
        """Return who `process` of `device` is to this broker."""
        return Account(
            "127.0.0.1",
            self._port,
            process,
            device,
            self.passwords[device],
            self._ca_file,
            self._server_name,
        )

    def device_toml(self, device: str) -> str:
        """Return the part of a device.toml by which `device` joins."""
        return (
            f'[broker]\nport = {self._port}\npassword = "{self.passwords[device]}"\ntls = true\n'
            f'ca_file = "{self._ca_file}"\nserver_name = "{self._server_name}"\n'
        )
