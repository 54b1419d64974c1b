"""A broker of several nodes, of which one refuses, says nothing, or is gone."""

import queue
import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from bus.mqtt import Account, MqttBus

_CONNECT, _SUBSCRIBE, _PING, _DISCONNECT = 1, 8, 12, 14
_REFUSED, _GRANTED = 0x80, 1


class Node:
    """As much of a broker as a client needs to come up; answers as `codes` say, then as the last.

    None confirms no subscription.
    """

    def __init__(self, *codes: int | None) -> None:
        self._plug = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = ("127.0.0.1", self._plug.getsockname()[1])
        self._codes = list(codes)
        self.came: queue.Queue[str] = queue.Queue()
        self.asked: queue.Queue[int] = queue.Queue()
        """How many filters each question had."""
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._plug.close()
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                end, _ = self._plug.accept()
                self._ends.append(end)
                threading.Thread(target=self._serve, args=(end,), daemon=True).start()

    def _serve(self, end: socket.socket) -> None:
        with end, suppress(OSError, IndexError):
            while True:
                kind = end.recv(1)[0] >> 4
                body = end.recv(_length(end), socket.MSG_WAITALL)
                if kind == _CONNECT:
                    self.came.put("connect")
                    end.sendall(bytes([0x20, 2, 0, 0]))
                elif kind == _SUBSCRIBE:
                    code = self._codes.pop(0) if len(self._codes) > 1 else self._codes[0]
                    self.came.put(f"subscribe {code}")
                    number = _filters(body[2:])
                    self.asked.put(number)
                    if code is not None:
                        end.sendall(bytes([0x90, 2 + number, *body[:2], *[code] * number]))
                elif kind == _PING:
                    end.sendall(bytes([0xD0, 0]))
                elif kind == _DISCONNECT:
                    return


def _length(end: socket.socket) -> int:
    """Return how long a packet is: seven bits of each byte, while the eighth is set."""
    length = shift = 0
    while True:
        byte = end.recv(1)[0]
        length |= (byte & 0x7F) << shift
        if byte < 0x80:
            return length
        shift += 7


def _filters(body: bytes) -> int:
    number = 0
    while body:
        body = body[2 + int.from_bytes(body[:2], "big") + 1 :]
        number += 1
    return number


@pytest.fixture
def node() -> Iterator[Callable[..., Node]]:
    nodes: list[Node] = []

    def make(*codes: int | None) -> Node:
        nodes.append(Node(*codes))
        return nodes[-1]

    yield make
    for one in nodes:
        one.close()


@pytest.fixture
def join() -> Iterator[Callable[..., "queue.Queue[bool]"]]:
    buses: list[MqttBus] = []

    def start(
        *addresses: tuple[str, int], filters: int = 1, late: bool = False
    ) -> "queue.Queue[bool]":
        (host, port), *others = addresses
        account = Account(host, port, "x", "board-1", "secret", others=tuple(others))
        links: queue.Queue[bool] = queue.Queue()
        bus = MqttBus(account, random.Random(1))
        for number in range(filters):
            bus.subscribe(f"denluot/v1/test/state/counter/{number}", lambda _message: None)
        bus.on_link(links.put)
        buses.append(bus)
        bus.start()
        if late:
            links.put(links.get(timeout=60))
            bus.subscribe("denluot/v1/test/device/new/status", lambda _message: None)
        return links

    yield start
    for bus in buses:
        bus.stop()


MakeNode = Callable[..., Node]
Join = Callable[..., "queue.Queue[bool]"]


def test_another_node_is_tried_when_one_is_gone(
    node: MakeNode, join: Join, expected_warnings: list[str]
) -> None:
    expected_warnings += ["broker link lost", "broker not reached"]
    first, second = node(_GRANTED), node(_GRANTED)
    links = join(first.address, second.address)
    assert links.get(timeout=60)
    first.close()
    assert [links.get(timeout=60), links.get(timeout=60)] == [False, True]
    assert second.came.get(timeout=60) == "connect"


def test_a_node_that_refuses_a_subscription_is_no_link(
    node: MakeNode, join: Join, expected_warnings: list[str]
) -> None:
    expected_warnings.append("broker refused")
    choosing, well = node(_REFUSED), node(_GRANTED)
    links = join(choosing.address, well.address)
    assert links.get(timeout=60)
    assert well.came.get(timeout=60) == "connect"
    assert [choosing.came.get(timeout=60) for _ in range(2)] == ["connect", "subscribe 128"]
    assert choosing.came.empty()


def test_what_an_account_may_not_read_keeps_it_from_nothing_else(
    node: MakeNode, join: Join, expected_warnings: list[str]
) -> None:
    expected_warnings.append("broker refused")
    strict = node(_REFUSED)
    assert join(strict.address).get(timeout=60)
    assert [strict.came.get(timeout=60) for _ in range(6)] == ["connect", "subscribe 128"] * 3


@pytest.mark.full
def test_what_was_refused_is_asked_for_again_on_the_link(
    node: MakeNode, join: Join, expected_warnings: list[str]
) -> None:
    expected_warnings.append("broker refused")
    healing = node(_REFUSED, _REFUSED, _REFUSED, _GRANTED)
    assert join(healing.address).get(timeout=60)
    came = [healing.came.get(timeout=60) for _ in range(7)]
    assert came == [*["connect", "subscribe 128"] * 3, "subscribe 1"]
    assert healing.came.empty()


def test_many_filters_are_asked_for_a_few_at_a_time(node: MakeNode, join: Join) -> None:
    """A broker that takes long over each must not look dead meanwhile."""
    well = node(_GRANTED)
    links = join(well.address, filters=20)
    assert links.get(timeout=60)
    assert [well.asked.get(timeout=60) for _ in range(3)] == [8, 8, 4]


def test_no_more_is_asked_of_who_has_not_answered(node: MakeNode, join: Join) -> None:
    silent = node(None)
    links = join(silent.address, filters=20)
    assert silent.asked.get(timeout=60) == 8
    assert silent.asked.empty()
    assert links.empty()


@pytest.mark.full
def test_what_a_link_was_refused_later_is_asked_for_again(
    node: MakeNode, join: Join, expected_warnings: list[str]
) -> None:
    expected_warnings.append("broker refused")
    healing = node(_GRANTED, _REFUSED, _GRANTED)
    assert join(healing.address, late=True).get(timeout=60)
    came = [healing.came.get(timeout=60) for _ in range(4)]
    assert came == ["connect", "subscribe 1", "subscribe 128", "subscribe 1"]


@pytest.mark.full
def test_a_cluster_is_asked_again_for_what_it_may_not_have_found(
    node: MakeNode, join: Join
) -> None:
    well = node(_GRANTED)
    assert join(well.address, node(_GRANTED).address, filters=10).get(timeout=60)
    assert [well.asked.get(timeout=60) for _ in range(4)] == [8, 2, 8, 2]
    assert well.came.get(timeout=60) == "connect"
    assert "connect" not in list(well.came.queue)


@pytest.mark.full
def test_a_node_that_confirms_nothing_is_left(node: MakeNode, join: Join) -> None:
    silent, well = node(None), node(_GRANTED)
    assert join(silent.address, well.address).get(timeout=60)
    assert well.came.get(timeout=60) == "connect"
