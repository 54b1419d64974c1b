"""What happened, as devices saw it, and whether it was right."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bus.commands import AnyCommand, IssuedTicket, Reply
from bus.states import CounterState, CurrentTicket, ListedTicket
from bus.vocabulary import Error, Id
from config import Centre


class End(StrEnum):
    """How a ticket's day ended."""

    FINISHED = "finished"
    ABSENT = "absent"
    VOID = "void"
    ELSEWHERE = "elsewhere"
    """Settled by somebody who is not played here."""


@dataclass(slots=True)
class _Course:
    """What became of a ticket, as the counters know it."""

    called_at: datetime | None = None
    counter: int | None = None
    end: End | None = None
    rev: int = 0
    """Of the newest word about it: counters hear one another's deeds in any order."""


@dataclass(slots=True)
class TicketRecord:
    """One ticket's day."""

    ticket: Id
    number: str
    service: str
    ticket_class: str
    business_day: str
    issued_at: datetime
    called_at: datetime | None = None
    counter: int | None = None
    end: End | None = None
    rev: int = 0


class History:
    """The record of one played day."""

    def __init__(self) -> None:
        self.tickets: dict[Id, TicketRecord] = {}
        self.refusals: Counter[tuple[str, Error]] = Counter()
        self.unanswered: list[str] = []
        self._others: dict[Id, str] = {}
        # A counter may be done with a ticket before the kiosk hears that it was issued.
        self._courses: dict[Id, _Course] = {}
        self._first_rev: int | None = None

    def answered(self, device: str, command: AnyCommand, reply: Reply) -> None:
        """Note how the service answered."""
        kind = str(command.__struct_config__.tag)
        if reply.error is Error.UNAVAILABLE:
            self.unanswered.append(f"{device}: {kind} {command.id}")
        elif reply.error:
            self.refusals[kind, reply.error] += 1

    def issued(self, ticket: IssuedTicket, rev: int) -> None:
        """Note a new ticket."""
        if self._first_rev is None:
            self._first_rev = rev
        course = self._courses.pop(ticket.ticket, _Course())
        self.tickets[ticket.ticket] = TicketRecord(
            ticket.ticket,
            ticket.number,
            ticket.service,
            ticket.ticket_class,
            ticket.business_day,
            ticket.issued_at,
            course.called_at,
            course.counter,
            course.end,
            course.rev,
        )

    def called(self, ticket: Id, counter: int, at: datetime, rev: int) -> None:
        """Note a call that the state `rev` shows; the first one ends the wait."""
        record = self._course(ticket)
        if record.called_at is None or at < record.called_at:
            record.called_at = at
        if rev >= record.rev:
            record.counter, record.end, record.rev = counter, None, rev

    def ended(self, ticket: Id, end: End | None, rev: int) -> None:
        """Note how a ticket's day ended at `rev`, or that it goes on; old news changes nothing."""
        record = self._course(ticket)
        if rev >= record.rev:
            record.end, record.rev = end, rev

    def _course(self, ticket: Id) -> TicketRecord | _Course:
        return self.tickets.get(ticket) or self._courses.setdefault(ticket, _Course())

    def seen(self, state: CounterState) -> None:
        """Note the tickets a counter knows of; others than ours are other people's."""
        if self._first_rev is None or state.rev < self._first_rev:
            return
        listed: list[CurrentTicket | ListedTicket] = [
            *state.waiting,
            *state.parked,
            *state.absent,
        ]
        if state.current:
            listed.append(state.current)
        self._others |= {one.ticket: one.number for one in listed}

    def open_tickets(self) -> int:
        """Return how many of our tickets have not ended."""
        return sum(record.end is None for record in self.tickets.values())

    def problems(self, centre: Centre) -> list[str]:
        """Return everything that must not have happened, one line each."""
        found = [f"unanswered: {line}" for line in self.unanswered]
        found += self._given_twice()
        found += self._gaps(centre)
        found += [
            f"lost: {record.number} never came to an end"
            for record in self.tickets.values()
            if record.end is None
        ]
        return found

    def _given_twice(self) -> list[str]:
        holders: defaultdict[tuple[str, str], set[Id]] = defaultdict(set)
        for record in self.tickets.values():
            holders[record.business_day, record.number].add(record.ticket)
        for (_, number), tickets in holders.items():
            tickets |= {ticket for ticket, other in self._others.items() if other == number}
        return [
            f"given twice: {number} on {day} to {len(tickets)} people"
            for (day, number), tickets in holders.items()
            if len(tickets) > 1
        ]

    def _gaps(self, centre: Centre) -> list[str]:
        series: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        for record in self.tickets.values():
            series[record.business_day, record.number[0]].add(int(record.number[1:]))
        others = set(self._others.values())
        width = centre.numbering.digits
        missing = []
        for (day, head), serials in series.items():
            for serial in set(range(min(serials), max(serials))) - serials:
                number = f"{head}{serial:0{width}d}"
                if number not in others:
                    missing.append(f"gap: {number} on {day} was given to nobody")
        return sorted(missing)
