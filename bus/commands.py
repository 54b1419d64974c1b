"""What devices ask of the service, and what it answers.

Unknown fields are ignored, so devices of different versions can work together; a new field has a
default.
"""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from bus.care import Manner, Measure
from bus.codec import M, Message, MessageError, decode_as, snake
from bus.health import PrinterChoice
from bus.typed import convert
from bus.vocabulary import (
    EARLIEST,
    AppointmentCode,
    AppointmentState,
    Colleague,
    Count,
    CounterNumber,
    CurrentTo,
    Day,
    DeskText,
    Error,
    Id,
    Instant,
    Language,
    LongText,
    OtherLanguage,
    PaperKind,
    PrintOutcome,
    ReminderMinutes,
    ReturnTo,
    ShortText,
    SpokenText,
    TermId,
    TicketClass,
    WhyNoAppointment,
)

MAX_COMMAND_BYTES = 4096
MAX_CONFIG_BYTES = 65536
"""What `apply_config` may have; every other command has at most 4 KiB."""
MOST_SLOTS = 144
"""Slots of a service on a day: one each ten minutes."""
MOST_EXPECTED = 200
"""Appointments of a day that one answer lists; `total` says how many there are."""


class Command(Message, frozen=True, kw_only=True, tag_field="kind", tag=snake):
    """What a device asks of the service; `id` makes sending it again harmless.

    `id` and `ts` are stamped when it is sent: on the wire both are required.
    """

    id: Id = ""
    ts: Instant = EARLIEST
    expires_at: Instant | None = None
    by: ShortText | None = None
    """The account of the person for whom `web` acts; any other device may not say one."""


class IssueTicket(Command, frozen=True, kw_only=True):
    """Give a number; with `number` set, deliver one given from an offline book."""

    service: ShortText
    ticket_class: TicketClass = TicketClass.NORMAL
    lang: Language = Language.VIETNAMESE
    language: OtherLanguage = ""
    """What this person chose beside `lang`, which is what a service of before goes by."""
    print_on: Id | None = None
    appointment_at: Instant | None = None
    number: Annotated[str, Meta(max_length=8)] | None = None
    business_day: Day | None = None
    issued_at: Instant | None = None
    supersedes: Id | None = None
    manner: Manner | UnsetType = UNSET
    """How this person is called; in no log, no remembered answer and no digest of one."""


class AdoptTicket(Command, frozen=True, kw_only=True):
    """Take in a number whose paper somebody holds and that a restored store does not know."""

    counter: CounterNumber
    number: Annotated[str, Meta(max_length=8)]
    issued_at: Instant
    """"Lấy số lúc" on the paper."""
    ticket_class: TicketClass = TicketClass.NORMAL
    lang: Language = Language.VIETNAMESE


class ReportPrint(Command, frozen=True, kw_only=True):
    """Say what became of a ticket's paper."""

    ticket: Id
    outcome: PrintOutcome
    reason: ShortText | None = None
    copy: bool = False
    paper: PaperKind = PaperKind.CITIZEN


class ReprintTicket(Command, frozen=True, kw_only=True):
    """Print a marked copy."""

    ticket: Id
    print_on: Id


class VoidTicket(Command, frozen=True, kw_only=True):
    """Take a ticket out of the line."""

    ticket: Id
    reason: ShortText = ""


class SetClass(Command, frozen=True, kw_only=True):
    """Correct a ticket's class at the counter."""

    ticket: Id
    ticket_class: TicketClass


class CancelTicket(Command, frozen=True, kw_only=True):
    """Give a number up, by the token on the paper."""

    token: Id


class CallNext(Command, frozen=True, kw_only=True):
    """Settle the counter's current ticket and call who is next, in one step."""

    counter: CounterNumber
    current: Id | None = None
    current_to: CurrentTo | None = None
    """Left out by a keypad with one key: absent until `choice_until`, finish after it."""
    outcome: TermId | None = None
    """How the current ticket's service ended, of the site's list; only with `finish`."""
    roll: ShortText | None = None
    """The service whose printed roll is called, whoever waits with other numbers."""


class CallTicket(Command, frozen=True, kw_only=True):
    """Call one ticket, by id or by number."""

    counter: CounterNumber
    current: Id | None = None
    ticket: Id | None = None
    number: Annotated[str, Meta(max_length=8)] | None = None


