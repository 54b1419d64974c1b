"""The real bytes: a USB keyboard's and a line's, from simulated boxes on terminals."""

import queue
import random
import time
from pathlib import Path

import pytest

from bus.memory import MemoryBroker, MemoryBus
from bus.vocabulary import Error, UnitState
from config import Clock, ConfigError, load_device
from config.settings import DispenserBox, DispenserButton, SerialButtons, UsbButtons
from hall.words import Words
from hardware.keypad import Press, Readout, open_call_device
from simulators.dispenser.__main__ import DispenserConsole
from simulators.keypad.console import Unit, end_of, simulate

WITHIN_S = 30
BUTTON = DispenserButton(service="CERT")


def box(driver: str, place: Path) -> DispenserBox:
    if driver == "usb":
        return DispenserBox(line=UsbButtons(path=str(place)), buttons={"30": BUTTON, "2": BUTTON})
    return DispenserBox(
        line=SerialButtons(url=str(place), checksum=True), buttons={"b1": BUTTON, "b2": BUTTON}
    )


class Wire:
    """A simulated box, and the driver that reads it."""

    def __init__(self, of: DispenserBox, seed: object) -> None:
        self.said: queue.SimpleQueue[str] = queue.SimpleQueue()
        units = simulate(
            [of.call_device], random.Random(str(seed)), self.said.put, Words(), echo=False
        )
        self.unit: Unit = next(iter(units.values()))
        self.console = DispenserConsole(of, self.unit, self.said.put, Words())
        bus = MemoryBus(MemoryBroker(), "none")
        self.driver = open_call_device(
            of.call_device, bus, time.monotonic, Clock().now, reopen_after_s=(0.05,)
        )
        self.pressed: queue.SimpleQueue[Press] = queue.SimpleQueue()
        self.states: queue.SimpleQueue[UnitState] = queue.SimpleQueue()

    def start(self) -> None:
        end_of(self.unit).plug_in()
        self.driver.start(self.pressed.put, lambda _unit, state, _why: self.states.put(state))

    def wait_for(self, state: UnitState) -> None:
        while self.states.get(timeout=WITHIN_S) is not state:
            pass

    def key(self) -> str:
        press = self.pressed.get(timeout=WITHIN_S)
        assert press.number is None
        return press.key


@pytest.mark.parametrize(
    ("driver", "typed", "keys"),
    [("usb", "30 2", ["key_30", "key_2"]), ("serial", "b1 b2", ["b1", "b2"])],
)
def test_a_push_is_heard_once_and_again_after_the_cable_was_out(
    tmp_path: Path, driver: str, typed: str, keys: list[str]
) -> None:
    of = box(driver, tmp_path / "box")
    wire = Wire(of, typed)
    wire.start()
    wire.wait_for(UnitState.READY if driver == "usb" else UnitState.UNKNOWN)
    try:
        wire.console.obey(typed)
        assert [wire.key(), wire.key()] == keys
        assert set(keys) == set(of.keys)
        wire.console.obey("vanish")
        wire.wait_for(UnitState.OFFLINE)
        wire.console.obey("return")
        wire.wait_for(UnitState.READY if driver == "usb" else UnitState.UNKNOWN)
        wire.console.obey(typed.split(maxsplit=1)[0])
        assert wire.key() == keys[0]
        assert wire.pressed.empty()
        unit = next(iter(wire.driver.units))
        wire.driver.show(unit, Readout(waiting=0))
        wire.driver.refuse(unit, Error.FULL)
        assert wire.said.get(timeout=WITHIN_S)  # what the box itself shows of it
    finally:
        wire.driver.stop()
        end_of(wire.unit).vanish()


def test_a_key_that_is_no_button_says_nothing(tmp_path: Path) -> None:
    wire = Wire(box("serial", tmp_path / "box"), 1)
    wire.start()
    wire.wait_for(UnitState.UNKNOWN)
    try:
        wire.console.obey("noise box")
        wire.unit.line.send(b"\r\nK01 B9*00\r\nK07 B1\r\n")  # type: ignore[union-attr]
        wire.console.obey("b2")
        assert wire.key() == "b2"
        assert wire.pressed.empty()
    finally:
        wire.driver.stop()
        end_of(wire.unit).vanish()


USB = '[dispenser.line]\ndriver = "usb"\npath = "/dev/input/by-id/x"\n'
LINE = '[dispenser.line]\ndriver = "serial"\nurl = "/dev/ttyUSB0"\n'


@pytest.mark.parametrize(
    ("line", "name"),
    [(USB, "b1"), (USB, "1234"), (LINE, "30"), (LINE, "clear"), (LINE, "button"), (LINE, "B1")],
)
def test_a_button_that_could_never_be_heard_is_refused(
    tmp_path: Path, line: str, name: str
) -> None:
    file = tmp_path / "device.toml"
    file.write_text(f'{line}[dispenser.buttons.{name}]\nservice = "CERT"\n')
    with pytest.raises(ConfigError, match="needs"):
        load_device(file)


@pytest.mark.parametrize(("line", "name"), [(USB, "30"), (LINE, "b1")])
def test_a_box_is_read_from_its_file(tmp_path: Path, line: str, name: str) -> None:
    file = tmp_path / "device.toml"
    file.write_text(f'{line}[dispenser.buttons.{name}]\nservice = "CERT"\npriority = true\n')
    dispenser = load_device(file).dispenser
    assert dispenser is not None
    assert dispenser.buttons == {name: DispenserButton(service="CERT", priority=True)}
    assert len(dispenser.call_device.unit_names) == 1


def test_two_devices_on_one_box_have_names_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "device.toml"
    keypad = '[[keypads]]\n[[keypads.call_devices]]\ndriver = "usb"\nname = "dispenser"\n'
    file.write_text(
        f'{keypad}path = "/dev/x"\ncounter = 1\n{USB}[dispenser.buttons.30]\nservice = "CERT"\n'
    )
    with pytest.raises(ConfigError, match="dispenser"):
        load_device(file)
