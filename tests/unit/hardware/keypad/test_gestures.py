import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import CallAction, PressTiming
from hardware.keypad import Gesture, Press
from hardware.keypad.presses import Edge, Gestures

BUTTON = {
    "single": CallAction.NEXT,
    "double": CallAction.RECALL,
    "hold": CallAction.PARK_NEXT,
}
PLAIN = {"next": CallAction.NEXT, "recall": CallAction.RECALL}
HOLDING = {"enter": CallAction.NEXT, "enter.hold": CallAction.PARK_NEXT}
TIMING = PressTiming()


def button() -> Gestures:
    return Gestures(BUTTON, TIMING)


def names(presses: list[Press]) -> list[str]:
    return [press.name for press in presses]


def test_a_key_without_a_double_acts_at_once() -> None:
    gestures = Gestures(PLAIN, TIMING)
    assert gestures.take("u", "next", Edge.PRESS, 5.0) == [Press("u", 5.0, key="next")]
    assert gestures.next_due() is None


def test_a_single_waits_for_the_double_window_and_no_longer() -> None:
    gestures = button()
    assert gestures.take("u", "", Edge.PRESS, 1.0) == []
    assert gestures.next_due() == pytest.approx(1.35)
    assert gestures.due(1.34) == []
    assert gestures.due(1.35) == [Press("u", 1.0)]
    assert gestures.due(9.0) == []


def test_two_presses_are_one_double_and_three_are_no_more() -> None:
    gestures = button()
    gestures.take("u", "", Edge.PRESS, 1.0)
    assert names(gestures.take("u", "", Edge.PRESS, 1.2)) == ["double"]
    assert gestures.take("u", "", Edge.PRESS, 1.4) == []
    assert gestures.due(5.0) == []
    gestures.take("u", "", Edge.PRESS, 6.0)
    assert names(gestures.due(7.0)) == ["single"]


def test_units_and_keys_do_not_make_each_other_double() -> None:
    gestures = button()
    gestures.take("u", "", Edge.PRESS, 1.0)
    gestures.take("v", "", Edge.PRESS, 1.1)
    assert [press.unit for press in gestures.due(2.0)] == ["u", "v"]


def test_another_key_ends_the_wait_in_the_order_of_the_fingers() -> None:
    gestures = Gestures(BUTTON | PLAIN, TIMING)
    gestures.take("u", "", Edge.PRESS, 1.0)
    assert names(gestures.take("u", "recall", Edge.PRESS, 1.1)) == ["single", "recall"]


def test_a_bouncing_contact_is_one_press() -> None:
    gestures = Gestures(PLAIN, TIMING)
    pressed = [gestures.take("u", "next", Edge.PRESS, 1.0 + step / 100) for step in range(4)]
    assert [len(presses) for presses in pressed] == [1, 0, 0, 0]
    assert gestures.bounces == 3


def test_a_key_held_long_fires_while_it_is_held_and_once() -> None:
    gestures = Gestures(HOLDING, TIMING)
    assert gestures.take("u", "enter", Edge.DOWN, 1.0) == []
    assert gestures.next_due() == pytest.approx(1.8)
    assert gestures.due(1.8) == [Press("u", 1.0, Gesture.HOLD, "enter")]
    assert gestures.due(3.0) == []
    assert gestures.take("u", "enter", Edge.UP, 3.1) == []


def test_a_key_let_go_early_is_a_single_by_the_time_of_the_finger() -> None:
    gestures = Gestures(HOLDING, TIMING)
    gestures.take("u", "enter", Edge.DOWN, 1.0)
    assert gestures.take("u", "enter", Edge.UP, 1.3) == [Press("u", 1.0, key="enter")]


def test_a_key_told_down_again_and_again_is_held_once() -> None:
    gestures = Gestures(HOLDING, TIMING)
    found = [
        press
        for step in range(20)
        for press in gestures.take("u", "enter", Edge.DOWN, 1.0 + step / 10)
    ]
    assert names(found) == ["enter.hold"]


def test_a_key_without_a_hold_is_told_down_again_and_again_and_pressed_once() -> None:
    gestures = Gestures(PLAIN, TIMING)
    found = [
        press
        for step in range(20)
        for press in gestures.take("u", "next", Edge.DOWN, 1.0 + step / 10)
    ]
    assert names(found) == ["next"]
    assert gestures.take("u", "next", Edge.UP, 3.0) == []
    assert names(gestures.take("u", "next", Edge.DOWN, 3.2)) == ["next"]


def test_a_release_that_was_lost_does_not_deaden_the_key() -> None:
    gestures = Gestures(HOLDING, TIMING)
    gestures.take("u", "enter", Edge.DOWN, 1.0)
    assert names(gestures.due(2.0)) == ["enter.hold"]
    gestures.take("u", "enter", Edge.DOWN, 30.0)
    assert names(gestures.take("u", "enter", Edge.UP, 30.1)) == ["enter"]


def test_a_unit_that_went_away_holds_nothing() -> None:
    gestures = Gestures(HOLDING, TIMING)
    gestures.take("u", "enter", Edge.DOWN, 1.0)
    gestures.forget("u")
    assert gestures.due(5.0) == []
    assert gestures.take("u", "enter", Edge.UP, 5.1) == []


def test_down_twice_is_a_double_at_the_second_finger() -> None:
    gestures = button()
    gestures.take("u", "", Edge.DOWN, 1.0)
    gestures.take("u", "", Edge.UP, 1.1)
    assert names(gestures.take("u", "", Edge.DOWN, 1.3)) == ["double"]
    assert gestures.take("u", "", Edge.UP, 1.4) == []
    assert gestures.due(9.0) == []


def test_a_device_that_judges_itself_is_believed() -> None:
    gestures = button()
    assert names(gestures.take("u", "", Edge.DOUBLE, 1.0)) == ["double"]
    assert names(gestures.take("u", "", Edge.HOLD, 2.0)) == ["hold"]
    assert gestures.take("u", "", Edge.HOLD, 2.01) == []


EDGES = st.lists(
    st.tuples(
        st.sampled_from(["u", "v"]),
        st.sampled_from(["", "enter", "next"]),
        st.sampled_from(list(Edge)),
        st.floats(0, 2, allow_nan=False),
    ),
    max_size=30,
)


@given(EDGES)
def test_no_edges_make_more_presses_than_fingers_came_down(
    edges: list[tuple[str, str, Edge, float]],
) -> None:
    gestures = Gestures(BUTTON | HOLDING | PLAIN, TIMING)
    now, presses, downs = 0.0, [], 0
    for unit, key, edge, pause in edges:
        now += pause
        presses += gestures.due(now) + gestures.take(unit, key, edge, now)
        downs += edge is not Edge.UP
    presses += gestures.due(now + 10)
    assert len(presses) <= downs
    assert gestures.next_due() is None
    assert gestures.due(now + 20) == []


def test_a_hold_that_a_device_tells_over_and_over_is_one_press() -> None:
    gestures = button()
    told = [gestures.take("u", "", Edge.HOLD, at) for at in (1.0, 1.8, 2.6, 4.5)]
    assert [names(presses) for presses in told] == [["hold"], [], [], []]
    assert names(gestures.take("u", "", Edge.HOLD, 6.6)) == ["hold"], "after 2 s of silence"
    gestures.take("u", "", Edge.UP, 7.0)
    assert names(gestures.take("u", "", Edge.HOLD, 7.5)) == ["hold"], "after its release"
    gestures.forget("u")
    assert names(gestures.take("u", "", Edge.HOLD, 8.0)) == ["hold"]
