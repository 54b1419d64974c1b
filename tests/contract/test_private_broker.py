"""The private Mosquitto: accounts, access rules, wills, and its end."""

import os
import queue
import random
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from bus.broker import PrivateBroker, free_port
from bus.errors import BrokerError
from bus.mqtt import Account, MqttBus
from bus.port import Incoming, Will
from bus.topics import BUTTON_TOPICS, Topics

TOPICS = Topics("test")
Client = Callable[..., MqttBus]


@pytest.fixture
def client(mosquitto: PrivateBroker) -> Iterator[Client]:
    clients: list[MqttBus] = []

    def make(
        device: str,
        *topics: str,
        into: "queue.Queue[Incoming] | None" = None,
        will: Will | None = None,
    ) -> MqttBus:
        name = f"test-{len(clients)}"
        password = mosquitto.passwords[device]
        account = Account(mosquitto.host, mosquitto.port, name, device, password)
        bus = MqttBus(account, random.Random(1), will)
        up = threading.Event()
        for topic in topics:
            assert into is not None
            bus.subscribe(topic, into.put)
        bus.on_link(lambda linked: up.set() if linked else None)
        bus.start()
        assert up.wait(10)
        clients.append(bus)
        return bus

    yield make
    for bus in clients:
        bus.stop()


def test_its_socket_is_known_as_one_wherever_its_directory_is_named_from() -> None:
    assert PrivateBroker(Path("var/run/broker"), "test", {}).socket.is_absolute()


def test_a_device_can_only_speak_for_itself(client: Client) -> None:
    heard: queue.Queue[Incoming] = queue.Queue()
    client("service", TOPICS.every("cmd"), TOPICS.every("ack"), into=heard)
    board, counter = client("board-1"), client("counter-3")
    board.publish(TOPICS.command("board-1"), b"a board commands nothing")
    board.publish(TOPICS.command("counter-3"), b"forged")
    counter.publish(TOPICS.command("kiosk-1"), b"forged")
    counter.publish(TOPICS.acknowledgement("board-1"), b"forged")
    board.publish(TOPICS.acknowledgement("board-1"), b"own")
    assert heard.get(timeout=60).payload == b"own"
    client("web").publish(TOPICS.acknowledgement("web"), b"a board's page")
    assert heard.get(timeout=60).payload == b"a board's page"
    counter.publish(TOPICS.command("counter-3"), b"own")
    assert heard.get(timeout=60).payload == b"own"
    assert heard.empty()


def test_buttons_speak_of_themselves_alone_and_keypads_hear_them(client: Client) -> None:
    heard: queue.Queue[Incoming] = queue.Queue()
    told: queue.Queue[Incoming] = queue.Queue()
    client("service", "denluot/#", into=heard)
    keypad = client("keypad-1", *BUTTON_TOPICS, "zigbee2mqtt/tang-1/quay-3", into=told)
    client("buttons", TOPICS.board(), TOPICS.every("state"), into=told)
    buttons, board = client("buttons"), client("board-1")
    topics = ["zigbee2mqtt/quay-3", "zigbee2mqtt/tang-1/quay-3", "stat/nut/RESULT"]
    topics += ["tele/nut/LWT", "s-1/events/rpc", "s-1/online", "shellies/b/input_event/0"]
    topics += ["ban/event/goi/state", "ban/binary_sensor/goi/state", "ban/status"]
    for topic in topics:
        board.publish(topic, b"forged")
        keypad.publish(topic, b"forged")
        buttons.publish(topic, b"own")
    assert {told.get(timeout=60).topic for _ in topics} == set(topics)
    buttons.publish(TOPICS.command("counter-3"), b"forged")
    buttons.publish(TOPICS.command("buttons"), b"forged")
    buttons.publish(TOPICS.board(), b"forged")
    client("service").publish(TOPICS.board(), b"own")
    assert heard.get(timeout=60).payload == b"own"
    assert (heard.empty(), told.empty()) == (True, True)


def test_nobody_hears_anothers_replies(client: Client) -> None:
    heard: queue.Queue[Incoming] = queue.Queue()
    client("board-1", TOPICS.every("reply"), TOPICS.every("state"), into=heard)
    service = client("service")
    service.publish(TOPICS.reply("kiosk-1"), b"secret")
    service.publish(TOPICS.board(), b"public")
    assert heard.get(timeout=60).payload == b"public"


def test_the_will_tells_that_a_client_died(client: Client, mosquitto: PrivateBroker) -> None:
    heard: queue.Queue[Incoming] = queue.Queue()
    client("service", TOPICS.status("kiosk-1"), into=heard)
    program = f"""
import random
from bus.mqtt import Account, MqttBus
from bus.port import Will
account = Account({mosquitto.host!r}, {mosquitto.port}, "dying", "kiosk-1",
                  {mosquitto.passwords["kiosk-1"]!r})
bus = MqttBus(account, random.Random(1), Will({TOPICS.status("kiosk-1")!r}, b"dead"))
bus.on_link(lambda up: bus.publish({TOPICS.status("kiosk-1")!r}, b"here") if up else None)
bus.start()
input()
"""
    process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE)
    assert heard.get(timeout=60).payload == b"here"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert heard.get(timeout=60).payload == b"dead"


def test_a_wrong_password_is_logged_and_does_not_connect(
    mosquitto: PrivateBroker, expected_warnings: list[str]
) -> None:
    expected_warnings.append("broker refused client=kiosk-1-wrong")
    account = Account(mosquitto.host, mosquitto.port, "wrong", "kiosk-1", "guess")
    bus = MqttBus(account, random.Random(1))
    linked = threading.Event()
    bus.on_link(lambda _up: linked.set())
    bus.start()
    assert not linked.wait(0.5)
    bus.stop()


