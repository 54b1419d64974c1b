"""What a board shows, as a pure function of the hall, the time and the link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bus.messages import BoardCounter, BoardState, Call, CounterStatus, Notice, TicketClass
from config import Centre
from ui.board import words
from ui.board.panel import Progress, age_s, choose


class RowKind(StrEnum):
    """What a row tells of its counter."""

    SERVING = "serving"
    PRIORITY = "priority"
    PAUSED = "paused"


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
class Row:
    """A counter in the list beside the panel."""

    counter: int
    kind: RowKind
    number: str = ""
    note: str = ""
    call_seq: int = 0
    """The newest call of this number to this counter; 0 when it is not known any more."""


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
    rows: tuple[Row, ...] = ()
    page: str = ""
    """Which part of the rows this is, such as 1/2; empty when all fit."""
    next: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    stale: bool = False
    label: str = ""
    """The board's own name, while it is asked where it is."""
    painted: frozenset[int] = frozenset()
    """Calls whose number and counter people see once this is on the screen."""

    @property
    def called(self) -> frozenset[int]:
        """Return the calls that the big panel makes."""
        return frozenset(card.call_seq for card in self.cards if not card.withdrawn)


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
    """How long each part of the rows stands when not all fit."""

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
    chosen = choose(heard, calls, progress, now, centre.rules)
    cards = tuple(_card(centre, call, now) for call in chosen)
    called = {(card.counter, card.number) for card in cards if not card.withdrawn}
    counters = [
        counter
        for counter in heard.counters
        if view.shows(counter.counter) and (counter.counter, counter.number) not in called
    ]
    every_row = _rows(counters, calls, now, centre.identity.zone)
    rows, page = _page(every_row, calls, view, now)
    return Scene(
        title=centre.identity.name.vi,
        place=centre.identity.place.vi,
        cards=cards,
        last=None if cards else _last(calls),
        hours=words.hours(centre, now),
        rows=rows,
        page=page,
        next=_next(centre, heard, view),
        lines=words.lines(centre, board, hall.notices, now),
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


def _rows(
    counters: Sequence[BoardCounter], calls: Sequence[Call], now: datetime, zone: ZoneInfo
) -> tuple[Row, ...]:
    """Return a row per counter: the most recently called first, the resting ones last."""
    rows = [
        _row(counter, calls, now, zone)
        for counter in counters
        if counter.status == CounterStatus.PAUSED or _serves(counter)
    ]
    return tuple(sorted(rows, key=lambda row: (not row.number, -row.call_seq, row.counter)))


def _serves(counter: BoardCounter) -> bool:
    return counter.status == CounterStatus.OPEN and counter.number is not None


def _row(counter: BoardCounter, calls: Sequence[Call], now: datetime, zone: ZoneInfo) -> Row:
    kind, note = RowKind.SERVING, ""
    if counter.status == CounterStatus.PAUSED:
        kind, note = RowKind.PAUSED, words.pause(counter, now, zone)
    elif counter.ticket_class == TicketClass.PRIORITY:
        kind, note = RowKind.PRIORITY, words.PRIORITY
    sequences = [
        call.call_seq
        for call in calls
        if (call.counter, call.number) == (counter.counter, counter.number) and not call.withdrawn
    ]
    return Row(counter.counter, kind, counter.number or "", note, max(sequences, default=0))


def _page(
    rows: tuple[Row, ...], calls: Sequence[Call], view: View, now: datetime
) -> tuple[tuple[Row, ...], str]:
    """Return the rows that stand now; a new call shows the first part again."""
    fit = max(1, view.rows)
    pages = -(-len(rows) // fit)
    if pages <= 1:
        return rows, ""
    since = age_s(calls[0], now) if calls else now.timestamp()
    page = int(since // view.page_s) % pages
    return rows[page * fit : (page + 1) * fit], f"{page + 1}/{pages}"


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
    seen |= {(row.number, row.counter): row.call_seq for row in rows if row.number}
    return frozenset(
        call.call_seq
        for call in calls
        if not call.withdrawn and call.call_seq <= seen.get((call.number, call.counter), -1)
    )
