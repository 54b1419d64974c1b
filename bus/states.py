"""What the service and the devices say of themselves, retained; and past facts for integrations."""

from typing import Any

from msgspec import UNSET, UnsetType, field

from bus.care import Care
from bus.codec import Message
from bus.health import AnyHealth
from bus.vocabulary import (
    AlarmKind,
    Count,
    CounterNumber,
    CounterStatus,
    Id,
    Instant,
    Language,
    OrderOutcome,
    OtherLanguage,
    ShortText,
    TicketClass,
    TicketState,
    WhyClosed,
)


class State(Message, frozen=True, kw_only=True):
    """A retained document; a lower `rev` of the same `epoch` is dropped."""

    epoch: Id
    rev: int
    at: Instant


class ConfigState(State, frozen=True, kw_only=True):
    """The centre, as the service runs it."""

    version: int
    centre: dict[str, Any]


class Call(Message, frozen=True, kw_only=True):
    """One call, as boards show and announcers speak it."""

    call_seq: int
    number: str
    counter: CounterNumber
    service: str
    ticket_class: TicketClass
    lang: Language
    repeat: Count
    at: Instant
    withdrawn: bool = False
    speaker: Id | None = None
    """The announcer that took it over; None leaves it to the first of the counter's zone."""
    language: OtherLanguage = ""
    """What this person chose beside `lang`: spoken and shown after Vietnamese where it can be."""
    in_full: bool = False
    """Spoken twice in full and slowly, whoever else waits to be called."""


