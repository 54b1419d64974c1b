"""The files of a site's Mosquitto: listeners, accounts, access rules; a running one takes them.

Boxes come by TLS, the server's own processes by a Unix socket. The broker runs as the user of its
files, which may therefore tell it to read them again.
"""

import getpass
import os
import signal
import socket
import struct
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bus.access import access_rules
from config.durable import replace_privately
from provisioning.errors import ProvisioningError

TLS_PORT = 8883
CONFIGURATION, PASSWORDS, RULES = "mosquitto.conf", "passwords", "acl"
REVOKED_FILE = "revoked"
"""The devices whose box was revoked: the service refuses them too."""
_ANSWERS_WITHIN_S = 2.0
_AGAIN_S = 1.0
_PEER = struct.Struct("3i")
"""What Linux tells of the other end of a Unix socket: process, user, group."""
_MOST_CONNECTIONS = 500
_LONGEST_LOG = 2_000_000
_LONGEST_MESSAGE = 256 * 1024


@dataclass(frozen=True, slots=True)
class BrokerFiles:
    """Where a site's broker has its files; `server` holds its key and certificate."""

    folder: Path
    socket: Path
    server: Path
    port: int = TLS_PORT

    @property
    def configuration(self) -> Path:
        """Return what Mosquitto is started with: `mosquitto -c`."""
        return self.folder / CONFIGURATION

    @property
    def log(self) -> Path:
        """Return where Mosquitto writes who comes and goes."""
        return self.folder / "connections.log"

    def write(
        self,
        site: str,
        roles: Mapping[str, str],
        digests: Mapping[str, str],
        revoked: frozenset[str],
    ) -> bool:
        """Write what differs and return whether anything did.

        An account is for a device that the configuration knows and some box is.
        """
        accounts = {device: digests[device] for device in roles if device in digests}
        passwords = "".join(f"{device}:{digest}\n" for device, digest in accounts.items())
        rules = access_rules(site, {device: roles[device] for device in accounts})
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.chmod(0o700)
            news = [
                _put(self.configuration, self._configuration()),
                _put(self._rules, rules),
                _put(self._passwords, passwords),
                _put(self.folder / REVOKED_FILE, "".join(f"{d}\n" for d in sorted(revoked))),
            ]
        except OSError as error:
            raise ProvisioningError(f"{self.folder}: {error.strerror}") from error
        return any(news)

    def shorten_log(self) -> None:
        """Begin the log anew where nobody has kept it short."""
        with suppress(OSError):
            if self.log.stat().st_size > _LONGEST_LOG:
                self.log.unlink()

    def reload(self) -> bool:
        """Have a running broker read accounts, rules and certificate; return whether one runs.

        Mosquitto then ends the connections of every account that is gone or has another password.
        It forgets a signal that comes while it still reads for the one before: it gets two.
        """
        if not self._hang_up():
            return False
        threading.Timer(_AGAIN_S, self._hang_up_again).start()
        return True

    def _hang_up_again(self) -> None:
        with suppress(ProvisioningError):  # a broker that began meanwhile has read everything
            self._hang_up()

    def _hang_up(self) -> bool:
        pid = self._running()
        if pid is None:
            return False
        try:
            os.kill(pid, signal.SIGHUP)
        except ProcessLookupError:
            return False
        except PermissionError as error:
            raise ProvisioningError(
                f"the broker (process {pid}) runs as another user and keeps its old accounts: "
                "restart it"
            ) from error
        return True

    @property
    def _passwords(self) -> Path:
        return self.folder / PASSWORDS

    @property
    def _rules(self) -> Path:
        return self.folder / RULES

    def _running(self) -> int | None:
        """Return the broker's process: the kernel says who listens on the socket.

        A file with a number outlives its process, and units that are kept apart cannot look each
        other up in /proc.
        """
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(_ANSWERS_WITHIN_S)
            try:
                probe.connect(str(self.socket))
                listener = probe.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
            except OSError:
                return None
        pid: int = _PEER.unpack(listener)[0]
        return pid or None

    def _configuration(self) -> str:
        lines = [
            f"user {getpass.getuser()}",
            "per_listener_settings false",
            f"listener {self.port}",
            f"max_connections {_MOST_CONNECTIONS}",
            f"certfile {self.server}",
            f"keyfile {self.server}",
            f"listener 0 {self.socket}",  # the last: when it answers, all listen
            "allow_anonymous false",
            f"password_file {self._passwords}",
            f"acl_file {self._rules}",
            "persistence false",
            "set_tcp_nodelay true",
            "max_queued_messages 20000",
            "max_inflight_messages 200",
            f"max_packet_size {_LONGEST_MESSAGE}",
            "log_dest stderr",
            f"log_dest file {self.log}",
            "log_type error",
            "log_type warning",
            "log_type notice",
            "log_type information",
            "connection_messages true",
        ]
        return "\n".join(lines) + "\n"


def revoked_in(folder: Path) -> frozenset[str]:
    """Return the devices that a broker's files name as revoked; none without such a file."""
    try:
        return frozenset((folder / REVOKED_FILE).read_text().split())
    except OSError:
        return frozenset()


def _put(path: Path, text: str) -> bool:
    if path.exists() and path.read_text() == text:
        return False
    replace_privately(path, text.encode())
    return True
