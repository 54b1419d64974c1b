"""What the pages of getting in are answered from, and the frame that they share."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from litestar.datastructures import Cookie
from litestar.response import Template

from config import Clock
from hall.model import Hall
from hall.words import N_, Words
from provisioning.accounts import Accounts
from provisioning.back_off import BackOff
from provisioning.one_time import OneTimeCodes
from provisioning.passwords import LONGEST, SHORTEST
from provisioning.sessions import Sessions
from web.access import CSRF_FIELD, AnyRequest, Door, from_own_site
from web.desk import csrf_field
from web.forms import Form
from web.login.slots import PasswordSlots

LONGEST_PASSWORD = 500
STALE = N_("Trang này đã mở quá lâu. Mời quý vị nhập lại.")
BUSY = N_("Đang có quá nhiều người đăng nhập. Mời quý vị thử lại sau ít giây.")
WAIT_A_LITTLE = N_("Đã có nhiều lần nhập sai. Mời quý vị thử lại sau ít phút.")
DIFFERENT = N_("Hai lần nhập mật khẩu không giống nhau.")


@dataclass(frozen=True)
class LoginSite:
    """What the pages of getting in are answered from."""

    hall: Hall
    accounts: Accounts
    sessions: Sessions
    codes: OneTimeCodes
    back_off: BackOff
    door: Door
    clock: Clock
    slots: PasswordSlots = field(default_factory=PasswordSlots)
    form_key: bytes = field(default_factory=lambda: secrets.token_bytes(32))


def _form_cookie(login: LoginSite) -> str:
    """Return the name of the cookie that a form is bound to before there is a session."""
    return "__Host-denluot-form" if login.door.secure else "denluot-form"


def entry_page(
    request: AnyRequest,
    login: LoginSite,
    t: Words,
    template: str,
    *,
    wrong: str = "",
    status_code: int = 200,
    **context: object,
) -> Template:
    """Return a page for somebody who is not logged in; its form is bound to their browser."""
    secret = request.cookies.get(_form_cookie(login), "")[:100] or secrets.token_urlsafe(32)
    state = login.hall.state
    around = {
        "t": t,
        "csrf_field": lambda: csrf_field(_form_token(login, secret)),
        "wrong": wrong,
        "running": state.linked and state.service_there,
        "time": t.time(login.clock.now(), state.zone),
        "shortest": SHORTEST,
        "longest": LONGEST,
    }
    cookie = Cookie(
        key=_form_cookie(login),
        value=secret,
        path="/",
        httponly=True,
        samesite="strict",
        secure=login.door.secure,
    )
    return Template(template, context=around | context, status_code=status_code, cookies=[cookie])


def form_is_ours(request: AnyRequest, login: LoginSite, form: Form) -> bool:
    """Return whether a form comes from the browser that this process gave it to."""
    secret = request.cookies.get(_form_cookie(login), "")
    wanted, came = _form_token(login, secret), form.text(CSRF_FIELD)
    right = hmac.compare_digest(wanted.encode(), came.encode())
    return bool(secret) and right and from_own_site(request.headers)


def _form_token(login: LoginSite, secret: str) -> str:
    return hmac.new(login.form_key, secret.encode(errors="replace"), hashlib.sha256).hexdigest()
