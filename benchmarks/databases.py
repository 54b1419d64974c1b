"""The store on PostgreSQL, alone and with a synchronous copy, beside SQLite on the same disk.

`.venv/bin/python -m benchmarks databases [--old-store FILE] [--write]` starts servers of its own.
"""

import os
import queue
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from benchmarks.measure import Figure, Row, percentile, repeated, row
from bus.broker import PrivateBroker
from bus.codec import decode, encode
from bus.commands import (
    AnyCommand,
    CalledTicket,
    CallNext,
    IssueTicket,
    Reply,
    StartServing,
    result_of,
)
from bus.mqtt import Account
from bus.session import Session, at_once, connect, new_id
from bus.states import BoardState
from bus.vocabulary import CurrentTo
from config import Clock, load_centre
from queue_service.engine import Engine
from queue_service.start import Place, open_engine
from tests.clusters import Cluster, Pair, postgresql_programs
from wait_log.dialects import embedded_url
from wait_log.moving import finish_move, move_store, unlike

_TICKETS = 300
_TIMES_SQLITE = 6.0
_TAKEOVER_S = 10.0
_PATIENCE_S = 60.0
_MOVED_ROWS_A_SECOND = 5_000
_CENTRE = load_centre()
_SITE = _CENTRE.identity.site


def database_rows(directory: Path, old_store: Path | None) -> Iterator[Row]:
    """Measure and return the rows of the table."""
    programs = postgresql_programs()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed: apt-get install postgresql")
    numbers = count()

    def make() -> Cluster:
        place = directory / f"cluster-{next(numbers)}"
        place.mkdir()
        return Cluster(programs, place)

    directory.chmod(0o755)
    alone = make()
    alone.make()
    alone.start(durable=True)
    yield from _commits("PostgreSQL on this machine", lambda: alone.url(alone.new_database()))
    pair = Pair(make(), make(), durable=True)
    servers = f"host=127.0.0.1:{pair.primary.port}&host=127.0.0.1:{pair.standby.port}"

    def copied() -> str:
        name = pair.primary.new_database()
        return f"postgresql+psycopg://denluot@/{name}?{servers}&target_session_attrs=primary"

    yield from _commits("PostgreSQL with a synchronous copy", copied)
    for how, name in ((signal.SIGKILL, "kill -9"), (signal.SIGSTOP, "a freeze")):
        took = _takeover_s(directory, alone.url(alone.new_database()), how)
        yield row(f"a waiting service takes over after {name}", Figure(took), "s", "", _TAKEOVER_S)
    pair.standby.stop()
    pair.primary.stop()
    if old_store:
        yield from _moved(directory, old_store, alone)
    alone.stop()


def _commits(where: str, new_url: Callable[[], str]) -> Iterator[Row]:
    """Return issue and call beside SQLite's."""
    runs: dict[str, list[Figure]] = {"issue": [], "call": []}
    for _ in range(3):
        with tempfile.TemporaryDirectory() as data:
            there = _issue_and_call_ms(Path(data), new_url())
        with tempfile.TemporaryDirectory() as data:
            here = _issue_and_call_ms(Path(data), embedded_url(Path(data)))
        for what, value, yardstick in zip(runs, there, here, strict=True):
            runs[what].append(Figure(value, yardstick))
    for what, figures in runs.items():
        figure = repeated(iter(figures).__next__)
        limit = round(_TIMES_SQLITE * (figure.yardstick or 0.0), 1)
        yield row(f"durable {what}, {where}", figure, "ms", "SQLite", limit)


