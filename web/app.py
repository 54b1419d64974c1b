"""The web application: its addresses and what they answer."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from jinja2 import Environment
from litestar import Litestar, MediaType, Request, Response, get
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.params import FromQuery
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import ServerSentEvent, ServerSentEventMessage, Template
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig
from litestar.types import ControllerRouterHandler

from bus.session import Session
from hall.model import Hall
from hall.words import Words
from web.assets import FOREVER, STATIC, font, load_templates
from web.board.routes import BOARD_ROUTES, BoardSite
from web.day_log import DayLog
from web.export import csv_name, day_csv
from web.guard import MAX_BODY_BYTES, add_careful_headers
from web.pages import TodayPages
from web.waiting import Changes, LoopOwner, first_of

RECONNECT_MS = 2000


class LiveEvents:
    """Sends the newest page to everyone who listens, at once after a change.

    Changes within `gather_s` travel together; after `quiet_s` without one the page is made again,
    because waits grow. Ends all streams when `stopping` is set.
    """

    def __init__(
        self,
        changes: Changes,
        render: Callable[[str], Awaitable[str]],
        stopping: asyncio.Event,
        *,
        gather_s: float = 0.5,
        quiet_s: float = 15.0,
        most: int = 50,
    ) -> None:
        """Render by language with `render`; serve at most `most` listeners."""
        self._changes = changes
        self._render = render
        self._stopping = stopping
        self._gather_s = gather_s
        self._quiet_s = quiet_s
        self._most = most
        self._listeners = 0

    @property
    def full(self) -> bool:
        """Return whether nobody more can listen."""
        return self._listeners >= self._most

    async def stream(self, lang: str) -> AsyncIterator[ServerSentEventMessage]:
        """Yield the page now and whenever it has changed, else a sign of life."""
        self._listeners += 1
        try:
            sent = ""
            while not self._stopping.is_set():
                revision = self._changes.revision
                html = await self._render(lang)
                yield _news(html) if html != sent else _sign_of_life()
                sent = html
                changed = self._changes.since(revision)
                await first_of(changed, self._stopping, self._quiet_s)
                await first_of(self._stopping.wait(), self._stopping, self._gather_s)
        finally:
            self._listeners -= 1


def _news(html: str) -> ServerSentEventMessage:
    return ServerSentEventMessage(event="today", data=html, retry=RECONNECT_MS)


def _sign_of_life() -> ServerSentEventMessage:
    return ServerSentEventMessage(comment="nothing new", data=None)


_log = logging.getLogger(__name__)

_UNAVAILABLE = 503
_FAILED = 500
_LOOK_S = 1.0

Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Site:
    """What requests are answered from."""

    hall: Hall
    log: DayLog
    pages: TodayPages
    events: LiveEvents


def create_app(
    link: Session,
    hall: Hall,
    log: DayLog,
    board: BoardSite,
    stopping: asyncio.Event,
    *,
    owner: LoopOwner,
    now: Callable[[], datetime],
    monotonic: Callable[[], float],
) -> Litestar:
    """Return the application, which starts and stops `link` and ends streams on `stopping`.

    `owner` is what `link` delivers by.
    """
    changes = Changes(hall.watch)
    pages = TodayPages(hall, changes, log, now, monotonic)
    templates = load_templates()

    async def render_live(lang: str) -> str:
        words = Words(lang)
        page = await pages.today(words)
        return templates.get_template("live.html").render(page=page, t=words)

    site = Site(hall, log, pages, LiveEvents(changes, render_live, stopping))
    static = create_static_files_router("/static", [STATIC], cache_control=FOREVER)
    fonts = font("/fonts/{name:str}")
    return _litestar(
        [today, today_csv, live_events, health, fonts, static, *BOARD_ROUTES],
        {"site": site, "board": board},
        templates,
        [partial(_following, link, owner, hall, log, board)],
    )


def create_board_app(board: BoardSite) -> Litestar:
    """Return an application that has the board and nothing else, for a public listener."""
    return _litestar(BOARD_ROUTES, {"board": board}, load_templates(), [])


@get("/")
async def today(site: NamedDependency[Site], lang: FromQuery[str] = "vi") -> Template:
    """Answer with the page "Hôm nay"."""
    words = Words(lang)
    return Template("today.html", context={"page": await site.pages.today(words), "t": words})


@get("/today.csv")
async def today_csv(site: NamedDependency[Site], lang: FromQuery[str] = "vi") -> Response[bytes]:
    """Answer with today's tickets for a spreadsheet."""
    record = await site.pages.record()
    return Response(
        day_csv(site.hall.state, record, Words(lang)),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{csv_name(record)}"'},
    )


@get("/events")
async def live_events(
    site: NamedDependency[Site], lang: FromQuery[str] = "vi"
) -> Response[bytes] | ServerSentEvent:
    """Answer with the page's news as they come."""
    if site.events.full:
        return Response(b"too many listeners\n", status_code=_UNAVAILABLE, media_type="text/plain")
    return ServerSentEvent(site.events.stream(lang), headers={"Cache-Control": "no-store"})


@get("/healthz")
async def health(site: NamedDependency[Site]) -> Response[dict[str, bool]]:
    """Answer whether the link, the store and the service are there."""
    state = site.hall.state
    parts = {
        "link": state.linked,
        "store": await asyncio.to_thread(site.log.available),
        "service": state.service_there,
    }
    return Response(parts, status_code=200 if all(parts.values()) else _UNAVAILABLE)


def _litestar(
    routes: Sequence[ControllerRouterHandler],
    sources: dict[str, object],
    templates: Environment,
    lifespan: list[Lifespan],
) -> Litestar:
    return Litestar(
        routes,
        dependencies={name: _provide(source) for name, source in sources.items()},
        lifespan=lifespan,
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(templates)),
        exception_handlers={HTTPException: _refused, Exception: _failed},
        before_send=[add_careful_headers],
        request_max_body_size=MAX_BODY_BYTES,
        openapi_config=None,
        logging_config=None,
    )


def _provide(source: object) -> Provide:
    return Provide(lambda: source, use_cache=True, sync_to_thread=False)


@asynccontextmanager
async def _following(
    link: Session, owner: LoopOwner, hall: Hall, log: DayLog, board: BoardSite, _app: Litestar
) -> AsyncIterator[None]:
    owner.take_loop()
    link.start()
    tasks = [asyncio.create_task(board.pages.keep()), asyncio.create_task(_looking(hall))]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await asyncio.to_thread(link.stop)
        log.close()


async def _looking(hall: Hall) -> None:
    """Notice a service that falls silent."""
    while True:
        await asyncio.sleep(_LOOK_S)
        hall.look()


def _refused(_request: Request[Any, Any, Any], error: HTTPException) -> Response[str]:
    return Response(f"{error.detail}\n", status_code=error.status_code, media_type=MediaType.TEXT)


def _failed(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    _log.error("request failed path=%s", request.url.path, exc_info=error)
    return Response("internal error\n", status_code=_FAILED, media_type=MediaType.TEXT)
