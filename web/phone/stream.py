"""The phones that follow their numbers: what each was told, and its news as they come."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache

import msgspec
from jinja2 import Environment
from litestar import Litestar

from hall.model import Hall
from hall.words import Words
from wait_log.followed import FollowedTicket
from web.phone.record import PhoneDay, PhoneRecord
from web.phone.view import Kind, PhoneView, phone_view
from web.waiting import Changes, first_of

_log = logging.getLogger(__name__)

MOST_PHONES = 1000
"""Phones that are told live; beyond, a page says so and loads itself again now and then."""
BEAT_S = 15.0
"""How often a phone hears that all is well, in real seconds."""
_GATHER_S = 0.1
_GATHER_UNSEEN_S = 2.0
"""What was promised is remembered although no phone follows yet."""
PARTS = ("above", "below", "more")


class Drawn(msgspec.Struct, frozen=True):
    """A page's state as its script takes it."""

    state: str
    title: str
    soon: bool
    over: bool
    above: str
    below: str
    more: str


class Phone:
    """A page that listens."""

    def __init__(self, ticket: FollowedTicket, lang: str) -> None:
        self.ticket = ticket
        self.lang = lang
        self.woken = asyncio.Event()
        self.view: PhoneView | None = None
        self.news = b""

    @property
    def over(self) -> bool:
        """Return whether nothing more will happen to its number; what ended may be undone."""
        return self.view is not None and self.view.kind is Kind.OVER


class Phones:
    """Tells every phone its own news; used on the event loop's thread only.

    Phones of the same state share one drawing, and one reading of the store serves all.
    """

    def __init__(
        self,
        hall: Hall,
        changes: Changes,
        record: PhoneRecord,
        templates: Environment,
        *,
        stopping: asyncio.Event,
        now: Callable[[], datetime],
        most: int = MOST_PHONES,
    ) -> None:
        """Tell at most `most` phones live; all streams end when `stopping` is set."""
        self.record = record
        self.refused = 0
        """Phones that found no place, since the start."""
        self._hall = hall
        self._changes = changes
        self._parts = {name: templates.get_template(f"phone_{name}.html") for name in PARTS}
        self._stopping = stopping
        self._now = now
        self._most = most
        self._phones: set[Phone] = set()
        self._words = cache(Words)
        self._failing = False
        self._joined = asyncio.Event()

    @property
    def count(self) -> int:
        """Return how many phones listen."""
        return len(self._phones)

    @property
    def full(self) -> bool:
        """Return whether no more phones can be told live."""
        return len(self._phones) >= self._most

    async def view(self, ticket: FollowedTicket, t: Words) -> PhoneView:
        """Return what the page of a ticket says now."""
        return self._view(await self.record.fresh(), ticket, t)

    async def events(self, ticket: FollowedTicket, lang: str) -> AsyncIterator[bytes]:
        """Yield the state of one ticket now and whenever it changes, and a beat in between.

        Ends with the day. Yields nothing where there is no place left.
        """
        if self.full:
            self.refused += 1
            return
        phone = Phone(ticket, lang)
        self._phones.add(phone)
        self._joined.set()
        try:
            yield b"retry: 3000\n\n"
            self._show(await self.record.fresh(), phone, cache(self._news))
            while not self._stopping.is_set():
                phone.woken.clear()
                news, over = phone.news, phone.over
                yield news
                if over:
                    return
                await phone.woken.wait()
        finally:
            self._phones.discard(phone)

    async def keep(self) -> None:
        """Keep the phones right until the server stops.

        Where this fails phones hear nothing, and say so by themselves.
        """
        beat_due = 0.0
        while not self._stopping.is_set():
            revision = self._changes.revision
            try:
                self._refresh(await self.record.fresh(), beat=_real() >= beat_due)
            except Exception:  # noqa: BLE001 - the outermost loop carries on
                if not self._failing:
                    _log.exception("phones not kept")
                self._failing = True
            else:
                self._failing = False
            if _real() >= beat_due:
                beat_due = _real() + BEAT_S
            await first_of(self._changes.since(revision), self._stopping, beat_due - _real())
            if self._phones:
                await first_of(self._stopping.wait(), self._stopping, _GATHER_S)
            else:
                self._joined.clear()
                await first_of(self._joined.wait(), self._stopping, _GATHER_UNSEEN_S)
        for phone in self._phones:
            phone.woken.set()

    @asynccontextmanager
    async def working(self, _app: Litestar) -> AsyncIterator[None]:
        """Keep the phones right while the application runs."""
        task = asyncio.create_task(self.keep())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])
            await asyncio.to_thread(self.record.close)

    def draw(self, view: PhoneView, lang: str) -> Drawn:
        """Return the parts of the page that change by themselves."""
        t = self._words(lang)
        parts = {name: part.render(view=view, t=t) for name, part in self._parts.items()}
        return Drawn(view.kind.value, view.title, view.soon, view.kind is Kind.OVER, **parts)

    def time(self) -> str:
        """Return the hall's time to the second."""
        return f"{self._now().astimezone(self._hall.state.zone):%H:%M:%S}"

    def _view(self, day: PhoneDay, ticket: FollowedTicket, t: Words) -> PhoneView:
        return phone_view(day.known(ticket), self._hall.state, t, stale=self._hall.stale)

    def _refresh(self, day: PhoneDay, *, beat: bool) -> None:
        draw = cache(self._news)
        beating = self._beat()
        for phone in self._phones:
            if not self._show(day, phone, draw) and beat and not phone.woken.is_set():
                phone.news = beating
                phone.woken.set()

    def _show(self, day: PhoneDay, phone: Phone, draw: Callable[[PhoneView, str], bytes]) -> bool:
        """Have a phone told its state if that has changed; return whether it has."""
        view = self._view(day, phone.ticket, self._words(phone.lang))
        if view == phone.view:
            return False
        phone.view, phone.news = view, draw(view, phone.lang)
        phone.woken.set()
        return True

    def _news(self, view: PhoneView, lang: str) -> bytes:
        drawn = msgspec.json.encode(self.draw(view, lang)).decode()
        return f'event: state\ndata: {{"at":"{self.time()}","now":{drawn}}}\n\n'.encode()

    def _beat(self) -> bytes:
        return f'event: beat\ndata: {{"at":"{self.time()}"}}\n\n'.encode()


def _real() -> float:
    return asyncio.get_running_loop().time()
