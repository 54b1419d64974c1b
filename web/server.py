"""The HTTP servers of the web process: the staff's, and the public one for boards."""

import asyncio
import os
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, Literal, cast

import uvicorn
from litestar.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from config.watchdog import Watchdog
from provisioning.authority import fingerprint
from provisioning.certificate import names_of
from provisioning.errors import ProvisioningError
from web.errors import AddressError
from web.guard import MOST_AT_ONCE, MOST_ON_PUBLIC, Guard, is_address
from web.proof_of_life import keep_proving

_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
_MAX_PORT = 65535
_MAX_HEADER_BYTES = 16 * 1024
_MOST_SILENT = 256
_END_WITHIN_S = 3
_LOST_AFTER_MS = 20_000

ASK_WITHIN_S = 10.0
"""How long a connection may take to make a whole request."""


@dataclass(slots=True)
class Tls:
    """The files by which a listener proves who it is, and what is served of them now."""

    certificate: str
    key: str
    names: frozenset[str]
    digest: bytes = b""
    """The SHA-256 of the certificate that is served, which boxes see when they pair."""


def tls_of(certificate: str, key: str) -> Tls | None:
    """Return what a listener speaks TLS with, None without; raises AddressError for bad files."""
    if not certificate and not key:
        return None
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key or None)
        served = Path(certificate)
        return Tls(certificate, key, names_of(served), bytes.fromhex(fingerprint(served)))
    except (OSError, ProvisioningError) as error:
        raise AddressError(
            f"cannot use web.certificate {certificate!r} with web.key {key!r}: {error};"
            " make both by denluot account certificate"
        ) from error


def listen(host: str, port: int, tls: Tls | None = None) -> socket.socket:
    """Return the staff's listening socket; raises AddressError with what to do.

    Passwords leave this machine over TLS only.
    """
    if host not in _LOCAL_HOSTS and tls is None:
        raise AddressError(
            f"without a certificate the page is served on this machine only: use 127.0.0.1,"
            f" not {host!r}, or make one by denluot account certificate"
        )
    if not 0 <= port <= _MAX_PORT:
        raise AddressError(f"a port is 0 to {_MAX_PORT}, not {port}; choose another --port")
    return _bind(host, port, "--port" if host in _LOCAL_HOSTS else "web.host or web.port")


def listen_for_boards(host: str, port: int) -> socket.socket:
    """Return a listening socket for the board alone; raises AddressError with what to do."""
    return _bind(host, port, "web.board_port or web.board_host")


class BoardServer(uvicorn.Server):
    """Serve boards and phones on a listener of its own, with connections of its own."""

    def __init__(
        self, app: ASGIApp, is_ours: Callable[[str], bool], listener: socket.socket
    ) -> None:
        """Answer to the hosts that are ours."""
        super().__init__(_config(app, is_ours, "off", most_at_once=MOST_ON_PUBLIC))
        self._listener = listener

    async def run_beside(self) -> None:
        """Serve until told to exit."""
        await self.serve([self._listener])

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the managers' server."""
        yield


