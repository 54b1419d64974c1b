"""`/healthz`: a word for each part that the hall stands on, on both listeners."""

import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from bus.codec import encode
from bus.memory import MemoryBus
from bus.states import BoardState, DeviceStatus, State
from web.server import Server

WAIT_S = 60.0
Ask = Callable[[], tuple[int, dict[str, str]]]
Get = Callable[..., tuple[HTTPResponse, str]]
WELL = {"store": "ok", "accounts": "ok", "broker": "ok", "service": "ok", "states": "ok"}


@pytest.fixture(params=["staff", "public"])
def ask(
    request: pytest.FixtureRequest,
    server: tuple[Server, threading.Thread],
    listener: socket.socket,
    board_listener: socket.socket,
) -> Ask:
    """Ask one listener for its health, without a login."""
    del server
    host, port = (listener if request.param == "staff" else board_listener).getsockname()

    def ask() -> tuple[int, dict[str, str]]:
        with closing(HTTPConnection(host, port, timeout=WAIT_S)) as connection:
            connection.request("GET", "/healthz")
            response = connection.getresponse()
            return response.status, json.loads(response.read())

    return ask


def until(ask: Ask, wanted: dict[str, str]) -> int:
    deadline = time.monotonic() + WAIT_S
    while True:
        status, parts = ask()
        if wanted.items() <= parts.items():
            return status
        assert time.monotonic() < deadline, parts
        threading.Event().wait(0.05)


def test_it_is_well_and_says_when_the_service_goes(
    ask: Ask,
    service_bus: MemoryBus,
    publish: Callable[[State], None],
    board: BoardState,
    add_tickets: Callable[..., None],
    store_path: Path,
) -> None:
    add_tickets({})
    publish(board)
    assert until(ask, WELL) == 200
    gone = DeviceStatus(online=False, kind="service", at=board.at)
    topic = "denluot/v1/nhi-chieu/device/service/status"
    service_bus.publish(topic, encode(gone), retain=True)
    assert until(ask, {"service": "away", "store": "ok"}) == 503
    store_path.unlink()
    assert until(ask, {"store": "unreadable"}) == 503


def test_a_hall_without_a_store_is_not_ready(ask: Ask) -> None:
    assert until(ask, {"store": "unreadable", "accounts": "ok", "states": "stale"}) == 503


def test_it_says_words_and_no_secret(ask: Ask) -> None:
    _, parts = ask()
    assert set(parts) == set(WELL)
    assert set(parts.values()) <= {"ok", "away", "stale", "unreadable"}
