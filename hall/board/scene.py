"""What a board shows, as a pure function of the hall, the time and the link."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from math import ceil
from typing import TypeVar

from bus.states import BoardCounter, BoardState, Call, Notice
from bus.vocabulary import CounterStatus
from config import Centre
from config.opening import gives_numbers
from hall.board import words
from hall.board.calls import Progress, age_s, choose, choose_at
from hall.board.rows import (
    Following,
    Row,
    RowKind,
    WaitLine,
    bare_row,
    is_at_work,
    lines_of,
    missed_of,
    next_of,
    page_of,
    row_of,
)
from hall.words import Words

R = TypeVar("R")

PAGE_S = 8.0
"""How long what does not fit at once stands before the rest."""
_WAITS = 4
"""Lines of those who wait that stand at once."""
_RUNNING_LETTERS_PER_S = 5.0
"""How fast a sentence runs that is too long to stand, a little less than it really does."""
_HELD_S = 4.0
"""How long its beginning and its end stand together."""


@dataclass(frozen=True, slots=True)
class Card:
    """A call in the big panel."""

    call_seq: int
    number: str
    counter: int
    service: str
    heading: str
    english: str = ""
    flashing: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class LastCall:
    """The call that the quiet panel still mentions."""

    number: str
    counter: int


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything on the screen but the clock."""

    title: str = ""
    place: str = ""
    cards: tuple[Card, ...] = ()
    last: LastCall | None = None
    hours: str = ""
    """Today's hours, for the quiet panel."""
    greeting: tuple[str, ...] = ()
    """For the quiet panel, in the board's language and in the other."""
    rows: tuple[Row, ...] = ()
    page: str = ""
    """Which part of the rows this is, such as 1/2; empty when all fit."""
    missed: tuple[str, ...] = ()
    """Numbers that were called and did not come, newest first; at the end how many more."""
    missed_page: str = ""
    waits: tuple[WaitLine, ...] = ()
    """Who waits for what, for the layouts that have room."""
    waits_page: str = ""
    next: tuple[str, ...] = ()
    following: Following = Following.NOBODY
    line: str = ""
    """The sentence of the bottom line whose turn it is."""
    stale: bool = False
    label: str = ""
    """The board's own name, while it is asked where it is."""
    painted: frozenset[int] = frozenset()
    """Calls whose number and counter people see once this is on the screen."""
    broken: tuple[str, ...] = ()
    """Parts that could not be composed and are left out, each with its error."""

    @property
    def called(self) -> frozenset[int]:
        """Return the calls that the big panel or the grid makes."""
        cards = {card.call_seq for card in self.cards if not card.withdrawn}
        return frozenset(cards | {row.call_seq for row in self.rows if row.called})


@dataclass(frozen=True, slots=True)
class Hall:
    """What the board was told."""

    centre: Centre | None = None
    board: BoardState | None = None
    notices: tuple[Notice, ...] = ()
    """Notices for this board alone."""


@dataclass(frozen=True, slots=True)
class View:
    """What part of the hall this screen shows."""

    counters: frozenset[int] = frozenset()
    """Empty shows all."""
    rows: int = 5
    """Rows that fit, the one with the missed numbers among them."""
    missed: int = 2
    """Missed numbers that fit."""
    page_s: float = PAGE_S
    """How long each part of what does not fit at once stands."""
    letters: int = 0
    """Letters of the bottom line that fit; 0 has no limit."""
    grid: bool = False
    """Calls are made at their counters, all of which are shown, instead of in a panel."""
    lang: str = "vi"

    def shows(self, counter: int) -> bool:
        """Return whether `counter` belongs on this screen."""
        return not self.counters or counter in self.counters


_NO_PROGRESS = Progress()
_WHOLE_HALL = View()


def compose(
    hall: Hall,
    now: datetime,
    *,
    stale: bool,
    progress: Progress = _NO_PROGRESS,
    view: View = _WHOLE_HALL,
    label: str = "",
) -> Scene:
    """Return what is to be seen at `now`; what cannot be told is left out, and no more."""
    if hall.centre is None:
        return Scene(greeting=_greeting(view.lang, None), stale=stale, label=label)
    return _Composition(hall, hall.centre, progress, view, now).scene(stale=stale, label=label)


