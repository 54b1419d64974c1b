"""Ending a counter's work on a ticket: finished, absent, or parked."""

from collections.abc import Iterator

from bus.commands import Finish, MarkAbsent, Park
from bus.vocabulary import CurrentTo, TicketState
from queue_service.domain.announcing import may_be_on_the_way
from queue_service.domain.context import Context, Decision, current_ticket, known_counter
from queue_service.domain.events import (
    Event,
    TicketAbsent,
    TicketFinished,
    TicketParked,
    naming,
)
from queue_service.domain.rules import Rules
from queue_service.domain.state import State
from queue_service.domain.tickets import AT_COUNTER, Ticket, require, require_state
from queue_service.domain.values import CounterNumber, Mark


def settle(
    ticket: Ticket, counter: CounterNumber, rules: Rules, to: CurrentTo | None, now: Mark
) -> Iterator[Event]:
    """Return what a next call makes of the ticket that the counter has.

    A key without a choice means absent while the person may still be on the way.
    """
    if to is CurrentTo.PARK:
        yield TicketParked(**naming(ticket), counter=counter)
    elif to is CurrentTo.ABSENT:
        require_state(ticket, TicketState.CALLED)
        yield TicketAbsent(**naming(ticket), counter=counter)
    elif to is None and may_be_on_the_way(ticket, rules, now):
        yield TicketAbsent(**naming(ticket), counter=counter, unclear=True)
    else:
        yield TicketFinished(**naming(ticket), counter=counter)


def finish(state: State, rules: Rules, command: Finish, _context: Context) -> Decision:
    """End the current ticket."""
    counter = known_counter(rules, command.counter)
    ticket = current_ticket(state, counter, command.ticket)
    return Decision((TicketFinished(**naming(ticket), counter=counter),))


def mark_absent(state: State, rules: Rules, command: MarkAbsent, _context: Context) -> Decision:
    """Note that the called person did not come."""
    counter = known_counter(rules, command.counter)
    ticket = current_ticket(state, counter, command.ticket)
    require_state(ticket, TicketState.CALLED)
    return Decision((TicketAbsent(**naming(ticket), counter=counter),))


def park(state: State, rules: Rules, command: Park, _context: Context) -> Decision:
    """Let the person wait for a signature."""
    counter = known_counter(rules, command.counter)
    ticket = current_ticket(state, counter, command.ticket)
    require(ticket, AT_COUNTER)
    event = TicketParked(**naming(ticket), counter=counter, reason=command.reason or "")
    return Decision((event,))