class Recall(Command, frozen=True, kw_only=True):
    """Call the current ticket once more."""

    counter: CounterNumber
    ticket: Id


class StartServing(Command, frozen=True, kw_only=True):
    """The called person has come."""

    counter: CounterNumber
    ticket: Id


class Finish(Command, frozen=True, kw_only=True):
    """The current ticket is done here; one that is to come back to a counter goes there."""

    counter: CounterNumber
    ticket: Id
    outcome: TermId | None = None
    """How it ended, of the site's list."""


class MarkAbsent(Command, frozen=True, kw_only=True):
    """The called person did not come."""

    counter: CounterNumber
    ticket: Id


class Park(Command, frozen=True, kw_only=True):
    """The person waits for a signature and comes back on the same ticket."""

    counter: CounterNumber
    ticket: Id
    reason: ShortText | None = None
    """An id of the site's list; boxes of 0.2 send a text."""
    remind_after_min: ReminderMinutes | None = None
    """After so many minutes the counter is reminded of the ticket."""
    remind_at: Instant | None = None
    """The same at a certain time; not both."""
    note: TermId | None = None
    """For the next officer, of the site's list."""


class PostponeReminder(Command, frozen=True, kw_only=True):
    """Be reminded of a parked ticket later."""

    counter: CounterNumber
    ticket: Id
    remind_after_min: ReminderMinutes = 10


class Transfer(Command, frozen=True, kw_only=True):
    """Send a ticket to another service or counter; number and place are kept."""

    counter: CounterNumber
    ticket: Id
    to_service: ShortText | None = None
    to_counter: CounterNumber | None = None
    then_back: bool = False
    """The person has more to do here: when it is done there, the ticket comes back in place."""
    note: TermId | None = None
    """For the next officer, of the site's list."""


class ReturnToQueue(Command, frozen=True, kw_only=True):
    """Put a ticket back in line."""

    ticket: Id
    to: ReturnTo = ReturnTo.PLACE
    note: TermId | None = None
    """For the next officer, of the site's list."""


class Undo(Command, frozen=True, kw_only=True):
    """Take the counter's last step back."""

    event: Id


class OpenCounter(Command, frozen=True, kw_only=True):
    """The counter serves."""

    counter: CounterNumber


class PauseCounter(Command, frozen=True, kw_only=True):
    """The counter rests, until a time if one is known."""

    counter: CounterNumber
    reason: ShortText
    until: Instant | None = None


class CloseCounter(Command, frozen=True, kw_only=True):
    """The counter ends its day."""

    counter: CounterNumber


class RequestHelp(Command, frozen=True, kw_only=True):
    """A citizen at `place` asks for a person."""

    place: ShortText


class AnswerHelp(Command, frozen=True, kw_only=True):
    """Somebody of this counter goes to help; without `place` to whoever asked last.

    Without `counter` a helper of the house goes; only `web` says so.
    """

    counter: CounterNumber | None = None
    place: ShortText | None = None


class PrepareVisit(Command, frozen=True, kw_only=True):
    """Have a kiosk ready for the person whom somebody helps there: by a scenario, or by measures.

    A scenario of the site is counted for the day and kept nowhere else. Without one exactly
    `measures` are done; what was prepared of screen and language stays.
    """

    kiosk: Id
    scenario: TermId | None = None
    measures: Annotated[tuple[Measure, ...], Meta(max_length=8)] = ()
    counter: CounterNumber | None = None
    """Where who helps comes from; None for a helper of the house."""


class EndVisit(Command, frozen=True, kw_only=True):
    """Nobody at this kiosk needs help any more."""

    kiosk: Id
    counter: CounterNumber | None = None


class CallColleague(Command, frozen=True, kw_only=True):
    """An officer asks, silently, for somebody to come to the counter."""

    counter: CounterNumber
    whom: Colleague = Colleague.COLLEAGUE


class AnswerColleague(Command, frozen=True, kw_only=True):
    """Somebody goes to the counter that calls; `counter` is where they come from.

    Without it a manager goes; that counter itself says that it needs nobody any more.
    """

    calling: CounterNumber
    counter: CounterNumber | None = None


class TellCounters(Command, frozen=True, kw_only=True):
    """A manager tells something to counters; without any of them to all."""

    text: DeskText
    counters: Annotated[tuple[CounterNumber, ...], Meta(max_length=99)] = ()


