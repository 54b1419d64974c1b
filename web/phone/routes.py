"""The addresses of citizens' phones: without login, without cookie."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from litestar import get, post
from litestar.di import NamedDependency
from litestar.exceptions import ServiceUnavailableException
from litestar.params import FromPath
from litestar.response import Redirect, Response, Stream, Template
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

from bus.vocabulary import Error
from hall.model import Hall
from hall.words import N_, Words
from provisioning.errors import SiteDbError
from provisioning.ratings import face_of
from wait_log.errors import StoreError
from wait_log.followed import FollowedTicket
from web.access import PUBLIC, AnyRequest, client_address, from_own_site
from web.assets import FOREVER, STATIC
from web.forms import read_form
from web.languages import asked_words, offered
from web.phone.cancelling import Cancelling, is_trusted
from web.phone.codes import WrongCodes, read_number, token_with
from web.phone.confirming import Confirming
from web.phone.reach import Reached
from web.phone.stream import Phones
from web.phone.view import kind_of, service_name
from web.phone.voting import Voted, Voting

_FORBIDDEN, _NOT_FOUND, _CONFLICT, _WRONG, _TOO_MANY, _BUSY = 403, 404, 409, 422, 429, 503
_UNKNOWN = N_("Không có số này, hoặc số đã hết giá trị. Số chỉ có giá trị trong ngày.")
_UNREADABLE = N_("Trang đang tạm nghỉ. Xin quý vị nhìn màn hình của Trung tâm.")
_NOT_FOUND_BY_CODE = N_("Chưa đúng số hoặc mã. Mời quý vị xem lại phiếu.")
_SLOWLY = N_(
    "Số này vừa bị nhập sai mã nhiều lần. Mời quý vị chờ một phút, hoặc quét mã QR trên phiếu."
)
_NOT_HERE = N_("Trang này không hủy được số. Quý vị không chờ nữa thì xin báo cán bộ.")
_NOT_CANCELLED = N_("Chưa hủy được số: quý vị đã được mời, hoặc số đã kết thúc. Xin báo cán bộ.")
_UNANSWERED = N_("Chưa hủy được số. Xin quý vị thử lại, hoặc báo cán bộ.")
_VOTES: Mapping[Voted, tuple[str, int]] = {
    Voted.TWICE: (N_("Lượt này đã được đánh giá."), _CONFLICT),
    Voted.NOT_SERVED: (
        N_("Chưa ghi được ý kiến: lượt này chưa phục vụ xong, hoặc ngày đã kết thúc."),
        _CONFLICT,
    ),
    Voted.TOO_FAST: (N_("Trang vừa được bấm quá nhiều lần. Mời quý vị thử lại sau."), _TOO_MANY),
}
_NOT_VOTED = N_("Chưa ghi được ý kiến. Xin quý vị thử lại sau giây lát.")
_NOT_FROM_HERE = N_("Ý kiến chỉ được ghi từ trang theo dõi lượt của quý vị.")
_REACHED: Mapping[Reached, str] = {
    Reached.SPENT: N_("Mã này đã hết giá trị. Mời mở lại trang Cấu hình để lấy mã mới."),
    Reached.OTHER_ADDRESS: N_("Điện thoại vào bằng địa chỉ khác. Mời quét lại mã QR."),
    Reached.UNTRUSTED: N_(
        "Chứng thư của địa chỉ này không phải của tổ chức mà mọi điện thoại tin, hoặc máy chủ "
        "không kiểm tra được. Xin đừng bỏ qua cảnh báo: hãy dùng http:// hoặc xin chứng thư công "
        "khai."
    ),
    Reached.NOT_APPLIED: N_("Chưa lưu được xác nhận. Mời thử lại sau giây lát."),
}
_STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@dataclass(frozen=True, slots=True)
class PhoneSite:
    """What phones' requests are answered from."""

    hall: Hall
    phones: Phones
    codes: WrongCodes
    cancelling: Cancelling
    confirming: Confirming
    voting: Voting
    has_procedures: Callable[[], bool] = lambda: False


@get("/t/{token:str}", opt=PUBLIC)
async def phone_page(
    request: AnyRequest, token: FromPath[str], phone: NamedDependency[PhoneSite]
) -> Template:
    """Answer with the page of a number."""
    ticket = await _followed(request, phone, token)
    if isinstance(ticket, Template):
        return ticket
    t = _words(request, phone, ticket)
    view = await phone.phones.view(ticket, t)
    context = {
        **_frame(phone, t),
        "view": view,
        "number": ticket.number,
        "service": service_name(ticket, phone.hall.state, t),
        "token": token,
        "time": phone.phones.time(),
        "trusted": _may_cancel(request, phone),
    }
    return Template("phone.html", context=context)


