import subprocess
import sys

from hardware.keypad import Gesture, Press


def test_a_press_is_named_as_settings_name_it() -> None:
    assert Press("desk-3", 1.0).name == "single"
    assert Press("desk-3", 1.0, Gesture.HOLD).name == "hold"
    assert Press("desk-3", 1.0, key="enter").name == "enter"
    assert Press("desk-3", 1.0, Gesture.HOLD, "enter").name == "enter.hold"


WITHOUT_LINUX = """
import sys
sys.modules.update({name: None for name in ("fcntl", "termios", "pty", "tty")})
import counter_caller.keypad.bridge, hardware.keypad.presses
"""


def test_nothing_of_linux_is_needed_before_a_device_is_opened() -> None:
    subprocess.run([sys.executable, "-c", WITHOUT_LINUX], check=True, timeout=60)
