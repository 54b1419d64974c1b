"""What is written to the store and read back, as plain values."""

import hashlib
import zlib
from dataclasses import dataclass, field

FIRST_HASH = bytes(32)
"""What the first event's link begins with."""


def link(previous: bytes, digest: bytes) -> bytes:
    """Return the hash of the event with `digest` that follows the one with hash `previous`."""
    return hashlib.sha256(previous + digest).digest()


def digest_of(body: bytes) -> bytes:
    """Return what an event's link is made of instead of its bytes."""
    return hashlib.sha256(body).digest()


def crc_of(*values: object) -> int:
    """Return the CRC-32 that guards a row which the log does not prove."""
    parts = (value if isinstance(value, bytes) else str(value).encode() for value in values)
    return zlib.crc32(b"\x1f".join(parts))


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
    """An event as read back, with its place in the chain; `body` is None when it is withheld."""

    seq: int
    at_us: int
    business_day: str
    kind: str
    body: bytes | None
    digest: bytes
    hash: bytes

    def follows(self, previous: bytes) -> bool:
        """Return whether this event is the one that followed `previous`, with its own bytes."""
        own = self.body is None or digest_of(self.body) == self.digest
        return own and link(previous, self.digest) == self.hash


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One ticket as it stands; its token is kept beside it and never read with it."""

    id: str
    business_day: str
    series: str
    number: str
    service: str
    ticket_class: str
    lang: str
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
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class CallAck:
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
class AppointmentRow:
    """One appointment as it stands; its code is kept beside it and never read with it."""

    id: str
    business_day: str
    service: str
    at_us: int
    state: str
    late: bool
    ticket: str | None
    booked_us: int
    reference: str
    came_us: int | None = None


@dataclass(frozen=True, slots=True)
class AppointmentCount:
    """How many appointments of a service and a day have come to the same."""

    business_day: str
    service: str
    state: str
    late: bool
    early: bool
    """Whether they came before their time."""
    count: int


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

    @property
    def crc(self) -> int:
        """Return what guards this row."""
        return crc_of(self.device, self.id, self.body_hash, self.reply, self.at_us)


@dataclass(frozen=True, slots=True)
class ConfigRow:
    """One version of the centre."""

    version: int
    at_us: int
    body: bytes

    @property
    def crc(self) -> int:
        """Return what guards this row."""
        return crc_of(self.version, self.at_us, self.body)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Days whose tickets are forgotten; their events stay in the chain without content."""

    days: tuple[str, ...]
    first_seq: int
    last_seq: int
    but_kinds: tuple[str, ...]
    """Kinds of events that keep theirs."""


@dataclass(slots=True)
class Batch:
    """All that one transaction writes."""

    events: list[EventRow] = field(default_factory=list)
    new_tickets: list[TicketRow] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    """The tokens of new tickets, by ticket."""
    tickets: list[TicketRow] = field(default_factory=list)
    calls: list[CallRow] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)
    prints: list[PrintRow] = field(default_factory=list)
    new_appointments: list[AppointmentRow] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    """The codes of new appointments, by appointment."""
    appointments: list[AppointmentRow] = field(default_factory=list)
    forget_codes_before: str | None = None
    """The codes of appointments of days before this one are forgotten."""
    days: list[DayRow] = field(default_factory=list)
    """A day that opens takes the tokens of the days before."""
    configs: list[ConfigRow] = field(default_factory=list)
    inbox: list[InboxRow] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    forget_inbox_before_us: int | None = None
    forget: Forgotten | None = None
