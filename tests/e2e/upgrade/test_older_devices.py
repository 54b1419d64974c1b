"""A kiosk, boards and counters of 0.3.0 in a hall of today: visits, appointments, procedures."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bus.broker import PrivateBroker, free_port
from bus.care import Manner, Measure
from bus.commands import (
    AppointmentResult,
    BookAppointment,
    CheckIn,
    Command,
    EndVisit,
    IssuedTicket,
    IssueTicket,
    PrepareVisit,
    Reply,
    result_of,
)
from bus.health import BoardHealth, WebHealth, health_as
from bus.mqtt import Account
from bus.session import Session, at_once, connect
from bus.states import BoardState, DeviceStatus, ServicesState
from bus.vocabulary import TicketClass
from config import CLOCK_VARIABLE, Clock, load_centre
from config.process import BROKER_VARIABLE, PASSWORD_FILE_VARIABLE
from config.write import to_toml
from hall.procedures import Document, Phrase, Procedure, publish
from provisioning.procedures import Procedures
from provisioning.site_db import FILE_NAME as SITE_DB
from provisioning.site_db import open_site_db
from queue_service.verify import verify
from wait_log.cases import NO_SCENARIO, cases_between
from wait_log.dialects import store_url
from wait_log.reader import open_reader

pytestmark = pytest.mark.full

ROOT = Path(__file__).parents[3]
WINDOWS = Path(__file__).with_name("windows_of_0_3_0.py")
MORNING = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
"""Monday, 08:24 local."""
DAY = "2026-11-23"
COUNTER = 3
"""The one that the windows of 0.3.0 have."""
WITHIN_S = 240.0


class Hall:
    """Today's service and pages, with devices that a test adds, and what they say."""

    def __init__(self, data: Path, ending: ExitStack) -> None:
        services = tuple(
            replace(one, appointment_hours=("08:00-11:00",), appointment_seats=2)
            if one.code == "CIVIL"
            else one
            for one in load_centre().services
        )
        self.centre = replace(load_centre(), services=services)
        self.data = data
        self.clock = Clock.starting(MORNING)
        self.site = self.centre.identity.site
        self.statuses: dict[str, DeviceStatus] = {}
        self.board: BoardState | None = None
        self.services: ServicesState | None = None
        self._ending = ending
        self._links: dict[str, Session] = {}
        roles = {device.id: str(device.role) for device in self.centre.devices}
        roles["service"] = "service"
        self.broker = ending.enter_context(PrivateBroker(data / "broker", self.site, roles))
        watching = self._link("board-2")
        watching.follow_devices(tuple(roles), self.statuses.__setitem__)
        watching.follow_board(lambda state: setattr(self, "board", state))
        watching.follow_services(lambda state: setattr(self, "services", state))
        watching.start()

    def start(self, sources: Path, module: str, device: str, *options: str) -> None:
        """Start a process of a version's sources and wait until it is there."""
        with (self.data / f"{device}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, "--data", str(self.data), *options],
                cwd=sources,
                env=self.environment(device),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._ending.callback(process.wait, WITHIN_S)
        self._ending.callback(process.terminate)
        self.until(lambda: self.is_online(device), self.log(device).read_text)

    def environment(self, device: str) -> dict[str, str]:
        """Return what a process of the hall finds around it."""
        return {
            **os.environ,
            BROKER_VARIABLE: f"{self.broker.host}:{self.broker.port}",
            PASSWORD_FILE_VARIABLE: str(self.broker.password_file(device)),
            CLOCK_VARIABLE: str(self.clock),
            "PYTHONUNBUFFERED": "1",
        }

    def log(self, device: str) -> Path:
        """Return what a process has said."""
        return self.data / f"{device}.log"

    def is_online(self, device: str) -> bool:
        """Return whether a device is there."""
        return device in self.statuses and self.statuses[device].online

    def ask(self, device: str, command: Command) -> Reply:
        """Send a command of today as a device of the hall."""
        if device not in self._links:
            self._links[device] = self._link(device)
            self._links[device].start()
        replies: queue.Queue[Reply] = queue.Queue()
        self._links[device].ask(command, replies.put, WITHIN_S)
        reply = replies.get(timeout=WITHIN_S)
        assert reply.ok, reply
        return reply

    def until(
        self, condition: Callable[[], bool], why: Callable[[], str] = lambda: "nothing came of it"
    ) -> None:
        """Wait until something is true."""
        deadline = time.monotonic() + WITHIN_S
        while not condition():
            assert time.monotonic() < deadline, why()
            threading.Event().wait(0.05)

    def papers(self) -> list[str]:
        """Return the numbers that the kiosk has printed."""
        return sorted(file.stem for file in (self.data / "paper/kiosk-1" / DAY).glob("*.png"))

    def painted(self) -> int:
        """Return the newest state that the board has painted."""
        status = self.statuses.get("board-1")
        return health_as(BoardHealth, status.health).rev or 0 if status else 0

    def _link(self, device: str) -> Session:
        account = Account(
            self.broker.host, self.broker.port, "today", device, self.broker.passwords[device]
        )
        link = connect(
            account,
            self.site,
            device.rpartition("-")[0] or device,
            now=self.clock.now,
            monotonic=self.clock.monotonic,
            deliver=at_once,
            presence=False,
        )
        self._ending.callback(link.stop)
        return link


class Windows:
    """The kiosk's and a counter's windows of 0.3.0, in a process of that version."""

    def __init__(self, sources: Path, hall: Hall, ending: ExitStack) -> None:
        environment = {
            **os.environ,
            CLOCK_VARIABLE: str(hall.clock),
            "HALL_DATA": str(hall.data),
            "HALL_PORT": str(hall.broker.port),
            "HALL_PASSWORDS": str(hall.broker.password_file("kiosk-1").parent),
            "PYTHONPATH": str(sources),
            "QT_QPA_PLATFORM": "offscreen",
        }
        self.log = hall.data / "windows.log"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(WINDOWS)],
                cwd=sources,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        ending.callback(self._end)
        assert self._answer() == "ready"

    def do(self, what: str, with_what: str = "") -> str:
        """Have something touched or pressed; return what came of it."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{what} {with_what}\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, self.log.read_text()
        said: Any = json.loads(line)
        return str(said)

    def _end(self) -> None:
        with self._process:  # closes its pipes, at whose end it goes
            pass


@pytest.fixture
def ending() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def hall(tmp_path: Path, ending: ExitStack) -> Hall:
    """Run today's service and pages, with appointments and procedures."""
    hall = Hall(tmp_path, ending)
    config = tmp_path / "centre.toml"
    config.write_text(to_toml(hall.centre))
    site_db = open_site_db(tmp_path / SITE_DB)
    birth = Procedure(
        key="khai-sinh", service="CIVIL", name=Phrase("Đăng ký khai sinh", "Birth registration")
    )
    assert Procedures(site_db).apply(publish(Document(procedures=(birth,))), "an", 0)
    site_db.close()
    box = tmp_path / "device.toml"
    box.write_text(f'[web]\nboard_host = "127.0.0.1"\nboard_port = {free_port()}\n')
    hall.start(ROOT, "queue_service", "service", "--config", str(config))
    hall.start(ROOT, "web", "web", "--port", "0", "--device", str(box))
    hall.until(lambda: _procedures_of(hall) is not None)
    return hall


