"""One's own account: the password, and where one is logged in."""

import asyncio

from litestar import get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from hall.words import N_, Words
from provisioning.accounts import Role
from provisioning.errors import AccountError
from provisioning.passwords import LONGEST, SHORTEST
from web.access import AnyRequest, Visitor, client_address, open_to
from web.desk import desk_page
from web.errors import BusyError
from web.forms import read_form
from web.login.site import (
    BUSY,
    DIFFERENT,
    LONGEST_PASSWORD,
    WAIT_A_LITTLE,
    LoginSite,
)

_WRONG_NOW = N_("Mật khẩu đang dùng chưa đúng.")
_REFUSED = 403


@get("/account", opt=open_to(Role.OFFICER))
async def own_account(
    login: NamedDependency[LoginSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with somebody's own account."""
    return await _page(login, visitor, t)


@post("/account/password", opt=open_to(Role.OFFICER))
async def change_password(
    request: AnyRequest,
    login: NamedDependency[LoginSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template | Redirect:
    """Change one's own password; one logs in again with it, everywhere."""
    form = await read_form(request)
    address, account = client_address(request), visitor.account
    now, chosen = (form.text(name, LONGEST_PASSWORD) for name in ("now", "password"))
    if chosen != form.text("again", LONGEST_PASSWORD):
        return await _page(login, visitor, t, "again", t(DIFFERENT))
    # Counted by the session: who found a screen unlocked must not guess on for ever.
    session = f"session {visitor.login.digest.hex()}"
    if await asyncio.to_thread(login.back_off.admit, account, session):
        return await _page(login, visitor, t, "now", t(WAIT_A_LITTLE))
    try:
        async with login.slots.turn(address):
            right = await asyncio.to_thread(login.accounts.check_password, account, now)
            if not right:
                return await _page(login, visitor, t, "now", t(_WRONG_NOW))
            await asyncio.to_thread(
                login.accounts.set_password, account, chosen, by=account, address=address
            )
    except AccountError as error:
        said = t(str(error), shortest=SHORTEST, longest=LONGEST)
        return await _page(login, visitor, t, "password", said)
    except BusyError:
        return await _page(login, visitor, t, "now", t(BUSY))
    await asyncio.to_thread(login.back_off.succeeded, account, session)
    return Redirect("/login", status_code=303)


@post("/account/logout-everywhere", opt=open_to(Role.OFFICER), status_code=303)
async def log_out_everywhere(
    request: AnyRequest, login: NamedDependency[LoginSite], visitor: NamedDependency[Visitor]
) -> Redirect:
    """End all of one's own sessions, this one too."""
    await asyncio.to_thread(
        login.accounts.log_out_everywhere,
        visitor.account,
        by=visitor.account,
        address=client_address(request),
    )
    return Redirect("/login", status_code=303)


OWN_ROUTES: list[ControllerRouterHandler] = [own_account, change_password, log_out_everywhere]


async def _page(
    login: LoginSite, visitor: Visitor, t: Words, field: str = "", wrong: str = ""
) -> Template:
    sessions = await asyncio.to_thread(login.sessions.list, visitor.account)
    return desk_page(
        "account.html",
        visitor,
        t,
        current="/account",
        status_code=_REFUSED if wrong else 200,
        sessions=sessions,
        zone=login.hall.state.zone,
        wrong={field: wrong} if wrong else {},
        shortest=SHORTEST,
    )