@post("/t/{token:str}", opt=PUBLIC, status_code=303)
async def rate_service(
    request: AnyRequest, token: FromPath[str], phone: NamedDependency[PhoneSite]
) -> Template | Redirect:
    """Count how it was, for who has the paper of a ticket that was served."""
    if not from_own_site(request.headers):
        phone.voting.refuse_form()
        return _said(request, phone, _NOT_FROM_HERE, _FORBIDDEN)
    ticket = await _followed(request, phone, token)
    if isinstance(ticket, Template):
        return ticket
    form, kind = await read_form(request), kind_of(ticket, phone.hall.state)
    try:
        voted = await phone.voting.vote(ticket, kind, face_of(form.text("face", 4)))
    except SiteDbError:
        return _said(request, phone, _NOT_VOTED, _BUSY)
    phone.phones.record.look_again()
    if refused := _VOTES.get(voted):
        return _said(request, phone, *refused)
    return Redirect(f"/t/{token}?lang={_words(request, phone, ticket).lang}", status_code=303)


@get("/t/{token:str}/events", opt=PUBLIC)
async def phone_events(
    request: AnyRequest, token: FromPath[str], phone: NamedDependency[PhoneSite]
) -> Response[bytes] | Stream:
    """Answer with the page's news as they come."""
    try:
        ticket = await phone.phones.record.of_token(token)
    except StoreError as error:
        raise ServiceUnavailableException("not readable now") from error
    if ticket is None:
        return Response(b"no such number\n", status_code=_NOT_FOUND, media_type="text/plain")
    if phone.phones.full:
        phone.phones.refused += 1
        raise ServiceUnavailableException("too many phones")
    events = phone.phones.events(ticket, _words(request, phone, ticket).lang)
    return Stream(events, media_type="text/event-stream", headers=_STREAM_HEADERS)


@get("/t", opt=PUBLIC)
async def find_page(request: AnyRequest, phone: NamedDependency[PhoneSite]) -> Template:
    """Answer with the form for a number and its code."""
    return _find(request, phone)


@post("/t", opt=PUBLIC, status_code=303)
async def find_number(
    request: AnyRequest, phone: NamedDependency[PhoneSite]
) -> Template | Redirect:
    """Lead to the page of a number whose code is right."""
    form = await read_form(request)
    typed = form.text("number")
    number = read_number(typed)
    if number is None:
        return _find(request, phone, _NOT_FOUND_BY_CODE, typed, _WRONG)
    if not phone.codes.take(number):
        return _find(request, phone, _SLOWLY, typed, _TOO_MANY)
    try:
        tokens = await phone.phones.record.tokens_of(number)
    except StoreError:
        phone.codes.give_back(number)
        return _said(request, phone, _UNREADABLE, _BUSY)
    token = token_with(tokens, form.text("code"))
    if token is None:
        return _find(request, phone, _NOT_FOUND_BY_CODE, typed, _WRONG)
    phone.codes.give_back(number)
    query = f"?lang={_asked_words(request, phone).lang}" if "lang" in request.query_params else ""
    return Redirect(f"/t/{token}{query}", status_code=303)


@get("/t/{token:str}/cancel", opt=PUBLIC)
async def cancel_question(
    request: AnyRequest, token: FromPath[str], phone: NamedDependency[PhoneSite]
) -> Template:
    """Ask whether a number is really to be given up."""
    if not _may_cancel(request, phone):
        return _said(request, phone, _NOT_HERE, _FORBIDDEN)
    ticket = await _followed(request, phone, token)
    if isinstance(ticket, Template):
        return ticket
    t = _words(request, phone, ticket)
    context = {**_frame(phone, t), "number": ticket.number, "token": token}
    return Template("phone_cancel.html", context=context)


