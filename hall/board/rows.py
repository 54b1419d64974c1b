"""The counters on a board: those at work beside the panel, or all of them in a grid."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bus.states import BoardCounter, Call
from bus.vocabulary import CounterStatus, TicketClass
from config.settings import Rules
from hall.board import words
from hall.board.panel import Progress, age_s, choose_at


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


def working_rows(
    counters: Sequence[BoardCounter], calls: Sequence[Call], now: datetime, zone: ZoneInfo
) -> tuple[Row, ...]:
    """Return a row per counter: the most recently called first, the resting ones last."""
    rows = [
        _row(counter, calls, now, zone)
        for counter in counters
        if counter.status == CounterStatus.PAUSED or _serves(counter)
    ]
    return tuple(sorted(rows, key=lambda row: (not row.number, -row.call_seq, row.counter)))


def grid_rows(
    counters: Sequence[BoardCounter],
    calls: Sequence[Call],
    progress: Progress,
    now: datetime,
    *,
    zone: ZoneInfo,
    rules: Rules,
) -> tuple[Row, ...]:
    """Return every counter in its order, with the call that is made at it; none when all rest."""
    rows = []
    for counter in sorted(counters, key=lambda counter: counter.counter):
        row = _row(counter, calls, now, zone)
        call = choose_at(counter, calls, progress, now, rules)
        rows.append(_with_call(row, call, now, rules) if call else row)
    quiet = all(row.kind is RowKind.CLOSED and not row.called for row in rows)
    return () if quiet else tuple(rows)


def _row(counter: BoardCounter, calls: Sequence[Call], now: datetime, zone: ZoneInfo) -> Row:
    kind, note = RowKind.SERVING, ""
    if counter.status == CounterStatus.PAUSED:
        kind, note = RowKind.PAUSED, words.pause(counter, now, zone)
    elif counter.status == CounterStatus.CLOSED:
        return Row(counter.counter, RowKind.CLOSED, note=words.CLOSED)
    elif counter.number is None:
        kind = RowKind.IDLE
    elif counter.ticket_class == TicketClass.PRIORITY:
        kind, note = RowKind.PRIORITY, words.PRIORITY
    sequences = [
        call.call_seq
        for call in calls
        if (call.counter, call.number) == (counter.counter, counter.number) and not call.withdrawn
    ]
    return Row(counter.counter, kind, counter.number or "", note, max(sequences, default=0))


def _with_call(row: Row, call: Call, now: datetime, rules: Rules) -> Row:
    return replace(
        row,
        number=call.number,
        note=words.heading(call),
        call_seq=call.call_seq,
        called=not call.withdrawn,
        flashing=not call.withdrawn and age_s(call, now) < rules.flash_s,
        withdrawn=call.withdrawn,
    )


def _serves(counter: BoardCounter) -> bool:
    return counter.status == CounterStatus.OPEN and counter.number is not None
