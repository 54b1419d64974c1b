import pytest

from hardware.keypad import Gesture
from hardware.keypad.buttons.forms import Forms
from hardware.keypad.buttons.judge import Arrival, Judge
from simulators.buttons import FAMILIES, SimulatedButton

WALL = 1764000000.0
BUTTONS = {"shelly-blu": ":bthomedevice-3", "zigbee2mqtt-e1812": ""}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("gesture", Gesture)
def test_every_simulated_press_is_one_press(family: str, gesture: Gesture) -> None:
    unit = f"{family.partition('-')[0]}:nut{BUTTONS.get(family, ':3')}"
    judge = Judge([unit])
    judge.take_link(0.0)
    forms = Forms()
    for count in (1, 2):
        at = 100.0 * count
        parts = FAMILIES[family](SimulatedButton("nut", "3", gesture, WALL + at, count))
        arrival = Arrival(at, WALL + at, retained=False)
        said = [one for p in parts for one in forms.said(p.topic, p.payload)]
        presses = [judge.press(one, arrival) for one in said]
        heard = [(press.unit, press.gesture) for press in presses if press]
        single = family == "esphome-contact"
        knows_it = (family, gesture) != ("zigbee2mqtt-hue", Gesture.DOUBLE)
        assert heard == ([(unit, Gesture.SINGLE if single else gesture)] if knows_it else [])
