"""From a press to the painted board, against the bare round trip through the same broker."""

import queue
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from appliance.connection import FILE_NAME, Connection
from benchmarks.running import account, centre, link
from benchmarks.wire import answer, round_trips_ms
from bus.codec import decode
from bus.commands import CalledTicket, CallNext, Finish, IssueTicket, StartServing, result_of
from bus.mqtt import MqttBus
from bus.orders import Acknowledgement
from bus.port import Incoming
from bus.session import Session
from bus.states import BoardState
from bus.topics import Topics
from bus.vocabulary import AckOutcome, CurrentTo

_PRESSES = 60
_SERVED_S = 0.1
"""Whoever presses has seen what came of the last press."""
_TIMEOUT_S = 30.0

Arrivals = queue.Queue[tuple[int, float]]
"""Which call arrived when."""


@dataclass(frozen=True, slots=True)
class Presses:
    """What happened after each press, in ms, and bare round trips of the same run."""

    stated: list[float]
    """Until the state of the boards said it."""
    painted: list[float]
    """Until a board said that it had painted it."""
    round_trips: list[float]


def presses(
    directory: Path, tickets_a_minute: int = 0, store: Path | None = None, *, reports: bool = False
) -> Presses:
    """Press 60 times while so many numbers are issued; begin with `store` if one is given.

    With `reports` a manager makes the report of a year meanwhile, again and again.
    """
    with centre(directory, store=store) as (connection, _, _):
        round_trips = round_trips_ms(connection)
        with listening(connection) as (stated, painted), _clients(connection) as (kiosk, counter):
            for _ in range(_PRESSES + 1):
                answer(kiosk, IssueTicket(service="CERT"))
            reporting = _reporting(directory) if reports else nullcontext()
            with _issuing(kiosk, tickets_a_minute), reporting:
                times = list(_pressing(counter, stated, painted))[1:]  # the first warms up
        return Presses([state for state, _ in times], [paint for _, paint in times], round_trips)


def _pressing(
    counter: Session, stated: Arrivals, painted: Arrivals
) -> Iterator[tuple[float, float]]:
    """Press again and again; return the ms until each call was stated and painted."""
    current: str | None = None
    for _ in range(_PRESSES + 1):
        if current:  # has come: nobody waits for the end of the last call
            answer(counter, StartServing(counter=1, ticket=current))
            threading.Event().wait(_SERVED_S)
        to = CurrentTo.PARK if current else None
        began = time.perf_counter()
        reply = answer(counter, CallNext(counter=1, current=current, current_to=to))
        called = result_of(reply, CalledTicket)
        current = called.ticket
        state_s, paint_s = (_arrival(calls, called.call_seq) - began for calls in (stated, painted))
        yield state_s * 1000, paint_s * 1000
    if current:  # leave the counter as it was, for the next run on the same store
        answer(counter, Finish(counter=1, ticket=current))


def _arrival(arrivals: Arrivals, call_seq: int) -> float:
    while True:
        seq, at = arrivals.get(timeout=_TIMEOUT_S)
        if seq >= call_seq:
            return at


@contextmanager
def listening(connection: Connection) -> Iterator[tuple[Arrivals, Arrivals]]:
    """Hear the state of the boards, and what the first board says that it painted."""
    stated: Arrivals = queue.Queue()
    painted: Arrivals = queue.Queue()

    def hear_state(message: Incoming) -> None:
        at, state = time.perf_counter(), decode(BoardState, message.payload)
        stated.put((max((call.call_seq for call in state.calls), default=0), at))

    def hear_board(message: Incoming) -> None:
        at, said = time.perf_counter(), decode(Acknowledgement, message.payload)
        if said.outcome is AckOutcome.SHOWN:
            painted.put((said.call_seq, at))

    listener = MqttBus(account(connection, "service", "benchmark"), random.SystemRandom())
    topics = Topics(connection.site)
    listener.subscribe(topics.acknowledgement("board-1"), hear_board)
    listener.subscribe(topics.board(), hear_state)
    listener.start()
    try:
        yield stated, painted
    finally:
        listener.stop()


@contextmanager
def _clients(connection: Connection) -> Iterator[tuple[Session, Session]]:
    kiosk, counter = link(connection, "kiosk-1"), link(connection, "counter-1")
    for client in (kiosk, counter):
        client.start()
    try:
        yield kiosk, counter
    finally:
        for client in (kiosk, counter):
            client.stop()


@contextmanager
def _issuing(kiosk: Session, tickets_a_minute: int) -> Iterator[None]:
    """Issue numbers of other services meanwhile."""
    over = threading.Event()

    def issue() -> None:
        while not over.wait(60 / tickets_a_minute):
            answer(kiosk, IssueTicket(service="CIVIL"))

    thread = threading.Thread(target=issue) if tickets_a_minute else None
    if thread:
        thread.start()
    try:
        yield
    finally:
        over.set()
        if thread:
            thread.join()


@contextmanager
def _reporting(directory: Path) -> Iterator[None]:
    """Make the report of a year of the centre that runs in `directory`, and then the next."""
    data = next(directory.glob(f"*/{FILE_NAME}")).parent
    output = directory / "year.docx"
    command = [sys.executable, "-m", "web.report", "--period", "year", "--data", str(data)]
    command += ["--output", str(output), "--force"]
    subprocess.run(command, check=True, capture_output=True)  # the first keeps what days held
    over, made = threading.Event(), queue.SimpleQueue[int]()

    def make() -> None:
        while not over.is_set():
            made.put(subprocess.run(command, check=False, capture_output=True).returncode)

    thread = threading.Thread(target=make)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
    if made.get_nowait() != 0:
        raise RuntimeError("no report was made")
