"""When the clock alone changes what the hall sees."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from queue_service.domain.day import OPENS_AFTER_MIDNIGHT, QUIET
from queue_service.domain.hours import standing
from queue_service.domain.rules import Rules
from queue_service.domain.state import State
from queue_service.states.board import CALL_AGE, KEPT_CALLS
from queue_service.states.services import ANSWERED_FOR

_MIDNIGHT = time()


def next_change(state: State, rules: Rules, now: datetime) -> datetime | None:
    """Return the next instant at which a document changes by itself, or a day opens."""
    return min((at for at in _changes(state, rules, now) if at > now), default=None)


def _changes(state: State, rules: Rules, now: datetime) -> Iterator[datetime]:
    for code in rules.services:
        change = standing(rules, code, now).changes_at
        if change is not None:
            yield change
    yield from (counter.until for counter in state.counters.values() if counter.until)
    yield from (notice.until for notice in state.notices)
    yield from (r.answered_at + ANSWERED_FOR for r in state.help if r.answered_at)
    if len(state.calls) > KEPT_CALLS:
        for call in state.calls[:-KEPT_CALLS]:
            yield call.at + CALL_AGE
    yield _day_opens(rules, now)
    if state.active is not None:
        yield state.active.at + QUIET


def _day_opens(rules: Rules, now: datetime) -> datetime:
    local = (now - OPENS_AFTER_MIDNIGHT).astimezone(rules.hours.zone).date() + timedelta(days=1)
    midnight = datetime.combine(local, _MIDNIGHT, rules.hours.zone)
    return (midnight + OPENS_AFTER_MIDNIGHT).astimezone(UTC)
