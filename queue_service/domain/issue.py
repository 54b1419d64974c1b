"""Giving numbers, and taking in those that an offline book gave."""

import dataclasses
from datetime import date, datetime, timedelta

from bus.commands import IssueTicket
from bus.vocabulary import Error, Role, TicketClass, TicketState
from queue_service.domain.context import Context, Decision
from queue_service.domain.events import (
    Event,
    PrintRequested,
    TicketDelivered,
    TicketIssued,
    TicketVoided,
    naming,
)
from queue_service.domain.hours import standing
from queue_service.domain.numbering import book_of, book_serial, next_serial, number_text
from queue_service.domain.rules import Rules
from queue_service.domain.state import State
from queue_service.domain.tickets import VOIDABLE, Ticket
from queue_service.domain.values import Refusal, ServiceCode, TicketId, TicketNumber

_MINUTE = timedelta(minutes=1)
_ONE_DAY = timedelta(days=1)


def issue_ticket(state: State, rules: Rules, command: IssueTicket, context: Context) -> Decision:
    """Give the next number of a service, or take in one from an offline book."""
    service = ServiceCode(command.service)
    if service not in rules.services:
        raise Refusal(Error.UNKNOWN, f"no service {service}")
    if command.number is not None:
        return _deliver(state, rules, command, context)
    serial = _live_serial(state, rules, service, context)
    return _with_paper(rules, command, _issued(state, rules, command, context, serial))


def issue_appointed(state: State, rules: Rules, command: IssueTicket, context: Context) -> Decision:
    """Give the number of somebody whose seat was kept: neither cap nor last ticket hold it up."""
    service = ServiceCode(command.service)
    serial = next_serial(state, rules, service)
    if serial is None:
        raise Refusal(Error.FULL, f"{service} gives no more numbers today")
    return _with_paper(rules, command, _issued(state, rules, command, context, serial))


def _with_paper(rules: Rules, command: IssueTicket, issued: TicketIssued) -> Decision:
    if command.print_on is None:
        return Decision((issued,))
    if command.print_on not in rules.printers:
        raise Refusal(Error.UNKNOWN, f"no printer {command.print_on}")
    printing = PrintRequested(
        ticket=issued.ticket,
        number=issued.number,
        service=issued.service,
        ticket_class=issued.ticket_class,
        print_on=command.print_on,
        copy=False,
    )
    return Decision((issued, printing))


def tickets_issued(state: State, service: ServiceCode) -> int:
    """Return how many tickets of a service count towards its cap."""
    return sum(
        ticket.service == service and ticket.state is not TicketState.VOID
        for ticket in state.tickets.values()
    )


def is_full(state: State, rules: Rules, service: ServiceCode) -> bool:
    """Return whether a service gives no more numbers today; a roll has no end."""
    if rules.services[service].roll is not None:
        return False
    cap = rules.services[service].daily_cap
    if cap is not None and tickets_issued(state, service) >= cap:
        return True
    return next_serial(state, rules, service) is None


def _live_serial(state: State, rules: Rules, service: ServiceCode, context: Context) -> int:
    if rules.services[service].roll is not None:
        raise Refusal(Error.NOT_ALLOWED, f"numbers of {service} are torn from a roll")
    now = standing(rules, service, context.now.at)
    if not now.open:
        raise Refusal(Error.CLOSED, str(now.why))
    serial = next_serial(state, rules, service)
    if serial is None or is_full(state, rules, service):
        raise Refusal(Error.FULL, f"{service} gives no more numbers today")
    limit = rules.kiosk_tickets_per_minute
    if limit and context.role is Role.KIOSK and _recent(state, context) >= limit:
        raise Refusal(Error.TOO_FAST, f"more than {limit} tickets a minute")
    return serial


def _recent(state: State, context: Context) -> int:
    begin = context.now.at - _MINUTE
    count = 0
    for ticket in state.newest_first():
        if not (ticket.offline_book or ticket.adopted) and ticket.issued.at <= begin:
            break
        count += ticket.device == context.device and not ticket.offline_book
    return count


def _issued(
    state: State, rules: Rules, command: IssueTicket, context: Context, serial: int
) -> TicketIssued:
    service, at = ServiceCode(command.service), context.now.at
    return TicketIssued(
        ticket=TicketId(context.new_id()),
        number=number_text(rules, service, serial),
        service=service,
        ticket_class=command.ticket_class,
        business_day=state.day or date.min,
        series=rules.services[service].series,
        serial=serial,
        lang=command.lang,
        language=command.language,
        issued_at=at,
        order_key=_order_key(rules, command, at),
        device=context.device,
        command=context.command,
    )


