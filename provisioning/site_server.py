"""A site's own server: its authority, the boxes that belong to it, the files of its broker."""

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path

from config.durable import replace_privately
from provisioning.authority import Authority
from provisioning.broker_settings import TLS_PORT, BrokerFiles
from provisioning.devices import SERVER_BOX, Boxes
from provisioning.errors import ProvisioningError
from provisioning.layout import AUTHORITY, BROKER, Layout
from provisioning.site_db import SiteDb

OWN_ROLES = {
    "service": "service",
    "web": "web",
    "web-public": "web_public",
    "observer": "observer",
}
"""The accounts of the server's own processes, and what they are to the broker."""
OF_DEVICES = "of-devices"
"""Below the broker's files: a file per account of the server's own."""

_log = logging.getLogger(__name__)


class SiteServer:
    """What makes a machine the server of `site`; its files lie below `data`.

    Blocking; raises ProvisioningError.
    """

    def __init__(
        self,
        data: Path,
        site: str,
        db: SiteDb,
        socket: Path,
        *,
        names: Iterable[str] | None = None,
        port: int = TLS_PORT,
    ) -> None:
        """Be reached by `names`; None takes those by which the machine knows itself."""
        self.site = site
        self.boxes = Boxes(db)
        self._db = db
        self._names = None if names is None else list(names)
        self.authority = Authority(data / AUTHORITY, site, db.now())
        self.files = BrokerFiles(data / BROKER, socket, self.authority.server, port)

    def password_file(self, device: str) -> Path:
        """Return the file of the password of one of the server's own accounts."""
        return self.files.folder / OF_DEVICES / device

    def prepare(self, roles: Mapping[str, str]) -> None:
        """Make whatever is missing, before the broker starts.

        `roles` are the devices of the centre's file, for as long as no configuration was heard of.
        """
        self.authority.renew_server(self._db.now(), self._names)
        if not self.boxes.site_devices():
            self.boxes.set_site_devices(roles)
        self._own_accounts()
        self.files.shorten_log()
        self.write()

    def take_roles(self, roles: Mapping[str, str]) -> bool:
        """Have accounts for the devices of a new configuration; return whether they changed."""
        return self.boxes.set_site_devices(roles) and self.apply()

    def apply(self) -> bool:
        """Write what has changed and have the running broker take it; return whether it did."""
        return self.write() and self.files.reload()

    def begin(self) -> None:
        """Have the broker take what was written by a process that ended before it could say so."""
        self.write()
        self.files.reload()

    def write(self) -> bool:
        """Write the broker's files as the accounts are now; return whether they changed."""
        roles = self.boxes.site_devices() | OWN_ROLES
        return self.files.write(self.site, roles, self.boxes.digests(), self.boxes.barred())

    def renew(self) -> bool:
        """Renew the server's certificate when it is time to; return whether it is new."""
        if not self.authority.renew_server(self._db.now(), self._names):
            return False
        self.files.reload()
        _log.info("certificate renewed file=%s", self.authority.server)
        return True

    def _own_accounts(self) -> None:
        """Give the server's own processes a password where they have none that is good."""
        files = [self.password_file(device) for device in OWN_ROLES]
        try:
            password = files[0].read_text().strip() if files[0].exists() else ""
            good = self.boxes.has_password(SERVER_BOX, password)
            if not (good and OWN_ROLES.keys() <= self.boxes.of_devices().keys()):
                _, password = self.boxes.pair(
                    "", list(OWN_ROLES), by="denluot", address="", box=SERVER_BOX
                )
            files[0].parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            for file in files:
                if not file.exists() or file.read_text() != f"{password}\n":
                    replace_privately(file, f"{password}\n".encode())
        except OSError as error:
            raise ProvisioningError(f"{files[0].parent}: {error.strerror}") from error


def open_site_server(data: Path, site: str, db: SiteDb, broker: str) -> SiteServer | None:
    """Return the server of `site` where this machine was made one, None elsewhere.

    `broker` is where its own processes reach the broker: a socket.
    """
    if not (data / AUTHORITY).is_dir():
        return None
    socket = Path(broker) if broker.startswith("/") else Layout().broker_socket
    try:
        return SiteServer(data, site, db, socket)
    except ProvisioningError as error:
        _log.error("no box can be paired or revoked error=%s", error)
        return None
