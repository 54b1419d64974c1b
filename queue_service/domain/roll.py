"""Numbers torn from a printed roll: nobody gives them, counters call one after the other."""

from datetime import date

from bus.commands import IssueTicket
from bus.vocabulary import TicketState
from queue_service.domain.context import Context
from queue_service.domain.events import TicketIssued
from queue_service.domain.numbering import number_text, serial_of
from queue_service.domain.rules import Roll, Rules
from queue_service.domain.state import State
from queue_service.domain.tickets import RollPlace, Ticket
from queue_service.domain.values import CounterNumber, ServiceCode, TicketId

Torn = Ticket | TicketIssued
"""A number that was called before, and was given back; or one that is called for the first time."""


def roll_of(state: State, rules: Rules, counter: CounterNumber) -> ServiceCode | None:
    """Return of which roll a counter calls when nobody waits there with a number we know.

    Its own work before what it helps out with; of equal ones the roll that was called longest ago.
    """
    rolls = [
        (penalty, _last_call(state, service), service)
        for service, penalty in rules.counters.get(counter, {}).items()
        if service in rules.services and rules.services[service].roll is not None
    ]
    return min(rolls)[2] if rolls else None


def next_torn(
    state: State, rules: Rules, roll: Roll, service: ServiceCode, context: Context
) -> Torn:
    """Return the next number of a roll: first one whose call was taken back."""
    last = last_place(state, service)
    given_back = [
        (place, ticket)
        for place, ticket in _torn(state, service)
        if last is not None and _is_given_back(ticket) and not place.typed and place < last
    ]
    if given_back:
        return min(given_back, key=lambda each: each[0])[1]
    return _at(state, rules, _after(roll, service, last), context)


def typed_torn(
    state: State, rules: Rules, counter: CounterNumber, text: str, context: Context
) -> Torn | None:
    """Return the number of a roll that was typed, with or without its service's digit; or None."""
    found = _read(rules, counter, text)
    if found is None:
        return None
    service, roll, serial = found
    last = last_place(state, service)
    return _at(state, rules, _nearest(roll, service, serial, last), context)


def last_place(state: State, service: ServiceCode) -> RollPlace | None:
    """Return how far a roll was called today; a call that was taken back does not count."""
    places = (place for place, ticket in _torn(state, service) if not _is_given_back(ticket))
    return max(places, default=None)


def _torn(state: State, service: ServiceCode) -> list[tuple[RollPlace, Ticket]]:
    return [
        (ticket.roll, ticket)
        for ticket in state.tickets.values()
        if ticket.roll is not None and ticket.roll.service == service
    ]


def _is_given_back(ticket: Ticket) -> bool:
    return ticket.state is TicketState.VOID and ticket.first_called is None


def _last_call(state: State, service: ServiceCode) -> float:
    calls = [t.first_called.at.timestamp() for _, t in _torn(state, service) if t.first_called]
    return max(calls, default=0.0)


def _after(roll: Roll, service: ServiceCode, last: RollPlace | None) -> RollPlace:
    """Return the number behind `last`; behind the end of a roll the next one begins."""
    if last is None:
        return RollPlace(0, roll.first, service)
    if last.serial >= roll.last:
        return RollPlace(last.turn + 1, roll.first, service)
    return RollPlace(last.turn, max(last.serial + 1, roll.first), service)


def _nearest(roll: Roll, service: ServiceCode, serial: int, last: RollPlace | None) -> RollPlace:
    """Return which of the rolls a typed number is of.

    Up to half a roll ahead of the last one it is still to come, on the next roll if need be; what
    is further ahead lies behind.
    """
    if last is None:
        return RollPlace(0, serial, service, typed=True)
    size = roll.last - roll.first + 1
    if (serial - last.serial) % size <= size // 2:
        turn = last.turn + (serial < last.serial)
    else:
        turn = last.turn - (serial > last.serial)
    return RollPlace(turn, serial, service, typed=True)


def _at(state: State, rules: Rules, place: RollPlace, context: Context) -> Torn:
    """Return the ticket at a place of a roll, a new one where it was never called."""
    for known, ticket in _torn(state, place.service):
        if known == place:
            return ticket
    return _issued(state, rules, place, context)


def _read(rules: Rules, counter: CounterNumber, text: str) -> tuple[ServiceCode, Roll, int] | None:
    """Return service, roll and serial of a number as it is typed; None for no number of a roll."""
    found = serial_of(rules, text)
    if found is not None:
        service, serial = found
        roll = rules.services[service].roll
        return (service, roll, serial) if roll is not None and serial in roll else None
    if not (text.isascii() and text.isdigit() and len(text) <= rules.numbering.digits):
        return None
    own = [
        (service, roll, int(text))
        for service in rules.counters[counter]
        if (roll := rules.services[service].roll) is not None and int(text) in roll
    ]
    return own[0] if len(own) == 1 else None


def _issued(state: State, rules: Rules, place: RollPlace, context: Context) -> TicketIssued:
    service, now = place.service, context.now.at
    series = rules.services[service].series
    command = IssueTicket(service=service)
    return TicketIssued(
        ticket=TicketId(context.new_id()),
        number=number_text(rules, service, place.serial),
        service=service,
        ticket_class=command.ticket_class,
        business_day=state.day or date.min,
        series=f"{series}~{place.turn}",  # an older release may give the same number today
        serial=place.serial,
        lang=command.lang,
        issued_at=now,
        order_key=now,
        device=context.device,
        command=context.command,
        provisional=True,
        roll_turn=place.turn,
        roll_typed=place.typed,
    )
