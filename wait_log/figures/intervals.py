"""Spans of time in microseconds: sorted lists of them that neither touch nor overlap."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

Span = tuple[int, int]
SECOND_US = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(at: datetime) -> int:
    """Return an instant as the store keeps it."""
    return (at - _EPOCH) // _MICROSECOND


def instant(at_us: int) -> datetime:
    """Return an instant that the store kept."""
    return _EPOCH + timedelta(microseconds=at_us)


def union(spans: Iterable[Span]) -> list[Span]:
    """Return the time that any of `spans` covers."""
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if end <= begin:
            continue
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """Return what is left of `spans` without `taken`."""
    left: list[Span] = []
    for begin, end in spans:
        for gone_begin, gone_end in taken:
            if gone_end <= begin or gone_begin >= end:
                continue
            if gone_begin > begin:
                left.append((begin, gone_begin))
            begin = max(begin, gone_end)  # noqa: PLW2901 - what is left begins later
        if begin < end:
            left.append((begin, end))
    return left


def gaps(spans: Sequence[Span]) -> list[Span]:
    """Return the time between spans."""
    return [(before[1], after[0]) for before, after in pairwise(spans)]


def overlap_s(span: Span, spans: Sequence[Span]) -> float:
    """Return how many seconds of `span` are in any of `spans`, which are in order."""
    begin, end = span
    found = 0
    for index in range(max(0, bisect_left(spans, span) - 1), len(spans)):
        other_begin, other_end = spans[index]
        if other_begin >= end:
            break
        found += max(0, min(end, other_end) - max(begin, other_begin))
    return found / SECOND_US


def length_s(spans: Iterable[Span]) -> float:
    """Return how many seconds spans have in all."""
    return sum(end - begin for begin, end in spans) / SECOND_US
