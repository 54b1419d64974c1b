"""Where the first-start page is, and by what people recognise the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from config.settings import WebBox
from provisioning.authority import PUBLIC_FILE, fingerprint
from provisioning.errors import ProvisioningError
from provisioning.layout import AUTHORITY

_MOST_ADDRESSES = 3
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Place:
    """The page, at each address that the machine has now."""

    addresses: tuple[str, ...] = ()
    """Empty while the machine has no network."""
    server: str = ""
    """The SHA-256 of the certificate that the page proves itself by; empty where it has none."""
    authority: str = ""
    """The SHA-256 of the site's own authority."""
    trust: str = ""
    """Where a PC that does not trust the certificate yet gets what it needs; empty if nowhere."""

    def scanned(self, code: str) -> str:
        """Return what the QR code says: the code stands where no server ever hears of it."""
        return f"{self.addresses[0]}#{code.replace('-', '')}" if self.addresses and code else ""


def place_of(web: WebBox, data: Path, names: Sequence[str]) -> Place:
    """Return where the page of a server is, which knows itself by `names`.

    Passwords leave the machine over TLS only: without a certificate the page is on it alone.
    """
    hosts: list[str] = []
    if web.host in _LOOPBACK or not web.certificate:
        hosts.append("127.0.0.1")
    else:
        hosts += [name for name in names if _is_lan(name)][:_MOST_ADDRESSES]
    scheme = "https" if web.certificate else "http"
    offered = web.board_host and web.board_host not in _LOOPBACK and hosts
    return Place(
        tuple(f"{scheme}://{host}:{web.port}/first" for host in hosts),
        _fingerprint(Path(web.certificate)) if web.certificate else "",
        _fingerprint(data / AUTHORITY / PUBLIC_FILE),
        f"http://{hosts[0]}:{web.board_port}/ca" if offered else "",
    )


def in_groups(digest: str) -> str:
    """Return a fingerprint as browsers write it: pairs in capitals, with colons."""
    pairs = (digest[at : at + 2] for at in range(0, len(digest), 2))
    return ":".join(pairs).upper()


def _fingerprint(certificate: Path) -> str:
    try:
        return fingerprint(certificate)
    except ProvisioningError:
        return ""  # not made yet: the web process is still starting


def _is_lan(name: str) -> bool:
    try:
        address = ip_address(name)
    except ValueError:
        return False
    usable = not (address.is_loopback or address.is_link_local or address.is_unspecified)
    return address.version == 4 and usable  # noqa: PLR2004 - the protocol's number
