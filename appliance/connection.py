"""`connection.json`: how any MQTT client joins the running centre."""

import os
from pathlib import Path

import msgspec

from appliance.errors import ApplianceError
from bus import mqtt
from bus.typed import read_json

FILE_NAME = "connection.json"


class Broker(msgspec.Struct, frozen=True):
    """Where the broker listens."""

    host: str
    port: int
    socket: str = ""
    """The Unix socket that proves who listens; others than our own tools may use the port."""


class Account(msgspec.Struct, frozen=True):
    """One device's account at the broker."""

    username: str
    password: str


class Connection(msgspec.Struct, frozen=True):
    """Everything a client needs to join; `clock` is the text of the centre's `Clock`."""

    site: str
    broker: Broker
    web: str
    devices: dict[str, Account]
    clock: str = ""

    def account(self, device: str, process: str) -> mqtt.Account:
        """Return who `process` is to the broker when it joins as `device`."""
        known, broker = self.devices[device], self.broker
        host, port = (broker.socket, 0) if broker.socket else (broker.host, broker.port)
        return mqtt.Account(host, port, process, known.username, known.password)


def write_connection(data: Path, connection: Connection) -> None:
    """Write the file at once and whole, for this user's eyes only."""
    target = data / FILE_NAME
    draft = target.with_suffix(".tmp")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(connection), indent=2))
    draft.replace(target)


def read_connection(data: Path) -> Connection:
    """Return how to join the centre that runs on `data`; raises ApplianceError when none does."""
    path = data / FILE_NAME
    try:
        return read_json(path.read_bytes(), Connection)
    except FileNotFoundError as error:
        raise ApplianceError(
            f"no centre runs on {data}/: start it with ./denluot run --data {data}"
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise ApplianceError(f"{path}: {error}") from error


def remove_connection(data: Path) -> None:
    """Take the file away: nothing runs any more."""
    (data / FILE_NAME).unlink(missing_ok=True)
