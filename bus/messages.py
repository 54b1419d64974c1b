"""Every message on the wire: commands, replies, orders, acknowledgements, states and events.

Times are aware UTC datetimes, written with milliseconds; ids are ULIDs. Unknown fields are
ignored, so devices of different versions can work together; a new field has a default.
"""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, NewType, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, field

MAX_COMMAND_BYTES = 4096
MAX_STATE_BYTES = 65536

DeviceId = NewType("DeviceId", str)

Id = Annotated[str, Meta(min_length=1, max_length=40)]
Instant = Annotated[datetime, Meta(tz=True)]
ShortText = Annotated[str, Meta(max_length=200)]
CounterNumber = Annotated[int, Meta(ge=1, le=99)]
Count = Annotated[int, Meta(ge=0)]


class TicketClass(StrEnum):
    """How a ticket stands in line."""

    NORMAL = "normal"
    PRIORITY = "priority"
    APPOINTMENT = "appointment"


class Language(StrEnum):
    """The language a citizen chose."""

    VIETNAMESE = "vi"
    ENGLISH = "en"


class TicketState(StrEnum):
    """Where a ticket is in its life."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    ABSENT = "absent"
    FINISHED = "finished"
    VOID = "void"


class CounterStatus(StrEnum):
    """Whether a counter serves."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class PrintOutcome(StrEnum):
    """What became of a print; `unknown` is never repeated silently."""

    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class CurrentTo(StrEnum):
    """What `call_next` does with the ticket the counter has."""

    FINISH = "finish"
    PARK = "park"
    ABSENT = "absent"


class ReturnTo(StrEnum):
    """Where a returned ticket stands."""

    PLACE = "place"
    END = "end"


class AckOutcome(StrEnum):
    """What a board or an announcer did with a call."""

    ACCEPTED = "accepted"
    SHOWN = "shown"
    SPOKEN = "spoken"
    SKIPPED = "skipped"


class Error(StrEnum):
    """Why a command was refused."""

    CLOSED = "closed"
    FULL = "full"
    TOO_FAST = "too_fast"
    EMPTY = "empty"
    STALE = "stale"
    CONFLICT = "conflict"
    NOT_ALLOWED = "not_allowed"
    UNKNOWN = "unknown"
    INVALID = "invalid"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    UNAVAILABLE = "unavailable"


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _wire_name(name: str) -> str:
    return "class" if name == "ticket_class" else name


class Message(Struct, frozen=True, kw_only=True, rename=_wire_name, omit_defaults=False):
    """The base of every message."""


class Command(Message, frozen=True, kw_only=True, rename=_wire_name, tag_field="kind", tag=_snake):
    """A device's wish; `id` makes sending it again harmless."""

    id: Id
    ts: Instant
    expires_at: Instant | None = None
    by: ShortText | None = None
    """The officer's account, when `web` acts on their behalf."""


# Commands -----------------------------------------------------------------------------------


class IssueTicket(Command, frozen=True, kw_only=True, rename=_wire_name):
    """Give a number; with `number` set, deliver one given from an offline book."""

    service: ShortText
    ticket_class: TicketClass = TicketClass.NORMAL
    lang: Language = Language.VIETNAMESE
    print_on: Id | None = None
    appointment_at: Instant | None = None
    number: Annotated[str, Meta(max_length=8)] | None = None
    business_day: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$")] | None = None
    issued_at: Instant | None = None
    supersedes: Id | None = None


class ReportPrint(Command, frozen=True, kw_only=True, rename=_wire_name):
    """Say what became of a ticket's paper."""

    ticket: Id
    outcome: PrintOutcome
    reason: ShortText | None = None
    copy: bool = False


class ReprintTicket(Command, frozen=True, kw_only=True, rename=_wire_name):
    """Print a marked copy."""

    ticket: Id
    print_on: Id


class VoidTicket(Command, frozen=True, kw_only=True, rename=_wire_name):
    """Take a ticket out of the line."""

    ticket: Id
    reason: ShortText = ""


class SetClass(Command, frozen=True, kw_only=True, rename=_wire_name):
    """Correct a ticket's class at the counter."""

    ticket: Id
    ticket_class: TicketClass


class CancelTicket(Command, frozen=True, kw_only=True, rename=_wire_name):
    """Give a number up, by the token on the paper."""

    token: Id


