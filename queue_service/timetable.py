"""When the clock alone changes what the hall sees."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from types import MappingProxyType

from queue_service.domain.absences import absent_from
from queue_service.domain.announcing import Promised, awaits_announcement, longest_s
from queue_service.domain.day import QUIET, business_date, day_begin
from queue_service.domain.hours import serving, standing
from queue_service.domain.rules import Rules
from queue_service.domain.state import State
from queue_service.states.board import CALL_AGE, KEPT_CALLS
from queue_service.states.services import ANSWERED_FOR


def next_change(
    state: State, rules: Rules, now: datetime, promised: Promised = MappingProxyType({})
) -> datetime | None:
    """Return the next instant at which a document changes by itself, or a day opens."""
    by_rule = absent_from(state, rules)
    changes = chain(_changes(state, rules, now), _given_up(state, promised), by_rule)
    return min((at for at in changes if at > now), default=None)


def _given_up(state: State, promised: Promised) -> Iterator[datetime]:
    """Return when the calls that are under way will have been announced or given up."""
    for counter in state.counters.values():
        ticket = state.tickets[counter.current] if counter.current else None
        if ticket is not None and ticket.called is not None and awaits_announcement(ticket):
            yield ticket.called.at + timedelta(seconds=longest_s(ticket.call_seq, promised))


def _changes(state: State, rules: Rules, now: datetime) -> Iterator[datetime]:
    by_clock = [serving(rules, now), *(standing(rules, code, now) for code in rules.services)]
    yield from (each.changes_at for each in by_clock if each.changes_at)
    yield from (counter.until for counter in state.counters.values() if counter.until)
    yield from (notice.until for notice in state.notices)
    yield from (ticket.remind_at for ticket in state.tickets.values() if ticket.remind_at)
    yield from (r.answered_at + ANSWERED_FOR for r in state.help if r.answered_at)
    yield from (c.answered_at + ANSWERED_FOR for c in state.staff_calls if c.answered_at)
    if len(state.calls) > KEPT_CALLS:
        for call in state.calls[:-KEPT_CALLS]:
            yield call.at + CALL_AGE
    yield day_begin(rules, business_date(rules, now) + timedelta(days=1)).astimezone(UTC)
    if state.active is not None:
        yield state.active.at + QUIET
