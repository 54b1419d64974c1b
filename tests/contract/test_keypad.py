"""Every call device yields the presses of its units, says what it knows, and never hangs."""

import os
import queue
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bus.broker import PrivateBroker
from bus.memory import MemoryBroker, MemoryBus
from bus.mqtt import Account, MqttBus
from bus.vocabulary import Error, UnitState
from config import Clock, ConfigError, settings
from config.settings import (
    AsciiProtocol,
    KeypadUnit,
    MeterProtocol,
    MqttButtons,
    SerialKeypads,
    UsbKeypad,
)
from config.settings.keypads import ButtonsBroker, Polling
from hall.words import Words
from hardware.keypad import CallDevice, Gesture, Press, Readout, open_call_device
from hardware.keypad.buttons.judge import DEBOUNCE_S
from simulators.buttons.console import Console
from simulators.keypad import SimulatedLine, SimulatedNumpad
from simulators.keypad.numpad import key_records

WITHIN_S = 60.0
REOPEN_AFTER_S = (0.05, 0.1)
QUIET_S = 0.1
METER = MeterProtocol(
    keys={
        "00": "",
        "0A": "next",
        "0B": "recall",
        "0C": "call",
        "0D": "button.hold",
        **{f"3{digit}": str(digit) for digit in range(10)},
    },
    acknowledge=0x06,
)
OPEN = (UnitState.UNKNOWN, UnitState.READY)
UNITS = (KeypadUnit(address=3, counter=3), KeypadUnit(address=12, counter=4))


@dataclass
class Bench:
    """A call device and the hand and eye at its first unit."""

    device: CallDevice
    unit: str
    next_key: str
    call_key: str
    press: Callable[..., None]
    send: Callable[[bytes], object]
    shows: Callable[[], bool]
    tells_refusal: Callable[[], bool]
    plug_in: Callable[[], None]
    vanish: Callable[[], None]
    line: SimulatedLine | None = None
    connect: Callable[[], None] = lambda: None
    presses: "queue.Queue[Press]" = field(default_factory=queue.Queue)
    states: "queue.Queue[tuple[str, UnitState, str]]" = field(default_factory=queue.Queue)

    def begin(self) -> None:
        self.device.start(self.presses.put, lambda *told: self.states.put(told))
        self.connect()

    def start(self) -> None:
        """Begin, and wait until the device is open: what came before that is stale."""
        self.begin()
        self.becomes(*OPEN)

    def pressed(self) -> Press:
        return self.presses.get(timeout=WITHIN_S)

    def becomes(self, *wanted: UnitState) -> str:
        """Wait until the first unit is told to be one of `wanted`; return why."""
        while True:
            unit, state, why = self.states.get(timeout=WITHIN_S)
            if unit == self.unit and state in wanted:
                return why

    def is_quiet(self) -> bool:
        threading.Event().wait(QUIET_S)
        return self.presses.empty()


def wait(condition: Callable[[], object], told: Callable[[], object] = lambda: "") -> None:
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, told()
        threading.Event().wait(0.01)


def opened(choice: settings.CallDevice) -> CallDevice:
    bus = MemoryBus(MemoryBroker())
    return open_call_device(choice, bus, time.monotonic, Clock().now, REOPEN_AFTER_S)


def line_bench(path: Path, protocol: settings.KeypadProtocol, *, polled: bool) -> Bench:
    polling = Polling(silent_after=3) if polled else None
    line = SimulatedLine(path, protocol, [3, 12], random.Random(7), polled=polled, echo=not polled)
    device = opened(SerialKeypads(url=str(path), protocol=protocol, units=UNITS, polling=polling))
    return Bench(
        device,
        "line-3",
        "next",
        "call",
        press=lambda *keys: line.press(3, *keys),
        send=line.send,
        shows=lambda: line.displays.get(3) in (("1017", "12"), ("1017", "12*43")),
        tells_refusal=lambda: [where for where, _ in line.refusals] == [3],
        plug_in=line.plug_in,
        vanish=line.vanish,
        line=line,
    )


def numpad_bench(path: Path) -> Bench:
    numpad = SimulatedNumpad(path)
    return Bench(
        opened(UsbKeypad(path=str(path), counter=3)),
        "numpad",
        "enter",
        "enter",
        press=numpad.press,
        send=numpad.send,
        shows=lambda: numpad.lights[-1:] == [True],
        tells_refusal=lambda: len(numpad.lights) >= 4,
        plug_in=numpad.plug_in,
        vanish=numpad.vanish,
    )


