"""Numbers: the next of a series, and those of offline books."""

from bus.vocabulary import Error
from queue_service.domain.rules import Book, Numbering, Rules
from queue_service.domain.state import State
from queue_service.domain.values import Refusal, ServiceCode, TicketNumber

_HUNDRED = 100


def number_text(rules: Rules, service: ServiceCode, serial: int) -> TicketNumber:
    """Return a number as people read it."""
    series = rules.services[service].series
    return TicketNumber(f"{series}{serial:0{rules.numbering.digits}d}")


def next_serial(state: State, rules: Rules, service: ServiceCode) -> int | None:
    """Return the next number of a service's main series; None when there is none left."""
    first = rules.first_serial(service)
    serial = max(first, state.serials.get(service, first - 1) + 1)
    while (free := _past_books(rules.numbering, _on_step(rules, service, serial))) != serial:
        serial = free
    return serial if serial <= rules.last_serial(service) else None


def is_given(rules: Rules, service: ServiceCode, serial: int) -> bool:
    """Return whether a service's main series comes to `serial` at all."""
    inside = rules.first_serial(service) <= serial <= rules.last_serial(service)
    return inside and _on_step(rules, service, serial) == serial


def book_serial(rules: Rules, kiosk: str, service: ServiceCode, number: str) -> int:
    """Return the serial of a number from a kiosk's offline book, or refuse with `invalid`."""
    digits = number.removeprefix(rules.services[service].series)
    if _is_odd(rules, service, number, digits):
        raise Refusal(Error.INVALID, f"{number} is no number of {service} - at $.number")
    serial = int(digits)
    for book in rules.numbering.books:
        if book.kiosk == kiosk and book.first <= serial <= book.last:
            return serial
    raise Refusal(Error.INVALID, f"{number} is in no book of {kiosk} - at $.number")


def resumed_serial(rules: Rules, service: ServiceCode, highest: int) -> int | None:
    """Return from where a series goes on whose highest number is `highest`, or may be a few more.

    It is the next hundred, outside of every offline book; None when there is no room.
    """
    numbering = rules.numbering
    serial = (highest // _HUNDRED + 1) * _HUNDRED
    for book in sorted(numbering.books, key=lambda book: book.first):
        if book.first <= serial <= book.last:
            serial = (book.last // _HUNDRED + 1) * _HUNDRED
    return serial if serial <= rules.last_serial(service) else None


def serial_of(rules: Rules, number: str) -> tuple[ServiceCode, int] | None:
    """Return service and serial of a number as people read it; None if it is none."""
    for service, its in rules.services.items():
        digits = number.removeprefix(its.series)
        if not _is_odd(rules, service, number, digits):
            return service, int(digits)
    return None


def book_of(rules: Rules, number: str) -> tuple[Book, ServiceCode, int] | None:
    """Return the offline book that has a number, its service and serial; None if none has."""
    found = serial_of(rules, number)
    if found is not None:
        service, serial = found
        for book in rules.numbering.books:
            if book.first <= serial <= book.last:
                return book, service, serial
    return None


def _is_odd(rules: Rules, service: ServiceCode, number: str, digits: str) -> bool:
    """Return whether `number` is not written as a number of `service` is."""
    if not (digits.isascii() and digits.isdigit()):
        return True
    return number_text(rules, service, int(digits)) != number


def _on_step(rules: Rules, service: ServiceCode, serial: int) -> int:
    """Return the first number from `serial` on that the steps of a service come to."""
    return serial + (rules.first_serial(service) - serial) % rules.services[service].step


def _past_books(numbering: Numbering, serial: int) -> int:
    for book in sorted(numbering.books, key=lambda book: book.first):
        if book.first <= serial <= book.last:
            serial = book.last + 1
    return serial
