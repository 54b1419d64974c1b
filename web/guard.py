"""What stands before every request: limits, and headers that keep browsers careful."""

from collections.abc import Callable
from ipaddress import ip_address

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

MAX_TARGET_BYTES = 1024
MAX_BODY_BYTES = 512
WITH_BODY = b"/board/painted"
"""The one address that takes a POST: JSON of at most MAX_BODY_BYTES, from its own page."""

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; object-src 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_UNCACHED = "no-store"


class Guard:
    """Let only short requests pass, for names this server answers to.

    That is a GET without a body, and what a board's page says of itself.
    """

    def __init__(self, app: ASGIApp, is_ours: Callable[[str], bool]) -> None:
        """Stand before `app`, which is reached by the hosts that are ours."""
        self._app = app
        self._is_ours = is_ours

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return

        async def send_carefully(message: Message) -> None:
            if message["type"] == "http.response.start":
                message.setdefault("headers", [])
                headers = MutableScopeHeaders(message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", _UNCACHED)
            await send(message)

        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, send_carefully)
        else:
            await _refuse(send_carefully, *refusal)

    def _refusal(self, scope: HTTPScope) -> tuple[int, str] | None:
        headers = {name.lower(): value for name, value in scope["headers"]}
        if len(scope["raw_path"]) + len(scope["query_string"]) > MAX_TARGET_BYTES:
            return 414, "the address is too long"
        if not self._is_ours(_host_name(headers.get(b"host", b""))):
            return 421, "not the name of this server"
        if scope["method"] == "POST" and scope["raw_path"] == WITH_BODY:
            return _refusal_of_body(headers)
        if scope["method"] != "GET":
            return 405, "only GET"
        if headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers:
            return 413, "no body is expected"
        return None


def is_address(host: str) -> bool:
    """Return whether `host` is an IP address, which no other site's name can stand for."""
    try:
        ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def _refusal_of_body(headers: dict[bytes, bytes]) -> tuple[int, str] | None:
    length = headers.get(b"content-length", b"")
    if b"transfer-encoding" in headers or not length.isdigit() or int(length) > MAX_BODY_BYTES:
        return 413, f"a body of at most {MAX_BODY_BYTES} bytes is expected"
    if headers.get(b"content-type", b"").partition(b";")[0] != b"application/json":
        return 415, "JSON is expected"
    origin, host = headers.get(b"origin"), headers.get(b"host", b"").lower()
    if origin is not None and origin.lower() not in {b"http://" + host, b"https://" + host}:
        return 403, "only for this server's own page"
    return None


def _host_name(host: bytes) -> str:
    text = host.decode("latin-1").lower()
    return text.partition("]")[0] + "]" if text.startswith("[") else text.partition(":")[0]


async def _refuse(send: Send, status: int, why: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    if status == 405:  # noqa: PLR2004 - the status that names what is allowed
        headers.append((b"allow", b"GET"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{why}\n".encode(), "more_body": False})