def buttons_bench() -> Bench:
    """Return a button on a bus; its cable is the link of the bridge to the broker."""
    broker = MemoryBroker()
    bus, world = MemoryBus(broker, "keypad-1"), MemoryBus(broker, "world")
    world.start()
    console = Console(world, time.time, lambda _text: None, Words())
    settings = MqttButtons(units={"zigbee2mqtt:quay-3": 3})

    def press(*_keys: str) -> None:
        threading.Event().wait(DEBOUNCE_S)
        console.obey("zigbee2mqtt quay-3")

    def vanish() -> None:
        broker.disconnect(bus, with_will=True)
        bus.lose_link()

    return Bench(
        open_call_device(settings, bus, time.monotonic, Clock().now),
        "zigbee2mqtt:quay-3",
        "",
        "",
        press=press,
        send=lambda data: world.publish("zigbee2mqtt/quay-3", data),
        shows=lambda: True,
        tells_refusal=lambda: True,
        plug_in=lambda: broker.connect(bus),
        vanish=vanish,
        connect=bus.start,
    )


KINDS = ["ascii", "ascii_polled", "meter", "meter_polled", "usb"]


@pytest.fixture(params=KINDS)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    path = tmp_path / "device"
    match request.param:
        case "buttons":
            made = buttons_bench()
        case "usb":
            made = numpad_bench(path)
        case "meter" | "meter_polled":
            made = line_bench(path, METER, polled=request.param == "meter_polled")
        case _:
            polled = request.param == "ascii_polled"
            made = line_bench(path, AsciiProtocol(checksum=polled), polled=polled)
    made.plug_in()
    yield made
    made.device.stop()
    made.vanish()


with_buttons = pytest.mark.parametrize("bench", [*KINDS, "buttons"], indirect=True)
"""The others ask for a display, for keys, or for a cable that may be missing from the start."""


@with_buttons
def test_a_press_is_told_once_with_its_unit_and_time(bench: Bench) -> None:
    bench.start()
    before = time.monotonic()
    bench.press(bench.next_key)
    press = bench.pressed()
    assert (press.unit, press.key, press.gesture) == (bench.unit, bench.next_key, Gesture.SINGLE)
    assert press.number is None
    assert before <= press.at <= time.monotonic()
    assert bench.device.units[press.unit] == 3
    assert bench.is_quiet()


def test_a_number_is_typed(bench: Bench) -> None:
    bench.start()
    bench.press("1", "0", "0", "7", bench.call_key)
    press = bench.pressed()
    assert (press.unit, press.key, press.number) == (bench.unit, bench.call_key, "1007")
    assert bench.is_quiet()


def test_a_held_key_is_a_gesture(bench: Bench) -> None:
    bench.start()
    bench.press("hold" if bench.line else "enter.down")
    press = bench.pressed()
    assert (press.unit, press.gesture) == (bench.unit, Gesture.HOLD)
    if bench.line is None:
        bench.press("enter.repeat", "enter.repeat", "enter.up")
    assert bench.is_quiet()


def test_the_display_and_the_refusal_come_back(bench: Bench) -> None:
    bench.start()
    bench.device.show(bench.unit, Readout("1017", 12))
    wait(bench.shows)
    bench.device.refuse(bench.unit, Error.EMPTY)
    wait(bench.tells_refusal)
    bench.press(bench.next_key)
    assert bench.pressed().key == bench.next_key


@pytest.mark.parametrize("bench", KINDS[:-1], indirect=True)
def test_units_of_a_line_are_told_apart(bench: Bench) -> None:
    assert bench.line is not None
    bench.start()
    bench.line.press(12, "next")
    assert bench.pressed().unit == "line-12"
    bench.line.press(3, "recall")
    press = bench.pressed()
    assert (press.unit, press.key) == ("line-3", "recall")


def test_an_absent_device_is_offline_and_may_come(bench: Bench) -> None:
    bench.vanish()
    bench.begin()
    assert bench.becomes(UnitState.OFFLINE)
    bench.device.show(bench.unit, Readout("1017", 12))
    bench.device.refuse(bench.unit, Error.EMPTY)
    bench.plug_in()
    wait(bench.shows)


@with_buttons
def test_an_unplugged_device_is_offline_and_comes_back(bench: Bench) -> None:
    bench.start()
    bench.press(bench.next_key)
    bench.pressed()
    bench.vanish()
    assert bench.becomes(UnitState.OFFLINE)
    bench.plug_in()
    bench.becomes(*OPEN)
    bench.press(bench.next_key)
    assert bench.pressed().key == bench.next_key


