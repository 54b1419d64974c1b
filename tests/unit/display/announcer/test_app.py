"""The announcer between the bus and a loudspeaker: what it says, and what it says it said."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bus.codec import decode, encode
from bus.memory import MemoryBroker, MemoryBus
from bus.orders import Acknowledgement, OrderResult, SetVolume, Speak, SpeakCall
from bus.port import Incoming
from bus.session import ServiceClock, Session, at_once, offline_will
from bus.states import BoardState, Call, ConfigState, DeviceStatus, State
from bus.topics import Topics
from bus.vocabulary import AckOutcome, Language
from config import Clock, centre_to_wire, load_centre
from display.announcer.app import Announcer
from display.announcer.history import load_history
from display.announcer.voice import Voice
from hardware.speaker import (
    NoOutputError,
    PlaybackError,
    Sound,
    Speaker,
    SpeakerError,
    SpeakerStoppedError,
    read_wav,
)
from hardware.speaker.simulated import SimulatedSpeaker
from voice.errors import SpeechError
from voice.pack import BUILT_IN, Pack, load_pack

MakeCall = Callable[..., Call]
MakeBoard = Callable[..., BoardState]

WAIT_S = 60.0
DEVICE = "announcer-1"
ANNOUNCER = {"id": DEVICE, "role": "announcer"}
TOPICS = Topics("nhi-chieu")
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=3)


class HandSpeaker:
    """A loudspeaker whose sounds end when the test says so."""

    def __init__(self) -> None:
        self.playing: queue.Queue[Sound] = queue.Queue()
        self.ends: queue.Queue[SpeakerError | None] = queue.Queue()
        self.lost: str | None = None
        self.volume = 1.0

    def output(self) -> str:
        if self.lost:
            raise NoOutputError(self.lost)
        return "Loa thử"

    def play(self, sound: Sound, volume: float = 1.0, cut: object = None) -> None:
        del cut
        self.volume = volume
        self.output()
        self.playing.put(sound)
        error = self.ends.get(timeout=WAIT_S)
        if error:
            raise error

    def stop(self) -> None:
        self.ends.put(SpeakerStoppedError("stopped"))

    def heard(self) -> Sound:
        return self.playing.get(timeout=WAIT_S)

    def end(self, error: SpeakerError | None = None) -> None:
        self.ends.put(error)


class Speech:
    def __init__(self) -> None:
        self.missing = False

    def sound(self, text: str, lang: str) -> Sound:
        if self.missing:
            raise SpeechError("espeak-ng is not installed; run: apt-get install espeak-ng")
        return Sound(f"{lang}:{text}", b"\x11\x22" * 100)


class Service:
    """The service's side of the bus."""

    def __init__(self, broker: MemoryBroker) -> None:
        self.acks: queue.Queue[Acknowledgement] = queue.Queue()
        self.statuses: queue.Queue[DeviceStatus] = queue.Queue()
        self._bus = MemoryBus(broker, "service")
        self._bus.subscribe(TOPICS.acknowledgement(DEVICE), self._take_ack)
        self._bus.subscribe(TOPICS.status(DEVICE), self._take_status)
        self.results: queue.Queue[OrderResult] = queue.Queue()
        self._bus.subscribe(
            TOPICS.result(DEVICE),
            lambda message: self.results.put(decode(OrderResult, message.payload)),
        )
        self._bus.start()

    def publish(self, topic: str, state: State) -> None:
        self._bus.publish(topic, encode(state), retain=True)

    def show(self, board: BoardState) -> None:
        self.publish(TOPICS.board(), board)

    def configure(
        self,
        *,
        voice: dict[str, Any] | None = None,
        devices: list[dict[str, Any]] | None = None,
        rev: int = 1,
        **rules: Any,  # noqa: ANN401
    ) -> None:
        wire = centre_to_wire(load_centre())
        wire["rules"] = {**wire["rules"], **rules}
        wire["voice"] = voice or wire["voice"]
        wire["devices"] = devices or wire["devices"]
        state = ConfigState(epoch="01EPOCH", rev=rev, at=NOW, version=rev, centre=wire)
        self.publish(TOPICS.config(), state)

    def order(self, order: Speak | SpeakCall | SetVolume) -> None:
        self._bus.publish(TOPICS.order(DEVICE), encode(order))

    def ack(self) -> tuple[int, str, str | None]:
        ack = self.acks.get(timeout=WAIT_S)
        return ack.call_seq, ack.outcome.value, ack.reason

    def result(self) -> tuple[str, str, str | None]:
        result = self.results.get(timeout=WAIT_S)
        return result.order, result.outcome.value, result.reason

    def status_with(self, **health: object) -> DeviceStatus:
        """Return the next status with all of `health`."""
        while True:
            status = self.statuses.get(timeout=WAIT_S)
            if all(getattr(status.health, key, None) == value for key, value in health.items()):
                return status

    def stop(self) -> None:
        self._bus.stop()

    def _take_ack(self, message: Incoming) -> None:
        self.acks.put(decode(Acknowledgement, message.payload))

    def _take_status(self, message: Incoming) -> None:
        self.statuses.put(decode(DeviceStatus, message.payload))


