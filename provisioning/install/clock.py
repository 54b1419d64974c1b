"""Tell this machine's chrony that the hall's clock is the server: `python -m …install.clock`."""

import ipaddress
import re
import sys
from pathlib import Path

from config.errors import ConfigError
from config.load import load_device
from config.settings import Device
from provisioning.layout import Layout

HEAD = "# The hall's clock; denluot-clock.service writes the server's address here.\n"
_NAME = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(\.(?!-)[A-Za-z0-9-]{1,63})*\.?")
_LONGEST = 253


def sources(device: Device) -> str:
    """Return chrony's file: the broker's machine, before any clock of the Internet.

    A machine that is not paired yet has no server but itself, and no line.
    """
    host = device.broker.host.strip("[]")
    if host == "localhost" or host.startswith("/"):
        return HEAD
    try:
        if ipaddress.ip_address(host).is_loopback:
            return HEAD
    except ValueError:
        if len(host) > _LONGEST or not _NAME.fullmatch(host):
            raise ConfigError(f"no host {host[:60]!r} - at $.broker.host") from None
    return f"{HEAD}server {host} iburst minpoll 4 maxpoll 6 prefer trust\n"


def write_sources(path: Path, device: Device) -> bool:
    """Write them into the file, which belongs to chrony; return whether that changed it.

    In place: the folder is root's. Half a line is none to chrony, and the next start writes it.
    """
    text = sources(device)
    if path.read_text(encoding="utf-8", errors="replace") == text:
        return False
    path.write_text(text, encoding="utf-8")
    return True


def main() -> int:
    """Follow `device.toml`; return the exit status."""
    layout = Layout()
    try:
        write_sources(layout.clock_sources, load_device(layout.device_file))
    except (ConfigError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
