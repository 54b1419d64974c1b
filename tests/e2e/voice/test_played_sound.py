"""What was really played: recorded at the output and matched with the clips, in order."""

import queue
import random
import signal
import subprocess
import sys
import threading
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

import pytest

from bus.broker import PrivateBroker, mosquitto_program
from bus.codec import decode, encode
from bus.health import AnnouncerHealth, health_as
from bus.mqtt import Account, MqttBus
from bus.orders import Acknowledgement, SpeakCall
from bus.port import Incoming
from bus.states import BoardState, Call, ConfigState, DeviceStatus, State
from bus.topics import Topics
from bus.vocabulary import Language, TicketClass
from config import Clock, centre_to_wire, load_centre
from hardware.speaker import Sound
from voice.inspection import inspect_pack
from voice.pack import BUILT_IN, Pack, load_pack

pytestmark = pytest.mark.engine

TOPICS = Topics("nhi-chieu")
DEVICE = "announcer-1"
STANDBY = "announcer-2"
WAIT_S = 60.0
FIRST = "Xin mời công dân có số"


Start = Callable[..., subprocess.Popen[bytes]]


class Recording(Protocol):
    samples: "array[int]"

    def shares(self, clips: Sequence[Sound]) -> list[float]: ...

    def after(self, earlier: "Recording") -> "Recording": ...


class Hall(Protocol):
    environment: dict[str, str]

    def recording(self) -> Recording: ...

    def heard_until_now(self) -> Recording: ...

    def play(self, path: Path) -> None: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(BUILT_IN / "vi")


def clips_of(pack: Pack, *texts: str) -> list[Sound]:
    """Return the clips of `texts`; "♪" is the chime."""
    chime = pack.chime
    assert chime is not None
    return [chime if text == "♪" else pack.clips[text] for text in texts]


def is_heard(recording: Recording, clips: list[Sound]) -> bool:
    """Return whether the recording is these clips, each after the one before."""
    return min(recording.shares(clips)) >= 0.8


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[PrivateBroker]:
    if mosquitto_program() is None:
        pytest.skip("mosquitto is not installed")
    roles = {"service": "service", DEVICE: "announcer", STANDBY: "announcer"}
    with PrivateBroker(tmp_path / "broker", "nhi-chieu", roles) as broker:
        yield broker


class Service:
    """The service's side of a real broker, on the real clock."""

    def __init__(self, broker: PrivateBroker) -> None:
        self.acks: queue.Queue[Acknowledgement] = queue.Queue()
        self.standing_by = threading.Event()
        account = Account(broker.host, broker.port, "test", "service", broker.passwords["service"])
        linked: queue.Queue[bool] = queue.Queue()
        self.bus = MqttBus(account, random.Random(1))
        self.bus.subscribe(TOPICS.every("ack"), self._take)
        self.bus.subscribe(TOPICS.status(STANDBY), self._take_status)
        self.bus.on_link(linked.put)
        self.bus.start()
        assert linked.get(timeout=WAIT_S)
        self._calls: list[Call] = []
        centre = centre_to_wire(load_centre())
        centre["rules"]["spoken_times"] = 1
        centre["devices"] += ({"id": STANDBY, "role": "announcer"},)
        self._publish(TOPICS.config(), ConfigState(**self._head(), version=1, centre=centre))

    def call(self, number: str, counter: int) -> None:
        call = Call(
            call_seq=len(self._calls) + 1, number=number, counter=counter, service="CIVIL",
            ticket_class=TicketClass.NORMAL, lang=Language.VIETNAMESE, repeat=0,
            at=Clock().now(),
        )  # fmt: skip
        self._calls.insert(0, call)
        self._publish(TOPICS.board(), BoardState(**self._head(), calls=tuple(self._calls)))

    def hand_over(self) -> None:
        """Tell the one that stands by to speak the newest call."""
        at = Clock().now()
        order = SpeakCall(id="01ORDER", at=at, epoch="01EPOCH", call=self._calls[0])
        self.bus.publish(TOPICS.order(STANDBY), encode(order))

    def outcome(self, call_seq: int, outcome: str) -> Acknowledgement:
        """Return the next acknowledgement of a call with `outcome`, skipping all others."""
        while True:
            ack = self.acks.get(timeout=WAIT_S)
            if (ack.call_seq, ack.outcome.value) == (call_seq, outcome):
                return ack

    def _head(self) -> dict[str, Any]:
        return {"epoch": "01EPOCH", "rev": len(self._calls) + 1, "at": Clock().now()}

    def _publish(self, topic: str, state: State) -> None:
        self.bus.publish(topic, encode(state), retain=True)

    def _take_status(self, message: Incoming) -> None:
        if health_as(AnnouncerHealth, decode(DeviceStatus, message.payload).health).standby:
            self.standing_by.set()

    def _take(self, message: Incoming) -> None:
        self.acks.put(decode(Acknowledgement, message.payload))


@pytest.fixture
def service(broker: PrivateBroker) -> Iterator[Service]:
    service = Service(broker)
    yield service
    service.bus.stop()


