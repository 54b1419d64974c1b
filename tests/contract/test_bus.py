"""One behaviour of the memory bus and of MQTT with every broker that a site may have."""

import queue
import random
import socket
import threading
from collections.abc import Callable

import pytest

from bus.port import Bus, Incoming, Will

Connect = Callable[..., Bus]
HEAD = "denluot/v1/test"


@pytest.fixture
def inbox() -> "queue.Queue[Incoming]":
    return queue.Queue()


@pytest.fixture
def hesitant_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let other threads run between a sender's choice of a packet and its sending."""
    send = socket.socket.send
    rng = random.Random(1)
    never = threading.Event()

    def late(sock: socket.socket, data: bytes) -> int:
        never.wait(rng.choice((0, 0.001)))
        return send(sock, data)

    monkeypatch.setattr(socket.socket, "send", late)


def listening(topic: str, inbox: "queue.Queue[Incoming]") -> Callable[[Bus], None]:
    return lambda bus: bus.subscribe(topic, inbox.put)


def retain_a_board(connect: Connect) -> Bus:
    """Publish the board's state twice and return who did, when the broker has the second."""
    sender = connect()
    sender.publish(f"{HEAD}/state/board", b"old", retain=True)
    sender.publish(f"{HEAD}/state/board", b"new", retain=True)
    sender.publish(f"{HEAD}/event/x", b"gone")
    assert sender.confirmed(5)
    echo: queue.Queue[Incoming] = queue.Queue()
    connect(listening(f"{HEAD}/state/board", echo))
    assert echo.get(timeout=60).payload == b"new"
    return sender


@pytest.mark.usefixtures("hesitant_sockets")
def test_messages_arrive_in_order(connect: Connect, inbox: "queue.Queue[Incoming]") -> None:
    sender = connect(listening(f"{HEAD}/cmd/#", inbox))
    for number in range(300):
        sender.publish(f"{HEAD}/cmd/kiosk-1", str(number).encode())
    assert [int(inbox.get(timeout=60).payload) for _ in range(300)] == list(range(300))


def test_retained_state_greets_who_comes_late(
    connect: Connect, inbox: "queue.Queue[Incoming]"
) -> None:
    sender = retain_a_board(connect)
    connect(listening(f"{HEAD}/state/board", inbox))
    first = inbox.get(timeout=60)
    assert (first.topic, first.payload, first.retained) == (f"{HEAD}/state/board", b"new", True)
    sender.publish(f"{HEAD}/state/board", b"live", retain=True)
    live = inbox.get(timeout=60)
    assert (live.payload, live.retained) == (b"live", False)


def test_retained_state_greets_who_asks_by_a_wildcard(
    connect: Connect, inbox: "queue.Queue[Incoming]"
) -> None:
    retain_a_board(connect)
    connect(listening(f"{HEAD}/#", inbox))
    first = inbox.get(timeout=60)
    assert (first.topic, first.payload, first.retained) == (f"{HEAD}/state/board", b"new", True)


def test_an_empty_retained_message_is_forgotten(
    connect: Connect, inbox: "queue.Queue[Incoming]"
) -> None:
    sender = connect()
    sender.publish(f"{HEAD}/state/board", b"old", retain=True)
    sender.publish(f"{HEAD}/state/board", b"", retain=True)
    sender.publish(f"{HEAD}/state/config", b"kept", retain=True)
    assert sender.confirmed(5)

    def follow(bus: Bus) -> None:
        for state in ("board", "config"):
            bus.subscribe(f"{HEAD}/state/{state}", inbox.put)

    connect(follow)
    assert inbox.get(timeout=60).payload == b"kept"
    assert inbox.empty()


def test_wildcards_match_levels(connect: Connect, inbox: "queue.Queue[Incoming]") -> None:
    connect(listening(f"{HEAD}/device/+/status", inbox))
    sender = connect()
    sender.publish(f"{HEAD}/device/a/b/status", b"no")
    sender.publish(f"{HEAD}/device/a", b"no")
    sender.publish(f"{HEAD}/device/a/status", b"yes")
    assert inbox.get(timeout=60).payload == b"yes"


