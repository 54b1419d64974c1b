"""What has happened: past facts, stored for ever and replayed by `apply`.

A field may be added with a default; no field is ever renamed or removed.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict

from bus.vocabulary import OrderOutcome, ReturnTo, TicketClass
from queue_service.domain.state import Appointment, Gap, Notice, Outage, StaffCall
from queue_service.domain.tickets import Ticket
from queue_service.domain.values import (
    AppointmentId,
    CounterNumber,
    Mark,
    ServiceCode,
    TicketId,
    TicketNumber,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketEvent:
    """Something that happened to a ticket."""

    ticket: TicketId
    number: TicketNumber
    service: ServiceCode
    ticket_class: TicketClass


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketIssued(TicketEvent):
    """A number was given, or one from an offline book arrived."""

    business_day: date
    series: str
    serial: int
    lang: str
    issued_at: datetime
    order_key: datetime
    device: str
    command: str
    language: str = ""
    """What its person chose beside `lang`."""
    offline_book: bool = False
    clock_suspect: bool = False
    supersedes: str | None = None
    provisional: bool = False
    """Called by its number, before its kiosk could deliver it."""
    adopted: bool = False
    """Taken in from a paper whose number a restored store did not know."""
    roll_turn: int | None = None
    """Torn from a printed roll, and called: after so many rolls of today; `provisional` with it."""
    roll_typed: bool = False
    """A counter named it; else it was the next of the roll."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketDelivered(TicketEvent):
    """A kiosk delivered what it knew of a number that had been called already."""

    serial: int
    lang: str
    issued_at: datetime
    order_key: datetime
    device: str
    command: str
    language: str = ""
    clock_suspect: bool = False
    supersedes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCalled(TicketEvent):
    """A person was called to a counter."""

    counter: CounterNumber
    call_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRecalled(TicketEvent):
    """A person was called once more."""

    counter: CounterNumber
    call_seq: int
    repeat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingStarted(TicketEvent):
    """The called person has come."""

    counter: CounterNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFinished(TicketEvent):
    """A person's business is done."""

    counter: CounterNumber
    day_closed: bool = False
    outcome: str = ""
    """How it ended, of the site's list; empty where nobody said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketAbsent(TicketEvent):
    """A called person did not come."""

    counter: CounterNumber
    unclear: bool = False
    """A key without a choice was pressed before anybody could have come."""
    by_time: bool = False
    """Nobody pressed anything: the rule of so many repeated calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketParked(TicketEvent):
    """A person waits for a signature."""

    counter: CounterNumber
    reason: str = ""
    remind_at: datetime | None = None
    note: str = ""
    """For the next officer, of the site's list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderPostponed(TicketEvent):
    """A counter wants to be reminded of a parked ticket later."""

    counter: CounterNumber
    remind_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketTransferred(TicketEvent):
    """A ticket was sent to another service or counter; or back, when it was done there."""

    counter: CounterNumber
    to_service: ServiceCode
    to_counter: CounterNumber | None = None
    back_to: CounterNumber | None = None
    """To come back to this counter afterwards."""
    came_back: bool = False
    """It was done there, and `outcome` says how."""
    outcome: str = ""
    note: str = ""
    """For the next officer, of the site's list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReturned(TicketEvent):
    """A ticket is in line again."""

    to: ReturnTo
    order_key: datetime
    note: str = ""
    """For the next officer, of the site's list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassSet(TicketEvent):
    """A ticket's class was corrected."""

    to_class: TicketClass
    order_key: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketVoided(TicketEvent):
    """A ticket is out of the line for good."""

    reason: str = ""
    day_closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintRequested(TicketEvent):
    """A device was asked to print a ticket."""

    print_on: str
    copy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintReported(TicketEvent):
    """A device said what became of a ticket's paper."""

    outcome: str
    reason: str
    copy: bool
    paper: str = "citizen"
    """Or `file`: the one that stays with the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepUndone:
    """A counter took its last step back."""

    counter: CounterNumber
    step: int
    cause: str
    tickets: tuple[TicketId, ...]
    withdrawn: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterOpened:
    """A counter serves."""

    counter: CounterNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterPaused:
    """A counter rests."""

    counter: CounterNumber
    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterClosed:
    """A counter ended its day; tickets sent to it are back with their service."""

    counter: CounterNumber
    released: tuple[TicketId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpRequested:
    """A citizen asks for a person."""

    place: str
    kiosk: str = ""
    """The device at that place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpAnswered:
    """Somebody goes to help at a place."""

    counter: CounterNumber
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperComes:
    """A helper of the house, who has no counter, goes to help at a place."""

    place: str


@dataclass(frozen=True, slots=True)
class ColleagueCalled:
    """A counter asks for somebody of the house."""

    counter: CounterNumber
    whom: str


