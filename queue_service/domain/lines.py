"""Lines of people: who stands where, and who is next."""

import heapq
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from bus.vocabulary import TicketState
from queue_service.domain.rules import Rules
from queue_service.domain.state import Line, Place, State
from queue_service.domain.tickets import Ticket
from queue_service.domain.values import CounterNumber, ServiceCode, TicketId

Lines = Mapping[Line, tuple[Place, ...]]
Pick = Callable[[State, Rules, CounterNumber], TicketId | None]

_NO_PENALTY = timedelta()


def line_of(ticket: Ticket) -> Line:
    """Return the line in which a waiting ticket stands."""
    return ticket.service if ticket.to_counter is None else ticket.to_counter


def place_of(ticket: Ticket) -> Place:
    """Return the ticket's place in its line."""
    return Place(ticket.order_key, ticket.place, ticket.id)


def with_ticket(lines: Lines, before: Ticket | None, after: Ticket) -> Lines:
    """Return the lines after a ticket changed from `before` to `after`."""
    stood = before is not None and before.state is TicketState.WAITING
    stands = after.state is TicketState.WAITING
    if not stood and not stands:
        return lines
    changed = dict(lines)
    if before is not None and stood:
        line = changed[line_of(before)]
        index = bisect_left(line, place_of(before))
        changed[line_of(before)] = line[:index] + line[index + 1 :]
    if stands:
        places = list(changed.get(line_of(after), ()))
        insort(places, place_of(after))
        changed[line_of(after)] = tuple(places)
    return changed


def pick(state: State, rules: Rules, counter: CounterNumber) -> TicketId | None:
    """Return who is next at `counter`: the smallest key plus penalty over the heads it serves."""
    heads = [
        (line[0].key + penalty, line[0])
        for line, penalty in _lines_of(state, rules, counter)
        if line
    ]
    return min(heads)[1].ticket if heads else None


def in_call_order(state: State, rules: Rules, counter: CounterNumber) -> Iterator[TicketId]:
    """Return everybody who waits for `counter`, in the order they would be called there."""
    lines = [
        [(place.key + penalty, place) for place in line]
        for line, penalty in _lines_of(state, rules, counter)
    ]
    return (place.ticket for _, place in heapq.merge(*lines))


def all_in_order(state: State) -> Iterator[TicketId]:
    """Return everybody who waits, by order key."""
    return (place.ticket for place in heapq.merge(*state.lines.values()))


def waiting_for(state: State, service: ServiceCode) -> tuple[Place, ...]:
    """Return the line of `service`, those sent to one counter left out."""
    return state.lines.get(service, ())


def ahead_of(state: State, ticket: Ticket) -> int:
    """Return how many people stand before a waiting ticket in its line."""
    return bisect_left(state.lines.get(line_of(ticket), ()), place_of(ticket))


def next_key(state: State, rules: Rules, ticket: Ticket) -> datetime:
    """Return the key that makes a ticket next of its service at every counter that serves it."""
    keys = [ticket.order_key]
    for counter in rules.serving(ticket.service):
        own = rules.counters[counter][ticket.service]
        for service, penalty in rules.counters[counter].items():
            line = waiting_for(state, service)
            if line:
                keys.append(line[0].key + penalty - own - timedelta(microseconds=1))
    return min(keys)


def _lines_of(
    state: State, rules: Rules, counter: CounterNumber
) -> Iterator[tuple[tuple[Place, ...], timedelta]]:
    for service, penalty in rules.counters.get(counter, {}).items():
        yield waiting_for(state, service), penalty
    yield state.lines.get(counter, ()), _NO_PENALTY
