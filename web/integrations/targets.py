"""Where a webhook may go, judged by the address that is connected to, at every delivery.

A name is looked up once for each delivery, all of its addresses are judged, and the connection goes
to one of the judged ones: a name that answers differently the next moment gains nothing. The
certificate is still the one of the name.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import httpx

from hall.words import N_
from provisioning.errors import IntegrationError
from provisioning.webhooks import LONGEST_URL
from web.errors import TargetError

WITHIN_S = 5.0
"""What a delivery may take in all: the name, the connection, the answer."""

Lookup = Callable[[str, int], Awaitable[Sequence[str]]]
_SCHEMES = ("http", "https")
_OK = range(200, 300)
_TRANSLATED = IPv6Network("64:ff9b::/96")
_SHORTEST_PORT, _LAST_PORT = 1, 65535


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of a webhook's URL."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """Return host and port as a request names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"http": 80, "https": 443}[self.scheme]
        return host if self.port == usual else f"{host}:{self.port}"

    def at(self, address: str) -> str:
        """Return the URL that connects to `address`."""
        host = f"[{address}]" if ":" in address else address
        return f"{self.scheme}://{host}:{self.port}{self.path}"


async def look_up(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a name; raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def is_outside(text: str) -> bool:
    """Return whether an address is on the public internet, whatever it is wrapped in."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    inner = _wrapped(address) if isinstance(address, IPv6Address) else None
    if inner is not None:
        return is_outside(str(inner))
    old_inside = isinstance(address, IPv6Address) and address.is_site_local
    special = address.is_multicast or address.is_reserved or old_inside
    return address.is_global and not special


class Targets:
    """Judges URLs and delivers to them; `listed` hosts may be inside and need no TLS."""

    def __init__(
        self,
        listed: frozenset[str] = frozenset(),
        *,
        look_up: Lookup = look_up,
        may_go: Callable[[str], bool] = is_outside,
        trusted: ssl.SSLContext | None = None,
        within_s: float = WITHIN_S,
    ) -> None:
        """Trust the authorities of this machine, or those of `trusted`."""
        self._listed = frozenset(host.lower() for host in listed)
        self._look_up = look_up
        self._is_outside = may_go
        self._trusted = trusted or ssl.create_default_context()
        self._within_s = within_s

    def parse(self, url: str) -> Target:
        """Return the parts of a URL that may be a webhook's; raises IntegrationError."""
        target = _parsed(url)
        if target.scheme != "https" and target.host not in self._listed:
            raise IntegrationError(
                "url",
                N_("Địa chỉ phải bắt đầu bằng https://, trừ máy ghi trong webhook_hosts."),
            )
        if _is_address(target.host) and not self._may_go(target, target.host):
            raise IntegrationError(
                "url",
                N_("Địa chỉ này nằm trong mạng nội bộ; chỉ dùng khi có trong webhook_hosts."),
            )
        return target

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Deliver `body` within five seconds; raises TargetError, which says why not."""
        try:
            async with asyncio.timeout(self._within_s):
                status = await self._post(url, body, headers)
        except TimeoutError:
            raise TargetError(f"no answer within {self._within_s:g} s") from None
        if status not in _OK:
            raise TargetError(f"answered with status {status}")

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        try:
            target = self.parse(url)
        except IntegrationError as error:
            raise TargetError("the address may not be used") from error
        address = await self._address(target)
        client = httpx.AsyncClient(
            verify=self._trusted, trust_env=False, follow_redirects=False, timeout=self._within_s
        )
        async with client:
            request = client.build_request(
                "POST",
                target.at(address),
                content=body,
                headers={**headers, "Host": target.host_header, "Accept-Encoding": "identity"},
                extensions={"sni_hostname": target.host},
            )
            try:
                answer = await client.send(request, stream=True)
                await answer.aclose()
            except httpx.HTTPError as error:
                raise TargetError(_why(error)) from error
            return answer.status_code

    async def _address(self, target: Target) -> str:
        """Return the address to connect to; none of the name's may be forbidden."""
        try:
            found = await self._look_up(target.host, target.port)
        except OSError as error:
            raise TargetError(f"{target.host} is not known") from error
        if not found:
            raise TargetError(f"{target.host} is not known")
        forbidden = [address for address in found if not self._may_go(target, address)]
        if forbidden:
            raise TargetError(f"{target.host} leads to {forbidden[0]}, which is not allowed")
        return found[0]

    def _may_go(self, target: Target, address: str) -> bool:
        return target.host in self._listed or self._is_outside(address)


def _parsed(url: str) -> Target:
    wrong = IntegrationError("url", N_("Đây không phải là một địa chỉ, ví dụ https://a.vn/nhan."))
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise wrong
    try:
        parts = urlsplit(url)
        usual = {"http": 80, "https": 443}.get(parts.scheme, 0)
        port = usual if parts.port is None else parts.port
    except ValueError:
        raise wrong from None
    host = (parts.hostname or "").rstrip(".")
    unclear = parts.username is not None or parts.password is not None or parts.fragment
    if parts.scheme not in _SCHEMES or not host or unclear or "\\" in url:
        raise wrong
    if not _SHORTEST_PORT <= port <= _LAST_PORT:
        raise wrong
    path = parts.path or "/"
    return Target(parts.scheme, host, port, f"{path}?{parts.query}" if parts.query else path)


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that one of IPv6 stands for."""
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _why(error: httpx.HTTPError) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
