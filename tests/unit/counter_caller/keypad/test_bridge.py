"""The bridge between a call device that is told what to press and a service that is not there."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue

import pytest

from bus.codec import decode, encode
from bus.commands import AnyCommand, CallNext, Recall, Reply, decode_command
from bus.health import KeypadHealth, KeypadUnit, health_as
from bus.memory import MemoryBroker, MemoryBus
from bus.port import Incoming
from bus.session import ServiceClock, Session
from bus.states import CounterState, CurrentTicket, DeviceStatus
from bus.topics import Topics
from bus.vocabulary import CounterStatus, Error, TicketClass, TicketState, UnitState
from config.settings.keypads import one_button
from counter_caller.keypad.bridge import PRESS_LIVES_S, Bridge, DeviceBinding, Jobs
from hall.model import SILENCE_S, Hall
from hall.words import Words
from hardware.keypad import Gesture, Press, PressHandler, Readout, StateHandler

NOW = datetime(2026, 11, 23, 1, 24, 5, tzinfo=UTC)
TOPICS = Topics("test")
UNIT = "button-3"


class FakeCallDevice:
    """A button of counter 3 that keeps what it was told."""

    name = "button"

    def __init__(self) -> None:
        self.units: Mapping[str, int] = {UNIT: 3}
        self.shown: list[Readout] = []
        self.refused: list[Error] = []
        self.stopped = False

    def start(self, on_press: PressHandler, on_state: StateHandler) -> None:
        self.press, self.state = on_press, on_state

    def show(self, unit: str, readout: Readout) -> None:
        assert unit == UNIT
        self.shown.append(readout)

    def refuse(self, unit: str, why: Error) -> None:
        assert unit == UNIT
        self.refused.append(why)

    def dropped(self) -> Mapping[str, int]:
        return {"noise": 1}

    def unknown_buttons(self) -> Mapping[str, Press]:
        return {}

    def stop(self) -> None:
        self.stopped = True


class FakeService:
    """Publishes states, keeps commands, and answers them as the test says."""

    def __init__(self, broker: MemoryBroker) -> None:
        self.bus = MemoryBus(broker, "service")
        self.heard: list[AnyCommand] = []
        self.commands: list[AnyCommand] = []
        """Those heard, each once however often it is sent."""
        self.statuses: list[DeviceStatus] = []
        self.answer: Callable[[AnyCommand], Reply | None] = lambda _command: None
        self.up = False
        self._revs = itertools.count(1)
        self.bus.subscribe(TOPICS.command("keypad-1"), self._take)
        self.bus.subscribe(
            TOPICS.status("keypad-1"),
            lambda message: self.statuses.append(decode(DeviceStatus, message.payload)),
        )
        self.bus.start()

    def beat(self) -> None:
        """Say once more that it is there, if it is."""
        self.online(self.up)

    def online(self, up: bool = True) -> None:
        self.up = up
        status = DeviceStatus(online=up, kind="service", at=NOW)
        self.bus.publish(TOPICS.status("service"), encode(status), retain=True)

    def counter(self, number: str = "", waiting: int = 0, counter: int = 3) -> None:
        current = CurrentTicket(
            ticket=f"T{number}",
            number=number,
            service="CERT",
            ticket_class=TicketClass.NORMAL,
            state=TicketState.CALLED,
            issued_at=NOW,
            called_at=NOW,
        )
        state = CounterState(
            epoch="E",
            rev=next(self._revs),
            at=NOW,
            counter=counter,
            status=CounterStatus.OPEN,
            current=current if number else None,
            waiting_total=waiting,
        )
        self.bus.publish(TOPICS.counter(counter), encode(state), retain=True)

    def refuse(self, error: Error) -> None:
        self.answer = lambda command: Reply(id=command.id, ok=False, error=error)

    def _take(self, message: Incoming) -> None:
        command = decode_command(message.payload)
        self.heard.append(command)
        if command not in self.commands:
            self.commands.append(command)
        reply = self.answer(command)
        if reply:
            self.bus.publish(TOPICS.reply("keypad-1"), encode(reply))


class Scene:
    def __init__(self) -> None:
        self.broker = MemoryBroker()
        self.service = FakeService(self.broker)
        self.button = FakeCallDevice()
        self.seconds = 100.0
        ids = (f"C{number}" for number in itertools.count(1))
        self.bus = MemoryBus(self.broker, "keypad-1")
        jobs: Jobs = SimpleQueue()
        link = Session(
            self.bus,
            TOPICS,
            "keypad-1",
            "keypad",
            clock=ServiceClock(lambda: NOW + timedelta(days=400), lambda: 0.0),
            new_id=lambda: next(ids),
            real=lambda: self.seconds,
            deliver=jobs.put,
        )
        self.bridge = Bridge(
            link,
            Hall(link),
            [DeviceBinding(self.button, one_button())],
            jobs,
            monotonic=lambda: self.seconds,
            press_lives=timedelta(seconds=4),
            t=Words(),
        )

    def start(self, number: str = "1017", waiting: int = 2) -> None:
        self.bridge.start()
        self.service.online()
        self.service.counter(number, waiting)
        self.shows(Readout(number, waiting))

    def press(self, gesture: Gesture = Gesture.SINGLE, ago_s: float = 0.0) -> None:
        self.button.press(Press(UNIT, self.seconds - ago_s, gesture))

    def shows(self, readout: Readout) -> None:
        """Wait until `readout` is shown, and as long as an eye takes to read it."""
        wait(lambda: self.button.shown[-1:] == [readout], self.button.shown)
        self.seconds += 1
        self.service.beat()

    def sent(self, count: int = 1) -> AnyCommand:
        wait(lambda: len(self.service.commands) == count, self.service.commands)
        return self.service.commands[-1]

    def unit(self) -> KeypadUnit:
        """Return what the newest status says of the button."""
        health = health_as(KeypadHealth, self.service.statuses[-1].health)
        return health.units.get(UNIT, KeypadUnit(counter=3))

    def refused(self, *errors: Error) -> None:
        wait(lambda: self.button.refused == list(errors), self.button.refused)


def wait(condition: Callable[[], object], told: object = "") -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, told
        threading.Event().wait(0.005)


@pytest.fixture
def scene() -> Iterator[Scene]:
    scene = Scene()
    yield scene
    scene.bridge.stop()
    scene.service.bus.stop()
    assert scene.button.stopped


def test_a_press_is_one_command_with_the_ticket_that_is_shown(scene: Scene) -> None:
    scene.start()
    scene.press()
    assert scene.sent() == CallNext(
        id="C1", ts=NOW, expires_at=NOW + timedelta(seconds=4), counter=3, current="T1017"
    )
    scene.press(Gesture.DOUBLE)
    command = scene.sent(2)
    assert isinstance(command, Recall)
    assert command.id == "C2"


def test_a_press_before_the_eye_could_follow_means_the_number_before(scene: Scene) -> None:
    scene.start()
    scene.service.counter("1018", 1)
    scene.shows(Readout("1018", 1))
    for ago_s, seen in ((0.7, "T1017"), (0.5, "T1018"), (2.0, "T1017")):
        scene.press(ago_s=ago_s)
        command = scene.sent(len(scene.service.commands) + 1)
        assert isinstance(command, CallNext)
        assert command.current == seen


def test_every_new_state_is_shown_and_none_twice(scene: Scene) -> None:
    scene.start()
    scene.service.counter("1017", 2)
    scene.service.counter("1017", 3)
    scene.shows(Readout("1017", 3))
    scene.service.counter("", 0)
    scene.shows(Readout("", 0))
    assert scene.button.shown.count(Readout("1017", 2)) == 1


@pytest.mark.parametrize("error", [Error.EMPTY, Error.STALE, Error.EXPIRED, Error.NOT_ALLOWED])
def test_a_refusal_is_told_where_the_finger_was(scene: Scene, error: Error) -> None:
    scene.start()
    scene.service.refuse(error)
    scene.press()
    scene.refused(error)
    wait(lambda: scene.unit().refused is error)


def test_a_good_press_ends_the_complaint(scene: Scene) -> None:
    scene.start()
    scene.service.refuse(Error.EMPTY)
    scene.press()
    scene.refused(Error.EMPTY)
    scene.service.answer = lambda command: Reply(id=command.id, ok=True)
    scene.press()
    scene.sent(2)
    wait(lambda: scene.unit().refused is None)
    assert scene.button.refused == [Error.EMPTY]


def test_recalling_nobody_is_not_even_asked(scene: Scene) -> None:
    scene.start(number="")
    scene.press(Gesture.DOUBLE)
    scene.refused(Error.NOT_ALLOWED)
    assert not scene.service.commands


def test_without_service_link_or_state_a_press_is_refused_and_not_kept(scene: Scene) -> None:
    scene.bridge.start()
    scene.press()
    scene.refused(Error.UNAVAILABLE)
    scene.service.online()
    scene.press()
    scene.refused(*[Error.UNAVAILABLE] * 2)
    scene.service.counter("1017", 2)
    scene.shows(Readout("1017", 2))
    scene.service.online(up=False)
    scene.shows(Readout())
    scene.press()
    scene.refused(*[Error.UNAVAILABLE] * 3)
    scene.service.online()
    scene.shows(Readout("1017", 2))
    assert not scene.service.commands


def test_after_a_lost_link_only_what_is_heard_anew_counts(scene: Scene) -> None:
    scene.start()
    scene.broker.disconnect(scene.bus, with_will=False)
    scene.bus.lose_link()
    scene.shows(Readout())
    scene.press()
    scene.refused(Error.UNAVAILABLE)
    scene.service.counter("1018", 1)
    scene.broker.connect(scene.bus)
    scene.shows(Readout("1018", 1))
    scene.press()
    command = scene.sent()
    assert isinstance(command, CallNext)
    assert command.current == "T1018"


def test_a_press_that_comes_too_late_is_refused(scene: Scene) -> None:
    scene.start()
    scene.press(ago_s=PRESS_LIVES_S + 0.1)
    scene.refused(Error.EXPIRED)
    scene.press(ago_s=PRESS_LIVES_S - 0.1)
    scene.sent()


def test_a_command_without_an_answer_is_given_up_and_never_sent_again(scene: Scene) -> None:
    scene.start()
    scene.press()
    command = scene.sent()
    scene.seconds += PRESS_LIVES_S
    scene.refused(Error.UNAVAILABLE)
    told, heard = len(scene.service.statuses), scene.service.heard.count(command)
    scene.bus.drop_link()
    wait(lambda: len(scene.service.statuses) > told and scene.bus.connected)
    scene.shows(Readout("1017", 2))
    scene.press(Gesture.HOLD)
    wait(lambda: scene.service.commands[-1] != command)
    assert scene.service.heard.count(command) == heard
    reply = Reply(id=command.id, ok=False, error=Error.EMPTY)
    scene.service.bus.publish(TOPICS.reply("keypad-1"), encode(reply))
    scene.service.counter("1019", 1)
    scene.shows(Readout("1019", 1))
    assert scene.button.refused == [Error.UNAVAILABLE]


def test_before_the_clocks_were_compared_a_command_names_no_end(scene: Scene) -> None:
    scene.service.online()
    scene.service.counter("1017", 2)
    scene.bridge.start()
    scene.shows(Readout("1017", 2))
    scene.press()
    assert scene.sent().expires_at is None
    scene.service.counter("1017", 3)
    scene.shows(Readout("1017", 3))
    scene.press()
    assert scene.sent(2).expires_at == NOW + timedelta(seconds=4)


def test_after_expired_the_clocks_count_as_apart(scene: Scene) -> None:
    scene.start()
    scene.service.refuse(Error.EXPIRED)
    scene.press()
    scene.refused(Error.EXPIRED)
    scene.press()
    assert scene.sent(2).expires_at is None


def test_a_unit_that_goes_away_is_told_once(scene: Scene, expected_warnings: list[str]) -> None:
    expected_warnings.append("unit=button-3 counter=3 state=offline")
    scene.start()
    scene.button.state(UNIT, UnitState.OFFLINE, "cable")
    wait(lambda: any(status.message for status in scene.service.statuses[-1:]))
    status = scene.service.statuses[-1]
    assert scene.unit().state is UnitState.OFFLINE
    assert health_as(KeypadHealth, status.health).dropped == {"button": {"noise": 1}}
    assert "quầy 3" in str(status.message)
    scene.button.state(UNIT, UnitState.READY, "")
    wait(lambda: scene.service.statuses[-1].message is None)


def test_a_frozen_service_is_noticed_by_its_beat(scene: Scene) -> None:
    scene.bridge.start()
    scene.service.online()
    scene.service.counter("1017", 2)
    wait(lambda: scene.button.shown[-1:] == [Readout("1017", 2)])
    scene.seconds += SILENCE_S
    wait(lambda: scene.button.shown[-1:] == [Readout()])
    scene.press()
    scene.refused(Error.UNAVAILABLE)
    assert not scene.service.commands


def test_one_key_leaves_it_to_the_service_whether_somebody_came(scene: Scene) -> None:
    scene.start()
    scene.press()
    command = scene.sent()
    assert isinstance(command, CallNext)
    assert command.current_to is None
