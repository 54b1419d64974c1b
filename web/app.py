"""The web application: its addresses and what they answer."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Litestar, MediaType, Request, Response, get
from litestar.datastructures import CacheControlHeader
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException, NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import File, ServerSentEvent, Template
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig

from bus.device import DeviceLink
from web.assets import FONTS, STATIC, TEMPLATES, assets_version
from web.day_log import DayLog
from web.events import LiveEvents
from web.export import csv_name, day_csv
from web.hall import Hall
from web.pages import TodayPages
from web.words import Words

_log = logging.getLogger(__name__)

_FOREVER = CacheControlHeader(public=True, max_age=31_536_000, immutable=True)
_UNAVAILABLE = 503
_FAILED = 500


@dataclass(frozen=True, slots=True)
class Site:
    """What requests are answered from."""

    hall: Hall
    log: DayLog
    pages: TodayPages
    events: LiveEvents


def create_app(
    link: DeviceLink,
    log: DayLog,
    stopping: asyncio.Event,
    *,
    now: Callable[[], datetime],
    monotonic: Callable[[], float],
) -> Litestar:
    """Return the application, which starts and stops `link` and ends streams on `stopping`."""
    hall = Hall()
    pages = TodayPages(hall, log, now, monotonic)
    templates = _templates()

    async def render_live(lang: str) -> str:
        words = Words(lang)
        page = await pages.today(words)
        return templates.get_template("live.html").render(page=page, t=words)

    site = Site(hall, log, pages, LiveEvents(hall, render_live, stopping))
    static = create_static_files_router("/static", [STATIC], cache_control=_FOREVER)
    return Litestar(
        [today, today_csv, live_events, health, font, static],
        dependencies={"site": Provide(lambda: site, use_cache=True, sync_to_thread=False)},
        lifespan=[partial(_following, link, hall, log)],
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(templates)),
        exception_handlers={HTTPException: _refused, Exception: _failed},
        openapi_config=None,
        logging_config=None,
    )


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
        "service": state.service_online,
    }
    return Response(parts, status_code=200 if all(parts.values()) else _UNAVAILABLE)


@get("/fonts/{name:str}")
async def font(name: FromPath[str]) -> File:
    """Answer with a font file."""
    if name not in FONTS:
        raise NotFoundException
    return File(
        FONTS[name],
        filename=name,
        media_type="font/ttf",
        content_disposition_type="inline",
        headers={"Cache-Control": _FOREVER.to_header()},
    )


def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["assets"] = assets_version()
    return environment


@asynccontextmanager
async def _following(
    link: DeviceLink, hall: Hall, log: DayLog, _app: Litestar
) -> AsyncIterator[None]:
    loop = asyncio.get_running_loop()

    def post(take: Callable[..., None], *heard: object) -> None:
        loop.call_soon_threadsafe(take, *heard)

    hall.follow(link, post)
    link.start()
    try:
        yield
    finally:
        await asyncio.to_thread(link.stop)
        log.close()


def _refused(_request: Request[Any, Any, Any], error: HTTPException) -> Response[str]:
    return Response(f"{error.detail}\n", status_code=error.status_code, media_type=MediaType.TEXT)


def _failed(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    _log.error("request failed path=%s", request.url.path, exc_info=error)
    return Response("internal error\n", status_code=_FAILED, media_type=MediaType.TEXT)
