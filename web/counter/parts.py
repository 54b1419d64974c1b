"""A counter's page in parts of HTML: the same for the first answer and for all news after it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import msgspec
from jinja2 import Environment
from litestar.response import ServerSentEventMessage
from markupsafe import Markup

from hall.counter.view import View
from hall.words import Words
from web.access import Visitor
from web.counter.pages import PRESS_LIVES_S, CounterPage
from web.waiting import first_of

PARTS = ("header", "current", "buttons", "tickets", "alarm", "sheet", "notice", "footer", "small")
"""Each is a macro of the template and an element of the page."""
_TEMPLATE = "counter_parts.html"
_RETRY_MS = 1000
_BEAT_S = 1.0
"""How often the page hears that its line is there; after five times unsaid it says so."""
_STILL_IN_EVERY_S = 5.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as it is to be seen now."""

    title: str
    rings: str
    """Somebody waits for help or for a call: the title blinks while this says so."""
    sounds: str
    """A sound is made whenever this grows."""
    typing: bool
    """Something is being typed: a page without script must not load itself again."""
    sheet_open: bool
    """A sheet lies over the page, which takes no press until it is closed."""
    parts: dict[str, Markup]


class Drawing:
    """Draws a page in its officer's language; what has not changed is not drawn again."""

    def __init__(self, templates: Environment, page: CounterPage, visitor: Visitor) -> None:
        self._template = templates.get_template(_TEMPLATE)
        self._page = page
        self._visitor = visitor
        self._drawn: tuple[View, str, Drawn] | None = None

    def draw(self, t: Words) -> Drawn:
        """Return what the page shows now."""
        page = self._page
        page.desk.tick()
        at, view = page.desk.situation, page.desk.view()
        clock = at.clock(at.now)
        if self._drawn and self._drawn[:2] == (view, clock):
            return self._drawn[2]
        around = {
            "view": view,
            "t": t,
            "clock": clock,
            "counter": page.counter,
            "page": page.token,
            "officer": self._visitor.name,
            "may_call": at.may("call_ticket"),
            "value": lambda name: f"{name}~{page.mark(name)}",
        }
        module = self._template.make_module(around)
        drawn = Drawn(
            title=" · ".join(filter(None, (view.current.number, view.header.counter))),
            rings=view.alarm.rings,
            sounds=view.sounds,
            typing=view.sheet is not None
            and (view.sheet.asks_number or view.sheet.asks_text or view.sheet.asks_code),
            sheet_open=view.sheet is not None,
            parts={name: getattr(module, name)() for name in PARTS},
        )
        self._drawn = view, clock, drawn
        return drawn


@dataclass(frozen=True, slots=True)
class CounterStream:
    """Sends each page what has changed on it, and beats in between."""

    stopping: asyncio.Event
    real: Callable[[], float]
    """Counts real seconds."""
    version: str
    """A page of another one loads itself again."""

    async def events(
        self,
        page: CounterPage,
        drawing: Drawing,
        t: Words,
        still_in: Callable[[], Awaitable[bool]],
    ) -> AsyncIterator[ServerSentEventMessage]:
        """Yield a greeting, then news at once; ends for who is not `still_in`.

        Of one page only the newest goes on: a line that was lost may never tell that it was.
        """
        page.streams += 1
        page.newest += 1
        own = page.newest
        sent: dict[str, Markup] = {}
        said: dict[str, str] = {}
        asked_s = said_s = self.real()
        try:
            yield _event("hello", {"version": self.version, "now": self.now_ms()}, _RETRY_MS)
            while page.newest == own and not self.stopping.is_set():
                revision = page.changes.revision
                drawn = drawing.draw(t)
                parts = {n: str(part) for n, part in drawn.parts.items() if sent.get(n) != part}
                beside = {
                    "once": page.once,
                    "title": drawn.title,
                    "rings": drawn.rings,
                    "sounds": drawn.sounds,
                }
                if parts or beside != said:
                    said_s = self.real()
                    yield _event("view", {"now": self.now_ms(), **beside, "parts": parts})
                    sent, said = drawn.parts, beside
                elif self.real() - said_s >= _BEAT_S:
                    said_s = self.real()
                    yield _event("beat", {"now": self.now_ms()})
                rest_s = max(0.0, _BEAT_S - (self.real() - said_s))
                await first_of(page.changes.since(revision), self.stopping, rest_s)
                if self.real() - asked_s >= _STILL_IN_EVERY_S:
                    asked_s = self.real()
                    if not await still_in():
                        return
        finally:
            page.streams -= 1
            page.used_s = self.real()

    def gone(self) -> ServerSentEventMessage:
        """Return what tells a page that it is not known here any more."""
        return _event("gone", {})

    def too_late(self, pressed: str) -> bool:
        """Return whether a press comes so late that it must not be done.

        A script says when it was made, by the stream's own clock; a form knows no time.
        """
        return pressed.isdecimal() and self.now_ms() - int(pressed) > PRESS_LIVES_S * 1000

    def now_ms(self) -> int:
        """Return the time of this clock, by which a page says when it was pressed."""
        return round(self.real() * 1000)


def _event(name: str, told: dict[str, object], retry: int | None = None) -> ServerSentEventMessage:
    return ServerSentEventMessage(event=name, data=msgspec.json.encode(told).decode(), retry=retry)