class TellManagers(Command, frozen=True, kw_only=True):
    """A counter tells the managers something, perhaps in answer to a message of theirs."""

    counter: CounterNumber
    text: DeskText
    answers: Id | None = None


class ReadMessage(Command, frozen=True, kw_only=True):
    """The people of a counter have read what managers told them."""

    counter: CounterNumber
    message: Id


class ReportOutage(Command, frozen=True, kw_only=True):
    """A ministry's or the city's system is slow or down."""

    system: ShortText


class EndOutage(Command, frozen=True, kw_only=True):
    """The system works again."""

    system: ShortText


class PostNotice(Command, frozen=True, kw_only=True):
    """A line for the boards' marquee."""

    text: LongText
    until: Instant


class WithdrawNotice(Command, frozen=True, kw_only=True):
    """Take a line off the boards' marquee before its time; `notice` is its id."""

    notice: Id


class TestDevice(Command, frozen=True, kw_only=True):
    """Have a device show that it works: print, speak, or blink, whichever it can."""

    device: Id


class ChoosePrinter(Command, frozen=True, kw_only=True):
    """Have a kiosk print on this printer from now on, over restarts too."""

    device: Id
    printer: PrinterChoice


class SpeakText(Command, frozen=True, kw_only=True):
    """Have a text spoken after the calls, by `device` or the first loudspeaker of each zone."""

    text: SpokenText
    lang: Language = Language.VIETNAMESE
    device: Id | None = None


class SetDeviceVolume(Command, frozen=True, kw_only=True, tag="set_volume"):
    """Set how loud a loudspeaker is, 0 to 1; it stays so over restarts."""

    device: Id
    volume: Annotated[float, Meta(ge=0, le=1)]


class ConfirmDay(Command, frozen=True, kw_only=True):
    """Open the business day that `state/services.day_to_confirm` names."""

    business_day: Day


MOST_APPOINTMENTS = 2000
"""Of today and of all days to come: each day hands them on to the next."""


class ListSlots(Command, frozen=True, kw_only=True):
    """Say which slots a service has on a day, and how many seats of each are free."""

    service: ShortText
    day: Day


class BookAppointment(Command, frozen=True, kw_only=True):
    """Keep a seat of a slot for somebody, who gets a code and says no name."""

    service: ShortText
    at: Instant
    """When its slot begins."""
    reference: Annotated[str, Meta(max_length=64)] | None = None
    """By which another system knows it, so that nobody books it twice; kept as a digest alone."""


class FindAppointment(Command, frozen=True, kw_only=True):
    """Say what an appointment is, by the code that somebody reads out."""

    code: AppointmentCode


class MoveAppointment(Command, frozen=True, kw_only=True):
    """Give an appointment another slot, perhaps of another service; its code stays."""

    appointment: Id
    at: Instant
    service: ShortText | None = None


class CancelAppointment(Command, frozen=True, kw_only=True):
    """Give an appointment's seat back."""

    appointment: Id


class ListAppointments(Command, frozen=True, kw_only=True):
    """Say who is expected today for the services of a counter; nobody's code is told."""

    counter: CounterNumber


class PrintAppointment(Command, frozen=True, kw_only=True):
    """Have a kiosk print the slip of an appointment, with its code and its time."""

    appointment: Id
    print_on: Id
    lang: Language = Language.VIETNAMESE


class CheckIn(Command, frozen=True, kw_only=True):
    """Give the number of whoever has come with the code of an appointment."""

    code: AppointmentCode
    lang: Language = Language.VIETNAMESE
    print_on: Id | None = None
    as_normal: bool = False
    """Who came too late takes a normal number."""


class ApplyConfig(Command, frozen=True, kw_only=True):
    """Replace the centre's configuration, if it is still at `version`."""

    version: Count
    centre: dict[str, Any]


AnyCommand = (
    IssueTicket
    | AdoptTicket
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
    | PostponeReminder
    | Transfer
    | ReturnToQueue
    | Undo
    | OpenCounter
    | PauseCounter
    | CloseCounter
    | RequestHelp
    | AnswerHelp
    | PrepareVisit
    | EndVisit
    | CallColleague
    | AnswerColleague
    | TellCounters
    | TellManagers
    | ReadMessage
    | ReportOutage
    | EndOutage
    | PostNotice
    | WithdrawNotice
    | TestDevice
    | ChoosePrinter
    | SpeakText
    | SetDeviceVolume
    | ConfirmDay
    | ListSlots
    | BookAppointment
    | FindAppointment
    | MoveAppointment
    | CancelAppointment
    | ListAppointments
    | PrintAppointment
    | CheckIn
    | ApplyConfig
)


