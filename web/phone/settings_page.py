"""The page of the settings that leads to the first phone: no paper carries an address before."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from hall.words import Words
from web.access import AnyRequest, Role, Visitor, open_to
from web.desk import desk_page
from web.devices.boxes import qr_path
from web.phone.routes import PhoneSite

_ADMINISTRATORS = open_to(Role.ADMINISTRATOR)
_PAGE = "/settings/phones"


@get(_PAGE, opt=_ADMINISTRATORS)
async def phones_settings(
    visitor: NamedDependency[Visitor], t: NamedDependency[Words], phone: NamedDependency[PhoneSite]
) -> Template:
    """Answer with whether phones reach the centre, and how a first one says so."""
    centre = phone.hall.state.centre
    identity = centre.identity if centre else None
    address = identity.public_url if identity else ""
    invited = phone.confirming.invitations.standing(address)
    path, size = qr_path(invited.url) if invited else ("", 0)
    return desk_page(
        "phones.html",
        visitor,
        t,
        current="/settings",
        identity=identity,
        invited=invited,
        path=path,
        size=size,
        reached=bool(identity and identity.phone_url),
        on=f"{identity.reached_on:%d/%m/%Y}" if identity and identity.reached_on else "",
        can_cancel=phone.cancelling.possible,
        following=t.plural("{count} điện thoại đang theo dõi.", phone.phones.count),
    )


@post(f"{_PAGE}/invite", opt=_ADMINISTRATORS, status_code=303)
async def invite_phone(
    request: AnyRequest, visitor: NamedDependency[Visitor], phone: NamedDependency[PhoneSite]
) -> Redirect:
    """Make an invitation for a phone in the hall."""
    await request.form()
    address = phone.confirming.address
    if address:
        phone.confirming.invitations.make(address, visitor.account)
    return Redirect(_PAGE, status_code=303)


PHONE_SETTINGS_ROUTES: list[ControllerRouterHandler] = [phones_settings, invite_phone]
