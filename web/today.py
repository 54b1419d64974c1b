"""The page "Hôm nay": its addresses and its news."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.response import ServerSentEvent, ServerSentEventMessage, Template
from litestar.types import ControllerRouterHandler

from hall.model import Hall
from hall.words import Words
from web.access import PUBLIC, Role, Visitor, open_to
from web.day_log import DayLog
from web.desk import desk_page
from web.export import csv_name, day_csv
from web.pages import TodayPages
from web.waiting import Changes, first_of

RECONNECT_MS = 2000
_UNAVAILABLE = 503


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

    async def stream(
        self, lang: str, still_in: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[ServerSentEventMessage]:
        """Yield the page now and whenever it has changed, else a sign of life.

        Ends for who is not `still_in`.
        """
        self._listeners += 1
        try:
            sent = ""
            while not self._stopping.is_set() and await still_in():
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


@dataclass(frozen=True, slots=True)
class Site:
    """What requests are answered from."""

    hall: Hall
    log: DayLog
    pages: TodayPages
    events: LiveEvents


@get("/", opt=open_to(Role.VIEWER))
async def today(
    site: NamedDependency[Site], visitor: NamedDependency[Visitor], t: NamedDependency[Words]
) -> Template:
    """Answer with the page "Hôm nay"."""
    page = await site.pages.today(t)
    return desk_page("today.html", visitor, t, current="/", page=page)


@get("/today.csv", opt=open_to(Role.VIEWER))
async def today_csv(site: NamedDependency[Site], t: NamedDependency[Words]) -> Response[bytes]:
    """Answer with today's tickets for a spreadsheet."""
    record = await site.pages.record()
    return Response(
        day_csv(site.hall.state, record, t),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{csv_name(record)}"'},
    )


@get("/events", opt=open_to(Role.VIEWER, quiet=True))
async def live_events(
    site: NamedDependency[Site], visitor: NamedDependency[Visitor], t: NamedDependency[Words]
) -> Response[bytes] | ServerSentEvent:
    """Answer with the page's news as they come."""
    if site.events.full:
        return Response(b"too many listeners\n", status_code=_UNAVAILABLE, media_type="text/plain")
    return ServerSentEvent(
        site.events.stream(t.lang, visitor.still_in), headers={"Cache-Control": "no-store"}
    )


@get("/healthz", opt=PUBLIC)
async def health(site: NamedDependency[Site]) -> Response[dict[str, bool]]:
    """Answer whether the link, the store and the service are there."""
    state = site.hall.state
    parts = {
        "link": state.linked,
        "store": await asyncio.to_thread(site.log.available),
        "service": state.service_there,
    }
    return Response(parts, status_code=200 if all(parts.values()) else _UNAVAILABLE)


TODAY_ROUTES: list[ControllerRouterHandler] = [today, today_csv, live_events, health]
