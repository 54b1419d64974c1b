"""The web process as managers run it: a real broker, a real store, a hall that is played."""

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from bus.broker import PrivateBroker
from bus.codec import encode
from bus.mqtt import Account
from bus.session import Session, at_once, new_id
from bus.session import connect as make_session
from bus.states import (
    Alarm,
    BoardCounter,
    BoardState,
    ConfigState,
    CounterState,
    CurrentTicket,
    DeviceStatus,
    HelpCall,
    Outage,
    ServicesState,
    ServiceState,
    State,
    Waiting,
)
from bus.vocabulary import AlarmKind, CounterStatus, TicketClass, TicketState, WhyClosed
from config import CLOCK_VARIABLE, Centre, Clock, centre_to_wire, load_centre
from config.process import BROKER_VARIABLE, PASSWORD_FILE_VARIABLE
from provisioning.accounts import Account as StaffAccount
from provisioning.accounts import Accounts, Role
from provisioning.sessions import Sessions
from provisioning.site_db import FILE_NAME as SITE_DB
from provisioning.site_db import open_site_db
from wait_log.dialects import store_url
from wait_log.rows import Batch, DayRow, TicketRow
from wait_log.store import Store, open_store

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
DAY = "2026-11-23"
CLOCK = Clock.starting(NOW, 0.001)
WAIT_S = 60.0
_STATUSES = {6: CounterStatus.CLOSED, 8: CounterStatus.PAUSED}


@dataclass
class PlayedHall:
    """Publishes states as the service does and writes the log."""

    link: Session
    centre: Centre
    store: Store
    rows: list[TicketRow]
    rev: int = 1
    outage: str = "Hệ thống bộ, ngành"
    crowded: bool = True

    def publish(self, topic: str, state: State | DeviceStatus) -> None:
        self.link.bus.publish(topic, encode(state), retain=True)

    def show(self) -> None:
        """Publish all states of the hall."""
        self.rev += 1
        topics = self.link.topics
        centre = centre_to_wire(self.centre)
        self.publish(
            topics.config(), ConfigState(epoch="E", rev=self.rev, at=NOW, version=1, centre=centre)
        )
        self.publish(topics.services(), self._services())
        counters = [self._counter(counter.number) for counter in self.centre.counters]
        for counter in counters:
            self.publish(topics.counter(counter.counter), counter)
        outage = Outage(system=self.outage, since=NOW - timedelta(minutes=14))
        board = BoardState(
            epoch="E",
            rev=self.rev,
            at=NOW,
            counters=tuple(_public(counter) for counter in counters),
            waiting=tuple(self._line(service.code) for service in self.centre.services),
            outages=(outage,),
        )
        self.publish(topics.board(), board)
        self.publish(topics.status("service"), DeviceStatus(online=True, kind="service", at=NOW))
        for device in self.centre.devices:
            message = "Sắp hết giấy" if device.id == "kiosk-1" else None
            online = device.id != "board-2"
            status = DeviceStatus(online=online, kind=device.role, at=NOW, message=message)
            self.publish(topics.status(device.id), status)

    def _services(self) -> ServicesState:
        offers = []
        for service in self.centre.services:
            waiting = len(self._waiting(service.code))
            low = 5 * round(waiting * service.mean_service_min / 10)
            offers.append(
                ServiceState(
                    service=service.code,
                    open=service.code != "SI",
                    why=WhyClosed.PAUSED if service.code == "SI" else None,
                    opens_at=NOW.replace(hour=6, minute=30) if service.code == "SI" else None,
                    waiting=waiting,
                    wait_min=(low, low + 5) if waiting else None,
                )
            )
        call = HelpCall(place="kiosk-1", since=NOW - timedelta(minutes=1), answered_by=9)
        return ServicesState(
            epoch="E",
            rev=self.rev,
            at=NOW,
            business_day=DAY,
            help=(call,),
            help_total=1,
            services=tuple(offers),
        )

    def _counter(self, number: int) -> CounterState:
        mine = [row for row in self.rows if row.counter == number]
        current = next((row for row in mine if row.state == "serving"), None)
        status = _STATUSES.get(number, CounterStatus.OPEN)
        paused, there = status is CounterStatus.PAUSED, status is CounterStatus.OPEN
        help_at = Alarm(kind=AlarmKind.HELP, at=NOW - timedelta(minutes=1), source="kiosk-1")
        return CounterState(
            epoch="E",
            rev=self.rev,
            at=NOW,
            counter=number,
            status=status,
            reason="Họp" if paused else None,
            until=NOW.replace(hour=6, minute=30) if paused else None,
            current=_current(current) if there and current else None,
            served_today=sum(row.state == "finished" for row in mine),
            alarms=(help_at,),
        )

    def _line(self, service: str) -> Waiting:
        numbers = self._waiting(service)
        return Waiting(service=service, count=len(numbers), next=tuple(numbers[:5]))

    def _waiting(self, service: str) -> list[str]:
        rows = self.rows if self.crowded else []
        return [r.number for r in rows if r.service == service and r.state == "waiting"]


