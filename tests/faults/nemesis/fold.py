"""A second, plainer reading of the log: where every ticket stands, and who would be next.

It shares nothing with `queue_service.domain` but the events, so that a mistake there shows here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from nemesis.evidence import Bylaws
from queue_service.domain import events as e

WAITING, CALLED, SERVING = "waiting", "called", "serving"
AT_A_COUNTER = frozenset({CALLED, SERVING})


_AFTER: dict[type, str] = {
    e.ServingStarted: SERVING,
    e.TicketFinished: "finished",
    e.TicketAbsent: "absent",
    e.TicketParked: "parked",
    e.TicketVoided: "void",
    e.TicketTransferred: WAITING,
    e.TicketReturned: WAITING,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One ticket of the present day."""

    service: str
    ticket_class: str
    key: datetime
    place: int
    issued: datetime
    state: str
    counter: int | None = None
    to_counter: int | None = None
    moved: bool = False
    """Something other than its own coming has given it its place."""
    provisional: bool = False

    @property
    def line(self) -> str | int:
        """Return the line in which it waits."""
        return self.service if self.to_counter is None else self.to_counter


@dataclass(slots=True)
class Hall:
    """Every ticket of the day, before the next event."""

    tickets: dict[str, Standing] = field(default_factory=dict)
    before: dict[int, dict[str, Standing]] = field(default_factory=dict)
    """By step: what its tickets were before it, for who takes it back."""

    def waiting(self) -> Iterator[tuple[str, Standing]]:
        """Return who waits."""
        return ((key, one) for key, one in self.tickets.items() if one.state == WAITING)

    def next_at(self, counter: int, bylaws: Bylaws) -> str | None:
        """Return whom the published rule calls: the smallest key plus penalty."""
        serves = bylaws.penalties.get(counter, {})
        heads = []
        for ticket, one in self.waiting():
            if one.to_counter == counter:
                heads.append((one.key, one.key, one.place, ticket))
            elif one.to_counter is None and one.service in serves:
                heads.append((one.key + serves[one.service], one.key, one.place, ticket))
        return min(heads)[3] if heads else None


def follow(facts: Iterable[e.Fact]) -> Iterator[tuple[Hall, e.Fact]]:
    """Return every event with the hall as it was before it."""
    hall = Hall()
    for fact in facts:
        yield hall, fact
        _apply(hall, fact)


def _apply(hall: Hall, fact: e.Fact) -> None:
    event = fact.event
    match event:
        case e.DayOpened():
            hall.tickets.clear()
            hall.before.clear()
        case e.TicketIssued():
            if event.business_day == fact.day:
                _put(hall, fact, event.ticket, _issued(fact, event))
        case e.StepUndone():
            for ticket, one in hall.before.get(event.step, {}).items():
                if ticket in event.tickets:
                    hall.tickets[ticket] = replace(one, moved=True)
        case e.CounterClosed():
            for ticket in event.released:
                _put(hall, fact, ticket, replace(hall.tickets[ticket], to_counter=None))
        case e.TicketEvent() if event.ticket in hall.tickets:
            after = _changed(hall.tickets[event.ticket], event)
            _put(hall, fact, event.ticket, after)
        case _:
            pass


def _put(hall: Hall, fact: e.Fact, ticket: str, after: Standing) -> None:
    known = hall.tickets.get(ticket)
    if known is not None:
        hall.before.setdefault(fact.step, {}).setdefault(ticket, known)
    hall.tickets[ticket] = after


def _issued(fact: e.Fact, event: e.TicketIssued) -> Standing:
    return Standing(
        service=event.service,
        ticket_class=event.ticket_class,
        key=event.order_key,
        place=fact.seq,
        issued=event.issued_at,
        state="void" if event.provisional else WAITING,
        provisional=event.provisional,
        moved=event.offline_book,
    )


def _changed(one: Standing, event: e.TicketEvent) -> Standing:
    if isinstance(event, e.TicketDelivered):
        return _delivered(one, event)
    changes: dict[str, Any] = {}
    match event:
        case e.TicketCalled() | e.TicketRecalled():
            changes = {"state": CALLED, "counter": event.counter, "to_counter": None}
        case e.TicketTransferred():
            changes = {"service": event.to_service, "to_counter": event.to_counter, "moved": True}
        case e.TicketReturned():
            changes = {"key": event.order_key, "moved": True}
        case e.ClassSet():
            changes = {
                "key": event.order_key,
                "ticket_class": event.to_class,
                "moved": True,
            }
    state = _AFTER.get(type(event))
    if state is not None:
        changes["state"] = state
        if state != SERVING:
            changes["counter"] = None
    return replace(one, **changes)


def _delivered(one: Standing, event: e.TicketDelivered) -> Standing:
    if one.provisional and one.state == "void":
        one = replace(one, state=WAITING)
    key = one.key if one.state == WAITING and not one.provisional else event.order_key
    return replace(one, ticket_class=event.ticket_class, key=key, provisional=False, moved=True)
