"""How long a vote is of the person who was served: by the counter's word and two clocks."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from bus.states import CounterState
from bus.vocabulary import Language
from hall.model import Hall
from web.rating.windows import LONGEST_S, Window, Windows

Hear = Callable[[CounterState], None]
MakeCounter = Callable[..., CounterState]


@pytest.fixture
def windows(heard: Hall, seconds: SimpleNamespace) -> Windows:
    return Windows(heard, lambda: seconds.now, lambda s: s, lambda: seconds.at_s)


def newest(windows: Windows) -> Window:
    window = windows.newest(3)
    assert window
    return window


def test_an_end_of_service_opens_a_window_at_its_counter_alone(
    windows: Windows, hear: Hear, counter_state: MakeCounter
) -> None:
    hear(counter_state(current="T1"))
    assert windows.newest(3) is None
    hear(counter_state("T1", lang=Language.ENGLISH))
    window = newest(windows)
    assert (window.served.ticket, window.served.counter, window.lang) == ("T1", 3, "en")
    assert windows.newest(2) is None


def test_it_closes_ten_seconds_after_the_next_call(
    windows: Windows, hear: Hear, counter_state: MakeCounter, seconds: SimpleNamespace
) -> None:
    hear(counter_state("T1"))
    seconds.pass_s(60)
    called = seconds.now
    hear(counter_state("T1", followed=called, current="T2", called=called))
    seconds.pass_s(9.9)
    hear(counter_state("T1", followed=called, current="T2", called=seconds.now))  # a repeat
    assert newest(windows).served.ticket == "T1"
    seconds.pass_s(0.2)
    assert windows.newest(3) is None
    assert windows.find(3, "T1")


def test_without_a_next_call_it_closes_after_minutes(
    windows: Windows, hear: Hear, counter_state: MakeCounter, seconds: SimpleNamespace
) -> None:
    hear(counter_state("T1"))
    seconds.pass_s(LONGEST_S - 1)
    assert newest(windows)
    seconds.pass_s(1)
    assert windows.newest(3) is None


def test_who_was_served_shortly_before_the_next_may_still_answer(
    windows: Windows, hear: Hear, counter_state: MakeCounter, seconds: SimpleNamespace
) -> None:
    hear(counter_state("T1"))
    hear(counter_state("T1", followed=seconds.now, current="T2", called=seconds.now))
    seconds.pass_s(4)
    hear(counter_state("T2", ended=seconds.now))
    assert newest(windows).served.ticket == "T2"
    first = windows.find(3, "T1")
    assert first
    assert first.open(seconds.at_s)
    seconds.pass_s(7)
    assert not first.open(seconds.at_s)
    assert newest(windows).served.ticket == "T2"


def test_an_end_that_is_taken_back_asks_nothing(
    windows: Windows, hear: Hear, counter_state: MakeCounter
) -> None:
    hear(counter_state("T1"))
    hear(counter_state(current="T1"))
    assert windows.newest(3) is None
    assert windows.find(3, "T1") is None


def test_a_web_process_that_starts_later_reads_how_long_ago_it_was(
    heard: Hall,
    hear: Hear,
    counter_state: MakeCounter,
    seconds: SimpleNamespace,
    now: datetime,
) -> None:
    hear(counter_state("T1", followed=now + timedelta(seconds=30), current="T2", called=now))
    seconds.pass_s(35)
    again = Windows(heard, lambda: seconds.now, lambda s: s, lambda: seconds.at_s)
    hear(counter_state("T1", followed=now + timedelta(seconds=30)))
    assert newest(again).opened_s == seconds.at_s - 35
    seconds.pass_s(5)
    assert again.newest(3) is None


@pytest.mark.parametrize("jump", [timedelta(hours=-5), timedelta(hours=5)])
def test_a_clock_that_is_set_opens_and_closes_nothing(
    windows: Windows,
    hear: Hear,
    counter_state: MakeCounter,
    seconds: SimpleNamespace,
    jump: timedelta,
) -> None:
    hear(counter_state("T1"))
    called = seconds.now
    hear(counter_state("T1", followed=called))
    seconds.now += jump
    hear(counter_state("T1", followed=called))
    seconds.at_s += 9
    assert newest(windows)
    seconds.at_s += 1
    assert windows.newest(3) is None


def test_a_sped_up_centre_leaves_people_their_real_seconds(
    heard: Hall, hear: Hear, counter_state: MakeCounter, seconds: SimpleNamespace
) -> None:
    windows = Windows(heard, lambda: seconds.now, lambda s: s / 60, lambda: seconds.at_s)
    hear(counter_state("T1", followed=seconds.now))
    seconds.now += timedelta(seconds=9 * 60)
    seconds.at_s += 9
    hear(counter_state("T1", followed=seconds.now - timedelta(seconds=9 * 60)))
    assert newest(windows)
    seconds.at_s += 1
    assert windows.newest(3) is None
