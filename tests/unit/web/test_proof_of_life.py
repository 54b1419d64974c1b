"""The web process's sign of life over its own listener."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from litestar.types import ASGIApp, Receive, Scope, Send

from config.watchdog import Watchdog
from web.proof_of_life import keep_proving
from web.server import Server

READY, FED = "READY=1\nWATCHDOG=1", "WATCHDOG=1"
PERIOD_S = 0.4


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
        end.bind(str(tmp_path / "notify"))
        end.settimeout(60)
        yield end


@pytest.fixture
def serve(listener: socket.socket, systemd: socket.socket) -> Iterator[Callable[[ASGIApp], Server]]:
    """Serve an application as the web process does, with systemd listening."""
    running: list[tuple[Server, threading.Thread]] = []

    def start(app: ASGIApp) -> Server:
        watchdog = Watchdog(systemd.getsockname(), PERIOD_S)
        server = Server(app, lambda: None, watchdog=watchdog)
        server.config.lifespan = "off"
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        running.append((server, thread))
        return server

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join(60)
        assert not thread.is_alive()


def hear(systemd: socket.socket) -> str:
    return systemd.recv(1000).decode()


def answering(status: int) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        assert scope["path"] == "/healthz"
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"{}", "more_body": False})

    return answer


@pytest.mark.parametrize("status", [200, 503])
def test_every_answer_feeds_also_one_that_nothing_else_is_there(
    serve: Callable[[ASGIApp], Server], systemd: socket.socket, status: int
) -> None:
    server = serve(answering(status))
    assert [hear(systemd) for _ in range(3)] == [READY, FED, FED]
    server.should_exit = True
    while (word := hear(systemd)) == FED:
        pass
    assert word == "STOPPING=1"


def test_an_event_loop_that_hangs_feeds_nothing(
    serve: Callable[[ASGIApp], Server], systemd: socket.socket
) -> None:
    release, stuck = threading.Event(), threading.Event()
    usual = answering(200)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if stuck.is_set() or not ready.is_set():
            await usual(scope, receive, send)
            return
        stuck.set()
        release.wait(60)
        await usual(scope, receive, send)

    ready = threading.Event()
    serve(answer)
    assert hear(systemd) == READY
    ready.set()
    assert stuck.wait(60)
    systemd.setblocking(False)
    try:
        while True:
            assert hear(systemd) == FED  # what was said before it hung
    except BlockingIOError:
        pass
    systemd.settimeout(PERIOD_S * 2)
    with pytest.raises(TimeoutError):
        hear(systemd)
    release.set()
    systemd.settimeout(60)
    assert hear(systemd) == FED


def test_a_store_that_never_answers_feeds_nothing_until_it_does(
    systemd: socket.socket, expected_warnings: list[str]
) -> None:
    expected_warnings.append("do not answer themselves")
    watchdog = Watchdog(systemd.getsockname(), PERIOD_S)

    async def scene() -> None:
        answers = asyncio.Event()

        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            await answers.wait()
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}")
            writer.close()

        server = await asyncio.start_server(take, "127.0.0.1", 0)
        address = server.sockets[0].getsockname()[:2]
        proving = asyncio.create_task(
            keep_proving(watchdog, address, secure=False, answer_within_s=0.05)
        )
        systemd.setblocking(False)
        await asyncio.sleep(0.5)  # the proof gives up several times meanwhile
        with pytest.raises(BlockingIOError):
            hear(systemd)
        answers.set()
        systemd.settimeout(60)
        assert await asyncio.to_thread(hear, systemd) == READY
        proving.cancel()
        await asyncio.wait([proving])
        server.close()

    asyncio.run(scene())


def test_a_listener_that_is_gone_feeds_nothing(
    systemd: socket.socket, expected_warnings: list[str]
) -> None:
    expected_warnings.append("do not answer themselves")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = closed.getsockname()
    watchdog = Watchdog(systemd.getsockname(), PERIOD_S)

    async def scene() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(keep_proving(watchdog, address, secure=False), 0.5)

    asyncio.run(scene())
    systemd.setblocking(False)
    with pytest.raises(BlockingIOError):
        hear(systemd)


def test_an_address_that_the_machine_has_lost_starves_nothing(systemd: socket.socket) -> None:
    watchdog = Watchdog(systemd.getsockname(), PERIOD_S)

    async def scene() -> None:
        proving = asyncio.create_task(keep_proving(watchdog, ("fe80::1%lo", 9), secure=False))
        assert await asyncio.to_thread(hear, systemd) == READY
        proving.cancel()
        await asyncio.wait([proving])

    asyncio.run(scene())
