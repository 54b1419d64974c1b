"""A client that was frozen: what came in meanwhile is old news, and others have acted on it."""

import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time

from bus.broker import PrivateBroker
from bus.mqtt import Account, MqttBus
from bus.port import Incoming
from bus.topics import Topics

TOPICS = Topics("test")
FROZEN_S = 4.5
"""What a client takes for having been frozen, and a little."""
FROZEN = f"""
import random, sys
from bus.mqtt import Account, MqttBus
from bus.port import Will
host, port, password = sys.argv[1:]
bus = MqttBus(
    Account(host, int(port), "frozen", "board-1", password),
    random.Random(1),
    Will({TOPICS.status("board-1")!r}, b"gone"),
)
bus.subscribe({TOPICS.board()!r}, lambda message: print(message.payload.decode(), flush=True))
bus.on_link(lambda up: print("up" if up else "down", flush=True))
bus.start()
input()
bus.stop()
"""


def test_what_came_in_while_it_was_frozen_is_dropped(mosquitto: PrivateBroker) -> None:
    heard: queue.Queue[Incoming] = queue.Queue()
    up = threading.Event()
    account = Account(
        mosquitto.host, mosquitto.port, "test", "service", mosquitto.passwords["service"]
    )
    service = MqttBus(account, random.Random(1))
    service.subscribe(TOPICS.status("board-1"), heard.put)
    service.on_link(lambda linked: up.set() if linked else None)
    service.start()
    assert up.wait(10)
    arguments = [mosquitto.host, str(mosquitto.port), mosquitto.passwords["board-1"]]
    client = subprocess.Popen(
        [sys.executable, "-c", FROZEN, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert client.stdout is not None
    assert client.stdout.readline() == "up\n"
    service.publish(TOPICS.board(), b"live")
    assert client.stdout.readline() == "live\n"
    client.send_signal(signal.SIGSTOP)
    os.waitpid(client.pid, os.WUNTRACED)  # its threads run on until one takes the signal
    stopped = time.monotonic()
    for _ in range(10):
        service.publish(TOPICS.board(), b"old")
    assert heard.get(timeout=60).payload == b"gone"
    threading.Event().wait(stopped + FROZEN_S - time.monotonic())  # the broker may give up sooner
    service.publish(TOPICS.board(), b"present", retain=True)
    client.send_signal(signal.SIGCONT)
    assert [client.stdout.readline().strip() for _ in range(3)] == ["down", "up", "present"]
    client.communicate("\n", timeout=60)
    service.stop()
