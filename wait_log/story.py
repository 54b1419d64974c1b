"""The whole story of one ticket, from the events of the log.

The log is ordered by `seq` and has no index by ticket: a ticket's events lie between those that
opened its day and the next (1,200 events of a usual day are read in 4 ms). A number of an offline
book that arrived after its day had closed stands a few days later.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import func, select

from wait_log import tables as t
from wait_log.reader import Reader
from wait_log.rows import CallAck, ChainedEvent, TicketRow
from wait_log.ticket_log import ticket_by_id

_MOST_EVENTS = 50_000
"""A day with more events is told no further than this."""
_LATE_DAYS = 14
_OF_CALLS = frozenset({"call_announced", "call_unannounced", "call_handed_over"})
_LINES = ("ticket_called", "ticket_recalled")


@dataclass(frozen=True, slots=True)
class StoryEvent:
    """One event of a ticket: when, what, by whom."""

    seq: int
    at: datetime
    kind: str
    cause: str
    """The kind of the command, or what else brought it about."""
    device: str
    by: str | None
    """The account that acted, where the browser was used."""
    acting: int | None
    """The counter that acted."""
    step: int
    data: Mapping[str, Any] = field(default_factory=dict)
    undone: bool = False
    """A later step took it back."""

    def number(self, name: str) -> int | None:
        """Return a whole number of the event, None where there is none."""
        value = self.data.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def text(self, name: str) -> str:
        """Return a text of the event, empty where there is none."""
        value = self.data.get(name)
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class TicketStory:
    """A ticket and what happened to it."""

    row: TicketRow
    events: tuple[StoryEvent, ...]
    heard: Mapping[int, CallAck]
    """When each of its calls was shown and spoken, by the call."""
    withheld: int = 0
    """Events of these days whose content is withheld: some may be this ticket's."""
    unreadable: int = 0
    broken_at: int | None = None
    """The first event of these days that does not follow the one before it."""
    hashes: tuple[bytes, bytes] | None = None
    """Those of its first and of its last event."""


def ticket_story(reader: Reader, ticket_id: str) -> TicketStory | None:
    """Return the story of a ticket, None when there is none; raises StoreError."""
    row = ticket_by_id(reader, ticket_id)
    if row is None:
        return None
    found = _Found(ticket_id)
    first, after = _span(reader, row.business_day)
    if first is not None:
        found.read(reader, first, after)
    while not found.issued and after is not None and found.late_days < _LATE_DAYS:
        first, after = after, _next_opening(reader, after)
        found.read(reader, first, after)
        found.late_days += 1
    return TicketStory(
        row=row,
        events=_with_undone(found.events, ticket_id),
        heard=_heard(reader, found.calls),
        withheld=found.withheld,
        unreadable=found.unreadable,
        broken_at=found.broken_at,
        hashes=(found.hashes[0], found.hashes[-1]) if found.hashes else None,
    )


class _Stored(msgspec.Struct, frozen=True):
    """The part of a stored event that a story tells; other fields are left alone."""

    at: datetime
    kind: str
    step: int = 0
    cause: str = ""
    device: str = ""
    by: str | None = None
    acting: int | None = None
    event: dict[str, Any] = {}


_decoder = msgspec.json.Decoder(_Stored)


