"""From a call until it was seen and heard: then a next call comes too soon."""

from collections.abc import Mapping

from bus.vocabulary import TicketState
from queue_service.domain.rules import Rules
from queue_service.domain.tickets import Ticket
from queue_service.domain.values import Mark, elapsed

Promised = Mapping[int, float]
"""By call: how many seconds after it an announcer has promised to have spoken it."""

UNPROMISED_S = 12.0
"""How long a call may take that no announcer has accepted."""
BEYOND_PROMISE_S = 3.0


def longest_s(call_seq: int, promised: Promised) -> float:
    """Return how many seconds after a call its announcement is given up."""
    promise = promised.get(call_seq)
    return UNPROMISED_S if promise is None else promise + BEYOND_PROMISE_S


def announced_within_s(ticket: Ticket, now: Mark, promised: Promised) -> float:
    """Return for how long a person who was called may not have seen or heard it yet; 0 is no."""
    if not awaits_announcement(ticket) or ticket.called is None:
        return 0.0
    left = longest_s(ticket.call_seq, promised) - elapsed(ticket.called, now).seconds
    if ticket.awaited is not None:  # devices had let it go, and begin again
        left = max(left, UNPROMISED_S - elapsed(ticket.awaited, now).seconds)
    return max(0.0, left)


def awaits_announcement(ticket: Ticket) -> bool:
    """Return whether a ticket's present call is neither announced nor given up nor answered."""
    return ticket.state is TicketState.CALLED and ticket.announced is None


def may_be_on_the_way(ticket: Ticket, rules: Rules, now: Mark) -> bool:
    """Return whether a called person had too little time to come to the counter."""
    if ticket.state is not TicketState.CALLED:
        return False
    if ticket.announced is None:
        return True
    return elapsed(ticket.announced, now).seconds < rules.choice.total_seconds()
