"""Five hundred phones follow their numbers: from a press to the called one, and to the boards."""

import asyncio
import queue
import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.latency import listening
from benchmarks.running import centre, link
from benchmarks.wire import answer
from bus.broker import free_port
from bus.commands import CalledTicket, CallNext, IssuedTicket, IssueTicket, StartServing, result_of
from bus.session import Session
from bus.vocabulary import CurrentTo

PHONES = 500
_PRESSES = 60
_SPEED = 60
_APART_S = 0.5
_WITHIN_S = 60.0
_CONNECTED_AT_ONCE = 50
_BOX = """\
[web]
port = {staff}
board_host = "127.0.0.1"
board_port = {port}
"""


@dataclass(frozen=True, slots=True)
class PhoneTimes:
    """What happened after each press, in ms."""

    phones: list[float] = field(default_factory=list)
    """Until the phone of the number said that it is called."""
    boards: list[float] = field(default_factory=list)
    """Until a board said that it had painted it."""


def presses_to_phones(directory: Path, phones: int = PHONES, presses: int = _PRESSES) -> PhoneTimes:
    """Press while the day runs sixty times as fast and so many phones follow the same line.

    Every press changes what all of them show: the worst day that there is.
    """
    port = free_port()
    box = directory / "phones.toml"
    box.write_text(_BOX.format(port=port, staff=free_port()))
    options = ("--always-open", "--speed", str(_SPEED), "--device", str(box))
    times = PhoneTimes()
    with centre(directory, *options) as (connection, _, _):
        kiosk, counter = link(connection, "kiosk-1"), link(connection, "counter-1")
        kiosk.start()
        counter.start()
        try:
            waiting = max(phones, presses + 1)
            tickets = [_issue(kiosk) for _ in range(waiting)]
            with listening(connection) as (_, painted), following(port, tickets[:phones]) as heard:
                for called, began in _presses(counter, times, painted, presses):
                    if phones:
                        at = _heard(heard, called.ticket)
                        times.phones.append((at - began) * 1000)
        finally:
            kiosk.stop()
            counter.stop()
    return times


def refused_phones(port: int, token: str, phones: int) -> list[bytes]:
    """Have so many phones ask to follow at once; return the answers of those that may not."""

    async def ask() -> list[bytes]:
        opened = [await _open(port, token) for _ in range(phones)]
        heads = [head for _, _, head in opened if not head.startswith(b"HTTP/1.1 200")]
        for _, writer, _ in opened:
            writer.close()
        return heads

    return asyncio.run(ask())


Heard = queue.Queue[tuple[str, float]]
"""Which ticket's phone said when that it is called."""


@contextmanager
def following(port: int, tickets: Sequence[IssuedTicket]) -> Iterator[Heard]:
    """Follow each ticket with a connection of its own until left."""
    heard: Heard = queue.Queue()
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    over = asyncio.Event()

    async def follow_all() -> None:
        limit = asyncio.Semaphore(_CONNECTED_AT_ONCE)
        first = [asyncio.Event() for _ in tickets]
        tasks = [
            asyncio.create_task(_follow(port, ticket, heard, limit, told))
            for ticket, told in zip(tickets, first, strict=True)
        ]
        for told in first:
            await told.wait()
        ready.set()
        await over.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(follow_all(),))
    thread.start()
    try:
        if not ready.wait(_WITHIN_S):
            raise RuntimeError("the phones do not hear their numbers")
        yield heard
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


async def _follow(
    port: int, ticket: IssuedTicket, heard: Heard, limit: asyncio.Semaphore, told: asyncio.Event
) -> None:
    async with limit:
        reader, writer, head = await _open(port, ticket.token)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"a phone was refused: {head!r}")
        with suppress(asyncio.LimitOverrunError):
            await reader.readuntil(b'"now"')
        told.set()
    try:
        while line := await reader.readline():
            if b'"state":"called"' in line:
                heard.put((ticket.ticket, time.perf_counter()))
    finally:
        writer.close()


async def _open(port: int, token: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    asked = f"GET /t/{token}/events?lang=vi HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
    writer.write(asked.encode())
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        length = re.search(rb"content-length: (\d+)", head)
        head += await reader.readexactly(int(length[1]) if length else 0)
    return reader, writer, head


def _presses(
    counter: Session,
    times: PhoneTimes,
    painted: queue.Queue[tuple[int, float]],
    presses: int,
) -> Iterator[tuple[CalledTicket, float]]:
    """Press again and again; yield each call and when it was pressed."""
    current: str | None = None
    for press in range(presses + 1):
        if current:
            answer(counter, StartServing(counter=1, ticket=current))
            threading.Event().wait(_APART_S)
        to = CurrentTo.PARK if current else None
        began = time.perf_counter()
        reply = answer(counter, CallNext(counter=1, current=current, current_to=to))
        called = result_of(reply, CalledTicket)
        current = called.ticket
        at = _painted(painted, called.call_seq)
        yield called, began
        if press:  # the first warms up
            times.boards.append((at - began) * 1000)


def _painted(arrivals: queue.Queue[tuple[int, float]], call_seq: int) -> float:
    while True:
        seq, at = arrivals.get(timeout=_WITHIN_S)
        if seq >= call_seq:
            return at


def _heard(heard: Heard, ticket: str) -> float:
    while True:
        said, at = heard.get(timeout=_WITHIN_S)
        if said == ticket:
            return at


def _issue(kiosk: Session) -> IssuedTicket:
    return result_of(answer(kiosk, IssueTicket(service="CERT")), IssuedTicket)
