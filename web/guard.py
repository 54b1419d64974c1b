"""What stands before every request: for whom this server answers, and how much at once."""

from collections.abc import Callable
from ipaddress import ip_address

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

MAX_TARGET_BYTES = 4096
MAX_BODY_BYTES = 16 * 1024
MOST_AT_ONCE = 200
"""Requests that are answered at the same time, live streams among them."""
MOST_ON_PUBLIC = 1200
"""So on the listener of boards and phones: a thousand phones leave room for the boards."""

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'; object-src 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_UNCACHED = "no-store"
_FIRST_PRINTABLE = " "
_DELETE = "\x7f"


class Guard:
    """Let only short requests pass, for names this server answers to, and not too many at once.

    Litestar's own allowed hosts match the port too, and know no "any address".
    """

    def __init__(
        self, app: ASGIApp, is_ours: Callable[[str], bool], most_at_once: int = MOST_AT_ONCE
    ) -> None:
        """Stand before `app`, which is reached by the hosts that are ours."""
        self._app = app
        self._is_ours = is_ours
        self._most_at_once = most_at_once
        self._at_once = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal:
            await _refuse(scope, send, *refusal)
            return
        self._at_once += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._at_once -= 1

    def _refusal(self, scope: HTTPScope) -> tuple[int, str] | None:
        if len(scope["raw_path"]) + len(scope["query_string"]) > MAX_TARGET_BYTES:
            return 414, "the address is too long"
        if any(letter < _FIRST_PRINTABLE or letter == _DELETE for letter in scope["path"]):
            return 400, "not an address"
        hosts = [value for name, value in scope["headers"] if name.lower() == b"host"]
        if not self._is_ours(_host_name(hosts[0] if hosts else b"")):
            return 421, "not the name of this server"
        if self._at_once >= self._most_at_once:
            return 503, "too much at once"
        return None


class Pace:
    """A bucket of words for each address: `burst` at once, `per_s` in the long run."""

    def __init__(
        self,
        monotonic: Callable[[], float],
        *,
        per_s: float = 40.0,
        burst: float = 80.0,
        most: int = 500,
    ) -> None:
        """Remember at most `most` addresses, the ones heard last."""
        self._monotonic = monotonic
        self._per_s = per_s
        self._burst = burst
        self._most = most
        self._left: dict[str, tuple[float, float]] = {}

    def allows(self, address: str) -> bool:
        """Return whether `address` may speak now, and count its word."""
        at_s = self._monotonic()
        left, since_s = self._left.pop(address, (self._burst, at_s))
        left = min(self._burst, left + (at_s - since_s) * self._per_s)
        allowed = left >= 1
        self._left[address] = (left - 1 if allowed else left, at_s)
        if len(self._left) > self._most:
            del self._left[next(iter(self._left))]
        return allowed


async def add_careful_headers(message: Message, _scope: Scope) -> None:
    """Add headers that keep browsers careful to the beginning of an answer."""
    if message["type"] == "http.response.start":
        message.setdefault("headers", [])
        headers = MutableScopeHeaders(message)
        for name, value in _HEADERS.items():
            headers[name] = value
        headers.setdefault("Cache-Control", _UNCACHED)


def is_address(host: str) -> bool:
    """Return whether `host` is an IP address, which no other site's name can stand for."""
    try:
        ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def _host_name(host: bytes) -> str:
    text = host.decode("latin-1").lower()
    return text.partition("]")[0] + "]" if text.startswith("[") else text.partition(":")[0]


async def _refuse(scope: Scope, send: Send, status: int, why: str) -> None:
    # The connection stays: ended while a body is still on its way, it would be reset, and the
    # refusal lost with it.
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    start: Message = {"type": "http.response.start", "status": status, "headers": headers}
    await add_careful_headers(start, scope)
    await send(start)
    await send({"type": "http.response.body", "body": f"{why}\n".encode(), "more_body": False})
