"""From a press to the painted board, against the bare round trip through the same broker."""

import queue
import random
import threading
import time
from pathlib import Path

from appliance.connection import Connection
from benchmarks.measure import Figure, percentile
from benchmarks.running import account, centre, link
from bus.codec import decode
from bus.commands import CalledTicket, CallNext, IssueTicket, Reply, StartServing, result_of
from bus.mqtt import MqttBus
from bus.orders import Acknowledgement
from bus.port import Incoming
from bus.session import Session
from bus.topics import Topics
from bus.vocabulary import AckOutcome, CurrentTo

_PRESSES = 60
_TIMEOUT_S = 10.0


def press_against_round_trip(directory: Path) -> Figure:
    """Return the p99 ms from a press's publish to the board's `shown`, and of a bare round trip."""
    with centre(directory) as (connection, _, _):
        return Figure(_press_ms(connection), _round_trip_ms(connection))


def _press_ms(connection: Connection) -> float:
    shown: queue.Queue[tuple[int, float]] = queue.Queue()

    def hear(message: Incoming) -> None:
        said = decode(Acknowledgement, message.payload)
        if said.outcome is AckOutcome.SHOWN:
            shown.put((said.call_seq, time.perf_counter()))

    listener = MqttBus(account(connection, "service", "benchmark"), random.SystemRandom())
    listener.subscribe(Topics(connection.site).acknowledgement("board-1"), hear)
    listener.start()
    kiosk, counter = link(connection, "kiosk-1"), link(connection, "counter-1")
    kiosk.start()
    counter.start()
    try:
        for _ in range(_PRESSES + 1):
            ask = IssueTicket(id=kiosk.new_id(), ts=kiosk.now(), service="CERT")
            _answer(kiosk, ask)
        return percentile(_presses(counter, shown), 0.99)
    finally:
        for client in (kiosk, counter):
            client.stop()
        listener.stop()


def _presses(counter: Session, shown: "queue.Queue[tuple[int, float]]") -> list[float]:
    times, current = [], None
    for turn in range(_PRESSES + 1):
        if current:  # has come: nobody waits for the end of the last call
            came = StartServing(id=counter.new_id(), ts=counter.now(), counter=1, ticket=current)
            _answer(counter, came)
        press = CallNext(
            id=counter.new_id(),
            ts=counter.now(),
            counter=1,
            current=current,
            current_to=CurrentTo.PARK if current else None,
        )
        began = time.perf_counter()
        called = result_of(_answer(counter, press), CalledTicket)
        seq, painted = 0, 0.0
        while seq < called.call_seq:
            seq, painted = shown.get(timeout=_TIMEOUT_S)
        current = called.ticket
        if turn:  # the first press warms up
            times.append((painted - began) * 1000)
    return times


def _answer(device: Session, command: IssueTicket | CallNext | StartServing) -> Reply:
    replies: queue.Queue[Reply] = queue.Queue()
    device.ask(command, replies.put)
    reply = replies.get(timeout=_TIMEOUT_S)
    if not reply.ok:
        raise RuntimeError(f"{reply.error}: {reply.message}")
    return reply


def _round_trip_ms(connection: Connection) -> float:
    """Publish at QoS 1 and hear it again on another connection, as the press and the call do."""
    topic = Topics(connection.site).event("benchmark")
    arrived = threading.Semaphore(0)
    hearing = MqttBus(account(connection, "service", "hearing"), random.SystemRandom())
    hearing.subscribe(topic, lambda _message: arrived.release())
    linked = threading.Event()
    hearing.on_link(lambda _up: linked.set())
    hearing.start()
    speaking = MqttBus(account(connection, "service", "speaking"), random.SystemRandom())
    spoke = threading.Event()
    speaking.on_link(lambda _up: spoke.set())
    speaking.start()
    linked.wait(_TIMEOUT_S)
    spoke.wait(_TIMEOUT_S)
    times = []
    for _ in range(_PRESSES):
        began = time.perf_counter()
        speaking.publish(topic, b"x" * 200)
        if not arrived.acquire(timeout=_TIMEOUT_S):
            raise RuntimeError("the broker lost a message")
        times.append((time.perf_counter() - began) * 1000)
    hearing.stop()
    speaking.stop()
    return percentile(times, 0.99)