def _public(counter: CounterState) -> BoardCounter:
    current = counter.current
    return BoardCounter(
        counter=counter.counter,
        status=counter.status,
        reason=counter.reason,
        until=counter.until,
        number=current.number if current else None,
        service=current.service if current else None,
        ticket_class=current.ticket_class if current else None,
    )


def _current(row: TicketRow) -> CurrentTicket:
    def at(microseconds: int | None) -> datetime:
        return datetime.fromtimestamp((microseconds or 0) / 1e6, UTC)

    return CurrentTicket(
        ticket=row.id,
        number=row.number,
        service=row.service,
        ticket_class=TicketClass(row.ticket_class),
        state=TicketState.SERVING,
        issued_at=at(row.issued_us),
        called_at=at(row.called_us),
        started_at=at(row.started_us),
    )


def _morning(centre: Centre, rng: random.Random) -> list[TicketRow]:
    """Return the tickets of a morning as the counters would have worked them off."""
    free = {counter.number: NOW - timedelta(minutes=54) for counter in centre.counters}
    serials = dict.fromkeys((service.code for service in centre.services), 0)
    rows: list[TicketRow] = []
    for at in sorted(NOW - timedelta(seconds=rng.uniform(20, 74 * 60)) for _ in range(74)):
        service = rng.choices(centre.services, [34, 22, 8, 8, 12, 6, 8, 10, 6])[0]
        serials[service.code] += 1
        number = centre.number_text(service.code, serials[service.code])
        row = _issued(rng, len(rows), service.code, number, at)
        own = [c.number for c in centre.counters if c.serves.get(service.code) == 0]
        counter = min(own, key=lambda number: free[number])
        called = max(at + timedelta(seconds=25), free[counter])
        if called < NOW:
            busy = timedelta(seconds=60 + rng.expovariate(1 / (service.mean_service_min * 36)))
            free[counter] = called + busy + timedelta(seconds=20)
            row = _called(row, counter, called, called + busy)
        rows.append(row)
    return rows


def _issued(rng: random.Random, index: int, service: str, number: str, at: datetime) -> TicketRow:
    return TicketRow(
        id=f"T{index:04}",
        business_day=DAY,
        series=number[0],
        number=number,
        service=service,
        ticket_class="priority" if rng.random() < 0.15 else "normal",
        lang="vi",
        device="kiosk-1",
        offline_book=False,
        state="waiting",
        order_key_us=_us(at),
        counter=None,
        to_counter=None,
        issued_us=_us(at),
        first_called_us=None,
        called_us=None,
        started_us=None,
        ended_us=None,
        wait_s=None,
        served_s=None,
        clock_suspect=False,
        calls=0,
        reason="",
        day_closed=False,
    )


def _called(row: TicketRow, counter: int, called: datetime, ended: datetime) -> TicketRow:
    serving = replace(
        row,
        state="serving",
        counter=counter,
        first_called_us=_us(called),
        called_us=_us(called),
        started_us=_us(called + timedelta(seconds=15)),
        wait_s=(_us(called) - row.issued_us) / 1e6,
        calls=1,
    )
    if ended >= NOW:
        return serving
    if int(row.number[1:]) % 17 == 4:
        return replace(serving, state="absent", started_us=None)
    served_s = (ended - called).total_seconds()
    return replace(serving, state="finished", ended_us=_us(ended), served_s=served_s)


