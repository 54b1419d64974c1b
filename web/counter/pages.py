"""The open pages of counters: each is a desk of its own, which all hear the same hall."""

import asyncio
import dataclasses
import hashlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import msgspec
from msgspec.structs import replace

from bus.commands import AnyCommand, Reply
from bus.resend import OnReply
from bus.session import Session
from bus.vocabulary import Error, TicketState
from config import Clock
from hall.counter.desk import Desk, buttons_of
from hall.counter.situation import NO_CHOICE, Choice
from hall.counter.view import View, plain
from hall.model import Hall, Watcher
from hall.words import Words
from web.access import Visitor
from web.waiting import Changes, first_of

PRESS_LIVES_S = 4.0
"""A press that was not done by then never is: its officer has looked at the page again."""
_PRESSES_KEPT = 50
_MOST_PAGES = 120
_MOST_OF_A_SESSION = 12
_IDLE_S = 900.0
_MARK_LETTERS = 12


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into an open sheet."""

    number: str = ""
    time: str = ""
    text: str = ""
    code: str = field(default="", repr=False)


NOTHING = Typed()


class _Sender:
    """Sends the commands of a page in its officer's name; one press is one command."""

    def __init__(self, link: Session, account: str, lives: timedelta) -> None:
        self.command_id = ""
        """What the press under way is known by."""
        self._link = link
        self._account = account
        self._lives = lives

    def __call__(self, command: AnyCommand, on_reply: OnReply) -> None:
        """Send `command`, which nobody carries out once the officer has given it up."""
        now = self._link.now
        until = now() + self._lives if now.heard else None
        stamped = replace(command, id=self.command_id, by=self._account, expires_at=until)
        self._link.ask(stamped, partial(self._take, on_reply), PRESS_LIVES_S)

    def _take(self, on_reply: OnReply, reply: Reply) -> None:
        if reply.error is Error.EXPIRED:  # it came in time to be answered: a clock has jumped
            self._link.now.forget()
        on_reply(reply)


class CounterPage:
    """One open page; lives on the event loop."""

    def __init__(self, token: str, visitor: Visitor, desk: Desk, sender: _Sender) -> None:
        self.token = token
        self.session = visitor.login.digest
        self.desk = desk
        self.once = ""
        """Stands in the page's forms: what is sent twice with it is done once."""
        self.streams = 0
        self.newest = 0
        """The stream that was begun last."""
        self.used_s = 0.0
        self._sender = sender
        self._pressed: deque[tuple[str, str]] = deque(maxlen=_PRESSES_KEPT)
        self._note: Watcher = lambda _what: None
        self.changes = Changes(self._watched_by)
        desk.changed = partial(self._note, "desk")

    @property
    def counter(self) -> int:
        """Return whose page it is."""
        return self.desk.situation.counter

    def hear(self, hall: Hall) -> None:
        """Take what was heard of the hall."""
        self.desk.take(hall.state)
        self._note("hall")

    def mark(self, name: str) -> str:
        """Return what stands beside a button: a press of another meaning is not taken."""
        kind, _, about = name.partition(":")
        at, view = self.desk.situation, self.desk.view()
        match kind:
            case "tab" | "close" | "text" | "code":
                return ""
            case "row" | "call" | "number" | "paper":
                return _short(f"{about} {at.current_id}")
            case "late":
                calls = {row.ticket: row.call for row in view.rows}
                return mark_of(calls.get(about, NO_CHOICE))
            case "choose":
                return mark_of(_choice_of(view, about))
            case "next":
                return mark_of(view.buttons.primary)
            case _:
                return mark_of(buttons_of(view).get(name, NO_CHOICE))

    def press(self, value: str, once: str, typed: Typed = NOTHING) -> None:
        """Take a press as it was shown; one that comes a second time is the first."""
        if (once, value) in self._pressed:
            return
        self._pressed.append((once, value))
        name, _, seen = value.partition("~")
        if seen != self.mark(name):
            self.desk.say_changed()
        else:
            self._sender.command_id = _short(f"{self.token} {once} {value}", 32)
            self._take(name, typed)
            self._sender.command_id = ""
        self._note("press")

    def _take(self, name: str, typed: Typed) -> None:  # noqa: C901 - one case each
        desk = self.desk
        kind, _, about = name.partition(":")
        match kind:
            case "tab":
                desk.choose_tab(TicketState(about) if about in set(TicketState) else _FIRST_TAB)
            case "close":
                desk.close_sheet()
            case "row":
                desk.open_row(about)
            case "call":
                desk.call_row(about)
            case "late":
                desk.call_late(about)
            case "choose" if about.isdecimal():
                desk.choose(int(about))
            case "number":
                desk.call_number(typed.number)
            case "paper":
                desk.adopt_number(typed.number, typed.time)
            case "text":
                desk.send_text(typed.text)
            case "code":
                desk.find_code(typed.code)
            case "next":
                desk.press_next()
            case _:
                desk.press(name)

    async def answered(self, stopping: asyncio.Event) -> None:
        """Wait until nothing is under way any more, or was given up."""
        while self.desk.situation.pending:
            revision = self.changes.revision
            await first_of(self.changes.since(revision), stopping, PRESS_LIVES_S)
            if stopping.is_set() or self.changes.revision == revision:
                return

    def _watched_by(self, note: Watcher) -> None:
        self._note = note


