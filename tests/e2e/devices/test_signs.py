"""A call on the LED sign above its counter: service, sign process and Modbus signs."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.settings import AsciiRegisters, BlinkRegister
from hardware.sign import Face
from simulators.sign import Fault, ModbusSignBank, terminal_of

BOX = """
[[signs]]
device = "sign-1"
signs = [{counter = 3, address = 1}, {counter = 4, address = 2}]
[signs.line]
driver = "modbus"
url = "%s"
baud = 115200
[signs.line.blink]
register = 20
"""


@pytest.fixture
def signs(hall: Any, tmp_path: Path) -> Iterator[ModbusSignBank]:
    bank = ModbusSignBank((1, 2), AsciiRegisters(), blink=BlinkRegister(register=20))
    line = terminal_of(bank, tmp_path / "signs.tty")
    line.plug()
    (tmp_path / "device.toml").write_text(BOX % (tmp_path / "signs.tty"))
    hall.process = hall.start("display.sign", "sign-1", "--device", str(tmp_path / "device.toml"))
    hall.until(lambda: bank.faces == {1: Face(), 2: Face()})
    yield bank
    hall.process.send_signal(signal.SIGTERM)
    hall.process.wait(10)
    line.unplug()


def test_a_call_appears_blinks_and_goes(hall: Any, signs: ModbusSignBank) -> None:
    number = hall.issue("CIVIL")
    began = time.monotonic()
    ticket = hall.call_next()["ticket"]
    hall.until(lambda: signs.faces == {1: Face(number, blink=True), 2: Face()})
    assert time.monotonic() - began < 3
    hall.call_next(ticket)
    hall.until(lambda: signs.faces[1] == Face())
    hall.until(lambda: hall.statuses["sign-1"].health.signs == {3: "ok", 4: "ok"})


@pytest.mark.full
def test_a_dead_sign_is_an_alarm_at_the_counters(hall: Any, signs: ModbusSignBank) -> None:
    states: list[Any] = []
    watcher = hall.link("counter-6", "counter")
    watcher.follow_counters([6], states.append)
    watcher.start()
    signs.set_fault(2, Fault.DEAD)
    hall.until(lambda: bool(states) and bool(states[-1].alarms))
    assert [(a.kind, a.source, a.detail) for a in states[-1].alarms] == [("sign", "sign-1", "4")]
    number = hall.issue("CIVIL")
    hall.call_next()
    hall.until(lambda: signs.faces[1].text == number)
    watcher.stop()


@pytest.mark.full
def test_without_the_service_no_number_stands_for_long(hall: Any, signs: ModbusSignBank) -> None:
    number = hall.issue("CIVIL")
    hall.call_next()
    hall.until(lambda: signs.faces[1].text == number)
    hall.service.send_signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        hall.until(lambda: signs.faces[1] == Face())
        assert 3 < time.monotonic() - began < 10
    finally:
        hall.service.send_signal(signal.SIGCONT)
    hall.until(lambda: signs.faces[1].text == number)