class Reply(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What the service answers: `result` when ok, else `error` and a `message` to read."""

    id: Id
    ok: bool
    rev: int = 0
    result: dict[str, Any] | None = None
    error: Error | None = None
    message: str | None = None


class IssuedTicket(Message, frozen=True, kw_only=True):
    """The result of `issue_ticket` and `adopt_ticket`."""

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
    language: OtherLanguage = ""


class Slot(Message, frozen=True, kw_only=True):
    """One slot of a day: when it begins, its seats, and how many are free."""

    at: Instant
    seats: Count
    free: Count


class DaySlots(Message, frozen=True, kw_only=True):
    """The result of `list_slots`."""

    service: str
    day: Day
    slots: tuple[Slot, ...] = ()
    """At most `MOST_SLOTS`; of the present day those that have not begun."""


class AppointmentResult(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The result of `book_appointment`, `move_appointment` and `find_appointment`."""

    appointment: Id
    service: str
    at: Instant
    code: str
    state: AppointmentState = AppointmentState.BOOKED
    ticket: str | None = None
    """The number with which the person came, if today."""


class ListedAppointment(Message, frozen=True, kw_only=True, omit_defaults=True):
    """An appointment in a list, without its code."""

    appointment: Id
    service: str
    at: Instant
    state: AppointmentState = AppointmentState.BOOKED
    late: bool = False
    ticket: str | None = None
    """The number with which the person came."""


class DayAppointments(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The result of `list_appointments`."""

    day: Day
    appointments: tuple[ListedAppointment, ...] = ()
    """By their times, at most `MOST_EXPECTED`: where there are more, those still to come first."""
    total: Count = 0


class AppointmentRefusal(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What a refusal about an appointment says besides its error."""

    why: WhyNoAppointment
    at: Instant | None = None
    """When the appointment is."""
    opens_at: Instant | None = None
    """From when its number is given."""
    service: str | None = None
    number: str | None = None
    """That was given for it."""
    code: str | None = None
    """Of `known`: to staff who take in another system's list again."""


class ConfigProblem(Message, frozen=True, kw_only=True):
    """One rule that a refused configuration breaks, and where."""

    rule: str
    """A `config.Rule`, or one that is newer than this version."""
    text: str
    """The same in English."""
    path: str
    values: dict[str, str | int] = msgspec.field(default_factory=dict)


class AppliedConfig(Message, frozen=True, kw_only=True):
    """The result of `apply_config`: the version that is in force; `problems` when refused."""

    version: Count
    problems: tuple[ConfigProblem, ...] = ()


class CalledTicket(Message, frozen=True, kw_only=True):
    """The result of `call_next`, `call_ticket` and `recall`."""

    ticket: Id
    number: str
    service: str
    ticket_class: TicketClass
    call_seq: int


_decoder: msgspec.json.Decoder[AnyCommand] = msgspec.json.Decoder(AnyCommand)


def decode_command(payload: bytes, most_bytes: int = MAX_COMMAND_BYTES) -> AnyCommand:
    """Return the command of `payload`; raises MessageError."""
    command = decode_as(_decoder, payload, most_bytes)
    if len(payload) > MAX_COMMAND_BYTES and not isinstance(command, ApplyConfig):
        raise MessageError(f"a command has at most {MAX_COMMAND_BYTES} bytes, got {len(payload)}")
    for field, stamped in (("id", command.id != ""), ("ts", command.ts != EARLIEST)):
        if not stamped:
            raise MessageError(f"Object missing required field `{field}`")
    return command


def kind_of(command: Command) -> str:
    """Return the `kind` of a command on the wire, such as `call_next`."""
    return str(command.__struct_config__.tag)


def result_of(reply: Reply, kind: type[M]) -> M:
    """Return the result of an accepted `reply` as `kind`; raises MessageError."""
    try:
        return convert(reply.result, kind)
    except msgspec.ValidationError as error:
        raise MessageError(str(error)) from error
