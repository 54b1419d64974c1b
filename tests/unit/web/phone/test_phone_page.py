"""The page of a number over a real socket: found by its token alone, told as it changes."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from socket import socket
from typing import Any

import msgspec
import pytest

from bus.states import ServicesState, State
from wait_log.dialects import store_url
from wait_log.followed import followed_day, ticket_of_token, tokens_of_number
from wait_log.reader import open_reader

WAIT_S = 60
Publish = Callable[[State], None]
AddTickets = Callable[..., None]


@pytest.fixture
def ask(server: object, board_listener: socket) -> Callable[[str], tuple[int, str]]:
    """Ask the public listener."""
    assert server

    def ask(target: str) -> tuple[int, str]:
        host, port = board_listener.getsockname()
        with closing(HTTPConnection(host, port, timeout=WAIT_S)) as connection:
            connection.request("GET", target)
            answer = connection.getresponse()
            assert answer.getheader("Set-Cookie") is None
            return answer.status, answer.read().decode()

    return ask


@contextmanager
def _news(listener: socket, token: str) -> Iterator[Iterator[dict[str, Any]]]:
    host, port = listener.getsockname()
    with closing(HTTPConnection(host, port, timeout=WAIT_S)) as connection:
        connection.request("GET", f"/t/{token}/events")
        with connection.getresponse() as stream:
            assert stream.getheader("Content-Type", "").startswith("text/event-stream")
            yield _states(stream)


def _states(stream: HTTPResponse) -> Iterator[dict[str, Any]]:
    for line in stream:
        if line.startswith(b"data: "):
            said = json.loads(line[6:])
            if "now" in said:
                yield said["now"]


def test_a_number_is_followed_from_waiting_to_the_end_of_the_day(
    ask: Callable[[str], tuple[int, str]],
    board_listener: socket,
    add_tickets: AddTickets,
    store_path: Path,
    publish: Publish,
    services: ServicesState,
) -> None:
    add_tickets({}, {}, {})
    publish(services)
    status, page = ask("/t/paper-T0003")
    assert status == 200
    assert "1003" in page
    assert "paper-T0001" not in page
    assert "1001" not in page
    with _news(board_listener, "paper-T0003") as states:
        first = next(states)
        while "<b>2</b> người chờ trước" not in first["below"]:
            first = next(states)
        with closing(sqlite3.connect(store_path)) as store, store:
            store.execute("UPDATE ticket SET state = 'called', counter = 3 WHERE id = 'T0003'")
        publish(msgspec.structs.replace(services, rev=2, help_total=1))
        now = next(states)
        assert (now["state"], now["above"].strip()) == ("called", "ĐẾN LƯỢT")
        assert '<p class="counter">3</p>' in now["below"]
        publish(msgspec.structs.replace(services, rev=3, business_day="2026-11-24"))
        assert next(states)["over"]
        assert next(states, None) is None


def test_what_is_no_token_leads_nowhere(
    ask: Callable[[str], tuple[int, str]], add_tickets: AddTickets
) -> None:
    add_tickets({})
    pages = set()
    for token in ("paper-T0009", "T0001", "x" * 200, "%00", "paper-T000_", "1001", "paper-%25"):
        status, page = ask(f"/t/{token}")
        assert status in (400, 404), token
        assert "paper-" not in page
        assert ask(f"/t/{token}/events")[0] in (400, 404), token
        pages |= {page} if status == 404 else set()
    assert len(pages) == 1, "what is nearly a token is like what is none"


def test_rows_are_found_by_their_index(add_tickets: AddTickets, store_path: Path) -> None:
    add_tickets({}, {"number": "2005"})
    with open_reader(store_url(store_path.parent), "nhi-chieu") as reader:
        found = ticket_of_token(reader, "paper-T0002")
        assert found
        assert found.number == "2005"
        assert tokens_of_number(reader, "2026-11-23", "2005") == ["paper-T0002"]
        assert tokens_of_number(reader, "2026-11-22", "2005") == []
        assert ticket_of_token(reader, "") is None
        assert set(followed_day(reader, "2026-11-23")) == {"T0001", "T0002"}
