from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wait_log.periods import Period, Preset, last_ended, period_of

DAY = timedelta(days=1)
DAYS = st.dates(date(2001, 1, 1), date(2190, 12, 31))


def period(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("preset", "day", "first", "last"),
    [
        (Preset.TODAY, "2026-11-16", "2026-11-16", "2026-11-16"),
        (Preset.WEEK, "2026-11-15", "2026-11-09", "2026-11-15"),
        (Preset.WEEK, "2026-11-16", "2026-11-16", "2026-11-22"),
        (Preset.MONTH, "2026-11-14", "2026-10-15", "2026-11-14"),
        (Preset.MONTH, "2026-11-15", "2026-11-15", "2026-12-14"),
        (Preset.MONTH, "2026-12-31", "2026-12-15", "2027-01-14"),
        (Preset.MONTH, "2027-01-01", "2026-12-15", "2027-01-14"),
        (Preset.CALENDAR_MONTH, "2028-02-11", "2028-02-01", "2028-02-29"),
        (Preset.CALENDAR_MONTH, "2026-12-31", "2026-12-01", "2026-12-31"),
        (Preset.QUARTER, "2026-01-01", "2025-12-15", "2026-03-14"),
        (Preset.QUARTER, "2026-03-15", "2026-03-15", "2026-06-14"),
        (Preset.QUARTER, "2026-12-14", "2026-09-15", "2026-12-14"),
        (Preset.QUARTER, "2026-12-15", "2026-12-15", "2027-03-14"),
        (Preset.HALF, "2026-06-14", "2025-12-15", "2026-06-14"),
        (Preset.HALF, "2026-06-15", "2026-06-15", "2026-12-14"),
        (Preset.NINE_MONTHS, "2026-01-02", "2025-12-15", "2026-09-14"),
        (Preset.NINE_MONTHS, "2026-12-14", "2025-12-15", "2026-09-14"),
        (Preset.NINE_MONTHS, "2026-12-15", "2026-12-15", "2027-09-14"),
        (Preset.YEAR, "2026-12-14", "2025-12-15", "2026-12-14"),
        (Preset.YEAR, "2026-12-15", "2026-12-15", "2027-12-14"),
    ],
)
def test_the_period_to_which_a_day_belongs(preset: Preset, day: str, first: str, last: str) -> None:
    assert period_of(preset, date.fromisoformat(day)) == period(first, last)


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        (Preset.TODAY, "2026-11-15", "2026-11-15"),
        (Preset.MONTH, "2026-10-15", "2026-11-14"),
        (Preset.QUARTER, "2026-06-15", "2026-09-14"),
        (Preset.HALF, "2025-12-15", "2026-06-14"),
        (Preset.NINE_MONTHS, "2025-12-15", "2026-09-14"),
        (Preset.YEAR, "2024-12-15", "2025-12-14"),
        (Preset.CALENDAR_MONTH, "2026-10-01", "2026-10-31"),
        (Preset.WEEK, "2026-11-09", "2026-11-15"),
    ],
)
def test_the_newest_period_that_is_over(preset: Preset, first: str, last: str) -> None:
    assert last_ended(preset, date(2026, 11, 16)) == period(first, last)


@pytest.mark.parametrize(
    ("asked", "before", "year_before"),
    [
        (
            ("2026-10-15", "2026-11-14"),
            ("2026-09-15", "2026-10-14"),
            ("2025-10-15", "2025-11-14"),
        ),
        (
            ("2026-02-15", "2026-03-14"),
            ("2026-01-15", "2026-02-14"),
            ("2025-02-15", "2025-03-14"),
        ),
        (
            ("2025-12-15", "2026-12-14"),
            ("2024-12-15", "2025-12-14"),
            ("2024-12-15", "2025-12-14"),
        ),
        (
            ("2025-02-01", "2025-02-28"),
            ("2025-01-01", "2025-01-31"),
            ("2024-02-01", "2024-02-29"),
        ),
        (
            ("2024-02-29", "2024-02-29"),
            ("2024-02-28", "2024-02-28"),
            ("2023-02-28", "2023-02-28"),
        ),
        (
            ("2024-02-28", "2024-02-28"),
            ("2024-02-27", "2024-02-27"),
            ("2023-02-28", "2023-02-28"),
        ),
        (
            ("2026-11-09", "2026-11-15"),
            ("2026-11-02", "2026-11-08"),
            ("2025-11-09", "2025-11-15"),
        ),
        (
            ("2026-03-31", "2026-05-30"),
            ("2026-01-31", "2026-03-30"),
            ("2025-03-31", "2025-05-30"),
        ),
    ],
)
def test_the_periods_a_period_is_held_against(
    asked: tuple[str, str], before: tuple[str, str], year_before: tuple[str, str]
) -> None:
    assert period(*asked).before() == period(*before)
    assert period(*asked).year_before() == period(*year_before)


@settings(deadline=None)
@given(st.sampled_from(Preset), DAYS)
def test_periods_of_a_kind_follow_one_another_without_a_gap(preset: Preset, day: date) -> None:
    found = period_of(preset, day)
    if preset is not Preset.NINE_MONTHS:
        assert found.holds(day)
        assert period_of(preset, found.last + DAY).first == found.last + DAY
    assert found.before().last == found.first - DAY
    if preset not in (Preset.TODAY, Preset.NINE_MONTHS):
        assert found.before() == period_of(preset, found.first - DAY)


@settings(deadline=None)
@given(st.sampled_from(Preset), DAYS)
def test_the_newest_one_over_is_the_last_before_today(preset: Preset, today: date) -> None:
    over = last_ended(preset, today)
    assert over.last < today
    following = period_of(preset, over.last + DAY if preset is not Preset.NINE_MONTHS else today)
    assert following == over or following.last >= today


@settings(deadline=None)
@given(DAYS, st.integers(0, 800))
def test_any_period_has_its_days_and_neighbours(first: date, more: int) -> None:
    asked = Period(first, first + more * DAY)
    assert list(asked.dates()) == [first + n * DAY for n in range(more + 1)]
    assert asked.before().last == first - DAY
    a_year_ago = asked.year_before()
    assert abs(asked.days - a_year_ago.days) <= 1
    assert a_year_ago.last < asked.last


@pytest.mark.parametrize(
    ("first", "last", "longer"),
    [
        ("2025-12-15", "2026-12-14", False),
        ("2025-12-15", "2027-01-14", False),
        ("2025-12-15", "2027-01-15", True),
    ],
)
def test_thirteen_months_are_not_longer_than_thirteen(first: str, last: str, longer: bool) -> None:
    assert period(first, last).is_longer_than(13) == longer


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("2026-11-15", "2026-11-14", "ends before it begins"),
        ("1999-12-31", "2000-01-01", "days are from 2000-01-01"),
        ("2199-12-31", "2200-01-01", "to 2199-12-31"),
        ("2000-01-01", "2040-01-01", "at most 30 years"),
        ("2026-02-30", "2026-03-01", "day is out of range"),
        ("today", "2026-03-01", "Invalid isoformat"),
    ],
)
def test_nonsense_is_refused_with_a_reason(first: str, last: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Period.parse(first, last)


def test_the_longest_period_still_has_neighbours() -> None:
    asked = Period.parse("2000-01-01", "2029-12-31")
    assert asked.before() == period("1970-01-01", "1999-12-31")
    assert asked.year_before().first == date(1999, 1, 1)
