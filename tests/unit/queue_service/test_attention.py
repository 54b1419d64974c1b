import pytest

from queue_service.attention import Attention


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def attention(clock: Clock) -> Attention:
    """Ten of simulated seconds are one of the wall's."""
    return Attention(clock, lambda seconds: seconds / 10)


def test_it_stands_still_without_a_link(attention: Attention, clock: Clock) -> None:
    clock.seconds = 150.0
    assert (attention(), attention.linked) == (100.0, False)
    attention.take_link(up=True)
    assert (attention(), attention.linked) == (100.0, True)
    attention.rest(2.0)
    clock.seconds = 170.0
    assert attention() == 120.0
    attention.take_link(up=False)
    clock.seconds = 200.0
    attention.take_link(up=False)
    assert attention() == 120.0
    attention.take_link(up=True)
    attention.take_link(up=True)
    attention.rest(1.0)
    clock.seconds = 201.0
    assert attention() == 121.0


def test_it_forgives_the_time_in_which_the_process_was_frozen(
    attention: Attention, clock: Clock
) -> None:
    attention.take_link(up=True)
    attention.rest(5.0)
    clock.seconds = 150.0
    attention.wake()
    assert attention() == 150.0
    clock.seconds = 160.0
    attention.wake()
    assert attention() == 160.0
    clock.seconds = 400.0
    attention.wake()
    attention.wake()
    assert attention() == 150.0
    attention.rest(1.0)
    clock.seconds = 410.0
    attention.wake()
    assert attention() == 160.0


def test_a_freeze_while_it_was_at_work_is_forgiven_too(attention: Attention, clock: Clock) -> None:
    attention.take_link(up=True)
    attention.rest(1.0)
    attention.wake()
    clock.seconds = 300.0
    assert attention() == 110.0
    clock.seconds = 500.0
    attention.rest(1.0)
    assert attention() == 110.0


def test_time_without_a_link_is_not_forgiven_twice(attention: Attention, clock: Clock) -> None:
    attention.take_link(up=True)
    attention.rest(1.0)
    attention.take_link(up=False)
    clock.seconds = 300.0
    attention.wake()
    assert attention() == 100.0
    attention.take_link(up=True)
    attention.wake()
    assert attention() == 100.0
