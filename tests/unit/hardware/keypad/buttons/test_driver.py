"""Buttons on a bus in memory: what reaches the bridge, and what it is told of them."""

import queue
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bus.memory import MemoryBroker, MemoryBus
from bus.vocabulary import Error, UnitState
from config.settings import MqttButtons
from hardware.keypad import CallDevice, Press, Readout
from hardware.keypad.buttons.driver import Buttons
from hardware.keypad.opening import open_call_device

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
UNITS = {"zigbee2mqtt:quay-3": 3, "zigbee2mqtt:tang-1/quay-4": 4, "tasmota:nut:1": 5}
Told = tuple[str, UnitState]


class Bench:
    """The driver on one client of a broker, everybody else on another."""

    def __init__(self) -> None:
        broker = MemoryBroker()
        self.bus = MemoryBus(broker, "keypad-1")
        self.world = MemoryBus(broker, "world")
        self.monotonic = 1000.0
        self.presses: queue.Queue[Press] = queue.Queue()
        self.states: queue.Queue[Told] = queue.Queue()
        settings = MqttButtons(units=UNITS)
        self.buttons: CallDevice = open_call_device(
            settings, self.bus, lambda: self.monotonic, lambda: NOW
        )
        self.buttons.start(
            self.presses.put, lambda unit, state, _why: self.states.put((unit, state))
        )
        self.bus.start()
        self.world.start()
        self.told_all(UnitState.UNKNOWN)
        self.monotonic += 10

    def told_all(self, state: UnitState) -> None:
        assert {self.states.get(timeout=60) for _ in UNITS} == {(unit, state) for unit in UNITS}


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.buttons.stop()
    bench.bus.stop()
    bench.world.stop()


@pytest.mark.parametrize(
    ("topic", "payload", "unit"),
    [
        ("zigbee2mqtt/quay-3", b'{"action":"single"}', "zigbee2mqtt:quay-3"),
        ("zigbee2mqtt/tang-1/quay-4", b'{"action":"single"}', "zigbee2mqtt:tang-1/quay-4"),
        ("stat/nut/RESULT", b'{"Button1":{"Action":"SINGLE"}}', "tasmota:nut:1"),
    ],
)
def test_a_press_reaches_the_bridge_and_the_unit_is_ready(
    bench: Bench, topic: str, payload: bytes, unit: str
) -> None:
    bench.world.publish(topic, payload)
    assert bench.presses.get(timeout=60) == Press(unit, 1010)
    assert bench.states.get(timeout=60) == (unit, UnitState.READY)


def test_what_was_dropped_and_who_is_a_stranger(bench: Bench) -> None:
    bench.world.publish("zigbee2mqtt/moi", b'{"action":"double"}')
    bench.world.publish("zigbee2mqtt/quay-3", b"\xff\xfe")
    bench.world.publish("zigbee2mqtt/quay-3", b'{"action":"single"}')
    bench.world.publish("zigbee2mqtt/quay-3/action", b"single")
    bench.world.publish("zigbee2mqtt/quay-3/availability", b"offline")
    assert bench.presses.get(timeout=60).unit == "zigbee2mqtt:quay-3"
    assert bench.states.get(timeout=60) == ("zigbee2mqtt:quay-3", UnitState.READY)
    assert bench.states.get(timeout=60) == ("zigbee2mqtt:quay-3", UnitState.SILENT)
    assert bench.presses.empty()
    assert bench.buttons.dropped() == {"unknown_unit": 1, "repeat": 1}
    assert list(bench.buttons.unknown_buttons()) == ["zigbee2mqtt:moi"]


def test_what_the_broker_kept_is_no_press(bench: Bench) -> None:
    topic = "zigbee2mqtt/quay-3"
    bench.world.publish(topic, b'{"action":"single"}', retain=True)
    assert bench.presses.get(timeout=60)
    assert bench.states.get(timeout=60) == ("zigbee2mqtt:quay-3", UnitState.READY)
    bench.bus.drop_link()
    bench.told_all(UnitState.OFFLINE)
    bench.world.publish("tele/nut/LWT", b"Online")
    while bench.states.get(timeout=60) != ("tasmota:nut:1", UnitState.READY):
        pass
    assert bench.presses.empty()
    assert bench.buttons.dropped()["retained"] == 1


def test_it_has_nothing_to_show_with(bench: Bench) -> None:
    bench.buttons.show("tasmota:nut:1", Readout("1017", 3))
    bench.buttons.refuse("tasmota:nut:1", Error.EMPTY)
    assert bench.buttons.name == "buttons"
    assert bench.buttons.units == UNITS


def test_nothing_is_handed_on_after_the_end() -> None:
    bench = Bench()
    assert isinstance(bench.buttons, Buttons)
    bench.buttons.stop()
    bench.world.publish("zigbee2mqtt/quay-3", b'{"action":"single"}')
    assert bench.states.get(timeout=60) == ("zigbee2mqtt:quay-3", UnitState.READY)
    bench.bus.stop()
    bench.world.stop()
    assert bench.presses.empty()
