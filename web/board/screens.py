"""All pages that show the board: what each shows, and what is acknowledged for them."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress

from bus.orders import Acknowledgement
from bus.session import Session
from config import Clock
from config.settings import Rules
from hall.board.panel import Progress
from hall.board.scene import Hall as Told
from hall.board.scene import View, compose
from hall.model import Hall
from web.board.picture import Picture, draw
from web.board.screen import Screen
from web.board.tally import Tally
from web.board.wanted import Wanted

_log = logging.getLogger(__name__)

BEAT_S = 2.5
"""How often a page hears that all is well, in real seconds."""
SEEN_S = 8.0
"""How long a page counts as seen after it confirmed a painted frame: three beats."""
MOST_SCREENS = 48
_TICK_S = (0.02, 0.25)
_PAGE_S = 8.0
_PAGE_REAL_S = 4.0

Key = tuple[View, Progress]


class Screens:
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
        most: int = MOST_SCREENS,
    ) -> None:
        """Show `hall`; `real` counts the wall's seconds, `counted` names the screens that count.

        Without names every page counts.
        """
        self._clock = clock
        self._hall = hall
        self._link = link
        self._real = real
        self._new_token = new_token
        self._counted = counted
        self._most = most
        self._screens: dict[str, Screen] = {}
        self._drawn: dict[Key, Picture] = {}
        self._stale = False
        self._tally = Tally()
        self._beat_due_s = real()
        self._failing = False
        self._news = asyncio.Event()
        hall.watch(self._take)

    @property
    def page_s(self) -> float:
        """Return how long each part of the rows stands, so that it can be read at any speed."""
        return max(_PAGE_S, _PAGE_REAL_S * self._clock.speed)

    @property
    def full(self) -> bool:
        """Return whether no more pages can be served."""
        return len(self._screens) >= self._most

    def join(self, wanted: Wanted) -> Screen:
        """Return the screen of a new page; its first picture comes at once."""
        counts = not self._counted or wanted.screen in self._counted
        screen = Screen(wanted, self._new_token(), counts=counts)
        self._screens[screen.token] = screen
        _log.info("page joined screen=%s pages=%s", screen.name, len(self._screens))
        self._news.set()
        return screen

    def leave(self, screen: Screen) -> None:
        """Forget a page that is gone."""
        del self._screens[screen.token]
        _log.info("page left screen=%s pages=%s", screen.name, len(self._screens))
        self._tell_health()

    def take_frame(self, token: str, serial: int, *, visible: bool) -> bool:
        """Take a page's word for what is painted; return False for a page nobody knows.

        A page that is no longer `visible` says so with its last word.
        """
        screen = self._screens.get(token)
        if screen is None:
            return False
        self._look_at(screen, seen=visible)
        if visible and screen.counts:
            self._say(screen, screen.paint(serial, self._clock.monotonic()))
        self._news.set()
        return True

    def refresh(self) -> None:
        """Show the present on every page; pages that show the same share one picture."""
        at_s, real_s, now = self._clock.monotonic(), self._real(), self._link.now()
        state = self._hall.state
        told = Told(state.centre, state.board)
        self._stale = self._note_stale(self._hall.stale)
        drawn: dict[Key, Picture] = {}
        for screen in self._screens.values():
            if screen.seen_at_s is not None and real_s - screen.seen_at_s > SEEN_S:
                self._look_at(screen, seen=False)
            key = (screen.view, screen.progress(at_s))
            if key not in drawn:
                scene = compose(told, now, stale=self._stale, progress=key[1], view=key[0])
                before = self._drawn.get(key)
                drawn[key] = before if before and before.scene == scene else draw(scene)
            screen.show(drawn[key])
        self._drawn = drawn
        self._tell_health()

    async def keep(self) -> None:
        """Keep the pages right for as long as there are any, and give each a sign of life.

        Where this fails pages hear nothing, and call their numbers old by themselves.
        """
        while True:
            if self._screens:
                await self._pause()
            else:
                await self._news.wait()
            self._news.clear()
            try:
                self.refresh()
                self._beat()
            except Exception:  # noqa: BLE001 - the outermost loop carries on
                if not self._failing:
                    _log.exception("board not composed")
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
            for screen in self._screens.values():
                screen.woken.set()

    def _take(self, what: str) -> None:
        """Take news of the hall."""
        if what in ("board", "centre"):
            for screen in self._screens.values():
                self._receive(screen)
        elif what not in ("link", "service"):
            return
        self._news.set()

    def _look_at(self, screen: Screen, *, seen: bool) -> None:
        """Begin anew with the calls of the present when somebody sees a page again."""
        came = seen and screen.seen_at_s is None
        screen.seen_at_s = self._real() if seen else None
        if came and screen.counts:
            max_age_s = self._rules.speak_max_age_s
            self._say(screen, screen.drop_missed(self._link.now(), max_age_s))
            self._receive(screen)

    def _receive(self, screen: Screen) -> None:
        state = self._hall.state
        if state.board is None or state.centre is None or not screen.counts:
            return
        at_s, max_age_s = self._clock.monotonic(), self._rules.speak_max_age_s
        self._say(screen, screen.receive(state.board, at_s, max_age_s))

    def _say(self, screen: Screen, said: Iterable[Acknowledgement]) -> None:
        others = [other for other in self._screens.values() if other is not screen]
        for acknowledgement in said:
            owed = any(other.owes(acknowledgement.call_seq) for other in others)
            if self._tally.take(acknowledgement, owed=owed):
                self._link.acknowledge(acknowledgement)

    def _note_stale(self, stale: bool) -> bool:
        if stale != self._stale:
            _log.info("numbers checked stale=%s", stale)
        return stale

    def _tell_health(self) -> None:
        """Publish the names of the screens that somebody sees, one for each page."""
        seen = [screen for screen in self._screens.values() if screen.seen_at_s is not None]
        self._link.set_health({"boards": sorted(screen.name for screen in seen if screen.counts)})

    @property
    def _rules(self) -> Rules:
        centre = self._hall.state.centre
        return centre.rules if centre else Rules()
