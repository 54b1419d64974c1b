import itertools
from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import Centre, load_centre
from wait_log.figures import Origin
from wait_log.figures.intervals import Span, instant
from wait_log.figures.layout import hours_of, in_force, origin_of, span_of
from wait_log.periods import Period

CENTRE = load_centre()


def elsewhere(zone: str) -> Centre:
    identity = msgspec.structs.replace(CENTRE.identity, time_zone=zone)
    return msgspec.structs.replace(CENTRE, identity=identity)


def utc(spans: list[Span]) -> list[str]:
    return [f"{instant(begin):%H:%M}-{instant(end):%H:%M}" for begin, end in spans]


def test_hours_are_those_of_the_hall() -> None:
    assert utc(hours_of(CENTRE, date(2026, 11, 23))) == ["00:30-04:30", "06:30-10:00"]
    assert hours_of(CENTRE, date(2026, 11, 22)) == []
    assert hours_of(CENTRE, date(2026, 9, 2)) == []


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 3, 27), ["06:30-10:30", "12:30-16:00"]),
        (date(2026, 3, 30), ["05:30-09:30", "11:30-15:00"]),
    ],
)
def test_hours_follow_daylight_saving_where_there_is_any(day: date, hours: list[str]) -> None:
    assert utc(hours_of(elsewhere("Europe/Berlin"), day)) == hours


def test_a_period_begins_and_ends_at_three_in_the_morning() -> None:
    begin, end = span_of(CENTRE, Period(date(2026, 11, 15), date(2026, 12, 14)))
    assert instant(begin) == datetime(2026, 11, 14, 20, tzinfo=UTC)
    assert instant(end) == datetime(2026, 12, 14, 20, tzinfo=UTC)
    begin, end = span_of(elsewhere("Europe/Berlin"), Period(date(2026, 3, 28), date(2026, 3, 28)))
    assert (end - begin) / 3_600_000_000 == 23


@pytest.mark.parametrize(
    ("device", "offline", "origin"),
    [
        ("kiosk-1", False, Origin.KIOSK),
        ("kiosk-1", True, Origin.OFFLINE),
        ("counter-3", False, Origin.COUNTER),
        ("web", False, Origin.COUNTER),
        ("kiosk-that-was-taken-away", False, Origin.KIOSK),
        ("counter-12", False, Origin.COUNTER),
    ],
)
def test_where_a_number_came_from(device: str, offline: bool, origin: Origin) -> None:
    assert origin_of(CENTRE, device, offline_book=offline) is origin


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), max_size=6),
    st.tuples(st.integers(0, 25), st.integers(26, 60)),
)
def test_each_instant_has_the_version_that_was_in_force(
    versions: list[tuple[int, int]], span: Span
) -> None:
    versions = sorted(versions, key=lambda pair: pair[0])
    parts = in_force(versions, span)
    assert (parts[0][0][0], parts[-1][0][1]) == span
    assert all(one[0][1] == other[0][0] for one, other in itertools.pairwise(parts))
    for (begin, end), version in parts:
        for at in range(begin, end):
            known = [number for since, number in versions if number and since <= at]
            later = [number for _, number in versions if number]
            assert version == (known[-1] if known else later[0] if later else 0)
