"""The board as a process of its own, on a real broker, with a service that only publishes."""

import json
import os
import queue
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from msgspec import Struct

from bus.broker import PrivateBroker
from bus.codec import decode, encode
from bus.health import BoardHealth, health_as
from bus.mqtt import Account, MqttBus
from bus.orders import Acknowledgement
from bus.port import Incoming
from bus.states import BoardCounter, BoardState, Call, ConfigState, DeviceStatus
from bus.topics import Topics
from bus.vocabulary import CounterStatus, Language, TicketClass
from config import Centre, Clock, centre_to_wire, load_centre
from config.process import BROKER_VARIABLE, PASSWORD_FILE_VARIABLE

ROOT = Path(__file__).parents[2]
TOPICS = Topics("nhi-chieu")
EPOCH = "01JEPOCH"
Process = subprocess.Popen[bytes]
M = TypeVar("M", bound=Struct)
NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)


class FakeService:
    """What a board needs of the service: its states, and an ear for acknowledgements."""

    def __init__(self, broker: PrivateBroker, clock: Clock, centre: Centre) -> None:
        password = broker.passwords["service"]
        account = Account(broker.host, broker.port, "test", "service", password)
        self.acks: queue.Queue[Acknowledgement] = queue.Queue()
        self.statuses: queue.Queue[DeviceStatus] = queue.Queue()
        self.clock = clock
        self.calls: list[Call] = []
        self.screens: set[object] = set()
        self._rev = 0
        self._centre = centre
        self._bus = MqttBus(account, random.Random(1))
        self._bus.subscribe(
            TOPICS.acknowledgement("board-1"), self._hear(Acknowledgement, self.acks)
        )
        self._bus.subscribe(TOPICS.status("board-1"), self._hear(DeviceStatus, self.statuses))
        linked: queue.Queue[bool] = queue.Queue()
        self._bus.on_link(linked.put)
        self._bus.start()
        assert linked.get(timeout=60)

    def begin(self) -> None:
        config = ConfigState(
            epoch=EPOCH, rev=0, at=NOW, version=1, centre=centre_to_wire(self._centre)
        )
        self._publish(TOPICS.config(), config)
        self.tell_online(online=True)
        self._publish_board()

    def tell_online(self, *, online: bool) -> None:
        status = DeviceStatus(online=online, kind="service", at=self.clock.now())
        self._publish(TOPICS.status("service"), status)

    def call(self, number: str, counter: int) -> int:
        call = Call(
            call_seq=len(self.calls) + 1,
            number=number,
            counter=counter,
            service="CERT",
            ticket_class=TicketClass.NORMAL,
            lang=Language.VIETNAMESE,
            repeat=0,
            at=self.clock.now(),
        )
        self.calls.insert(0, call)
        self._publish_board()
        return call.call_seq

    def stop(self) -> None:
        self._bus.stop()

    def _publish_board(self) -> None:
        self._rev += 1
        serving = {call.counter: call.number for call in reversed(self.calls)}
        counters = tuple(
            BoardCounter(counter=counter, status=CounterStatus.OPEN, number=number)
            for counter, number in serving.items()
        )
        state = BoardState(
            epoch=EPOCH,
            rev=self._rev,
            at=self.clock.now(),
            calls=tuple(self.calls[:8]),
            counters=counters,
        )
        self._publish(TOPICS.board(), state)

    def _publish(self, topic: str, message: Struct) -> None:
        self._bus.publish(topic, encode(message), retain=True)

    @staticmethod
    def _hear(kind: type[M], into: "queue.Queue[M]") -> Callable[[Incoming], None]:
        return lambda message: into.put(decode(kind, message.payload))


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[PrivateBroker]:
    roles = {"board-1": "board", "service": "service"}
    with PrivateBroker(tmp_path / "broker", "nhi-chieu", roles) as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock.starting(NOW, 300.0)


@pytest.fixture
def service(broker: PrivateBroker, clock: Clock) -> Iterator[FakeService]:
    service = FakeService(broker, clock, load_centre())
    yield service
    service.stop()