class BoardCounter(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A counter as the public sees it."""

    counter: CounterNumber
    status: CounterStatus
    reason: str | None = None
    until: Instant | None = None
    number: str | None = None
    service: str | None = None
    ticket_class: TicketClass | None = None


class Waiting(Message, frozen=True, kw_only=True):
    """One service's line: how many wait and who is next."""

    service: str
    count: Count
    wait_min: tuple[Count, Count] | None = None
    """A rounded range in minutes for who comes now; None when nobody can say."""
    next: tuple[str, ...] = ()
    """The first 5 that an open counter could call."""
    full: bool = False
    """Its numbers of the day are all given."""


class Today(Message, frozen=True, kw_only=True):
    """The day in four figures."""

    issued: Count
    finished: Count
    median_wait_s: float | None = None
    mean_wait_s: float | None = None


class Notice(Message, frozen=True, kw_only=True):
    """A line of the marquee."""

    text: str
    until: Instant
    id: str = ""
    """What `withdraw_notice` names."""


class Outage(Message, frozen=True, kw_only=True):
    """A system that is slow or down."""

    system: str
    since: Instant


class Missed(Message, frozen=True, kw_only=True):
    """Today's absent tickets: the newest 20, and how many there are."""

    numbers: tuple[str, ...] = ()
    total: Count = 0


class BoardState(State, frozen=True, kw_only=True):
    """All that boards and announcers need."""

    session: str = ""
    """New whenever the service (re)connects: it may then have missed acknowledgements."""

    calls: tuple[Call, ...] = ()
    """Newest first."""
    counters: tuple[BoardCounter, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    next: tuple[str, ...] = ()
    """Who is next over all services, as the published rule would call them."""
    missed: Missed = Missed()
    today: Today = Today(issued=0, finished=0)
    notices: tuple[Notice, ...] = ()
    """The newest; `notices_total` says how many there are."""
    notices_total: Count = 0
    outages: tuple[Outage, ...] = ()
    outages_total: Count = 0
    appointments: bool = False
    """People come by appointment today: the board explains how they are called."""


class ServiceState(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One service as the kiosk offers it."""

    service: str
    open: bool
    why: WhyClosed | None = None
    opens_at: Instant | None = None
    waiting: Count = 0
    wait_min: tuple[Count, Count] | None = None
    waits: tuple[tuple[Count, Count, Count], ...] = ()
    """`(4, 10, 15)`: 10 to 15 minutes for who has 4 people or more before them, up to the next."""


class BookMark(Message, frozen=True, kw_only=True):
    """The highest number of an offline book that has been seen."""

    kiosk: str
    service: str
    highest: Count


class HelpCall(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A citizen at `place` asks for a person; gone 2 minutes after the answer."""

    place: str
    since: Instant
    answered_by: CounterNumber | None = None


class Visit(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody at a kiosk who asks for a person, or is being helped there."""

    kiosk: Id
    place: str = ""
    since: Instant
    answered_at: Instant | None = None
    counter: CounterNumber | None = None
    """Where who comes is from; None, once answered, for a helper of the house."""
    id: str = ""
    """Of what was prepared; empty while nothing is."""
    care: Care | None = None
    taken_up: bool = False
    """The kiosk says that it is ready for this person."""


class ServicesState(State, frozen=True, kw_only=True):
    """All services, the business day, and how far the offline books have come."""

    business_day: str
    day_to_confirm: str | None = None
    """The day that a person is asked to confirm, because the clock is far ahead."""
    help: tuple[HelpCall, ...] = ()
    help_total: Count = 0
    visits: tuple[Visit, ...] = ()
    """At most one a kiosk."""
    services: tuple[ServiceState, ...] = ()
    books: tuple[BookMark, ...] = ()


class OrderProgress(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Something that a manager had a device do, and what became of it."""

    order: Id
    device: Id
    does: str
    """The kind of the order: `print_test`, `print_slip`, `use_printer`, `speak`, …"""
    test: bool = False
    text: str = ""
    at: Instant
    outcome: OrderOutcome | None = None
    """None while the device has not answered and may still do so."""
    reason: str = ""
    ended_at: Instant | None = None


class DevicesState(State, frozen=True, kw_only=True):
    """What devices were told to do today, the newest last."""

    orders: tuple[OrderProgress, ...] = ()


class CurrentTicket(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The ticket a counter has."""

    ticket: Id
    number: str
    service: str
    ticket_class: TicketClass
    state: TicketState
    issued_at: Instant
    called_at: Instant
    announced_at: Instant | None = None
    """When the current call was shown and spoken, or given up."""
    choice_until: Instant | None = None
    """Until then a one-button press without a choice means absent."""
    started_at: Instant | None = None
    calls: int = 1
    call_seq: int = 0
    shown: bool = False
    spoken: bool = False
    note: str | None = None
    """What the officer before left, an id of the site's list, and at which counter."""
    note_from: CounterNumber | None = None
    back_to: CounterNumber | None = None
    """The counter to which the person returns when it is done here."""
    parked_for_s: float | None = None
    """How long it was parked before this call."""
    from_roll: bool = False
    """Torn from a printed roll: nobody knows how long this person has waited."""
    fetch_from: str | None = None
    """Where the person waits to be fetched; None for who comes when called."""


class ListedTicket(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A ticket in one of a counter's lists."""

    ticket: Id
    number: str
    service: str
    ticket_class: TicketClass
    since: Instant
    """When this waiting, parking or absence began."""
    to_counter: CounterNumber | None = None
    reason: str | None = None
    """Of a parked ticket: an id of the site's list, or a text of a box of 0.2."""
    remind_at: Instant | None = None
    note: str | None = None
    back_to: CounterNumber | None = None
    late: bool = False
    """Absent for too many numbers: it may only go to the end of its line."""
    fetch: bool = False
    """Somebody goes to the person when it is called."""


class Alarm(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Something staff should know or do."""

    kind: AlarmKind
    at: Instant
    source: str
    detail: str | None = None
    devices: tuple[str, ...] = ()
    """Of a call that was not announced: those that were there and did not do it."""
    ticket: Id | None = None
    """Of a reminder: the ticket that was parked; `source` has its number."""


class Undoable(Message, frozen=True, kw_only=True):
    """The step that a counter can take back: its first event and the kind of its command."""

    event: Id
    takes_back: str
    """Such as `call_next` or `park`."""
    numbers: tuple[str, ...] = ()
    """The tickets that become what they were."""


class OfflineRange(Message, frozen=True, kw_only=True):
    """Numbers that a kiosk without a link may be giving."""

    kiosk: str
    service: str
    first: str
    last: str


class StaffCall(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A counter's silent call for somebody; gone 2 minutes after the answer."""

    counter: CounterNumber
    whom: str
    """A `Colleague`, or one that a newer service knows."""
    since: Instant
    answered_at: Instant | None = None
    answered_by: CounterNumber | None = None
    """Where who goes comes from; None, once answered, for a manager."""


class DeskMessage(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A short message between managers and counters; gone with the day."""

    id: Id
    text: str
    at: Instant
    counter: CounterNumber | None = None
    """Who says it; None for managers."""
    to: tuple[CounterNumber, ...] = ()
    """To whom managers say it; empty for all."""
    answers: Id | None = None
    read_by: tuple[CounterNumber, ...] = ()


class Fetching(Message, frozen=True, kw_only=True):
    """A called person to whom somebody has to go."""

    number: str
    counter: CounterNumber
    place: str
    at: Instant


class StaffState(State, frozen=True, kw_only=True):
    """What goes on between the people of the house, for managers' pages."""

    calls: tuple[StaffCall, ...] = ()
    fetching: tuple[Fetching, ...] = ()
    messages: tuple[DeskMessage, ...] = ()
    """The newest, the oldest first; `messages_total` says how many there are."""
    messages_total: Count = 0


class ServedTicket(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The ticket whose service a counter ended last: who had it may say how it was."""

    ticket: Id
    number: str
    service: str
    lang: Language
    ended_at: Instant
    followed_at: Instant | None = None
    """When this counter called somebody else after it."""


class CounterState(State, frozen=True, kw_only=True, omit_defaults=True):
    """All that one counter's window needs."""

    counter: CounterNumber
    status: CounterStatus
    reason: str | None = None
    until: Instant | None = None
    current: CurrentTicket | None = None
    waiting: tuple[ListedTicket, ...] = ()
    """The first 50, in the order they would be called here."""
    waiting_total: Count = 0
    parked: tuple[ListedTicket, ...] = ()
    parked_total: Count = 0
    absent: tuple[ListedTicket, ...] = ()
    absent_total: Count = 0
    legal: tuple[str, ...] = ()
    """The commands that would be accepted now and change something, as their kinds.

    Where a field decides, `kind.variant`: `call_next.finish`, `.park`, `.absent` while the counter
    has a ticket; `return_to_queue.place`, `.end`; `transfer.then_back`; `call_next.roll` while
    the counter can call the next number of a printed roll. `call_next` alone is the one without a
    choice.
    Of those that name a ticket: for the current one, or for at least one of the lists.
    """
    offline: tuple[OfflineRange, ...] = ()
    undoable: Undoable | None = None
    served_today: Count = 0
    mean_service_s: float | None = None
    alarms: tuple[Alarm, ...] = ()
    alarms_total: Count = 0
    outages: tuple[Outage, ...] = ()
    outages_total: Count = 0
    arrived: Instant | None = None
    """When somebody came to the empty line of this counter, which is open and has nobody."""
    staff_call: StaffCall | None = None
    """This counter's own; those of others are alarms."""
    messages: tuple[DeskMessage, ...] = ()
    """Of and to this counter, the newest last; `read_by` has no other counter."""
    served: ServedTicket | None = None
    """As far as it was not taken back; None before the first of the day."""
    visits: tuple[Visit, ...] = ()
    """Of all kiosks: whoever is free helps."""


class MachineFacts(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The machine that a device is on: in steps so large that a beat alone changes nothing."""

    name: ShortText = ""
    disk_free_mb: Count | None = None
    """Room for its data, in hundreds."""
    clock_ahead_s: int = 0
    """How far its own clock is before the service's, in fives; negative behind."""


class DeviceStatus(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Whether a device is there and how it is."""

    online: bool
    kind: str
    version: str = ""
    at: Instant
    health: AnyHealth | None = None
    message: str | None = None
    machine: MachineFacts | None = None


class Event(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A past fact for integrations; `kind` names it, e.g. `ticket_called`."""

    kind: str
    epoch: Id
    seq: int
    at: Instant
    business_day: str
    ticket: Id | None = None
    number: str | None = None
    service: str | None = None
    ticket_class: TicketClass | UnsetType = UNSET
    counter: CounterNumber | None = None
    data: dict[str, Any] = field(default_factory=dict)
