"""Ending a counter's work on a ticket: finished, sent back, absent, or parked."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bus.commands import Finish, MarkAbsent, Park, PostponeReminder
from bus.vocabulary import LONGEST_REMINDER_MIN, CounterStatus, CurrentTo, Error, TicketState
from queue_service.domain.announcing import may_be_on_the_way
from queue_service.domain.context import (
    Context,
    Decision,
    current_ticket,
    known_counter,
    known_term,
)
from queue_service.domain.events import (
    Event,
    ReminderPostponed,
    TicketAbsent,
    TicketFinished,
    TicketParked,
    TicketTransferred,
    naming,
)
from queue_service.domain.rules import Rules
from queue_service.domain.state import State
from queue_service.domain.tickets import AT_COUNTER, Ticket, require, require_state
from queue_service.domain.values import CounterNumber, Mark, Refusal


def settle(
    state: State,
    rules: Rules,
    ticket: Ticket,
    counter: CounterNumber,
    now: Mark,
    *,
    to: CurrentTo | None,
    outcome: str | None = None,
) -> Iterator[Event]:
    """Return what a next call makes of the ticket that the counter has.

    A key without a choice means absent while the person may still be on the way.
    """
    if outcome is not None and to is not CurrentTo.FINISH:
        raise Refusal(Error.INVALID, "only what is finished has an outcome - at $.outcome")
    if to is CurrentTo.PARK:
        yield TicketParked(**naming(ticket), counter=counter)
    elif to is CurrentTo.ABSENT:
        require_state(ticket, TicketState.CALLED)
        yield TicketAbsent(**naming(ticket), counter=counter)
    elif to is None and may_be_on_the_way(ticket, rules, now):
        yield TicketAbsent(**naming(ticket), counter=counter, unclear=True)
    else:
        yield _done(state, rules, ticket, counter, outcome)


def finish(state: State, rules: Rules, command: Finish, _context: Context) -> Decision:
    """End the current ticket, or send it back to the counter that sent it here."""
    counter = known_counter(rules, command.counter)
    ticket = current_ticket(state, counter, command.ticket)
    return Decision((_done(state, rules, ticket, counter, command.outcome),))


def mark_absent(state: State, rules: Rules, command: MarkAbsent, _context: Context) -> Decision:
    """Note that the called person did not come."""
    counter = known_counter(rules, command.counter)
    ticket = current_ticket(state, counter, command.ticket)
    require_state(ticket, TicketState.CALLED)
    return Decision((TicketAbsent(**naming(ticket), counter=counter),))


def park(state: State, rules: Rules, command: Park, context: Context) -> Decision:
    """Let the person wait for a signature; the counter is reminded when it is time."""
    counter = known_counter(rules, command.counter)
    ticket = current_ticket(state, counter, command.ticket)
    require(ticket, AT_COUNTER)
    event = TicketParked(
        **naming(ticket),
        counter=counter,
        reason=command.reason or "",
        remind_at=_reminder(command, context),
        note=known_term(rules.terms.notes, command.note, "note"),
    )
    return Decision((event,))


def postpone_reminder(
    state: State, rules: Rules, command: PostponeReminder, context: Context
) -> Decision:
    """Be silent about a parked ticket for a while: of the counter that parked it, or serves it."""
    counter = known_counter(rules, command.counter)
    ticket = state.ticket(command.ticket)
    require_state(ticket, TicketState.PARKED)
    ours = ticket.counter == counter or ticket.service in rules.counters[counter]
    if ticket.remind_at is None or not ours:
        raise Refusal(Error.NOT_ALLOWED, f"counter {counter} has no reminder of {ticket.number}")
    at = context.now.at + timedelta(minutes=command.remind_after_min)
    return Decision((ReminderPostponed(**naming(ticket), counter=counter, remind_at=at),))


def _done(
    state: State, rules: Rules, ticket: Ticket, counter: CounterNumber, outcome: str | None
) -> Event:
    """Return the end of a ticket, or its way back; from a counter that rests to its service."""
    named = known_term(rules.terms.outcomes, outcome, "outcome")
    way = ticket.way_back
    if way is None or way.service not in rules.services:
        return TicketFinished(**naming(ticket), counter=counter, outcome=named)
    is_open = state.counter(way.counter).status is CounterStatus.OPEN
    return TicketTransferred(
        **naming(ticket),
        counter=counter,
        to_service=way.service,
        to_counter=way.counter if is_open and way.counter in rules.counters else None,
        came_back=True,
        outcome=named,
    )


def _reminder(command: Park, context: Context) -> datetime | None:
    """Return when to remind, by the service's own clock; refuses what is no time of today."""
    now, at, after = context.now.at, command.remind_at, command.remind_after_min
    if at is not None and after is not None:
        raise Refusal(Error.INVALID, "remind_at and remind_after_min are two - at $.remind_at")
    if after is not None:
        return now + timedelta(minutes=after)
    if at is not None and not now < at <= now + timedelta(minutes=LONGEST_REMINDER_MIN):
        raise Refusal(
            Error.INVALID, f"at most {LONGEST_REMINDER_MIN} minutes ahead - at $.remind_at"
        )
    return at
