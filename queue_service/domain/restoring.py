"""Going on from a backup: which numbers are passed over, and how a holder of one is taken in."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from bus.commands import AdoptTicket
from bus.vocabulary import Error
from queue_service.domain.context import Context, Decision, known_counter
from queue_service.domain.day import day_begin
from queue_service.domain.events import Event, KnownBook, Restored, TicketIssued
from queue_service.domain.numbering import (
    is_given,
    number_text,
    resumed_serial,
    serial_of,
)
from queue_service.domain.rules import Rules
from queue_service.domain.state import Gap, State
from queue_service.domain.values import (
    CounterNumber,
    Refusal,
    ServiceCode,
    TicketId,
    TicketNumber,
)

_PAPER_MINUTE = timedelta(minutes=1)
"""A paper says when its number was given to the minute."""


def restored(
    state: State, rules: Rules, highest: Mapping[str, int], books: Mapping[str, Mapping[str, int]]
) -> tuple[Event, ...]:
    """Return what lets every series go on at the next hundred above the highest number known.

    `highest` has, by service, what others than the backup know; `books`, by kiosk and service,
    how far the offline books were used. A series without room gives no more numbers today.
    """
    known_by_others = {
        code: serial
        for code, serial in highest.items()
        if code in rules.services and serial <= rules.last_serial(ServiceCode(code))
    }
    gaps = (_gap(state, rules, code, known_by_others.get(code, 0)) for code in rules.services)
    known = tuple(
        KnownBook(kiosk=kiosk, service=ServiceCode(service), highest=serial)
        for kiosk, serials in sorted(books.items())
        for service, serial in sorted(serials.items())
        if service in rules.services
    )
    return (Restored(gaps=tuple(gap for gap in gaps if gap is not None), books=known),)


def heard_of_higher(
    state: State, rules: Rules, kiosk: str, day: str, numbers: Mapping[str, int]
) -> tuple[Event, ...]:
    """Return what follows when a kiosk knows a number that the restored store never gave."""
    if state.restored is None or state.day is None or day != state.day.isoformat():
        return ()
    higher = {
        code: numbers[code]
        for code in rules.services
        if state.serials.get(code, 0) < numbers.get(code, 0) <= rules.last_serial(code)
    }
    gaps = (_gap(state, rules, ServiceCode(code), serial) for code, serial in higher.items())
    found = tuple(gap for gap in gaps if gap is not None)
    return (Restored(gaps=found, heard_of=kiosk),) if found else ()


def adopt_ticket(state: State, rules: Rules, command: AdoptTicket, context: Context) -> Decision:
    """Give the holder of a lost number the place back that the paper proves."""
    counter = known_counter(rules, command.counter)
    if state.restored is None:
        raise Refusal(Error.NOT_ALLOWED, "the store was not restored today")
    found = serial_of(rules, command.number)
    if found is None:
        raise Refusal(Error.UNKNOWN, f"{command.number} is no number here - at $.number")
    service, serial = found
    if service not in rules.counters[counter]:
        raise Refusal(Error.NOT_ALLOWED, f"counter {counter} does not serve {service}")
    if command.number in state.numbers:
        raise Refusal(Error.CONFLICT, f"{command.number} is known")
    if not _is_lost(state, rules, service, serial):
        raise Refusal(Error.NOT_ALLOWED, f"{command.number} was not lost - at $.number")
    earliest = day_begin(rules, state.day or date.min)
    for ticket in state.tickets.values():
        own = ticket.series == rules.services[service].series and not ticket.offline_book
        if own and not ticket.adopted and ticket.number < command.number:
            earliest = max(earliest, ticket.issued.at - _PAPER_MINUTE)
    if not earliest <= command.issued_at <= state.restored.at:
        raise Refusal(Error.INVALID, "nobody took this number then - at $.issued_at")
    issued = TicketIssued(
        ticket=TicketId(context.new_id()),
        number=TicketNumber(command.number),
        service=service,
        ticket_class=command.ticket_class,
        business_day=state.day or date.min,
        series=rules.services[service].series,
        serial=serial,
        lang=command.lang,
        issued_at=command.issued_at,
        order_key=command.issued_at - rules.head_start[command.ticket_class],
        device=context.device,
        command=context.command,
        clock_suspect=True,
        adopted=True,
    )
    return Decision((issued,))


def lost_number(state: State, rules: Rules, counter: CounterNumber) -> str | None:
    """Return a number that a counter could take in, None when there is none."""
    for gap in state.gaps:
        if gap.service in rules.counters.get(counter, {}):
            for serial in range(gap.last, gap.first - 1, -1):
                number = number_text(rules, gap.service, serial)
                lost = _is_lost(state, rules, gap.service, serial)
                if lost and number not in state.numbers:
                    return number
    return None


def _gap(state: State, rules: Rules, service: ServiceCode, highest: int) -> Gap | None:
    """Return the numbers that a series passes over, None when there are none left to pass.

    Of a roll none: who holds the next number stands in the hall, and a counter types where it is.
    """
    if rules.services[service].roll is not None:
        return None
    known = state.serials.get(service, rules.first_serial(service) - 1)
    resumed = resumed_serial(rules, service, max(known, highest))
    last = rules.last_serial(service) if resumed is None else resumed - 1
    return Gap(service, known + 1, last) if last > known else None


def _is_lost(state: State, rules: Rules, service: ServiceCode, serial: int) -> bool:
    """Return whether a serial was passed over; those of offline books come from their kiosks."""
    if any(book.first <= serial <= book.last for book in rules.numbering.books):
        return False
    if not is_given(rules, service, serial):
        return False
    return any(gap.first <= serial <= gap.last for gap in _gaps_of(state, service))


def _gaps_of(state: State, service: ServiceCode) -> Iterator[Gap]:
    return (gap for gap in state.gaps if gap.service == service)
