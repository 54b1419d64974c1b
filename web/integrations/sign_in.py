"""Single sign-on: to the provider and back, into an account that is there already."""

import asyncio
import hashlib
import hmac
import logging
import secrets
from dataclasses import dataclass, field

import msgspec
from litestar import get
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from bus.typed import read_json
from hall.words import N_, Words
from provisioning.accounts import account_name
from web.access import PUBLIC, AnyRequest, client_address, local_target
from web.errors import SignInError
from web.guard import Pace
from web.integrations.oidc import Attempt, Provider
from web.login.routes import begin
from web.login.site import LoginSite, entry_page

START = "/login/oidc"
CALLBACK = "/login/oidc/callback"
_COOKIE = "denluot-oidc"
_SECURE_COOKIE = "__Host-denluot-oidc"
_WITHIN_S = 600
_LONGEST = 2048
_BYTES = 32
_FAILED = N_(
    "Chưa đăng nhập được bằng {label}. Mời quý vị thử lại, hoặc dùng tên đăng nhập và mật khẩu."
)
_UNKNOWN = N_(
    "Tài khoản này chưa được mở ở Trung tâm. Mời quý vị liên hệ người quản trị của Trung tâm."
)
_BAD_GATEWAY, _FORBIDDEN, _TOO_MANY = 502, 403, 429

_log = logging.getLogger(__name__)


class _Begun(msgspec.Struct, frozen=True):
    """What the browser keeps of an attempt, signed by this process."""

    state: str
    nonce: str
    verifier: str
    target: str
    lang: str
    ends_s: float


@dataclass(frozen=True)
class SignInSite:
    """What single sign-on needs."""

    provider: Provider
    pace: Pace
    key: bytes = field(default_factory=lambda: secrets.token_bytes(_BYTES))

    def sealed(self, begun: _Begun) -> str:
        """Return it as it stands in a cookie."""
        body = msgspec.json.encode(begun).hex()
        return f"{body}.{self._seal(body)}"

    def opened(self, text: str) -> _Begun | None:
        """Return what this process has sealed."""
        body, _, seal = text[:_LONGEST].partition(".")
        if not hmac.compare_digest(self._seal(body).encode(), seal.encode(errors="replace")):
            return None
        return read_json(bytes.fromhex(body), _Begun)

    def _seal(self, body: str) -> str:
        return hmac.new(self.key, body.encode(errors="replace"), hashlib.sha256).hexdigest()


@get(START, opt=PUBLIC)
async def start_sign_in(
    request: AnyRequest,
    login: NamedDependency[LoginSite],
    sign_in: NamedDependency[SignInSite],
    t: NamedDependency[Words],
) -> Redirect | Template:
    """Send a browser to the provider."""
    label = sign_in.provider.settings.label
    if not sign_in.pace.allows(client_address(request)):
        return _back(request, login, t, t(_FAILED, label=label), status=_TOO_MANY)
    secret = (secrets.token_urlsafe(_BYTES) for _ in range(3))
    attempt = Attempt(next(secret), next(secret), next(secret))
    try:
        address = await sign_in.provider.address(attempt)
    except SignInError as error:
        _log.warning("single sign-on failed error=%s", error)
        return _back(request, login, t, t(_FAILED, label=label), status=_BAD_GATEWAY)
    begun = _Begun(
        attempt.state,
        attempt.nonce,
        attempt.verifier,
        local_target(request.query_params.get("next", "/")[:500]),
        t.lang,
        login.accounts.db.now().timestamp() + _WITHIN_S,
    )
    cookie = _cookie(login, sign_in.sealed(begun), _WITHIN_S)
    return Redirect(address, status_code=303, cookies=[cookie])


@get(CALLBACK, opt=PUBLIC)
async def finish_sign_in(
    request: AnyRequest,
    login: NamedDependency[LoginSite],
    sign_in: NamedDependency[SignInSite],
    t: NamedDependency[Words],
) -> Redirect | Template:
    """Take a browser back: only the one that began, once, and only into an existing account."""
    begun = sign_in.opened(request.cookies.get(_cookie_name(login), ""))
    t = Words(begun.lang) if begun else t
    label = sign_in.provider.settings.label
    try:
        now_s = login.accounts.db.now().timestamp()
        name = await _vouched_for(request, sign_in, begun, now_s)
    except SignInError as error:
        _log.warning("single sign-on refused error=%s", error)
        address = client_address(request)
        await asyncio.to_thread(login.accounts.db.audit, "", address, "login_refused", "OpenID")
        return _back(request, login, t, t(_FAILED, label=label), status=_FORBIDDEN)
    account = account_name(name)
    found = await asyncio.to_thread(login.accounts.find, account)
    if found is None or found.disabled or begun is None:
        known = found.account if found else ""
        address = client_address(request)
        await asyncio.to_thread(login.accounts.db.audit, known, address, "login_refused", "OpenID")
        return _back(request, login, t, t(_UNKNOWN, label=label), status=_FORBIDDEN)
    answer = await asyncio.to_thread(begin, request, login, t, found, begun.target, "OpenID")
    answer.cookies.append(_cookie(login, "", 0))
    return answer


SIGN_IN_ROUTES: list[ControllerRouterHandler] = [start_sign_in, finish_sign_in]


async def _vouched_for(
    request: AnyRequest, sign_in: SignInSite, begun: _Begun | None, now_s: float
) -> str:
    """Return whom the provider vouches for; raises SignInError."""
    query = request.query_params
    if begun is None or now_s > begun.ends_s:
        raise SignInError("this browser has begun no sign-in, or too long ago")
    if not hmac.compare_digest(query.get("state", "").encode(), begun.state.encode()):
        raise SignInError("the answer is to another question")
    if "error" in query or not query.get("code"):
        raise SignInError(f"the provider refuses: {query.get('error', '')[:100]!r}")
    attempt = Attempt(begun.state, begun.nonce, begun.verifier)
    return await sign_in.provider.account(attempt, query["code"], query.get("iss"))


def _back(request: AnyRequest, login: LoginSite, t: Words, wrong: str, *, status: int) -> Template:
    """Return the login with a sentence; the attempt is over."""
    answer = entry_page(
        request, login, t, "login.html", wrong=wrong, status_code=status, account="", target=""
    )
    answer.cookies.append(_cookie(login, "", 0))
    return answer


def _cookie_name(login: LoginSite) -> str:
    return _SECURE_COOKIE if login.door.secure else _COOKIE


def _cookie(login: LoginSite, value: str, max_age: int) -> Cookie:
    """Return the cookie of an attempt, which comes along when the provider sends people back."""
    return Cookie(
        key=_cookie_name(login),
        value=value,
        path="/",
        max_age=max_age,
        httponly=True,
        samesite="lax",
        secure=login.door.secure,
    )
