"""Who works at a counter: officers take it over from one another by their PINs."""

import asyncio
import math
from dataclasses import dataclass

from litestar import get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from hall.words import N_, Words
from provisioning.errors import AccountError
from provisioning.pins import Pins
from web.access import AnyRequest, Role, Visitor, client_address, open_to
from web.counter.routes import CounterSite
from web.desk import desk_page
from web.errors import BusyError
from web.forms import read_form
from web.login.site import BUSY, LONGEST_PASSWORD, WAIT_A_LITTLE, LoginSite

_OFFICER = open_to(Role.OFFICER)
_REFUSED, _TOO_MANY = 403, 429
_LONGEST_PIN = 12
_WRONG = N_("Mã PIN chưa đúng. Sau nhiều lần sai, mời đăng nhập lại bằng mật khẩu.")
_WAIT = N_("Đã có nhiều lần nhập sai. Mời quý vị thử lại sau {seconds} giây.")
_WRONG_PASSWORD = N_("Mật khẩu đang dùng chưa đúng.")


@dataclass(frozen=True)
class OfficersSite:
    """What the requests about officers are answered from."""

    counters: CounterSite
    login: LoginSite
    pins: Pins


@get("/counter/{counter:int}/officer", opt=_OFFICER)
async def officers_page(
    counter: FromPath[int],
    officers: NamedDependency[OfficersSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with those who can take over a counter."""
    officers.counters.admit(visitor, counter)
    return await _page(officers, visitor, t, counter)


@post("/counter/{counter:int}/officer", opt=_OFFICER)
async def take_over(
    counter: FromPath[int],
    request: AnyRequest,
    officers: NamedDependency[OfficersSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template | Redirect:
    """Go on at a counter as another of its officers, who gives their PIN."""
    officers.counters.admit(visitor, counter)
    form, login, address = await read_form(request), officers.login, client_address(request)
    account = form.text("account")
    can = await asyncio.to_thread(officers.pins.officers_of, counter)
    if account not in {officer.account for officer in can}:
        return await _page(officers, visitor, t, counter, account, t(_WRONG))
    guesses = f"pin {account}"
    if wait_s := await asyncio.to_thread(login.back_off.admit, guesses, address):
        said = t(_WAIT, seconds=math.ceil(wait_s))
        return await _page(officers, visitor, t, counter, account, said, _TOO_MANY)
    try:
        async with login.slots.turn(address):
            pin = form.text("pin", _LONGEST_PIN)
            right = await asyncio.to_thread(officers.pins.check, account, pin)
    except BusyError:
        return await _page(officers, visitor, t, counter, account, t(BUSY))
    audit = login.accounts.db.audit
    if not right:
        await asyncio.to_thread(audit, account, address, "pin_refused", f"counter {counter}")
        return await _page(officers, visitor, t, counter, account, t(_WRONG))
    await asyncio.to_thread(login.back_off.succeeded, guesses, address)
    token = await asyncio.to_thread(login.sessions.hand_over, visitor.login, account, address)
    detail = f"counter {counter} · {visitor.account} → {account}"
    await asyncio.to_thread(audit, account, address, "officer_changed", detail)
    session = Cookie(
        key=login.door.cookie,
        value=token,
        path="/",
        httponly=True,
        samesite="lax",
        secure=login.door.secure,
    )
    return Redirect(f"/counter/{counter}", status_code=303, cookies=[session])


@get("/account/pin", opt=_OFFICER)
async def own_pin(
    officers: NamedDependency[OfficersSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with the form for a PIN of one's own."""
    return await _own_page(officers, visitor, t)


@post("/account/pin", opt=_OFFICER)
async def set_own_pin(
    request: AnyRequest,
    officers: NamedDependency[OfficersSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template | Redirect:
    """Choose a PIN, or give it up, with the password of the account."""
    form, login, address = await read_form(request), officers.login, client_address(request)
    account = visitor.account
    session = f"session {visitor.login.digest.hex()}"
    if await asyncio.to_thread(login.back_off.admit, account, session):
        return await _own_page(officers, visitor, t, "now", t(WAIT_A_LITTLE))
    try:
        async with login.slots.turn(address):
            now = form.text("now", LONGEST_PASSWORD)
            if not await asyncio.to_thread(login.accounts.check_password, account, now):
                return await _own_page(officers, visitor, t, "now", t(_WRONG_PASSWORD))
            await asyncio.to_thread(login.back_off.succeeded, account, session)
            pin = form.text("pin", _LONGEST_PIN)
            await asyncio.to_thread(officers.pins.set, account, pin, by=account, address=address)
    except AccountError as error:
        return await _own_page(officers, visitor, t, "pin", t(str(error)))
    except BusyError:
        return await _own_page(officers, visitor, t, "now", t(BUSY))
    return Redirect("/account/pin", status_code=303)


OFFICER_ROUTES: list[ControllerRouterHandler] = [officers_page, take_over, own_pin, set_own_pin]


async def _page(  # noqa: PLR0917 - what the page shows
    site: OfficersSite,
    visitor: Visitor,
    t: Words,
    counter: int,
    chosen: str = "",
    wrong: str = "",
    status_code: int = _REFUSED,
) -> Template:
    can = await asyncio.to_thread(site.pins.officers_of, counter)
    return desk_page(
        "counter_officer.html",
        visitor,
        t,
        current="/counter",
        status_code=status_code if wrong else 200,
        counter=counter,
        officers=[officer for officer in can if officer.account != visitor.account],
        chosen=chosen,
        wrong=wrong,
    )


async def _own_page(
    site: OfficersSite, visitor: Visitor, t: Words, field: str = "", wrong: str = ""
) -> Template:
    return desk_page(
        "account_pin.html",
        visitor,
        t,
        current="/account",
        status_code=_REFUSED if wrong else 200,
        has_pin=await asyncio.to_thread(site.pins.has, visitor.account),
        wrong={field: wrong} if wrong else {},
    )