def test_it_returns_on_the_same_port_and_clients_reconnect(
    tmp_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings += ["broker link lost", "broker not reached"]
    broker = PrivateBroker(tmp_path, "test", {"service": "service"})
    broker.start()
    account = Account(broker.host, broker.port, "test", "service", broker.passwords["service"])
    links: queue.Queue[bool] = queue.Queue()
    bus = MqttBus(account, random.Random(1))
    bus.on_link(links.put)
    bus.start()
    try:
        assert links.get(timeout=60)
        broker.stop()
        assert not links.get(timeout=60)
        broker.start()
        assert links.get(timeout=60)
    finally:
        bus.stop()
        broker.stop()


def test_a_taken_port_is_said(mosquitto: PrivateBroker, tmp_path: Path) -> None:
    with pytest.raises(BrokerError, match=f"port {mosquitto.port} is taken"):
        PrivateBroker(tmp_path, "test", {"service": "service"}, mosquitto.port).start()


def test_files_are_for_this_user_only(mosquitto: PrivateBroker, tmp_path: Path) -> None:
    with PrivateBroker(tmp_path / "broker", "test", {"service": "service"}):
        for name in ("passwords", "acl", "mosquitto.conf"):
            assert (tmp_path / "broker" / name).stat().st_mode & 0o077 == 0
        text = (tmp_path / "broker" / "passwords").read_text()
        assert mosquitto.passwords["service"] not in text
        assert "$7$" in text


def test_it_is_gone_when_its_parent_is_gone(tmp_path: Path) -> None:
    program = f"""
from contextlib import suppress
from pathlib import Path
from bus.broker import PrivateBroker, free_port
broker = PrivateBroker(Path({str(tmp_path)!r}), "test", {{"service": "service"}})
broker.start()
print(broker.pid, flush=True)
input()
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    assert child.name() == "mosquitto"
    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate()
    psutil.wait_procs([child], timeout=60)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_whoever_takes_the_port_of_a_dead_broker_hears_no_password(
    tmp_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings += ["broker link lost", "broker not reached"]
    links: queue.Queue[bool] = queue.Queue()
    with PrivateBroker(tmp_path / "broker", "test", {"kiosk-1": "kiosk"}) as broker:
        account = Account(str(broker.socket), 0, "test", "kiosk-1", broker.passwords["kiosk-1"])
        bus = MqttBus(account, random.Random(1))
        bus.on_link(links.put)
        bus.start()
        assert links.get(timeout=60)
        assert broker.pid
        os.kill(broker.pid, signal.SIGKILL)
        os.waitid(os.P_PID, broker.pid, os.WEXITED | os.WNOWAIT)  # its port is free from now on
        assert not links.get(timeout=60)
        with socket.create_server((broker.host, broker.port)) as thief:
            with pytest.raises(BrokerError, match="taken"):
                broker.start()
            broker.port = free_port()
            broker.start()
            assert links.get(timeout=60), "the processes find it without the port"
            thief.settimeout(0.1)
            heard = b""
            with suppress(TimeoutError):
                while True:
                    caller, _ = thief.accept()
                    heard += caller.recv(1000)
                    caller.close()
            assert heard == b""
        bus.stop()


def test_the_socket_is_the_users_alone_and_short_enough(tmp_path: Path) -> None:
    far = tmp_path.joinpath(*["a-directory-with-a-long-name"] * 4)
    with PrivateBroker(far, "test", {"kiosk-1": "kiosk"}) as broker:
        assert broker.socket.is_socket()
        assert stat.S_IMODE(broker.socket.parent.stat().st_mode) == 0o700
        place = broker.socket.parent
    assert not place.exists()


def test_accounts_change_while_others_stay_connected(
    tmp_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings.append("broker link lost client=counter-4-test")
    heard: queue.Queue[Incoming] = queue.Queue()
    links: queue.Queue[bool] = queue.Queue()
    roles = {"service": "service", "counter-3": "counter", "counter-4": "counter"}
    buses: list[MqttBus] = []

    def join(device: str) -> MqttBus:
        account = Account(broker.host, broker.port, "test", device, broker.passwords[device])
        bus = MqttBus(account, random.Random(1), None)
        buses.append(bus)
        return bus

    with PrivateBroker(tmp_path / "broker", "test", roles) as broker:
        service, removed = join("service"), join("counter-4")
        service.subscribe(TOPICS.every("cmd"), heard.put)
        service.on_link(links.put)
        service.start()
        removed.start()
        assert links.get(timeout=60)
        kept = dict(broker.passwords)
        roles = {"service": "service", "counter-3": "counter", "counter-12": "counter"}
        broker.change_accounts(roles)
        assert broker.passwords["service"] == kept["service"]
        assert "counter-4" not in broker.passwords
        assert not broker.password_file("counter-4").exists()
        own = broker.password_file("counter-12")
        assert own.read_text() == f"{broker.passwords['counter-12']}\n"
        assert stat.S_IMODE(own.stat().st_mode) == 0o600
        newcomer, up = join("counter-12"), threading.Event()
        newcomer.on_link(lambda linked: up.set() if linked else None)
        newcomer.start()
        assert up.wait(60)
        newcomer.publish(TOPICS.command("counter-3"), b"forged")
        removed.publish(TOPICS.command("counter-4"), b"too late")
        newcomer.publish(TOPICS.command("counter-12"), b"own")
        assert heard.get(timeout=60).payload == b"own"
        assert heard.empty()
        assert links.empty()
        for bus in buses:
            bus.stop()
