import queue
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from bus.codec import decode, encode
from bus.commands import AnyCommand, OpenCounter, Reply, decode_command
from bus.health import KioskHealth
from bus.memory import MemoryBroker, MemoryBus
from bus.orders import Acknowledgement
from bus.port import Incoming
from bus.session import DEVICE_BEAT_S, ServiceClock, Session, at_once, offline_will
from bus.states import (
    BoardState,
    ConfigState,
    CounterState,
    DeviceStatus,
    ServicesState,
    State,
)
from bus.topics import Topics
from bus.vocabulary import AckOutcome, CounterStatus, Error, PrinterState

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
def elapsed() -> list[float]:
    """The real seconds that have passed, to be moved by the test."""
    return [0.0]


@pytest.fixture
def link(bus: MemoryBus, elapsed: list[float]) -> Iterator[Session]:
    clock = ServiceClock(lambda: AT, lambda: 0.0)
    link = Session(
        bus,
        TOPICS,
        "counter-3",
        "counter",
        clock=clock,
        real=lambda: elapsed[0],
        deliver=at_once,
        new_id=lambda: "01",
    )
    yield link
    link.stop()


def acknowledgement(call_seq: int, outcome: str) -> Acknowledgement:
    return Acknowledgement(epoch="a", call_seq=call_seq, outcome=AckOutcome(outcome))


def message_of(message: Incoming) -> Acknowledgement:
    return decode(Acknowledgement, message.payload)


def opening(name: str = "01") -> OpenCounter:
    return OpenCounter(id=name, ts=AT, counter=3)


def test_a_command_is_answered(service: Service, link: Session) -> None:
    replies: queue.Queue[Reply] = queue.Queue()
    link.start()
    link.ask(opening(), replies.put)
    assert service.commands.get(timeout=60) == opening()
    service.answer("another device's")
    service.answer("01", rev=7)
    assert replies.get(timeout=60).rev == 7
    service.answer("01", rev=8)
    link.ask(opening("02"), replies.put)
    service.commands.get(timeout=60)
    service.answer("02", rev=9)
    assert replies.get(timeout=60).rev == 9


def test_a_command_is_stamped_when_it_is_sent(service: Service, link: Session) -> None:
    link.start()
    stamped = link.ask(OpenCounter(counter=3), lambda _reply: None)
    assert (stamped.id, stamped.ts) == ("01", AT)
    assert service.commands.get(timeout=60) == stamped


def test_without_an_answer_the_same_id_is_sent_again(
    service: Service, link: Session, elapsed: list[float]
) -> None:
    replies: queue.Queue[Reply] = queue.Queue()
    link.start()
    link.ask(opening(), replies.put)
    first = service.commands.get(timeout=60)
    elapsed[0] = 1.0
    assert service.commands.get(timeout=60) == first
    service.answer("01")
    assert replies.get(timeout=60).ok


def test_a_new_link_sends_what_waits_at_once(
    service: Service, link: Session, bus: MemoryBus
) -> None:
    link.start()
    link.ask(opening(), lambda _reply: None)
    service.commands.get(timeout=60)
    bus.drop_link()
    assert service.commands.get(timeout=0.9) == opening()


def test_after_ten_seconds_the_service_is_unavailable(
    service: Service, link: Session, elapsed: list[float]
) -> None:
    replies: queue.Queue[Reply] = queue.Queue()
    link.start()
    service.statuses.get(timeout=60)
    link.ask(opening(), replies.put)
    for seconds in (0.0, 1.0, 3.0, 7.0):
        elapsed[0] = seconds
        assert service.commands.get(timeout=60) == opening()
    assert replies.empty()
    elapsed[0] = 10.0
    reply = replies.get(timeout=60)
    assert (reply.ok, reply.error) == (False, Error.UNAVAILABLE)
    assert service.commands.empty()


