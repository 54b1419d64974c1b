"""A ticket, and the legal steps of its life."""

from dataclasses import dataclass, field
from datetime import datetime

from bus.vocabulary import Error, TicketClass, TicketState
from queue_service.domain.values import (
    CounterNumber,
    Mark,
    Refusal,
    ServiceCode,
    TicketId,
    TicketNumber,
)

AT_COUNTER = frozenset({TicketState.CALLED, TicketState.SERVING})
TRANSFERABLE = frozenset(
    {TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.PARKED}
)
RETURNABLE = frozenset(
    {TicketState.CALLED, TicketState.SERVING, TicketState.PARKED, TicketState.ABSENT}
)
VOIDABLE = frozenset(
    {TicketState.WAITING, TicketState.CALLED, TicketState.PARKED, TicketState.ABSENT}
)
CALLABLE = frozenset({TicketState.WAITING, TicketState.PARKED, TicketState.ABSENT})
OVER = frozenset({TicketState.FINISHED, TicketState.VOID})


@dataclass(frozen=True, slots=True, order=True)
class RollPlace:
    """A number of a printed roll, in the order in which they are torn off."""

    turn: int
    """How many rolls came to their end before it today."""
    serial: int
    service: ServiceCode
    """Whose roll it is, wherever the ticket has gone since."""
    typed: bool = field(default=False, compare=False)
    """A counter named it; else it was the next."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket as it stands."""

    id: TicketId
    number: TicketNumber
    series: str
    service: ServiceCode
    ticket_class: TicketClass
    lang: str
    device: str
    command: str
    offline_book: bool
    issued: Mark
    base: datetime
    """The instant from which its order key is reckoned."""
    order_key: datetime
    place: int
    """Breaks ties between equal keys: the order of issue."""
    since: Mark
    """When its present waiting, parking or absence began."""
    touched: int
    """The last event that changed it."""
    state: TicketState = TicketState.WAITING
    counter: CounterNumber | None = None
    """Who has it, or had it last; None in line."""
    to_counter: CounterNumber | None = None
    first_called: Mark | None = None
    called: Mark | None = None
    announced: Mark | None = None
    """When its present call was shown and spoken, or given up."""
    awaited: Mark | None = None
    """When its present call came back into force because the step after it was taken back."""
    started: Mark | None = None
    ended: Mark | None = None
    wait_s: float | None = None
    served_s: float | None = None
    clock_suspect: bool = False
    calls: int = 0
    call_seq: int = 0
    reason: str = ""
    day_closed: bool = False
    provisional: bool = False
    """A number of an offline book that was called before its kiosk could deliver it.

    Until then its class and its wait are unknown. It is void while it is not called either.
    """
    adopted: bool = False
    """Taken in from its paper after a restore: whoever typed it says when it was given."""
    remind_at: datetime | None = None
    """When its counter is reminded that it is parked."""
    parked_s: float | None = None
    """How long it was parked before its present call."""
    note: str = ""
    """What an officer left for the next one, of the site's list."""
    note_from: CounterNumber | None = None
    way_back: "WayBack | None" = None
    """Where it returns when it is done where it was sent."""
    roll: RollPlace | None = None
    """Torn from a printed roll: provisional for ever, since nobody knows when."""


@dataclass(frozen=True, slots=True)
class WayBack:
    """The counter that sent a ticket on, and the service for which it had it."""

    counter: CounterNumber
    service: ServiceCode


def require(ticket: Ticket, states: frozenset[TicketState]) -> None:
    """Refuse with `not_allowed` unless the ticket is in one of `states`."""
    if ticket.state not in states:
        raise Refusal(Error.NOT_ALLOWED, f"{ticket.number} is {ticket.state}")


def require_state(ticket: Ticket, state: TicketState) -> None:
    """Refuse with `not_allowed` unless the ticket is in `state`."""
    require(ticket, frozenset({state}))
