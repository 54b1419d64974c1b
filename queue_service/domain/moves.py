"""Moving tickets: to another line, back in line, to another class, out of the line."""

from bus.commands import CancelTicket, ReturnToQueue, SetClass, Transfer, VoidTicket
from bus.vocabulary import CounterStatus, Error, ReturnTo, Role, TicketState
from queue_service.domain.absences import require_in_time
from queue_service.domain.context import Context, Decision, known_counter, known_term
from queue_service.domain.events import (
    ClassSet,
    TicketReturned,
    TicketTransferred,
    TicketVoided,
    naming,
)
from queue_service.domain.lines import next_key
from queue_service.domain.rules import Rules
from queue_service.domain.state import State
from queue_service.domain.tickets import (
    AT_COUNTER,
    OVER,
    RETURNABLE,
    TRANSFERABLE,
    VOIDABLE,
    Ticket,
    require,
)
from queue_service.domain.values import CounterNumber, Refusal, ServiceCode, elapsed


def transfer(state: State, rules: Rules, command: Transfer, _context: Context) -> Decision:
    """Send a ticket to another service or counter; it keeps its number and key."""
    counter = known_counter(rules, command.counter)
    ticket = state.ticket(command.ticket)
    service, to_counter = _destination(state, rules, command, ticket)
    require(ticket, TRANSFERABLE)
    if ticket.state in AT_COUNTER and ticket.counter != counter:
        raise Refusal(Error.NOT_ALLOWED, f"{ticket.number} is at counter {ticket.counter}")
    if command.then_back:
        _require_way_back(ticket, counter, service, to_counter)
    event = TicketTransferred(
        **naming(ticket),
        counter=counter,
        to_service=service,
        to_counter=to_counter,
        back_to=counter if command.then_back else None,
        note=known_term(rules.terms.notes, command.note, "note"),
    )
    return Decision((event,))


def return_to_queue(
    state: State, rules: Rules, command: ReturnToQueue, context: Context
) -> Decision:
    """Put a ticket back in line: at its place (from absent: next), or at the end."""
    ticket = state.ticket(command.ticket)
    require(ticket, RETURNABLE)
    _require_held(ticket, context)
    key = ticket.order_key
    if command.to is ReturnTo.END:
        key = context.now.at
    elif ticket.state is TicketState.ABSENT:
        require_in_time(state, rules, ticket)
        key = next_key(state, rules, ticket)
    note = known_term(rules.terms.notes, command.note, "note")
    return Decision((TicketReturned(**naming(ticket), to=command.to, order_key=key, note=note),))


def set_class(state: State, rules: Rules, command: SetClass, context: Context) -> Decision:
    """Correct a ticket's class and reckon its key once more."""
    ticket = state.ticket(command.ticket)
    if ticket.state in OVER:
        raise Refusal(Error.NOT_ALLOWED, f"{ticket.number} is {ticket.state}")
    _require_held(ticket, context)
    if ticket.ticket_class == command.ticket_class:
        return Decision()
    key = ticket.base - rules.head_start[command.ticket_class]
    return Decision((ClassSet(**naming(ticket), to_class=command.ticket_class, order_key=key),))


def void_ticket(state: State, rules: Rules, command: VoidTicket, context: Context) -> Decision:
    """Take a ticket out: a counter one that it serves, a kiosk one that it has just given."""
    ticket = state.ticket(command.ticket)
    if context.role is Role.KIOSK:
        _require_fresh(ticket, rules, context)
    else:
        _require_served(ticket, rules, context)
    require(ticket, VOIDABLE)
    _require_held(ticket, context)
    return Decision((TicketVoided(**naming(ticket), reason=command.reason),))


def cancel_ticket(state: State, _rules: Rules, command: CancelTicket, context: Context) -> Decision:
    """Let a citizen give a number up."""
    ticket_id = context.ticket_of(command.token)
    if ticket_id is None or ticket_id not in state.tickets:
        raise Refusal(Error.UNKNOWN, "no ticket with this token today")
    ticket = state.tickets[ticket_id]
    require(ticket, VOIDABLE)
    return Decision((TicketVoided(**naming(ticket), reason="cancelled"),))


def _destination(
    state: State, rules: Rules, command: Transfer, ticket: Ticket
) -> tuple[ServiceCode, CounterNumber | None]:
    if (command.to_service is None) == (command.to_counter is None):
        raise Refusal(Error.INVALID, "needs to_service or to_counter - at $.to_service")
    if command.to_counter is None:
        service = ServiceCode(command.to_service or "")
        if service not in rules.services:
            raise Refusal(Error.UNKNOWN, f"no service {service}")
        return service, None
    counter = known_counter(rules, command.to_counter)
    if state.counter(counter).status is CounterStatus.CLOSED:
        raise Refusal(Error.NOT_ALLOWED, f"counter {counter} is closed")
    return ticket.service, counter


def _require_way_back(
    ticket: Ticket, counter: CounterNumber, service: ServiceCode, to_counter: CounterNumber | None
) -> None:
    """Refuse to have a ticket come back that is not here, is on such a way already, or stays."""
    require(ticket, AT_COUNTER)
    if ticket.way_back is not None:
        raise Refusal(Error.NOT_ALLOWED, f"{ticket.number} returns to another counter already")
    if to_counter == counter or (to_counter is None and service == ticket.service):
        raise Refusal(Error.NOT_ALLOWED, f"{ticket.number} is here - at $.then_back")


def _require_held(ticket: Ticket, context: Context) -> None:
    if context.role is Role.KIOSK or ticket.state not in AT_COUNTER:
        return
    if not context.holds(ticket):
        raise Refusal(Error.NOT_ALLOWED, f"{ticket.number} is at counter {ticket.counter}")


def _require_fresh(ticket: Ticket, rules: Rules, context: Context) -> None:
    age = elapsed(ticket.issued, context.now).seconds
    old = age > rules.kiosk_void_within.total_seconds() or ticket.first_called is not None
    if ticket.device != context.device or old:
        raise Refusal(Error.NOT_ALLOWED, f"{ticket.number} is not fresh from {context.device}")


def _require_served(ticket: Ticket, rules: Rules, context: Context) -> None:
    """Refuse unless one of the device's counters serves the ticket, or has it, or is to."""
    if context.counters is None or context.counters & {ticket.counter, ticket.to_counter}:
        return
    if not any(ticket.service in rules.counters.get(n, {}) for n in context.counters):
        raise Refusal(Error.NOT_ALLOWED, f"{context.device} does not serve {ticket.service}")