def _order_key(rules: Rules, command: IssueTicket, at: datetime) -> datetime:
    appointed = command.ticket_class is TicketClass.APPOINTMENT
    base = command.appointment_at if appointed and command.appointment_at else at
    return base - rules.head_start[command.ticket_class]


def _deliver(state: State, rules: Rules, command: IssueTicket, context: Context) -> Decision:
    """Take in a number that a kiosk gave from its offline book."""
    if command.number is None or command.business_day is None or command.issued_at is None:
        raise Refusal(Error.INVALID, "a number needs business_day and issued_at")
    service = ServiceCode(command.service)
    serial = book_serial(rules, context.device, service, command.number)
    day = _book_day(state, command.business_day)
    known = _known(state, command.number) if day == state.day else None
    if known is not None and not known.provisional:
        raise Refusal(Error.CONFLICT, f"{command.number} was given before")
    replaced = _superseded(state, command, context)
    at = _clamped(state, command.issued_at, context, replaced) if day == state.day else None
    issued = dataclasses.replace(
        _issued(state, rules, command, context, serial),
        business_day=day,
        issued_at=at or command.issued_at,
        order_key=_order_key(rules, command, at or command.issued_at),
        offline_book=True,
        clock_suspect=at != command.issued_at,
        supersedes=command.supersedes,
    )
    events: list[Event] = []
    if replaced is not None and replaced.state in VOIDABLE:
        events.append(TicketVoided(**naming(replaced), reason="superseded"))
    events.append(issued if known is None else _completing(rules, command, known, issued))
    if day != state.day:
        events.append(_too_late(issued))
    return Decision(tuple(events))


def provisional(state: State, rules: Rules, number: str, context: Context) -> TicketIssued:
    """Return the ticket of an offline number that is called before it was delivered.

    Refuses with `unknown` what is no number of an offline book.
    """
    found = book_of(rules, number)
    if found is None:
        raise Refusal(Error.UNKNOWN, f"no number {number} today")
    book, service, serial = found
    issued = _issued(state, rules, IssueTicket(service=service), context, serial)
    return dataclasses.replace(issued, device=book.kiosk, offline_book=True, provisional=True)


def _known(state: State, number: str) -> Ticket | None:
    ticket_id = state.numbers.get(TicketNumber(number))
    return None if ticket_id is None else state.tickets[ticket_id]


def _completing(
    rules: Rules, command: IssueTicket, known: Ticket, issued: TicketIssued
) -> TicketDelivered:
    """Return what a delivery adds to a number that was called already, thus given before that."""
    latest = known.first_called.at if known.first_called else issued.issued_at
    at = min(issued.issued_at, latest)
    ticket_class = command.ticket_class
    if known.ticket_class is not TicketClass.NORMAL:
        ticket_class = known.ticket_class  # set at a counter
    return TicketDelivered(
        ticket=known.id,
        number=known.number,
        service=issued.service,
        ticket_class=ticket_class,
        serial=issued.serial,
        lang=issued.lang,
        language=issued.language,
        issued_at=at,
        order_key=_order_key(rules, command, at),
        device=issued.device,
        command=issued.command,
        clock_suspect=issued.clock_suspect or at != issued.issued_at,
        supersedes=issued.supersedes,
    )


def _book_day(state: State, text: str) -> date:
    """Return the day of a delivered number; a kiosk may be ahead of a day not opened yet."""
    today = state.day or date.min
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(Error.INVALID, f"{error} - at $.business_day") from error
    if day > today + _ONE_DAY:
        raise Refusal(Error.INVALID, f"{text} is still to come - at $.business_day")
    return min(day, today)


def _superseded(state: State, command: IssueTicket, context: Context) -> Ticket | None:
    """Return the ticket that the unanswered command may have taken all the same."""
    if command.supersedes is None:
        return None
    for ticket in state.newest_first():
        if ticket.device == context.device and ticket.command == command.supersedes:
            return ticket
    return None


def _clamped(
    state: State, claimed: datetime, context: Context, replaced: Ticket | None
) -> datetime:
    """Return when a number was given: between the kiosk's last live number and now."""
    earliest = state.opened.at if state.opened else claimed
    for ticket in state.newest_first():
        live = not ticket.offline_book and ticket.device == context.device
        if live and ticket.reason != "superseded" and ticket is not replaced:
            earliest = max(earliest, ticket.issued.at)
            break
    return min(max(claimed, earliest), context.now.at)


def _too_late(issued: TicketIssued) -> TicketVoided:
    """Return how a number of a day that has closed ends."""
    return TicketVoided(
        ticket=issued.ticket,
        number=issued.number,
        service=issued.service,
        ticket_class=issued.ticket_class,
        reason="day_closed",
        day_closed=True,
    )