class Server(uvicorn.Server):
    """Serve an application until told to end; calls `on_stop` before it waits for streams."""

    def __init__(
        self,
        app: ASGIApp,
        on_stop: Callable[[], None],
        boards: BoardServer | None = None,
        tls: Tls | None = None,
        watchdog: Watchdog | None = None,
    ) -> None:
        """Serve `boards` beside it, if there are any; `watchdog` is fed by what is answered."""
        super().__init__(_config(app, _staff_names(tls), "on", tls))
        self._tls = tls
        self._on_stop = on_stop
        self._boards = boards
        self._beside: asyncio.Task[None] | None = None
        self._watchdog = watchdog or Watchdog()
        self._proving: asyncio.Task[None] | None = None

    def take_certificate(self) -> None:
        """Serve by the certificate that lies on the disk now; connections that are open stay."""
        tls, context = self._tls, self.config.ssl
        if tls is None or not isinstance(context, ssl.SSLContext):
            return
        fresh = tls_of(tls.certificate, tls.key)
        if fresh:
            context.load_cert_chain(tls.certificate, tls.key or None)
            tls.names, tls.digest = fresh.names, fresh.digest

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End in good order, with exit code 0."""
        del sig, frame
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then the boards' server."""
        if self.config.is_ssl:
            await super().startup([])
            self.servers = [await self._listen_secure(listener) for listener in sockets or ()]
        else:
            await super().startup(sockets)
        if self._boards:
            self._beside = asyncio.create_task(self._boards.run_beside())
        if self._watchdog.every_s and sockets:
            address = sockets[0].getsockname()[:2]
            self._proving = asyncio.create_task(
                keep_proving(self._watchdog, address, secure=self.config.is_ssl)
            )

    async def _listen_secure(self, listener: socket.socket) -> asyncio.Server:
        """Speak TLS, with handshakes that end: uvicorn leaves each the 60 s of asyncio."""
        make = partial(
            cast("Callable[..., asyncio.Protocol]", self.config.http_protocol_class),
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )
        return await asyncio.get_running_loop().create_server(
            make,
            sock=listener,
            ssl=self.config.ssl,
            backlog=self.config.backlog,
            ssl_handshake_timeout=ASK_WITHIN_S,
            ssl_shutdown_timeout=_END_WITHIN_S,
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then the servers."""
        self._watchdog.stopping()
        if self._proving:
            self._proving.cancel()
            await asyncio.wait([self._proving])
        self._on_stop()
        if self._boards and self._beside:
            self._boards.should_exit = True
            await self._beside
        await super().shutdown(sockets)


def impatient_connections(
    ask_within_s: float, most_silent: int = _MOST_SILENT
) -> type[asyncio.Protocol]:
    """Return what makes connections that end unless each whole request comes within `ask_within_s`.

    Those that ask nothing keep nobody out: of more than `most_silent` the oldest gives way. uvicorn
    has no such limit, and its limit of concurrency counts the silent ones too.
    """
    silent = _Silent(ask_within_s, most_silent)
    make: object = partial(_ImpatientConnection, silent=silent)
    return cast("type[asyncio.Protocol]", make)


class _Silent:
    """The connections of one server that ask nothing now, oldest first."""

    def __init__(self, ask_within_s: float, most: int) -> None:
        self._ask_within_s = ask_within_s
        self._most = most
        self._timers: dict[_ImpatientConnection, asyncio.TimerHandle] = {}

    def add(self, connection: "_ImpatientConnection") -> None:
        self.remove(connection)
        later = connection.loop.call_later
        self._timers[connection] = later(self._ask_within_s, self._end, connection)
        if len(self._timers) > self._most:
            oldest = next(iter(self._timers))
            self.remove(oldest)
            oldest.transport.abort()

    def remove(self, connection: "_ImpatientConnection") -> None:
        if timer := self._timers.pop(connection, None):
            timer.cancel()

    def _end(self, connection: "_ImpatientConnection") -> None:
        """End a connection when all is sent; at the second time even where that is not taken."""
        if connection.transport.is_closing():
            self.remove(connection)
            connection.transport.abort()
        else:
            connection.transport.close()
            self.add(connection)


class _ImpatientConnection(H11Protocol):
    def __init__(self, *args: Any, silent: _Silent, **more: Any) -> None:  # noqa: ANN401 - uvicorn's
        super().__init__(*args, **more)
        self._silent = silent

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._silent.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._silent.remove(self)

    def handle_events(self) -> None:
        super().handle_events()
        cycle = self.cycle
        if cycle and not cycle.more_body and not cycle.response_complete:
            self._silent.remove(self)

    def on_response_complete(self) -> None:
        self._silent.add(self)
        super().on_response_complete()


def _bind(host: str, port: int, setting: str) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        number = error.errno or 0
        why = os.strerror(number) if number > 0 else error.strerror
        raise AddressError(
            f"cannot listen on {host}:{port}: {why}; choose another {setting}"
        ) from error
    # A TV that was unplugged says no goodbye: its connection ends when it takes nothing more.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _LOST_AFTER_MS)
    return listener


def _staff_names(tls: Tls | None) -> Callable[[str], bool]:
    """Return what tells by which hosts the staff's pages are asked for."""
    if tls is None:
        return _LOCAL_NAMES.__contains__
    return lambda name: is_address(name) or name in _LOCAL_NAMES or name in tls.names


def _config(
    app: ASGIApp,
    is_ours: Callable[[str], bool],
    lifespan: Literal["on", "off"],
    tls: Tls | None = None,
    most_at_once: int = MOST_AT_ONCE,
) -> uvicorn.Config:
    return uvicorn.Config(
        Guard(app, is_ours, most_at_once),
        http=impatient_connections(ASK_WITHIN_S),
        ws="none",
        lifespan=lifespan,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=_MAX_HEADER_BYTES,
        timeout_graceful_shutdown=_END_WITHIN_S,
        ssl_certfile=tls.certificate if tls else None,
        ssl_keyfile=tls.key or None if tls else None,
    )
