"""Which input devices a machine listens to that stands in the hall: touch, and its own keypads."""

import re
from collections.abc import Iterator

from config.settings import Device, UsbKeypad
from provisioning.errors import ProvisioningError

INPUT_RULES = "72-denluot-inputs.rules"
"""After Debian's `60-persistent-input` and `70-power-switch`, which say what a device is."""
_SAFE_PATH = re.compile(r"/dev/([A-Za-z0-9_./:+@-]{1,200})")
_PLUGGED = "usb|hid|serio|bluetooth"
_KINDS = (
    "KEY",
    "KEYBOARD",
    "MOUSE",
    "TOUCHPAD",
    "POINTINGSTICK",
    "TABLET",
    "TABLET_PAD",
    "JOYSTICK",
)

_HEAD = """\
# Made by `denluot install` from device.toml; it is made again by the next one.
# What is plugged in is deaf in the hall, for the kernel, consoles and the screen, unless it is a
# touchscreen or a keypad of device.toml: those our bridge alone hears, and it knows their keys.
# To work with a keyboard, start the machine with `denluot.keyboard` on the kernel's command line.
# A touch panel that says it is a mouse is let in by ENV{DENLUOT_ALLOWED}="1" in a rule before 72.
ACTION=="remove", GOTO="denluot_inputs_end"
SUBSYSTEM!="input", GOTO="denluot_inputs_end"
KERNEL!="event*", GOTO="denluot_inputs_end"
IMPORT{cmdline}="denluot.keyboard"
ENV{denluot.keyboard}=="1", GOTO="denluot_inputs_end"
ENV{DENLUOT_ALLOWED}=="1", GOTO="denluot_inputs_end"
ENV{ID_INPUT_TOUCHSCREEN}=="1", ENV{ID_INPUT_KEYBOARD}!="1", GOTO="denluot_inputs_end"
"""
_KEYPAD = """\
ENV{DENLUOT_KEYPAD}=="1", GROUP="denluot-screen", MODE="0660", ENV{LIBINPUT_IGNORE_DEVICE}="1", \
TAG-="power-switch", ATTR{device/inhibited}="0", GOTO="denluot_inputs_end"
"""
_TAIL = """\
ENV{DENLUOT_DEAF}=="1", ENV{LIBINPUT_IGNORE_DEVICE}="1", TAG-="power-switch", \
ATTR{device/inhibited}="1"
LABEL="denluot_inputs_end"
"""


def input_rules(device: Device, *, others_deaf: bool = True) -> str:
    """Return the udev rules of a machine with `device`; raises ProvisioningError for a path.

    Where people work at the machine, only its keypads are kept from the screen.
    """
    keypads = (f'{_match(keypad)}, ENV{{DENLUOT_KEYPAD}}="1"\n' for keypad in usb_keypads(device))
    strangers = _strangers() if others_deaf else ()
    return "".join((_HEAD, *keypads, _KEYPAD, *strangers, _TAIL))


def usb_keypads(device: Device) -> tuple[UsbKeypad, ...]:
    """Return the keypads that the system takes for keyboards."""
    choices = [each for box in device.keypads for each in box.call_devices]
    if device.dispenser is not None:
        choices.append(device.dispenser.call_device)
    return tuple(each for each in choices if isinstance(each, UsbKeypad))


def _match(keypad: UsbKeypad) -> str:
    path = _SAFE_PATH.fullmatch(keypad.path)
    if not path or ".." in keypad.path:
        raise ProvisioningError(
            f"keypad {keypad.name}: udev knows no {keypad.path!r}; use a path of /dev/input/by-path"
        )
    name = path[1]
    if event := re.fullmatch(r"input/(event\d+)", name):
        return f'KERNEL=="{event[1]}"'
    return f'SYMLINK=="{name}"'


def _strangers() -> Iterator[str]:
    for kind in _KINDS:
        yield f'SUBSYSTEMS=="{_PLUGGED}", ENV{{ID_INPUT_{kind}}}=="1", ENV{{DENLUOT_DEAF}}="1"\n'