def test_whoever_has_less_patience_is_told_sooner(
    service: Service, link: Session, elapsed: list[float]
) -> None:
    replies: queue.Queue[Reply] = queue.Queue()
    link.start()
    link.ask(opening(), replies.put, within_s=2.5)
    service.commands.get(timeout=60)
    elapsed[0] = 2.5
    assert replies.get(timeout=60).error is Error.UNAVAILABLE


def test_a_reply_handler_that_raises_ends_no_other_wait(
    link: Session, elapsed: list[float], expected_warnings: list[str]
) -> None:
    expected_warnings.append("a handler failed")
    replies: queue.Queue[Reply] = queue.Queue()

    def fail(_reply: Reply) -> None:
        raise RuntimeError("the window is gone")

    link.start()
    link.ask(opening(), fail)
    link.ask(opening("02"), replies.put)
    elapsed[0] = 10.0
    assert replies.get(timeout=60).id == "02"
    link.ask(opening("03"), replies.put)
    elapsed[0] = 20.0
    assert replies.get(timeout=60).id == "03"


def test_everything_is_heard_on_the_owners_thread(service: Service, bus: MemoryBus) -> None:
    jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
    clock = ServiceClock(lambda: AT, lambda: 0.0)
    link = Session(
        bus,
        TOPICS,
        "counter-3",
        "counter",
        clock=clock,
        real=lambda: 0.0,
        deliver=jobs.put,
        new_id=lambda: "01",
    )
    heard: list[object] = []
    link.on_link(heard.append)
    link.follow_board(heard.append)
    link.follow_devices(["service"], lambda device, status: heard.append((device, status)))
    link.start()
    board = BoardState(epoch="a", rev=1, at=AT)
    status = DeviceStatus(online=True, kind="service", at=AT)
    service.bus.publish(TOPICS.board(), encode(board))
    service.bus.publish(TOPICS.status("service"), encode(status))
    link.ask(opening(), heard.append)
    service.answer("01")
    waiting = [jobs.get(timeout=60) for _ in range(4)]
    assert heard == []
    for job in waiting:
        job()
    assert heard == [True, board, ("service", status), Reply(id="01", ok=True)]
    link.stop()


def test_devices_are_followed_by_exact_topics_that_are_renewed(
    service: Service, link: Session
) -> None:
    heard: queue.Queue[str] = queue.Queue()

    def note(device: str, _status: DeviceStatus) -> None:
        heard.put(device)

    def say(device: str, *, retain: bool = False) -> None:
        status = encode(DeviceStatus(online=True, kind="board", at=AT))
        service.bus.publish(TOPICS.status(device), status, retain=retain)

    say("board-2", retain=True)
    link.follow_devices(["board-1"], note)
    link.start()
    say("board-1")
    assert heard.get(timeout=60) == "board-1"
    link.follow_devices(["board-2", "board-3"], note)
    assert heard.get(timeout=60) == "board-2"
    say("board-1")
    say("board-3")
    assert heard.get(timeout=60) == "board-3"


def test_a_forgotten_command_is_neither_sent_nor_answered(service: Service, link: Session) -> None:
    replies: queue.Queue[Reply] = queue.Queue()
    link.start()
    link.ask(opening(), replies.put)
    service.commands.get(timeout=60)
    link.forget("01")
    service.answer("01")
    link.ask(opening("02"), replies.put)
    service.commands.get(timeout=60)
    service.answer("02")
    assert replies.get(timeout=60).id == "02"


def test_states_of_an_epoch_never_go_back(
    service: Service, link: Session, expected_warnings: list[str]
) -> None:
    expected_warnings.append("state dropped")
    states: queue.Queue[BoardState] = queue.Queue()
    link.follow_board(states.put)
    link.start()
    for epoch, rev in (("a", 5), ("a", 4), ("a", 5), ("b", 1)):
        service.bus.publish(TOPICS.board(), encode(BoardState(epoch=epoch, rev=rev, at=AT)))
    service.bus.publish(TOPICS.board(), b"{}")
    service.bus.publish(TOPICS.board(), encode(BoardState(epoch="b", rev=2, at=AT)))
    seen = [states.get(timeout=60) for _ in range(4)]
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
    service: Service, link: Session, name: str
) -> None:
    topic, state = STATES[name]
    seen: queue.Queue[State] = queue.Queue()
    follow: Callable[..., None] = getattr(link, f"follow_{name}")
    follow(*[[3]] * (name == "counters"), seen.put)
    link.start()
    for epoch, rev in (("a", 5), ("a", 4), ("b", 1), ("b", 2)):
        service.bus.publish(topic, encode(replace(state, epoch=epoch, rev=rev)))
    heard = [seen.get(timeout=60) for _ in range(3)]
    assert [(state.epoch, state.rev) for state in heard] == [("a", 5), ("b", 1), ("b", 2)]


