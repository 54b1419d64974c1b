"""A client whose cable is cut: what it had sent, and what of that is still of use on the next."""

import queue
import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bus.broker import PrivateBroker
from bus.mqtt import Account, MqttBus
from bus.port import Incoming
from bus.topics import Topics

TOPICS = Topics("test")
NOTICED_WITHIN_S = 10.0


@pytest.fixture
def heard(mosquitto: PrivateBroker) -> Iterator["queue.Queue[Incoming]"]:
    """Return what the service hears."""
    heard: queue.Queue[Incoming] = queue.Queue()
    up = threading.Event()
    password = mosquitto.passwords["service"]
    account = Account(mosquitto.host, mosquitto.port, "test", "service", password)
    bus = MqttBus(account, random.Random(1))
    for topic in (TOPICS.every("cmd"), TOPICS.every("device")):
        bus.subscribe(topic, heard.put)
    bus.on_link(lambda linked: up.set() if linked else None)
    bus.start()
    assert up.wait(10)
    yield heard
    bus.stop()


def test_what_was_under_way_is_sent_again_but_for_what_was_meant_for_then(
    mosquitto: PrivateBroker,
    lay_cable: Callable[[str, int], Any],
    heard: "queue.Queue[Incoming]",
    expected_warnings: list[str],
) -> None:
    expected_warnings.append("broker link lost client=kiosk-1")
    cable = lay_cable(mosquitto.host, mosquitto.port)
    account = Account("127.0.0.1", cable.port, "test", "kiosk-1", mosquitto.passwords["kiosk-1"])
    kiosk = MqttBus(account, random.Random(1))
    links: queue.Queue[bool] = queue.Queue()
    kiosk.on_link(links.put)
    kiosk.start()
    assert links.get(timeout=60)
    cable.cut()
    kiosk.publish(TOPICS.command("kiosk-1"), b"of no use later", once=True)
    kiosk.publish(TOPICS.status("kiosk-1"), b"still true")
    assert not links.get(timeout=NOTICED_WITHIN_S)
    cable.mend()
    assert links.get(timeout=60)
    kiosk.publish(TOPICS.command("kiosk-1"), b"new", once=True)
    assert [heard.get(timeout=60).payload for _ in range(2)] == [b"still true", b"new"]
    kiosk.stop()
