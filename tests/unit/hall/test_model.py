"""What a process hears of the hall, on its own thread, with a clock moved by hand."""

import queue
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import replace

from bus.codec import encode
from bus.memory import MemoryBroker, MemoryBus
from bus.session import ServiceClock, Session
from bus.states import BoardState, ConfigState, CounterState, DeviceStatus, ServicesState
from bus.topics import Topics
from bus.vocabulary import CounterStatus
from config import Centre
from config.load import centre_to_wire
from hall.model import SILENCE_S, Hall, HallState

TOPICS = Topics("test")


class Bench:
    """A hall that nobody has started yet, and the service at the other end of the bus."""

    def __init__(self, now: datetime) -> None:
        broker = MemoryBroker()
        self.now = now
        self.elapsed_s = 0.0
        self.jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.service, self.bus = MemoryBus(broker), MemoryBus(broker)
        self.service.start()
        self.session = Session(
            self.bus,
            TOPICS,
            "web",
            "web",
            clock=ServiceClock(lambda: now, lambda: 0.0),
            real=lambda: self.elapsed_s,
            new_id=lambda: "id",
            deliver=self.jobs.put,
        )
        self.hall = Hall(self.session)
        self.news: list[str] = []
        self.hall.watch(self.news.append)

    def until(self, wanted: Callable[[HallState], Any]) -> HallState:
        """Take what the bus says, on this thread, until the hall is as wanted."""
        while not wanted(self.hall.state):
            self.jobs.get(timeout=60)()
        return self.hall.state

    def publish(self, topic: str, message: Struct) -> None:
        self.service.publish(topic, encode(message), retain=True)

    def configure(self, centre: Centre, version: int = 1) -> None:
        wire = centre_to_wire(centre)
        state = ConfigState(epoch="E", rev=version, at=self.now, version=version, centre=wire)
        self.publish(TOPICS.config(), state)

    def tell(self, device: str, *, online: bool = True) -> None:
        status = DeviceStatus(online=online, kind=device.partition("-")[0], at=self.now)
        self.publish(TOPICS.status(device), status)


@pytest.fixture
def bench(now: datetime) -> Iterator[Bench]:
    bench = Bench(now)
    yield bench
    bench.session.stop()
    bench.service.stop()


def counter_state(bench: Bench, number: int) -> CounterState:
    return CounterState(epoch="E", rev=1, at=bench.now, counter=number, status=CounterStatus.OPEN)


def test_every_state_is_kept(bench: Bench, centre: Centre) -> None:
    board = BoardState(epoch="E", rev=1, at=bench.now)
    services = ServicesState(epoch="E", rev=1, at=bench.now, business_day="2026-11-23")
    bench.configure(centre)
    bench.publish(TOPICS.board(), board)
    bench.publish(TOPICS.services(), services)
    first = centre.counters[0].number
    bench.publish(TOPICS.counter(first), counter_state(bench, first))
    bench.tell("service")
    for follow in (bench.hall.follow_board, bench.hall.follow_services):
        follow()
    bench.hall.follow_counters()
    bench.session.start()
    state = bench.until(lambda s: s.counters and s.board and s.services and s.service_there)
    assert (state.centre, state.board, state.services) == (centre, board, services)
    assert state.counter_there(first)
    assert state.zone == centre.identity.zone
    assert not state.counter_there(99)


def test_before_anything_is_heard_the_zone_is_vietnams() -> None:
    assert str(HallState().zone) == "Asia/Ho_Chi_Minh"


def test_what_is_followed_goes_with_the_configuration(bench: Bench, centre: Centre) -> None:
    devices = centre.devices
    bench.hall.follow_devices()
    bench.session.start()
    bench.configure(replace(centre, devices=devices[:1]))
    bench.until(lambda s: s.centre)
    bench.tell(devices[1].id)
    bench.tell(devices[0].id)
    bench.until(lambda s: devices[0].id in s.devices)
    assert devices[1].id not in bench.hall.state.devices
    bench.configure(replace(centre, devices=devices[:2]), version=2)
    bench.until(lambda s: devices[1].id in s.devices)


def test_a_service_that_falls_silent_is_gone_after_three_beats(bench: Bench) -> None:
    bench.session.start()
    bench.tell("service")
    bench.until(lambda s: s.linked and s.service_there)
    looks = []
    for bench.elapsed_s in (SILENCE_S - 0.1, SILENCE_S):
        bench.hall.look()
        looks.append(bench.hall.state.service_there)
    assert looks == [True, False]
    bench.tell("service")
    bench.until(lambda s: s.service_there)


def test_a_beat_is_news_for_nobody(bench: Bench) -> None:
    bench.session.start()
    bench.tell("service")
    bench.until(lambda s: s.linked and "service" in s.devices)
    bench.news.clear()
    for _ in range(3):
        bench.tell("service")
    bench.tell("service", online=False)
    bench.until(lambda s: not s.service_there)
    assert bench.news == ["service", "devices"], "of the end, not of the beats"


def test_after_a_lost_link_everything_is_heard_again(bench: Bench, centre: Centre) -> None:
    number = centre.counters[0].number
    bench.hall.follow_counters([number])
    bench.session.start()
    bench.tell("service")
    bench.publish(TOPICS.counter(number), counter_state(bench, number))
    bench.until(lambda s: s.counter_there(number))
    bench.bus.lose_link()
    state = bench.until(lambda s: not s.linked)
    assert not state.service_there
    assert not state.counter_there(number)
    assert state.counters, "what was last heard can still be shown, as old"
    assert not state.devices
    bench.bus.drop_link()
    bench.until(lambda s: s.linked and s.counter_there(number))


def test_a_configuration_that_cannot_be_read_changes_nothing(
    bench: Bench, centre: Centre, expected_warnings: list[str]
) -> None:
    expected_warnings.append("configuration dropped version=2")
    bench.session.start()
    bench.configure(centre)
    bench.until(lambda s: s.centre)
    bad = ConfigState(epoch="E", rev=2, at=bench.now, version=2, centre={"identity": 5})
    bench.publish(TOPICS.config(), bad)
    bench.tell("service")
    assert bench.until(lambda s: "service" in s.devices).centre == centre
