"""Follow the chain from the first event, replay it, and compare with the tables."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields

from queue_service.codec import decode_fact, kind_of
from queue_service.domain import events as e
from queue_service.domain.apply import apply
from queue_service.domain.state import State
from queue_service.domain.values import Refusal
from queue_service.errors import LogError
from queue_service.records import late_ticket, microseconds, ticket_row
from wait_log.log import FIRST_HASH, LogReader
from wait_log.rows import ChainedEvent, TicketRow


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was checked, and everything that is wrong."""

    events: int
    days: int
    tickets: int
    problems: tuple[str, ...]


class _Replay:
    """Folds the log and compares each day with its tickets when the next one opens."""

    def __init__(self, reader: LogReader) -> None:
        self._reader = reader
        self._state = State()
        self._seen: set[str] = set()
        self._late: dict[str, TicketRow] = {}
        """Tickets that a book delivered after their day had closed."""
        self._unexplained: dict[str, TicketRow] = {}
        self._problems: list[str] = []
        self.tickets = 0

    @property
    def days(self) -> int:
        """Return how many days were replayed."""
        return len(self._seen)

    def take(self, fact: e.Fact) -> None:
        """Apply one fact."""
        event = fact.event
        if isinstance(event, e.DayOpened):
            self._compare_day()
        elif isinstance(event, e.TicketIssued) and event.business_day != fact.day:
            row = ticket_row(late_ticket(fact, event), event.business_day.isoformat())
            self._late[row.id] = row
        self._state = apply(self._state, fact)

    def finish(self) -> list[str]:
        """Return where the tables are not what the log replays to."""
        self._compare_day()
        for day in sorted(self._reader.ticket_days() - self._seen):
            self._compare(day, {})
        for ticket_id in sorted(self._late.keys() | self._unexplained.keys()):
            late, stored = self._late.get(ticket_id), self._unexplained.get(ticket_id)
            self._problems += _differences(late, stored)
        return self._problems

    def _compare_day(self) -> None:
        if self._state.day is not None:
            day = self._state.day.isoformat()
            rows = (ticket_row(ticket, day) for ticket in self._state.tickets.values())
            self._compare(day, {row.id: row for row in rows})
            self._seen.add(day)

    def _compare(self, day: str, wanted: dict[str, TicketRow]) -> None:
        stored = self._reader.tickets(day)
        self.tickets += len(stored)
        for ticket_id, row in wanted.items():
            self._problems += _differences(row, stored.pop(ticket_id, None))
        self._unexplained |= stored


def verify(reader: LogReader) -> Verdict:
    """Return the verdict on a store; raises StoreError when it cannot be read."""
    replay = _Replay(reader)
    count, previous = 0, FIRST_HASH
    for chained in reader.events():
        count += 1
        problem = _broken_link(chained, count, previous) or _replay_problem(replay, chained)
        if problem:
            return Verdict(count, replay.days, 0, (problem,))
        previous = chained.hash
    problems = tuple(replay.finish())
    return Verdict(count, replay.days, replay.tickets, problems)


def _broken_link(chained: ChainedEvent, seq: int, previous: bytes) -> str | None:
    row = chained.row
    if row.seq != seq:
        return f"event {seq} is missing: the next one is {row.seq}"
    if chained.prev_hash != previous:
        return f"event {seq} does not follow the one before it"
    if hashlib.sha256(previous + row.body).digest() != chained.hash:
        return f"event {seq} is not what was written: its hash differs"
    return None


def _replay_problem(replay: _Replay, chained: ChainedEvent) -> str | None:
    row = chained.row
    try:
        fact = decode_fact(row.body)
        columns = (fact.seq, kind_of(fact.event), fact.day.isoformat(), microseconds(fact.at.at))
        if columns != (row.seq, row.kind, row.business_day, row.at_us):
            return f"event {row.seq}: its columns differ from its body"
        replay.take(fact)
    except (LogError, Refusal, LookupError, ValueError) as error:
        return f"event {row.seq} does not replay: {error!r}"
    return None


def _differences(wanted: TicketRow | None, stored: TicketRow | None) -> Iterator[str]:
    if stored is None and wanted is not None:
        yield f"ticket {wanted.number} of {wanted.business_day} is in the log but not in the table"
    elif wanted is None and stored is not None:
        yield f"ticket {stored.number} of {stored.business_day} is in the table but not in the log"
    elif wanted is not None and stored is not None and wanted != stored:
        names = [
            field.name
            for field in fields(wanted)
            if getattr(wanted, field.name) != getattr(stored, field.name)
        ]
        label = f"ticket {stored.number} of {stored.business_day}"
        yield f"{label} differs from the log in {', '.join(names)}"
