"""Histograms of durations that add up: logarithmic buckets in the lanes of one integer.

Adding two histograms is adding two integers. A quantile is within `ERROR` of the true one for
durations of five seconds to twenty-four hours, and within 2.5 s for shorter ones.
"""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable

_RATIO = 1.05
_FIRST_S = 5.0
_BUCKETS = 201
ERROR = math.sqrt(_RATIO) - 1
"""How far a quantile may be from the true one, as a part of it."""

_LANE = 32
_LANE_BYTES = _LANE // 8
_BOUNDS = [_FIRST_S * _RATIO**index for index in range(_BUCKETS - 1)]
_MIDDLES = [_FIRST_S / 2, *(bound * math.sqrt(_RATIO) for bound in _BOUNDS)]

Histogram = int
"""A number of durations for each bucket, the shortest in the lowest lane; 0 is empty."""


def histogram(seconds: Iterable[float]) -> Histogram:
    """Return the histogram of some durations."""
    counts = Counter(bisect_right(_BOUNDS, value) for value in seconds)
    return sum(count << (_LANE * bucket) for bucket, count in counts.items())


def to_bytes(packed: Histogram) -> bytes:
    """Return a histogram as it is kept."""
    return packed.to_bytes((packed.bit_length() + 7) // 8, "little")


def from_bytes(kept: bytes) -> Histogram:
    """Return a histogram that was kept."""
    return int.from_bytes(kept, "little")


def values_at(packed: Histogram, *ranks: int) -> list[float]:
    """Return about how long the durations at these ranks are; the shortest has rank 0."""
    found: list[float] = []
    counts = _counts(packed)
    for rank in ranks:
        passed = 0
        for bucket, count in enumerate(counts):
            passed += count
            if rank < passed:
                found.append(_MIDDLES[bucket])
                break
    return found


def _counts(packed: Histogram) -> list[int]:
    kept = to_bytes(packed)
    return [
        int.from_bytes(kept[at : at + _LANE_BYTES], "little")
        for at in range(0, len(kept), _LANE_BYTES)
    ]