def test_devices_of_the_version_before_live_through_a_short_day(
    before: Path, hall: Hall, ending: ExitStack
) -> None:
    hall.start(before, "display.board", "board-1")
    hall.start(before, "counter_caller.panel", "counter-1", "--counter", "1")
    windows = Windows(before, hall, ending)
    given = [windows.do("take", "CIVIL")]

    # Somebody asks for help at the kiosk of 0.3.0, which rings as ever and takes nothing up.
    assert windows.do("help") == "called"
    hall.until(lambda: "kiosk-1" in _visits(hall))
    prepared = PrepareVisit(kiosk="kiosk-1", measures=(Measure.FETCH,), counter=9)
    hall.ask("counter-9", prepared)
    assert windows.do("helped", "coming") == "coming"
    assert _visits(hall)["kiosk-1"] is False
    given.append(windows.do("take", "CIVIL"))
    manner = Manner(large_paper=True, spoken_call=True, fetch=True, place="kiosk-1")
    taken = IssueTicket(
        service="CIVIL", ticket_class=TicketClass.PRIORITY, print_on="kiosk-1", manner=manner
    )
    fetched = result_of(hall.ask("counter-9", taken), IssuedTicket).number
    hall.ask("counter-9", EndVisit(kiosk="kiosk-1", counter=9))
    hall.until(lambda: "kiosk-1" not in _visits(hall))

    # Somebody comes at the time that was kept for them.
    slot = BookAppointment(service="CIVIL", at=MORNING + timedelta(minutes=6))
    code = result_of(hall.ask("counter-9", slot), AppointmentResult).code
    came = result_of(hall.ask("counter-9", CheckIn(code=code, print_on="kiosk-1")), IssuedTicket)
    hall.until(lambda: {fetched, came.number} <= set(hall.papers()))
    given.append(windows.do("take", "CIVIL"))

    everybody = {*given, fetched, came.number}
    assert len(everybody) == len(given) + 2
    assert windows.do("open") == "open"
    called = [windows.do("call") for _ in everybody]
    assert set(called) == everybody
    assert called.index(fetched) < called.index(given[-1]), "priority goes before"
    hall.until(lambda: called[-1] in _on_the_board(hall))
    assert hall.board is not None
    newest = hall.board.rev
    hall.until(lambda: hall.painted() >= newest)
    assert hall.papers() == sorted(everybody)

    for device in ("board-1", "counter-1", "kiosk-1", "service", "web"):
        assert hall.is_online(device), device
    for log in (hall.log("board-1"), hall.log("counter-1"), windows.log, hall.log("service")):
        said = log.read_text()
        assert "Traceback" not in said, said
        assert "dropped" not in said, said
    ending.close()
    with open_reader(store_url(hall.data), hall.site) as reader:
        assert verify(reader).problems == ()
        assert len(reader.tickets(DAY)) == len(everybody)
        assert cases_between(reader.meta_rows(), MORNING.date(), MORNING.date()) == {NO_SCENARIO: 1}


def _visits(hall: Hall) -> dict[str, bool]:
    """Return the kiosks where somebody is helped, and whether the kiosk has taken that up."""
    services = hall.services
    return {visit.kiosk: visit.taken_up for visit in services.visits} if services else {}


def _on_the_board(hall: Hall) -> set[str]:
    return {call.number for call in hall.board.calls} if hall.board else set()


def _procedures_of(hall: Hall) -> object:
    status = hall.statuses.get("web")
    return health_as(WebHealth, status.health).procedures if status else None
