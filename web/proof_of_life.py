"""The web process's sign of life: it answers itself, as it would answer anybody."""

import asyncio
import errno
import logging
import ssl

from config.watchdog import Watchdog

_log = logging.getLogger(__name__)

ANSWER_WITHIN_S = 10.0
_ASK = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what such a listener is asked by
_NO_NETWORK = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL})
_STATUS = b"HTTP/1.1 "


async def keep_proving(
    watchdog: Watchdog,
    address: tuple[str, int],
    *,
    secure: bool,
    answer_within_s: float = ANSWER_WITHIN_S,
) -> None:
    """Ask the listener at `address` now and then, and feed by each answer, until cancelled.

    The question takes the way of every visitor: the listener, TLS, the event loop, a thread that
    reads the store. What the answer says of broker and service does not matter: restarting the
    pages would mend neither.
    """
    well = True
    while True:
        try:
            async with asyncio.timeout(answer_within_s):
                await _ask(address, secure=secure)
            why = ""
        except (OSError, ValueError) as error:
            no_network = isinstance(error, OSError) and error.errno in _NO_NETWORK
            why = "" if no_network else repr(error)
        if not why:
            watchdog.feed()
        elif well:
            _log.error("these pages do not answer themselves error=%s", why)
        well = not why
        await asyncio.sleep(watchdog.every_s or answer_within_s)


async def _ask(address: tuple[str, int], *, secure: bool) -> None:
    """Read one whole answer; raises ValueError when it is none, OSError when there is none."""
    host, port = address
    reader, writer = await asyncio.open_connection(
        _ANY.get(host, host), port, ssl=_own_tls() if secure else None
    )
    try:
        writer.write(_ASK)
        answer = await reader.read()
        if not answer.startswith(_STATUS):
            raise ValueError("no answer")
    finally:
        writer.close()


def _own_tls() -> ssl.SSLContext:
    """Return a context that trusts whoever answers: it is this very process."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
