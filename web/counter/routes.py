"""The page "Quầy": its addresses, its news, and what is pressed on it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlencode

from jinja2 import Environment
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath
from litestar.response import Redirect, ServerSentEvent, ServerSentEventMessage, Template
from litestar.types import ControllerRouterHandler

from config import Centre
from hall.model import Hall
from hall.words import Words
from web.access import AnyRequest, Role, Visitor, open_to
from web.counter.pages import CounterPages, Typed
from web.counter.parts import CounterStream, Drawing
from web.desk import csrf_field, desk_page
from web.forms import read_form

_OFFICER = open_to(Role.OFFICER)
_LONGEST_PRESS = 120
_LONGEST_TYPED = 16
_GONE, _TOO_LATE = 410, 409
_SCRIPT = "application/json"
"""What the page's script accepts: it hears by its stream what became of a press."""


@dataclass(frozen=True)
class CounterSite:
    """What the counter's requests are answered from."""

    hall: Hall
    pages: CounterPages
    stream: CounterStream
    templates: Environment

    def counters(self, visitor: Visitor) -> list[int]:
        """Return the counters that somebody may open; an administrator all, to help."""
        centre = self.hall.state.centre
        there = [counter.number for counter in centre.counters] if centre else []
        if visitor.may(Role.ADMINISTRATOR):
            return there
        return [number for number in visitor.counters if number in there or centre is None]

    def admit(self, visitor: Visitor, counter: int) -> None:
        """Raise PermissionDenied where a counter is not for somebody, NotFound where none is."""
        centre = self.hall.state.centre
        if centre and not _is_counter(centre, counter):
            raise NotFoundException("no such counter")
        if counter not in visitor.counters and not visitor.may(Role.ADMINISTRATOR):
            raise PermissionDeniedException("not a counter of this account")


@get("/counter", opt=_OFFICER)
async def counters_page(
    counter_site: NamedDependency[CounterSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with the counters that somebody may open."""
    return desk_page(
        "counters.html", visitor, t, current="/counter", counters=counter_site.counters(visitor)
    )


@get("/counter/{counter:int}", opt=_OFFICER)
async def counter_page(
    counter: FromPath[int],
    request: AnyRequest,
    counter_site: NamedDependency[CounterSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with a counter's page."""
    return _page(request, counter_site, visitor, t, counter, "counter.html")


@get("/counter/{counter:int}/small", opt=_OFFICER)
async def small_page(
    counter: FromPath[int],
    request: AnyRequest,
    counter_site: NamedDependency[CounterSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with the small form that stays beside other programs."""
    return _page(request, counter_site, visitor, t, counter, "counter_small.html")


@get("/counter/{counter:int}/events", opt=open_to(Role.OFFICER, quiet=True))
async def counter_events(
    counter: FromPath[int],
    request: AnyRequest,
    counter_site: NamedDependency[CounterSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> ServerSentEvent:
    """Answer with a page's news as they come."""
    counter_site.admit(visitor, counter)
    page = counter_site.pages.find(request.query_params.get("page", ""), visitor, counter)
    stream = counter_site.stream
    if page is None:
        news = _only(stream.gone())
    else:
        drawing = Drawing(counter_site.templates, page, visitor)
        news = stream.events(page, drawing, t, visitor.still_in)
    return ServerSentEvent(news, headers={"Cache-Control": "no-store"})


@post("/counter/{counter:int}/press", opt=_OFFICER, status_code=200)
async def press(
    counter: FromPath[int],
    request: AnyRequest,
    counter_site: NamedDependency[CounterSite],
    visitor: NamedDependency[Visitor],
) -> Response[str] | Redirect:
    """Take what was pressed: at once for a script, with what became of it for a form."""
    counter_site.admit(visitor, counter)
    form = await read_form(request)
    page = counter_site.pages.find(form.text("page"), visitor, counter)
    by_script = _SCRIPT in request.headers.get("accept", "")
    if page is None:
        return (
            _word("gone", _GONE) if by_script else Redirect(f"/counter/{counter}", status_code=303)
        )
    if counter_site.stream.too_late(form.text("pressed", _LONGEST_TYPED)):
        return _word("too late", _TOO_LATE)
    page.press(
        form.text("press", _LONGEST_PRESS),
        form.text("once"),
        Typed(
            form.text("number", _LONGEST_TYPED),
            form.text("time", _LONGEST_TYPED),
            form.text("text"),
            form.text("code", _LONGEST_TYPED),
        ),
    )
    counter_site.pages.renew(page)
    if by_script:
        return _word("taken", 200)
    await page.answered(counter_site.stream.stopping)
    where = "/small" if form.text("small") else ""
    query = urlencode({"page": page.token})
    return Redirect(f"/counter/{counter}{where}?{query}", status_code=303)


@get("/counter/{counter:int}/slip", opt=_OFFICER)
async def slip_page(
    counter: FromPath[int],
    request: AnyRequest,
    counter_site: NamedDependency[CounterSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template | Redirect:
    """Answer with the slip of the open sheet, to be printed; no address tells its code."""
    counter_site.admit(visitor, counter)
    page = counter_site.pages.find(request.query_params.get("page", ""), visitor, counter)
    sheet = page.desk.sheet if page else None
    if page is None or sheet is None or sheet.slip is None:
        return Redirect(f"/counter/{counter}", status_code=303)
    back = f"/counter/{counter}?{urlencode({'page': page.token})}"
    return Template("slip.html", context={"t": t, "slip": sheet.slip, "back": back})


COUNTER_ROUTES: list[ControllerRouterHandler] = [
    counters_page,
    counter_page,
    small_page,
    counter_events,
    press,
    slip_page,
]


def _page(  # noqa: PLR0917 - what both forms of the page do
    request: AnyRequest,
    site: CounterSite,
    visitor: Visitor,
    t: Words,
    counter: int,
    template: str,
) -> Template:
    site.admit(visitor, counter)
    token = request.query_params.get("page", "")
    page = site.pages.find(token, visitor, counter) or site.pages.open(visitor, counter, t)
    site.pages.renew(page)
    drawn = Drawing(site.templates, page, visitor).draw(t)
    return Template(
        template,
        context={
            "t": t,
            "counter": counter,
            "page": page,
            "drawn": drawn,
            "now_ms": site.stream.now_ms(),
            "csrf_field": lambda: csrf_field(visitor.csrf),
        },
    )


def _is_counter(centre: Centre, counter: int) -> bool:
    return any(known.number == counter for known in centre.counters)


def _word(said: str, status_code: int) -> Response[str]:
    return Response(f"{said}\n", status_code=status_code, media_type="text/plain")


async def _only(event: ServerSentEventMessage) -> AsyncIterator[ServerSentEventMessage]:
    yield event