_FIRST_TAB = TicketState.WAITING


@dataclass(frozen=True)
class PageSources:
    """What pages are made from."""

    link: Session
    hall: Hall
    clock: Clock
    real: Callable[[], float]
    """Counts real seconds."""
    new_token: Callable[[], str]


class CounterPages:
    """The pages that are open, and those that browsers without script come back to."""

    def __init__(self, sources: PageSources) -> None:
        self._sources = sources
        self._pages: dict[str, CounterPage] = {}
        sources.hall.watch(self._hear)

    def open(self, visitor: Visitor, counter: int, t: Words) -> CounterPage:
        """Return a new page of a counter for somebody."""
        made_from = self._sources
        lives = timedelta(seconds=PRESS_LIVES_S * made_from.clock.speed)
        sender = _Sender(made_from.link, visitor.account, lives)
        desk = Desk(
            counter,
            sender,
            now=made_from.link.now,
            elapsed_s=made_from.clock.monotonic,
            hand_s=made_from.real,
            t=t,
        )
        page = CounterPage(made_from.new_token(), visitor, desk, sender)
        page.hear(made_from.hall)
        self._pages[page.token] = page
        self.renew(page)
        self._forget_idle(page)
        return page

    def find(self, token: str, visitor: Visitor, counter: int) -> CounterPage | None:
        """Return a page of this very session, if it is still known."""
        page = self._pages.get(token)
        if page is None or page.session != visitor.login.digest or page.counter != counter:
            return None
        page.used_s = self._sources.real()
        return page

    def renew(self, page: CounterPage) -> None:
        """Give a page's forms another mark: what is pressed from now on is another press."""
        page.once = self._sources.new_token()
        page.used_s = self._sources.real()

    def _hear(self, _what: str) -> None:
        for page in self._pages.values():
            page.hear(self._sources.hall)

    def _forget_idle(self, new: CounterPage) -> None:
        """Let go of pages that nobody looks at, the oldest first where there are too many."""
        now_s = self._sources.real()
        idle = [page for page in self._pages.values() if not page.streams and page is not new]
        idle.sort(key=lambda page: page.used_s)
        of_session = sum(page.session == new.session for page in self._pages.values())
        for page in idle:
            crowded = page.session == new.session and of_session > _MOST_OF_A_SESSION
            if crowded or len(self._pages) > _MOST_PAGES or now_s - page.used_s > _IDLE_S:
                of_session -= page.session == new.session
                del self._pages[page.token]


def mark_of(choice: Choice) -> str:
    """Return what tells whether a choice still means what it meant when it was shown."""
    return _short(msgspec.json.encode(plain(dataclasses.replace(choice, note=""))).decode())


def _choice_of(view: View, index: str) -> Choice:
    choices = view.sheet.choices if view.sheet else ()
    known = index.isdecimal() and len(index) < 5 and int(index) < len(choices)  # noqa: PLR2004 - short numbers
    return choices[int(index)] if known else NO_CHOICE


def _short(text: str, letters: int = _MARK_LETTERS) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:letters]
