"""Counts, means, medians, P90 and shares of random tickets, however their sheets are cut."""

import statistics
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wait_log.figures import Origin, Selection, Times
from wait_log.figures.counting import counted, times_of, waits_of
from wait_log.figures.digest import Digest, FewCell, digest_of
from wait_log.figures.long_span import LongSpan, Month
from wait_log.figures.sheet import (
    CLASSES,
    KINDS,
    ORIGINS,
    SERVED,
    Entry,
    Family,
    Hall,
    Sheet,
    family,
    merged,
    parts_of,
)
from wait_log.histograms import ERROR
from wait_log.periods import Period

SHORTEST_ERROR_S = 2.5
"""A median may lie between a duration of the shortest bucket and a long one: both are off."""
FIRST = date(2026, 11, 2)
CODES = ("A", "B", "C")
WAIT = st.floats(0, 20_000) | st.sampled_from((0.0, 900.0, 900.001, 1200.0, 1800.0, 1800.5))
TICKET = st.tuples(
    st.integers(0, 2),  # service
    st.integers(0, 3),  # counter
    st.integers(0, KINDS - 1),
    st.integers(0, 167),  # hour
    st.integers(0, 3),  # day
    st.none() | WAIT,
)
Ticket = tuple[int, int, int, int, int, float | None]


def sheet_of(tickets: Sequence[Ticket], days: Sequence[int]) -> Sheet:
    """Make the sheet of some of the days, whose services are numbered its own way."""
    those = [ticket for ticket in tickets if ticket[4] in days]
    codes = tuple(sorted({CODES[ticket[0]] for ticket in those}))

    def entries(name: str, factor: float = 1.0) -> Family:
        return family(
            name,
            (
                Entry(
                    (wait or 0.0) * factor,
                    codes.index(CODES[service]),
                    counter,
                    kind,
                    hour,
                    days.index(day),
                )
                for service, counter, kind, hour, day, wait in those
                if name == "tickets" or wait is not None
            ),
        )

    return Sheet(
        halls=tuple(Hall(FIRST + timedelta(days=day), 1, {}, {}, 0.0, (), (), ()) for day in days),
        codes=codes,
        tickets=entries("tickets", 0.0),
        waits=entries("waits"),
        working_waits=entries("working_waits", 0.5),
        service=entries("service", 2.0),
        walking=entries("walking", 0.1),
        unserved=entries("unserved"),
        doubtful=(),
    )


def slow_times(values: Sequence[float]) -> Times:
    if not values:
        return Times()
    p90 = min(v for v in values if sum(w <= v for w in values) * 10 >= 9 * len(values))
    return Times(len(values), statistics.fmean(values), statistics.median(values), p90)


def assert_times(found: Times, values: Sequence[float], rel: float = 1e-9) -> None:
    expected = slow_times(values)
    assert found.count == expected.count
    if not values:
        assert found == Times() or found.mean_s is None
        return
    assert found.mean_s == pytest.approx(expected.mean_s)
    assert found.median_s == pytest.approx(expected.median_s, rel=rel)
    assert found.p90_s == pytest.approx(expected.p90_s, rel=rel)


