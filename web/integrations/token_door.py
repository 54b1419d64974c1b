"""Who may ask for what by a token: it stands in the `Authorization` header and nowhere else."""

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address

from litestar.exceptions import (
    ClientException,
    NotAuthorizedException,
    PermissionDeniedException,
    TooManyRequestsException,
)
from litestar.handlers import BaseRouteHandler

from provisioning.errors import SiteDbError
from provisioning.tokens import TOKEN_PREFIX, Scope, Token, Tokens
from web.access import TOKEN_CLASS, AnyConnection
from web.guard import Pace

_SCOPE = "token_scope"
_LOOPBACK = "from_loopback"
_SECRET = re.compile(rf"{TOKEN_PREFIX}[\w-]{{20,}}", re.ASCII)
_SECRET_NAMES = frozenset({"token", "access_token", "api_key", "apikey", "key", "authorization"})
_PROXIED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_ASK_AGAIN_S = "1"

_log = logging.getLogger(__name__)


def by_token(scope: Scope | None, *, from_loopback: bool = False) -> dict[str, object]:
    """Return the `opt` of a route for tokens with `scope`, with None for all of them.

    With `from_loopback`, a program of this machine needs none.
    """
    return {**TOKEN_CLASS, _SCOPE: scope, _LOOPBACK: from_loopback}


@dataclass(frozen=True, slots=True)
class TokenDoor:
    """Lets requests with a good token pass; cookies count for nothing here."""

    tokens: Tokens
    pace: Pace
    """Of each token."""
    strangers: Pace
    """Of each address, for requests without a good token."""

    @classmethod
    def opened(cls, tokens: Tokens, monotonic: Callable[[], float]) -> "TokenDoor":
        """Return a door with the usual rates: 10 requests a second for a token, 60 at once."""
        return cls(
            tokens,
            Pace(monotonic, per_s=10, burst=60),
            Pace(monotonic, per_s=1, burst=30),
        )

    async def admit(self, request: AnyConnection, handler: BaseRouteHandler) -> None:
        """Find the token of a request; raises ClientException and its kinds."""
        _require_no_secret_in_address(request)
        if handler.opt.get(_LOOPBACK) and is_from_this_machine(request):
            return
        token = await self._token(request)
        wanted = handler.opt.get(_SCOPE)
        if wanted is not None and wanted not in token.scopes:
            raise PermissionDeniedException(f"this token has no scope {wanted!s}")

    async def _token(self, request: AnyConnection) -> Token:
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        token = None
        if kind.lower() == "bearer" and secret:
            token = await asyncio.to_thread(self.tokens.find, secret.strip())
        if token is None:
            self._require_pace(self.strangers, request.client.host if request.client else "")
            raise NotAuthorizedException(
                "a valid token in the header `Authorization: Bearer …` is needed",
                headers={"WWW-Authenticate": 'Bearer realm="denluot"'},
            )
        self._require_pace(self.pace, str(token.id))
        try:
            await asyncio.to_thread(self.tokens.note_use, token)
        except SiteDbError as error:  # figures can be read from a disk that is full
            _log.warning("use of a token not noted error=%s", error)
        return token

    @staticmethod
    def _require_pace(pace: Pace, who: str) -> None:
        if not pace.allows(who):
            raise TooManyRequestsException(
                "too many requests; ask again later", headers={"Retry-After": _ASK_AGAIN_S}
            )


def is_from_this_machine(request: AnyConnection) -> bool:
    """Return whether a program of this machine asks, and not a proxy on it for somebody else."""
    if any(name in request.headers for name in _PROXIED) or request.client is None:
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _require_no_secret_in_address(request: AnyConnection) -> None:
    """Refuse a token in an address, which proxies and histories keep."""
    names = {name.lower() for name in request.query_params}
    asked = f"{request.url.path}?{request.url.query}"
    if names & _SECRET_NAMES or _SECRET.search(asked):
        raise ClientException(
            "a token never stands in an address; if this was a real one, revoke it and send the "
            "next one in the header `Authorization: Bearer …`"
        )
