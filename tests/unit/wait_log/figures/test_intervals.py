import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from wait_log.figures.intervals import SECOND_US, Span, gaps, length_s, overlap_s, union, without

SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8)
SPAN = st.tuples(st.integers(0, 60), st.integers(0, 60))


def points(spans: list[Span]) -> set[int]:
    return {point for begin, end in spans for point in range(begin, end)}


@settings(deadline=None)
@given(SPANS)
def test_a_union_covers_what_any_span_does_and_is_in_order(spans: list[Span]) -> None:
    joined = union(spans)
    assert points(joined) == points(spans)
    assert joined == sorted(joined)
    assert all(before[1] < after[0] for before, after in itertools.pairwise(joined))


@settings(deadline=None)
@given(SPANS, SPANS)
def test_without_leaves_what_only_the_first_cover(spans: list[Span], taken: list[Span]) -> None:
    assert points(without(union(spans), union(taken))) == points(spans) - points(taken)


@settings(deadline=None)
@given(SPANS)
def test_gaps_are_between(spans: list[Span]) -> None:
    joined = union(spans)
    if joined:
        everything = set(range(joined[0][0], joined[-1][1]))
        assert points(gaps(joined)) == everything - points(joined)
    else:
        assert gaps(joined) == []


@settings(deadline=None)
@given(SPAN, SPANS)
def test_an_overlap_is_counted_in_seconds(span: Span, spans: list[Span]) -> None:
    both = points([span]) & points(spans)
    assert round(overlap_s(span, union(spans)) * SECOND_US) == len(both)
    assert round(length_s(union(spans)) * SECOND_US) == len(points(spans))
