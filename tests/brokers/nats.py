"""A NATS cluster of three nodes with JetStream and MQTT, started by a test."""

import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from bus.broker import free_port
from bus.errors import BrokerError
from bus.mqtt import Account, MqttBus
from provisioning.other_brokers import NatsNode, nats_files, passwords_in, write_files
from tests.brokers.place import Place, stop, until_it_listens

_READY_WITHIN_S = 60.0
_RETURNS_AFTER_S = 20.0


def nats_program() -> str | None:
    """Return the path of nats-server, or None where it is not installed."""
    beside = f"{Path(sys.executable).parent}"
    return shutil.which("nats-server", path=beside) or shutil.which("nats-server")


class NatsCluster:
    """Every client knows all three nodes and begins with one of its own."""

    name = "NATS, three nodes"

    def __init__(self, site: str, roles: Mapping[str, str]) -> None:
        self._place = Place("nats")
        self._nodes = [
            NatsNode(f"n{number}", free_port(), free_port(), free_port()) for number in (1, 2, 3)
        ]
        folder = self._place.folder
        self._passwords = passwords_in(folder, list(roles))
        write_files(
            folder, nats_files(site, roles, self._passwords, self._nodes, folder / "streams")
        )
        self._place.give_away()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start all nodes and wait until each has taken a client: later ones begin where told."""
        for node in self._nodes:
            self._start(node)
        for node in self._nodes:
            until_it_listens(node.mqtt_port, self._processes[node.name], _READY_WITHIN_S)
            self._take_one(node)

    def kill(self, number: int) -> None:
        """Kill a node: 0, 1 or 2."""
        process = self._processes[self._nodes[number].name]
        process.kill()
        process.wait(30)

    def fail(self) -> None:
        """Kill the first node, and for a while there are two."""
        self.kill(0)
        threading.Event().wait(_RETURNS_AFTER_S)
        self._start(self._nodes[0])

    def stop(self) -> None:
        """End all nodes."""
        for process in self._processes.values():
            stop(process)
        self._place.remove()

    def account(self, device: str, process: str) -> Account:
        """Return who `process` of `device` is: boards and service begin with the first node."""
        first, *others = self._in_turn(device)
        return Account(
            "127.0.0.1",
            first.mqtt_port,
            process,
            device,
            self._passwords[device],
            others=tuple(("127.0.0.1", node.mqtt_port) for node in others),
            subscribe_qos=0,
        )

    def device_toml(self, device: str) -> str:
        """Return the part of a device.toml by which `device` joins."""
        first, *others = self._in_turn(device)
        more = ", ".join(f'"127.0.0.1:{node.mqtt_port}"' for node in others)
        return (
            f'[broker]\nport = {first.mqtt_port}\npassword = "{self._passwords[device]}"\n'
            f"others = [{more}]\nsubscribe_qos = 0\n"
        )

    def _take_one(self, node: NatsNode) -> None:
        """Join `node` and leave: it makes its streams before it answers the first client."""
        device, password = next(iter(self._passwords.items()))
        account = Account("127.0.0.1", node.mqtt_port, "first", device, password)
        bus = MqttBus(account, random.SystemRandom())
        up = threading.Event()
        bus.on_link(lambda linked: up.set() if linked else None)
        bus.start()
        taken = up.wait(_READY_WITHIN_S)
        bus.stop()
        if not taken:
            raise BrokerError(f"{node.name} took no client")

    def _in_turn(self, device: str) -> list[NatsNode]:
        begin = {"service": 0, "board-1": 0, "board-2": 1}.get(device, 2)
        return [*self._nodes[begin:], *self._nodes[:begin]]

    def _start(self, node: NatsNode) -> None:
        program = nats_program()
        if program is None:
            raise BrokerError("nats-server is not installed")
        command = [program, "-c", str(self._place.folder / f"{node.name}.conf")]
        self._processes[node.name] = self._place.start(command, f"{node.name}.log")
