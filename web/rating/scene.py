"""What a counter's tablet shows: nothing, a question, or thanks."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum, auto

from hall.model import Hall
from provisioning.errors import SiteDbError
from provisioning.ratings import Face, Ratings
from web.rating.door import Refusals, Why
from web.rating.windows import Window, Windows
from web.waiting import Changes

SHOWN_S = 25.0
"""How long the question stands; any touch or key gives as long again."""
_THANKS_S = 8.0
_REASONS_S = 25.0
_SORRY_S = 6.0

_log = logging.getLogger(__name__)


class Said(StrEnum):
    """What a tablet was answered."""

    THANKS = auto()
    REASONS = auto()
    """Thanks, and why, for who wants to say it."""
    ALREADY = auto()
    """The ticket has a vote: from a telephone, or from a form that was sent twice."""
    LATE = auto()


@dataclass(frozen=True, slots=True)
class _Answer:
    said: Said
    window: Window | None
    ends_s: float


@dataclass(frozen=True, slots=True)
class Scene:
    """A page as it is now; `key` changes with what is to be seen."""

    kind: str
    """`asleep`, `asking`, or one of `Said`."""
    key: str
    lang: str = "vi"
    ticket: str = ""
    number: str = ""
    left_s: float = 0.0
    """For how long it is shown when nobody touches anything."""
    open_s: float = 0.0
    """For how long it may be shown at most."""


_ASLEEP = Scene("asleep", "asleep")


class TabletPages:
    """What each counter's tablet shows and is answered; used on the event loop's thread only."""

    def __init__(
        self,
        hall: Hall,
        windows: Windows,
        ratings: Ratings,
        refusals: Refusals,
        monotonic: Callable[[], float],
    ) -> None:
        """Ask about `windows`; `monotonic` counts real seconds."""
        self._hall = hall
        self.windows = windows
        self.ratings = ratings
        self.refusals = refusals
        self._monotonic = monotonic
        self._answers: dict[int, _Answer] = {}
        self._done: dict[int, Window] = {}
        """The newest end of service that is not asked about any more."""
        self._tell: list[Callable[[str], None]] = []
        self.changes = Changes(self._watch)

    async def scene(self, counter: int) -> Scene:
        """Return what a counter's tablet shows now; raises SiteDbError."""
        at_s = self._monotonic()
        answer = self._answers.get(counter)
        if answer and at_s >= answer.ends_s:
            answer = None
            del self._answers[counter]
        window = self.windows.newest(counter)
        waits = window is not None and window is not self._done.get(counter)
        if answer and (not waits or answer.said is Said.LATE):
            return self._answered(answer, at_s)
        if window is None or not waits:
            return _ASLEEP
        served = window.served
        if await asyncio.to_thread(self.ratings.vote_of, served.business_day, served.ticket):
            self._done[counter] = window
            return _ASLEEP
        open_s = window.ends_s - at_s
        return Scene(
            kind="asking",
            key=f"asking:{served.ticket}:{window.ended_at.timestamp()}",
            lang=window.lang,
            ticket=served.ticket,
            number=window.number,
            left_s=max(0.0, min(open_s, window.opened_s + SHOWN_S - at_s)),
            open_s=open_s,
        )

    async def vote(self, counter: int, ticket: str, face: Face | None) -> Said | None:
        """Count what was touched; return what is answered, None where nothing was asked.

        Raises SiteDbError: then the page goes on asking.
        """
        window = self.windows.find(counter, ticket)
        if face is None:
            self.refusals.note(Why.NO_FACE)
            return None
        if window is None or not window.open(self._monotonic()):
            self.refusals.note(Why.TOO_LATE if window else Why.NOT_SERVED)
            return self._answer(counter, window, Said.LATE, _SORRY_S)
        counted = await asyncio.to_thread(self.ratings.vote, window.served, face)
        self._done[counter] = window
        if not counted:
            self.refusals.note(Why.TWICE)
            answer = self._answers.get(counter)
            if answer and answer.window is window and answer.said is not Said.LATE:
                return answer.said  # a finger that came down twice has been thanked
            return self._answer(counter, window, Said.ALREADY, _THANKS_S)
        centre = self._hall.state.centre
        if centre and centre.matters.rating_reasons:
            return self._answer(counter, window, Said.REASONS, _REASONS_S)
        return self._answer(counter, window, Said.THANKS, _THANKS_S)

    async def give_reasons(self, counter: int, ticket: str, reasons: list[str]) -> None:
        """Take why, from the tablet that has just been thanked; raises SiteDbError."""
        answer, centre = self._answers.get(counter), self._hall.state.centre
        asked = answer is not None and answer.said is Said.REASONS and answer.window is not None
        if answer is None or answer.window is None or not asked:
            return
        served = answer.window.served
        known = [term.id for term in centre.matters.rating_reasons] if centre else []
        given = [reason for reason in known if reason in reasons]
        if served.ticket == ticket and given:
            await asyncio.to_thread(
                self.ratings.give_reasons, served.business_day, served.ticket, given
            )
        self._answer(counter, answer.window, Said.THANKS, _THANKS_S)

    def skip(self, counter: int, ticket: str) -> None:
        """Ask nothing more about a ticket, and end whatever is shown."""
        window = self.windows.find(counter, ticket)
        if window:
            self._done[counter] = window
        self._answers.pop(counter, None)
        self._say_changed()

    def _answer(self, counter: int, window: Window | None, said: Said, for_s: float) -> Said:
        self._answers[counter] = _Answer(said, window, self._monotonic() + for_s)
        self._say_changed()
        return said

    @staticmethod
    def _answered(answer: _Answer, at_s: float) -> Scene:
        window, left_s = answer.window, answer.ends_s - at_s
        ticket = window.served.ticket if window else ""
        return Scene(
            kind=answer.said.value,
            key=f"{answer.said}:{ticket}:{answer.ends_s:.3f}",
            lang=window.lang if window else "vi",
            ticket=ticket,
            number=window.number if window else "",
            left_s=left_s,
            open_s=left_s,
        )

    def _watch(self, watcher: Callable[[str], None]) -> None:
        self._hall.watch(watcher)
        self._tell.append(watcher)

    def _say_changed(self) -> None:
        for tell in self._tell:
            tell("rating")


async def scene_or_asleep(pages: TabletPages, counter: int) -> Scene:
    """Return what a tablet shows, nothing where the votes cannot be read."""
    try:
        return await pages.scene(counter)
    except SiteDbError as error:
        _log.warning("votes not readable counter=%s error=%s", counter, error)
        return _ASLEEP
