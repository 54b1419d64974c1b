"""`denluot broker-files`: accounts and rights of a site for a broker of somebody else's."""

import os
import sys
from pathlib import Path

from config.errors import ConfigError
from config.load import load_centre
from hall.words import N_
from hall.words.arguments import CommandParser, words_of
from provisioning.errors import ProvisioningError
from provisioning.other_brokers import (
    OF_DEVICES,
    NatsNode,
    mosquitto_files,
    nats_files,
    passwords_in,
    rabbitmq_files,
    write_files,
)
from provisioning.site_server import OWN_ROLES

_STREAMS = Path("/var/lib/nats")


def command(arguments: list[str]) -> int:
    """Write the files; return 0, or 1 when they cannot be written and why."""
    t = words_of(os.environ)
    parser = CommandParser(
        "denluot broker-files",
        t(N_("Viết tài khoản và quyền của mọi thiết bị cho một broker có sẵn.")),
        t,
    )
    add = parser.add_argument
    add("--for", dest="kind", choices=["mosquitto", "nats", "rabbitmq"], required=True)
    add("--to", type=Path, metavar="DIR", required=True, help=t("thư mục nhận các tệp"))
    add("--config", type=Path, metavar="FILE", help=t("cấu hình trung tâm (centre.toml)"))
    options = parser.parse_args(arguments)
    try:
        centre = load_centre(options.config)
        site = centre.identity.site
        roles = {device.id: device.role.value for device in centre.devices} | OWN_ROLES
        passwords = passwords_in(options.to, list(roles))
        if options.kind == "nats":
            files = nats_files(site, roles, passwords, _nodes(), _STREAMS)
        else:
            make = mosquitto_files if options.kind == "mosquitto" else rabbitmq_files
            files = make(site, roles, passwords)
        write_files(options.to, files)
    except (ProvisioningError, ConfigError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for name in (*files, f"{OF_DEVICES}/"):
        sys.stdout.write(f"{options.to / name}\n")
    return 0


def _nodes() -> list[NatsNode]:
    """Return three nodes of this machine: whoever spreads them adds addresses and TLS."""
    return [
        NatsNode(f"n{number}", 8883 + number, 4221 + number, 6221 + number) for number in (1, 2, 3)
    ]
