import queue
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from bus.codec import decode, encode
from bus.commands import AnyCommand, OpenCounter, Reply, decode_command
from bus.device import DeviceClock, DeviceLink, offline_will
from bus.memory import MemoryBroker, MemoryBus
from bus.orders import Acknowledgement
from bus.port import Incoming
from bus.states import (
    BoardState,
    ConfigState,
    CounterState,
    DeviceStatus,
    ServicesState,
    State,
)
from bus.topics import Topics
from bus.vocabulary import AckOutcome, CounterStatus, Error

AT = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
TOPICS = Topics("test")


class Service:
    """The service's side of the bus, answering as the test says."""

    def __init__(self, broker: MemoryBroker) -> None:
        self.broker = broker
        self.bus = MemoryBus(broker)
        self.commands: queue.Queue[AnyCommand] = queue.Queue()
        self.statuses: queue.Queue[DeviceStatus] = queue.Queue()
        self.bus.subscribe(TOPICS.every("cmd"), self._take)
        self.bus.subscribe(TOPICS.every("device"), self._hear)
        self.bus.start()

    def answer(self, command_id: str, **values: object) -> None:
        reply = Reply(id=command_id, **{"ok": True, **values})  # type: ignore[arg-type]
        self.bus.publish(TOPICS.reply("counter-3"), encode(reply))

    def _take(self, message: Incoming) -> None:
        self.commands.put(decode_command(message.payload))

    def _hear(self, message: Incoming) -> None:
        self.statuses.put(decode(DeviceStatus, message.payload))


@pytest.fixture
def broker() -> MemoryBroker:
    return MemoryBroker()


@pytest.fixture
def service(broker: MemoryBroker) -> Iterator[Service]:
    service = Service(broker)
    yield service
    service.bus.stop()


@pytest.fixture
def bus(broker: MemoryBroker) -> MemoryBus:
    return MemoryBus(broker, will=offline_will(TOPICS, "counter-3", "counter", AT))


@pytest.fixture
def link(bus: MemoryBus) -> Iterator[DeviceLink]:
    clock = DeviceClock(lambda: AT, lambda: 0.0)
    link = DeviceLink(bus, TOPICS, "counter-3", "counter", clock=clock, new_id=lambda: "01")
    yield link
    link.stop()


def acknowledgement(call_seq: int, outcome: str) -> Acknowledgement:
    return Acknowledgement(epoch="a", call_seq=call_seq, outcome=AckOutcome(outcome))


def message_of(message: Incoming) -> Acknowledgement:
    return decode(Acknowledgement, message.payload)


def opening(name: str = "01") -> OpenCounter:
    return OpenCounter(id=name, ts=AT, counter=3)


def test_a_command_is_answered(service: Service, link: DeviceLink) -> None:
    replies: queue.Queue[Reply] = queue.Queue()
    link.start()
    link.send(opening(), replies.put)
    assert service.commands.get(timeout=5) == opening()
    service.answer("another device's")
    service.answer("01", rev=7)
    assert replies.get(timeout=5).rev == 7
    service.answer("01", rev=8)
    link.send(opening("02"), replies.put)
    service.commands.get(timeout=5)
    service.answer("02", rev=9)
    assert replies.get(timeout=5).rev == 9


def test_without_an_answer_the_same_id_is_sent_again(service: Service, link: DeviceLink) -> None:
    replies: queue.Queue[Reply] = queue.Queue()
    link.start()
    link.send(opening(), replies.put)
    first = service.commands.get(timeout=5)
    assert service.commands.get(timeout=5) == first
    service.answer("01")
    assert replies.get(timeout=5).ok


def test_a_new_link_sends_what_waits_at_once(
    service: Service, link: DeviceLink, bus: MemoryBus
) -> None:
    link.start()
    link.send(opening(), lambda _reply: None)
    service.commands.get(timeout=5)
    bus.drop_link()
    assert service.commands.get(timeout=0.9) == opening()


@pytest.mark.full
def test_after_ten_seconds_the_service_is_unavailable(service: Service, link: DeviceLink) -> None:
    replies: queue.Queue[Reply] = queue.Queue()
    link.start()
    service.statuses.get(timeout=5)
    link.send(opening(), replies.put)
    reply = replies.get(timeout=15)
    assert (reply.ok, reply.error) == (False, Error.UNAVAILABLE)
    sent = [service.commands.get() for _ in range(service.commands.qsize())]
    # A link that comes up just while the command is sent adds one: it sends what waits.
    assert sent in ([opening()] * 4, [opening()] * 5)


def test_a_forgotten_command_is_neither_sent_nor_answered(
    service: Service, link: DeviceLink
) -> None:
    replies: queue.Queue[Reply] = queue.Queue()
    link.start()
    link.send(opening(), replies.put)
    service.commands.get(timeout=5)
    link.forget("01")
    service.answer("01")
    link.send(opening("02"), replies.put)
    service.commands.get(timeout=5)
    service.answer("02")
    assert replies.get(timeout=5).id == "02"


