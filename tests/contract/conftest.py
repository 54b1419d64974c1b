import itertools
import random
import threading
from collections.abc import Callable, Iterator

import pytest

from bus.broker import PrivateBroker, mosquitto_program
from bus.memory import MemoryBroker, MemoryBus
from bus.mqtt import Account, MqttBus
from bus.port import Bus, Will
from tests.brokers.day import RealBroker
from tests.brokers.nats import NatsCluster, nats_program
from tests.brokers.rabbitmq import RabbitMq, has_rabbitmq
from tests.brokers.tls import TlsMosquitto

Connect = Callable[..., Bus]


@pytest.fixture(scope="module")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateBroker]:
    if mosquitto_program() is None:
        pytest.skip("mosquitto is not installed")
    roles = {"service": "service", "kiosk-1": "kiosk", "board-1": "board", "counter-3": "counter"}
    roles |= {"web": "web", "keypad-1": "keypad", "buttons": "buttons"}
    with PrivateBroker(tmp_path_factory.mktemp("broker"), "test", roles) as broker:
        yield broker


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsMosquitto]:
    if mosquitto_program() is None:
        pytest.skip("mosquitto is not installed")
    broker = TlsMosquitto(tmp_path_factory.mktemp("site"), "test", {"kiosk-1": "kiosk"})
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture(scope="module")
def nats() -> Iterator[NatsCluster]:
    if nats_program() is None:
        pytest.skip("nats-server is not installed")
    cluster = NatsCluster("test", {"service": "service", "kiosk-1": "kiosk"})
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="module")
def rabbitmq() -> Iterator[RabbitMq]:
    if not has_rabbitmq():
        pytest.skip("rabbitmq-server is not installed")
    broker = RabbitMq("test", {"service": "service", "kiosk-1": "kiosk"})
    try:
        broker.start()
        yield broker
    finally:
        broker.stop()


_WILDCARD = "RabbitMQ keeps no retained messages for wildcards; ours follow exact topics"
_TAKEN_OVER = "no will came of who was thrown out; our ids are random for every start"
_OF_ONE_ID = "test_a_second_client_of_the_same_id_throws_the_first_out_with_its_will"
DIFFERENT = {
    ("nats", _OF_ONE_ID): _TAKEN_OVER,
    ("rabbitmq", _OF_ONE_ID): _TAKEN_OVER,
    ("rabbitmq", "test_retained_state_greets_who_asks_by_a_wildcard"): _WILDCARD,
}
"""What other brokers do in another way, with why that is borne; docs/brokers.md says so, too."""

OTHERS = [pytest.param(name, marks=pytest.mark.full) for name in ("nats", "rabbitmq")]


@pytest.fixture(params=["memory", "mqtt", "tls", *OTHERS])
def connect(request: pytest.FixtureRequest) -> Iterator[Connect]:
    """Return a function that makes a started client: `connect(setup, will=…, …)`."""
    if reason := DIFFERENT.get((request.param, request.node.originalname)):
        pytest.skip(reason)
    clients: list[Bus] = []
    numbers = itertools.count()
    if request.param == "memory":
        memory = MemoryBroker()

        def make(_device: str, will: Will | None, client_id: str | None) -> Bus:
            return MemoryBus(memory, client_id or f"client-{next(numbers)}", will)
    elif request.param == "mqtt":
        broker: PrivateBroker = request.getfixturevalue("mosquitto")

        def make(_device: str, will: Will | None, client_id: str | None) -> Bus:
            name = client_id or f"test-{next(numbers)}"
            account = Account(broker.host, broker.port, name, _device, broker.passwords[_device])
            return MqttBus(account, random.Random(1), will)
    else:
        real: RealBroker = request.getfixturevalue(request.param)

        def make(_device: str, will: Will | None, client_id: str | None) -> Bus:
            name = client_id or f"test-{next(numbers)}"
            return MqttBus(real.account(_device, name), random.Random(1), will)

    def connect(
        setup: Callable[[Bus], None] = lambda _bus: None,
        *,
        will: Will | None = None,
        device: str = "service",
        client_id: str | None = None,
    ) -> Bus:
        bus = make(device, will, client_id)
        up = threading.Event()
        setup(bus)
        bus.on_link(lambda linked: up.set() if linked else None)
        bus.start()
        assert up.wait(60)
        clients.append(bus)
        return bus

    yield connect
    for client in clients:
        client.stop()
