import pytest

from hardware.keypad import Gesture
from hardware.keypad.buttons.forms import said
from hardware.keypad.buttons.judge import Arrival, Judge
from simulators.buttons import FAMILIES, SimulatedButton

WALL = 1764000000.0


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("gesture", Gesture)
def test_every_simulated_press_is_one_press(family: str, gesture: Gesture) -> None:
    unit = f"{family.removesuffix('-old').removesuffix('-gen1').removesuffix('-contact')}:nut:3"
    judge = Judge([unit])
    judge.take_link(0.0)
    for count in (1, 2):
        at = 100.0 * count
        parts = FAMILIES[family](SimulatedButton("nut", "3", gesture, WALL + at, count))
        arrival = Arrival(at, WALL + at, retained=False)
        presses = [judge.press(one, arrival) for p in parts for one in said(p.topic, p.payload)]
        heard = [(press.unit, press.gesture) for press in presses if press]
        single = family == "esphome-contact"
        assert heard == [(unit, Gesture.SINGLE if single else gesture)]
