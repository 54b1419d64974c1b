"""Whether phones reach the address of the centre: a phone in the hall says so, once.

Guests' Wi-Fi is often kept apart from the network of the house, and nobody sees that from here. So
no paper carries an address before somebody has opened it on a phone where citizens stand.
"""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import httpx
from msgspec import structs

from config.settings import Centre

LIVES_S = 15 * 60
_WITHIN_S = 8.0
_CODE_BYTES = 9


class Reached(StrEnum):
    """What became of a phone's word."""

    CONFIRMED = "confirmed"
    SPENT = "spent"
    """The code is unknown, over, or for an address that has changed since."""
    OTHER_ADDRESS = "other_address"
    """The phone came by another address than the one that would be printed."""
    UNTRUSTED = "untrusted"
    """Phones would warn of the certificate."""
    NOT_APPLIED = "not_applied"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a phone is asked to open."""

    code: str
    address: str
    account: str
    ends_s: float

    @property
    def url(self) -> str:
        """Return what the phone opens."""
        return f"{self.address.rstrip('/')}/reach/{self.code}"


class Invitations:
    """The one invitation that stands; the newest replaces the one before."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._standing: Invitation | None = None

    def make(self, address: str, account: str) -> Invitation:
        """Invite a phone to open `address`, in the name of `account`."""
        code = secrets.token_urlsafe(_CODE_BYTES)
        self._standing = Invitation(code, address, account, self._monotonic() + LIVES_S)
        return self._standing

    def standing(self, address: str) -> Invitation | None:
        """Return the invitation to `address`, if there is one."""
        found = self._standing
        if found is None or found.address != address or self._monotonic() >= found.ends_s:
            return None
        return found

    def find(self, code: str, address: str) -> Invitation | None:
        """Return the invitation with `code`."""
        found = self.standing(address)
        same = found is not None and secrets.compare_digest(found.code.encode(), code.encode())
        return found if same else None

    def spend(self) -> None:
        """End the invitation: a phone has come."""
        self._standing = None


CheckTrust = Callable[[str], Awaitable[bool]]
"""Returns whether every phone trusts the certificate of an address."""


async def publicly_trusted(url: str) -> bool:
    """Return whether the certificate at `url` is one of the public authorities'.

    By the list that Mozilla keeps, not by what this machine was taught to trust.
    """
    try:
        async with httpx.AsyncClient(timeout=_WITHIN_S, trust_env=False) as client:
            await client.head(url)
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        return False
    return True


def reached(centre: Centre, at: datetime, *, trusted: bool) -> Centre:
    """Return the centre whose address a phone has opened."""
    identity = structs.replace(
        centre.identity,
        reached_url=centre.identity.public_url,
        reached_on=at.astimezone(centre.identity.zone).date(),
        reached_trusted=trusted,
    )
    return structs.replace(centre, identity=identity)
