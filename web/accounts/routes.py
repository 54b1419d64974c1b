"""The page "Tài khoản": who may log in, with which rights, and who is logged in now."""

import asyncio
from dataclasses import dataclass, field

from litestar import get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from hall.words import N_, Words
from provisioning.accounts import ROLE_NAMES, Account
from provisioning.command import status_of
from provisioning.errors import AccountError
from provisioning.passwords import LONGEST, SHORTEST
from web.access import AnyRequest, Role, Visitor, client_address, open_to
from web.accounts.audit import AUDIT_ROUTES
from web.desk import desk_page
from web.errors import BusyError
from web.forms import Form, read_form
from web.login.site import BUSY, LONGEST_PASSWORD, LoginSite

_HERE = "/accounts"
_ADMINISTRATOR = open_to(Role.ADMINISTRATOR)
_REFUSED = 422
_MOST_CODES = 20
_NEW = Account("", "", Role.OFFICER)
_OWN = N_("Mời quý vị đổi mật khẩu của mình ở trang tài khoản của mình.")
_NO_ROLE = N_("Mời quý vị chọn quyền.")


@dataclass(frozen=True)
class AccountsSite:
    """What the accounts' requests are answered from."""

    login: LoginSite
    codes_shown: dict[bytes, tuple[str, str]] = field(default_factory=dict)
    """By session: for whom a code was made and the code, until its page has shown it."""

    def keep_code(self, visitor: Visitor, account: str, code: str) -> None:
        """Keep a code for the page that follows."""
        self.codes_shown[visitor.login.digest] = (account, code)
        while len(self.codes_shown) > _MOST_CODES:
            del self.codes_shown[next(iter(self.codes_shown))]

    def take_code(self, visitor: Visitor, account: str) -> str:
        """Return the code for an account, once."""
        made_for, code = self.codes_shown.pop(visitor.login.digest, ("", ""))
        return code if made_for == account else ""


