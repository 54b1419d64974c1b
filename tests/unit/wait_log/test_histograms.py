from bisect import bisect_left

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wait_log import histograms

SECONDS = st.floats(0, 86_000)
LONG = st.floats(5, 86_000)


@settings(deadline=None)
@given(st.lists(SECONDS), st.lists(SECONDS))
def test_adding_histograms_is_putting_durations_together(
    some: list[float], others: list[float]
) -> None:
    both = histograms.histogram(some) + histograms.histogram(others)
    assert both == histograms.histogram(some + others)


@settings(deadline=None)
@given(st.lists(SECONDS))
def test_what_is_kept_comes_back(values: list[float]) -> None:
    packed = histograms.histogram(values)
    assert histograms.from_bytes(histograms.to_bytes(packed)) == packed
    assert len(histograms.to_bytes(packed)) <= 201 * 4


@settings(deadline=None)
@given(st.lists(LONG, min_size=1), st.data())
def test_the_value_at_a_rank_is_off_by_the_error_at_most(
    values: list[float], data: st.DataObject
) -> None:
    rank = data.draw(st.integers(0, len(values) - 1))
    (found,) = histograms.values_at(histograms.histogram(values), rank)
    assert found == pytest.approx(sorted(values)[rank], rel=histograms.ERROR * 1.000001)


@settings(deadline=None)
@given(st.lists(SECONDS, min_size=2))
def test_values_do_not_fall_with_their_ranks(values: list[float]) -> None:
    found = histograms.values_at(histograms.histogram(values), *range(len(values)))
    assert found == sorted(found)
    assert bisect_left(found, 2.5) == 0


def test_the_error_that_is_told_is_two_and_a_half_percent_at_most() -> None:
    assert histograms.ERROR < 0.025


def test_a_lane_holds_what_centuries_bring() -> None:
    packed = histograms.histogram([7.0]) * 4_000_000_000 + histograms.histogram([8000.0])
    seven, longest = histograms.values_at(packed, 0, 4_000_000_000)
    assert seven == pytest.approx(7, rel=0.025)
    assert longest == pytest.approx(8000, rel=0.025)


def test_no_durations_have_no_values() -> None:
    assert histograms.histogram([]) == 0
    assert histograms.to_bytes(0) == b""
    assert histograms.values_at(0, 0) == []
