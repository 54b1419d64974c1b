"""What the installed files keep out of a kiosk: plugs, consoles, keys for the kernel."""

import fnmatch
import re
from configparser import ConfigParser
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from config.settings import (
    Device,
    DispenserBox,
    DispenserButton,
    KeypadBox,
    UsbButtons,
    UsbKeypad,
)
from hardware.keypad.input_device import KEY_NAMES
from provisioning.errors import ProvisioningError
from provisioning.lockdown import input_rules

DEPLOY = Path(__file__).parents[3] / "deploy"
SOCKET = "input/by-path/pci-0000:00:14.0-usb-0:2.1:1.0-event-kbd"
_TERM = re.compile(r'([A-Z]+)(?:\{([^}]+)\})?(==|!=|\+=|-=|=)"([^"]*)"(?:, |$)')


@dataclass
class Node:
    """An input device as udev knows it when the rules of 72 come, and what they make of it."""

    env: dict[str, str]
    parents: tuple[str, ...] = ("usb", "hid")
    links: tuple[str, ...] = ()
    cmdline: tuple[str, ...] = ()
    tags: set[str] = field(default_factory=lambda: {"power-switch", "seat"})
    attributes: dict[str, str] = field(default_factory=dict)
    group: str = "input"
    kernel: str = "event7"

    @property
    def deaf(self) -> bool:
        return (
            self.attributes.get("device/inhibited") == "1"
            and self.env.get("LIBINPUT_IGNORE_DEVICE") == "1"
            and "power-switch" not in self.tags
        )

    def take(self, rules: str) -> "Node":
        """Carry out the rules as udev would, as far as these use its language."""
        skip_to = ""
        for line in rules.splitlines():
            if not line or line.startswith("#"):
                continue
            terms = _TERM.findall(line)
            assert "".join(f"{k}{'{' + a + '}' if a else ''}{o}" for k, a, o, _ in terms), line
            assert len(_TERM.sub("", line)) == 0, f"not understood: {line}"
            label = next((value for key, _, _, value in terms if key == "LABEL"), "")
            if skip_to:
                skip_to = "" if label == skip_to else skip_to
                continue
            if all(self._matches(*term) for term in terms if term[2] in ("==", "!=")):
                for term in terms:
                    skip_to = self._assign(*term) or skip_to
        assert not skip_to, "a GOTO without its LABEL"
        return self

    def _matches(self, key: str, name: str, operator: str, wanted: str) -> bool:
        found = {
            "ACTION": ("add",),
            "SUBSYSTEM": ("input",),
            "SUBSYSTEMS": ("input", *self.parents),
            "KERNEL": (self.kernel,),
            "SYMLINK": self.links,
            "ENV": (self.env.get(name, ""),),
        }[key]
        patterns = wanted.split("|")
        hit = any(fnmatch.fnmatchcase(value, each) for value in found for each in patterns)
        return hit == (operator == "==")

    def _assign(self, key: str, name: str, operator: str, value: str) -> str:
        match key, operator:
            case "GOTO", _:
                return value
            case "ENV", "=":
                self.env[name] = value
            case "ATTR", "=":
                self.attributes[name] = value
            case "TAG", "-=":
                self.tags.discard(value)
            case "GROUP", "=":
                self.group = value
            case "IMPORT", "=":
                self.env |= {value: "1"} if value in self.cmdline else {}
            case (("MODE" | "LABEL"), "="):
                pass
            case _, ("==" | "!="):
                pass
            case _:
                pytest.fail(f"not understood: {key}{operator}")
        return ""


def keypad(path: str = f"/dev/{SOCKET}", **more: object) -> Device:
    device = UsbKeypad(path=path, counter=3, **more)  # type: ignore[arg-type]
    return Device(keypads=(KeypadBox(call_devices=(device,)),))


def keyboard(**more: object) -> Node:
    return Node({"ID_INPUT_KEY": "1", "ID_INPUT_KEYBOARD": "1"}, **more)  # type: ignore[arg-type]


def test_a_keyboard_that_is_plugged_in_is_deaf_for_kernel_screen_and_power() -> None:
    for parents in (("usb", "hid"), ("serio",), ("bluetooth", "hid")):
        assert keyboard(parents=parents).take(input_rules(Device())).deaf


@pytest.mark.parametrize("kind", ["MOUSE", "TOUCHPAD", "TABLET", "JOYSTICK", "KEY"])
def test_so_is_everything_else_with_keys_or_a_pointer(kind: str) -> None:
    assert Node({f"ID_INPUT_{kind}": "1"}).take(input_rules(Device())).deaf


def test_a_touchscreen_is_let_in_unless_it_is_a_keyboard_as_well() -> None:
    rules = input_rules(Device())
    assert not Node({"ID_INPUT_TOUCHSCREEN": "1"}).take(rules).deaf
    both = {"ID_INPUT_TOUCHSCREEN": "1", "ID_INPUT_KEYBOARD": "1"}
    assert Node(both).take(rules).deaf


def test_a_configured_keypad_is_ours_alone_and_its_twin_in_another_socket_is_deaf() -> None:
    rules = input_rules(keypad())
    ours = keyboard(links=("input/by-id/usb-0000_NUMPAD-event-kbd", SOCKET)).take(rules)
    assert ours.group == "denluot-screen"
    assert ours.env["LIBINPUT_IGNORE_DEVICE"] == "1"
    assert ours.attributes == {"device/inhibited": "0"}
    assert "power-switch" not in ours.tags
    twin = keyboard(links=("input/by-id/usb-0000_NUMPAD-event-kbd", SOCKET.replace("2.1", "2.2")))
    assert twin.take(rules).deaf


