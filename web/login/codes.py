"""Pages for a one-time code: the first administrator, a password that somebody chooses alone."""

import asyncio
from collections.abc import Callable
from urllib.parse import urlencode

from litestar import get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from hall.words import N_, Words
from provisioning.accounts import Account, Role
from provisioning.errors import AccountError
from provisioning.one_time import SPENT, Purpose
from provisioning.passwords import LONGEST, SHORTEST
from web.access import PUBLIC, AnyRequest, client_address
from web.errors import BusyError
from web.forms import Form, read_form
from web.login.site import (
    BUSY,
    DIFFERENT,
    LONGEST_PASSWORD,
    STALE,
    WAIT_A_LITTLE,
    LoginSite,
    entry_page,
    form_is_ours,
)

_FORBIDDEN, _TOO_MANY, _UNAVAILABLE = 403, 429, 503
_GUESSES = "one-time code"
"""Whose wrong guesses are counted: no account has such a name."""
_SOMEBODY_ELSE = N_(
    "Một người khác vừa tạo tài khoản quản trị đầu tiên. Mời quý vị hỏi người đó cấp tài khoản."
)
_FIRST, _PASSWORD = "first.html", "password.html"


@get("/first", opt=PUBLIC)
async def first_page(
    request: AnyRequest, login: NamedDependency[LoginSite], t: NamedDependency[Words]
) -> Template | Redirect:
    """Answer with the form for the first administrator, while there is none."""
    if await asyncio.to_thread(login.accounts.exist):
        return Redirect("/login", status_code=303)
    return _page(request, login, t, _FIRST, Form.empty())


@post("/first", opt=PUBLIC, status_code=200)
async def make_first(request: AnyRequest, login: NamedDependency[LoginSite]) -> Template | Redirect:
    """Make the first administrator by the code that only this machine has shown."""
    form = await read_form(request)
    code = form.text("code")

    def make() -> None:
        new = Account(form.text("account"), form.text("name"), Role.ADMINISTRATOR)
        spend = login.codes.spending(code, Purpose.FIRST, "")
        login.accounts.add(
            new, form.text("password", LONGEST_PASSWORD), by="first start", allowed=spend
        )

    return await _take(request, login, form, _FIRST, Purpose.FIRST, make)


@get("/password", opt=PUBLIC)
async def password_page(
    request: AnyRequest, login: NamedDependency[LoginSite], t: NamedDependency[Words]
) -> Template:
    """Answer with the form for a password of one's own."""
    return _page(request, login, t, _PASSWORD, Form.empty())


@post("/password", opt=PUBLIC, status_code=200)
async def choose_password(
    request: AnyRequest, login: NamedDependency[LoginSite]
) -> Template | Redirect:
    """Give an account the password that its person has chosen, by a one-time code."""
    form = await read_form(request)
    code = form.text("code")

    def choose() -> None:
        account = login.codes.account_of(code, Purpose.PASSWORD) or ""
        login.accounts.set_password(
            account,
            form.text("password", LONGEST_PASSWORD),
            by=account,
            address=client_address(request),
            allowed=login.codes.spending(code, Purpose.PASSWORD, account),
        )

    return await _take(request, login, form, _PASSWORD, Purpose.PASSWORD, choose)


CODE_ROUTES: list[ControllerRouterHandler] = [
    first_page,
    make_first,
    password_page,
    choose_password,
]


async def _take(  # noqa: PLR0917 - what both forms do
    request: AnyRequest,
    login: LoginSite,
    form: Form,
    template: str,
    purpose: Purpose,
    change: Callable[[], None],
) -> Template | Redirect:
    """Change what a code allows; a password is hashed for a code that is good, for no other."""
    t = Words(form.text("lang"))
    wrong, status = "", _FORBIDDEN
    address = client_address(request)
    if not form_is_ours(request, login, form):
        wrong = t(STALE)
    elif await asyncio.to_thread(login.back_off.admit, _GUESSES, address):
        wrong, status = t(WAIT_A_LITTLE), _TOO_MANY
    elif purpose is Purpose.FIRST and await asyncio.to_thread(login.accounts.exist):
        wrong = t(_SOMEBODY_ELSE)
    elif await asyncio.to_thread(login.codes.account_of, form.text("code"), purpose) is None:
        wrong = t(SPENT)
        await asyncio.to_thread(_note_refused, login, purpose, address)
    elif form.text("password", LONGEST_PASSWORD) != form.text("again", LONGEST_PASSWORD):
        wrong = t(DIFFERENT)
    else:
        try:
            async with login.slots.turn(address):
                await asyncio.to_thread(change)
        except AccountError as error:
            wrong = t(str(error), shortest=SHORTEST, longest=LONGEST)
            if purpose is Purpose.FIRST and await asyncio.to_thread(login.accounts.exist):
                wrong = t(_SOMEBODY_ELSE)
        except BusyError:
            wrong, status = t(BUSY), _UNAVAILABLE
    if not wrong:
        await asyncio.to_thread(login.back_off.succeeded, _GUESSES, address)
        chosen = {"next": "/start"} if purpose is Purpose.FIRST else {}
        chosen |= {"lang": "en"} if t.lang == "en" else {}
        return Redirect("/login" + (f"?{urlencode(chosen)}" if chosen else ""), status_code=303)
    return _page(request, login, t, template, form, wrong, status)


def _note_refused(login: LoginSite, purpose: Purpose, address: str) -> None:
    login.accounts.db.audit("", address, "code_refused", purpose)
    if purpose is Purpose.FIRST:
        login.codes.note_wrong_first(address)


def _page(  # noqa: PLR0917 - what the page shows
    request: AnyRequest,
    login: LoginSite,
    t: Words,
    template: str,
    form: Form,
    wrong: str = "",
    status_code: int = 200,
) -> Template:
    typed = {name: form.text(name) for name in ("code", "name", "account")}
    return entry_page(
        request, login, t, template, wrong=wrong, status_code=status_code, typed=typed
    )
