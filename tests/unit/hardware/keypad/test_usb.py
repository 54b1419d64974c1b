import queue
import threading
import time
from pathlib import Path

import pytest

from bus.vocabulary import UnitState
from config.settings import PressTiming, UsbKeypad
from hardware.keypad import KeypadShared, KeypadUnavailable, Readout
from hardware.keypad.input_device import RECORD, SYN, SYN_DROPPED, InputDevice
from hardware.keypad.usb import NumericKeypad
from simulators.keypad import SimulatedNumpad

NULL_MAJOR = 1


def must_grab(path: str) -> InputDevice:
    """Open any device as if it were a keyboard: the kernel has no grab for it."""
    return InputDevice(path, input_major=NULL_MAJOR)


def test_a_keyboard_that_cannot_be_held_alone_is_not_used() -> None:
    with pytest.raises(KeypadShared, match="its keys would reach other windows"):
        must_grab("/dev/null")
    states: queue.Queue[tuple[str, UnitState, str]] = queue.Queue()
    settings = UsbKeypad(path="/dev/null", counter=3)
    keypad = NumericKeypad(settings, time.monotonic, (0.01,), must_grab)
    keypad.start(lambda _press: None, lambda *told: states.put(told))
    unit, state, why = states.get(timeout=60)
    keypad.stop()
    assert (unit, state) == ("numpad", UnitState.SHARED)
    assert "cannot be held alone" in why


def test_an_error_of_ours_is_a_fault_and_the_keypad_is_opened_again(
    tmp_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings.append("device thread failed thread=keypad-numpad")
    pad = SimulatedNumpad(tmp_path / "pad")
    pad.plug_in()
    odd: list[Exception] = [ValueError("odd"), UnicodeError("odd")]

    def open_oddly(path: str) -> InputDevice:
        if odd:
            raise odd.pop()
        return InputDevice(path)

    states: queue.Queue[UnitState] = queue.Queue()
    settings = UsbKeypad(path=str(tmp_path / "pad"), counter=3)
    keypad = NumericKeypad(settings, time.monotonic, (0.01,), open_oddly)
    keypad.start(lambda _press: None, lambda _unit, state, _why: states.put(state))
    told = [states.get(timeout=60), states.get(timeout=60)]
    keypad.stop()
    pad.vanish()
    assert told == [UnitState.FAULT, UnitState.READY]


def test_what_is_no_keyboard_needs_no_grab() -> None:
    InputDevice("/dev/null").close()


def test_a_device_that_was_replaced_is_another_one(tmp_path: Path) -> None:
    first, second = SimulatedNumpad(tmp_path / "a"), SimulatedNumpad(tmp_path / "b")
    first.plug_in()
    second.plug_in()
    device = InputDevice(str(tmp_path / "a"))
    device.check()
    (tmp_path / "a").unlink()
    (tmp_path / "a").symlink_to((tmp_path / "b").readlink())
    with pytest.raises(KeypadUnavailable, match="was replaced"):
        device.check()
    device.close()
    first.vanish()
    second.vanish()


def test_keys_may_be_named_anew_or_silenced(tmp_path: Path) -> None:
    pad = SimulatedNumpad(tmp_path / "pad")
    pad.plug_in()
    presses: queue.Queue[str] = queue.Queue()
    states: queue.Queue[UnitState] = queue.Queue()
    settings = UsbKeypad(path=str(tmp_path / "pad"), counter=3, keys={"78": "star", "55": ""})
    keypad = NumericKeypad(settings, time.monotonic)
    keypad.start(lambda press: presses.put(press.name), lambda _u, state, _w: states.put(state))
    states.get(timeout=60)
    pad.press("star", "minus", "plus")
    assert presses.get(timeout=60) == "star"
    keypad.stop()
    pad.vanish()
    assert presses.empty()
    assert keypad.dropped() == {"unknown_key": 2}


def test_what_the_kernel_could_not_keep_is_no_held_key(tmp_path: Path) -> None:
    pad = SimulatedNumpad(tmp_path / "pad")
    pad.plug_in()
    presses: queue.Queue[str] = queue.Queue()
    states: queue.Queue[UnitState] = queue.Queue()
    timing = PressTiming(hold_after_ms=100)
    settings = UsbKeypad(path=str(tmp_path / "pad"), counter=3, timing=timing)
    keypad = NumericKeypad(settings, time.monotonic)
    keypad.start(lambda press: presses.put(press.name), lambda _u, state, _w: states.put(state))
    states.get(timeout=60)
    pad.press("enter.down")
    pad.send(RECORD.pack(0, 0, SYN, SYN_DROPPED, 0))
    with pytest.raises(queue.Empty):
        presses.get(timeout=0.3)
    pad.press("enter.down")
    assert presses.get(timeout=60) == "enter.hold"
    keypad.stop()
    pad.vanish()


def test_somebody_at_an_empty_line_makes_the_light_blink_once_for_each(tmp_path: Path) -> None:
    lit: queue.Queue[bool] = queue.Queue()
    pad = SimulatedNumpad(tmp_path / "pad", lit.put)
    pad.plug_in()
    ready = threading.Event()
    settings = UsbKeypad(path=str(tmp_path / "pad"), counter=3)
    keypad = NumericKeypad(settings, time.monotonic, (0.01,))
    keypad.start(lambda _press: None, lambda *_told: ready.set())
    assert ready.wait(60)
    keypad.show("numpad", Readout("", 0))
    while not lit.get(timeout=60):
        pass
    keypad.show("numpad", Readout("", 1, arrived=True))
    keypad.show("numpad", Readout("", 2, arrived=True))
    blinked = [lit.get(timeout=60) for _ in range(16)]
    assert blinked == [False, True] * 8
    keypad.stop()
    pad.vanish()
    assert all(lit.get_nowait() for _ in range(lit.qsize())), "and then it is lit as before"