@dataclass(frozen=True, slots=True)
class ColleagueAnswered:
    """Somebody goes to the counter that called."""

    counter: CounterNumber
    answered_by: CounterNumber | None = None
    """None for a manager; the counter itself takes its call back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountersTold:
    """Managers told something to counters, or to all."""

    text: str
    counters: tuple[CounterNumber, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagersTold:
    """A counter told the managers something."""

    counter: CounterNumber
    text: str
    answers: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRead:
    """A counter has read what managers told it."""

    counter: CounterNumber
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageReported:
    """A system is slow or down."""

    system: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageEnded:
    """A system works again."""

    system: str
    seconds: float
    clock_suspect: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePosted:
    """A line for the boards' marquee."""

    text: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeWithdrawn:
    """A line left the boards' marquee before its time."""

    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceOrdered:
    """A manager had a device do something."""

    device: str
    does: str
    """The kind of the order, such as `print_test` or `speak`."""
    test: bool = False
    text: str = ""
    lang: str = "vi"
    volume: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceAnswered:
    """What became of an order, as its device said, or that it said nothing in time."""

    order: int
    """The `seq` of the order."""
    device: str
    outcome: OrderOutcome
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnnounced:
    """A call was shown and spoken, or given up."""

    counter: CounterNumber
    call_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallUnannounced:
    """A call was not shown or not spoken in time."""

    counter: CounterNumber
    call_seq: int
    missing: str
    """`shown`, `spoken` or both with a comma between."""
    number: str = ""
    devices: tuple[str, ...] = ()
    """Those that were there and did not do it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHandedOver:
    """Another announcer of the zone is to speak a call."""

    counter: CounterNumber
    call_seq: int
    speaker: str
    instead_of: str
    why: str
    """`offline`, `silent`, `late`, or the reason with which it skipped the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigApplied:
    """The centre runs by another version of its configuration."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOpened:
    """A business day began; the values that live longer than a day are handed on."""

    business_day: date
    call_seq: int
    config_version: int
    notices: tuple[Notice, ...] = ()
    outages: tuple[Outage, ...] = ()
    staff_calls: tuple[StaffCall, ...] = ()
    """Those that nobody has answered yet."""
    appointments: tuple[Appointment, ...] = ()
    """Those that are still to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentBooked:
    """Somebody got a seat of a slot; the code stands in the store, never here."""

    appointment: AppointmentId
    service: ServiceCode
    day: date
    at: datetime
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentMoved:
    """An appointment got another slot."""

    appointment: AppointmentId
    service: ServiceCode
    day: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentCancelled:
    """An appointment's seat is free again."""

    appointment: AppointmentId


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentKept:
    """Whoever was appointed came and got a number."""

    appointment: AppointmentId
    ticket: TicketId
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentMissed:
    """The day closed and whoever was appointed had not come."""

    appointment: AppointmentId


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentsTakenUp:
    """Appointments that a release without them had not handed on to the next day."""

    appointments: tuple[Appointment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBook:
    """How far a kiosk's offline book was used."""

    kiosk: str
    service: ServiceCode
    highest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """The store lacks what was done after its backup; numbers go on above what people may hold."""

    gaps: tuple[Gap, ...]
    books: tuple[KnownBook, ...] = ()
    heard_of: str = ""
    """The kiosk that knew a higher number; empty for the restoring itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketsForgotten:
    """The tickets of a month are forgotten by the rule of retention; its figures stay."""

    month: str
    """Such as 2026-11."""
    first_seq: int
    last_seq: int
    """The events whose content went."""
    tickets: int
    sheet: str
    """Its figures: see `wait_log.retention`."""


@dataclass(frozen=True, slots=True)
class OfLaterVersion:
    """What a later version wrote before its release was gone back from; it changes nothing here."""

    name: str
    """Its kind."""


Event = (
    TicketIssued
    | TicketDelivered
    | TicketCalled
    | TicketRecalled
    | ServingStarted
    | TicketFinished
    | TicketAbsent
    | TicketParked
    | ReminderPostponed
    | TicketTransferred
    | TicketReturned
    | ClassSet
    | TicketVoided
    | PrintRequested
    | PrintReported
    | StepUndone
    | CounterOpened
    | CounterPaused
    | CounterClosed
    | HelpRequested
    | HelpAnswered
    | HelperComes
    | ColleagueCalled
    | ColleagueAnswered
    | CountersTold
    | ManagersTold
    | MessageRead
    | OutageReported
    | OutageEnded
    | NoticePosted
    | NoticeWithdrawn
    | DeviceOrdered
    | DeviceAnswered
    | CallAnnounced
    | CallUnannounced
    | CallHandedOver
    | ConfigApplied
    | DayOpened
    | AppointmentBooked
    | AppointmentMoved
    | AppointmentCancelled
    | AppointmentKept
    | AppointmentMissed
    | AppointmentsTakenUp
    | Restored
    | TicketsForgotten
    | OfLaterVersion
)


@dataclass(frozen=True, slots=True)
class Fact:
    """An event with its place in the log: when, by whom, and in which step."""

    seq: int
    at: Mark
    day: date
    step: int
    """The first event of the same command."""
    event: Event
    cause: str = ""
    """The kind of the command, or what else brought it about."""
    device: str = ""
    command: str = ""
    by: str | None = None
    acting: CounterNumber | None = None
    """The counter that acted, whose step this is."""


class Naming(TypedDict):
    """What every event of a ticket says of it."""

    ticket: TicketId
    number: TicketNumber
    service: ServiceCode
    ticket_class: TicketClass


def naming(ticket: Ticket) -> Naming:
    """Return what an event of `ticket` says of it."""
    return Naming(
        ticket=ticket.id,
        number=ticket.number,
        service=ticket.service,
        ticket_class=ticket.ticket_class,
    )
