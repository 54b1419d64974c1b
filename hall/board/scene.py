"""What a board shows, as a pure function of the hall, the time and the link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bus.states import BoardCounter, BoardState, Call, Notice
from bus.vocabulary import CounterStatus
from config import Centre
from config.opening import gives_numbers
from hall.board import words
from hall.board.panel import Progress, age_s, choose
from hall.board.rows import Row, grid_rows, working_rows


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
    giving: bool = True
    """Numbers are given now, so that people can be invited to take one."""
    rows: tuple[Row, ...] = ()
    page: str = ""
    """Which part of the rows this is, such as 1/2; empty when all fit."""
    next: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    """The sentences of the bottom line; those whose turn it is, where not all fit."""
    stale: bool = False
    label: str = ""
    """The board's own name, while it is asked where it is."""
    painted: frozenset[int] = frozenset()
    """Calls whose number and counter people see once this is on the screen."""

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
    """Rows that fit."""
    page_s: float = 8.0
    """How long each part of the rows or of the bottom line stands when not all fit."""
    letters: int = 0
    """Letters of the bottom line that fit; 0 has no limit."""
    grid: bool = False
    """Calls are made at their counters, all of which are shown, instead of in a panel."""

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
    """Return what is to be seen at `now`."""
    centre, board = hall.centre, hall.board
    if centre is None:
        return Scene(stale=stale, label=label)
    heard = board or BoardState(epoch="-", rev=-1, at=now)
    calls = [call for call in heard.calls if view.shows(call.counter)]
    if view.grid:
        cards: tuple[Card, ...] = ()
        every_row = _cells(centre, heard, calls, progress, view=view, now=now)
    else:
        chosen = choose(heard, calls, progress, now, centre.rules)
        cards = tuple(_card(centre, call, now) for call in chosen)
        every_row = working_rows(
            _not_called(heard.counters, cards, view), calls, now, centre.identity.zone
        )
    rows, page = _page(every_row, calls, view, now)
    return Scene(
        title=centre.identity.name.vi,
        place=centre.identity.place.vi,
        cards=cards,
        last=None if cards else _last(calls),
        hours=words.hours(centre, now),
        giving=any(gives_numbers(centre, service, now) for service in centre.services),
        rows=rows,
        page=page,
        next=_next(centre, heard, view),
        lines=_turn(words.lines(centre, board, hall.notices, now), view, now),
        stale=stale,
        label=label,
        painted=_painted([*calls, *progress.due], cards, rows),
    )


def _card(centre: Centre, call: Call, now: datetime) -> Card:
    names = {service.code: service.name.vi for service in centre.services}
    return Card(
        call_seq=call.call_seq,
        number=call.number,
        counter=call.counter,
        service=names.get(call.service, ""),
        heading=words.heading(call),
        english=words.english(call),
        flashing=not call.withdrawn and age_s(call, now) < centre.rules.flash_s,
        withdrawn=call.withdrawn,
    )


def _not_called(
    counters: Sequence[BoardCounter], cards: Sequence[Card], view: View
) -> list[BoardCounter]:
    """Return the counters whose number does not stand in the panel already."""
    called = {(card.counter, card.number) for card in cards if not card.withdrawn}
    return [
        counter
        for counter in counters
        if view.shows(counter.counter) and (counter.counter, counter.number) not in called
    ]


def _cells(
    centre: Centre,
    board: BoardState,
    calls: Sequence[Call],
    progress: Progress,
    *,
    view: View,
    now: datetime,
) -> tuple[Row, ...]:
    """Return all counters, those that call at the front where not all fit."""
    counters = [counter for counter in board.counters if view.shows(counter.counter)]
    gone = {call.counter for call in progress.due} - {counter.counter for counter in counters}
    counters += [BoardCounter(counter=n, status=CounterStatus.CLOSED) for n in gone]
    zone, rules = centre.identity.zone, centre.rules
    cells = grid_rows(counters, calls, progress, now, zone=zone, rules=rules)
    if len(cells) <= view.rows:
        return cells
    return tuple(sorted(cells, key=lambda cell: not cell.called))


def _turn(lines: tuple[str, ...], view: View, now: datetime) -> tuple[str, ...]:
    """Return the sentences that stand now; all of them where one alone is too long to stand."""
    if not view.letters or any(len(line) > view.letters for line in lines):
        return lines
    pages: list[list[str]] = []
    for line in lines:
        for page in pages:
            if sum(len(other) + 2 for other in page) + len(line) <= view.letters:
                page.append(line)
                break
        else:
            pages.append([line])
    return tuple(pages[int(now.timestamp() // view.page_s) % len(pages)]) if pages else ()


def _page(
    rows: tuple[Row, ...], calls: Sequence[Call], view: View, now: datetime
) -> tuple[tuple[Row, ...], str]:
    """Return the rows that stand now, the last part filled up; a new call shows the first."""
    fit = max(1, view.rows)
    pages = -(-len(rows) // fit)
    if pages <= 1:
        return rows, ""
    since = age_s(calls[0], now) if calls else now.timestamp()
    page = int(since // view.page_s) % pages
    first = min(page * fit, len(rows) - fit)
    return rows[first : first + fit], f"{page + 1}/{pages}"


def _last(calls: Sequence[Call]) -> LastCall | None:
    for call in calls:
        if not call.withdrawn:
            return LastCall(call.number, call.counter)
    return None


def _next(centre: Centre, board: BoardState, view: View) -> tuple[str, ...]:
    """Return who is next, of the services that this screen's counters serve."""
    if not view.counters:
        return board.next
    here = [counter for counter in centre.counters if view.shows(counter.number)]
    services = {code for counter in here for code in counter.serves}
    waiting = {n for line in board.waiting if line.service in services for n in line.next}
    return tuple(number for number in board.next if number in waiting)


def _painted(calls: Sequence[Call], cards: Sequence[Card], rows: Sequence[Row]) -> frozenset[int]:
    """Return the calls that can be read, with the earlier calls of the same number there."""
    seen = {(c.number, c.counter): c.call_seq for c in cards if not c.withdrawn}
    seen |= {(r.number, r.counter): r.call_seq for r in rows if r.number and not r.withdrawn}
    return frozenset(
        call.call_seq
        for call in calls
        if not call.withdrawn and call.call_seq <= seen.get((call.number, call.counter), -1)
    )
