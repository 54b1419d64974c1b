"""Calling people: the next one, a certain one, once more."""

import math

from bus.commands import CallNext, CallTicket, Recall, StartServing
from bus.vocabulary import CounterStatus, CurrentTo, Error, TicketState
from queue_service.domain.absences import require_in_time
from queue_service.domain.announcing import announced_within_s
from queue_service.domain.context import Context, Decision, current_ticket, known_counter
from queue_service.domain.events import (
    CounterOpened,
    Event,
    ServingStarted,
    TicketCalled,
    TicketIssued,
    TicketRecalled,
    naming,
)
from queue_service.domain.issue import provisional
from queue_service.domain.roll import next_torn, roll_of, typed_torn
from queue_service.domain.rules import Rules
from queue_service.domain.settle import settle
from queue_service.domain.state import State
from queue_service.domain.tickets import AT_COUNTER, CALLABLE, Ticket, require, require_state
from queue_service.domain.values import CounterNumber, Refusal, ServiceCode, TicketNumber


def call_next(state: State, rules: Rules, command: CallNext, context: Context) -> Decision:
    """Settle the current ticket and call who is next; with nobody there it is settled alone."""
    counter = known_counter(rules, command.counter)
    events = _free(state, rules, command, command.current_to, context, outcome=command.outcome)
    chosen = None if command.roll else context.pick(state, rules, counter)
    if chosen is not None:
        return Decision((*events, _called(state, state.tickets[chosen], counter)))
    service = _roll_to_call(state, rules, counter, command.roll)
    roll = service and rules.services[service].roll
    if service is None or not roll:
        return Decision(tuple(events), Refusal(Error.EMPTY, "nobody waits"))
    torn = next_torn(state, rules, roll, service, context)
    return Decision((*events, *_called_from_paper(state, torn, counter)))


def call_ticket(state: State, rules: Rules, command: CallTicket, context: Context) -> Decision:
    """Settle the current ticket and call a certain one, or a number known from paper alone."""
    counter = known_counter(rules, command.counter)
    ticket = _wanted(state, rules, command, context)
    events = _free(state, rules, command, None, context)
    if not isinstance(ticket, Ticket):
        issued = ticket or provisional(state, rules, command.number or "", context)
        _require_serves(rules, counter, issued.service, issued.number)
        return Decision((*events, *_called_from_paper(state, issued, counter)))
    if ticket.state in AT_COUNTER and ticket.counter != counter:
        raise Refusal(Error.CONFLICT, f"{ticket.number} is at counter {ticket.counter}")
    if not (ticket.provisional and ticket.first_called is None):
        require(ticket, CALLABLE)
    if ticket.to_counter != counter:
        _require_serves(rules, counter, ticket.service, ticket.number)
    require_in_time(state, rules, ticket)
    return Decision((*events, _called(state, ticket, counter)))


def recall(state: State, rules: Rules, command: Recall, _context: Context) -> Decision:
    """Call the current ticket once more."""
    counter = known_counter(rules, command.counter)
    ticket = current_ticket(state, counter, command.ticket)
    require_state(ticket, TicketState.CALLED)
    event = TicketRecalled(
        **naming(ticket), counter=counter, call_seq=state.call_seq + 1, repeat=ticket.calls
    )
    return Decision((event,))


def start_serving(state: State, rules: Rules, command: StartServing, _context: Context) -> Decision:
    """Note that the called person has come."""
    counter = known_counter(rules, command.counter)
    ticket = current_ticket(state, counter, command.ticket)
    require_state(ticket, TicketState.CALLED)
    return Decision((ServingStarted(**naming(ticket), counter=counter),))


def _free(
    state: State,
    rules: Rules,
    command: CallNext | CallTicket,
    current_to: CurrentTo | None,
    context: Context,
    *,
    outcome: str | None = None,
) -> list[Event]:
    """Return what makes a counter ready for a call.

    Refuses when it shows another ticket, or one whose call has not been announced yet.
    """
    number = CounterNumber(command.counter)
    counter = state.counter(number)
    if counter.current != command.current:
        raise Refusal(Error.STALE, f"counter {number} has {counter.current}")
    events: list[Event] = []
    if counter.current is not None:
        ticket = state.tickets[counter.current]
        left_s = announced_within_s(ticket, context.now, context.promised)
        if left_s > 0:
            raise Refusal(Error.TOO_SOON, str(math.ceil(left_s)))
        events += settle(state, rules, ticket, number, context.now, to=current_to, outcome=outcome)
    elif outcome is not None:
        raise Refusal(Error.INVALID, "there is nobody whose outcome it is - at $.outcome")
    if counter.status is not CounterStatus.OPEN:
        events.append(CounterOpened(counter=number))
    return events


def _wanted(
    state: State, rules: Rules, command: CallTicket, context: Context
) -> Ticket | TicketIssued | None:
    """Return the ticket to call, a new one of a roll; None for a number that is not known today."""
    if command.ticket is not None:
        return state.ticket(command.ticket)
    if command.number is None:
        raise Refusal(Error.INVALID, "needs ticket or number - at $.ticket")
    torn = typed_torn(state, rules, CounterNumber(command.counter), command.number, context)
    if torn is not None:
        return torn
    ticket_id = state.numbers.get(TicketNumber(command.number))
    return None if ticket_id is None else state.tickets[ticket_id]


def _require_serves(rules: Rules, counter: CounterNumber, service: str, number: str) -> None:
    if service not in rules.counters[counter]:
        raise Refusal(Error.NOT_ALLOWED, f"counter {counter} does not serve {service}: {number}")


def _roll_to_call(
    state: State, rules: Rules, counter: CounterNumber, wanted: str | None
) -> ServiceCode | None:
    """Return the service whose roll is called: the one named, or that of this counter."""
    if wanted is None:
        return roll_of(state, rules, counter)
    service = ServiceCode(wanted)
    if service not in rules.services or rules.services[service].roll is None:
        raise Refusal(Error.UNKNOWN, f"no roll {wanted} - at $.roll")
    _require_serves(rules, counter, service, "its roll")
    return service


def _called_from_paper(
    state: State, torn: Ticket | TicketIssued, counter: CounterNumber
) -> tuple[Event, ...]:
    """Return the call of a number known from paper alone, a ticket made of it in the same step."""
    if isinstance(torn, Ticket):
        return (_called(state, torn, counter),)
    call = TicketCalled(
        ticket=torn.ticket,
        number=torn.number,
        service=torn.service,
        ticket_class=torn.ticket_class,
        counter=counter,
        call_seq=state.call_seq + 1,
    )
    return torn, call


def _called(state: State, ticket: Ticket, counter: CounterNumber) -> TicketCalled:
    return TicketCalled(**naming(ticket), counter=counter, call_seq=state.call_seq + 1)
