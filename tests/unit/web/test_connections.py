"""Connections that say nothing, or too slowly, over real sockets."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPResponse

import pytest
import uvicorn
from litestar.types import ASGIApp, Receive, Scope, Send

from web.guard import Guard
from web.server import Server, impatient_connections

Ask = Callable[..., int]
WHOLE = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
WAIT_S = 60.0
"""Longer than any of this takes on a busy machine: a hang, not a slow answer."""
PATIENCE_S = 0.4


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer at once, whatever is asked; `/slow` when the whole request has come and gone."""
    while scope["path"] == "/slow" and (await receive())["type"] != "http.disconnect":
        pass
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
    )
    await send({"type": "http.response.body", "body": b"ok", "more_body": False})


def ask(listener: socket.socket, target: str = "/") -> int:
    host, port = listener.getsockname()
    with closing(HTTPConnection(host, port, timeout=WAIT_S)) as connection:
        connection.request("GET", target)
        return connection.getresponse().status


def connect(listener: socket.socket) -> socket.socket:
    return socket.create_connection(listener.getsockname(), timeout=WAIT_S)


def ends(connection: socket.socket) -> bool:
    """Return True once the server has ended `connection`."""
    try:
        while connection.recv(4096):
            pass
    except ConnectionError:
        pass
    return True


@pytest.fixture
def serve(listener: socket.socket) -> Iterator[Callable[..., socket.socket]]:
    """Serve an application with connections that have little patience."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(app: ASGIApp = answer, most_silent: int = 50) -> socket.socket:
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                http=impatient_connections(PATIENCE_S, most_silent),
                lifespan="off",
                log_config=None,
                timeout_graceful_shutdown=3,
            )
        )
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        running.append((server, thread))
        return listener

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join(WAIT_S)
        assert not thread.is_alive()


@pytest.mark.parametrize("said", [b"", b"GET / HT", WHOLE[:-2], WHOLE + WHOLE[:-2]])
def test_a_connection_without_a_whole_head_ends(
    serve: Callable[..., socket.socket], said: bytes
) -> None:
    with connect(serve()) as connection:
        connection.sendall(said)
        assert ends(connection)


def test_a_head_that_comes_by_drops_is_cut_off(serve: Callable[..., socket.socket]) -> None:
    with connect(serve()) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ")
        connection.settimeout(PATIENCE_S / 10)
        dropped = 0
        while not _ended_after(connection, b"x"):
            dropped += 1
            assert dropped < 1000


def _ended_after(connection: socket.socket, drop: bytes) -> bool:
    """Return whether the server has ended `connection` soon after one more drop."""
    try:
        connection.sendall(drop)
        return connection.recv(4096) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def test_a_body_that_never_comes_ends_the_connection(serve: Callable[..., socket.socket]) -> None:
    with connect(serve()) as connection:
        connection.sendall(b"POST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf")
        assert ends(connection)


def test_an_answer_may_take_longer_than_a_question(serve: Callable[..., socket.socket]) -> None:
    listener = serve()
    with connect(listener) as slow, connect(listener) as silent:
        slow.sendall(WHOLE.replace(b"/ ", b"/slow ", 1))
        assert ends(silent)
        slow.settimeout(PATIENCE_S * 3)
        with pytest.raises(TimeoutError):
            slow.recv(1)


def test_of_too_many_silent_connections_the_oldest_gives_way(
    serve: Callable[..., socket.socket],
) -> None:
    listener = serve(most_silent=10)
    with ExitStack() as crowd:
        silent = [crowd.enter_context(connect(listener)) for _ in range(100)]
        assert ask(listener, "/first") == 200
        assert all(ends(connection) for connection in silent)


def test_silent_connections_shut_neither_page_nor_board(
    server: tuple[Server, threading.Thread],
    listener: socket.socket,
    board_listener: socket.socket,
) -> None:
    assert server[1].is_alive()
    with ExitStack() as crowd:
        for where in (listener, board_listener):
            for _ in range(400):
                crowd.enter_context(connect(where))
        assert ask(listener, "/first") == 200
        assert ask(board_listener, "/board") == 200


def test_who_is_refused_before_they_have_said_all_hears_why(
    serve: Callable[..., socket.socket],
) -> None:
    with connect(serve(Guard(answer, lambda _host: False))) as connection:
        for _ in range(2):
            connection.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n")
            with HTTPResponse(connection, method="POST") as refusal:
                refusal.begin()
                connection.sendall(b"late body")
                assert (refusal.status, refusal.read()) == (421, b"not the name of this server\n")
        connection.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf")
        assert ends(connection), "and no body keeps it for long"


def test_more_than_can_be_answered_at_once_is_refused(
    serve: Callable[..., socket.socket],
) -> None:
    listener = serve(Guard(answer, lambda _host: True, most_at_once=2))
    with connect(listener) as one, connect(listener) as other:
        for connection in (one, other):
            connection.sendall(WHOLE.replace(b"/ ", b"/slow ", 1))
        statuses: set[int] = set()
        while 503 not in statuses:
            statuses.add(ask(listener))
    while ask(listener) != 200:
        pass
