"""What a broker of somebody else's needs for a site: accounts and rights, in its own words."""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bus.access import access_rules, nats_permissions, rabbitmq_rights
from config.durable import replace_privately
from provisioning.devices import password_digest
from provisioning.errors import ProvisioningError

Files = dict[str, str]
"""Names of files and what is in them."""

_HERE = "127.0.0.1"
_UNCONFIRMED = 200
"""NATS grants a client 65,535 over all its filters: at its usual 1,024 it refuses the 64th filter,
and a service has four for each device."""
OF_DEVICES = "of-devices"
"""Below the files: one per account, with its password in clear, to be carried to its box."""


@dataclass(frozen=True, slots=True)
class NatsNode:
    """One of the servers of a NATS cluster, on the loopback interface."""

    name: str
    mqtt_port: int
    port: int
    cluster_port: int


def passwords_in(folder: Path, devices: Sequence[str]) -> dict[str, str]:
    """Return a password for each device; those that were made before stay."""
    of_devices = folder / OF_DEVICES
    found = {}
    try:
        of_devices.mkdir(parents=True, exist_ok=True, mode=0o700)
        for device in devices:
            file = of_devices / device
            if not file.exists():
                replace_privately(file, f"{secrets.token_urlsafe(18)}\n".encode())
            found[device] = file.read_text().strip()
    except OSError as error:
        raise ProvisioningError(f"{of_devices}: {error.strerror}") from error
    return found


def mosquitto_files(site: str, roles: Mapping[str, str], passwords: Mapping[str, str]) -> Files:
    """Return `passwords` and `acl` for a Mosquitto."""
    lines = [f"{device}:{password_digest(passwords[device])}\n" for device in roles]
    return {"passwords": "".join(lines), "acl": access_rules(site, roles)}


def nats_files(
    site: str,
    roles: Mapping[str, str],
    passwords: Mapping[str, str],
    nodes: Sequence[NatsNode],
    store: Path,
) -> Files:
    """Return a configuration for each node; `store` is where it keeps its streams."""
    users = [
        {
            "user": device,
            "password": passwords[device],
            "permissions": nats_permissions(site, device, role),
        }
        for device, role in roles.items()
    ]
    between = {"user": "node", "password": _cluster_password(passwords)}
    account = {"jetstream": "enabled", "users": users}
    files = {}
    for node in nodes:
        routes = [
            f"nats://node:{between['password']}@{_HERE}:{other.cluster_port}" for other in nodes
        ]
        files[f"{node.name}.conf"] = _json(
            {
                "server_name": node.name,
                "host": _HERE,
                "port": node.port,
                "jetstream": {"store_dir": str(store / node.name)},
                "mqtt": {
                    "host": _HERE,
                    "port": node.mqtt_port,
                    "ack_wait": "2s",
                    "max_ack_pending": _UNCONFIRMED,
                    "stream_replicas": len(nodes),
                },
                "cluster": {
                    "name": site,
                    "host": _HERE,
                    "port": node.cluster_port,
                    "authorization": between,
                    "routes": routes,
                },
                "accounts": {"HALL": account},
            }
        )
    return files


def rabbitmq_files(site: str, roles: Mapping[str, str], passwords: Mapping[str, str]) -> Files:
    """Return the definitions of accounts and rights, which RabbitMQ loads when it starts."""
    users, permissions, topics = [], [], []
    for device, role in roles.items():
        queues, writes, reads = rabbitmq_rights(site, device, role)
        name = {"user": device, "vhost": "/"}
        own = f"^amq\\.topic$|{queues}"
        users.append(
            {
                "name": device,
                "password_hash": _rabbitmq_hash(passwords[device]),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": [],
            }
        )
        permissions.append({**name, "configure": queues, "write": own, "read": own})
        topics.append({**name, "exchange": "amq.topic", "write": writes, "read": reads})
    definitions = {
        "vhosts": [{"name": "/"}],
        "users": users,
        "permissions": permissions,
        "topic_permissions": topics,
    }
    return {"definitions.json": _json(definitions)}


def write_files(folder: Path, files: Files) -> None:
    """Write the files, for this user's eyes alone; raises ProvisioningError."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, text in files.items():
            replace_privately(folder / name, text.encode())
    except OSError as error:
        raise ProvisioningError(f"{folder}: {error.strerror}") from error


def _rabbitmq_hash(password: str) -> str:
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def _cluster_password(passwords: Mapping[str, str]) -> str:
    """Return what the nodes know each other by: the same for the same accounts."""
    text = "\n".join(f"{device} {password}" for device, password in sorted(passwords.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def _json(plain: object) -> str:
    return json.dumps(plain, indent=1, ensure_ascii=False) + "\n"
