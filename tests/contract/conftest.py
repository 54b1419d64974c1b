import itertools
import random
import threading
from collections.abc import Callable, Iterator

import pytest

from bus.broker import PrivateBroker, mosquitto_program
from bus.memory import MemoryBroker, MemoryBus
from bus.mqtt import Account, MqttBus
from bus.port import Bus, Will

Connect = Callable[..., Bus]


@pytest.fixture(scope="module")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateBroker]:
    if mosquitto_program() is None:
        pytest.skip("mosquitto is not installed")
    roles = {"service": "service", "kiosk-1": "kiosk", "board-1": "board", "counter-3": "counter"}
    roles |= {"web": "web", "keypad-1": "keypad", "buttons": "buttons"}
    with PrivateBroker(tmp_path_factory.mktemp("broker"), "test", roles) as broker:
        yield broker


@pytest.fixture(params=["memory", "mqtt"])
def connect(request: pytest.FixtureRequest) -> Iterator[Connect]:
    """Return a function that makes a started client: `connect(setup, will=…, …)`."""
    clients: list[Bus] = []
    numbers = itertools.count()
    if request.param == "memory":
        memory = MemoryBroker()

        def make(_device: str, will: Will | None, client_id: str | None) -> Bus:
            return MemoryBus(memory, client_id or f"client-{next(numbers)}", will)
    else:
        broker: PrivateBroker = request.getfixturevalue("mosquitto")

        def make(_device: str, will: Will | None, client_id: str | None) -> Bus:
            name = client_id or f"test-{next(numbers)}"
            account = Account(broker.host, broker.port, name, _device, broker.passwords[_device])
            return MqttBus(account, random.Random(1), will)

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
        assert up.wait(10)
        clients.append(bus)
        return bus

    yield connect
    for client in clients:
        client.stop()
