"""The page's news as server-sent events."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from litestar.response import ServerSentEventMessage

from web.waiting import Changes, first_of

RECONNECT_MS = 2000


class LiveEvents:
    """Sends the newest page to everyone who listens, at once after a change.

    Changes within `gather_s` travel together; after `quiet_s` without one the page is made anew,
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
