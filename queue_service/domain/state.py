"""The present business day, as one immutable value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from bus.vocabulary import AppointmentState, CounterStatus, Error, OrderOutcome, TicketClass
from queue_service.domain.tickets import Ticket
from queue_service.domain.values import (
    AppointmentId,
    CounterNumber,
    Mark,
    Refusal,
    ServiceCode,
    TicketId,
    TicketNumber,
)

Line = ServiceCode | CounterNumber
"""A line of people: that of a service, or of those sent to one counter."""


class Place(NamedTuple):
    """A place in a line; sorts as people are called."""

    key: datetime
    order: int
    ticket: TicketId


@dataclass(frozen=True, slots=True)
class Call:
    """One call, as boards show it."""

    call_seq: int
    number: TicketNumber
    counter: CounterNumber
    service: ServiceCode
    ticket_class: TicketClass
    lang: str
    repeat: int
    at: datetime
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Unannounced:
    """A call that was not shown or not spoken in time."""

    call_seq: int
    number: str
    at: datetime
    missing: frozenset[str]
    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A counter's last step: what its tickets were before, to take it back."""

    first: int
    """The step's first event; its id."""
    last: int
    cause: str
    before: tuple[Ticket, ...]
    calls: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Counter:
    """One counter today."""

    status: CounterStatus = CounterStatus.CLOSED
    reason: str | None = None
    until: datetime | None = None
    current: TicketId | None = None
    was_open: bool = False
    free_since: datetime | None = None
    """Since when it is open and has nobody; of no meaning while it has somebody."""
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """One stretch of service at a counter."""

    seq: int
    ticket: TicketId
    counter: CounterNumber
    service: ServiceCode
    seconds: float
    suspect: bool
    finished: bool


@dataclass(frozen=True, slots=True)
class HelpRequest:
    """A citizen who asks for a person."""

    place: str
    at: datetime
    answered_by: CounterNumber | None = None
    """None, once answered, for a helper of the house."""
    answered_at: datetime | None = None
    kiosk: str = ""


@dataclass(frozen=True, slots=True)
class StaffCall:
    """A counter's silent call for somebody of the house."""

    counter: CounterNumber
    whom: str
    at: Mark
    answered_by: CounterNumber | None = None
    """None, once answered, for a manager; the counter itself takes its call back."""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeskMessage:
    """A short message between managers and counters."""

    id: str
    text: str
    at: Mark
    counter: CounterNumber | None = None
    """Who says it; None for managers."""
    to: tuple[CounterNumber, ...] = ()
    """To whom managers say it; empty for all."""
    answers: str = ""
    read_by: tuple[CounterNumber, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A line of the boards' marquee."""

    text: str
    until: datetime
    id: str = ""
    """Of one that was posted by an older version: none."""


@dataclass(frozen=True, slots=True)
class DeviceOrder:
    """Something that a device was told to do today, and what became of it."""

    seq: int
    device: str
    does: str
    test: bool
    text: str
    at: Mark
    outcome: OrderOutcome | None = None
    reason: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outage:
    """A system that is slow or down."""

    system: str
    since: Mark


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers of a main series that were passed over: people may hold their papers."""

    service: ServiceCode
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Appointment:
    """A seat of a slot that is kept for somebody; the code by which they come is in the store."""

    id: AppointmentId
    service: ServiceCode
    day: date
    at: datetime
    booked_at: datetime
    state: AppointmentState = AppointmentState.BOOKED
    ticket: TicketId | None = None
    late: bool = False
    """Came after its time: a normal number was given."""
    reference: str = ""
    """The digest of what another system calls it; empty for one of our own."""
    came_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Everything the rules need to know of the present business day."""

    seq: int = 0
    day: date | None = None
    opened: Mark | None = None
    active: Mark | None = None
    """When a number was last given, or somebody called or served."""
    call_seq: int = 0
    tickets: Mapping[TicketId, Ticket] = field(default_factory=dict)
    numbers: Mapping[TicketNumber, TicketId] = field(default_factory=dict)
    serials: Mapping[ServiceCode, int] = field(default_factory=dict)
    lines: Mapping[Line, tuple[Place, ...]] = field(default_factory=dict)
    counters: Mapping[CounterNumber, Counter] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    served: tuple[Served, ...] = ()
    help: tuple[HelpRequest, ...] = ()
    staff_calls: tuple[StaffCall, ...] = ()
    messages: tuple[DeskMessage, ...] = ()
    notices: tuple[Notice, ...] = ()
    outages: tuple[Outage, ...] = ()
    orders: tuple[DeviceOrder, ...] = ()
    books: Mapping[tuple[str, ServiceCode], int] = field(default_factory=dict)
    restored: Mark | None = None
    """When the store was last put back from a backup today."""
    gaps: tuple[Gap, ...] = ()
    """What a restored store passed over today."""
    unannounced: Mapping[CounterNumber, Unannounced] = field(default_factory=dict)
    """The newest call of a counter that was not shown or not spoken in time."""
    speakers: Mapping[int, str] = field(default_factory=dict)
    """Calls that another announcer took over."""
    config_version: int = 0
    appointments: Mapping[AppointmentId, Appointment] = field(default_factory=dict)
    """Those of today and of days to come."""

    def ticket(self, ticket_id: str) -> Ticket:
        """Return a ticket of today, or refuse with `unknown`."""
        ticket = self.tickets.get(TicketId(ticket_id))
        if ticket is None:
            raise Refusal(Error.UNKNOWN, f"no ticket {ticket_id} today")
        return ticket

    def newest_first(self) -> Iterator[Ticket]:
        """Return today's tickets, the one issued last first."""
        return reversed(list(self.tickets.values()))

    def counter(self, number: CounterNumber) -> Counter:
        """Return a counter; one that has not opened today is closed."""
        return self.counters.get(number, _CLOSED)


_CLOSED = Counter()
