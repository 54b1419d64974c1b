"""The one brain of all boards: states and time go in, scenes and acknowledgements come out.

Qt and the web only draw a screen's `scene`, say who looks at it, and report what was painted.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from bus.orders import Acknowledgement
from bus.states import BoardState, Notice
from bus.vocabulary import AckOutcome
from config import Clock
from config.settings import Rules
from hall.board.calls import Progress, Receipts
from hall.board.scene import PAGE_S, Scene, View, compose
from hall.board.scene import Hall as Told
from hall.model import Hall

_log = logging.getLogger(__name__)

_PAGE_REAL_S = 4.0
_MOST_NOTICES = 20
_MOST_CALLS = 2000
_KEPT_CALLS = 1000


class Screen:
    """One screen: what is to be seen on it, and what is known of the eyes before it."""

    def __init__(self, view: View, *, counts: bool = True) -> None:
        """Show the hall as `view` says; a screen that does not count acknowledges nothing."""
        self.view = view
        self.counts = counts
        self.seen = False
        """Somebody can see it; until then it takes no call."""
        self.label = ""
        self.scene = Scene()
        self._receipts = Receipts(by_counter=view.grid)
        self._epoch = ""
        self._owed: set[int] = set()

    @property
    def awaits_paint(self) -> bool:
        """Return whether it is news once the scene of now is painted."""
        return self._receipts.awaits_frame(self.scene.painted, self.scene.called)

    def owes(self, call_seq: int) -> bool:
        """Return whether it has accepted a call and is still to show it."""
        return call_seq in self._owed

    def progress(self, at_s: float) -> Progress:
        """Return how far the calls have come on it."""
        return self._receipts.progress(at_s)

    def receive(self, board: BoardState, at_s: float, max_age_s: float) -> list[Acknowledgement]:
        """Take the calls of `board` that belong here; return what to say of them."""
        if board.epoch != self._epoch:
            self._epoch = board.epoch
            self._owed.clear()
        calls = [call for call in board.calls if self.view.shows(call.counter)]
        return self._say(self._receipts.receive(board, calls, at_s, max_age_s))

    def paint(self, scene: Scene, at_s: float) -> list[Acknowledgement]:
        """Note that `scene` is what people see now; return what to say."""
        return self._say(self._receipts.paint(scene.painted, scene.called, at_s))

    def drop_missed(self, now: datetime, max_age_s: float) -> list[Acknowledgement]:
        """Give up calls that waited too long for eyes."""
        return self._say(self._receipts.drop_missed(now, max_age_s))

    def _say(self, said: list[Acknowledgement]) -> list[Acknowledgement]:
        for acknowledgement in said:
            if acknowledgement.outcome is AckOutcome.ACCEPTED:
                self._owed.add(acknowledgement.call_seq)
            else:
                self._owed.discard(acknowledgement.call_seq)
        return said


class Screens:
    """The screens of one process, which speak with one voice; used on one thread only."""

    def __init__(
        self,
        hall: Hall,
        acknowledge: Callable[[Acknowledgement], None],
        *,
        now: Callable[[], datetime],
        clock: Clock,
    ) -> None:
        """Show `hall`; tell its time by `now`, and how long a call has stood by `clock`."""
        self.notices: tuple[Notice, ...] = ()
        """For these screens alone."""
        self.stale = False
        self.screens: list[Screen] = []
        self._hall = hall
        self._acknowledge = acknowledge
        self._now = now
        self._clock = clock
        self._spoken = _Spoken()
        self._composed: dict[tuple[View, Progress, str], Scene] = {}
        self._broken: frozenset[str] = frozenset()
        hall.watch(self._take)

    @property
    def page_s(self) -> float:
        """Return how long what does not fit at once stands, to be read at any speed."""
        return max(PAGE_S, _PAGE_REAL_S * self._clock.speed)

    def take_notice(self, notice: Notice) -> None:
        """Show a notice on these screens alone, until its time is over."""
        now = self._now()
        kept = [known for known in self.notices if known.until > now]
        self.notices = (*kept[1 - _MOST_NOTICES :], notice)

    # What the screens say --------------------------------------------------------------------

    def open(self, screen: Screen) -> None:
        """Show the hall on `screen` too, from the next refresh on."""
        self.screens.append(screen)

    def close(self, screen: Screen) -> None:
        """Forget a screen that is gone."""
        self.screens.remove(screen)

    def look(self, screen: Screen, *, seen: bool) -> None:
        """Note that somebody sees `screen`, or no longer; it begins again with the present."""
        came = seen and not screen.seen
        screen.seen = seen
        if came and screen.counts:
            self._say(screen, screen.drop_missed(self._now(), self._rules.speak_max_age_s))
            self._receive([screen])

    def show(self, screen: Screen, view: View) -> None:
        """Show another part of the hall on `screen`."""
        if view != screen.view:
            screen.view = view
            self._receive([screen])

    def paint(self, screen: Screen, scene: Scene) -> None:
        """Note that `scene` is on `screen` for people to see."""
        if screen.counts:
            self._say(screen, screen.paint(scene, self._clock.monotonic()))

    # What is to be seen ----------------------------------------------------------------------

    def refresh(self) -> None:
        """Compose the present; screens that show the same share one scene."""
        self._hall.look()
        at_s, now = self._clock.monotonic(), self._now()
        stale = self._hall.stale
        if stale != self.stale:
            _log.info("numbers checked stale=%s", stale)
        self.stale = stale
        composed: dict[tuple[View, Progress, str], Scene] = {}
        broken: set[str] = set()
        for screen in self.screens:
            key = (screen.view, screen.progress(at_s), screen.label)
            if key not in composed:
                scene = self._compose(screen, now, key, broken)
                before = self._composed.get(key)
                composed[key] = before if before == scene else scene
            screen.scene = composed[key]
        self._composed = composed
        self._note_broken(broken)

    def _compose(
        self, screen: Screen, now: datetime, key: tuple[View, Progress, str], broken: set[str]
    ) -> Scene:
        """Return the present; where it cannot be composed, what was there before, called old."""
        view, progress, label = key
        state = self._hall.state
        told = Told(state.centre, state.board, self.notices)
        try:
            scene = compose(told, now, stale=self.stale, progress=progress, view=view, label=label)
        except Exception as error:  # noqa: BLE001 - a board never stands still without saying so
            broken.add(f"all: {error!r}")
            return replace(screen.scene, stale=True)
        broken.update(scene.broken)
        return scene

    def _note_broken(self, broken: set[str]) -> None:
        if new := broken - self._broken:
            _log.error("board not whole broken=%s", "; ".join(sorted(new)))
        self._broken = frozenset(broken)

    def _take(self, what: str) -> None:
        if what in {"board", "centre"}:
            self._receive(self.screens)

    def _receive(self, screens: Iterable[Screen]) -> None:
        state = self._hall.state
        if state.board is None or state.centre is None:
            return
        at_s, max_age_s = self._clock.monotonic(), self._rules.speak_max_age_s
        for screen in screens:
            if screen.seen and screen.counts:
                self._say(screen, screen.receive(state.board, at_s, max_age_s))

    def _say(self, screen: Screen, said: Iterable[Acknowledgement]) -> None:
        others = [other for other in self.screens if other is not screen]
        for acknowledgement in said:
            owed = any(other.owes(acknowledgement.call_seq) for other in others)
            if self._spoken.take(acknowledgement, owed=owed):
                self._acknowledge(acknowledgement)

    @property
    def _rules(self) -> Rules:
        centre = self._hall.state.centre
        return centre.rules if centre else Rules()


class _Spoken:
    """The calls of one epoch that were acknowledged as accepted, and as ended."""

    def __init__(self) -> None:
        self._epoch = ""
        self._accepted: set[int] = set()
        self._ended: set[int] = set()

    def take(self, said: Acknowledgement, *, owed: bool) -> bool:
        """Return whether what one screen says is news of all of them.

        The first to accept a call and the first to show it speak for all. A screen that skips
        it does only when no other is still to show it (`owed`).
        """
        if said.epoch != self._epoch:
            self._epoch = said.epoch
            self._accepted, self._ended = set(), set()
        if said.outcome is AckOutcome.SKIPPED and owed:
            return False
        said_before = self._ended
        if said.outcome is AckOutcome.ACCEPTED:
            if said.call_seq in self._ended:
                return False
            said_before = self._accepted
        if said.call_seq in said_before:
            return False
        said_before.add(said.call_seq)
        if len(said_before) > _MOST_CALLS:
            said_before.difference_update(sorted(said_before)[:-_KEPT_CALLS])
        return True
