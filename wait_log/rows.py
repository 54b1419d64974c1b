"""What is written to the store, as plain values."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event of the log, as stored."""

    seq: int
    at_us: int
    business_day: str
    kind: str
    body: bytes


@dataclass(frozen=True, slots=True)
class ChainedEvent:
    """An event as read back, with its links."""

    row: EventRow
    prev_hash: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One ticket as it stands."""

    id: str
    business_day: str
    series: str
    number: str
    service: str
    ticket_class: str
    lang: str
    token: str
    device: str
    offline_book: bool
    state: str
    order_key_us: int
    counter: int | None
    to_counter: int | None
    issued_us: int
    first_called_us: int | None
    called_us: int | None
    started_us: int | None
    ended_us: int | None
    wait_s: float | None
    served_s: float | None
    clock_suspect: bool
    calls: int
    reason: str
    day_closed: bool


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call."""

    call_seq: int
    business_day: str
    ticket: str
    number: str
    counter: int
    service: str
    ticket_class: str
    repeat: int
    at_us: int


@dataclass(frozen=True, slots=True)
class Heard:
    """When a call was taken, painted, spoken or left out; None for not yet."""

    call_seq: int
    accepted_us: int | None = None
    shown_us: int | None = None
    spoken_us: int | None = None
    skipped_us: int | None = None


@dataclass(frozen=True, slots=True)
class PrintRow:
    """What became of one print."""

    seq: int
    ticket: str
    device: str
    at_us: int
    outcome: str
    reason: str
    copy: bool


@dataclass(frozen=True, slots=True)
class DayRow:
    """A business day that opened."""

    business_day: str
    opened_seq: int
    opened_us: int


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A command that was answered."""

    device: str
    id: str
    body_hash: bytes
    reply: bytes
    at_us: int


@dataclass(frozen=True, slots=True)
class ConfigRow:
    """One version of the centre."""

    version: int
    at_us: int
    body: bytes


@dataclass(slots=True)
class Batch:
    """All that one transaction writes."""

    events: list[EventRow] = field(default_factory=list)
    new_tickets: list[TicketRow] = field(default_factory=list)
    tickets: list[TicketRow] = field(default_factory=list)
    calls: list[CallRow] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)
    prints: list[PrintRow] = field(default_factory=list)
    days: list[DayRow] = field(default_factory=list)
    configs: list[ConfigRow] = field(default_factory=list)
    inbox: list[InboxRow] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    forget_inbox_before_us: int | None = None
