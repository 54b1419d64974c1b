"""Whoever holds the paper says once how it was; nobody else does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from http.client import HTTPConnection
from socket import socket

import pytest

from bus.states import ServicesState, State
from provisioning.ratings import FACE_NAMES, Face, Ratings
from provisioning.site_db import SiteDb

WAIT_S = 60
DAY = date(2026, 11, 23)
Send = Callable[..., tuple[int, str]]


@pytest.fixture
def send(server: object, board_listener: socket) -> Send:
    """Ask the public listener, or send it a face."""
    assert server

    def send(target: str, face: str = "", **headers: str) -> tuple[int, str]:
        host, port = board_listener.getsockname()
        sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        with closing(HTTPConnection(host, port, timeout=WAIT_S)) as connection:
            if face:
                connection.request("POST", target, f"face={face}", sent)
            else:
                connection.request("GET", target)
            answer = connection.getresponse()
            assert answer.getheader("Set-Cookie") is None
            return answer.status, answer.read().decode()

    return send


@pytest.fixture
def ratings(server: object, site_db: SiteDb) -> Ratings:
    assert server
    return Ratings(site_db)


def test_a_face_counts_once(
    send: Send,
    ratings: Ratings,
    add_tickets: Callable[..., None],
    publish: Callable[[State], None],
    services: ServicesState,
) -> None:
    add_tickets({"state": "finished", "counter": 3}, {})
    publish(services)
    page = send("/t/paper-T0001")[1]
    assert 'method="post" action="?lang=vi"' in page
    for face, name in FACE_NAMES.items():
        assert f'value="{face.value}"' in page
        assert name in page
    assert 'name="face"' not in send("/t/paper-T0002")[1], "who waits is not asked"

    with ThreadPoolExecutor(2) as hands:
        both = list(hands.map(lambda face: send("/t/paper-T0001", face)[0], ("4", "4")))
    assert both == [303, 303], "a finger that came down twice is thanked"
    page = send("/t/paper-T0001")[1]
    assert "Cảm ơn quý vị." in page
    assert 'name="face"' not in page
    status, page = send("/t/paper-T0001", "1")
    assert (status, "đã được đánh giá" in page) == (409, True)
    assert ratings.figures(DAY, DAY).by_counter == {3: {Face.VERY_SATISFIED: 1}}


def test_nobody_else_votes(
    send: Send,
    ratings: Ratings,
    add_tickets: Callable[..., None],
    publish: Callable[[State], None],
    services: ServicesState,
) -> None:
    served = {"state": "finished", "counter": 3}
    add_tickets(served, {}, {"state": "void"}, {**served, "day_closed": True})
    publish(services)
    assert send("/t/paper-T0009", "4")[0] == 404
    assert send("/t/T0001", "4")[0] == 404
    assert send("/t/paper-T0001", "4", **{"Sec-Fetch-Site": "cross-site"})[0] == 403
    assert send("/t/paper-T0001", "4", Origin="http://evil.example")[0] == 403
    for token in ("paper-T0002", "paper-T0003", "paper-T0004"):
        assert send(f"/t/{token}", "4")[0] == 409, token
    statuses = [send("/t/paper-T0001", face)[0] for face in ("0", "5", "x", "44444", "0", "4")]
    assert statuses == [303] * 5 + [429], "a flood is refused, also with a face at last"
    assert ratings.figures(DAY, DAY).votes == 0
