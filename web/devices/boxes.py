"""The part of the page "Thiết bị" about machines: which are paired, a code for a new one."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from ipaddress import ip_address
from urllib.parse import urlencode

from jinja2 import Environment
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, ServerSentEvent, Template
from litestar.types import ControllerRouterHandler
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from config import Role as DeviceRole
from hall.words import N_, Words
from provisioning.certificate import own_names
from provisioning.devices import LONGEST_BOX_NAME, SCREENS_BOX, SERVER_BOX, Box
from provisioning.errors import AccountError, ProvisioningError
from provisioning.layout import STAFF_PORT
from provisioning.pairing.codes import ScannedCode, in_groups
from provisioning.pairing.offers import MOST_ATTEMPTS, Fate, Offer
from web.access import AnyRequest, Role, Visitor, client_address, open_to
from web.desk import desk_page
from web.devices.pairing import PairingSite
from web.forms import read_form
from web.today import LiveEvents
from web.view.names import device_name

_log = logging.getLogger(__name__)

_PAGE = "/devices/boxes"
_UNAVAILABLE, _UNPROCESSABLE = 503, 422
_MOST_DEVICES = 40
_PAIRED_BY_CODE = frozenset(
    {
        DeviceRole.KIOSK,
        DeviceRole.BOARD,
        DeviceRole.ANNOUNCER,
        DeviceRole.COUNTER,
        DeviceRole.KEYPAD,
        DeviceRole.SIGN,
    }
)
_FATES = {
    Fate.PAIRED: ("good", N_("Đã ghép {host} với {devices}.")),
    Fate.ATTEMPTS: ("bad", N_("Mã đã bị khóa sau {most} lần thử sai. Xin xem máy nào đang thử.")),
    Fate.TIME: ("warn", N_("Mã đã quá 5 phút. Mời quý vị tạo mã mới.")),
    Fate.WITHDRAWN: ("info", N_("Đã bỏ mã.")),
}
_OWN = {
    SERVER_BOX: N_("Máy chủ này"),
    SCREENS_BOX: N_("Màn hình và loa của máy chủ này"),
}
_DONE = {
    "revoked": N_("Đã thu hồi: máy này mất kết nối ngay và không vào lại được."),
    "untaken": N_(
        "Đã thu hồi, nhưng broker chưa nhận được: mời khởi động lại máy chủ ngay để máy này mất "
        "kết nối."
    ),
    "checked": N_("Đã ghi là đã kiểm tra."),
    "gone": N_("Máy này không còn được ghép."),
}


@dataclass(frozen=True, slots=True)
class BoxesSite:
    """What the page is answered from."""

    pairing: PairingSite
    events: LiveEvents
    templates: Environment

    async def render_live(self, t: Words) -> str:
        """Return what of the page changes by itself."""
        view = await asyncio.to_thread(boxes_view, self.pairing, t)
        return self.templates.get_template("boxes_live.html").render(page=view, t=t)


@dataclass(frozen=True, slots=True)
class OfferView:
    """The code that is good now."""

    code: str
    command: str
    scanned: str
    """The QR code as the path of an SVG."""
    size: int
    left: str
    tries: str
    devices: str


@dataclass(frozen=True, slots=True)
class BoxRow:
    """One machine."""

    id: str
    name: str
    devices: str
    state: str
    words: str
    seen: str
    paired: str
    warning: str
    can_revoke: bool


@dataclass(frozen=True, slots=True)
class BoxesView:
    """The machines in words, and the code if there is one."""

    offer: OfferView | None
    said: tuple[str, str] | None
    """What became of the last code, with how grave it is."""
    rows: tuple[BoxRow, ...]

    @property
    def structure(self) -> str:
        """Return what differs when the page must be loaded again."""
        rows = " ".join(f"{row.id}{row.can_revoke}{bool(row.warning)}" for row in self.rows)
        return f"{self.offer.code if self.offer else ''} {self.said and self.said[1]} {rows}"


@get(_PAGE, opt=open_to(Role.ADMINISTRATOR))
async def boxes_page(
    request: AnyRequest,
    boxes: NamedDependency[BoxesSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with the machines, the code that is good now, and the form for another."""
    said = _DONE.get(request.query_params.get("done", ""))
    return await _page(boxes, visitor, t, done=t(said) if said else "")


