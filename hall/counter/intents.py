"""What a press means: the command it will send, but for the id and time of sending."""

from dataclasses import dataclass
from datetime import UTC, datetime

from msgspec.structs import replace

from bus.commands import (
    AnswerHelp,
    AnyCommand,
    CallNext,
    CallTicket,
    CloseCounter,
    EndOutage,
    Finish,
    IssueTicket,
    MarkAbsent,
    OpenCounter,
    Park,
    PauseCounter,
    Recall,
    ReportOutage,
    ReprintTicket,
    ReturnToQueue,
    SetClass,
    StartServing,
    Transfer,
    Undo,
    VoidTicket,
)
from bus.vocabulary import CurrentTo, ReturnTo, TicketClass
from hall.counter.actions import Action

_ID = "-"
_TS = datetime(1970, 1, 1, tzinfo=UTC)
_NEXT = {
    CurrentTo.FINISH: Action.NEXT,
    CurrentTo.PARK: Action.NEXT_PARK,
    CurrentTo.ABSENT: Action.NEXT_ABSENT,
}


@dataclass(frozen=True, slots=True)
class Intent:
    """An action and its command, to be stamped when it is sent."""

    action: Action
    command: AnyCommand

    def stamped(self, command_id: str, ts: datetime) -> AnyCommand:
        """Return the command as it goes out."""
        return replace(self.command, id=command_id, ts=ts)


def call_next(counter: int, current: str | None, to: CurrentTo = CurrentTo.FINISH) -> Intent:
    """Settle the ticket the window shows and call who is next."""
    command = CallNext(id=_ID, ts=_TS, counter=counter, current=current, current_to=to)
    return Intent(_NEXT[to], command)


def call_ticket(
    counter: int, current: str | None, *, ticket: str | None = None, number: str | None = None
) -> Intent:
    """Call one ticket of a list, or the number that was typed."""
    command = CallTicket(
        id=_ID, ts=_TS, counter=counter, current=current, ticket=ticket, number=number
    )
    return Intent(Action.CALL, command)


def recall(counter: int, ticket: str) -> Intent:
    """Call the current ticket once more."""
    return Intent(Action.RECALL, Recall(id=_ID, ts=_TS, counter=counter, ticket=ticket))


def start_serving(counter: int, ticket: str) -> Intent:
    """Say that the called person has come."""
    return Intent(Action.START, StartServing(id=_ID, ts=_TS, counter=counter, ticket=ticket))


def finish(counter: int, ticket: str) -> Intent:
    """End the current ticket without calling anyone."""
    return Intent(Action.FINISH, Finish(id=_ID, ts=_TS, counter=counter, ticket=ticket))


def mark_absent(counter: int, ticket: str) -> Intent:
    """Say that the called person did not come."""
    return Intent(Action.ABSENT, MarkAbsent(id=_ID, ts=_TS, counter=counter, ticket=ticket))


def park(counter: int, ticket: str) -> Intent:
    """Let the person wait for a signature, without calling anyone."""
    return Intent(Action.PARK, Park(id=_ID, ts=_TS, counter=counter, ticket=ticket))


def transfer(
    counter: int, ticket: str, *, to_service: str | None = None, to_counter: int | None = None
) -> Intent:
    """Send a ticket to another service or counter."""
    command = Transfer(
        id=_ID,
        ts=_TS,
        counter=counter,
        ticket=ticket,
        to_service=to_service,
        to_counter=to_counter,
    )
    return Intent(Action.TRANSFER, command)


def return_to_queue(ticket: str, to: ReturnTo) -> Intent:
    """Put a ticket back in line, at its place or at the end."""
    return Intent(Action.RETURN, ReturnToQueue(id=_ID, ts=_TS, ticket=ticket, to=to))


def set_class(ticket: str, ticket_class: TicketClass) -> Intent:
    """Correct a ticket's class."""
    command = SetClass(id=_ID, ts=_TS, ticket=ticket, ticket_class=ticket_class)
    return Intent(Action.SET_CLASS, command)


def void_ticket(ticket: str, reason: str) -> Intent:
    """Take a ticket out of the line."""
    return Intent(Action.VOID, VoidTicket(id=_ID, ts=_TS, ticket=ticket, reason=reason))


def reprint_ticket(ticket: str, print_on: str) -> Intent:
    """Print a marked copy."""
    return Intent(Action.REPRINT, ReprintTicket(id=_ID, ts=_TS, ticket=ticket, print_on=print_on))


def issue_ticket(
    service: str,
    ticket_class: TicketClass,
    print_on: str | None,
    appointment_at: datetime | None = None,
) -> Intent:
    """Take a number for a person who has none."""
    command = IssueTicket(
        id=_ID,
        ts=_TS,
        service=service,
        ticket_class=ticket_class,
        print_on=print_on,
        appointment_at=appointment_at,
    )
    return Intent(Action.ISSUE, command)


def undo(event: str) -> Intent:
    """Take the last step back."""
    return Intent(Action.UNDO, Undo(id=_ID, ts=_TS, event=event))


def open_counter(counter: int) -> Intent:
    """Open the counter, or come back from a pause."""
    return Intent(Action.OPEN, OpenCounter(id=_ID, ts=_TS, counter=counter))


def pause_counter(counter: int, reason: str, until: datetime | None) -> Intent:
    """Rest, until a time if one is known."""
    command = PauseCounter(id=_ID, ts=_TS, counter=counter, reason=reason, until=until)
    return Intent(Action.PAUSE, command)


def close_counter(counter: int) -> Intent:
    """End the counter's day."""
    return Intent(Action.CLOSE, CloseCounter(id=_ID, ts=_TS, counter=counter))


def answer_help(counter: int) -> Intent:
    """Go and help the person who asked."""
    return Intent(Action.ANSWER_HELP, AnswerHelp(id=_ID, ts=_TS, counter=counter))


def report_outage(system: str) -> Intent:
    """Record that a system is slow or down."""
    return Intent(Action.REPORT_OUTAGE, ReportOutage(id=_ID, ts=_TS, system=system))


def end_outage(system: str) -> Intent:
    """Record that a system works again."""
    return Intent(Action.END_OUTAGE, EndOutage(id=_ID, ts=_TS, system=system))
