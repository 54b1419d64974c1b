"""A citizen gives the number up: asked for by the account of phones, which may do nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from litestar import Litestar

from bus.commands import CancelTicket, Reply
from bus.session import Session
from config.settings.centre import Identity

_PORTS = {"http": 80, "https": 443}


class Cancelling:
    """Sends cancellations over the link of `web-public`, where this machine has its password."""

    def __init__(self, link: Session | None) -> None:
        self._link = link

    @property
    def possible(self) -> bool:
        """Return whether numbers can be given up here at all."""
        return self._link is not None

    async def cancel(self, token: str) -> Reply:
        """Return what the service answers."""
        if self._link is None:
            return Reply(id="", ok=False)
        answered: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()

        def take(reply: Reply) -> None:
            if not answered.done():
                answered.set_result(reply)

        self._link.ask(CancelTicket(token=token), take)
        return await answered

    @asynccontextmanager
    async def working(self, _app: Litestar) -> AsyncIterator[None]:
        """Keep the link while the application runs."""
        if self._link:
            self._link.start()
        try:
            yield
        finally:
            if self._link:
                await asyncio.to_thread(self._link.stop)


def came_by(address: str, host: str) -> bool:
    """Return whether a request with the header Host: `host` came by `address`."""
    wanted, came = urlsplit(address), urlsplit(f"//{host}")
    try:
        port = wanted.port or _PORTS.get(wanted.scheme)
        same_port = (came.port or _PORTS.get(wanted.scheme)) == port
    except ValueError:
        return False
    return bool(wanted.hostname) and came.hostname == wanted.hostname and same_port


def is_trusted(identity: Identity, host: str) -> bool:
    """Return whether a request came by an address that every phone trusts."""
    return identity.phone_url_trusted and came_by(identity.phone_url, host)
