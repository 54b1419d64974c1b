"""Under which circumstances a command is decided, and what a decision is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bus.vocabulary import Error, Role
from queue_service.domain.announcing import Promised
from queue_service.domain.events import Event
from queue_service.domain.lines import Pick, pick
from queue_service.domain.rules import Rules
from queue_service.domain.state import State
from queue_service.domain.tickets import Ticket
from queue_service.domain.values import AppointmentId, CounterNumber, Mark, Refusal, TicketId


@dataclass(frozen=True, slots=True)
class Context:
    """Who acts and when."""

    now: Mark
    device: str
    role: Role
    command: str
    new_id: Callable[[], str]
    counters: frozenset[CounterNumber] | None = None
    """The counters the device may act for; None for all."""
    pick: Pick = pick
    ticket_of: Callable[[str], TicketId | None] = lambda _token: None
    """Whose paper has a token; the state knows none."""
    appointment_of: Callable[[str], AppointmentId | None] = lambda _code: None
    """Whose code it is; the state knows none."""
    code_of: Callable[[AppointmentId], str | None] = lambda _appointment: None
    """The code by which somebody comes."""
    promised: Promised = field(default_factory=dict)

    def holds(self, ticket: Ticket) -> bool:
        """Return whether a ticket at a counter is at one of this device's."""
        return self.counters is None or ticket.counter in self.counters


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens; `refusal` when the device is refused all the same."""

    events: tuple[Event, ...] = ()
    refusal: Refusal | None = None
    answer: Mapping[str, Any] | None = None
    """What a question is answered with; other results follow from the events."""


def known_counter(rules: Rules, number: int) -> CounterNumber:
    """Return a counter of the centre, or refuse with `unknown`."""
    counter = CounterNumber(number)
    if counter not in rules.counters:
        raise Refusal(Error.UNKNOWN, f"no counter {number}")
    return counter


def known_term(terms: frozenset[str], term: str | None, field: str) -> str:
    """Return an entry of one of the site's lists, empty for none; refuses one that is not there."""
    if term is not None and term not in terms:
        raise Refusal(Error.INVALID, f"{term} is not in the site's list - at $.{field}")
    return term or ""


def current_ticket(state: State, counter: CounterNumber, ticket_id: str) -> Ticket:
    """Return the ticket that a counter has, or refuse when it is another."""
    ticket = state.ticket(ticket_id)
    if state.counter(counter).current != TicketId(ticket_id):
        raise Refusal(Error.NOT_ALLOWED, f"{ticket.number} is not at counter {counter}")
    return ticket
