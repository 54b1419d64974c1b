"""RabbitMQ with its MQTT plugin: one node of a test's own, with its own epmd and cookie."""

import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from bus.broker import free_port
from bus.mqtt import Account
from provisioning.other_brokers import passwords_in, rabbitmq_files, write_files
from tests.brokers.place import Place, stop, until, until_it_listens

_SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
_EPMD = Path("/usr/bin/epmd")
_READY_WITHIN_S = 120.0
_STARTED = b"completed with"
"""What it prints when all is there: it listens before, and refuses everybody then."""


def has_rabbitmq() -> bool:
    """Return whether Debian's rabbitmq-server is installed."""
    return _SERVER.exists() and _EPMD.exists()


class RabbitMq:
    """Nothing of it is shared with a RabbitMQ that this machine may run."""

    name = "RabbitMQ"

    def __init__(self, site: str, roles: Mapping[str, str]) -> None:
        self._place = Place("rabbitmq")
        folder = self._place.folder
        self._port, self._epmd_port = free_port(), free_port()
        self._passwords = passwords_in(folder, list(roles))
        write_files(folder, rabbitmq_files(site, roles, self._passwords))
        configuration = [
            "listeners.tcp = none",
            f"mqtt.listeners.tcp.1 = 127.0.0.1:{self._port}",
            "mqtt.allow_anonymous = false",
            f"load_definitions = {folder}/definitions.json",
        ]
        plugins = "[rabbitmq_mqtt].\n"
        text = "\n".join(configuration) + "\n"
        write_files(folder, {"rabbitmq.conf": text, "enabled_plugins": plugins})
        self._environment = {
            "HOME": str(folder),
            "RABBITMQ_NODENAME": "hall@localhost",
            "RABBITMQ_DIST_PORT": str(free_port()),
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "made"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 2:2",
        }
        self._place.give_away()
        self._epmd: subprocess.Popen[bytes] | None = None
        self._node: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it knows its users: about ten seconds."""
        if self._epmd is None:
            command = [str(_EPMD), "-port", str(self._epmd_port), "-address", "127.0.0.1"]
            self._epmd = self._place.start(command, "epmd.log")
            until_it_listens(self._epmd_port, self._epmd, _READY_WITHIN_S)
        log = self._place.folder / "node.log"
        before = log.read_bytes().count(_STARTED) if log.exists() else 0
        self._node = self._place.start([str(_SERVER)], log.name, self._environment)
        until_it_listens(self._port, self._node, _READY_WITHIN_S)
        until(lambda: log.read_bytes().count(_STARTED) > before, self._node, _READY_WITHIN_S)

    def fail(self) -> None:
        """Kill it and start it again."""
        if self._node:
            for process in psutil.Process(self._node.pid).children(recursive=True):
                with suppress(psutil.NoSuchProcess):  # it may end with the one before
                    process.kill()
            self._node.wait(30)
        self.start()

    def stop(self) -> None:
        """End it, and the epmd of its own."""
        stop(self._node)
        stop(self._epmd)
        self._place.remove()

    def account(self, device: str, process: str) -> Account:
        """Return who `process` of `device` is to this broker."""
        return Account("127.0.0.1", self._port, process, device, self._passwords[device])

    def device_toml(self, device: str) -> str:
        """Return the part of a device.toml by which `device` joins."""
        return f'[broker]\nport = {self._port}\npassword = "{self._passwords[device]}"\n'
