"""Who did not come: absent by the clock alone, and how late somebody may come back."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime

from bus.vocabulary import Error, TicketState
from queue_service.domain.events import TicketAbsent, naming
from queue_service.domain.rules import Rules
from queue_service.domain.state import State
from queue_service.domain.tickets import Ticket
from queue_service.domain.values import Mark, Refusal, TicketId, elapsed

LATE = "late"
"""The rule that a refusal names when somebody comes back too late."""


def absent_by_now(state: State, rules: Rules, now: Mark) -> tuple[TicketAbsent, ...]:
    """Return who was called often enough, could have come since, and did not."""
    return tuple(
        TicketAbsent(**naming(ticket), counter=ticket.counter, by_time=True)
        for ticket, announced in _called_in_vain(state, rules)
        if ticket.counter is not None and elapsed(announced, now).seconds >= _patience_s(rules)
    )


def absent_from(state: State, rules: Rules) -> Iterator[datetime]:
    """Return when those who were called often enough will be absent."""
    for _, announced in _called_in_vain(state, rules):
        yield announced.at + rules.choice


def late_ones(state: State, rules: Rules) -> frozenset[TicketId]:
    """Return the absent tickets that may only go to the end of their line."""
    most = rules.late_after_numbers
    absent = [t for t in state.tickets.values() if t.state is TicketState.ABSENT]
    if not most or not absent:
        return frozenset()
    calls: dict[str, list[datetime]] = {}
    for ticket in state.tickets.values():
        if ticket.first_called is not None:
            calls.setdefault(ticket.service, []).append(ticket.first_called.at)
    for instants in calls.values():
        instants.sort()
    return frozenset(
        ticket.id for ticket in absent if _since(calls.get(ticket.service, []), ticket) > most
    )


def require_in_time(state: State, rules: Rules, ticket: Ticket) -> None:
    """Refuse with `not_allowed` when an absent person comes back after too many numbers."""
    if ticket.state is TicketState.ABSENT and ticket.id in late_ones(state, rules):
        most = rules.late_after_numbers
        detail = f"{ticket.number} comes back after more than {most} numbers"
        raise Refusal(Error.NOT_ALLOWED, detail, {"rule": LATE, "numbers": most})


def _called_in_vain(state: State, rules: Rules) -> Iterator[tuple[Ticket, Mark]]:
    """Return who was called again as often as the rule says, and when they last heard of it."""
    for counter in state.counters.values() if rules.absent_after_recalls else ():
        ticket = state.tickets[counter.current] if counter.current else None
        if ticket is None or ticket.state is not TicketState.CALLED or ticket.announced is None:
            continue
        if ticket.calls > rules.absent_after_recalls:
            yield ticket, ticket.announced


def _patience_s(rules: Rules) -> float:
    return rules.choice.total_seconds()


def _since(calls: list[datetime], ticket: Ticket) -> int:
    """Return how many numbers were called for the first time since an absence began.

    The one that was called in the same step counts as well.
    """
    return len(calls) - bisect_left(calls, ticket.since.at)
