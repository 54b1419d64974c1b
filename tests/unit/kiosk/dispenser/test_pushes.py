"""Which pushes are meant: the rule of the same finger, the bounds, and who has gone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.dispenser.pushes import MOST_WAITING, WAITS_S, Heard, Pushes


@pytest.fixture
def pushes() -> Pushes:
    return Pushes(again_after_s=1.0, most_per_minute=30)


def test_a_contact_that_bounces_is_one_push(pushes: Pushes) -> None:
    heard = [pushes.take("b1", 10 + step / 100) for step in range(50)]
    assert heard == [Heard.MEANT, *[Heard.SAME] * 49]


def test_a_button_that_sticks_stays_one_finger(pushes: Pushes) -> None:
    heard = [pushes.take("b1", 10 + step * 0.9) for step in range(100)]
    assert heard.count(Heard.MEANT) == 1


def test_two_people_at_two_buttons_are_two(pushes: Pushes) -> None:
    assert pushes.take("b1", 10.0) is Heard.MEANT
    assert pushes.take("b2", 10.0) is Heard.MEANT
    assert pushes.take("b1", 11.0) is Heard.MEANT
    keys = [push.key for _ in range(3) if (push := pushes.next(11.0))]
    assert keys == ["b1", "b2", "b1"]
    assert pushes.next(11.0) is None


def test_who_has_gone_gets_no_number(pushes: Pushes) -> None:
    pushes.take("b1", 10.0)
    pushes.take("b2", 15.0)
    push = pushes.next(10.1 + WAITS_S)
    assert push is not None
    assert push.key == "b2"


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 3)), max_size=200))
def test_however_it_is_pushed_the_bounds_hold(pushed: list[tuple[str, float]]) -> None:
    pushes, now, meant = Pushes(1.0, 30), 0.0, []
    for key, pause in pushed:
        now += pause
        if pushes.take(key, now) is Heard.MEANT:
            meant.append(now)
    for begin in meant:
        assert sum(begin <= at < begin + 60 for at in meant) <= 30
    waiting = 0
    while pushes.next(now):
        waiting += 1
    assert waiting <= MOST_WAITING
