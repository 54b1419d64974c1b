from hardware.keypad import Gesture, Press


def test_a_press_is_named_as_settings_name_it() -> None:
    assert Press("desk-3", 1.0).name == "single"
    assert Press("desk-3", 1.0, Gesture.HOLD).name == "hold"
    assert Press("desk-3", 1.0, key="enter").name == "enter"
    assert Press("desk-3", 1.0, Gesture.HOLD, "enter").name == "enter.hold"