@post("/t/{token:str}/cancel", opt=PUBLIC, status_code=303)
async def cancel_number(
    request: AnyRequest, token: FromPath[str], phone: NamedDependency[PhoneSite]
) -> Template | Redirect:
    """Give a number up, for who has its paper."""
    if not _may_cancel(request, phone) or not from_own_site(request.headers):
        return _said(request, phone, _NOT_HERE, _FORBIDDEN)
    ticket = await _followed(request, phone, token)
    if isinstance(ticket, Template):
        return ticket
    reply = await phone.cancelling.cancel(token)
    if reply.ok:
        return Redirect(f"/t/{token}?lang={_words(request, phone, ticket).lang}", status_code=303)
    unanswered = reply.error in {None, Error.UNAVAILABLE, Error.TOO_FAST}
    said = _UNANSWERED if unanswered else _NOT_CANCELLED
    return _said(request, phone, said, _BUSY if unanswered else _CONFLICT)


@get("/reach/{code:str}", opt=PUBLIC)
async def reach_page(
    request: AnyRequest, code: FromPath[str], phone: NamedDependency[PhoneSite]
) -> Template:
    """Tell somebody with a phone in the hall that it reaches the centre."""
    confirming = phone.confirming
    if confirming.invitations.find(code, confirming.address) is None:
        return _said(request, phone, _REACHED[Reached.SPENT], _NOT_FOUND)
    return _reach(request, phone, code)


@post("/reach/{code:str}", opt=PUBLIC, status_code=200)
async def reach_confirmed(
    request: AnyRequest, code: FromPath[str], phone: NamedDependency[PhoneSite]
) -> Template:
    """Take the phone's word."""
    host = request.headers.get("host", "")
    outcome = await phone.confirming.confirm(code, host, client_address(request))
    return _reach(request, phone, code, outcome)


@get("/", opt=PUBLIC, status_code=303)
async def public_home() -> Redirect:
    """Lead who typed the address alone to where a number is typed."""
    return Redirect("/t", status_code=303)


PHONE_ROUTES: list[ControllerRouterHandler] = [
    find_page,
    find_number,
    phone_page,
    rate_service,
    phone_events,
    cancel_question,
    cancel_number,
    reach_page,
    reach_confirmed,
    create_static_files_router(
        "/public", [STATIC / "public"], cache_control=FOREVER, opt=dict(PUBLIC), name="public"
    ),
]


async def _followed(request: AnyRequest, phone: PhoneSite, token: str) -> FollowedTicket | Template:
    """Return the ticket of a token, else the page that says why there is none."""
    try:
        ticket = await phone.phones.record.of_token(token)
    except StoreError:
        return _said(request, phone, _UNREADABLE, _BUSY)
    return ticket or _said(request, phone, _UNKNOWN, _NOT_FOUND)


def _words(request: AnyRequest, phone: PhoneSite, ticket: FollowedTicket) -> Words:
    """Return the language of the paper, or the one that was asked for."""
    return asked_words(request, phone.hall.state.centre, ticket.lang)


def _frame(phone: PhoneSite, t: Words) -> dict[str, object]:
    """Return what every page for citizens says of the centre."""
    centre = phone.hall.state.centre
    return {
        "t": t,
        "languages": offered(centre),
        "centre": centre.identity.name(t.lang) if centre else "",
        "place": centre.identity.place(t.lang) if centre else "",
        "procedures": phone.has_procedures(),
    }


def _may_cancel(request: AnyRequest, phone: PhoneSite) -> bool:
    """Return whether this phone came by an address that proves itself."""
    centre = phone.hall.state.centre
    if centre is None or not phone.cancelling.possible:
        return False
    return is_trusted(centre.identity, request.headers.get("host", ""))


def _asked_words(request: AnyRequest, phone: PhoneSite) -> Words:
    return asked_words(request, phone.hall.state.centre)


def _find(
    request: AnyRequest, phone: PhoneSite, wrong: str = "", number: str = "", status: int = 200
) -> Template:
    t = _asked_words(request, phone)
    context = {**_frame(phone, t), "wrong": t(wrong) if wrong else "", "number": number}
    return Template("phone_find.html", context=context, status_code=status)


def _reach(
    request: AnyRequest, phone: PhoneSite, code: str, outcome: Reached | None = None
) -> Template:
    t = _asked_words(request, phone)
    said = t(_REACHED[outcome]) if outcome and outcome in _REACHED else ""
    context = {**_frame(phone, t), "code": code, "outcome": outcome, "said": said}
    status = _CONFLICT if said else 200
    return Template("phone_reach.html", context=context, status_code=status)


def _said(request: AnyRequest, phone: PhoneSite, said: str, status: int) -> Template:
    t = _asked_words(request, phone)
    context = {**_frame(phone, t), "said": t(said)}
    return Template("phone_said.html", context=context, status_code=status)