@get(f"{_PAGE}/events", opt=open_to(Role.ADMINISTRATOR, quiet=True))
async def box_news(
    boxes: NamedDependency[BoxesSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Response[bytes] | ServerSentEvent:
    """Answer with the page's news as they come."""
    if boxes.events.full:
        return Response(b"too many listeners\n", status_code=_UNAVAILABLE, media_type="text/plain")
    news = boxes.events.stream(partial(boxes.render_live, t), visitor.still_in)
    return ServerSentEvent(news, headers={"Cache-Control": "no-store"})


@post(_PAGE, opt=open_to(Role.ADMINISTRATOR), status_code=303)
async def add_box(
    request: AnyRequest,
    boxes: NamedDependency[BoxesSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Redirect | Template:
    """Make a code for a machine that is to be some devices."""
    form = await read_form(request)
    pairing, name = boxes.pairing, " ".join(form.text("name").split())
    known = {device for device, _ in _devices(pairing, t)}
    wanted = tuple(dict.fromkeys(device for device in form.all("device") if device in known))
    wrong = {}
    if not wanted or len(wanted) > _MOST_DEVICES:
        wrong["device"] = t("Xin chọn ít nhất một thiết bị mà máy này sẽ là.")
    if len(name) > LONGEST_BOX_NAME or not name.isprintable():
        wrong["name"] = t("Tên có nhiều nhất {count} chữ cái.", count=LONGEST_BOX_NAME)
    if wrong or not pairing.available:
        return await _page(boxes, visitor, t, wrong=wrong, chosen=frozenset(wanted), name=name)
    address = client_address(request)
    pairing.offers.begin(name, wanted, by=visitor.account, address=address)
    await _audit(boxes, visitor, address, "pairing_begun", ", ".join(wanted))
    return Redirect(_PAGE, status_code=303)


@post(f"{_PAGE}/withdraw", opt=open_to(Role.ADMINISTRATOR), status_code=303)
async def withdraw_code(
    request: AnyRequest, boxes: NamedDependency[BoxesSite], visitor: NamedDependency[Visitor]
) -> Redirect:
    """End the code that is good now."""
    boxes.pairing.offers.withdraw()
    await _audit(boxes, visitor, client_address(request), "pairing_ended", "")
    return Redirect(_PAGE, status_code=303)


@post(f"{_PAGE}/revoke", opt=open_to(Role.ADMINISTRATOR), status_code=303)
async def revoke_box(
    request: AnyRequest, boxes: NamedDependency[BoxesSite], visitor: NamedDependency[Visitor]
) -> Redirect:
    """End the account of a machine: the broker lets it go at once."""
    box = (await read_form(request)).text("box", 40)
    server, address = boxes.pairing.server, client_address(request)
    if server is None:
        return _back("gone")
    try:
        await asyncio.to_thread(server.boxes.revoke, box, by=visitor.account, address=address)
    except AccountError:
        return _back("gone")
    try:
        await asyncio.to_thread(server.apply)
    except ProvisioningError as error:
        _log.error("box revoked, the broker does not know yet box=%s error=%s", box, error)
        return _back("untaken")
    return _back("revoked")


@post(f"{_PAGE}/checked", opt=open_to(Role.ADMINISTRATOR), status_code=303)
async def copy_checked(
    request: AnyRequest, boxes: NamedDependency[BoxesSite], visitor: NamedDependency[Visitor]
) -> Redirect:
    """Take the warning of a copied identity back."""
    box = (await read_form(request)).text("box", 40)
    server, address = boxes.pairing.server, client_address(request)
    if server:
        forget = partial(server.boxes.forget_copy, box, by=visitor.account, address=address)
        await asyncio.to_thread(forget)
    return _back("checked")


BOXES_ROUTES: list[ControllerRouterHandler] = [
    boxes_page,
    box_news,
    add_box,
    withdraw_code,
    revoke_box,
    copy_checked,
]


def boxes_view(pairing: PairingSite, t: Words) -> BoxesView:
    """Return the machines and the newest code in words; blocking."""
    offer, offers = pairing.offers.newest, pairing.offers
    said = None
    shown = None
    if offer and offer.fate is Fate.OPEN:
        shown = _offer_view(pairing, offer, round(offers.left_s(offer)), t)
    elif offer:
        grave, words = _FATES[offer.fate]
        names = _names(offer.devices, t)
        host = offer.name or offer.host or t("máy mới")
        said = grave, t(words, host=host, devices=names, most=MOST_ATTEMPTS)
    listed = pairing.server.boxes.list() if pairing.server else []
    return BoxesView(shown, said, tuple(_row(pairing, box, t) for box in listed))


def _offer_view(pairing: PairingSite, offer: Offer, left_s: int, t: Words) -> OfferView:
    host = lan_address()
    digest = pairing.tls.digest.hex() if pairing.tls else ""
    scanned = str(ScannedCode(host, pairing.port, digest, offer.secret))
    path, size = qr_path(scanned)
    code = in_groups(offer.code)
    address = host if pairing.port == STAFF_PORT else f"{host}:{pairing.port}"
    return OfferView(
        code=code,
        command=f"sudo denluot join {address} {code}",
        scanned=path,
        size=size,
        left=t("còn {minutes}:{seconds:02d}", minutes=left_s // 60, seconds=left_s % 60),
        tries=t("đã thử {count}/{most} lần", count=offer.attempts, most=MOST_ATTEMPTS)
        if offer.attempts
        else "",
        devices=_names(offer.devices, t),
    )


def _row(pairing: PairingSite, box: Box, t: Words) -> BoxRow:
    zone = pairing.hall.state.zone
    server, own = box.id == SERVER_BOX, _OWN.get(box.id, "")

    def when(at: datetime | None) -> str:
        return at.astimezone(zone).strftime("%H:%M %d/%m/%Y") if at else ""

    state, words = "ok", t("Đang dùng")
    if not box.active:
        state = "unknown"
        by = box.ended_by
        words = t("{who} thu hồi {at}", who=by, at=when(box.ended_at)) if by else t("Đã thay máy")
    elif box.copied_at:
        state, words = "bad", t("Hai máy cùng một tài khoản")
    elif box.seen_at is None:
        state, words = "warn", t("Chưa vào lần nào")
    seen = t("{at} từ {address}", at=when(box.seen_at), address=box.seen_from)
    warning = t(
        "Lúc {at} có máy ở {addresses} cùng dùng tài khoản này. Nếu máy bị mất hoặc bị chép, "
        "hãy thu hồi rồi ghép lại; nếu máy vừa đổi dây mạng thì bấm Đã kiểm tra.",
        at=when(box.copied_at),
        addresses=box.copied_from,
    )
    return BoxRow(
        id=box.id,
        name=t(own) if own else box.name or t("Máy không tên"),
        devices=t("dịch vụ, trang quản lý") if server else _names(box.devices, t),
        state=state,
        words=words,
        seen=seen if box.seen_at else "",
        paired="" if own else t("{who}, {at}", who=box.paired_by, at=when(box.paired_at)),
        warning=warning if box.active and box.copied_at else "",
        can_revoke=box.active and not own,
    )


async def _page(
    boxes: BoxesSite,
    visitor: Visitor,
    t: Words,
    *,
    done: str = "",
    wrong: dict[str, str] | None = None,
    chosen: frozenset[str] = frozenset(),
    name: str = "",
) -> Template:
    pairing = boxes.pairing
    view = await asyncio.to_thread(boxes_view, pairing, t)
    taken = await asyncio.to_thread(pairing.server.boxes.of_devices) if pairing.server else {}
    return desk_page(
        "boxes.html",
        visitor,
        t,
        current="/devices",
        status_code=_UNPROCESSABLE if wrong else 200,
        page=view,
        available=pairing.available,
        choices=[(device, words, device in taken) for device, words in _devices(pairing, t)],
        chosen=chosen,
        name=name,
        longest=LONGEST_BOX_NAME,
        wrong=wrong or {},
        done=done,
    )


def _devices(pairing: PairingSite, t: Words) -> list[tuple[str, str]]:
    """Return the devices that a machine may be."""
    centre = pairing.hall.state.centre
    known = centre.devices if centre else ()
    return [(d.id, device_name(d.id, t)) for d in known if d.role in _PAIRED_BY_CODE]


def _names(devices: tuple[str, ...], t: Words) -> str:
    return ", ".join(device_name(device, t) for device in devices)


def lan_address() -> str:
    """Return the address by which other machines of the hall reach this one."""
    found = "127.0.0.1"
    for name in own_names():
        try:
            address = ip_address(name)
        except ValueError:
            continue
        if address.version == 4 and not address.is_loopback:  # noqa: PLR2004 - the protocol's number
            found = name
    return found


def qr_path(text: str) -> tuple[str, int]:
    """Return a QR code as the path of an SVG, one unit a module, and its size."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    dots = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark
    )
    return dots, len(matrix)


async def _audit(
    boxes: BoxesSite, visitor: Visitor, address: str, action: str, detail: str
) -> None:
    server = boxes.pairing.server
    if server is None:
        raise ProvisioningError("this machine is no site's server")
    await asyncio.to_thread(server.boxes.db.audit, visitor.account, address, action, detail)


def _back(done: str) -> Redirect:
    return Redirect(f"{_PAGE}?{urlencode({'done': done})}", status_code=303)
