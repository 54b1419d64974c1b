"""A durable issue against the bare fsync of the same disk."""

import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import Figure, percentile
from bus.codec import decode, encode
from bus.commands import IssueTicket, Reply
from bus.session import new_id
from config import Clock, load_centre
from queue_service.start import Place, open_engine

_ISSUES = 300
_WAL_FRAMES = 4
_FRAME_BYTES = 4120


def issue_against_fsync(directory: Path) -> Figure:
    """Return the median ms of an acknowledged issue and of a bare write and fsync like SQLite's."""
    with tempfile.TemporaryDirectory(dir=directory) as data:
        yardstick = _fsync_ms(Path(data) / "floor")
        return Figure(issue_ms(Path(data)), yardstick)


def issue_ms(directory: Path) -> float:
    """Return the median ms of an acknowledged issue, in this process and on a new store."""
    with tempfile.TemporaryDirectory(dir=directory) as data:
        return _issue_ms(Path(data))


def _issue_ms(data: Path) -> float:
    clock = Clock.starting(datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
    engine = open_engine(Place(data, clock, "benchmark", new_id), load_centre())
    times = []
    for _ in range(_ISSUES):
        payload = encode(IssueTicket(id=new_id(), ts=clock.now(), service="CERT"))
        began = time.perf_counter()
        reply = engine.handle("kiosk-1", payload)
        times.append((time.perf_counter() - began) * 1000)
        if reply is None or not decode(Reply, reply).ok:
            raise RuntimeError(f"the issue was refused: {reply!r}")
    engine.ledger.store.close()
    return percentile(times, 0.5)


def _fsync_ms(path: Path) -> float:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    frame = os.urandom(_FRAME_BYTES)
    times = []
    for turn in range(_ISSUES):
        began = time.perf_counter()
        for index in range(_WAL_FRAMES):
            os.pwrite(descriptor, frame, (turn * _WAL_FRAMES + index) * _FRAME_BYTES)
        os.fdatasync(descriptor)
        times.append((time.perf_counter() - began) * 1000)
    os.close(descriptor)
    return percentile(times, 0.5)
