"""What stands beside the called numbers: counters, missed numbers, and who waits for what."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from bus.states import BoardCounter, BoardState, Call, Missed
from bus.vocabulary import CounterStatus, TicketClass
from config import Centre
from hall.board import words
from hall.words import Words

T = TypeVar("T")


class RowKind(StrEnum):
    """What a row tells of its counter."""

    SERVING = "serving"
    PRIORITY = "priority"
    PAUSED = "paused"
    IDLE = "idle"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Row:
    """A counter beside the panel or in the grid."""

    counter: int
    kind: RowKind
    number: str = ""
    note: str = ""
    call_seq: int = 0
    """The newest call of this number to this counter; 0 when it is not known any more."""
    called: bool = False
    """The call is made here, in the grid."""
    flashing: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class WaitLine:
    """Who waits for a service."""

    service: str
    count: int
    wait: str
    """How long it takes, in words; empty when nobody can say."""


class Following(StrEnum):
    """What the footer says of those who come next."""

    NEXT = "next"
    NOBODY = "nobody"
    NOT_OPEN = "not_open"
    """People wait, but no open counter serves them."""


def row_of(
    counter: BoardCounter, calls: Sequence[Call], now: datetime, zone: ZoneInfo, t: Words
) -> Row:
    """Return what is told of `counter` while it makes no call."""
    kind, note = RowKind.SERVING, ""
    if counter.status == CounterStatus.PAUSED:
        kind, note = RowKind.PAUSED, words.pause(counter, now, zone, t)
    elif counter.status == CounterStatus.CLOSED:
        return Row(counter.counter, RowKind.CLOSED, note=t("Đang đóng"))
    elif counter.number is None:
        kind = RowKind.IDLE
    elif counter.ticket_class == TicketClass.PRIORITY:
        kind, note = RowKind.PRIORITY, words.priority(t)
    return replace(bare_row(counter, calls), kind=kind, note=note)


def bare_row(counter: BoardCounter, calls: Sequence[Call] = ()) -> Row:
    """Return number and counter alone: what is left where more cannot be told."""
    sequences = [
        call.call_seq
        for call in calls
        if (call.counter, call.number) == (counter.counter, counter.number) and not call.withdrawn
    ]
    kind = RowKind.SERVING if counter.number else RowKind.IDLE
    return Row(counter.counter, kind, counter.number or "", "", max(sequences, default=0))


def is_at_work(counter: BoardCounter) -> bool:
    """Return whether `counter` has a row beside the panel."""
    paused = counter.status == CounterStatus.PAUSED
    return paused or (counter.status == CounterStatus.OPEN and counter.number is not None)


def lines_of(
    centre: Centre, board: BoardState, here: frozenset[int], t: Words
) -> tuple[WaitLine, ...]:
    """Return a line for each service of the counters `here` that somebody waits for.

    One whose numbers of the day are all given has a line too, so that nobody comes in vain.
    """
    served, open_now = _services(centre, here), _open_services(centre, board, here)
    names = {service.code: service.name(t.lang) for service in centre.services}
    order = list(names)
    waiting = [
        line for line in board.waiting if line.service in served and (line.count or line.full)
    ]
    return tuple(
        WaitLine(
            names[line.service],
            line.count,
            words.wait(line.wait_min, t, served=line.service in open_now, full=line.full)
            if line.count
            else t("hết số hôm nay"),
        )
        for line in sorted(waiting, key=lambda line: order.index(line.service))
    )


def next_of(
    centre: Centre, board: BoardState, here: frozenset[int]
) -> tuple[tuple[str, ...], Following]:
    """Return who is next at the open counters `here`, and what to say of them."""
    open_now = _open_services(centre, board, here)
    coming = {n for line in board.waiting if line.service in open_now for n in line.next}
    following = tuple(number for number in board.next if number in coming)
    if following:
        return following, Following.NEXT
    served = _services(centre, here)
    waits = any(line.count for line in board.waiting if line.service in served)
    return (), Following.NOT_OPEN if waits else Following.NOBODY


def missed_of(
    missed: Missed, fit: int, now: datetime, page_s: float
) -> tuple[tuple[str, ...], str]:
    """Return the missed numbers that stand now, and which part of them this is."""
    more = missed.total - len(missed.numbers)
    whole = (*missed.numbers, *([f"+{more}"] if more > 0 else []))
    pages = -(-len(whole) // fit)
    if pages <= 1:
        return whole, ""
    page = int(now.timestamp() // page_s) % pages
    return whole[page * fit : (page + 1) * fit], f"{page + 1}/{pages}"


def page_of(
    rows: tuple[T, ...], fit: int, since_s: float, page_s: float
) -> tuple[tuple[T, ...], str]:
    """Return the rows that stand now, the last part filled up, and which part this is."""
    fit = max(1, fit)
    pages = -(-len(rows) // fit)
    if pages <= 1:
        return rows, ""
    page = int(since_s // page_s) % pages
    first = min(page * fit, len(rows) - fit)
    return rows[first : first + fit], f"{page + 1}/{pages}"


def _services(centre: Centre, here: frozenset[int]) -> frozenset[str]:
    """Return the services of the counters `here`, open or not."""
    return frozenset(
        code for counter in centre.counters if counter.number in here for code in counter.serves
    )


def _open_services(centre: Centre, board: BoardState, here: frozenset[int]) -> frozenset[str]:
    """Return the services that an open counter `here` serves."""
    opened = {c.counter for c in board.counters if c.status == CounterStatus.OPEN}
    return _services(centre, here & frozenset(opened))
