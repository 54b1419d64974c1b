"""Whether addresses can lead somewhere, as far as an address itself tells.

Nobody can know from here whether a device answers, or the internet leads to a web address. What
can be known is that some lead nowhere: `192.168.1..50`; and for citizens' phones this machine
itself, or a name that only machines of the office know. A private address such as 192.168.1.10 is
taken: a hall with Wi-Fi for citizens reaches it.
"""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

import msgspec

from config.errors import ConfigError

_LONGEST = 120
"""So that the code on 58 mm paper stays large enough to be read."""
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_UNKNOWN_TO_PHONES = frozenset(
    {
        "arpa",
        "corp",
        "example",
        "home",
        "internal",
        "intranet",
        "invalid",
        "lan",
        "local",
        "localdomain",
        "localhost",
        "private",
        "test",
    }
)
"""Last parts of names that no public name server knows; RFC 2606, 6761, 6762 and common habit."""


_HOSTS = frozenset({"host", "board_host", "board_names", "server_name"})
_PLACES = frozenset({"url", "path", "ca_file", "password_file", "folder"})
_MAY_BE_EMPTY = frozenset({"board_host", "ca_file", "password_file", "server_name", "folder"})
_NETWORK_LINES = ("socket://", "rfc2217://")
_DEVICE_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)
_LONGEST_NAME = 253
_LAST_PORT = 65535


def check_addresses(settings: object, where: str = "$", name: str = "") -> None:
    """Check every host, line and path of a box's `settings`; raises ConfigError with its place."""
    if isinstance(settings, msgspec.Struct):
        for field in settings.__struct_fields__:
            check_addresses(getattr(settings, field), f"{where}.{field}", field)
    elif isinstance(settings, tuple):
        for index, each in enumerate(settings):
            check_addresses(each, f"{where}[{index}]", name)
    elif isinstance(settings, str) and (settings or name not in _MAY_BE_EMPTY):
        try:
            if name in _HOSTS:
                check_host(settings)
            elif name in _PLACES:
                check_place(settings)
        except ValueError as error:
            raise ConfigError(f"{error} - at {where}") from error


def check_host(host: str) -> None:
    """Raise ValueError unless `host` is an address or a name that a network may know."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        labels = host.removesuffix(".").split(".")
        named = all(_DEVICE_LABEL.fullmatch(label) for label in labels)
        if not named or labels[-1].isdigit() or len(host) > _LONGEST_NAME:
            raise ValueError(
                f"{host!r} is no address and no name of a host; write one such as 192.168.1.50"
            ) from None


def host_and_port(address: str, usual_port: int) -> tuple[str, int]:
    """Return where `printer.lan`, `192.168.1.50:9100` or `[fd00::5]` is; raises ValueError."""
    if address.startswith("["):
        host, bracket, rest = address[1:].partition("]")
        ipaddress.IPv6Address(host if bracket else "")
        colon, port = rest[:1], rest[1:]
    else:
        host, colon, port = address.partition(":")
        check_host(host)
    if not colon and not port:
        return host, usual_port
    if (
        colon != ":"
        or not port.isascii()
        or not port.isdecimal()
        or len(port) > len(str(_LAST_PORT))
    ):
        raise ValueError(f"{address!r} is no host and port")
    if not 0 < int(port) <= _LAST_PORT:
        raise ValueError(f"{address!r} has no port between 1 and {_LAST_PORT}")
    return host, int(port)


def check_place(place: str) -> None:
    """Raise ValueError unless `place` may be a file, a device, or a serial line on the network."""
    if not place.isprintable() or not place.strip():
        raise ValueError(f"{place!r} is no path; write one such as /dev/ttyUSB0")
    if not place.startswith(_NETWORK_LINES):
        return
    try:
        parts = urlsplit(place)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"{place!r} is no address of a line: {error}") from error
    if not host or not port:
        raise ValueError(f"{place!r} needs a host and a port, such as socket://192.168.1.50:4001")
    check_host(host)


def check_public_url(url: str) -> None:
    """Raise ValueError, saying what would be right, if no phone could open `url`."""
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError(
            f"{url!r} has letters that web addresses lack; write it as a browser shows it when "
            "copied, such as https://so.haiphong.gov.vn"
        )
    if len(url) > _LONGEST:
        raise ValueError(f"the address has {len(url)} letters, a readable code takes {_LONGEST}")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"{url!r} is no web address: {error}") from error
    _check_parts(url, parts)
    _check_host(parts.hostname or "")


def _check_parts(url: str, parts: SplitResult) -> None:
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(
            f"{url!r} is no web address; it begins with https:// or http:// and a host, "
            "such as https://so.haiphong.gov.vn"
        )
    if parts.username is not None or parts.query or parts.fragment or url[-1] in "?#":
        raise ValueError(
            f"{url!r} must end before any '?' or '#' and name no user: the ticket's own part "
            "is added to it"
        )


def _check_host(host: str) -> None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        _check_name(host)
        return
    mapped = getattr(address, "ipv4_mapped", None) or address
    if mapped.is_loopback or mapped.is_unspecified:
        raise ValueError(
            f"{host} is this machine itself, on a phone the phone; give the address by which the "
            "network knows it, such as http://192.168.1.10:8080"
        )
    if mapped.is_link_local or mapped.is_multicast or mapped.is_reserved:
        raise ValueError(f"phones cannot reach {host}; give a public name or a fixed address")


def _check_name(host: str) -> None:
    labels = host.rstrip(".").split(".")
    if not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        raise ValueError(f"{host!r} is no name of a host; such as so.haiphong.gov.vn")
    if len(labels) == 1 or labels[-1].lower() in _UNKNOWN_TO_PHONES:
        raise ValueError(
            f"phones do not know the name {host!r}; give a public one such as so.haiphong.gov.vn, "
            "or the address on the hall's Wi-Fi such as http://192.168.1.10:8080"
        )
