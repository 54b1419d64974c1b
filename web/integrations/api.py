"""`/api`: figures, log and hall for other programs, described by `/api/openapi.json`."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Annotated, Any

from litestar import MediaType, Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.exceptions import (
    HTTPException,
    InternalServerException,
    NotAuthorizedException,
    NotFoundException,
    PermissionDeniedException,
    TooManyRequestsException,
    ValidationException,
)
from litestar.params import FromPath, QueryParameter

from bus.vocabulary import TicketClass, TicketState
from config import Centre
from hall.model import HallState
from provisioning.errors import SiteDbError
from provisioning.tokens import Scope
from wait_log.errors import StoreError
from wait_log.figures import Figures, Origin, Selection
from wait_log.periods import Period
from wait_log.reader import Reader
from wait_log.ticket_log import TicketSearch, find_tickets, ticket_by_id
from web.export.satisfaction import Opinions
from web.integrations.answers import (
    CounterRecord,
    EventPage,
    FiguresAnswer,
    LiveAnswer,
    ServiceRecord,
    TicketPage,
    TicketRecord,
    counter_records,
    key_of_text,
    key_text,
    live_answer,
    service_records,
    ticket_record,
)
from web.integrations.public_events import public_event
from web.integrations.token_door import by_token

API = "/api"
V1 = f"{API}/v1"
MOST_TICKETS = 500
MOST_EVENTS = 1000
_UNAVAILABLE = 503
FIGURES_AT_ONCE = 2
"""How many figures are counted at the same time: pages come first."""

_log = logging.getLogger(__name__)


class UnavailableException(HTTPException):
    """What is asked for cannot be had now."""

    status_code = _UNAVAILABLE


CountFigures = Callable[[Reader, Selection, Centre], Figures]
RAISES = [
    NotAuthorizedException,
    PermissionDeniedException,
    TooManyRequestsException,
    UnavailableException,
]


@dataclass(frozen=True)
class ApiSite:
    """What the API is answered from; `document` is its OpenAPI."""

    reader: Reader
    hall: Callable[[], HallState]
    now: Callable[[], datetime]
    count: CountFigures
    document: bytes
    counting: asyncio.Semaphore
    """How many figures are counted at the same time: pages come first."""
    opinions: Opinions


_First = Annotated[date, QueryParameter(description="The first business day.")]
_Last = Annotated[date, QueryParameter(description="The last business day, in it.")]
_Services = Annotated[
    list[str] | None, QueryParameter(description="Codes of services; none for all.")
]
_Counters = Annotated[
    list[int] | None, QueryParameter(description="Numbers of counters; none for all.")
]
_Classes = Annotated[
    list[TicketClass] | None, QueryParameter(name="class", description="Classes; none for all.")
]
_Origins = Annotated[list[Origin] | None, QueryParameter(description="Where numbers were given.")]


@get(
    f"{V1}/figures",
    opt=by_token(Scope.FIGURES),
    summary="Figures of a period",
    operation_id="figures",
    raises=RAISES,
)
async def api_figures(
    *,
    api: NamedDependency[ApiSite],
    first: _First,
    last: _Last,
    service: _Services = None,
    counter: _Counters = None,
    ticket_class: _Classes = None,
    origin: _Origins = None,
    lunch: Annotated[
        bool, QueryParameter(description="Whether the lunch break counts as waiting.")
    ] = True,
) -> FiguresAnswer:
    """Answer with what the page "Thời gian chờ" shows of a period."""
    period = _period(first, last)
    centre = api.hall().centre
    if centre is None:
        raise UnavailableException(
            detail="the centre's configuration is not known yet; ask again later"
        )
    selection = Selection(
        period=period,
        services=frozenset(service or ()),
        counters=frozenset(counter or ()),
        classes=frozenset(ticket_class or ()),
        origins=frozenset(origin or ()),
        lunch=lunch,
    )
    async with api.counting:
        figures = await asyncio.to_thread(api.count, api.reader, selection, centre)
        told = await asyncio.to_thread(api.opinions, figures)
    return FiguresAnswer(centre.identity.site, figures, told)


@get(
    f"{V1}/tickets",
    opt=by_token(Scope.LOG),
    summary="Tickets, newest first",
    operation_id="tickets",
    raises=RAISES,
)
async def api_tickets(
    *,
    api: NamedDependency[ApiSite],
    first: _First,
    last: _Last,
    service: _Services = None,
    counter: _Counters = None,
    ticket_class: _Classes = None,
    origin: _Origins = None,
    ticket_state: Annotated[
        list[TicketState] | None, QueryParameter(name="state", description="States; none for all.")
    ] = None,
    number: Annotated[
        str, QueryParameter(max_length=8, description="One number, such as 2005.")
    ] = "",
    after: Annotated[
        str | None,
        QueryParameter(max_length=200, description="`next` of the page before."),
    ] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=MOST_TICKETS)] = 100,
) -> TicketPage:
    """Answer with some tickets; a page may be short while `next` still leads on."""
    chosen = Selection(
        _period(first, last),
        services=frozenset(service or ()),
        counters=frozenset(counter or ()),
        classes=frozenset(map(str, ticket_class or ())),
        origins=frozenset(origin or ()),
    )
    search = TicketSearch(chosen, states=frozenset(ticket_state or ()), number=number)
    try:
        start = None if after is None else key_of_text(after)
    except ValueError:
        raise ValidationException("`after` is the `next` of an earlier page") from None
    page = await asyncio.to_thread(find_tickets, api.reader, search, start, most=limit)
    return TicketPage([ticket_record(row) for row in page.rows], key_text(page.older))


@get(
    f"{V1}/tickets/{{ticket:str}}",
    opt=by_token(Scope.LOG),
    summary="One ticket",
    operation_id="ticket",
    raises=RAISES,
)
async def api_ticket(api: NamedDependency[ApiSite], ticket: FromPath[str]) -> TicketRecord:
    """Answer with one ticket as it stands."""
    row = await asyncio.to_thread(ticket_by_id, api.reader, ticket[:40])
    if row is None:
        raise NotFoundException("no such ticket")
    return ticket_record(row)


@get(
    f"{V1}/events",
    opt=by_token(Scope.LOG),
    summary="Events of the log, in order",
    operation_id="events",
    raises=RAISES,
)
async def api_events(
    api: NamedDependency[ApiSite],
    after: Annotated[
        int, QueryParameter(ge=0, le=2**62, description="`next` of the answer before.")
    ] = 0,
    limit: Annotated[int, QueryParameter(ge=1, le=MOST_EVENTS)] = 500,
) -> EventPage:
    """Answer with what webhooks are told, for those who would rather ask."""

    def read() -> EventPage:
        newest = api.reader.newest()
        chained = list(islice(api.reader.events(after + 1), limit))
        told = [event for event in map(public_event, chained) if event]
        following = chained[-1].seq if chained else after
        return EventPage(told, following, newest.seq if newest else 0)

    return await asyncio.to_thread(read)


@get(
    f"{V1}/live",
    opt=by_token(Scope.LIVE),
    summary="The hall as it is now",
    operation_id="live",
    raises=RAISES,
)
async def api_live(api: NamedDependency[ApiSite]) -> LiveAnswer:
    """Answer with lines, counters, outages and devices."""
    return live_answer(api.hall(), api.now())


@get(
    f"{V1}/services",
    opt=by_token(Scope.LIVE),
    summary="Services and their lines",
    operation_id="services",
    raises=RAISES,
)
async def api_services(api: NamedDependency[ApiSite]) -> list[ServiceRecord]:
    """Answer with the services of the centre."""
    return service_records(api.hall())


@get(
    f"{V1}/counters",
    opt=by_token(Scope.LIVE),
    summary="Counters and what they do",
    operation_id="counters",
    raises=RAISES,
)
async def api_counters(api: NamedDependency[ApiSite]) -> list[CounterRecord]:
    """Answer with the counters of the centre."""
    return counter_records(api.hall())


@get(f"{API}/openapi.json", opt=by_token(None), include_in_schema=False)
async def api_document(api: NamedDependency[ApiSite]) -> Response[bytes]:
    """Answer with the description of all this."""
    return Response(api.document, media_type=MediaType.JSON)


API_HANDLERS = [
    api_figures,
    api_tickets,
    api_ticket,
    api_events,
    api_live,
    api_services,
    api_counters,
    api_document,
]


def _period(first: date, last: date) -> Period:
    try:
        return Period.parse(first.isoformat(), last.isoformat())
    except ValueError as error:
        raise ValidationException(str(error)) from None


def _refused(_request: Request[Any, Any, Any], error: HTTPException) -> Response[dict[str, Any]]:
    said: dict[str, Any] = {"status_code": error.status_code, "detail": error.detail}
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        said["extra"] = [
            {"key": part.get("key"), "message": part.get("message")}
            for part in error.extra
            if isinstance(part, dict)
        ]
    return Response(said, status_code=error.status_code, headers=error.headers)


def _unread(request: Request[Any, Any, Any], error: Exception) -> Response[dict[str, Any]]:
    _log.warning("api not answered path=%s error=%s", request.url.path, error)
    refusal = UnavailableException("the data cannot be read now", headers={"Retry-After": "10"})
    return _refused(request, refusal)


def _failed(request: Request[Any, Any, Any], error: Exception) -> Response[dict[str, Any]]:
    _log.error("api failed path=%s", request.url.path, exc_info=error)
    return _refused(request, InternalServerException("internal error"))


def api_router(*more: Any) -> Router:  # noqa: ANN401 - route handlers of any kind
    """Return the routes of the API and `more` for programs, which answer errors as JSON."""
    return Router(
        "/",
        route_handlers=[*API_HANDLERS, *more],
        exception_handlers={
            HTTPException: _refused,
            NotAuthorizedException: _refused,  # which would lead to the login elsewhere
            StoreError: _unread,
            SiteDbError: _unread,
            Exception: _failed,
        },
    )
