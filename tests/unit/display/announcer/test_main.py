"""The announcer as the process that is started, on a real broker."""

import os
import queue
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bus.broker import PrivateBroker, mosquitto_program
from bus.codec import decode, encode
from bus.health import AnnouncerHealth, health_as
from bus.mqtt import Account, MqttBus
from bus.orders import Acknowledgement
from bus.port import Incoming
from bus.states import BoardState, Call, ConfigState, DeviceStatus
from bus.topics import Topics
from bus.vocabulary import SoundState
from config import Clock, centre_to_wire, load_centre

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(mosquitto_program() is None, reason="mosquitto is not installed"),
]

TOPICS = Topics("nhi-chieu")
DEVICE = "announcer-1"
WAIT_S = 60.0
SPEED = 100.0


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[PrivateBroker]:
    roles = {"service": "service", DEVICE: "announcer"}
    with PrivateBroker(tmp_path / "broker", "nhi-chieu", roles) as broker:
        yield broker


def start(broker: PrivateBroker, data: Path, speaker: str) -> subprocess.Popen[bytes]:
    data.mkdir(exist_ok=True)
    (data / "device.toml").write_text(f"[announcer]\nspeaker = {speaker}\n")
    command = [sys.executable, "-m", "display.announcer", "--device", str(data / "device.toml")]
    environment = {
        **os.environ,
        "DENLUOT_BROKER": f"{broker.host}:{broker.port}",
        "DENLUOT_PASSWORD_FILE": str(broker.password_file(DEVICE)),
        "DENLUOT_CLOCK": str(Clock.starting(datetime(2026, 11, 23, 0, 0, tzinfo=UTC), SPEED)),
    }
    return subprocess.Popen([*command, "--data", str(data)], env=environment)


def end(process: subprocess.Popen[bytes]) -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(WAIT_S)


@pytest.fixture
def service(
    broker: PrivateBroker,
) -> Iterator[tuple[MqttBus, queue.Queue[Acknowledgement], queue.Queue[DeviceStatus]]]:
    acks: queue.Queue[Acknowledgement] = queue.Queue()
    statuses: queue.Queue[DeviceStatus] = queue.Queue()
    linked: queue.Queue[bool] = queue.Queue()
    account = Account(broker.host, broker.port, "test", "service", broker.passwords["service"])

    def take_ack(message: Incoming) -> None:
        acks.put(decode(Acknowledgement, message.payload))

    def take_status(message: Incoming) -> None:
        statuses.put(decode(DeviceStatus, message.payload))

    bus = MqttBus(account, random.Random(1))
    bus.subscribe(TOPICS.acknowledgement(DEVICE), take_ack)
    bus.subscribe(TOPICS.status(DEVICE), take_status)
    bus.on_link(linked.put)
    bus.start()
    assert linked.get(timeout=WAIT_S)
    yield bus, acks, statuses
    bus.stop()


def publish_call(
    bus: MqttBus, make_call: Callable[..., Call], make_board: Callable[..., BoardState]
) -> None:
    board = make_board(make_call(88))
    centre = centre_to_wire(load_centre())
    config = ConfigState(epoch=board.epoch, rev=1, at=board.at, version=1, centre=centre)
    bus.publish(TOPICS.config(), encode(config), retain=True)
    bus.publish(TOPICS.board(), encode(board), retain=True)


def test_it_speaks_a_call_into_a_file_and_ends_in_good_order(
    broker: PrivateBroker,
    service: tuple[MqttBus, queue.Queue[Acknowledgement], queue.Queue[DeviceStatus]],
    tmp_path: Path,
    make_call: Callable[..., Call],
    make_board: Callable[..., BoardState],
) -> None:
    bus, acks, statuses = service
    process = start(broker, tmp_path / "var", '{ driver = "simulated" }')
    try:
        publish_call(bus, make_call, make_board)
        outcomes = [acks.get(timeout=WAIT_S).outcome.value for _ in range(2)]
    finally:
        code = end(process)
    assert outcomes == ["accepted", "spoken"]
    assert code == 0
    assert list((tmp_path / "var" / "voice" / DEVICE).glob("*-000088-2005-counter-3-1.wav"))
    assert (tmp_path / "var" / "announcer" / f"{DEVICE}.json").exists()
    last = statuses.get(timeout=WAIT_S)
    while last.online:
        last = statuses.get(timeout=WAIT_S)
    assert last.kind == "announcer"


def test_a_box_without_sound_says_so(
    broker: PrivateBroker,
    service: tuple[MqttBus, queue.Queue[Acknowledgement], queue.Queue[DeviceStatus]],
    tmp_path: Path,
    make_call: Callable[..., Call],
    make_board: Callable[..., BoardState],
) -> None:
    bus, acks, statuses = service
    speaker = '{ driver = "sound_card", output = "an output that no machine has" }'
    process = start(broker, tmp_path / "var", speaker)
    try:
        publish_call(bus, make_call, make_board)
        ack = acks.get(timeout=WAIT_S)
        status = statuses.get(timeout=WAIT_S)
    finally:
        code = end(process)
    assert (ack.outcome.value, ack.reason) == ("skipped", "no_output")
    assert status.online
    assert health_as(AnnouncerHealth, status.health).sound is SoundState.NONE
    assert status.message is not None
    assert "no sound output" in status.message
    assert code == 0
