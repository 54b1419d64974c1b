from datetime import UTC, datetime, timedelta

import pytest

from config import Clock, ConfigError


def test_the_systems_clock_has_no_text() -> None:
    assert str(Clock()) == ""
    assert Clock.parse("") == Clock.parse(None) == Clock.starting(None)


def test_a_shared_clock_shows_the_same_time_everywhere() -> None:
    origin = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    clock = Clock.starting(origin, 60)
    copy = Clock.parse(str(clock))
    assert copy == clock
    assert timedelta() <= copy.now() - origin < timedelta(minutes=5)
    assert clock.real_s(30) == 0.5


def test_it_runs_as_fast_as_asked() -> None:
    clock = Clock.starting(datetime(2026, 11, 23, 7, 0, tzinfo=UTC), 1000)
    begin, mono = clock.now(), clock.monotonic()
    while clock.monotonic() - mono < 20:
        pass
    assert clock.now() - begin >= timedelta(seconds=19)


@pytest.mark.parametrize("text", ["soon", "2026-11-23@1@1", "2026-11-23T07:00:00Z@1@0", "a@b@c@d"])
def test_a_broken_clock_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="DENLUOT_CLOCK"):
        Clock.parse(text)
