"""The login and the way out."""

import asyncio
import math

from litestar import get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from hall.words import N_, Words
from provisioning.accounts import Account, Role, account_name
from web.access import PUBLIC, AnyRequest, Visitor, client_address, local_target, open_to
from web.errors import BusyError
from web.forms import Form, read_form
from web.login.codes import CODE_ROUTES
from web.login.own import OWN_ROUTES
from web.login.site import (
    BUSY,
    LONGEST_PASSWORD,
    STALE,
    LoginSite,
    entry_page,
    form_is_ours,
)

BROWSER_COOKIE = "denluot-browser"
_BROWSER_KNOWN_S = 400 * 24 * 3600
_WRONG = N_("Tên đăng nhập hoặc mật khẩu chưa đúng. Mời quý vị thử lại.")
_WAIT = N_("Đã có nhiều lần nhập sai. Mời quý vị thử lại sau {seconds} giây.")
_FORBIDDEN, _TOO_MANY, _UNAVAILABLE = 403, 429, 503


@get("/login", opt=PUBLIC)
async def login_page(
    request: AnyRequest, login: NamedDependency[LoginSite], t: NamedDependency[Words]
) -> Template | Redirect:
    """Answer with the login; where nobody has an account yet, with the first start."""
    if not await asyncio.to_thread(login.accounts.exist):
        return Redirect("/first" + ("?lang=en" if t.lang == "en" else ""), status_code=303)
    return _page(request, login, t, target=request.query_params.get("next", ""))


@post("/login", opt=PUBLIC, status_code=200)
async def log_in(request: AnyRequest, login: NamedDependency[LoginSite]) -> Template | Redirect:
    """Take name and password; begin a session of a new secret, whatever cookie came with them."""
    form = await read_form(request)
    t = Words(form.text("lang"))
    if not form_is_ours(request, login, form):
        return _page(request, login, t, form, t(STALE), _FORBIDDEN)
    account, address = account_name(form.text("account")), client_address(request)
    browser = request.cookies.get(BROWSER_COOKIE, "")
    wait_s = await asyncio.to_thread(login.back_off.admit, account, address, browser)
    if wait_s:
        said = t(_WAIT, seconds=math.ceil(wait_s))
        return _page(request, login, t, form, said, _TOO_MANY)
    password = form.text("password", LONGEST_PASSWORD)
    try:
        async with login.slots.turn(address):
            right = await asyncio.to_thread(login.accounts.check_password, account, password)
    except BusyError:
        return _page(request, login, t, form, t(BUSY), _UNAVAILABLE)
    found = await asyncio.to_thread(login.accounts.find, account) if right else None
    if found is None:
        await asyncio.to_thread(_note_wrong, login, account, address)
        return _page(request, login, t, form, t(_WRONG), _FORBIDDEN)
    await asyncio.to_thread(login.back_off.succeeded, account, address, browser)
    all_day = bool(form.text("all_day")) and found.role is not Role.ADMINISTRATOR
    target = form.text("next", 1000)
    return await asyncio.to_thread(begin, request, login, t, found, target, all_day=all_day)


@post("/logout", opt=open_to(Role.OFFICER), status_code=303)
async def log_out(
    request: AnyRequest, login: NamedDependency[LoginSite], visitor: NamedDependency[Visitor]
) -> Redirect:
    """End the session."""
    address, db = client_address(request), login.accounts.db
    await asyncio.to_thread(login.sessions.end, request.cookies.get(login.door.cookie, ""))
    await asyncio.to_thread(db.audit, visitor.account, address, "logged_out")
    gone = Cookie(key=login.door.cookie, max_age=0, path="/", secure=login.door.secure)
    return Redirect("/login", status_code=303, cookies=[gone])


LOGIN_ROUTES: list[ControllerRouterHandler] = [
    login_page,
    log_in,
    log_out,
    *CODE_ROUTES,
    *OWN_ROUTES,
]


def begin(  # noqa: PLR0917 - what a session begins with
    request: AnyRequest,
    login: LoginSite,
    t: Words,
    found: Account,
    target: str,
    detail: str = "",
    *,
    all_day: bool = False,
) -> Redirect:
    """Begin a session of somebody who has proved who they are, and go on to `target`; blocking."""
    address, account = client_address(request), found.account
    browser = request.headers.get("user-agent", "")
    login.sessions.end(request.cookies.get(login.door.cookie, ""))
    token = login.sessions.begin(account, found.role, t.lang, address, browser, all_day=all_day)
    known = login.back_off.know_browser(account, request.cookies.get(BROWSER_COOKIE, ""))
    login.accounts.db.audit(account, address, "logged_in", detail)
    target = local_target(target)
    if found.role is Role.OFFICER and target == "/":
        target = _desk_of(found)
    session = Cookie(
        key=login.door.cookie,
        value=token,
        path="/",
        httponly=True,
        samesite="lax",
        secure=login.door.secure,
    )
    remembered = Cookie(
        key=BROWSER_COOKIE,
        value=known,
        path="/login",
        max_age=_BROWSER_KNOWN_S,
        httponly=True,
        samesite="strict",
        secure=login.door.secure,
    )
    return Redirect(target, status_code=303, cookies=[session, remembered])


def _desk_of(officer: Account) -> str:
    """Return where an officer works: at the one counter, or at one of several."""
    if len(officer.counters) == 1:
        return f"/counter/{officer.counters[0]}"
    return "/counter" if officer.counters else "/account"


def _note_wrong(login: LoginSite, account: str, address: str) -> None:
    """Write a wrong password down, by name only where there is such an account.

    What is typed as a name may be somebody's password.
    """
    known = login.accounts.find(account) is not None
    login.accounts.db.audit(account if known else "", address, "login_refused")


def _page(  # noqa: PLR0917 - what the page shows
    request: AnyRequest,
    login: LoginSite,
    t: Words,
    form: Form | None = None,
    wrong: str = "",
    status_code: int = 200,
    target: str = "",
) -> Template:
    return entry_page(
        request,
        login,
        t,
        "login.html",
        wrong=wrong,
        status_code=status_code,
        account=form.text("account") if form else "",
        target=form.text("next", 1000) if form else target,
    )
