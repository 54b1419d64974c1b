"""What an accepted command is answered with."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bus import codec, commands, vocabulary
from bus.vocabulary import TicketState
from queue_service.domain import events as e
from queue_service.domain.estimate import wait_range
from queue_service.domain.lines import ahead_of
from queue_service.domain.rules import Rules
from queue_service.domain.state import State
from queue_service.domain.tickets import Ticket


def result_of(
    state: State,
    rules: Rules,
    facts: Sequence[e.Fact],
    now: datetime,
    tokens: Mapping[str, str],
) -> dict[str, Any]:
    """Return the result of a command that led to `facts`.

    `tokens` are those of new tickets, and the codes of appointments, by their ids.
    """
    for fact in reversed(facts):
        match fact.event:
            case e.TicketIssued():
                return codec.plain(
                    _issued(state, rules, fact.event, now, tokens[fact.event.ticket])
                )
            case e.TicketDelivered():
                ticket = state.ticket(fact.event.ticket)
                return codec.plain(issued_ticket(state, rules, ticket, now, tokens[ticket.id]))
            case e.TicketCalled() | e.TicketRecalled():
                return codec.plain(_called_ticket(fact.event))
            case e.AppointmentBooked() | e.AppointmentMoved():
                event = fact.event
                booked = commands.AppointmentResult(
                    appointment=event.appointment,
                    service=event.service,
                    at=event.at,
                    code=tokens[event.appointment],
                )
                return codec.plain(booked)
            case e.ConfigApplied():
                return codec.plain(commands.AppliedConfig(version=fact.event.version))
            case _:
                pass
    return {}


def issued_ticket(
    state: State, rules: Rules, ticket: Ticket, now: datetime, token: str
) -> commands.IssuedTicket:
    """Return a ticket of today as the kiosk shows and prints it."""
    waits = ticket.state is TicketState.WAITING
    return commands.IssuedTicket(
        ticket=ticket.id,
        number=ticket.number,
        service=ticket.service,
        ticket_class=ticket.ticket_class,
        business_day=state.day.isoformat() if state.day else "",
        ahead=ahead_of(state, ticket) if waits else 0,
        wait_min=wait_range(state, rules, ticket.service, now, ticket.order_key),
        token=token,
        issued_at=ticket.issued.at,
        lang=vocabulary.Language.of(ticket.lang),
        language=vocabulary.other_language(ticket.lang),
    )


def _issued(
    state: State, rules: Rules, event: e.TicketIssued, now: datetime, token: str
) -> commands.IssuedTicket:
    ticket = state.tickets.get(event.ticket)
    if ticket is not None:
        return issued_ticket(state, rules, ticket, now, token)
    return commands.IssuedTicket(
        ticket=event.ticket,
        number=event.number,
        service=event.service,
        ticket_class=event.ticket_class,
        business_day=event.business_day.isoformat(),
        ahead=0,
        wait_min=None,
        token=token,
        issued_at=event.issued_at,
        lang=vocabulary.Language.of(event.lang),
        language=event.language,
    )


def _called_ticket(event: e.TicketCalled | e.TicketRecalled) -> commands.CalledTicket:
    return commands.CalledTicket(
        ticket=event.ticket,
        number=event.number,
        service=event.service,
        ticket_class=event.ticket_class,
        call_seq=event.call_seq,
    )
