"""The addresses of citizens' phones: without login, without cookie."""

from dataclasses import dataclass

from litestar import get
from litestar.di import NamedDependency
from litestar.exceptions import ServiceUnavailableException
from litestar.params import FromPath
from litestar.response import Response, Stream, Template
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

from hall.model import Hall
from hall.words import N_, Words
from wait_log.errors import StoreError
from wait_log.followed import FollowedTicket
from web.access import LANGUAGES, PUBLIC, AnyRequest
from web.assets import FOREVER, STATIC
from web.phone.stream import Phones
from web.phone.view import service_name

_NOT_FOUND, _BUSY = 404, 503
_UNKNOWN = N_("Không có số này, hoặc số đã hết giá trị. Số chỉ có giá trị trong ngày.")
_UNREADABLE = N_("Trang đang tạm nghỉ. Xin quý vị nhìn màn hình của Trung tâm.")
_STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@dataclass(frozen=True, slots=True)
class PhoneSite:
    """What phones' requests are answered from."""

    hall: Hall
    phones: Phones


@get("/t/{token:str}", opt=PUBLIC)
async def phone_page(
    request: AnyRequest, token: FromPath[str], phone: NamedDependency[PhoneSite]
) -> Template:
    """Answer with the page of a number."""
    try:
        ticket = await phone.phones.record.of_token(token)
    except StoreError:
        return _said(request, phone, _UNREADABLE, _BUSY)
    if ticket is None:
        return _said(request, phone, _UNKNOWN, _NOT_FOUND)
    t = _words(request, ticket)
    view = await phone.phones.view(ticket, t)
    context = {
        **_frame(phone, t),
        "view": view,
        "drawn": phone.phones.draw(view, t.lang),
        "number": ticket.number,
        "service": service_name(ticket, phone.hall.state, t),
        "token": token,
        "time": phone.phones.time(),
        "trusted": False,
    }
    return Template("phone.html", context=context)


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
    events = phone.phones.events(ticket, _words(request, ticket).lang)
    return Stream(events, media_type="text/event-stream", headers=_STREAM_HEADERS)


PHONE_ROUTES: list[ControllerRouterHandler] = [
    phone_page,
    phone_events,
    create_static_files_router(
        "/public", [STATIC / "public"], cache_control=FOREVER, opt=dict(PUBLIC), name="public"
    ),
]


def _words(request: AnyRequest, ticket: FollowedTicket) -> Words:
    """Return the language of the paper, or the one that was asked for."""
    lang = request.query_params.get("lang", "")
    return Words(lang if lang in LANGUAGES else ticket.lang)


def _frame(phone: PhoneSite, t: Words) -> dict[str, object]:
    """Return what every page for citizens says of the centre."""
    centre = phone.hall.state.centre
    return {
        "t": t,
        "centre": centre.identity.name(t.lang) if centre else "",
        "place": centre.identity.place(t.lang) if centre else "",
    }


def _said(request: AnyRequest, phone: PhoneSite, said: str, status: int) -> Template:
    lang = request.query_params.get("lang", "")
    t = Words(lang if lang in LANGUAGES else "vi")
    context = {**_frame(phone, t), "said": t(said)}
    return Template("phone_said.html", context=context, status_code=status)
