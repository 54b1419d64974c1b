"""A day of real service and real clients on any broker that can fail in the middle of it."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from bus.mqtt import Account
from bus.session import Session, at_once, connect
from bus.states import BoardState
from config import Centre, Clock, load_centre
from simulators.day.command import day_clock
from simulators.day.play import Moment, Play, Script, hear_centre
from simulators.day.summary import summarise
from wait_log.dialects import store_url
from wait_log.reader import open_reader

ROOT = Path(__file__).parents[2]
PACE = 360.0
"""A day of ten hours in 100 s; time-outs and pauses are those of a real hall."""
_SERVICE_WITHIN_S = 60.0
_BOARDS = ("board-1", "board-2")
_CLOSED_WITHIN_S = 60.0


class RealBroker(Protocol):
    """A broker of a test's own, with an account for every device."""

    name: str

    def account(self, device: str, process: str) -> Account:
        """Return who `process` of `device` is to this broker."""

    def device_toml(self, device: str) -> str:
        """Return the part of a device.toml by which `device` joins."""

    def fail(self) -> None:
        """Fail in the way that is promised to be survived."""


@dataclass(slots=True)
class Board:
    """What one board heard, by the very client that boards use."""

    link: Session
    calls: list[tuple[float, int]] = field(default_factory=list)
    """When a newer call was there for the first time."""

    def take(self, state: BoardState) -> None:
        newest = max((call.call_seq for call in state.calls), default=0)
        if newest and (not self.calls or newest > self.calls[-1][1]):
            self.calls.append((time.time(), newest))

    def showed(self, call_seq: int) -> float | None:
        return next((at for at, newest in self.calls if newest >= call_seq), None)


@dataclass(frozen=True, slots=True)
class DayReport:
    """What came of a day."""

    tickets: int
    problems: tuple[str, ...]
    unseen: int
    """Calls that some board never came to know."""
    slowest_s: float
    """The longest that a call took from the log to every board."""
    slowest_undisturbed_s: float
    """The same before the broker failed."""
    failed_for_s: float | None


def roles_of(centre: Centre) -> dict[str, str]:
    """Return every account that a hall needs at its broker."""
    known = {device.id: device.role.value for device in centre.devices}
    return known | {"service": "service", "web": "web", "observer": "observer"}


def play_day(
    broker: RealBroker, data: Path, *, tickets: int, fail_at: int | None = None
) -> DayReport:
    """Play a day; once `fail_at` tickets have come to an end, the broker fails."""
    centre, clock = load_centre(None), Clock()
    site = centre.identity.site
    failed: list[float] = []

    def session(device: str) -> Session:
        return connect(
            broker.account(device, "day"),
            site,
            "simulate",
            now=clock.now,
            monotonic=clock.monotonic,
            deliver=at_once,
            presence=False,
        )

    def tell(moment: Moment) -> None:
        if fail_at is not None and moment.ended >= fail_at and not failed:
            failed.append(time.time())
            threading.Thread(target=fail).start()

    def fail() -> None:
        # A broker's process ends with the thread that started it.
        broker.fail()
        over.wait()

    with _set_at_end() as over, _service(broker, data), _boards(session) as boards:
        heard = hear_centre(session("observer"), _SERVICE_WITHIN_S)
        script = Script(1, tickets, on_paper=False)
        play = Play(heard, session, day_clock(heard, clock, PACE), script)
        play.run(tell)
        summary = summarise(heard, script, PACE, play.history)
        calls = _calls(data, site)
        until(lambda: all(board.showed(max(calls)) for board in boards), _CLOSED_WITHIN_S)
    lags = {
        call: max((at or float("inf")) - called for at in (board.showed(call) for board in boards))
        for call, called in calls.items()
    }
    cut = failed[0] if failed else float("inf")
    return DayReport(
        tickets=len(play.history.tickets),
        problems=summary.problems,
        unseen=sum(lag == float("inf") for lag in lags.values()),
        slowest_s=max(lags.values()),
        slowest_undisturbed_s=max(
            lag for call, lag in lags.items() if calls[call] < cut - _CLOSED_WITHIN_S / 12
        ),
        failed_for_s=_gap_after(calls, cut) if failed else None,
    )


def until(condition: Callable[[], object], within_s: float) -> None:
    """Wait for a condition for as long as a slow machine may need."""
    deadline, pause = time.monotonic() + within_s, threading.Event()
    while not condition():
        assert time.monotonic() < deadline
        pause.wait(0.05)


def note(report: DayReport, broker: RealBroker) -> None:
    """Write the figures where whoever asks for them wants them: $DENLUOT_BROKER_FIGURES."""
    if target := os.environ.get("DENLUOT_BROKER_FIGURES"):
        figures = {name: getattr(report, name) for name in DayReport.__slots__}
        with Path(target).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"broker": broker.name, **figures}) + "\n")


def _gap_after(calls: dict[int, float], cut: float) -> float:
    """Return how long nobody was called from the failure on."""
    return min((at for at in calls.values() if at > cut), default=float("inf")) - cut


def _calls(data: Path, site: str) -> dict[int, float]:
    """Return when each call was written, in seconds since 1970."""
    today = datetime.now(UTC)  # noqa: TID251
    with open_reader(store_url(data), site) as store:
        days = {today.date().isoformat(), day_in_hall(today)}
        rows = [row for day in days for row in store.calls(day).values()]
    return {row.call_seq: row.at_us / 1e6 for row in rows}


def day_in_hall(at: datetime) -> str:
    """Return the business day of the built-in centre."""
    return at.astimezone(load_centre(None).identity.zone).date().isoformat()


@contextmanager
def _set_at_end() -> Iterator[threading.Event]:
    over = threading.Event()
    try:
        yield over
    finally:
        over.set()


@contextmanager
def _service(broker: RealBroker, data: Path) -> Iterator[None]:
    data.mkdir(parents=True, exist_ok=True)
    device = data / "device.toml"
    device.write_text(broker.device_toml("service"))
    device.chmod(0o600)
    with (data / "service.log").open("wb") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "queue_service", "--device", str(device)),
                *("--data", str(data), "--always-open"),
            ],
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def _boards(session: Callable[[str], Session]) -> Iterator[list[Board]]:
    boards = [Board(session(device)) for device in _BOARDS]
    for board in boards:
        board.link.follow_board(board.take)
        board.link.start()
    try:
        yield boards
    finally:
        for board in boards:
            board.link.stop()
