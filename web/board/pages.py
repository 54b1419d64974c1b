"""The pages that show the board: what each was sent, and what it says it has painted."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any

import msgspec

from bus.health import WebHealth
from bus.session import Session
from config import Clock
from hall.board.scene import Scene
from hall.board.screen import Screen, Screens
from hall.model import Hall
from web.board.query import PageQuery

_log = logging.getLogger(__name__)

BEAT_S = 2.5
"""How often a page hears that all is well, in real seconds."""
SEEN_S = 8.0
"""How long a page counts as seen after it confirmed a painted frame: three beats."""
MOST_PAGES = 48
_TICK_S = (0.02, 0.25)
_UNCONFIRMED = 16
"""Scenes on their way whose frame may still be confirmed."""

SHOWN = (
    "title",
    "place",
    "cards",
    "last",
    "hours",
    "greeting",
    "rows",
    "page",
    "missed",
    "missed_page",
    "waits",
    "waits_page",
    "next",
    "following",
    "line",
    "stale",
)
"""The parts of a scene that leave this machine: what people in the hall see anyway."""


def scene_json(scene: Scene) -> str:
    """Return a scene as a page reads it."""
    parts: dict[str, Any] = {name: getattr(scene, name) for name in SHOWN}
    return msgspec.json.encode(parts).decode()


class Page:
    """A connected page; it counts as seen only while it confirms painted frames."""

    def __init__(self, query: PageQuery, token: str, *, counts: bool) -> None:
        """Show what `query` asks for; a page that does not count acknowledges nothing."""
        self.name = query.screen
        self.token = token
        self.screen = Screen(query.view, counts=counts)
        self.woken = asyncio.Event()
        self.json = "null"
        self.serial = 0
        self.seen_at_s: float | None = None
        """When a painted frame was confirmed last; None while nobody sees this page."""
        self._shown: Scene | None = None
        self._sent: dict[int, Scene] = {}

    def show(self, encode: Callable[[Scene], str]) -> None:
        """Send the scene of its screen if it is another one than before."""
        if self._shown == self.screen.scene:
            return
        self._shown = self.screen.scene
        self.json = encode(self._shown)
        self.serial += 1
        self._sent[self.serial] = self._shown
        self._sent.pop(self.serial - _UNCONFIRMED, None)
        self.woken.set()

    def painted(self, serial: int) -> Scene | None:
        """Return the scene that was sent as `serial`, and forget older ones."""
        scene = self._sent.get(serial)
        if scene is not None:
            for older in [sent for sent in self._sent if sent < serial]:
                del self._sent[older]
        return scene


class Pages:
    """The connected pages; used on the event loop's thread only."""

    def __init__(
        self,
        link: Session,
        hall: Hall,
        *,
        clock: Clock,
        real: Callable[[], float],
        new_token: Callable[[], str],
        counted: frozenset[str] = frozenset(),
        most: int = MOST_PAGES,
        hints: Callable[[], WebHealth] = WebHealth,
    ) -> None:
        """Show `hall`; `real` counts real seconds, `counted` names the screens that count.

        Others may look, but nobody takes them for boards. `hints` are what else the process tells.
        """
        self._hints = hints
        self._clock = clock
        self._link = link
        self._real = real
        self._new_token = new_token
        self._counted = counted
        self._most = most
        self._pages: dict[str, Page] = {}
        self._screens = Screens(hall, link.acknowledge, now=link.now, clock=clock)
        self._beat_due_s = real()
        self._failing = False
        self._news = asyncio.Event()
        hall.watch(self._take)

    @property
    def page_s(self) -> float:
        """Return how long what does not fit at once stands on a page."""
        return self._screens.page_s

    @property
    def full(self) -> bool:
        """Return whether no more pages can be served."""
        return len(self._pages) >= self._most

    def join(self, query: PageQuery) -> Page:
        """Return a new page; its first scene comes at once."""
        page = Page(query, self._new_token(), counts=query.screen in self._counted)
        self._pages[page.token] = page
        self._screens.open(page.screen)
        _log.info("page joined screen=%s pages=%s", page.name, len(self._pages))
        self._news.set()
        return page

    def leave(self, page: Page) -> None:
        """Forget a page that is gone."""
        del self._pages[page.token]
        self._screens.close(page.screen)
        _log.info("page left screen=%s pages=%s", page.name, len(self._pages))
        self.tell_health()

    def take_frame(self, token: str, serial: int, *, visible: bool) -> bool:
        """Take a page's word for what is painted; return False for a page nobody knows.

        A page that is no longer `visible` says so with its last word.
        """
        page = self._pages.get(token)
        if page is None:
            return False
        self._look(page, seen=visible)
        if visible and (scene := page.painted(serial)):
            self._screens.paint(page.screen, scene)
        self._news.set()
        return True

    def refresh(self) -> None:
        """Show the present on every page; what several show is encoded once."""
        for page in self._pages.values():
            if page.seen_at_s is not None and self._real() - page.seen_at_s > SEEN_S:
                self._look(page, seen=False)
        self._screens.refresh()
        encode = cache(scene_json)
        for page in self._pages.values():
            page.show(encode)
        self.tell_health()

    async def keep(self) -> None:
        """Keep the pages right for as long as there are any, and give each a sign of life.

        Where this fails pages hear nothing, and call their numbers old by themselves.
        """
        while True:
            if self._pages:
                await self._pause()
            else:
                await self._news.wait()
            self._news.clear()
            try:
                self.refresh()
                self._beat()
            except Exception:  # noqa: BLE001 - the outermost loop carries on
                if not self._failing:
                    _log.exception("pages not kept")
                self._failing = True
            else:
                self._failing = False

    async def _pause(self) -> None:
        """Wait for news, or for the time to have changed what is to be seen."""
        shortest, longest = _TICK_S
        tick_s = min(longest, max(shortest, self._clock.real_s(1)))
        with suppress(TimeoutError):
            async with asyncio.timeout(tick_s):
                await self._news.wait()

    def _beat(self) -> None:
        real_s = self._real()
        if real_s >= self._beat_due_s:
            self._beat_due_s = real_s + BEAT_S
            for page in self._pages.values():
                page.woken.set()

    def _take(self, what: str) -> None:
        """Take news of the hall; the screens have taken theirs."""
        if what in {"board", "centre", "link", "service"}:
            self._news.set()

    def _look(self, page: Page, *, seen: bool) -> None:
        page.seen_at_s = self._real() if seen else None
        self._screens.look(page.screen, seen=seen)

    def tell_health(self) -> None:
        """Publish the names of the screens that somebody sees, one for each page."""
        seen = [page for page in self._pages.values() if page.screen.seen and page.screen.counts]
        boards = tuple(sorted(page.name for page in seen))
        self._link.set_health(msgspec.structs.replace(self._hints(), boards=boards))