def test_a_service_that_may_have_missed_acknowledgements_hears_the_last_ones_again(
    service: Service, link: Session, bus: MemoryBus
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
        assert states.get(timeout=60).session == session

    def told(count: int) -> list[tuple[int, str]]:
        acks = [heard.get(timeout=60) for _ in range(count)]
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
    assert states.get(timeout=60).session == "two"
    assert told(2) == [(1, "spoken"), (2, "accepted")]
    bus.lose_link()
    link.acknowledge(acknowledgement(2, "spoken"))
    link.acknowledge(acknowledgement(2, "accepted"))
    bus.drop_link()
    assert states.get(timeout=60).session == "two"
    assert told(2) == [(1, "spoken"), (2, "spoken")]
    show("three", epoch="b")
    show("four", epoch="b")
    ear.stop()
    assert heard.empty()


def test_the_status_says_here_changed_and_gone(
    service: Service, link: Session, bus: MemoryBus
) -> None:
    link.start()
    assert service.statuses.get(timeout=60).online
    link.set_health(KioskHealth(printer=PrinterState.READY))
    link.set_health(KioskHealth(printer=PrinterState.READY))
    link.set_health(KioskHealth(printer=PrinterState.PAPER_OUT), "Hết giấy")
    assert service.statuses.get(timeout=60).health == KioskHealth(printer=PrinterState.READY)
    assert service.statuses.get(timeout=60).message == "Hết giấy"
    bus.die()
    assert not service.statuses.get(timeout=60).online


def test_a_device_says_now_and_then_that_it_is_there_and_its_farewell_is_the_last_word(
    service: Service, link: Session, elapsed: list[float]
) -> None:
    link.start()
    assert service.statuses.get(timeout=60).online
    link.ask(opening(), lambda _reply: None)
    for _ in range(2):
        elapsed[0] += DEVICE_BEAT_S
        assert service.statuses.get(timeout=60).online
    elapsed[0] += DEVICE_BEAT_S
    link.stop()
    last = [service.statuses.get(timeout=60)]
    while last[-1].online:
        last.append(service.statuses.get(timeout=60))
    assert service.statuses.empty()


def test_health_that_another_thread_sets_after_the_farewell_is_not_said(
    service: Service, broker: MemoryBroker
) -> None:
    class LateHealth(MemoryBus):
        def stop(self) -> None:
            leaving.set_health(KioskHealth(printer=PrinterState.READY))
            super().stop()

    leaving = Session(
        LateHealth(broker),
        TOPICS,
        "kiosk-1",
        "kiosk",
        clock=ServiceClock(lambda: AT, lambda: 0.0),
        real=lambda: 0.0,
        deliver=at_once,
        new_id=lambda: "01",
    )
    leaving.start()
    assert service.statuses.get(timeout=60).online
    leaving.stop()
    assert not service.statuses.get(timeout=60).online
    assert service.statuses.empty()
    [last] = broker.retained(TOPICS.status("kiosk-1"))
    assert not decode(DeviceStatus, last.payload).online


def test_service_time_is_the_last_states_plus_the_own_monotonic_clock() -> None:
    ticks = iter((100.0, 103.5))
    clock = ServiceClock(lambda: AT - timedelta(days=1), lambda: next(ticks))
    assert clock() == AT - timedelta(days=1)
    clock.hear(AT)
    assert clock() == AT + timedelta(seconds=3.5)
