from datetime import UTC, datetime, timedelta

from counter_caller.keypad.pairing import FORGET_AFTER_S, Pairing
from hardware.keypad import Gesture, Press

NOW = datetime(2026, 11, 23, 1, 24, 5, tzinfo=UTC)
PRESS = Press("zigbee2mqtt:moi", 100, Gesture.DOUBLE)


def test_a_press_keeps_its_time_however_the_clocks_drift() -> None:
    pairing = Pairing()
    first = {"zigbee2mqtt:moi": ("double", NOW - timedelta(seconds=3))}
    assert pairing.recent([PRESS], 103, NOW) == first
    assert pairing.recent([PRESS], 110, NOW + timedelta(seconds=7.4)) == first
    again = Press("zigbee2mqtt:moi", 111)
    later = NOW + timedelta(seconds=8)
    assert pairing.recent([again], 111, later) == {"zigbee2mqtt:moi": ("single", later)}


def test_a_press_is_forgotten_after_a_while() -> None:
    assert Pairing().recent([PRESS], PRESS.at + FORGET_AFTER_S, NOW) == {}
