"""Whether citizens' phones can reach a web address, as far as the address itself tells.

Nobody can know from here whether the internet, or the hall's Wi-Fi, leads to it. What can be known
is that some addresses lead nowhere: this machine itself, a name that only machines of the office
know, an address without a host. A private one such as 192.168.1.10 is taken: a hall with Wi-Fi for
citizens reaches it.
"""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

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