class _Found:
    """What was found of one ticket so far."""

    def __init__(self, ticket_id: str) -> None:
        self.events: list[StoryEvent] = []
        self.calls: set[int] = set()
        self.hashes: list[bytes] = []
        self.withheld = self.unreadable = self.late_days = 0
        self.broken_at: int | None = None
        self._id = ticket_id
        self._stored_id = msgspec.json.encode(ticket_id)

    @property
    def issued(self) -> bool:
        """Return whether the beginning was found."""
        return any(event.kind == "ticket_issued" for event in self.events)

    def read(self, reader: Reader, first: int, after: int | None) -> None:
        """Take the ticket's events from `first` to before `after`."""
        previous = reader.hash_of(first - 1)
        for chained in _between(reader, first, after):
            if previous is not None and not chained.follows(previous) and self.broken_at is None:
                self.broken_at = chained.seq
            previous = chained.hash
            self._take(chained)

    def _take(self, chained: ChainedEvent) -> None:
        if chained.body is None:
            self.withheld += 1
        elif self._stored_id in chained.body or chained.kind in _OF_CALLS:
            try:
                stored = _decoder.decode(chained.body)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                self.unreadable += 1
                return
            if self._is_of(stored):
                self._keep(chained, stored)

    def _is_of(self, stored: _Stored) -> bool:
        if stored.kind in _OF_CALLS:
            return stored.event.get("call_seq") in self.calls
        others = (stored.event.get("tickets"), stored.event.get("released"))
        named = any(isinstance(ids, list) and self._id in ids for ids in others)
        return named or stored.event.get("ticket") == self._id

    def _keep(self, chained: ChainedEvent, stored: _Stored) -> None:
        event = StoryEvent(
            seq=chained.seq,
            at=stored.at,
            kind=stored.kind,
            cause=stored.cause,
            device=stored.device,
            by=stored.by,
            acting=stored.acting,
            step=stored.step,
            data=stored.event,
        )
        call = event.number("call_seq")
        if stored.kind in _LINES and call is not None:
            self.calls.add(call)
        self.events.append(event)
        self.hashes.append(chained.hash)


def day_events(reader: Reader, business_day: str) -> Iterator[bytes]:
    """Return the bodies of a day's events in their order; those that are withheld are left out."""
    first, after = _span(reader, business_day)
    if first is not None:
        for chained in _between(reader, first, after):
            if chained.body is not None:
                yield chained.body


def _between(reader: Reader, first: int, after: int | None) -> Iterator[ChainedEvent]:
    for count, chained in enumerate(reader.events(first)):
        if count >= _MOST_EVENTS or (after is not None and chained.seq >= after):
            return
        yield chained


def _span(reader: Reader, business_day: str) -> tuple[int | None, int | None]:
    """Return where a day begins in the log and where the next one does; None for not at all."""
    day = t.day.c
    wanted = select(day.business_day, day.opened_seq).where(
        day.site == reader.site, day.business_day >= business_day
    )
    rows = reader.all(wanted.order_by(day.business_day).limit(2))
    opened = [row.opened_seq for row in rows]
    if rows and rows[0].business_day == business_day:
        return opened[0], opened[1] if opened[1:] else None
    return None, opened[0] if opened else None


def _next_opening(reader: Reader, seq: int) -> int | None:
    day = t.day.c
    later = select(func.min(day.opened_seq)).where(day.site == reader.site, day.opened_seq > seq)
    opened: int | None = reader.all(later)[0][0]
    return opened


def _with_undone(events: Sequence[StoryEvent], ticket_id: str) -> tuple[StoryEvent, ...]:
    undone = {
        event.number("step")
        for event in events
        if event.kind == "step_undone" and ticket_id in event.data.get("tickets", ())
    }
    return tuple(
        replace(event, undone=True)
        if event.step in undone and event.kind != "step_undone"
        else event
        for event in events
    )


def _heard(reader: Reader, calls: Iterable[int]) -> dict[int, CallAck]:
    wanted = sorted(calls)
    if not wanted:
        return {}
    ack = t.acknowledgement.c
    rows = reader.all(
        select(ack.call_seq, ack.outcome, ack.at_us).where(
            ack.site == reader.site, ack.call_seq.in_(wanted[:_MOST_CALLS])
        )
    )
    heard = {seq: CallAck(seq) for seq in wanted}
    for row in rows:
        if f"{row.outcome}_us" in CallAck.__slots__:
            heard[row.call_seq] = replace(heard[row.call_seq], **{f"{row.outcome}_us": row.at_us})
    return heard


_MOST_CALLS = 200
