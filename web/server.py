"""The HTTP server of the web process: this machine only, orderly at its end."""

import os
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn
from litestar.types import ASGIApp

from web.errors import AddressError
from web.guard import Guard

_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
_MAX_PORT = 65535
_MAX_HEADER_BYTES = 16 * 1024
_MAX_CONNECTIONS = 200
_END_WITHIN_S = 3


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket of this machine; raises AddressError with what to do."""
    if host not in _LOCAL_HOSTS:
        raise AddressError(f"the page is served on this machine only; use 127.0.0.1, not {host!r}")
    if not 0 <= port <= _MAX_PORT:
        raise AddressError(f"a port is 0 to {_MAX_PORT}, not {port}; choose another --port")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise AddressError(
            f"cannot listen on {host}:{port}: {why}; choose another --port"
        ) from error


class Server(uvicorn.Server):
    """Serve an application until told to end; calls `on_stop` before it waits for streams."""

    def __init__(self, app: ASGIApp, on_stop: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                Guard(app, _LOCAL_NAMES),
                http="h11",
                ws="none",
                lifespan="on",
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                h11_max_incomplete_event_size=_MAX_HEADER_BYTES,
                limit_concurrency=_MAX_CONNECTIONS,
                timeout_graceful_shutdown=_END_WITHIN_S,
            )
        )
        self._on_stop = on_stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End in good order, with exit code 0."""
        del sig, frame
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then the server."""
        self._on_stop()
        await super().shutdown(sockets)