@pytest.fixture
def start(hall: Hall, broker: PrivateBroker, tmp_path: Path) -> Iterator[Start]:
    """Start an announcer of this hall; whoever still runs at the end is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def start(device: str = DEVICE) -> subprocess.Popen[bytes]:
        data = tmp_path / device
        data.mkdir(exist_ok=True)
        box = f'[announcer]\ndevice = "{device}"\nspeaker = {{ driver = "sound_card" }}\n'
        (data / "device.toml").write_text(box)
        environment = {
            **hall.environment,
            "DENLUOT_BROKER": f"{broker.host}:{broker.port}",
            "DENLUOT_PASSWORD_FILE": str(broker.password_file(device)),
        }
        command = ["nice", "-n", "-10"]  # as its unit does
        command += [sys.executable, "-m", "display.announcer", "--data", str(data)]
        command += ["--device", str(data / "device.toml")]
        started.append(subprocess.Popen(command, env=environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def end(process: subprocess.Popen[bytes]) -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(WAIT_S)


def wait_for_sound(hall: Hall, samples: int) -> None:
    """Wait until so many samples of sound have come out."""
    deadline = time.monotonic() + WAIT_S
    while sum(map(bool, hall.recording().samples)) < samples:
        assert time.monotonic() < deadline, "nothing is heard"
        threading.Event().wait(0.05)


def test_a_call_cut_off_is_spoken_again_and_the_next_follows_without_overlap(
    hall: Hall, start: Start, service: Service, pack: Pack
) -> None:
    process = start()
    service.call("2005", 3)
    service.outcome(1, "accepted")
    opening = clips_of(pack, "♪", FIRST)
    wait_for_sound(hall, sum(len(clip.samples) for clip in opening) // 2)
    assert end(process) == 0
    assert service.acks.empty()
    cut = hall.heard_until_now()
    words = ["♪", FIRST, "hai", "không", "không", "năm", "đến quầy số ba"]
    assert is_heard(cut, opening)
    assert not is_heard(cut, clips_of(pack, *words))

    process = start()
    service.call("7", 2)
    service.outcome(1, "spoken")
    first = hall.heard_until_now().after(cut)
    service.outcome(2, "spoken")
    both = hall.heard_until_now().after(cut)
    assert end(process) == 0
    assert is_heard(first, clips_of(pack, *words))
    assert not is_heard(first, clips_of(pack, *words[:5], "chín", *words[6:]))
    assert is_heard(both, clips_of(pack, *words, FIRST, "bảy", "đến quầy số hai"))


@pytest.mark.full
def test_a_voice_is_recorded_from_the_microphone(hall: Hall, tmp_path: Path, pack: Pack) -> None:
    with recording_session(hall, tmp_path / "lan") as session:
        assert session.stdin is not None
        assert session.stdout is not None
        read_to(session.stdout, "Press Enter to begin")
        type_line(session.stdin, "")
        read_to(session.stdout, "Please read")
        hall.play(BUILT_IN / "vi" / "xin-moi.wav")
        assert "LUFS\n" in read_to(session.stdout, "k keep")
        type_line(session.stdin, "k")
        read_to(session.stdout, "read again")
        type_line(session.stdin, "q")
        assert "1 texts are kept" in session.stdout.read()
    assert session.returncode == 1
    (clip,) = load_pack(tmp_path / "lan").clips.values()
    assert clip.duration_s == pytest.approx(pack.clips[FIRST].duration_s, abs=0.15)
    (found,) = [found for found in inspect_pack(tmp_path / "lan") if found.text == FIRST]
    assert found.faults == ()


@pytest.mark.full
def test_of_two_announcers_one_speaks_until_the_other_is_told_to(
    hall: Hall, start: Start, service: Service, pack: Pack
) -> None:
    first, second = start(), start(STANDBY)
    assert service.standing_by.wait(WAIT_S)
    service.call("7", 3)
    service.outcome(1, "spoken")
    alone = hall.heard_until_now()
    assert end(first) == 0
    service.call("8", 2)
    service.hand_over()
    service.outcome(2, "spoken")
    both = hall.heard_until_now().after(alone)
    assert end(second) == 0
    assert service.acks.empty()
    said = clips_of(pack, "♪", FIRST, "bảy", "đến quầy số ba")
    assert is_heard(alone, said)
    assert max(alone.samples) <= max(max(array("h", clip.samples)) for clip in said)
    assert is_heard(both, clips_of(pack, "♪", FIRST, "tám", "đến quầy số hai"))


@pytest.mark.full
def test_a_sound_server_that_dies_and_comes_back_costs_one_call(
    hall: Hall, start: Start, service: Service, pack: Pack
) -> None:
    process = start()
    service.call("7", 3)
    service.outcome(1, "accepted")
    wait_for_sound(hall, 22050)
    hall.stop()
    assert service.outcome(1, "skipped").reason == "failed"
    service.call("8", 3)
    assert service.outcome(2, "skipped").reason == "no_output"
    hall.start()
    service.call("9", 3)
    service.outcome(3, "spoken")
    heard = hall.heard_until_now()
    assert end(process) == 0
    assert is_heard(heard, clips_of(pack, "♪", FIRST, "chín", "đến quầy số ba"))


@pytest.mark.full
def test_one_call_is_heard_word_by_word(hall: Hall, pack: Pack) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "display.announcer.studio", "say", "2005", "3"],
        env={**hall.environment, "LANG": "en_US.UTF-8"},
        check=True, capture_output=True, text=True, timeout=WAIT_S,
    )  # fmt: skip
    assert done.stdout == "Spoken, 6.9 s, to hall.\n"
    words = ("♪", FIRST, "hai", "không", "không", "năm", "đến quầy số ba")
    assert is_heard(hall.heard_until_now(), clips_of(pack, *words))


@contextmanager
def recording_session(hall: Hall, pack: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "display.announcer.studio", "record", str(pack)]
    environment = {**hall.environment, "LANG": "en_US.UTF-8", "PYTHONUNBUFFERED": "1"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield process
            process.wait(WAIT_S)
        finally:
            process.kill()


def read_to(stream: IO[str], text: str) -> str:
    """Return what is printed until `text`."""
    seen = ""
    while text not in seen:
        piece = stream.read(1)
        assert piece, seen
        seen += piece
    return seen


def type_line(stream: IO[str], text: str) -> None:
    stream.write(text + "\n")
    stream.flush()