def test_states_of_an_epoch_never_go_back(
    service: Service, link: DeviceLink, expected_warnings: list[str]
) -> None:
    expected_warnings.append("state dropped")
    states: queue.Queue[BoardState] = queue.Queue()
    link.follow_board(states.put)
    link.start()
    for epoch, rev in (("a", 5), ("a", 4), ("a", 5), ("b", 1)):
        service.bus.publish(TOPICS.board(), encode(BoardState(epoch=epoch, rev=rev, at=AT)))
    service.bus.publish(TOPICS.board(), b"{}")
    service.bus.publish(TOPICS.board(), encode(BoardState(epoch="b", rev=2, at=AT)))
    seen = [states.get(timeout=5) for _ in range(4)]
    assert [(state.epoch, state.rev) for state in seen] == [("a", 5), ("a", 5), ("b", 1), ("b", 2)]


STATES = {
    "config": (TOPICS.config(), ConfigState(epoch="", rev=0, at=AT, version=1, centre={})),
    "services": (TOPICS.services(), ServicesState(epoch="", rev=0, at=AT, business_day="")),
    "counters": (
        TOPICS.counter(3),
        CounterState(epoch="", rev=0, at=AT, counter=3, status=CounterStatus.OPEN),
    ),
}


@pytest.mark.parametrize("name", STATES)
def test_whoever_follows_starts_over_with_a_restored_store(
    service: Service, link: DeviceLink, name: str
) -> None:
    topic, state = STATES[name]
    seen: queue.Queue[State] = queue.Queue()
    getattr(link, f"follow_{name}")(seen.put)
    link.start()
    for epoch, rev in (("a", 5), ("a", 4), ("b", 1), ("b", 2)):
        service.bus.publish(topic, encode(replace(state, epoch=epoch, rev=rev)))
    heard = [seen.get(timeout=5) for _ in range(3)]
    assert [(state.epoch, state.rev) for state in heard] == [("a", 5), ("b", 1), ("b", 2)]


def test_a_service_that_may_have_missed_acknowledgements_hears_the_last_ones_again(
    service: Service, link: DeviceLink, bus: MemoryBus
) -> None:
    heard: queue.Queue[Acknowledgement] = queue.Queue()
    ear = MemoryBus(service.broker)
    ear.subscribe(TOPICS.every("ack"), lambda message: heard.put(message_of(message)))
    ear.start()
    states: queue.Queue[BoardState] = queue.Queue()
    link.follow_board(states.put)
    link.start()

    def show(session: str, epoch: str = "a") -> None:
        state = BoardState(epoch=epoch, rev=1, at=AT, session=session)
        service.bus.publish(TOPICS.board(), encode(state), retain=True)
        assert states.get(timeout=5).session == session

    def told(count: int) -> list[tuple[int, str]]:
        acks = [heard.get(timeout=5) for _ in range(count)]
        assert heard.empty()
        return [(ack.call_seq, ack.outcome.value) for ack in acks]

    show("one")
    for call_seq, outcome in ((1, "accepted"), (1, "spoken"), (2, "accepted")):
        link.acknowledge(acknowledgement(call_seq, outcome))
    assert told(3) == [(1, "accepted"), (1, "spoken"), (2, "accepted")]
    show("one")
    show("two")
    assert told(2) == [(1, "spoken"), (2, "accepted")]
    bus.drop_link()
    assert states.get(timeout=5).session == "two"
    assert told(2) == [(1, "spoken"), (2, "accepted")]
    bus.lose_link()
    link.acknowledge(acknowledgement(2, "spoken"))
    link.acknowledge(acknowledgement(2, "accepted"))
    bus.drop_link()
    assert states.get(timeout=5).session == "two"
    assert told(2) == [(1, "spoken"), (2, "spoken")]
    show("three", epoch="b")
    show("four", epoch="b")
    ear.stop()
    assert heard.empty()


def test_the_status_says_here_changed_and_gone(
    service: Service, link: DeviceLink, bus: MemoryBus
) -> None:
    link.start()
    assert service.statuses.get(timeout=5).online
    link.set_health({"printer": "ready"})
    link.set_health({"printer": "ready"})
    link.set_health({"printer": "paper_out"}, "Hết giấy")
    assert service.statuses.get(timeout=5).health == {"printer": "ready"}
    assert service.statuses.get(timeout=5).message == "Hết giấy"
    bus.die()
    assert not service.statuses.get(timeout=5).online


def test_service_time_is_the_last_states_plus_the_own_monotonic_clock() -> None:
    ticks = iter((100.0, 103.5))
    clock = DeviceClock(lambda: AT - timedelta(days=1), lambda: next(ticks))
    assert clock() == AT - timedelta(days=1)
    clock.hear(AT)
    assert clock() == AT + timedelta(seconds=3.5)