SELECTIONS = st.builds(
    Selection,
    period=st.builds(
        lambda first, more: Period(
            FIRST + timedelta(days=first), FIRST + timedelta(days=first + more)
        ),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    services=st.frozensets(st.sampled_from(CODES)),
    counters=st.frozensets(st.integers(0, 3)),
    classes=st.frozensets(st.sampled_from([str(one) for one in CLASSES])),
    origins=st.frozensets(st.sampled_from(Origin)),
    lunch=st.booleans(),
)
CUTS = st.sampled_from(([[0, 1, 2, 3]], [[0], [1], [2], [3]], [[0, 1], [2, 3]], [[0], [1, 2, 3]]))


def wanted(tickets: Sequence[Ticket], selection: Selection) -> list[Ticket]:
    found = []
    for ticket in tickets:
        service, counter, kind, _, day, _ = ticket
        _, ticket_class, origin = parts_of(kind)
        if (
            selection.period.holds(FIRST + timedelta(days=day))
            and (not selection.services or CODES[service] in selection.services)
            and (not selection.counters or counter in selection.counters)
            and (not selection.classes or CLASSES[ticket_class] in selection.classes)
            and (not selection.origins or ORIGINS[origin] in selection.origins)
        ):
            found.append(ticket)
    return found


@settings(deadline=None)
@given(st.lists(WAIT))
def test_mean_median_and_p90(values: list[float]) -> None:
    assert_times(times_of(values), values)


@settings(deadline=None)
@given(st.lists(WAIT))
def test_shares(values: list[float]) -> None:
    found = waits_of(values)
    assert found.within_15 == sum(value <= 15 * 60 for value in values)
    assert found.within_20 == sum(value <= 20 * 60 for value in values)
    assert found.over_30 == sum(value > 30 * 60 for value in values)
    if values:
        assert found.share(found.within_15) == pytest.approx(found.within_15 / len(values))
    else:
        assert found.share(found.within_15) is None


@settings(deadline=None)
@given(st.lists(TICKET, max_size=60), SELECTIONS, CUTS)
def test_what_is_chosen_is_counted_however_the_days_are_cut(
    tickets: list[Ticket], selection: Selection, cuts: list[list[int]]
) -> None:
    sheets = [
        merged([sheet_of(tickets, [day]) for day in days])
        if len(days) % 2
        else sheet_of(tickets, days)
        for days in cuts
    ]
    parts = counted(sheets, selection, parts=True)
    those = wanted(tickets, selection)
    factor = 1.0 if selection.lunch else 0.5
    groups: dict[str, dict[object, list[Ticket]]] = defaultdict(lambda: defaultdict(list))
    for ticket in those:
        groups["services"][CODES[ticket[0]]].append(ticket)
        groups["counters"][ticket[1]].append(ticket)
        groups["days"][FIRST + timedelta(days=ticket[4])].append(ticket)
        groups["hours"][ticket[3]].append(ticket)
    tally = parts.whole.tally()
    waits = [ticket[5] * factor for ticket in those if ticket[5] is not None]
    assert tally.issued == len(those)
    assert tally.served == sum(parts_of(ticket[2])[0] == SERVED for ticket in those)
    assert tally.priority == sum(CLASSES[parts_of(ticket[2])[1]] == "priority" for ticket in those)
    assert tally.offline == sum(
        ORIGINS[parts_of(ticket[2])[2]] is Origin.OFFLINE for ticket in those
    )
    assert tally.from_kiosks + tally.from_counters + tally.offline == tally.issued
    assert_times(tally.waits, waits)
    assert_times(tally.service, [wait / factor * 2 for wait in waits])
    assert_times(tally.walking, [wait / factor * 0.1 for wait in waits])
    assert tally.without_counter == len(waits)
    for name, by_key in groups.items():
        found = {key: part for key, part in getattr(parts, name).items() if part.kinds}
        assert found.keys() == by_key.keys()
        for key, group in by_key.items():
            part = found[key].tally()
            assert part.issued == len(group)
            assert_times(part.waits, [t[5] * factor for t in group if t[5] is not None])


@settings(deadline=None)
@given(st.lists(TICKET, max_size=40), st.sampled_from((1, 7, 90)), st.sampled_from((True, False)))
@example([(0, 0, 0, 0, 0, wait) for wait in (0.0, 0.0, 8392.0, 8392.0)], 90, True)
def test_digests_add_up_to_what_is_counted(tickets: list[Ticket], times: int, lunch: bool) -> None:
    """Each month has the same tickets: few in all are exact, many within the error."""
    selection = Selection(Period(FIRST, FIRST + timedelta(days=3)), lunch=lunch)
    sheet = sheet_of(tickets, [0, 1, 2, 3])
    digest, few = digest_of([sheet], selection)
    months = [month_of(digest, few) for _ in range(times)]
    span = LongSpan(months, selection)
    exact = counted([sheet] * times, selection, parts=True)
    pairs = [
        (span.whole(), exact.whole),
        *((tally, exact.services[code]) for code, tally in span.services().items()),
        *((tally, exact.counters[number]) for number, tally in span.counters().items()),
    ]
    for tally, part in pairs:
        expected = part.tally()
        for name in ("issued", "served", "void", "priority", "offline", "without_counter"):
            assert getattr(tally, name) == getattr(expected, name)
        for name in ("count", "within_15", "within_20", "over_30"):
            assert getattr(tally.waits, name) == getattr(expected.waits, name)
        assert tally.waits.mean_s == pytest.approx(expected.waits.mean_s)
        for name in ("waits", "service", "walking"):
            found, right = getattr(tally, name), getattr(expected, name)
            assert found.approximate == (right.count >= 200)
            for part_name in ("median_s", "p90_s"):
                value, one_value = getattr(right, part_name), getattr(found, part_name)
                if found.approximate:
                    assert one_value == pytest.approx(value, abs=SHORTEST_ERROR_S + ERROR * value)
                elif right.count:
                    assert one_value == pytest.approx(value)
    hours = {(one.weekday, one.hour): one for one in span.hours()}
    for hour, group in exact.hours.items():
        if group.kinds:
            one = hours[divmod(hour, 24)]
            right = waits_of(group.waits)
            assert one.issued == group.kinds.total()
            assert one.waits.count == right.count
            assert one.waits.mean_s == pytest.approx(right.mean_s, abs=0.001)
            assert one.waits.within_20 == right.within_20


def month_of(digest: Digest, few: tuple[FewCell, ...]) -> Month:
    return Month(Period(FIRST, FIRST + timedelta(days=3)), digest, lambda: few)


def test_no_tickets_have_no_figures() -> None:
    selection = Selection(Period(FIRST, FIRST))
    empty = sheet_of([], [0])
    assert counted([empty, merged([empty])], selection, parts=True).whole.tally().issued == 0
    assert merged([]).tickets.service == b""