def _issue_and_call_ms(data: Path, url: str) -> tuple[float, float]:
    """Return the median ms of an acknowledged issue and of a call."""
    clock = Clock.starting(datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
    engine = open_engine(Place(data, clock, "benchmark", new_id, store=url), _CENTRE)
    issues, calls, current = [], [], None
    for _ in range(_TICKETS):
        issue = IssueTicket(id=new_id(), ts=clock.now(), service="CERT")
        issues.append(_asked(engine, "kiosk-1", issue)[1])
        call = CallNext(
            id=new_id(), ts=clock.now(), counter=1, current=current, current_to=CurrentTo.FINISH
        )
        reply, took = _asked(engine, "counter-1", call)
        current = result_of(reply, CalledTicket).ticket
        calls.append(took)
        served = StartServing(id=new_id(), ts=clock.now(), counter=1, ticket=current)
        _asked(engine, "counter-1", served)
    engine.ledger.store.close()
    return percentile(issues, 0.5), percentile(calls, 0.5)


def _asked(engine: Engine, device: str, command: AnyCommand) -> tuple[Reply, float]:
    payload = encode(command)
    began = time.perf_counter()
    answer = engine.handle(device, payload)
    took_ms = (time.perf_counter() - began) * 1000
    reply = decode(Reply, answer or b"")
    if not reply.ok:
        raise RuntimeError(f"it was refused: {reply}")
    return reply, took_ms


def _takeover_s(directory: Path, url: str, how: signal.Signals) -> float:
    """Return how long the boards wait for a second service when the first ends so."""
    roles = {device.id: device.role.value for device in _CENTRE.devices} | {"service": "service"}
    place = Path(tempfile.mkdtemp(dir=directory))
    with PrivateBroker(place / "broker", _SITE, roles) as broker, closing(_Board(broker)) as board:
        first = _service(broker, place / "first", url)
        board.hear_another()
        second = _service(broker, place / "second", url)
        if second.stderr is not None:
            second.stderr.readline()  # it stands by
        began = time.monotonic()
        first.send_signal(how)
        board.hear_another()
        took = time.monotonic() - began
        for service in (first, second):
            service.kill()
            service.communicate(timeout=_PATIENCE_S)
    return took


def _service(broker: PrivateBroker, data: Path, url: str) -> subprocess.Popen[bytes]:
    account = {
        "DENLUOT_BROKER": f"{broker.host}:{broker.port}",
        "DENLUOT_PASSWORD_FILE": str(broker.password_file("service")),
    }
    command = [sys.executable, "-m", "queue_service", "--standby", "--always-open"]
    command += ["--log-level", "WARNING", "--data", str(data), "--store", url]
    return subprocess.Popen(command, env=os.environ | account, stderr=subprocess.PIPE)


class _Board:
    """Hears when another service speaks to the boards."""

    def __init__(self, broker: PrivateBroker) -> None:
        account = Account(
            broker.host, broker.port, "benchmark", "board-1", broker.passwords["board-1"]
        )
        clock = Clock()
        self._session = ""
        self._heard: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._link: Session = connect(
            account, _SITE, "board", now=clock.now, monotonic=time.monotonic, deliver=at_once
        )
        self._link.follow_board(self._hear)
        self._link.start()

    def _hear(self, state: BoardState) -> None:
        if state.session != self._session:
            self._session = state.session or ""
            self._heard.put(self._session)

    def hear_another(self) -> None:
        """Wait until another service speaks."""
        self._heard.get(timeout=_PATIENCE_S)

    def close(self) -> None:
        """End the link."""
        self._link.stop()


def _moved(directory: Path, old_store: Path, server: Cluster) -> Iterator[Row]:
    """Return how fast the rows of many years go to PostgreSQL and back."""
    files = (f"sqlite:///{old_store}", f"sqlite:///{directory / 'back.db'}")
    url = server.url(server.new_database())
    for source, target, name in ((files[0], url, "to PostgreSQL"), (url, files[1], "and back")):
        moved = [0]

        def add(_table: str, done: int, total: int, moved: list[int] = moved) -> None:
            moved[0] += total if done == total else 0

        began = time.monotonic()
        sites = move_store(source, target, add)
        problems = [problem for site in sites for problem in unlike(source, target, site)]
        if problems:
            raise RuntimeError("; ".join(problems))
        finish_move(target, sites)
        took = time.monotonic() - began
        what = f"move-store of {moved[0]:,} rows {name}"
        yield row(what, Figure(took), "s", "", moved[0] / _MOVED_ROWS_A_SECOND)
