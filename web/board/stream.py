"""A board's scenes as server-sent events, and the clock that goes with them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime

import msgspec
from litestar.response import ServerSentEventMessage

from hall.model import Hall
from web.board.pages import Page, Pages
from web.board.query import PageQuery
from web.waiting import first_of

_RETRY_MS = 1500
_WAKE_WITHIN_S = 60.0


class BoardStream:
    """Sends each page its scenes, whole ones every time, and beats in between."""

    def __init__(
        self,
        pages: Pages,
        hall: Hall,
        stopping: asyncio.Event,
        *,
        now: Callable[[], datetime],
        speed: float,
        version: str,
    ) -> None:
        """Tell the time by `now`, which runs `speed` times as fast as the real clock.

        A page of another `version` reloads itself. All streams end when `stopping` is set.
        """
        self._pages = pages
        self._hall = hall
        self._stopping = stopping
        self._now = now
        self._speed = speed
        self._version = version

    async def events(self, query: PageQuery) -> AsyncIterator[ServerSentEventMessage]:
        """Yield a greeting, then the newest scene whenever it has changed, else a beat.

        Yields nothing where many pages asked at once and this one has no place any more.
        """
        if self._pages.full:
            return
        page = self._pages.join(query)
        try:
            yield self._hello(page)
            sent = 0
            while not self._stopping.is_set():
                await first_of(page.woken.wait(), self._stopping, _WAKE_WITHIN_S)
                if not page.woken.is_set():
                    continue
                page.woken.clear()
                yield self._scene(page) if page.serial != sent else self._beat()
                sent = page.serial
        finally:
            self._pages.leave(page)

    def _hello(self, page: Page) -> ServerSentEventMessage:
        greeting = {"token": page.token, "version": self._version, "speed": self._speed}
        data = msgspec.json.encode(greeting)
        return ServerSentEventMessage(event="hello", data=data, retry=_RETRY_MS)

    def _scene(self, page: Page) -> ServerSentEventMessage:
        data = f'{{"at":{self._at()},"serial":{page.serial},"scene":{page.json}}}'
        return ServerSentEventMessage(event="scene", data=data)

    def _beat(self) -> ServerSentEventMessage:
        return ServerSentEventMessage(event="beat", data=f'{{"at":{self._at()}}}')

    def _at(self) -> int:
        """Return the hall's local time in milliseconds, counted as if it were UTC."""
        local = self._now().astimezone(self._hall.state.zone)
        offset = local.utcoffset()
        shift_s = offset.total_seconds() if offset else 0.0
        return round((local.timestamp() + shift_s) * 1000)
