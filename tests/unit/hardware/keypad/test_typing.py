import pytest

from config.settings import CallAction, PressTiming
from hardware.keypad import Press
from hardware.keypad.presses import Edge, Presses

NUMERIC = {
    "enter": CallAction.NEXT,
    "enter.hold": CallAction.PARK_NEXT,
    "star": CallAction.RECALL,
}
WITH_CALL = {"next": CallAction.NEXT, "call": CallAction.CALL_NUMBER}


class Hand:
    def __init__(self, actions: dict[str, CallAction]) -> None:
        self.presses = Presses(actions, PressTiming())
        self.now = 100.0

    def __call__(self, keys: str, wait_s: float = 0.2) -> list[Press]:
        found = []
        for key in keys.split():
            self.now += wait_s
            found += self.presses.take("u", key, Edge.DOWN, self.now)
            found += self.presses.take("u", key, Edge.UP, self.now + 0.1)
        return found


@pytest.mark.parametrize(
    ("keys", "name", "number"),
    [
        ("enter", "enter", None),
        ("1 0 1 7 enter", "enter", "1017"),
        ("0 0 5 enter", "enter", "005"),
        ("1 0 8 backspace 1 7 enter", "enter", "1017"),
        ("9 9 clear 1 7 enter", "enter", "17"),
        ("1 0 star", "star", None),
        ("backspace enter", "enter", None),
        ("1 2 3 4 5 6 7 8 9 0 enter", "enter", "123456789"),
    ],
)
def test_a_number_is_typed_before_its_key(keys: str, name: str, number: str | None) -> None:
    (press,) = Hand(NUMERIC)(keys)
    assert (press.name, press.number) == (name, number)


def test_a_keypad_that_went_away_forgets_what_was_typed() -> None:
    hand = Hand(NUMERIC)
    hand("1 0")
    hand.presses.forget("u")
    assert hand("1 7 enter")[0].number == "17"


def test_a_number_is_used_once() -> None:
    hand = Hand(NUMERIC)
    assert [press.number for press in hand("1 7 enter enter")] == ["17", None]
    assert [press.number for press in hand("1 7 star enter")] == [None, None]


def test_a_half_typed_number_is_forgotten() -> None:
    hand = Hand(NUMERIC)
    hand("1 0")
    assert hand("enter", wait_s=4.9)[0].number == "10"
    hand("1 0")
    assert hand("enter", wait_s=5.1)[0].number is None
    hand("1 0")
    assert [press.number for press in hand("1", wait_s=5.1) + hand("7 enter")] == ["17"]


def test_units_type_apart() -> None:
    presses = Presses(NUMERIC, PressTiming())
    presses.take("u", "1", Edge.PRESS, 1.0)
    presses.take("v", "2", Edge.PRESS, 1.1)
    (press,) = presses.take("v", "star", Edge.PRESS, 1.2)
    assert press.number is None
    presses.take("u", "enter", Edge.DOWN, 1.3)
    (press,) = presses.take("u", "enter", Edge.UP, 1.4)
    assert (press.unit, press.number) == ("u", "1")


def test_where_there_is_a_key_for_it_only_that_calls_a_number() -> None:
    assert [press.number for press in Hand(WITH_CALL)("1 7 next")] == [None]
    assert [press.number for press in Hand(WITH_CALL)("1 7 call")] == ["17"]


def test_a_held_key_takes_no_number() -> None:
    presses = Presses(NUMERIC, PressTiming())
    presses.take("u", "1", Edge.PRESS, 1.0)
    presses.take("u", "enter", Edge.DOWN, 1.2)
    assert [(press.name, press.number) for press in presses.due(2.5)] == [("enter.hold", None)]
    assert presses.next_due() is None
