"""How long a person will wait, as a rounded range."""

import itertools
from bisect import bisect_left, bisect_right
from datetime import datetime

from bus.vocabulary import CounterStatus
from queue_service.domain.lines import waiting_for
from queue_service.domain.rules import Rules
from queue_service.domain.state import Place, State
from queue_service.domain.values import ServiceCode

WaitRange = tuple[int, int]

_EDGES_MIN = (0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480)
_PRIOR_WEIGHT = 5
"""How many services of today weigh as much as the configured pace."""
_LEARN_FROM = 30
_SHORTEST_S, _LONGEST_S = 40.0, 3600.0


def pace_s(state: State, rules: Rules, service: ServiceCode) -> float:
    """Return the seconds one person of `service` takes, as today has taught."""
    learned = [
        min(max(served.seconds, _SHORTEST_S), _LONGEST_S)
        for served in state.served
        if served.service == service and not served.suspect
    ][-_LEARN_FROM:]
    prior = rules.services[service].mean_service_s * _PRIOR_WEIGHT
    return (prior + sum(learned)) / (_PRIOR_WEIGHT + len(learned))


def wait_range(
    state: State,
    rules: Rules,
    service: ServiceCode,
    now: datetime,
    key: datetime | None = None,
) -> WaitRange | None:
    """Return the minutes a person with `key` will wait (without one: who comes now).

    None while nobody can say, because no counter is open that serves.
    """
    delays = _delays_s(state, rules, service, now)
    if not delays:
        return None
    return rounded(_absorbed_after_s(_work_ahead_s(state, rules, service, key), delays))


def ranges_by_place(
    state: State, rules: Rules, service: ServiceCode, now: datetime
) -> tuple[tuple[int, WaitRange], ...]:
    """Return how long those in the line of `service` will wait, where the range changes.

    `(4, (10, 15))`: so many minutes for who has four people or more before them.
    """
    delays = _delays_s(state, rules, service, now)
    if not delays:
        return ()
    work, line = _works_ahead(state, rules, service), waiting_for(state, service)

    def at(place: int) -> WaitRange:
        before = sum(_before(other, line[place].key) * each_s for other, each_s in work)
        return rounded(_absorbed_after_s(before, delays))

    changes: list[tuple[int, WaitRange]] = []
    place = 0
    while place < len(line):
        found = at(place)
        changes.append((place, found))
        place = bisect_right(range(len(line)), found, lo=place + 1, key=at)
    return tuple(changes)


def rounded(seconds: float) -> WaitRange:
    """Return the range of minutes into which a wait falls."""
    whole = round(seconds)
    for low, high in itertools.pairwise(_EDGES_MIN):
        if whole < high * 60:
            return (low, high)
    hours = whole // 3600
    return (hours * 60, (hours + 1) * 60)


def _work_ahead_s(state: State, rules: Rules, service: ServiceCode, key: datetime | None) -> float:
    """Return the work that `service`'s counters have before `key`, others' share included."""
    return sum(
        (len(line) if key is None else _before(line, key)) * each_s
        for line, each_s in _works_ahead(state, rules, service)
    )


def _works_ahead(
    state: State, rules: Rules, service: ServiceCode
) -> list[tuple[tuple[Place, ...], float]]:
    """Return each line that `service`'s counters call from, and what one of it is to them."""
    own = set(rules.serving(service))
    work = []
    for other in {code for counter in own for code in rules.counters[counter]}:
        line = waiting_for(state, other)
        if line:
            servers = rules.serving(other)
            share = len(own.intersection(servers)) / len(servers)
            work.append((line, pace_s(state, rules, other) * share))
    return work


def _before(line: tuple[Place, ...], key: datetime) -> int:
    return bisect_left(line, key, key=lambda place: place.key)


def _delays_s(state: State, rules: Rules, service: ServiceCode, now: datetime) -> list[float]:
    """Return in how many seconds each counter is there that serves, or rests until a known time."""
    counters = [state.counter(number) for number in rules.serving(service)]
    delays = [0.0 for counter in counters if counter.status is CounterStatus.OPEN]
    delays += [
        (counter.until - now).total_seconds()
        for counter in counters
        if counter.status is CounterStatus.PAUSED and counter.until and counter.until > now
    ]
    return delays


def _absorbed_after_s(work_s: float, delays: list[float]) -> float:
    """Return when counters that come one after the other have done `work_s` of work."""
    delays = sorted(delays)
    after, done = delays[0], 0.0
    for open_counters, until in enumerate([*delays[1:], None], start=1):
        rest = (work_s - done) / open_counters
        if until is None or after + rest <= until:
            return after + rest
        done += (until - after) * open_counters
        after = until
    return after
