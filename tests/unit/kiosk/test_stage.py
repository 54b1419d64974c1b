import pytest

from kiosk.stage import TapGuard


@pytest.fixture
def time() -> list[float]:
    return [100.0]


@pytest.fixture
def guard(time: list[float]) -> TapGuard:
    return TapGuard(lambda: time[0])


def test_a_second_tap_of_the_same_gesture_does_nothing(guard: TapGuard, time: list[float]) -> None:
    assert guard.accepts("priority")
    time[0] += 0.3
    assert not guard.accepts("priority")
    time[0] += 0.31
    assert guard.accepts("priority")


def test_another_control_may_follow_at_once(guard: TapGuard, time: list[float]) -> None:
    assert guard.accepts("priority")
    time[0] += 0.1
    assert guard.accepts("service")


def test_what_has_just_appeared_under_the_finger_is_safe(
    guard: TapGuard, time: list[float]
) -> None:
    guard.screen_changed()
    time[0] += 0.5
    assert not guard.accepts("finish")
    time[0] += 0.2
    assert guard.accepts("finish")