def _us(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[PrivateBroker]:
    centre = load_centre()
    roles = {device.id: str(device.role) for device in centre.devices} | {"service": "service"}
    with PrivateBroker(tmp_path / "broker", centre.identity.site, roles) as broker:
        yield broker


Connect = Callable[[str, str], Session]


@pytest.fixture
def connect(broker: PrivateBroker) -> Iterator[Connect]:
    """Connect a device, as its own process would."""
    links: list[Session] = []

    def connect(device: str, kind: str) -> Session:
        password = broker.passwords[device]
        account = Account(broker.host, broker.port, "test", device, password)
        link = make_session(
            account, "nhi-chieu", kind, now=CLOCK.now, monotonic=CLOCK.monotonic, deliver=at_once
        )
        links.append(link)
        return link

    yield connect
    for link in links:
        link.stop()


@pytest.fixture
def hall(connect: Connect, tmp_path: Path) -> Iterator[PlayedHall]:
    """Play a morning; connected, and shown again on every connect as the service does."""
    centre = load_centre()
    store = open_store(store_url(tmp_path), centre.identity.site, new_id)
    rows = _morning(centre, random.Random(8))
    store.commit(Batch(new_tickets=rows, days=[DayRow(DAY, 1, 0)]))
    hall = PlayedHall(connect("service", "service"), centre, store, rows)
    hall.link.bus.on_link(lambda up: hall.show() if up else None)
    hall.link.start()
    yield hall
    store.close()


@pytest.fixture
def show(hall: PlayedHall) -> Callable[..., None]:
    """Show the hall again, with another system out of order or with nobody waiting."""

    def show(outage: str, *, crowded: bool = True) -> None:
        hall.outage, hall.crowded = outage, crowded
        hall.show()

    return show


Start = Callable[..., subprocess.Popen[str]]
Open = Callable[[str], AbstractContextManager[HTTPResponse]]


@pytest.fixture
def start_web(broker: PrivateBroker, tmp_path: Path) -> Iterator[Start]:
    """Start `python -m web` with arguments; it is ended after the test."""
    environment = {
        **os.environ,
        BROKER_VARIABLE: f"{broker.host}:{broker.port}",
        PASSWORD_FILE_VARIABLE: str(broker.password_file("web")),
        CLOCK_VARIABLE: str(CLOCK),
    }
    processes: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "web", "--data", str(tmp_path), *arguments],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.terminate()
        process.communicate(timeout=60)


@pytest.fixture
def web(start_web: Start) -> subprocess.Popen[str]:
    return start_web("--port", "0")


@pytest.fixture
def web_url(web: subprocess.Popen[str]) -> str:
    """Return where the page is, once it is there."""
    assert web.stderr
    ready = next(line for line in web.stderr if "web ready" in line)
    return ready.rsplit("url=", 1)[1].strip()


@pytest.fixture
def log_in() -> Callable[[Path], str]:
    """Log a manager in at the centre whose data is in a folder; return the browser's cookie."""

    def log_in(data: Path) -> str:
        db = open_site_db(data / SITE_DB)
        with closing(db):
            accounts, role = Accounts(db), Role.MANAGER
            if accounts.find("thuha") is None:
                accounts.add(StaffAccount("thuha", "Nguyễn Thu Hà", role), "Đò dọc sông Cấm")
            token = Sessions(db).begin("thuha", role, "vi", "127.0.0.1", "tests", all_day=True)
        return f"denluot-session={token}"

    return log_in


@pytest.fixture
def open_page(web_url: str, log_in: Callable[[Path], str], tmp_path: Path) -> Open:
    cookie = log_in(tmp_path)

    @contextmanager
    def open_page(target: str) -> Iterator[HTTPResponse]:
        address = web_url.removeprefix("http://")
        with closing(HTTPConnection(address, timeout=WAIT_S)) as connection:
            connection.request("GET", target, headers={"Cookie": cookie})
            with connection.getresponse() as response:
                yield response

    return open_page


@pytest.fixture
def wait_for_event(open_page: Open) -> Callable[..., str]:
    """Wait for one of the page's events that says all that is wanted."""

    def wait_for_event(*wanted: str) -> str:
        with open_page("/events") as stream:
            said = ""
            for raw in stream:
                said += raw.decode()
                if raw.strip():
                    continue
                if all(text in said for text in wanted):
                    return said
                said = ""
        raise AssertionError(f"the stream ended before {wanted}")

    return wait_for_event