class _Composition:
    """One scene in the making: each part by itself, so that one that fails takes no other along."""

    def __init__(
        self, hall: Hall, centre: Centre, progress: Progress, view: View, now: datetime
    ) -> None:
        self._hall, self._centre = hall, centre
        self._board = hall.board or BoardState(epoch="-", rev=-1, at=now)
        self._progress, self._view, self._now = progress, view, now
        self._t = Words(view.lang)
        self._calls = [call for call in self._board.calls if view.shows(call.counter)]
        self._here = frozenset(c.number for c in self._centre.counters if view.shows(c.number))
        self._broken: list[str] = []

    def scene(self, *, stale: bool, label: str) -> Scene:
        centre, board, view, now, t = self._centre, self._board, self._view, self._now, self._t
        cards = () if view.grid else self._cards()
        every_row = self._cells() if view.grid else self._rows(cards)
        missed, missed_page = missed_of(board.missed, view.missed, now, view.page_s)
        fit = view.rows - bool(missed and not view.grid)
        rows, page = page_of(every_row, fit, self._since_call(), view.page_s)
        nobody: tuple[tuple[str, ...], Following] = ((), Following.NOBODY)
        nobody_waits: tuple[WaitLine, ...] = ()
        lines = self._part("waits", nobody_waits, partial(lines_of, centre, board, self._here, t))
        waits, waits_page = page_of(lines, _WAITS, now.timestamp(), view.page_s)
        following = self._part("next", nobody, partial(next_of, centre, board, self._here))
        return Scene(
            title=centre.identity.name(t.lang),
            place=centre.identity.place(t.lang),
            cards=cards,
            last=None if cards else _last(self._calls),
            hours=self._part("hours", "", partial(words.hours, centre, now, t)),
            greeting=self._greeting(),
            rows=rows,
            page=page,
            missed=missed,
            missed_page=missed_page,
            waits=waits,
            waits_page=waits_page,
            next=following[0],
            following=following[1],
            line=_line(self._part("line", (), self._sentences), view, now),
            stale=stale,
            label=label,
            painted=_painted([*self._calls, *self._progress.due], cards, rows),
            broken=tuple(self._broken),
        )

    def _part(self, what: str, otherwise: R, make: Callable[[], R]) -> R:
        """Return what `make` makes, else `otherwise`."""
        try:
            return make()
        except Exception as error:  # noqa: BLE001 - a board shows what it can, whatever is wrong
            self._broken.append(f"{what}: {error!r}")
            return otherwise

    def _sentences(self) -> tuple[str, ...]:
        hall = self._hall
        return words.sentences(self._centre, hall.board, hall.notices, self._now, self._t)

    def _cards(self) -> tuple[Card, ...]:
        rules = self._centre.rules
        chosen = choose(self._board, self._calls, self._progress, self._now, rules)
        return tuple(
            self._part(
                f"call {call.call_seq}",
                Card(call.call_seq, call.number, call.counter, "", ""),
                partial(self._card, call),
            )
            for call in chosen
        )

    def _card(self, call: Call) -> Card:
        names = {service.code: service.name(self._t.lang) for service in self._centre.services}
        age = age_s(call, self._now)
        return Card(
            call_seq=call.call_seq,
            number=call.number,
            counter=call.counter,
            service=names.get(call.service, ""),
            heading=words.heading(call, self._t),
            english=words.second_line(call),
            flashing=not call.withdrawn and age < self._centre.rules.flash_s,
            withdrawn=call.withdrawn,
        )

    def _row(self, counter: BoardCounter) -> Row:
        zone = self._centre.identity.zone
        make = partial(row_of, counter, self._calls, self._now, zone, self._t)
        return self._part(f"counter {counter.counter}", bare_row(counter, self._calls), make)

    def _rows(self, cards: Sequence[Card]) -> tuple[Row, ...]:
        """Return a row per counter at work whose number does not stand in the panel already.

        The most recently called first, the resting ones last.
        """
        called = {(card.counter, card.number) for card in cards if not card.withdrawn}
        rows = [
            self._row(counter)
            for counter in self._board.counters
            if self._view.shows(counter.counter)
            and is_at_work(counter)
            and (counter.counter, counter.number) not in called
        ]
        return tuple(sorted(rows, key=lambda row: (not row.number, -row.call_seq, row.counter)))

    def _cells(self) -> tuple[Row, ...]:
        """Return every counter in its order, with the call that is made at it.

        None when all rest, and those that call at the front where not all fit.
        """
        counters = [c for c in self._board.counters if self._view.shows(c.counter)]
        gone = {c.counter for c in self._progress.due} - {c.counter for c in counters}
        counters += [BoardCounter(counter=n, status=CounterStatus.CLOSED) for n in gone]
        cells = []
        for counter in sorted(counters, key=lambda counter: counter.counter):
            row = self._row(counter)
            make = partial(self._cell, row, counter)
            cells.append(self._part(f"cell {counter.counter}", row, make))
        if all(cell.kind is RowKind.CLOSED and not cell.called for cell in cells):
            return ()
        if len(cells) > self._view.rows:
            cells.sort(key=lambda cell: not cell.called)
        return tuple(cells)

    def _cell(self, row: Row, counter: BoardCounter) -> Row:
        rules, progress = self._centre.rules, self._progress
        call = choose_at(counter, self._calls, progress, self._now, rules)
        if call is None:
            return row
        return replace(
            row,
            number=call.number,
            note=words.heading(call, self._t),
            call_seq=call.call_seq,
            called=not call.withdrawn,
            flashing=not call.withdrawn and age_s(call, self._now) < rules.flash_s,
            withdrawn=call.withdrawn,
        )

    def _greeting(self) -> tuple[str, ...]:
        services = self._centre.services
        giving = partial(gives_numbers, self._centre, now=self._now)
        gives = self._part("greeting", False, lambda: any(map(giving, services)))
        return _greeting(self._view.lang, gives)

    def _since_call(self) -> float:
        """Return for how long no call has come, so that a new one shows the first rows."""
        return age_s(self._calls[0], self._now) if self._calls else self._now.timestamp()


