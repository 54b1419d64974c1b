"""The login and the way out."""

import asyncio
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from config import Clock
from hall.model import Hall
from hall.words import N_, Words
from provisioning.accounts import Accounts, Role, account_name
from provisioning.sessions import Sessions
from web.access import (
    CSRF_FIELD,
    PUBLIC,
    AnyRequest,
    Door,
    Visitor,
    from_own_site,
    local_target,
    open_to,
)
from web.desk import csrf_field, desk_page
from web.forms import Form, read_form

_FORM_COOKIE = "denluot-form"
_WRONG = N_("Tên đăng nhập hoặc mật khẩu chưa đúng. Mời quý vị thử lại.")
_STALE = N_("Trang này đã mở quá lâu. Mời quý vị nhập lại.")
_LONGEST_PASSWORD = 500
_FORBIDDEN = 403


@dataclass(frozen=True)
class LoginSite:
    """What the login is answered from."""

    hall: Hall
    accounts: Accounts
    sessions: Sessions
    door: Door
    clock: Clock
    form_key: bytes = field(default_factory=lambda: secrets.token_bytes(32))


@get("/login", opt=PUBLIC)
async def login_page(
    request: AnyRequest, login: NamedDependency[LoginSite], t: NamedDependency[Words]
) -> Response[object] | Template:
    """Answer with the login."""
    return _entry(request, login, t, target=request.query_params.get("next", ""))


@post("/login", opt=PUBLIC, status_code=200)
async def log_in(request: AnyRequest, login: NamedDependency[LoginSite]) -> Template | Redirect:
    """Take name and password; begin a session of a new secret, whatever cookie came with them."""
    form = await read_form(request)
    t = Words(form.text("lang"))
    if not _form_is_ours(request, login, form):
        return _entry(request, login, t, form, _STALE, _FORBIDDEN)
    account = account_name(form.text("account"))
    password = form.text("password", _LONGEST_PASSWORD)
    right = await asyncio.to_thread(login.accounts.check_password, account, password)
    found = await asyncio.to_thread(login.accounts.find, account) if right else None
    if found is None:
        return _entry(request, login, t, form, _WRONG, _FORBIDDEN)
    all_day = bool(form.text("all_day")) and found.role is not Role.ADMINISTRATOR
    token = await asyncio.to_thread(
        login.sessions.begin,
        account,
        found.role,
        t.lang,
        client_address(request),
        request.headers.get("user-agent", ""),
        all_day=all_day,
    )
    await asyncio.to_thread(
        login.accounts.db.audit, account, client_address(request), "logged_in", ""
    )
    target = local_target(form.text("next", 1000))
    if found.role is Role.OFFICER and target == "/":
        target = "/account"
    return Redirect(target, status_code=303, cookies=[_cookie(login.door, token)])


@post("/logout", opt=open_to(Role.OFFICER), status_code=303)
async def log_out(
    request: AnyRequest, login: NamedDependency[LoginSite], visitor: NamedDependency[Visitor]
) -> Redirect:
    """End the session."""
    token = request.cookies.get(login.door.cookie, "")
    await asyncio.to_thread(login.sessions.end, token)
    await asyncio.to_thread(
        login.accounts.db.audit, visitor.account, client_address(request), "logged_out", ""
    )
    gone = Cookie(key=login.door.cookie, max_age=0, path="/")
    return Redirect("/login", status_code=303, cookies=[gone])


@get("/account", opt=open_to(Role.OFFICER))
async def own_account(visitor: NamedDependency[Visitor], t: NamedDependency[Words]) -> Template:
    """Answer with somebody's own account."""
    return desk_page("account.html", visitor, t, current="/account")


LOGIN_ROUTES: list[ControllerRouterHandler] = [login_page, log_in, log_out, own_account]


def client_address(request: AnyRequest) -> str:
    """Return from where a request comes."""
    return request.client.host if request.client else ""


def _entry(  # noqa: PLR0917 - what the page shows
    request: AnyRequest,
    login: LoginSite,
    t: Words,
    form: Form | None = None,
    wrong: str = "",
    status_code: int = 200,
    target: str = "",
) -> Template:
    secret = request.cookies.get(_FORM_COOKIE, "")[:100] or secrets.token_urlsafe(32)
    centre = login.hall.state
    context = {
        "t": t,
        "csrf_field": lambda: csrf_field(_form_token(login, secret)),
        "account": form.text("account") if form else "",
        "target": form.text("next", 1000) if form else target,
        "wrong": t(wrong) if wrong else "",
        "running": centre.linked and centre.service_there,
        "time": t.time(login.clock.now(), centre.zone),
    }
    cookie = Cookie(
        key=_FORM_COOKIE,
        value=secret,
        path="/",
        httponly=True,
        samesite="strict",
        secure=login.door.secure,
    )
    return Template("login.html", context=context, status_code=status_code, cookies=[cookie])


def _form_is_ours(request: AnyRequest, login: LoginSite, form: Form) -> bool:
    secret = request.cookies.get(_FORM_COOKIE, "")
    wanted = _form_token(login, secret)
    came = form.text(CSRF_FIELD)
    right = hmac.compare_digest(wanted.encode(), came.encode())
    return bool(secret) and right and from_own_site(request.headers)


def _form_token(login: LoginSite, secret: str) -> str:
    """Return what binds a form to the browser that got it: there is no session yet."""
    return hmac.new(login.form_key, secret.encode(errors="replace"), hashlib.sha256).hexdigest()


def _cookie(door: Door, token: str) -> Cookie:
    return Cookie(
        key=door.cookie,
        value=token,
        path="/",
        httponly=True,
        samesite="lax",
        secure=door.secure,
    )
