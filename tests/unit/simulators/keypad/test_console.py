"""The console of the keypads that are not there."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serial

from config.settings import KeypadUnit, MeterProtocol, SerialKeypads, UsbKeypad
from hall.words import Words
from simulators.keypad.console import Console, Unit, end_of, simulate


class Desk:
    def __init__(self, folder: Path, protocol: MeterProtocol | None = None) -> None:
        self.said: list[str] = []
        units = (KeypadUnit(address=3, counter=3), KeypadUnit(address=12, counter=4))
        url = str(folder / "line")
        line = (
            SerialKeypads(url=url, units=units, protocol=protocol)
            if protocol
            else SerialKeypads(url=url, units=units)
        )
        pad = UsbKeypad(path=str(folder / "pad"), counter=5)
        self.units: dict[str, Unit] = simulate(
            (line, pad), random.Random(1), self.said.append, Words("en"), echo=False
        )
        self.console = Console(self.units, self.said.append, Words("en"))
        self.console.obey("return")
        self.port = serial.Serial(url, timeout=60)

    def reads(self, size: int) -> bytes:
        received: bytes = self.port.read(size)
        return received

    def close(self) -> None:
        self.port.close()
        for unit in self.units.values():
            end_of(unit).vanish()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.close()


def wait(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


def test_units_are_called_by_name_and_by_address(desk: Desk) -> None:
    assert list(desk.units) == ["line-3", "3", "line-12", "12", "numpad"]
    assert desk.console.obey("3 next")
    assert desk.console.obey("line-12 hold")
    assert desk.reads(27) == b"K03 NEXT\r\nK12 BUTTON HOLD\r\n"
    assert desk.said == []


def test_spoils_the_line(desk: Desk) -> None:
    desk.console.obey("half 3")
    desk.console.obey("badsum 3")
    assert desk.reads(18) == b"K03 NK03 NEXT*00\r\n"
    desk.console.obey("noise")
    assert len(desk.reads(12)) == 12


def test_shows_what_a_keypad_shows(desk: Desk) -> None:
    desk.port.write(b"D03 1017 12\r\nE12 EMPTY\r\nP03\r\nD99 1 1\r\n")
    wait(lambda: len(desk.said) == 2)
    assert desk.said == ["line-3: [1017] 12 waiting", "line-12: beep! EMPTY"]
    desk.console.obey("dead 3")
    desk.port.write(b"D03 1018 11\r\nD12 1018 11\r\n")
    wait(lambda: len(desk.said) == 3)
    assert desk.said[-1] == "line-12: [1018] 11 waiting"


@pytest.mark.parametrize("line", ["9 next", "fly", "half numpad", "noise numpad", "numpad f13"])
def test_what_there_is_not_is_said(desk: Desk, line: str) -> None:
    assert desk.console.obey(line)
    assert desk.said[0].startswith("there is no ")


def test_vanishes_and_ends(desk: Desk, tmp_path: Path) -> None:
    assert (tmp_path / "line").exists()
    desk.console.obey("vanish")
    assert not (tmp_path / "line").is_symlink()
    assert not (tmp_path / "pad").is_symlink()
    assert desk.console.obey("") is True
    assert desk.console.obey("quit") is False


def test_speaks_frames(tmp_path: Path) -> None:
    desk = Desk(tmp_path, MeterProtocol(keys={"01": "next"}))
    desk.console.obey("3 next")
    assert desk.reads(10) == bytes.fromhex("FF 68 03 03 68 03 01 01 05 16")
    desk.console.obey("badsum 3")
    spoilt = desk.reads(10)
    assert spoilt[:7] == bytes.fromhex("FF 68 03 03 68 03 01")
    assert spoilt[8] != sum(spoilt[5:8]) % 256
    desk.console.obey("3 absent")
    assert desk.said[0].startswith("there is no 'absent'")
    desk.close()