def _greeting(lang: str, giving: bool | None) -> tuple[str, ...]:
    """Return the greeting in both languages; `giving` is None before anything was heard."""
    languages = (lang, "vi" if lang == "en" else "en")
    connected, gives = giving is not None, bool(giving)
    return tuple(
        words.greeting(Words(each), connected=connected, giving=gives) for each in languages
    )


def _line(sentences: Sequence[str], view: View, now: datetime) -> str:
    """Return the sentence whose turn it is; one that has to run gets as long as it takes."""
    turns = [_turns(sentence, view.letters) for sentence in sentences]
    at = int(now.timestamp() // view.page_s) % max(1, sum(turns))
    for sentence, length in zip(sentences, turns, strict=True):
        if at < length:
            return sentence
        at -= length
    return ""


def _turns(sentence: str, letters: int) -> int:
    if not letters or len(sentence) <= letters:
        return 1
    return ceil((_HELD_S + (len(sentence) - letters) / _RUNNING_LETTERS_PER_S) / PAGE_S)


def _last(calls: Sequence[Call]) -> LastCall | None:
    for call in calls:
        if not call.withdrawn:
            return LastCall(call.number, call.counter)
    return None


def _painted(calls: Sequence[Call], cards: Sequence[Card], rows: Sequence[Row]) -> frozenset[int]:
    """Return the calls that can be read, with the earlier calls of the same number there."""
    seen = {(c.number, c.counter): c.call_seq for c in cards if not c.withdrawn}
    seen |= {(r.number, r.counter): r.call_seq for r in rows if r.number and not r.withdrawn}
    return frozenset(
        call.call_seq
        for call in calls
        if not call.withdrawn and call.call_seq <= seen.get((call.number, call.counter), -1)
    )