@get(_HERE, opt=_ADMINISTRATOR)
async def accounts_page(
    staff: NamedDependency[AccountsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with all accounts, and with who is logged in."""
    login = staff.login
    accounts = await asyncio.to_thread(login.accounts.list)
    sessions = await asyncio.to_thread(login.sessions.list)
    return desk_page(
        "accounts.html",
        visitor,
        t,
        current=_HERE,
        accounts=accounts,
        sessions=sessions,
        role_names=ROLE_NAMES,
        status_of=status_of,
        zone=login.hall.state.zone,
    )


@get(f"{_HERE}/new", opt=_ADMINISTRATOR)
async def new_account(
    staff: NamedDependency[AccountsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with the form for another account."""
    return _form_page(staff, visitor, t, _NEW, new=True)


@post(f"{_HERE}/new", opt=_ADMINISTRATOR)
async def add_account(
    request: AnyRequest,
    staff: NamedDependency[AccountsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template | Redirect:
    """Add an account; a one-time code lets its person choose the password."""
    form, login = await read_form(request), staff.login
    by, address = visitor.account, client_address(request)

    def add() -> str:
        new = _typed(form, form.text("account"))
        added = login.accounts.add(new, by=by, address=address).account
        staff.keep_code(visitor, added, login.codes.for_password(added, by=by, address=address))
        return added

    try:
        account = await asyncio.to_thread(add)
    except AccountError as error:
        typed = _as_typed(form, form.text("account"))
        return _form_page(staff, visitor, t, typed, new=True, wrong=error)
    return _see(account)


@get(f"{_HERE}/of/{{account:str}}", opt=_ADMINISTRATOR)
async def account_page(
    account: FromPath[str],
    staff: NamedDependency[AccountsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with one account."""
    return _form_page(staff, visitor, t, await _found(staff, account))


@post(f"{_HERE}/of/{{account:str}}", opt=_ADMINISTRATOR)
async def change_account(
    account: FromPath[str],
    request: AnyRequest,
    staff: NamedDependency[AccountsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template | Redirect:
    """Change name, role, counters, or whether the account is disabled."""
    await _found(staff, account)
    form = await read_form(request)
    try:
        await asyncio.to_thread(
            staff.login.accounts.change,
            _typed(form, account),
            by=visitor.account,
            address=client_address(request),
        )
    except AccountError as error:
        return _form_page(staff, visitor, t, _as_typed(form, account), wrong=error)
    return _see(account)


@post(f"{_HERE}/of/{{account:str}}/code", opt=_ADMINISTRATOR)
async def make_code(
    account: FromPath[str],
    request: AnyRequest,
    staff: NamedDependency[AccountsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template | Redirect:
    """Let the password before be nobody's, and make a code by which another is chosen."""
    found, login = await _found(staff, account), staff.login
    if account == visitor.account:
        return _form_page(staff, visitor, t, found, wrong=AccountError("password", _OWN))
    by, address = visitor.account, client_address(request)

    def make() -> str:
        login.accounts.clear_password(account, by=by, address=address)
        return login.codes.for_password(account, by=by, address=address)

    staff.keep_code(visitor, account, await asyncio.to_thread(make))
    return _see(account)


@post(f"{_HERE}/of/{{account:str}}/password", opt=_ADMINISTRATOR)
async def set_password(
    account: FromPath[str],
    request: AnyRequest,
    staff: NamedDependency[AccountsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template | Redirect:
    """Give somebody a password that was typed here."""
    found, form = await _found(staff, account), await read_form(request)
    address = client_address(request)
    if account == visitor.account:
        return _form_page(staff, visitor, t, found, wrong=AccountError("password", _OWN))
    try:
        async with staff.login.slots.turn(address):
            await asyncio.to_thread(
                staff.login.accounts.set_password,
                account,
                form.text("password", LONGEST_PASSWORD),
                by=visitor.account,
                address=address,
            )
    except AccountError as error:
        return _form_page(staff, visitor, t, found, wrong=error)
    except BusyError:
        return _form_page(staff, visitor, t, found, wrong=AccountError("password", BUSY))
    return _see(account)


@post(f"{_HERE}/of/{{account:str}}/logout", opt=_ADMINISTRATOR)
async def log_out_account(
    account: FromPath[str],
    request: AnyRequest,
    staff: NamedDependency[AccountsSite],
    visitor: NamedDependency[Visitor],
) -> Redirect:
    """End all sessions of an account."""
    await _found(staff, account)
    await asyncio.to_thread(
        staff.login.accounts.log_out_everywhere,
        account,
        by=visitor.account,
        address=client_address(request),
    )
    return _see(account)


ACCOUNT_ROUTES: list[ControllerRouterHandler] = [
    accounts_page,
    new_account,
    add_account,
    account_page,
    change_account,
    make_code,
    set_password,
    log_out_account,
    *AUDIT_ROUTES,
]


async def _found(staff: AccountsSite, account: str) -> Account:
    found = await asyncio.to_thread(staff.login.accounts.find, account)
    if found is None:
        raise NotFoundException("no such account")
    return found


def _typed(form: Form, account: str) -> Account:
    """Return the account as it was typed; raises AccountError."""
    if form.text("role") not in set(Role):
        raise AccountError("role", _NO_ROLE)
    return _as_typed(form, account)


def _as_typed(form: Form, account: str) -> Account:
    role = form.text("role")
    return Account(
        account=account,
        name=form.text("name"),
        role=Role(role) if role in set(Role) else Role.OFFICER,
        counters=tuple(int(text) for text in form.all("counter") if _is_number(text)),
        disabled=bool(form.text("disabled")),
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 5  # noqa: PLR2004 - short numbers


def _see(account: str) -> Redirect:
    return Redirect(f"{_HERE}/of/{account}", status_code=303)


def _form_page(
    staff: AccountsSite,
    visitor: Visitor,
    t: Words,
    account: Account,
    *,
    new: bool = False,
    wrong: AccountError | None = None,
) -> Template:
    centre = staff.login.hall.state.centre
    known = {counter.number for counter in centre.counters} if centre else set()
    said = {wrong.field: t(str(wrong), shortest=SHORTEST, longest=LONGEST)} if wrong else {}
    return desk_page(
        "account_form.html",
        visitor,
        t,
        current=_HERE,
        status_code=_REFUSED if wrong else 200,
        account=account,
        new=new,
        own=account.account == visitor.account and not new,
        roles=[(role, t(ROLE_NAMES[role])) for role in Role],
        counters=sorted(known | set(account.counters)),
        code="" if new or wrong else staff.take_code(visitor, account.account),
        wrong=said,
        shortest=SHORTEST,
    )
