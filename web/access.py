"""Who may ask for what: the class of every route, the visitor behind a request, their language."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from litestar import Litestar, Request
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler

from hall.words import Words
from provisioning.accounts import Role
from provisioning.sessions import Login, Sessions
from web.errors import RouteClassError

__all__ = [
    "PUBLIC",
    "Door",
    "Role",
    "Visitor",
    "client_address",
    "open_to",
    "require_route_classes",
]

AnyRequest = Request[Any, Any, Any]
LANGUAGES = ("vi", "en")
COOKIE = "denluot-session"
SECURE_COOKIE = "__Host-denluot-session"
"""The name under TLS: browsers take it from this very host alone, and send it only there."""
CSRF_FIELD = "_csrf"
CSRF_HEADER = "X-CSRF-Token"

_CLASS = "route_class"
_QUIET = "quiet"
_VISITOR = "denluot_visitor"
_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_OWN_SITE = frozenset({"same-origin", "none"})

PUBLIC: Mapping[str, object] = {_CLASS: "public"}
"""The `opt` of a route for everybody: without cookie, without login."""

TOKEN_CLASS: Mapping[str, object] = {_CLASS: "token"}
"""Of a route for programs: see `web.integrations.token_door`. A cookie opens none of them."""

TABLET_CLASS: Mapping[str, object] = {_CLASS: "tablet"}
"""Of a route for a paired tablet, see `web.rating.door`. An account opens none of them."""


def open_to(role: Role, *, quiet: bool = False) -> dict[str, object]:
    """Return the `opt` of a route for `role` and those who may do more.

    A `quiet` route is asked by a page, not by a person: it keeps nobody logged in.
    """
    return {_CLASS: role, _QUIET: quiet}


@dataclass(frozen=True)
class Visitor:
    """The person behind a request."""

    account: str
    name: str
    role: Role
    counters: tuple[int, ...]
    csrf: str
    login: Login = field(repr=False, compare=False)
    sessions: Sessions = field(repr=False, compare=False)

    def may(self, role: Role) -> bool:
        """Return whether the pages for `role` are for them."""
        return self.role.includes(role)

    async def still_in(self) -> bool:
        """Return whether the session goes on: what a live stream asks before it says more."""
        found = await asyncio.to_thread(self.sessions.find_by_digest, self.login.digest)
        return found is not None and found.role == self.role


@dataclass(frozen=True)
class Door:
    """Lets requests of the staff's listener pass or not; `admit` is a guard of the application."""

    sessions: Sessions
    secure: bool = False
    """Whether the staff's listener speaks TLS."""
    by_token: "Guard | None" = None
    """What lets programs pass; without it nobody has a token."""
    by_tablet: "Guard | None" = None
    """What lets paired tablets pass."""

    @property
    def cookie(self) -> str:
        """Return the name of the session's cookie."""
        return SECURE_COOKIE if self.secure else COOKIE

    async def admit(self, request: "AnyConnection", handler: BaseRouteHandler) -> None:
        """Find the visitor; raise NotAuthorized for a login, PermissionDenied for good."""
        wanted = handler.opt.get(_CLASS)
        if wanted == "public":
            return
        if wanted == "token" and self.by_token:
            await self.by_token(request, handler)
            return
        if wanted == "tablet" and self.by_tablet:
            await self.by_tablet(request, handler)
            return
        token = request.cookies.get(self.cookie, "")
        quiet = bool(handler.opt.get(_QUIET))
        login = await asyncio.to_thread(self.sessions.find, token, quiet=quiet) if token else None
        if login is None:
            raise NotAuthorizedException("log in first")
        if not isinstance(wanted, Role) or not login.role.includes(wanted):
            raise PermissionDeniedException("not for this account")
        if request.scope.get("method") in _CHANGING:
            await require_csrf(request, login.csrf)
        login = await self._in_language(request, login)
        request.scope["state"][_VISITOR] = Visitor(
            login.account,
            login.name,
            login.role,
            login.counters,
            login.csrf,
            login,
            self.sessions,
        )

    async def _in_language(self, request: "AnyConnection", login: Login) -> Login:
        lang = request.query_params.get("lang")
        if lang in LANGUAGES and lang != login.lang:
            await asyncio.to_thread(self.sessions.speak, login, lang)
            return replace(login, lang=lang)
        return login


AnyConnection = ASGIConnection[Any, Any, Any, Any]
Guard = Callable[[AnyConnection, BaseRouteHandler], Awaitable[None]]


def visitor(request: AnyRequest) -> Visitor:
    """Provide the visitor of a route that is not public."""
    found = request.scope["state"].get(_VISITOR)
    if not isinstance(found, Visitor):
        raise PermissionDeniedException("a public page has no visitor")
    return found


def words(request: AnyRequest) -> Words:
    """Provide the visitor's language; the address of a public page says it."""
    lang = request.query_params.get("lang", "")
    if lang not in LANGUAGES:
        known = request.scope["state"].get(_VISITOR)
        lang = known.login.lang if isinstance(known, Visitor) else "vi"
    return Words(lang)


def client_address(request: AnyRequest) -> str:
    """Return from where a request comes."""
    return request.client.host if request.client else ""


def require_route_classes(app: Litestar) -> None:
    """Raise RouteClassError for a route of which nobody has said for whom it is."""
    forgotten = [
        f"{'/'.join(sorted(handler.http_methods))} {path}"
        for path, handler in routes_of(app)
        if handler.opt.get(_CLASS) not in ("public", "token", "tablet", *Role)
    ]
    if forgotten:
        raise RouteClassError(f"no class, see web/access.py: {', '.join(sorted(forgotten))}")


def routes_of(app: Litestar) -> Sequence[tuple[str, HTTPRouteHandler]]:
    """Return every route with its handler; the answers to OPTIONS that Litestar adds are none."""
    return [
        (route.path, handler)
        for route in app.routes
        for handler in getattr(route, "route_handlers", [getattr(route, "route_handler", None)])
        if handler is not None and getattr(handler, "http_methods", {"GET"}) != {"OPTIONS"}
    ]


def local_target(target: str) -> str:
    """Return a path of this site to go on to; anything else is the first page."""
    parts = urlsplit(target.replace("\\", "/"))
    local = target.startswith("/") and not target.startswith("//")
    if parts.scheme or parts.netloc or not local or not target.isprintable():
        return "/"
    return target


def from_own_site(headers: Mapping[str, str]) -> bool:
    """Return whether a browser says that one of our own pages sent the request."""
    if site := headers.get("sec-fetch-site"):
        return site in _OWN_SITE
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host", "")


async def require_csrf(request: AnyConnection, csrf: str) -> None:
    """Raise PermissionDenied unless a form holds `csrf` and comes from our own pages."""
    token: object = request.headers.get(CSRF_HEADER)
    form = None
    if token is None and isinstance(request, Request):
        form = await request.form()
        token = form.get(CSRF_FIELD)
    right = isinstance(token, str) and hmac.compare_digest(token.encode(), csrf.encode())
    if right and from_own_site(request.headers):
        return
    if form is not None:
        await form.close()  # Litestar closes the files of forms only once a handler has run
    raise PermissionDeniedException("this form is not from a page of this session")
