import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec import Struct

from bus.codec import decode, encode
from bus.health import SignHealth, health_as
from bus.memory import MemoryBroker, MemoryBus
from bus.orders import Blink, OrderResult
from bus.port import Incoming
from bus.session import ServiceClock, Session, at_once
from bus.states import BoardCounter, BoardState, Call, ConfigState, DeviceStatus
from bus.topics import Topics
from bus.vocabulary import CounterStatus, SignState
from config import Centre, centre_to_wire
from config.settings import Sign, SignBox
from display.sign.app import Signs, face_of
from hall.model import SILENCE_S
from hardware.sign import Face, SignSilentError

TOPICS = Topics("test")
BOX = SignBox(signs=(Sign(counter=3, address=7), Sign(counter=5, address=8)))


@dataclass
class Line:
    """Signs that show what they are told, but for the dead ones."""

    blinks = True
    faces: dict[int, Face] = field(default_factory=dict)
    dead: set[int] = field(default_factory=set)
    state: SignState = SignState.OK

    def show(self, address: int, face: Face) -> SignState:
        if address in self.dead:
            raise SignSilentError(f"sign {address} does not answer")
        self.faces[address] = face
        return self.state

    def close(self) -> None:
        pass


class Bench:
    """Signs on a memory bus, and a service that only publishes."""

    def __init__(self, now: datetime, centre: Centre) -> None:
        broker = MemoryBroker()
        self.real_s = 100.0
        self.service = MemoryBus(broker, "service")
        self.statuses: list[DeviceStatus] = []
        self.service.subscribe(
            TOPICS.status("sign-1"), lambda m: self.statuses.append(decode(DeviceStatus, m.payload))
        )
        self.results: list[tuple[str, str, str | None]] = []
        self.service.subscribe(TOPICS.result("sign-1"), self._take_result)
        self.service.start()
        self.bus = MemoryBus(broker, "sign-1")
        clock = ServiceClock(lambda: now, lambda: 0.0)
        link = Session(
            self.bus,
            TOPICS,
            "sign-1",
            "sign",
            clock=clock,
            real=lambda: self.real_s,
            deliver=at_once,
            new_id=lambda: "id",
        )
        self.line = Line()
        self.now = now
        self.signs = Signs(link, BOX, self.line, trust_s=5)
        config = ConfigState(epoch="e", rev=1, at=now, version=1, centre=centre_to_wire(centre))
        self.publish(TOPICS.config(), config)
        self.tell_service(online=True)

    def publish(self, topic: str, message: Struct) -> None:
        self.service.publish(topic, encode(message), retain=True)

    def tell_service(self, *, online: bool) -> None:
        status = DeviceStatus(online=online, kind="service", at=self.now)
        self.publish(TOPICS.status("service"), status)

    def _take_result(self, message: Incoming) -> None:
        result = decode(OrderResult, message.payload)
        self.results.append((result.order, result.outcome.value, result.reason))

    def until(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 5
        while not true():
            assert time.monotonic() < deadline, (self.line.faces, self.statuses)
            threading.Event().wait(0.005)

    def health(self) -> SignHealth:
        return health_as(SignHealth, self.statuses[-1].health if self.statuses else None)


@pytest.fixture
def bench(now: datetime, centre: Centre) -> Iterator[Bench]:
    bench = Bench(now, centre)
    bench.signs.start()
    yield bench
    bench.signs.stop()
    bench.service.stop()


def test_each_counter_has_its_number_and_health_says_so(
    bench: Bench, board: Callable[..., BoardState]
) -> None:
    bench.publish(TOPICS.board(), board())
    bench.until(lambda: bench.line.faces == {7: Face("1017"), 8: Face()})
    well = SignHealth(signs={3: SignState.OK, 5: SignState.OK})
    bench.until(lambda: bench.health() == well)


def test_a_new_call_blinks(
    bench: Bench, board: Callable[..., BoardState], call: Callable[..., Any]
) -> None:
    bench.publish(TOPICS.board(), board(calls=(call(89, "1017", 3, 1),)))
    bench.until(lambda: bench.line.faces.get(7) == Face("1017", blink=True))


def test_without_anyone_who_vouches_for_it_no_number_stands(
    bench: Bench, board: Callable[..., BoardState], counter: Callable[..., Any]
) -> None:
    bench.tell_service(online=False)
    bench.publish(TOPICS.board(), board())
    bench.until(lambda: bench.line.faces.get(7) == Face("1017"))
    bench.real_s += 4.9
    bench.publish(TOPICS.board(), board(rev=2, counters=(counter(3, "1018"),)))
    bench.until(lambda: bench.line.faces[7] == Face("1018"))
    bench.real_s += 0.2
    bench.until(lambda: bench.line.faces[7] == Face() and bench.health().stale)
    bench.tell_service(online=True)
    bench.until(lambda: bench.line.faces[7] == Face("1018") and not bench.health().stale)
    bench.real_s += SILENCE_S
    bench.until(lambda: bench.line.faces[7] == Face() and bench.health().stale)


def test_a_dead_sign_is_told(
    bench: Bench, board: Callable[..., BoardState], expected_warnings: list[str]
) -> None:
    expected_warnings.append("sign state=dead address=7")
    bench.line.dead.add(7)
    bench.publish(TOPICS.board(), board())
    bench.until(lambda: bench.health().troubled == "3")
    assert bench.health().signs == {3: SignState.DEAD, 5: SignState.OK}


def test_a_test_lights_every_lamp_but_where_somebody_is_called(
    bench: Bench, board: Callable[..., BoardState], call: Callable[..., Any]
) -> None:
    bench.publish(TOPICS.board(), board(calls=(call(89, "1017", 3, 1),)))
    bench.until(lambda: bench.line.faces.get(7) == Face("1017", blink=True))
    bench.publish(TOPICS.order("sign-1"), Blink(id="01TEST", at=bench.now, seconds=10))
    bench.until(lambda: bench.line.faces.get(8) == Face("8888", blink=True))
    assert bench.line.faces[7] == Face("1017", blink=True)
    assert bench.results == []
    bench.real_s += 10
    bench.until(lambda: bench.results == [("01TEST", "done", None)])
    bench.tell_service(online=True)
    bench.until(lambda: bench.line.faces[8] == Face())


@pytest.mark.parametrize(
    ("answer", "outcome"), [("dead", ("failed", "3")), ("silent", ("unproven", None))]
)
def test_a_test_that_a_sign_cannot_prove_says_so(
    bench: Bench,
    board: Callable[..., BoardState],
    answer: str,
    outcome: tuple[str, str | None],
    expected_warnings: list[str],
) -> None:
    expected_warnings.append("sign state=dead address=7")
    bench.publish(TOPICS.board(), board())
    bench.until(lambda: bench.health().signs.get(3) is SignState.OK)
    if answer == "dead":
        bench.line.dead.add(7)
    else:
        bench.line.state = SignState.UNKNOWN
    bench.publish(TOPICS.order("sign-1"), Blink(id="01TEST", at=bench.now, seconds=10))
    wanted = SignState.DEAD if answer == "dead" else SignState.UNKNOWN
    bench.until(lambda: bench.health().signs.get(3) is wanted)
    bench.real_s += 10
    bench.until(lambda: bench.results == [("01TEST", *outcome)])


def test_a_centre_of_a_newer_version_keeps_the_old_one(
    bench: Bench, expected_warnings: list[str]
) -> None:
    expected_warnings.append("configuration dropped")
    bench.publish(
        TOPICS.config(), ConfigState(epoch="e", rev=2, at=bench.now, version=2, centre={})
    )
    bench.tell_service(online=True)
    bench.until(lambda: bool(bench.line.faces))


def test_the_end_takes_every_number_down(
    now: datetime, centre: Centre, board: Callable[..., BoardState]
) -> None:
    bench = Bench(now, centre)
    bench.signs.start()
    bench.publish(TOPICS.board(), board())
    bench.until(lambda: bench.line.faces.get(7) == Face("1017"))
    bench.signs.stop()
    assert set(bench.line.faces.values()) == {Face()}
    bench.until(lambda: bool(bench.statuses) and not bench.statuses[-1].online)
    bench.service.stop()


MakeBoard = Callable[..., BoardState]
MakeCall = Callable[..., Call]
MakeCounter = Callable[..., BoardCounter]


@pytest.mark.parametrize(
    ("number", "face"),
    [
        (3, Face("1017")),
        (2, Face("2004")),
        (4, Face()),
        (5, Face()),
        (8, Face()),
        (99, Face()),
    ],
)
def test_the_hall_of_the_picture(board: MakeBoard, now: datetime, number: int, face: Face) -> None:
    assert face_of(number, board(), now, flash_s=20) == face


def test_before_anything_is_known_nobody_is_called(now: datetime) -> None:
    assert face_of(3, None, now, flash_s=20) == Face()


def test_a_paused_counter_shows_no_number_even_if_it_has_one(
    board: MakeBoard, counter: MakeCounter, now: datetime
) -> None:
    resting = board(counters=(counter(3, "1017", status=CounterStatus.PAUSED),))
    assert face_of(3, resting, now, flash_s=20) == Face()


def test_a_new_call_blinks_until_its_time_is_over(board: MakeBoard, now: datetime) -> None:
    called_at = now - timedelta(seconds=25)
    assert face_of(3, board(), called_at + timedelta(seconds=19), flash_s=20).blink
    assert not face_of(3, board(), called_at + timedelta(seconds=20), flash_s=20).blink


def test_a_recall_blinks_again_and_a_withdrawn_call_does_not(
    board: MakeBoard, call: MakeCall, now: datetime
) -> None:
    again = board(calls=(call(90, "1017", 3, 1, repeat=1), call(88, "1017", 3, 60)))
    assert face_of(3, again, now, flash_s=20) == Face("1017", blink=True)
    withdrawn = board(calls=(call(90, "1017", 3, 1, withdrawn=True), call(88, "1017", 3, 60)))
    assert face_of(3, withdrawn, now, flash_s=20) == Face("1017")