def test_a_keypad_may_be_named_by_a_rule_of_ours_or_by_its_node() -> None:
    assert (
        not keyboard(links=("denluot/keypad-3",))
        .take(input_rules(keypad("/dev/denluot/keypad-3")))
        .deaf
    )
    assert not keyboard().take(input_rules(keypad("/dev/input/event7"))).deaf
    assert keyboard(kernel="event77").take(input_rules(keypad("/dev/input/event7"))).deaf


@pytest.mark.parametrize(
    "path", ['/dev/x", RUN+="/bin/sh', "/dev/in*", "/dev/../etc/passwd", "/srv/pipe", "/dev/a b"]
)
def test_a_path_that_would_be_more_than_a_path_is_refused(path: str) -> None:
    with pytest.raises(ProvisioningError, match="by-path"):
        input_rules(keypad(path))


def test_the_machine_keeps_its_own_power_button() -> None:
    button = Node({"ID_INPUT_KEY": "1"}, parents=("acpi",)).take(input_rules(Device()))
    assert not button.deaf
    assert "power-switch" in button.tags


def test_where_people_work_the_keypad_is_ours_and_their_keyboard_theirs() -> None:
    rules = input_rules(keypad(), others_deaf=False)
    assert keyboard(links=(SOCKET,)).take(rules).env["LIBINPUT_IGNORE_DEVICE"] == "1"
    theirs = keyboard(links=("input/by-path/another",)).take(rules)
    assert (theirs.env.get("LIBINPUT_IGNORE_DEVICE"), theirs.attributes) == (None, {})
    assert "power-switch" in theirs.tags


def test_whoever_may_start_the_machine_anew_may_have_a_keyboard() -> None:
    rules = input_rules(Device())
    assert not keyboard(cmdline=("denluot.keyboard",)).take(rules).deaf
    assert not Node({"ID_INPUT_MOUSE": "1", "DENLUOT_ALLOWED": "1"}).take(rules).deaf


def test_no_letter_and_no_function_key_of_a_keypad_has_a_name() -> None:
    letters = {*range(16, 26), *range(30, 39), *range(44, 51)}
    function = {*range(59, 69), 87, 88, 99, 125, 126}  # F1 to F12, SysRq, both Meta
    control = {1, 15, 29, 42, 54, 56, 97, 100, 116, 142}  # Esc, Tab, Ctrl, Shift, Alt, Power, Sleep
    assert not KEY_NAMES.keys() & (letters | function | control)


def ini(name: str) -> ConfigParser:
    parser = ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string((DEPLOY / name).read_text())
    return parser


def test_there_is_no_console_to_switch_to() -> None:
    login = ini("logind.conf.d/denluot.conf")["Login"]
    assert (login["NAutoVTs"], login["ReserveVT"]) == ("0", "0")
    masked = {
        line.partition("#")[0].strip()
        for line in (DEPLOY / "masked-with-screens").read_text().splitlines()
    }
    assert {"autovt@.service", "getty@.service", "debug-shell.service"} <= masked
    display = (DEPLOY / "units/denluot-display.service").read_text()
    command = next(line for line in display.splitlines() if line.startswith("ExecStart="))
    assert "/usr/bin/cage -- " in command, "`-s` would allow switching"
    screens = (DEPLOY / "xorg.conf.d/10-denluot.conf").read_text()
    assert '"DontVTSwitch" "true"' in screens
    assert '"DontZap" "true"' in screens


def test_ctrl_alt_del_does_nothing_however_often() -> None:
    assert "ctrl-alt-del.target" in (DEPLOY / "masked-with-screens").read_text()
    assert ini("system.conf.d/denluot.conf")["Manager"]["CtrlAltDelBurstAction"] == "none"
    assert "kernel.ctrl-alt-del = 0" in (DEPLOY / "sysctl.d/60-denluot.conf").read_text()


def test_the_kernel_has_no_magic_key() -> None:
    assert "kernel.sysrq = 0" in (DEPLOY / "sysctl.d/60-denluot.conf").read_text()


def test_no_key_puts_the_machine_to_sleep() -> None:
    login = ini("logind.conf.d/denluot.conf")["Login"]
    keys = [key for key in login if key.startswith("Handle") and key != "HandlePowerKey"]
    assert len(keys) == 10
    assert {login[key] for key in keys} == {"ignore"}
    assert login["IdleAction"] == "ignore"


def test_a_restart_takes_no_rights_of_the_kiosk() -> None:
    path, service = ini("units/denluot-restart.path"), ini("units/denluot-restart.service")
    asked = path["Path"]["PathExists"]
    assert service["Service"]["ExecStart"] == f"/usr/bin/rm {asked}"
    assert service["Service"]["User"] == "denluot-screen"
    assert service["Unit"]["SuccessAction"] == "reboot"


def test_the_buttons_of_a_dispenser_are_heard_by_us_alone() -> None:
    line = UsbButtons(path=f"/dev/{SOCKET}")
    box = DispenserBox(line=line, buttons={"30": DispenserButton(service="CERT")})
    rules = input_rules(Device(dispenser=box))
    assert input_rules(keypad(f"/dev/{SOCKET}")) == rules