class CuttableBus(MemoryBus):
    """A bus on a cable: cut, it looks well for a while, and nothing is confirmed."""

    whole = True

    def confirmed(self, within_s: float) -> bool:
        return self.whole and super().confirmed(within_s)


class Hall:
    """A bus with the service on it, and what an announcer needs."""

    def __init__(self, packs: dict[str, Pack], history: Path) -> None:
        self.broker = MemoryBroker()
        self.service = Service(self.broker)
        self.speaker = HandSpeaker()
        self.speech = Speech()
        self.history = history
        self._packs = packs
        self._started: list[Announcer] = []

    def start(self, speaker: Speaker | None = None, clock: Clock | None = None) -> Announcer:
        clock = clock or Clock.starting(NOW)
        will = offline_will(TOPICS, DEVICE, "announcer", NOW)
        link = Session(
            CuttableBus(self.broker, f"{DEVICE}-{len(self._started)}", will),
            TOPICS,
            DEVICE,
            "announcer",
            clock=ServiceClock(clock.now, clock.monotonic),
            new_id=lambda: "id",
            real=time.monotonic,
            deliver=at_once,
        )
        voice = Voice(self._packs, self.speech)
        announcer = Announcer(link, speaker or self.speaker, voice, clock, self.history)
        announcer.start()
        self._started.append(announcer)
        return announcer

    def stop(self) -> None:
        for announcer in self._started:
            announcer.stop()
        self.service.stop()


@pytest.fixture(scope="module")
def packs() -> dict[str, Pack]:
    return {lang: load_pack(BUILT_IN / lang) for lang in ("vi", "en")}