class CallNext(Command, frozen=True, kw_only=True, rename=_wire_name):
    """Settle the counter's current ticket and call who is next, in one step."""

    counter: CounterNumber
    current: Id | None = None
    current_to: CurrentTo = CurrentTo.FINISH


class CallTicket(Command, frozen=True, kw_only=True, rename=_wire_name):
    """Call one ticket, by id or by number."""

    counter: CounterNumber
    current: Id | None = None
    ticket: Id | None = None
    number: Annotated[str, Meta(max_length=8)] | None = None


class Recall(Command, frozen=True, kw_only=True, rename=_wire_name):
    """Call the current ticket once more."""

    counter: CounterNumber
    ticket: Id


class StartServing(Command, frozen=True, kw_only=True, rename=_wire_name):
    """The called person has come."""

    counter: CounterNumber
    ticket: Id


class Finish(Command, frozen=True, kw_only=True, rename=_wire_name):
    """The current ticket is done."""

    counter: CounterNumber
    ticket: Id


class MarkAbsent(Command, frozen=True, kw_only=True, rename=_wire_name):
    """The called person did not come."""

    counter: CounterNumber
    ticket: Id


class Park(Command, frozen=True, kw_only=True, rename=_wire_name):
    """The person waits for a signature and comes back on the same ticket."""

    counter: CounterNumber
    ticket: Id
    reason: ShortText | None = None


class Transfer(Command, frozen=True, kw_only=True, rename=_wire_name):
    """Send a ticket to another service or counter; number and place are kept."""

    counter: CounterNumber
    ticket: Id
    to_service: ShortText | None = None
    to_counter: CounterNumber | None = None


class ReturnToQueue(Command, frozen=True, kw_only=True, rename=_wire_name):
    """Put a ticket back in line."""

    ticket: Id
    to: ReturnTo = ReturnTo.PLACE


class Undo(Command, frozen=True, kw_only=True, rename=_wire_name):
    """Take the counter's last step back."""

    event: Id


class OpenCounter(Command, frozen=True, kw_only=True, rename=_wire_name):
    """The counter serves."""

    counter: CounterNumber


class PauseCounter(Command, frozen=True, kw_only=True, rename=_wire_name):
    """The counter rests, until a time if one is known."""

    counter: CounterNumber
    reason: ShortText
    until: Instant | None = None


class CloseCounter(Command, frozen=True, kw_only=True, rename=_wire_name):
    """The counter ends its day."""

    counter: CounterNumber


class RequestHelp(Command, frozen=True, kw_only=True, rename=_wire_name):
    """A citizen at `place` asks for a person."""

    place: ShortText


class AnswerHelp(Command, frozen=True, kw_only=True, rename=_wire_name):
    """Somebody of this counter goes to help."""

    counter: CounterNumber


class ReportOutage(Command, frozen=True, kw_only=True, rename=_wire_name):
    """A ministry's or the city's system is slow or down."""

    system: ShortText


class EndOutage(Command, frozen=True, kw_only=True, rename=_wire_name):
    """The system works again."""

    system: ShortText


class PostNotice(Command, frozen=True, kw_only=True, rename=_wire_name):
    """A line for the boards' marquee."""

    text: Annotated[str, Meta(max_length=500)]
    until: Instant


class ApplyConfig(Command, frozen=True, kw_only=True, rename=_wire_name):
    """Replace the centre's configuration, if it is still at `version`."""

    version: Count
    centre: dict[str, Any]


AnyCommand = (
    IssueTicket
    | ReportPrint
    | ReprintTicket
    | VoidTicket
    | SetClass
    | CancelTicket
    | CallNext
    | CallTicket
    | Recall
    | StartServing
    | Finish
    | MarkAbsent
    | Park
    | Transfer
    | ReturnToQueue
    | Undo
    | OpenCounter
    | PauseCounter
    | CloseCounter
    | RequestHelp
    | AnswerHelp
    | ReportOutage
    | EndOutage
    | PostNotice
    | ApplyConfig
)


# Replies ------------------------------------------------------------------------------------


