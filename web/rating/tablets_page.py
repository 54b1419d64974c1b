"""The part of the page "Thiết bị" about tablets that ask citizens how it was."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from litestar import get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from hall.model import Hall
from hall.words import N_, Words
from provisioning.pairing.codes import in_groups
from provisioning.tablets import MOST_ATTEMPTS, CodeEnd, Tablet, TabletCodes, Tablets
from web.access import AnyRequest, Role, Visitor, client_address, open_to
from web.desk import desk_page
from web.forms import read_form

_PAGE = "/devices/tablets"
_ADMINISTRATOR = open_to(Role.ADMINISTRATOR)
_ENDS = {
    CodeEnd.USED: ("good", N_("Đã ghép máy tính bảng với quầy {counter}.")),
    CodeEnd.ATTEMPTS: (
        "bad",
        N_("Mã đã bị khóa sau {most} lần thử sai. Xin xem máy nào đang thử."),
    ),
    CodeEnd.TIME: ("warn", N_("Mã đã quá 5 phút. Mời quý vị tạo mã mới.")),
    CodeEnd.WITHDRAWN: ("info", N_("Đã bỏ mã.")),
}
_DONE = {
    "revoked": N_("Đã thu hồi: máy tính bảng này không gửi được đánh giá nữa."),
    "gone": N_("Máy tính bảng này không còn được ghép."),
}


@dataclass(frozen=True, slots=True)
class TabletsSite:
    """What the page is answered from."""

    hall: Hall
    tablets: Tablets
    codes: TabletCodes
    address: Callable[[], str]


@dataclass(frozen=True, slots=True)
class TabletRow:
    """One tablet."""

    id: int
    name: str
    paired: str
    state: str
    words: str
    seen: str
    in_use: bool


@get(_PAGE, opt=_ADMINISTRATOR)
async def tablets_page(
    request: AnyRequest,
    tablets_site: NamedDependency[TabletsSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with the tablets, the code that is good now, and the form for another."""
    site, code = tablets_site, tablets_site.codes.newest
    said = _DONE.get(request.query_params.get("done", ""))
    ended = _ENDS.get(code.end) if code else None
    is_open = code is not None and code.end is CodeEnd.OPEN
    left_s = round(site.codes.left_s(code)) if code else 0
    listed = await asyncio.to_thread(site.tablets.list)
    centre = site.hall.state.centre
    used = {tablet.counter for tablet in listed if tablet.ended_at is None}
    return desk_page(
        "tablets.html",
        visitor,
        t,
        current="/devices",
        done=t(said) if said else "",
        code=in_groups(code.code) if code and is_open else "",
        code_counter=code.counter if code else 0,
        left=t("còn {minutes}:{seconds:02d}", minutes=left_s // 60, seconds=left_s % 60),
        said=(ended[0], t(ended[1], counter=code.counter, most=MOST_ATTEMPTS))
        if ended and code
        else None,
        address=site.address(),
        rows=[_row(tablet, site.hall, t) for tablet in listed],
        counters=[
            (counter.number, counter.number in used)
            for counter in (centre.counters if centre else ())
        ],
    )


@post(_PAGE, opt=_ADMINISTRATOR, status_code=303)
async def make_code(
    request: AnyRequest,
    tablets_site: NamedDependency[TabletsSite],
    visitor: NamedDependency[Visitor],
) -> Redirect:
    """Make a code for the tablet of a counter."""
    typed, centre = (await read_form(request)).text("counter", 3), tablets_site.hall.state.centre
    known = [counter.number for counter in centre.counters] if centre else []
    counter = next((number for number in known if str(number) == typed), None)
    if counter is not None:
        tablets_site.codes.begin(counter, visitor.account)
        address, db = client_address(request), tablets_site.tablets.db
        detail = f"counter {counter}"
        await asyncio.to_thread(db.audit, visitor.account, address, "tablet_code_made", detail)
    return Redirect(_PAGE, status_code=303)


@post(f"{_PAGE}/withdraw", opt=_ADMINISTRATOR, status_code=303)
async def withdraw_code(
    request: AnyRequest,
    tablets_site: NamedDependency[TabletsSite],
    visitor: NamedDependency[Visitor],
) -> Redirect:
    """End the code that is good now."""
    tablets_site.codes.withdraw()
    address, db = client_address(request), tablets_site.tablets.db
    await asyncio.to_thread(db.audit, visitor.account, address, "tablet_code_ended")
    return Redirect(_PAGE, status_code=303)


@post(f"{_PAGE}/revoke", opt=_ADMINISTRATOR, status_code=303)
async def revoke_tablet(
    request: AnyRequest,
    tablets_site: NamedDependency[TabletsSite],
    visitor: NamedDependency[Visitor],
) -> Redirect:
    """End the right of a tablet."""
    typed, address = (await read_form(request)).text("tablet", 12), client_address(request)
    number = int(typed) if typed.isascii() and typed.isdecimal() else 0
    revoked = await asyncio.to_thread(
        tablets_site.tablets.revoke, number, by=visitor.account, address=address
    )
    done = urlencode({"done": "revoked" if revoked else "gone"})
    return Redirect(f"{_PAGE}?{done}", status_code=303)


TABLETS_ROUTES: list[ControllerRouterHandler] = [
    tablets_page,
    make_code,
    withdraw_code,
    revoke_tablet,
]


def _row(tablet: Tablet, hall: Hall, t: Words) -> TabletRow:
    zone = hall.state.zone

    def when(at: datetime | None) -> str:
        return at.astimezone(zone).strftime("%H:%M %d/%m/%Y") if at else ""

    state, said = "ok", t("Đang dùng")
    if tablet.ended_at:
        state, by = "unknown", tablet.ended_by
        said = t("{who} thu hồi {at}", who=by, at=when(tablet.ended_at))
        said = said if by else t("Đã thay máy")
    elif tablet.seen_at is None:
        state, said = "warn", t("Chưa vào lần nào")
    return TabletRow(
        id=tablet.id,
        name=t("Quầy {counter}", counter=tablet.counter),
        paired=t("{who}, {at}", who=tablet.paired_by, at=when(tablet.paired_at)),
        state=state,
        words=said,
        seen=when(tablet.seen_at),
        in_use=tablet.ended_at is None,
    )
