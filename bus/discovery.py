"""How boxes find their server without an address: mDNS, `_denluot._tcp`."""

import logging
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address

import ifaddr
from zeroconf import Error as ZeroconfError
from zeroconf import (
    InterfaceChoice,
    IPVersion,
    ServiceBrowser,
    ServiceInfo,
    ServiceStateChange,
    Zeroconf,
)
from zeroconf.asyncio import AsyncZeroconf

TYPE = "_denluot._tcp.local."
_MOST_FOUND = 20
_RESOLVED_WITHIN_MS = 2000
_ASKED_AGAIN_S = 1.5
"""How long a process that lost its server looks for it, between two attempts to connect."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server that answers in this network; what it says of itself is proven by nothing."""

    site: str
    host: str
    port: int


def find_servers(within_s: float, interfaces: Sequence[str] | None = None) -> list[FoundServer]:
    """Return the servers that answer within `within_s`; at once when one has."""
    found: dict[str, FoundServer] = {}
    answered = threading.Event()

    def take(
        zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange
    ) -> None:
        if state_change is ServiceStateChange.Removed or len(found) >= _MOST_FOUND:
            return
        info = zeroconf.get_service_info(service_type, name, _RESOLVED_WITHIN_MS)
        addresses = info.parsed_addresses(IPVersion.V4Only) if info else []
        if info and addresses and info.port:
            site = (info.decoded_properties.get("site") or "")[:40]
            found[name] = FoundServer(site, _nearest(addresses), info.port)
            answered.set()

    zeroconf = Zeroconf(interfaces=_where(interfaces), ip_version=IPVersion.V4Only)
    try:
        browser = ServiceBrowser(zeroconf, TYPE, handlers=[take])
        if answered.wait(within_s):
            answered.clear()
            answered.wait(min(1.0, within_s))  # a second one means that somebody must choose
        browser.cancel()
    finally:
        zeroconf.close()
    return sorted(found.values(), key=lambda server: (server.site, server.host))


def addresses_of(server_name: str) -> list[str]:
    """Return where servers say to be the one of this name; whoever answers has yet to prove it."""
    try:
        servers = find_servers(_ASKED_AGAIN_S)
    except (OSError, ZeroconfError):
        return []
    site = server_name.removeprefix("server.").partition(".")[0]
    return [server.host for server in servers if server.site == site]


class Announcement:
    """Tells the network that the server of `site` is here; where it cannot, people type it."""

    def __init__(
        self,
        site: str,
        addresses: Sequence[str],
        port: int,
        interfaces: Sequence[str] | None = None,
    ) -> None:
        self._interfaces = interfaces
        packed = [socket.inet_aton(address) for address in addresses if _is_reachable(address)]
        self._info = ServiceInfo(
            TYPE,
            f"{site}.{TYPE}",
            port,
            addresses=packed,
            properties={"site": site, "v": "1"},
            server=f"denluot-{site}.local.",
        )
        self._zeroconf: AsyncZeroconf | None = None

    async def start(self) -> None:
        """Begin to answer."""
        try:
            self._zeroconf = AsyncZeroconf(
                interfaces=_where(self._interfaces), ip_version=IPVersion.V4Only
            )
            await self._zeroconf.async_register_service(self._info, allow_name_change=True)
        except (OSError, ZeroconfError) as error:  # the hall works without
            _log.warning("not found by name in the network error=%s", error)

    async def stop(self) -> None:
        """Say goodbye."""
        if self._zeroconf:
            await self._zeroconf.async_close()


def _where(interfaces: Sequence[str] | None) -> list[str] | InterfaceChoice:
    if interfaces is not None:
        return list(interfaces)
    try:
        ifaddr.get_adapters()
    except OSError:  # most of our units may not ask the kernel which interfaces there are
        return InterfaceChoice.Default
    return InterfaceChoice.All


def _is_reachable(address: str) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return parsed.version == 4 and not parsed.is_loopback  # noqa: PLR2004 - the protocol's number


def _nearest(addresses: Sequence[str]) -> str:
    """Return the address that other machines of the hall reach."""
    return next((a for a in addresses if not ip_address(a).is_link_local), addresses[0])