@pytest.fixture
def start(
    broker: PrivateBroker, clock: Clock, service: FakeService, tmp_path: Path
) -> Iterator[Callable[..., Process]]:
    environment = {
        **os.environ,
        "DENLUOT_CLOCK": str(clock),
        BROKER_VARIABLE: f"{broker.host}:{broker.port}",
        PASSWORD_FILE_VARIABLE: str(broker.password_file("board-1")),
    }
    started: list[Process] = []
    service.begin()

    def run(*arguments: str, **more: str) -> Process:
        command = [sys.executable, "-m", "display.board", "--data", str(tmp_path), *arguments]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment | more))
        wait_for_health(service, exposed=True, stale=False)
        return started[-1]

    yield run
    for process in started:
        if process.poll() is None:
            process.terminate()
            assert process.wait(timeout=60) == 0


@pytest.fixture
def board(start: Callable[..., Process]) -> Process:
    return start("--board", "board-1")


def wait_for_health(service: FakeService, within_s: float = 20, **wanted: bool) -> DeviceStatus:
    deadline = time.monotonic() + within_s
    while True:
        status = service.statuses.get(timeout=max(0.1, deadline - time.monotonic()))
        service.screens = {health_as(BoardHealth, status.health).screen}
        if all(getattr(status.health, key, None) == value for key, value in wanted.items()):
            return status


def outcomes(service: FakeService, expected: int, within_s: float = 20) -> list[tuple[int, str]]:
    deadline = time.monotonic() + within_s
    heard: list[Acknowledgement] = []
    while len(heard) < expected:
        heard.append(service.acks.get(timeout=max(0.1, deadline - time.monotonic())))
    assert {ack.epoch for ack in heard} == {EPOCH}
    return [(ack.call_seq, ack.outcome.value) for ack in heard]


def test_every_call_of_a_burst_is_accepted_and_shown_once(
    service: FakeService, board: Process
) -> None:
    calls = [service.call(f"1{n:03}", n % 3 + 1) for n in range(1, 41)]
    told = outcomes(service, 80)
    assert sorted(told) == sorted(
        (seq, outcome) for seq in calls for outcome in ("accepted", "shown")
    )
    for seq in calls:
        assert told.index((seq, "accepted")) < told.index((seq, "shown"))
    last = service.call("2001", 2)
    assert outcomes(service, 2) == [(last, "accepted"), (last, "shown")]
    assert board.poll() is None


def test_a_board_says_within_ten_seconds_that_the_service_is_gone(
    service: FakeService, board: Process
) -> None:
    service.tell_online(online=False)
    assert wait_for_health(service, within_s=10, stale=True).online
    service.tell_online(online=True)
    assert wait_for_health(service, within_s=5, stale=False).online
    assert board.poll() is None


def test_a_board_that_is_killed_is_known_to_be_gone(service: FakeService, board: Process) -> None:
    board.kill()
    board.wait(timeout=60)
    deadline = time.monotonic() + 10
    while service.statuses.get(timeout=max(0.1, deadline - time.monotonic())).online:
        pass


def test_a_board_goes_to_the_screen_it_is_sent_to(
    start: Callable[..., Process], service: FakeService, tmp_path: Path
) -> None:
    screens = [
        {"name": f"HDMI-{n + 1}", "x": 1920 * n, "y": 0, "width": 1920, "height": 1080}
        for n in range(2)
    ]
    file = tmp_path / "screens.json"
    file.write_text(json.dumps({"screens": screens}))
    start("--screen", "HDMI-2", QT_QPA_PLATFORM=f"offscreen:configfile={file}")
    service.call("1001", 3)
    assert outcomes(service, 2) == [(1, "accepted"), (1, "shown")]
    assert service.screens == {"HDMI-2"}


def test_an_unknown_board_ends_with_one_line() -> None:
    command = [sys.executable, "-m", "display.board", "--board", "board-9"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "no board 'board-9' on this box; it has board-1, board-2 - at $.boards"
    ]