def test_noise_and_halves_are_counted_and_are_no_press(bench: Bench) -> None:
    bench.start()
    bench.press(bench.next_key)
    bench.pressed()
    rng = random.Random(11)
    for _ in range(30):
        bench.send(rng.randbytes(rng.randrange(1, 20)))
    bench.send(b"\xff" * 24)
    if bench.line:
        bench.line.half(3)
        bench.send(b"\r\n")
        bench.line.bad_sum(3)
    wait(lambda: sum(bench.device.dropped().values()), bench.device.dropped)
    assert bench.is_quiet()
    threading.Event().wait(QUIET_S)
    bench.press(bench.next_key)
    bench.pressed()


@with_buttons
def test_nothing_is_told_after_stop(bench: Bench) -> None:
    bench.start()
    bench.press(bench.next_key)
    bench.pressed()
    began = time.monotonic()
    bench.device.stop()
    assert time.monotonic() - began < 2
    bench.press(bench.next_key)
    bench.device.show(bench.unit, Readout("1", 1))
    assert bench.is_quiet()


def test_a_polled_keypad_that_does_not_answer_is_silent(tmp_path: Path) -> None:
    bench = line_bench(tmp_path / "line", METER, polled=True)
    line = bench.line
    assert line is not None
    line.dead.add(3)
    bench.plug_in()
    bench.start()
    try:
        bench.becomes(UnitState.SILENT)
        line.press(12, "next")
        assert bench.pressed().unit == "line-12"
        bench.device.show("line-3", Readout("1017", 12))
        line.press(12, "recall")
        bench.pressed()
        line.displays.clear()
        line.dead.clear()
        bench.becomes(UnitState.READY)
        wait(bench.shows)
    finally:
        bench.device.stop()
        bench.vanish()


def test_a_line_that_is_never_quiet_is_still_written(tmp_path: Path) -> None:
    bench = line_bench(tmp_path / "line", METER, polled=False)
    bench.plug_in()
    bench.start()
    ending = threading.Event()

    def babble() -> None:
        while not ending.wait(0.005):
            bench.send(b"\x55")

    babbler = threading.Thread(target=babble)
    babbler.start()
    try:
        bench.device.show("line-3", Readout("1017", 12))
        wait(bench.shows)
    finally:
        ending.set()
        babbler.join(5)
        bench.device.stop()
        bench.vanish()


def test_a_keypad_may_be_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "event0"
    os.mkfifo(path)
    bench = numpad_bench(path)
    bench.start()
    try:
        bench.device.refuse("numpad", Error.EMPTY)
        with path.open("wb", buffering=0) as pipe:
            pipe.write(key_records(96, 1) + key_records(96, 0))
        assert bench.pressed().key == "enter"
        path.unlink()
        bench.becomes(UnitState.OFFLINE)
    finally:
        bench.device.stop()


def test_a_password_file_that_is_gone_is_said_with_what_to_do(tmp_path: Path) -> None:
    own = ButtonsBroker(host="127.0.0.1", password_file=str(tmp_path / "gone"))
    with pytest.raises(ConfigError, match="gone: write the password of the buttons' broker"):
        opened(MqttButtons(units={"zigbee2mqtt:quay-3": 3}, broker=own))


def test_buttons_may_have_a_broker_of_their_own(
    mosquitto: PrivateBroker, expected_warnings: list[str]
) -> None:
    expected_warnings += ["broker link lost", "broker not reached"]
    own = ButtonsBroker(
        host=mosquitto.host,
        port=mosquitto.port,
        username="keypad-1",
        password_file=str(mosquitto.password_file("keypad-1")),
    )
    account = Account(
        mosquitto.host, mosquitto.port, "world", "buttons", mosquitto.passwords["buttons"]
    )
    world = MqttBus(account, random.Random(1))
    up = threading.Event()
    world.on_link(lambda linked: up.set() if linked else None)
    world.start()
    device = opened(MqttButtons(units={"zigbee2mqtt:quay-3": 3}, broker=own))
    presses: queue.Queue[Press] = queue.Queue()
    states: queue.Queue[UnitState] = queue.Queue()
    device.start(presses.put, lambda _unit, state, _why: states.put(state))
    try:
        assert states.get(timeout=WITHIN_S) is UnitState.UNKNOWN
        assert up.wait(WITHIN_S)
        Console(world, time.time, lambda _text: None, Words()).obey("zigbee2mqtt quay-3 double")
        press = presses.get(timeout=WITHIN_S)
        assert (press.unit, press.gesture) == ("zigbee2mqtt:quay-3", Gesture.DOUBLE)
        assert states.get(timeout=WITHIN_S) is UnitState.READY
        world.stop()
        mosquitto.stop()
        assert states.get(timeout=WITHIN_S) is UnitState.OFFLINE
        mosquitto.start()
        assert states.get(timeout=2 * WITHIN_S) is UnitState.UNKNOWN
    finally:
        device.stop()
        world.stop()
    assert presses.empty()
