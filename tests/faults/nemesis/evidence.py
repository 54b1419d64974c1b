"""What the store says after the attack, read back as values that a pure checker can judge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from config import Centre
from queue_service.codec import decode_fact
from queue_service.domain.events import Fact
from queue_service.verify import verify
from wait_log import tables
from wait_log.reader import open_reader
from wait_log.rows import CallRow, ChainedEvent, InboxRow, TicketRow


@dataclass(frozen=True, slots=True)
class Bylaws:
    """What the centre has laid down, as far as promises depend on it."""

    penalties: Mapping[int, Mapping[str, timedelta]]
    head_start: Mapping[str, timedelta]
    books: tuple[tuple[str, int, int], ...] = ()
    """Kiosk, first and last serial of each offline book."""
    first: int = 1
    speed: float = 1.0
    """Seconds of the centre in one of the machine's monotonic clock."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The rows of one store."""

    facts: tuple[Fact, ...]
    chain: tuple[ChainedEvent, ...]
    tickets: tuple[TicketRow, ...]
    calls: tuple[CallRow, ...]
    shown: frozenset[int] = frozenset()
    spoken: frozenset[int] = frozenset()
    answered: frozenset[tuple[str, str]] = frozenset()
    """Device and id of the commands whose answers are kept."""
    problems: tuple[str, ...] = ()
    """What `denluot verify` has found."""
    bylaws: Bylaws = field(default_factory=lambda: Bylaws({}, {}))


def bylaws_of(centre: Centre, speed: float = 1.0) -> Bylaws:
    """Return what matters of a centre."""
    classes = ("normal", "priority", "appointment")
    return Bylaws(
        penalties={
            counter.number: {
                code: timedelta(minutes=minutes) for code, minutes in counter.serves.items()
            }
            for counter in centre.counters
        },
        head_start={
            name: timedelta(minutes=centre.classes[name].head_start_min) for name in classes
        },
        books=tuple((book.kiosk, book.first, book.last) for book in centre.numbering.books),
        first=centre.numbering.first,
        speed=speed,
    )


def read_evidence(url: str, site: str, bylaws: Bylaws) -> Evidence:
    """Read a whole store; raises StoreError."""
    with open_reader(url, site) as reader:
        verdict = verify(reader)
        chain = tuple(reader.events())
        ack = tables.acknowledgement
        acks = reader.all(select(ack.c.call_seq, ack.c.outcome).where(ack.c.site == site))
        days = [day.business_day for day in reader.days()]
        inbox = reader.rows(InboxRow, tables.inbox)
        return Evidence(
            facts=tuple(decode_fact(event.body) for event in chain if event.body is not None),
            chain=chain,
            tickets=tuple(reader.rows(TicketRow, tables.ticket)),
            calls=tuple(call for day in days for call in reader.calls(day).values()),
            shown=frozenset(row.call_seq for row in acks if row.outcome == "shown"),
            spoken=frozenset(row.call_seq for row in acks if row.outcome == "spoken"),
            answered=frozenset((row.device, row.id) for row in inbox),
            problems=verdict.problems,
            bylaws=bylaws,
        )