class Reply(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What the service answers: `result` when ok, else `error` and a `message` to read."""

    id: Id
    ok: bool
    rev: int = 0
    result: dict[str, Any] | None = None
    error: Error | None = None
    message: str | None = None


class IssuedTicket(Message, frozen=True, kw_only=True, rename=_wire_name):
    """The result of `issue_ticket`."""

    ticket: Id
    number: str
    service: str
    ticket_class: TicketClass
    business_day: str
    ahead: Count
    wait_min: tuple[Count, Count] | None
    """A rounded range in minutes; None when nobody can say."""
    token: str
    issued_at: Instant
    lang: Language = Language.VIETNAMESE


class CalledTicket(Message, frozen=True, kw_only=True, rename=_wire_name):
    """The result of `call_next`, `call_ticket` and `recall`."""

    ticket: Id
    number: str
    service: str
    ticket_class: TicketClass
    call_seq: int


# Acknowledgements ---------------------------------------------------------------------------


class Acknowledgement(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What a board or an announcer did with a call."""

    epoch: Id
    call_seq: Count
    outcome: AckOutcome
    reason: ShortText | None = None
    eta_s: Annotated[float, Meta(ge=0, le=3600)] | None = None


# States -------------------------------------------------------------------------------------


class State(Message, frozen=True, kw_only=True, rename=_wire_name):
    """A retained document; a lower `rev` of the same `epoch` is dropped."""

    epoch: Id
    rev: int
    at: Instant


class ConfigState(State, frozen=True, kw_only=True):
    """The centre, as the service runs it."""

    version: int
    centre: dict[str, Any]


class Call(Message, frozen=True, kw_only=True, rename=_wire_name):
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


class BoardCounter(Message, frozen=True, kw_only=True, rename=_wire_name, omit_defaults=True):
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
    next: tuple[str, ...] = ()


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


class Outage(Message, frozen=True, kw_only=True):
    """A system that is slow or down."""

    system: str
    since: Instant


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
    today: Today = Today(issued=0, finished=0)
    notices: tuple[Notice, ...] = ()
    outages: tuple[Outage, ...] = ()


class ServiceState(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One service as the kiosk offers it."""

    service: str
    open: bool
    why: str | None = None
    """`hours`, `last_ticket`, `full`, `paused` or `holiday`."""
    opens_at: Instant | None = None
    waiting: Count = 0
    wait_min: tuple[Count, Count] | None = None


class BookMark(Message, frozen=True, kw_only=True):
    """The highest number of an offline book that has been seen."""

    kiosk: str
    service: str
    highest: Count


class ServicesState(State, frozen=True, kw_only=True):
    """All services, the business day, and how far the offline books have come."""

    business_day: str
    services: tuple[ServiceState, ...] = ()
    books: tuple[BookMark, ...] = ()


class CurrentTicket(Message, frozen=True, kw_only=True, rename=_wire_name, omit_defaults=True):
    """The ticket a counter has."""

    ticket: Id
    number: str
    service: str
    ticket_class: TicketClass
    state: TicketState
    issued_at: Instant
    called_at: Instant
    started_at: Instant | None = None
    calls: int = 1
    call_seq: int = 0
    shown: bool = False
    spoken: bool = False


class ListedTicket(Message, frozen=True, kw_only=True, rename=_wire_name, omit_defaults=True):
    """A ticket in one of a counter's lists."""

    ticket: Id
    number: str
    service: str
    ticket_class: TicketClass
    since: Instant
    """When this waiting, parking or absence began."""
    to_counter: CounterNumber | None = None
    reason: str | None = None


class Alarm(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Something staff should know or do."""

    kind: str
    """`help`, `device_offline`, `board_behind`, `unannounced`, `printer`, `sign`."""
    at: Instant
    source: str
    detail: str | None = None
    devices: tuple[str, ...] = ()
    """Of a call that was not announced: those that were there and did not do it."""


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
    absent: tuple[ListedTicket, ...] = ()
    undoable: Id | None = None
    undo_kind: str | None = None
    served_today: Count = 0
    mean_service_s: float | None = None
    alarms: tuple[Alarm, ...] = ()
    outages: tuple[Outage, ...] = ()


class DeviceStatus(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Whether a device is there and how it is."""

    online: bool
    kind: str
    version: str = ""
    at: Instant
    health: dict[str, Any] = field(default_factory=dict)
    message: str | None = None

    @property
    def strangers(self) -> tuple[str, ...]:
        """Return the buttons that were pressed and belong to no counter, the newest last."""
        pairing = self.health.get("pairing")
        listed = pairing if isinstance(pairing, list) else []
        return tuple(str(one["unit"]) for one in listed if isinstance(one, dict) and "unit" in one)

    @property
    def troubled_signs(self) -> str:
        """Return the counters whose LED sign does not work, such as `3, 5`; mostly empty."""
        counters = self.health.get("troubled")
        return ", ".join(map(str, counters)) if isinstance(counters, list) else ""


# Orders to devices --------------------------------------------------------------------------


class Order(Message, frozen=True, kw_only=True, tag_field="kind", tag=_snake):
    """What the service asks one device to do."""

    id: Id
    at: Instant


class PrintTicket(Order, frozen=True, kw_only=True):
    """Print a ticket, or a marked copy."""

    ticket: IssuedTicket
    copy: bool = False


class Speak(Order, frozen=True, kw_only=True):
    """Speak a free text."""

    text: Annotated[str, Meta(max_length=500)]
    lang: Language = Language.VIETNAMESE
    urgent: bool = False
    """An emergency: said before everything else, and in quiet hours too."""


class SpeakCall(Order, frozen=True, kw_only=True):
    """Speak a call in the place of an announcer that does not."""

    epoch: Id
    call: Call


class Blink(Order, frozen=True, kw_only=True):
    """Show where the device is."""

    seconds: Annotated[int, Meta(ge=1, le=60)] = 5


class SetVolume(Order, frozen=True, kw_only=True):
    """Set the loudness, 0 to 1."""

    volume: Annotated[float, Meta(ge=0, le=1)]


class ShowNotice(Order, frozen=True, kw_only=True):
    """Show a line of text."""

    text: Annotated[str, Meta(max_length=500)]
    until: Instant


AnyOrder = PrintTicket | Speak | SpeakCall | Blink | SetVolume | ShowNotice


# Events -------------------------------------------------------------------------------------


class Event(Message, frozen=True, kw_only=True, rename=_wire_name, omit_defaults=True):
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


# Codecs -------------------------------------------------------------------------------------

M = TypeVar("M", bound=Struct)
D = TypeVar("D")

_encoder = msgspec.json.Encoder()
_command_decoder: msgspec.json.Decoder[AnyCommand] = msgspec.json.Decoder(AnyCommand)
_order_decoder: msgspec.json.Decoder[AnyOrder] = msgspec.json.Decoder(AnyOrder)
_decoders: dict[type[Struct], msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(kind)
    for kind in (
        Reply,
        Acknowledgement,
        ConfigState,
        BoardState,
        ServicesState,
        CounterState,
        DeviceStatus,
        Event,
    )
}
_WHOLE_INSTANT = re.compile(rb'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{3})\d*)?Z"')


class MessageError(Exception):
    """A payload is not the message it should be; says where."""


def encode(message: Struct) -> bytes:
    """Return the JSON of `message`, times with exactly three decimals."""
    return _WHOLE_INSTANT.sub(
        lambda match: b'"%b.%bZ"' % (match[1], match[2] or b"000"), _encoder.encode(message)
    )


def decode_command(payload: bytes) -> AnyCommand:
    """Return the command of `payload`; raises MessageError."""
    if len(payload) > MAX_COMMAND_BYTES:
        raise MessageError(f"a command has at most {MAX_COMMAND_BYTES} bytes, got {len(payload)}")
    return _decode(_command_decoder, payload)


def decode_order(payload: bytes) -> AnyOrder:
    """Return the order of `payload`; raises MessageError."""
    return _decode(_order_decoder, payload)


def decode(kind: type[M], payload: bytes) -> M:
    """Return `payload` as the reply, state, … `kind`; raises MessageError."""
    message: M = _decode(_decoders[kind], payload)
    return message


def result_of(reply: Reply, kind: type[M]) -> M:
    """Return the result of an accepted `reply` as `kind`; raises MessageError."""
    try:
        return msgspec.convert(reply.result, kind)
    except msgspec.ValidationError as error:
        raise MessageError(str(error)) from error


def to_result(message: Struct) -> dict[str, Any]:
    """Return `message` as the plain `result` of a reply."""
    plain: dict[str, Any] = msgspec.json.decode(encode(message))
    return plain


def _decode(decoder: msgspec.json.Decoder[D], payload: bytes) -> D:
    try:
        return decoder.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MessageError(str(error)) from error