def test_leaving_in_good_order_publishes_no_will(
    connect: Connect, inbox: "queue.Queue[Incoming]"
) -> None:
    connect(listening(f"{HEAD}/device/#", inbox))
    leaving = connect(will=Will(f"{HEAD}/device/x/status", b"dead"))
    leaving.publish(f"{HEAD}/device/x/status", b"here")
    assert inbox.get(timeout=60).payload == b"here"
    leaving.stop()
    assert not leaving.connected
    connect().publish(f"{HEAD}/device/y/status", b"next")
    assert inbox.get(timeout=60).payload == b"next"


def test_a_stopped_bus_drops_what_it_is_given(
    connect: Connect, inbox: "queue.Queue[Incoming]"
) -> None:
    connect(listening(f"{HEAD}/cmd/#", inbox))
    stopped = connect()
    stopped.stop()
    assert not stopped.publish(f"{HEAD}/cmd/a", b"lost")
    assert connect().publish(f"{HEAD}/cmd/a", b"arrives")
    assert inbox.get(timeout=60).payload == b"arrives"


def test_leaving_in_good_order_takes_nothing_back(
    connect: Connect, inbox: "queue.Queue[Incoming]"
) -> None:
    connect(listening(f"{HEAD}/event/#", inbox))
    leaving = connect()
    for number in range(200):
        leaving.publish(f"{HEAD}/event/x", str(number).encode())
    leaving.stop()
    assert [int(inbox.get(timeout=60).payload) for _ in range(200)] == list(range(200))


def test_a_handler_that_fails_costs_one_message(
    connect: Connect, inbox: "queue.Queue[Incoming]", expected_warnings: list[str]
) -> None:
    expected_warnings.append("a message was dropped")

    def take(message: Incoming) -> None:
        if not message.payload:
            raise ValueError("empty")
        inbox.put(message)

    bus = connect(lambda bus: bus.subscribe(f"{HEAD}/cmd/#", take))
    for payload in (b"one", b"", b"two"):
        bus.publish(f"{HEAD}/cmd/a", payload)
    assert [inbox.get(timeout=60).payload for _ in range(2)] == [b"one", b"two"]


def test_a_link_handler_that_fails_keeps_no_other_from_hearing(
    connect: Connect, inbox: "queue.Queue[Incoming]", expected_warnings: list[str]
) -> None:
    expected_warnings.append("a link handler failed")

    def fail(_up: bool) -> None:
        raise RuntimeError("not ready")

    def set_up(bus: Bus) -> None:
        bus.on_link(fail)
        bus.subscribe(f"{HEAD}/cmd/#", inbox.put)

    connect(set_up).publish(f"{HEAD}/cmd/a", b"heard all the same")
    assert inbox.get(timeout=60).payload == b"heard all the same"


def test_a_second_client_of_the_same_id_throws_the_first_out_with_its_will(
    connect: Connect, inbox: "queue.Queue[Incoming]", expected_warnings: list[str]
) -> None:
    expected_warnings.append("broker link lost")
    connect(listening(f"{HEAD}/device/#", inbox))
    links: queue.Queue[bool] = queue.Queue()
    will = Will(f"{HEAD}/device/x/status", b"dead")
    first = connect(lambda bus: bus.on_link(links.put), will=will, client_id="x")
    connect(client_id="x")
    assert [links.get(timeout=60), links.get(timeout=60)] == [True, False]
    assert inbox.get(timeout=60).payload == b"dead"
    first.stop()


def test_a_client_may_have_as_many_filters_as_a_service(
    connect: Connect, inbox: "queue.Queue[Incoming]"
) -> None:
    def follow(bus: Bus) -> None:
        for number in range(120):  # four for each of thirty devices
            bus.subscribe(f"{HEAD}/cmd/device-{number}", inbox.put)

    connect(follow)
    sender = connect()
    for number in range(120):
        sender.publish(f"{HEAD}/cmd/device-{number}", b"heard")
    assert len({inbox.get(timeout=60).topic for _ in range(120)}) == 120
