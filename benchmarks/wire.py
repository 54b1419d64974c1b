"""Numbers issued over the wire of a whole running centre, against what the wire and disk cost."""

import queue
import random
import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from appliance.connection import Connection
from benchmarks.durable import issue_ms
from benchmarks.measure import Figure
from benchmarks.running import account, centre, link
from bus.codec import encode
from bus.commands import AnyCommand, IssueTicket, Recall, Reply
from bus.mqtt import MqttBus
from bus.session import Session
from bus.topics import Topics

_ISSUES = 200
_CLIENTS = ("kiosk-1", *(f"counter-{number}" for number in range(1, 8)))
_SERVICES = ("CIVIL", "CERT", "LAND", "TAX")
_ROUND_TRIPS = 200
_FLOOD = 5000
_FLOOD_LASTS_S = 3.0
_BETWEEN_S = 0.05
_TIMEOUT_S = 30.0


def issue_over_the_wire(directory: Path) -> tuple[Figure, Figure]:
    """Return the median ms of one client's issues, and how many a second eight clients get.

    The yardsticks: a bare round trip and a durable transaction, one after the other, in the same
    run.
    """
    with centre(directory) as (connection, _, _):
        floor_ms = statistics.median(round_trips_ms(connection)) + issue_ms(directory)
        one = statistics.median(_issues_ms(connection, _CLIENTS[0], _ISSUES))
        began = time.perf_counter()
        with ThreadPoolExecutor(len(_CLIENTS)) as pool:
            each = _ISSUES // 2
            times = pool.map(lambda device: _issues_ms(connection, device, each), _CLIENTS)
            issued = sum(len(of_one) for of_one in times)
        rate = issued / (time.perf_counter() - began)
    return Figure(one, floor_ms), Figure(rate, 1000 / floor_ms)


def number_during_a_flood(directory: Path) -> Figure:
    """Return the ms that the slowest number took while another device sent 5,000 commands."""
    with centre(directory) as (connection, _, _):
        kiosk = link(connection, "kiosk-1")
        kiosk.start()
        calm = [_timed(lambda turn=turn: _issue(kiosk, turn)) for turn in range(20)]  # type: ignore[misc]
        attacker = MqttBus(account(connection, "counter-5", "flood"), random.SystemRandom())
        linked = threading.Event()
        attacker.on_link(lambda _up: linked.set())
        attacker.start()
        linked.wait(_TIMEOUT_S)
        topic = Topics(connection.site).command("counter-5")
        began = time.perf_counter()
        for turn in range(_FLOOD):
            bad = Recall(id=f"bad-{turn}", ts=kiosk.now(), counter=5, ticket="none")
            attacker.publish(topic, encode(bad))
        slowest = 0.0
        while time.perf_counter() < began + _FLOOD_LASTS_S:
            slowest = max(slowest, _timed(lambda: _issue(kiosk, 0)))
            threading.Event().wait(_BETWEEN_S)
        attacker.stop()
        kiosk.stop()
        return Figure(slowest, statistics.median(calm))


def answer(device: Session, command: AnyCommand) -> Reply:
    """Return the service's answer to `command`; raises RuntimeError when it refuses."""
    replies: queue.Queue[Reply] = queue.Queue()
    device.ask(command, replies.put)
    reply = replies.get(timeout=_TIMEOUT_S)
    if not reply.ok:
        raise RuntimeError(f"{reply.error}: {reply.message}")
    return reply


def _issues_ms(connection: Connection, device: str, issues: int) -> list[float]:
    client = link(connection, device)
    client.start()
    try:
        return [_timed(lambda turn=turn: _issue(client, turn)) for turn in range(issues)]  # type: ignore[misc]
    finally:
        client.stop()


def _issue(client: Session, turn: int) -> None:
    service = _SERVICES[turn % len(_SERVICES)]
    answer(client, IssueTicket(service=service))


def round_trips_ms(connection: Connection) -> list[float]:
    """Publish at QoS 1 and hear it again on another connection, as a command and its reply do."""
    topic = Topics(connection.site).event("benchmark")
    arrived, linked = threading.Semaphore(0), threading.Semaphore(0)
    hearing = MqttBus(account(connection, "service", "hearing"), random.SystemRandom())
    hearing.subscribe(topic, lambda _message: arrived.release())
    speaking = MqttBus(account(connection, "service", "speaking"), random.SystemRandom())
    for client in (hearing, speaking):
        client.on_link(lambda _up: linked.release())
        client.start()
    for semaphore in (linked, linked):
        semaphore.acquire(timeout=_TIMEOUT_S)

    def trip() -> None:
        speaking.publish(topic, b"x" * 200)
        if not arrived.acquire(timeout=_TIMEOUT_S):
            raise RuntimeError("the broker lost a message")

    times = [_timed(trip) for _ in range(_ROUND_TRIPS)]
    for client in (hearing, speaking):
        client.stop()
    return times


def _timed(run: Callable[[], None]) -> float:
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000
