from datetime import UTC, datetime, timedelta

from bus.health import KeypadHealth, KeypadUnit, UnknownButton
from bus.vocabulary import Error, UnitState
from counter_caller.keypad.health import FORGET_AFTER_S, Pairing, UnitHealth, health_of
from hall.words import Words
from hardware.keypad import Gesture, Press

NOW = datetime(2026, 11, 23, 1, 24, 5, tzinfo=UTC)
PRESS = Press("zigbee2mqtt:moi", 100, Gesture.DOUBLE)


def test_tells_each_unit_and_what_was_dropped() -> None:
    pressed = datetime(2026, 11, 23, 1, 24, 5, 120_000, tzinfo=UTC)
    units = {
        "line-3": UnitHealth(3, UnitState.READY, pressed, Error.EMPTY),
        "line-1": UnitHealth(1),
    }
    health, message = health_of(units, {"line": {"noise": 2}, "numpad": {}}, Words())
    assert health == KeypadHealth(
        units={
            "line-3": KeypadUnit(
                counter=3, state=UnitState.READY, last_press_at=pressed, refused=Error.EMPTY
            ),
            "line-1": KeypadUnit(counter=1),
        },
        dropped={"line": {"noise": 2}},
    )
    assert message is None


def test_says_in_words_what_to_see_to() -> None:
    units = {
        "line-3": UnitHealth(3, UnitState.OFFLINE),
        "line-1": UnitHealth(1, UnitState.OFFLINE),
        "line-2": UnitHealth(2, UnitState.SILENT),
        "numpad": UnitHealth(4, UnitState.SHARED),
    }
    assert health_of(units, {}, Words())[1] == (
        "Bàn phím quầy 1, 3: mất kết nối, xin kiểm tra dây và nguồn; "
        "Bàn phím quầy 2: không trả lời, xin kiểm tra nguồn và địa chỉ; "
        "Bàn phím quầy 4: đang bị chương trình khác dùng, phím bấm không có tác dụng"
    )
    english = health_of(units, {}, Words("en"))[1]
    assert english is not None
    assert english.startswith("Keypad of counter 1, 3: not connected, check cable and power; ")


def test_lists_the_buttons_that_wait_for_a_counter() -> None:
    pressed = datetime(2026, 11, 23, 1, 24, 5, 120_000, tzinfo=UTC)
    health, message = health_of({}, {}, Words(), {"zigbee2mqtt:moi": ("double", pressed)})
    assert health.pairing == (UnknownButton(unit="zigbee2mqtt:moi", gesture="double", at=pressed),)
    assert message is None


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