@pytest.fixture
def hall(packs: dict[str, Pack], tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(packs, tmp_path / "announcer" / f"{DEVICE}.json")
    yield hall
    hall.stop()


def test_accepted_at_once_and_spoken_after_the_last_sample(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard
) -> None:
    hall.service.configure()
    hall.start()
    hall.service.show(make_board(make_call(88)))
    accepted = hall.service.acks.get(timeout=WAIT_S)
    sound = hall.speaker.heard()
    assert (accepted.epoch, accepted.call_seq) == ("01EPOCH", 88)
    assert accepted.outcome is AckOutcome.ACCEPTED
    assert accepted.eta_s is not None
    assert sound.duration_s < accepted.eta_s < sound.duration_s + 4
    assert sound.name == "000088-2005-counter-3-1"
    assert hall.service.acks.empty()
    hall.speaker.end()
    assert hall.service.ack() == (88, "spoken", None)
    assert hall.speaker.heard().name == "000088-2005-counter-3-2"
    hall.speaker.end()


def test_calls_are_announced_for_when_their_turn_ends(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard
) -> None:
    hall.service.configure(spoken_times=1)
    hall.start()
    calls = [make_call(n, f"100{n}", n) for n in (1, 2, 3)]
    hall.service.show(make_board(*calls))
    acks = [hall.service.acks.get(timeout=WAIT_S) for _ in calls]
    etas = [ack.eta_s for ack in acks if ack.eta_s]
    sounds = []
    for n in (1, 2, 3):
        sounds.append(hall.speaker.heard())
        hall.speaker.end()
        assert hall.service.ack() == (n, "spoken", None)
    ends = [sum(sound.duration_s for sound in sounds[: n + 1]) for n in range(3)]
    assert all(end < eta < end + 6 for end, eta in zip(ends, etas, strict=True))


def test_a_board_before_the_configuration_waits_for_it(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard
) -> None:
    hall.service.show(make_board(make_call(1, service="PICK")))
    hall.start()
    hall.service.configure()
    assert hall.service.ack() == (1, "accepted", None)
    collect = load_pack(BUILT_IN / "vi").clips["nhận kết quả"]
    assert hall.speaker.heard().samples.endswith(collect.samples)


def test_old_calls_of_the_first_state_are_not_spoken(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard
) -> None:
    hall.service.configure()
    hall.service.show(
        make_board(make_call(1, "1001", 1, age_s=300), make_call(2, "1002", 2, age_s=20))
    )
    hall.start()
    assert {hall.service.ack(), hall.service.ack()} == {
        (1, "skipped", "too_old"),
        (2, "accepted", None),
    }
    assert hall.speaker.heard().name.startswith("000002")


def test_half_spoken_is_spoken_again_after_a_restart_and_spoken_is_not(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard
) -> None:
    hall.service.configure(spoken_times=1)
    first = hall.start()
    hall.service.show(make_board(make_call(1, "1001", 1), make_call(2, "1002", 2)))
    assert [hall.service.ack()[1], hall.service.ack()[1]] == ["accepted", "accepted"]
    hall.speaker.heard()
    hall.speaker.end()
    assert hall.service.ack() == (1, "spoken", None)
    assert hall.speaker.heard().name.startswith("000002")
    first.stop()
    assert hall.service.acks.empty()
    kept = load_history(hall.history)
    assert kept.epoch == "01EPOCH"
    assert kept.settled == (1,)

    again = HandSpeaker()
    hall.start(again)
    assert hall.service.ack() == (2, "accepted", None)
    assert again.heard().name.startswith("000002")
    again.end()
    assert hall.service.ack() == (2, "spoken", None)
    assert again.playing.empty()


def test_a_new_epoch_starts_over(hall: Hall, make_call: MakeCall, make_board: MakeBoard) -> None:
    hall.service.configure(spoken_times=1)
    hall.start()
    hall.service.show(make_board(make_call(1, "1001", 1), rev=40))
    assert hall.service.ack() == (1, "accepted", None)
    hall.speaker.heard()
    hall.service.show(make_board(make_call(1, "3001", 4), epoch="02EPOCH", rev=2))
    assert hall.service.ack() == (1, "accepted", None)
    hall.speaker.end()
    old = hall.service.acks.get(timeout=WAIT_S)
    assert (old.epoch, old.outcome) == ("01EPOCH", AckOutcome.SPOKEN)
    assert hall.speaker.heard().name == "000001-3001-counter-4-1"
    hall.speaker.end()
    new = hall.service.acks.get(timeout=WAIT_S)
    assert (new.epoch, new.outcome) == ("02EPOCH", AckOutcome.SPOKEN)


def test_a_call_of_a_new_epoch_is_promised_whatever_was_told_of_its_sequence_before(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard
) -> None:
    hall.service.configure(spoken_times=1)
    hall.start()
    hall.service.show(make_board(*(make_call(n, f"100{n}", n) for n in range(1, 6)), rev=40))
    for _ in range(5):
        hall.service.ack()
    hall.speaker.heard()
    hall.service.show(make_board(make_call(5, "3001", 4), epoch="02EPOCH", rev=2))
    accepted = hall.service.acks.get(timeout=WAIT_S)
    assert (accepted.epoch, accepted.call_seq) == ("02EPOCH", 5)
    assert accepted.outcome is AckOutcome.ACCEPTED
    hall.speaker.end()
    assert hall.service.ack() == (1, "spoken", None)
    assert hall.speaker.heard().name == "000005-3001-counter-4-1"
    assert hall.service.acks.empty()


def test_without_output_nothing_claims_to_have_spoken(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard, expected_warnings: list[str]
) -> None:
    expected_warnings.append("health sound=none")
    hall.speaker.lost = "no sound output: connect a loudspeaker"
    hall.service.configure()
    hall.start()
    status = hall.service.status_with(sound="none")
    assert status.online
    assert status.message == "no sound output: connect a loudspeaker"
    hall.service.show(make_board(make_call(1, "1001", 1), make_call(2, "1002", 2)))
    assert hall.service.ack() == (1, "skipped", "no_output")
    assert hall.service.ack() == (2, "skipped", "no_output")
    assert hall.speaker.playing.empty()


def test_an_output_that_is_back_is_found_by_the_next_call(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard, expected_warnings: list[str]
) -> None:
    expected_warnings.append("health sound=none")
    hall.speaker.lost = "no sound output: connect a loudspeaker"
    hall.service.configure(spoken_times=1)
    hall.start()
    hall.service.status_with(sound="none")
    hall.service.show(make_board(make_call(1, "1001", 1)))
    assert hall.service.ack() == (1, "skipped", "no_output")
    hall.speaker.lost = None
    hall.service.show(make_board(make_call(2, "1002", 2), rev=2))
    assert hall.service.ack() == (2, "accepted", None)
    assert hall.speaker.heard().name.startswith("000002")
    hall.speaker.end()
    assert hall.service.ack() == (2, "spoken", None)
    assert hall.service.status_with(sound="ok").message is None


def test_an_output_lost_on_the_way_gives_up_all_that_waits(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard, expected_warnings: list[str]
) -> None:
    expected_warnings.append("health sound=none")
    hall.service.configure()
    hall.start()
    hall.service.status_with(sound="ok", output="Loa thử")
    hall.service.show(make_board(make_call(1, "1001", 1), make_call(2, "1002", 2)))
    assert [hall.service.ack()[1], hall.service.ack()[1]] == ["accepted", "accepted"]
    hall.speaker.heard()
    hall.speaker.end(NoOutputError("the loudspeaker was unplugged"))
    assert hall.service.ack() == (1, "skipped", "no_output")
    assert hall.service.ack() == (2, "skipped", "no_output")
    assert hall.service.status_with(sound="none").message == "the loudspeaker was unplugged"


def test_a_sound_that_stood_still_was_not_spoken(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard, expected_warnings: list[str]
) -> None:
    expected_warnings.append("health sound=none")
    hall.service.configure()
    hall.start()
    hall.service.show(make_board(make_call()))
    assert hall.service.ack() == (1, "accepted", None)
    hall.speaker.heard()
    hall.speaker.end(PlaybackError("the sound output stood still"))
    assert hall.service.ack() == (1, "skipped", "failed")


@pytest.mark.parametrize("deputies", [0, 1])
def test_a_sound_that_stood_still_costs_those_that_wait_only_if_another_can_speak_them(
    hall: Hall,
    make_call: MakeCall,
    make_board: MakeBoard,
    expected_warnings: list[str],
    deputies: int,
) -> None:
    expected_warnings.append("health sound=none")
    deputy = {"id": "announcer-2", "role": "announcer"}
    hall.service.configure(spoken_times=1, devices=[ANNOUNCER, deputy][: 1 + deputies])
    hall.start()
    hall.service.show(make_board(make_call(1, "1001", 1), make_call(2, "1002", 2)))
    assert [hall.service.ack()[1], hall.service.ack()[1]] == ["accepted", "accepted"]
    hall.speaker.heard()
    hall.speaker.end(PlaybackError("the sound output stood still"))
    assert hall.service.ack() == (1, "skipped", "failed")
    if deputies:
        assert hall.service.ack() == (2, "skipped", "failed")
    else:
        assert hall.speaker.heard().name.startswith("000002")
        hall.speaker.end()


def test_without_a_voice_a_call_is_skipped_and_the_next_is_said(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard, expected_warnings: list[str]
) -> None:
    expected_warnings += ["falls back to the speech program", "health voice=none"]
    hall.speech.missing = True
    hall.service.configure(spoken_times=1)
    hall.start()
    hall.service.show(make_board(make_call(1, "Ư001", 1), make_call(2, "1002", 2)))
    assert [hall.service.ack()[1], hall.service.ack()[1]] == ["accepted", "accepted"]
    assert hall.service.ack() == (1, "skipped", "no_voice")
    assert "apt-get install espeak-ng" in (hall.service.status_with(voice="none").message or "")
    assert hall.speaker.heard().name.startswith("000002")
    hall.speaker.end()
    assert hall.service.ack() == (2, "spoken", None)


def test_an_unforeseen_failure_costs_one_call_only(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard, expected_warnings: list[str]
) -> None:
    class OddSpeaker(HandSpeaker):
        def play(self, sound: Sound, volume: float = 1.0, cut: object = None) -> None:
            del cut
            if "1001" in sound.name:
                raise RuntimeError("odd")
            hall.speaker.play(sound, volume)

    expected_warnings += ["device thread failed thread=player", "health sound=fault"]
    hall.service.configure(spoken_times=1)
    hall.start(OddSpeaker())
    hall.service.show(make_board(make_call(1, "1001", 1), make_call(2, "1002", 2)))
    assert [hall.service.ack()[1], hall.service.ack()[1]] == ["accepted", "accepted"]
    assert hall.service.ack() == (1, "skipped", "failed")
    assert hall.speaker.heard().name.startswith("000002")
    hall.speaker.end()


def test_an_acknowledgement_made_without_a_link_is_sent_later(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard
) -> None:
    hall.service.configure(spoken_times=1)
    announcer = hall.start()
    hall.service.show(make_board(make_call()))
    assert hall.service.ack() == (1, "accepted", None)
    hall.speaker.heard()
    bus = announcer._link.bus
    assert isinstance(bus, MemoryBus)
    hall.broker.disconnect(bus, with_will=True)
    bus.lose_link()
    hall.speaker.end()
    threading.Event().wait(0.05)
    assert hall.service.acks.empty()
    hall.broker.connect(bus)
    assert hall.service.ack() == (1, "spoken", None)


def test_a_free_text_is_spoken_once(hall: Hall) -> None:
    hall.start()
    order = Speak(id="01ORDER", at=NOW, text="Xin mời quý vị", lang=Language.VIETNAMESE)
    hall.service.order(order)
    hall.service.order(order)
    assert hall.speaker.heard().name == "text-01ORDER"
    hall.speaker.end()
    other = Speak(id="02ORDER", at=NOW, text="Hello", lang=Language.ENGLISH)
    hall.service.order(other)
    assert hall.speaker.heard().name == "text-02ORDER"
    hall.speaker.end()


def test_a_text_waits_for_the_calls_and_its_end_is_told(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard
) -> None:
    hall.service.configure(spoken_times=2)
    hall.start()
    hall.service.show(make_board(make_call(1)))
    assert hall.speaker.heard().name.startswith("000001")
    hall.service.order(Speak(id="01ORDER", at=NOW, text="Xe 15A", expires_at=LATER))
    hall.speaker.end()
    assert hall.speaker.heard().name.endswith("-2")
    assert hall.service.results.empty()
    hall.speaker.end()
    assert hall.speaker.heard().name == "text-01ORDER"
    assert hall.service.results.empty()
    hall.speaker.end()
    assert hall.service.result() == ("01ORDER", "done", None)


def test_a_text_under_way_for_too_long_is_withdrawn(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard
) -> None:
    hall.service.configure(spoken_times=1)
    hall.start()
    late = NOW + timedelta(minutes=5)
    hall.service.show(make_board(make_call(1, at=late), at=late))
    assert hall.speaker.heard().name.startswith("000001")
    hall.service.order(Speak(id="01ORDER", at=NOW, text="Xe 15A", expires_at=LATER))
    hall.speaker.end()
    assert hall.service.result() == ("01ORDER", "failed", "too_old")
    assert hall.speaker.playing.empty()


@pytest.mark.parametrize("why", ["no_output", "failed", "no_voice", "muted", "quiet_hours"])
def test_a_text_that_nobody_hears_says_why(
    hall: Hall, why: str, expected_warnings: list[str]
) -> None:
    expected_warnings.extend(["health sound=", "health voice=", "health volume="])
    hall.service.configure(voice=QUIET if why == "quiet_hours" else None)
    hall.start()
    if why == "quiet_hours":
        assert hall.service.status_with(quiet=True).message is None
    if why == "muted":
        hall.service.order(SetVolume(id="00ORDER", at=NOW, volume=0))
        assert hall.service.result() == ("00ORDER", "done", None)
        hall.service.status_with(volume=0)
    hall.speech.missing = why == "no_voice"
    hall.service.order(Speak(id="01ORDER", at=NOW, text="Xe 15A", expires_at=LATER))
    if why in ("no_output", "failed"):
        hall.speaker.heard()
        error = NoOutputError("unplugged") if why == "no_output" else PlaybackError("broken")
        hall.speaker.end(error)
    assert hall.service.result() == ("01ORDER", "failed", why)


def test_the_volume_is_set_and_told_and_outlasts_a_restart(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard
) -> None:
    hall.service.configure(spoken_times=1)
    first = hall.start()
    hall.service.order(SetVolume(id="01ORDER", at=NOW, volume=0.4))
    assert hall.service.status_with(volume=0.4).online
    first.stop()
    again = HandSpeaker()
    hall.start(again)
    hall.service.show(make_board(make_call()))
    again.heard()
    assert again.volume == 0.4
    again.end()


def test_a_muted_loudspeaker_claims_nothing_and_says_why(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard, expected_warnings: list[str]
) -> None:
    expected_warnings.append("health volume=0")
    hall.service.configure()
    hall.start()
    hall.service.order(SetVolume(id="01ORDER", at=NOW, volume=0))
    assert "set it higher" in (hall.service.status_with(volume=0).message or "")
    hall.service.show(make_board(make_call()))
    assert hall.service.ack() == (1, "skipped", "muted")
    hall.service.order(Speak(id="02ORDER", at=NOW, text="Mời ra ngoài", urgent=True))
    assert hall.speaker.heard().name == "text-02ORDER"
    assert hall.speaker.volume == 1.0
    hall.speaker.end()


QUIET = {"quiet": ["07:59-08:01"], "volumes": [{"hours": "08:00-09:00", "volume": 0.6}]}
"""Local hours around NOW, 08:00 in Hải Phòng."""


def test_in_quiet_hours_calls_are_skipped_and_emergencies_spoken(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard
) -> None:
    hall.service.configure(voice=QUIET)
    hall.start()
    assert hall.service.status_with(quiet=True).message is None
    hall.service.show(make_board(make_call()))
    assert hall.service.ack() == (1, "skipped", "quiet_hours")
    hall.service.order(Speak(id="01ORDER", at=NOW, text="Giờ nghỉ trưa"))
    hall.service.order(Speak(id="02ORDER", at=NOW, text="Mời ra ngoài", urgent=True))
    assert hall.speaker.heard().name == "text-02ORDER"
    assert hall.speaker.volume == 1.0
    hall.speaker.end()
    later = NOW + timedelta(minutes=2)
    hall.service.show(make_board(make_call(2, "1002", 2, at=later), at=later, rev=2))
    assert hall.service.ack() == (2, "accepted", None)
    assert hall.speaker.heard().name.startswith("000002")
    assert hall.speaker.volume == 0.6
    assert hall.service.status_with(quiet=False, volume=0.6).online


def test_quiet_hours_begin_while_calls_wait(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard
) -> None:
    hall.service.configure(voice={"quiet": ["08:01-08:30"]})
    hall.start()
    one, two = make_call(1, "1001", 1), make_call(2, "1002", 2)
    hall.service.show(make_board(one, two))
    assert [hall.service.ack()[1], hall.service.ack()[1]] == ["accepted", "accepted"]
    hall.speaker.heard()
    hall.service.show(make_board(one, two, at=NOW + timedelta(minutes=1), rev=2))
    assert hall.service.ack() == (2, "skipped", "quiet_hours")
    hall.speaker.end()
    assert hall.service.ack() == (1, "spoken", None)
    assert hall.service.status_with(quiet=True).online
    assert hall.speaker.playing.empty()


@pytest.mark.parametrize("voice", [{"quiet": ["noon"]}, {"volumes": [{"hours": "7", "volume": 1}]}])
def test_hours_that_are_none_keep_the_last(
    hall: Hall,
    make_call: MakeCall,
    make_board: MakeBoard,
    expected_warnings: list[str],
    voice: dict[str, Any],
) -> None:
    expected_warnings.append("configuration not understood")
    hall.service.configure()
    hall.start()
    hall.service.configure(voice=voice, rev=2)
    hall.service.show(make_board(make_call()))
    assert hall.service.ack() == (1, "accepted", None)
    assert hall.speaker.heard()


def test_a_call_that_is_overtaken_is_promised_anew(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard
) -> None:
    hall.service.configure()
    hall.start()
    normal = [make_call(n, f"100{n}", n) for n in (1, 2)]
    hall.service.show(make_board(*normal))
    told = [hall.service.acks.get(timeout=WAIT_S) for _ in normal]
    hall.speaker.heard()
    recall = make_call(3, "1003", 3, repeat=1)
    hall.service.show(make_board(*normal, recall, rev=2))
    again = [hall.service.acks.get(timeout=WAIT_S) for _ in range(2)]
    assert [(ack.call_seq, ack.outcome) for ack in again] == [
        (3, AckOutcome.ACCEPTED),
        (2, AckOutcome.ACCEPTED),
    ]
    assert (again[1].eta_s or 0) > (told[1].eta_s or 0) > (again[0].eta_s or 0) - 4
    hall.speaker.end()
    assert hall.service.ack() == (1, "spoken", None)
    assert hall.speaker.heard().name.startswith("000003")


def test_a_call_that_the_broker_kept_for_long_is_too_old(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard
) -> None:
    hall.service.configure()
    hall.service.show(make_board(make_call()))
    hall.start(clock=Clock.starting(NOW + timedelta(minutes=5)))
    assert hall.service.ack() == (1, "skipped", "too_old")


def test_a_standby_is_silent_until_it_is_told_to_speak(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard
) -> None:
    hall.service.configure(devices=[{"id": "announcer-0", "role": "announcer"}, ANNOUNCER])
    hall.start()
    assert hall.service.status_with(standby=True).message is None
    call, other = make_call(), make_call(2, "1002", 2)
    hall.service.show(make_board(call, other))
    hall.service.order(SpeakCall(id="01ORDER", at=NOW, epoch="01EPOCH", call=call))
    accepted = hall.service.acks.get(timeout=WAIT_S)
    assert (accepted.call_seq, accepted.outcome) == (1, AckOutcome.ACCEPTED)
    assert accepted.eta_s is not None
    assert hall.speaker.heard().name == "000001-2005-counter-3-1"
    hall.speaker.end()
    assert hall.service.ack() == (1, "spoken", None)
    assert hall.speaker.heard().name == "000001-2005-counter-3-2"
    hall.speaker.end()
    assert hall.service.acks.empty()
    assert load_history(hall.history).settled == (1,)


def test_an_order_that_was_under_way_for_a_minute_is_too_old(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard
) -> None:
    hall.service.configure(devices=[{"id": "announcer-0", "role": "announcer"}, ANNOUNCER])
    announcer = hall.start(clock=Clock.starting(NOW, 300))
    call = make_call()
    hall.service.show(make_board(call))
    wait_for(lambda: announcer._line.epoch == "01EPOCH")  # what comes sets the clock
    wait_for(lambda: announcer._link.now() > NOW + timedelta(seconds=61))
    hall.service.order(SpeakCall(id="01ORDER", at=NOW, epoch="01EPOCH", call=call))
    assert hall.service.ack() == (1, "skipped", "too_old")


def test_an_announcer_of_some_counters_stands_by_for_the_rest(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard
) -> None:
    zone = {"id": "announcer-0", "role": "announcer", "counters": [1, 2]}
    hall.service.configure(devices=[zone, ANNOUNCER])
    hall.start()
    assert hall.service.status_with(standby=False).online
    hall.service.show(make_board(make_call(1, "1001", 1), make_call(2, "2005", 3)))
    assert hall.service.ack() == (2, "accepted", None)


@pytest.mark.parametrize("deputies", [0, 1])
def test_without_a_link_it_leaves_calls_to_a_deputy_that_may_have_them(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard, deputies: int
) -> None:
    deputy = {"id": "announcer-2", "role": "announcer"}
    hall.service.configure(spoken_times=1, devices=[ANNOUNCER, deputy][: 1 + deputies])
    announcer = hall.start()
    first, second, third = (make_call(n, f"100{n}", n) for n in (1, 2, 3))
    hall.service.show(make_board(first, second, third))
    assert hall.speaker.heard().name.startswith("000001")
    bus = announcer._link.bus
    assert isinstance(bus, MemoryBus)
    hall.broker.disconnect(bus, with_will=True)
    bus.lose_link()
    wait_for(lambda: not announcer._in_touch)
    taken = replace(second, speaker="announcer-2")
    hall.service.show(make_board(first, taken, third, rev=2))
    hall.speaker.end()
    if deputies:
        with pytest.raises(queue.Empty):
            hall.speaker.playing.get(timeout=0.3)
    else:
        assert hall.speaker.heard().name.startswith("000002")
        hall.speaker.end()
    hall.broker.connect(bus)
    assert hall.speaker.heard().name.startswith("000003")
    hall.speaker.end()


def test_on_a_cut_cable_that_nobody_has_noticed_it_begins_nothing_that_a_deputy_may_begin(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard
) -> None:
    deputy = {"id": "announcer-2", "role": "announcer"}
    hall.service.configure(spoken_times=1, devices=[ANNOUNCER, deputy])
    bus = hall.start()._link.bus
    assert isinstance(bus, CuttableBus)
    hall.service.show(make_board(make_call(1, "1001", 1), make_call(2, "1002", 2)))
    assert hall.speaker.heard().name.startswith("000001")
    bus.whole = False
    hall.speaker.end()
    with pytest.raises(queue.Empty):
        hall.speaker.playing.get(timeout=0.3)
    hall.service.order(Speak(id="01FIRE", at=NOW, text="Mời ra ngoài", urgent=True))
    assert hall.speaker.heard().name == "text-01FIRE"
    hall.speaker.end()
    bus.whole = True
    assert hall.speaker.heard().name.startswith("000002")
    hall.speaker.end()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline, pause = time.monotonic() + WAIT_S, threading.Event()
    while not condition():
        assert time.monotonic() < deadline
        pause.wait(0.01)


def test_twenty_calls_in_five_seconds_are_all_spoken_in_order(
    hall: Hall, tmp_path: Path, make_call: MakeCall, make_board: MakeBoard
) -> None:
    clock = Clock.starting(NOW, 100)
    hall.service.configure()
    hall.start(SimulatedSpeaker(tmp_path / "voice", clock, keep=99), clock)
    calls: list[Call] = []
    for n in range(1, 21):
        at = NOW + timedelta(seconds=n / 4)
        calls.append(make_call(n, f"1{n:03d}", n % 9 + 1, at=at))
        hall.service.show(make_board(*calls, at=at, rev=n))
    due: dict[int, float] = {}
    spoken: list[int] = []
    while len(spoken) < 20:
        ack = hall.service.acks.get(timeout=WAIT_S)
        if ack.outcome is AckOutcome.ACCEPTED and ack.eta_s is not None:
            due[ack.call_seq] = clock.monotonic() + ack.eta_s
        else:
            assert ack.outcome is AckOutcome.SPOKEN
            assert clock.monotonic() <= due[ack.call_seq]
            spoken.append(ack.call_seq)
    assert spoken == list(range(1, 21))
    files = sorted((tmp_path / "voice").glob("*.wav"))
    said = [path.stem.split("-", 1)[1] for path in files]
    assert said[:20] == [f"{n:06d}-1{n:03d}-counter-{n % 9 + 1}-1" for n in range(1, 21)]


def test_a_stopped_announcer_says_that_it_is_gone(hall: Hall) -> None:
    announcer = hall.start()
    assert hall.service.status_with(sound="ok").online
    announcer.stop()
    while hall.service.statuses.get(timeout=WAIT_S).online:
        pass


def test_a_broken_configuration_keeps_the_last(
    hall: Hall, make_call: MakeCall, make_board: MakeBoard, expected_warnings: list[str]
) -> None:
    expected_warnings.append("configuration not understood")
    hall.service.configure()
    hall.start()
    broken = ConfigState(epoch="01EPOCH", rev=2, at=NOW, version=2, centre={"identity": 3})
    hall.service.publish(TOPICS.config(), broken)
    hall.service.show(make_board(make_call()))
    assert hall.service.ack() == (1, "accepted", None)
    assert hall.speaker.heard()


def test_on_the_one_clock_the_files_are_what_was_called(
    hall: Hall, packs: dict[str, Pack], tmp_path: Path, make_call: MakeCall, make_board: MakeBoard
) -> None:
    clock = Clock.starting(NOW, 300)
    hall.service.configure()
    hall.start(SimulatedSpeaker(tmp_path / "voice", clock, keep=9), clock)
    hall.service.show(make_board(make_call(1, "2005", 3), make_call(2, "A017", 25)))
    acks = [hall.service.ack() for _ in range(4)]
    assert [ack for ack in acks if ack[1] == "spoken"] == [
        (1, "spoken", None),
        (2, "spoken", None),
    ]
    first, second = sorted((tmp_path / "voice").glob("*-1.wav"))
    clips = {text: sound.samples for text, sound in packs["vi"].clips.items()}
    for path, texts in (
        (first, ["Xin mời công dân có số", "hai", "không", "không", "năm", "đến quầy số ba"]),
        (
            second,
            [
                *("Xin mời công dân có số", "a", "không", "một", "bảy"),
                *("đến quầy số", "hai", "mươi", "lăm"),
            ],
        ),
    ):
        heard, place = read_wav(path).samples, 0
        for text in texts:
            place = heard.find(clips[text], place)
            assert place >= 0, text
            place += len(clips[text])
        assert place == len(heard)
