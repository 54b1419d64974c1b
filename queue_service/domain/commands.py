"""What devices wish, as the domain sees it; fields are those of the wire."""

from dataclasses import dataclass
from datetime import datetime

from queue_service.domain.values import CurrentTo, ReturnTo, TicketClass


@dataclass(frozen=True, slots=True)
class IssueTicket:
    """Give a number; with `number` set, take in one from an offline book."""

    service: str
    ticket_class: TicketClass = TicketClass.NORMAL
    lang: str = "vi"
    print_on: str | None = None
    appointment_at: datetime | None = None
    number: str | None = None
    business_day: str | None = None
    issued_at: datetime | None = None
    supersedes: str | None = None


@dataclass(frozen=True, slots=True)
class ReportPrint:
    """Say what became of a ticket's paper."""

    ticket: str
    outcome: str
    reason: str | None = None
    copy: bool = False


@dataclass(frozen=True, slots=True)
class ReprintTicket:
    """Print a marked copy."""

    ticket: str
    print_on: str


@dataclass(frozen=True, slots=True)
class VoidTicket:
    """Take a ticket out of the line."""

    ticket: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SetClass:
    """Correct a ticket's class."""

    ticket: str
    ticket_class: TicketClass


@dataclass(frozen=True, slots=True)
class CancelTicket:
    """Give a number up, by its token."""

    token: str


@dataclass(frozen=True, slots=True)
class CallNext:
    """Settle the current ticket and call who is next."""

    counter: int
    current: str | None = None
    current_to: CurrentTo = CurrentTo.FINISH


@dataclass(frozen=True, slots=True)
class CallTicket:
    """Call one ticket, by id or by number."""

    counter: int
    current: str | None = None
    ticket: str | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Recall:
    """Call the current ticket once more."""

    counter: int
    ticket: str


@dataclass(frozen=True, slots=True)
class StartServing:
    """The called person has come."""

    counter: int
    ticket: str


@dataclass(frozen=True, slots=True)
class Finish:
    """The current ticket is done."""

    counter: int
    ticket: str


@dataclass(frozen=True, slots=True)
class MarkAbsent:
    """The called person did not come."""

    counter: int
    ticket: str


@dataclass(frozen=True, slots=True)
class Park:
    """The person waits for a signature."""

    counter: int
    ticket: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """Send a ticket to another service or counter."""

    counter: int
    ticket: str
    to_service: str | None = None
    to_counter: int | None = None


@dataclass(frozen=True, slots=True)
class ReturnToQueue:
    """Put a ticket back in line."""

    ticket: str
    to: ReturnTo = ReturnTo.PLACE


@dataclass(frozen=True, slots=True)
class Undo:
    """Take a counter's last step back."""

    event: str


@dataclass(frozen=True, slots=True)
class OpenCounter:
    """The counter serves."""

    counter: int


@dataclass(frozen=True, slots=True)
class PauseCounter:
    """The counter rests."""

    counter: int
    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CloseCounter:
    """The counter ends its day."""

    counter: int


@dataclass(frozen=True, slots=True)
class RequestHelp:
    """A citizen asks for a person."""

    place: str


@dataclass(frozen=True, slots=True)
class AnswerHelp:
    """Somebody goes to help."""

    counter: int


@dataclass(frozen=True, slots=True)
class ReportOutage:
    """A system is slow or down."""

    system: str


@dataclass(frozen=True, slots=True)
class EndOutage:
    """The system works again."""

    system: str


@dataclass(frozen=True, slots=True)
class PostNotice:
    """A line for the boards' marquee."""

    text: str
    until: datetime


Command = (
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
)
