"""How long devices may take with a call: as the ward says, on a fast clock what they need."""

import time
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from queue_service.attention import Attention
from queue_service.call_watch import CallWatch
from queue_service.devices import Devices


@pytest.mark.parametrize(("speed", "answer_s"), [(0.5, 5), (1, 5), (2, 24), (100, 1200)])
def test_the_ward_says_how_long_and_a_fast_clock_leaves_real_time(
    desk: SimpleNamespace, speed: float, answer_s: float
) -> None:
    desk.stop()
    desk.centre = replace(desk.centre, rules=replace(desk.centre.rules, accepted_within_s=5))

    def real_s(seconds: float) -> float:
        return seconds / speed

    watch = CallWatch(desk.start(), Devices(real_s), Attention(time.monotonic, real_s), real_s)
    assert watch.announcements.patience.answer_s == answer_s
