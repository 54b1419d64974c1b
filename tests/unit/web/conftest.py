"""A hall in memory, a store on disk, and the page served over a real socket."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from argon2 import PasswordHasher

from bus.codec import encode
from bus.memory import MemoryBroker, MemoryBus
from bus.session import ServiceClock, Session
from bus.states import (
    BoardCounter,
    BoardState,
    ConfigState,
    CounterState,
    DeviceStatus,
    ServicesState,
    ServiceState,
    StaffState,
    State,
    Waiting,
)
from bus.topics import Topics
from bus.vocabulary import CounterStatus, TicketClass, WhyClosed
from config import Centre, Clock, centre_to_wire, load_centre
from config.settings import BoardMedia, WebBox
from hall.model import HallState
from provisioning.accounts import Account, Accounts
from provisioning.passwords import Passwords
from provisioning.sessions import Sessions
from provisioning.site_db import SiteDb, open_site_db
from wait_log.dialects import store_url
from wait_log.figures import (
    Comparison,
    CounterFigures,
    DayFigures,
    Doubt,
    Doubtful,
    DoubtfulTicket,
    Figures,
    HourFigures,
    MatterFigures,
    OutageFigures,
    OutageSpan,
    Selection,
    ServiceFigures,
    Tally,
    Times,
    Waits,
)
from wait_log.periods import Period
from wait_log.reader import open_reader
from wait_log.rows import Batch, ConfigRow, DayRow, TicketRow
from wait_log.store import open_store
from web.access import COOKIE, Role
from web.day_log import DayLog
from web.server import Server, listen, listen_for_boards
from web.site import Sources, make_server
from web.waiting import LoopOwner

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
DAY = "2026-11-23"
TOPICS = Topics("nhi-chieu")
WAIT_S = 60.0


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def centre() -> Centre:
    return load_centre()


@pytest.fixture
def board() -> BoardState:
    return BoardState(
        epoch="E",
        rev=1,
        at=NOW,
        counters=(
            BoardCounter(
                counter=2,
                status=CounterStatus.OPEN,
                number="2005",
                service="CIVIL",
                ticket_class=TicketClass.PRIORITY,
            ),
            BoardCounter(counter=1, status=CounterStatus.OPEN),
            BoardCounter(
                counter=6,
                status=CounterStatus.PAUSED,
                reason="Họp",
                until=datetime(2026, 11, 23, 6, 30, tzinfo=UTC),
            ),
            BoardCounter(counter=9, status=CounterStatus.CLOSED),
        ),
        waiting=(Waiting(service="CERT", count=3, next=("1011", "1012", "1013")),),
    )


@pytest.fixture
def services() -> ServicesState:
    return ServicesState(
        epoch="E",
        rev=1,
        at=NOW,
        business_day=DAY,
        services=(
            ServiceState(service="CERT", open=True, waiting=3, wait_min=(5, 10)),
            ServiceState(service="LAND", open=False, why=WhyClosed.FULL),
        ),
    )


@pytest.fixture
def hall_state(centre: Centre, board: BoardState, services: ServicesState) -> HallState:
    status = DeviceStatus(online=True, kind="service", at=NOW)
    return HallState(
        linked=True,
        service_there=True,
        centre=centre,
        board=board,
        services=services,
        devices={"service": status},
    )


AddTickets = Callable[..., None]


@pytest.fixture
def store_path(tmp_path: Path) -> Path:
    return tmp_path / "wait_log.db"


@pytest.fixture
def add_tickets(store_path: Path) -> Iterator[AddTickets]:
    """Write tickets as the service does; each is given by what is special about its row."""
    ids = count(1)
    days: set[str] = set()
    store = open_store(store_url(store_path.parent), "nhi-chieu", lambda: "E")

    def add(*tickets: dict[str, Any], business_day: str = DAY) -> None:
        new_day = [] if business_day in days else [DayRow(business_day, 1, 0)]
        days.add(business_day)
        rows = [_ticket(next(ids), business_day, changes) for changes in tickets]
        tokens = {row.id: f"paper-{row.id}" for row in rows}
        store.commit(Batch(new_tickets=rows, days=new_day, tokens=tokens))

    yield add
    store.close()


def _ticket(serial: int, business_day: str, changes: dict[str, Any]) -> TicketRow:
    issued_us = int(datetime(2026, 11, 23, 0, 30, tzinfo=UTC).timestamp() + 60 * serial) * 1_000_000
    wait_s = changes.get("wait_s")
    called_us = None if wait_s is None else issued_us + int(wait_s * 1_000_000)
    fields: dict[str, Any] = {
        "id": f"T{serial:04}",
        "business_day": business_day,
        "series": "1",
        "number": f"1{serial:03}",
        "service": "CERT",
        "ticket_class": "normal",
        "lang": "vi",
        "device": "kiosk-1",
        "offline_book": False,
        "state": "waiting" if wait_s is None else "finished",
        "order_key_us": issued_us,
        "counter": None if wait_s is None else 1,
        "to_counter": None,
        "issued_us": issued_us,
        "first_called_us": called_us,
        "called_us": called_us,
        "started_us": called_us,
        "ended_us": None,
        "wait_s": None,
        "served_s": None,
        "clock_suspect": False,
        "calls": 0 if wait_s is None else 1,
        "reason": "",
        "day_closed": False,
    }
    return TicketRow(**{**fields, **changes})


Publish = Callable[[State], None]
Get = Callable[..., tuple[HTTPResponse, str]]
LogIn = Callable[..., str]
Post = Callable[..., tuple[int, str]]


@pytest.fixture
def service_bus(centre: Centre) -> Iterator[MemoryBus]:
    """Speak as the queue's service, which is online and has told the configuration."""
    bus = MemoryBus(MemoryBroker(), "service-service")
    bus.start()
    state = ConfigState(epoch="E", rev=1, at=NOW, version=1, centre=centre_to_wire(centre))
    bus.publish(TOPICS.config(), encode(state), retain=True)
    status = DeviceStatus(online=True, kind="service", at=NOW)
    bus.publish(TOPICS.status("service"), encode(status), retain=True)
    yield bus
    bus.stop()


@pytest.fixture
def publish(service_bus: MemoryBus) -> Publish:
    """Publish a retained state of the hall."""

    def publish(state: State) -> None:
        topic = TOPICS.board() if isinstance(state, BoardState) else TOPICS.services()
        if isinstance(state, CounterState):
            topic = TOPICS.counter(state.counter)
        elif isinstance(state, StaffState):
            topic = TOPICS.staff()
        service_bus.publish(topic, encode(state), retain=True)

    return publish


@pytest.fixture
def owner() -> LoopOwner:
    return LoopOwner()


@pytest.fixture
def web_link(service_bus: MemoryBus, owner: LoopOwner) -> Session:
    bus = MemoryBus(service_bus._broker, "web-web")
    clock = ServiceClock(lambda: NOW, time.monotonic)
    return Session(
        bus,
        TOPICS,
        "web",
        "web",
        clock=clock,
        real=time.monotonic,
        deliver=owner,
        new_id=lambda: "id",
    )


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with listen("127.0.0.1", 0) as listener:
        yield listener


@pytest.fixture
def board_listener() -> Iterator[socket.socket]:
    """Listen for boards alone."""
    with listen_for_boards("127.0.0.1", 0) as listener:
        yield listener


@pytest.fixture
def sources(
    web_link: Session,
    owner: LoopOwner,
    store_path: Path,
    site_db: SiteDb,
    passwords: Passwords,
) -> Sources:
    tokens = count(1)
    return Sources(
        link=web_link,
        owner=owner,
        log=DayLog(open_reader(store_url(store_path.parent), "nhi-chieu")),
        open_log=lambda: open_reader(store_url(store_path.parent), "nhi-chieu"),
        clock=Clock.starting(NOW, 0.001),
        monotonic=time.monotonic,
        new_token=lambda: f"token-{next(tokens)}",
        site_db=site_db,
        passwords=passwords,
        day_sheets=store_path.parent / "day-sheets",
    )


@pytest.fixture
def site_db(tmp_path: Path) -> Iterator[SiteDb]:
    """Open the database of the site's accounts."""
    with closing(open_site_db(tmp_path / "accounts.db")) as db:
        yield db


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    """Keep passwords so that nobody waits for it."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


PASSWORD = "Đò dọc sông Cấm"


@pytest.fixture
def log_in(site_db: SiteDb, passwords: Passwords) -> LogIn:
    """Make an account of a role that is logged in; return the cookie header of its browser."""
    accounts, sessions = Accounts(site_db, passwords), Sessions(site_db)

    def log_in(role: Role = Role.ADMINISTRATOR, account: str = "") -> str:
        account = account or role.value
        if accounts.find(account) is None:
            accounts.add(Account(account, f"Người {role.value}", role, (3,)), PASSWORD)
        token = sessions.begin(account, role, "vi", "127.0.0.1", "tests", all_day=False)
        return f"{COOKIE}={token}"

    return log_in


@pytest.fixture
def media_folder(tmp_path: Path) -> Path:
    """Return the empty folder of the pictures beside the calls."""
    folder = tmp_path / "media"
    folder.mkdir()
    return folder


@pytest.fixture
def web_box(media_folder: Path) -> WebBox:
    """Return the settings of the web process."""
    return WebBox(board_media=BoardMedia(folder=str(media_folder)), board_screens=("tv-1",))


@pytest.fixture
def server(
    sources: Sources, listener: socket.socket, board_listener: socket.socket, web_box: WebBox
) -> Iterator[tuple[Server, threading.Thread]]:
    """Serve the page in a thread of its own."""
    server = make_server(sources, web_box, board_listener)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    yield server, thread
    server.should_exit = True
    thread.join(timeout=60)
    assert not thread.is_alive()


@pytest.fixture
def get(server: tuple[Server, threading.Thread], listener: socket.socket, log_in: LogIn) -> Get:
    """Ask for an address as an administrator; return the answer and its text."""
    del server
    host, port = listener.getsockname()
    cookie = log_in(Role.ADMINISTRATOR)

    def get(target: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, str]:
        with closing(HTTPConnection(host, port, timeout=WAIT_S)) as connection:
            connection.request(method, target, headers={"Cookie": cookie, **headers})
            with connection.getresponse() as response:
                return response, response.read().decode(errors="replace")

    return get


@pytest.fixture
def post(server: tuple[Server, threading.Thread], listener: socket.socket, log_in: LogIn) -> Post:
    """Send a form as somebody of a role; return the status and where it leads."""
    del server
    host, port = listener.getsockname()

    def post(
        address: str, role: Role = Role.MANAGER, csrf: str | None = None, **fields: str
    ) -> tuple[int, str]:
        cookie = log_in(role)
        with closing(HTTPConnection(host, port, timeout=30)) as connection:
            connection.request("GET", "/account", headers={"Cookie": cookie})
            page = connection.getresponse().read().decode()
        token = page.split('name="_csrf" value="')[1].split('"')[0] if csrf is None else csrf
        with closing(HTTPConnection(host, port, timeout=30)) as connection:
            headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
            body = urlencode({"_csrf": token, **fields})
            connection.request("POST", address, body, headers)
            response = connection.getresponse()
            response.read()
            return response.status, response.getheader("Location", "")

    return post


@pytest.fixture
def wait_for(get: Get) -> Callable[[str, str], str]:
    """Ask for an address until its text says what is wanted."""

    def wait_for(target: str, wanted: str) -> str:
        deadline = time.monotonic() + WAIT_S
        while True:
            text = get(target)[1]
            if wanted in text:
                return text
            assert time.monotonic() < deadline, f"{target} never said {wanted!r}: {text}"

    return wait_for


MONTH = Period(date(2026, 10, 15), date(2026, 11, 14))
MakeTally = Callable[..., Tally]


@pytest.fixture
def make_tally() -> MakeTally:
    """Make a tally of so many tickets with a mean wait in minutes, and what is special about it."""

    def make_tally(issued: int, mean_min: float | None, **special: int) -> Tally:
        absent = special.get("absent", 0)
        count = issued - absent if mean_min is not None else 0
        mean = mean_min or 0.0
        waits = Waits(
            count=count,
            mean_s=mean * 60 if count else None,
            median_s=mean * 52 if count else None,
            p90_s=mean * 140 if count else None,
            within_15=count * 83 // 100,
            within_20=count * 90 // 100,
            over_30=count // 25,
        )
        service = Times(count, 312.0, 300.0, 700.0) if count else Times()
        walking = Times(count, 41.0, 38.0, 70.0) if count else Times()
        known: dict[str, Any] = {
            "served": count,
            "waits": waits,
            "service": service,
            "walking": walking,
        }
        return Tally(issued=issued, **{**known, **special})

    return make_tally


def _matters(ends: int, **outcomes: int) -> MatterFigures:
    away = Times(count=52, mean_s=1080.0, median_s=960.0, p90_s=2100.0)
    return MatterFigures(
        ends=ends,
        outcomes=tuple((name.replace("_", "-"), count) for name, count in outcomes.items()),
        parked=60,
        again=55,
        ended_again=52,
        away=away,
        sent=12,
        back=11,
        trip=Times(count=11, mean_s=1500.0, median_s=1400.0, p90_s=2400.0),
        leg_waits=Times(count=23, mean_s=420.0, median_s=400.0, p90_s=900.0),
        leg_service=Times(count=22, mean_s=540.0, median_s=500.0, p90_s=800.0),
    )


@pytest.fixture
def month(centre: Centre, make_tally: MakeTally) -> Figures:
    """Return the figures of a month in which much happened."""
    means = {"CERT": 9.7, "CIVIL": 6.9, "LAND": 16.2, "PICK": 3.2}
    working = [day for day in MONTH.dates() if day.weekday() < 5]
    begin = datetime(2026, 10, 29, 1, 30, tzinfo=UTC)
    spans = (OutageSpan(begin, begin + timedelta(minutes=71)), OutageSpan(begin, None))
    outage = OutageFigures("Hệ thống của thành phố", 2, 4260.0, 3600.0, 0, 0.0, spans)
    odd = DoubtfulTicket("T7", date(2026, 10, 20), "1007", "CERT", None, begin)
    return Figures(
        selection=Selection(MONTH),
        tally=make_tally(3314, 8.0, absent=103, absent_unclear=7, priority=473, offline=3),
        days=len(working),
        by_service=tuple(
            ServiceFigures(s.code, make_tally(360, means.get(s.code, 4.0), absent=9), 6e5, 8e5)
            for s in centre.services
        ),
        by_counter=tuple(
            CounterFigures(c.number, make_tally(300, 7.0 + c.number / 2), 5e5)
            for c in centre.counters
        ),
        by_day=tuple(
            DayFigures(day, make_tally(140 + day.day, 5.0 + day.day % 5 * 1.3)) for day in working
        ),
        by_hour=tuple(
            HourFigures(day, hour, 60 + hour, make_tally(60, 20.0 / (1 + abs(hour - 8.5))).waits)
            for day in range(5)
            for hour in (7, 8, 9, 10, 13, 14, 15, 16)
        ),
        open_s=7e5,
        counter_s=4e6,
        outages=(outage,),
        matters=_matters(3190, received=1204, result=811, guidance=300, not_ours=20, gone=5),
        matters_by_service=(
            ("CERT", _matters(1400, received=500, result=811)),
            ("CIVIL", _matters(1100, received=704, guidance=300, not_ours=20, gone=5)),
            ("LAND", _matters(890)),
        ),
        any_outage=replace(outage, system=""),
        doubtful=(
            Doubtful(Doubt.CLOCK, 4, (odd,)),
            Doubtful(Doubt.UNFINISHED, 0),
            Doubtful(Doubt.LONG_SERVICE, 1, (replace(odd, ticket="T8", number="1008"),)),
        ),
        before=Comparison(MONTH.before(), make_tally(3187, 9.0, absent=112), complete=True),
        year_before=Comparison(MONTH.year_before(), make_tally(900, 7.0), complete=False),
        until=datetime(2026, 11, 14, 9, 50, tzinfo=UTC),
    )


@pytest.fixture
def no_figures() -> Figures:
    """Return the figures of a month of which nothing is known."""
    return Figures(selection=Selection(MONTH), tally=Tally())


Send = Callable[..., tuple[int, str, str]]


@pytest.fixture
def store_version(store_path: Path) -> Callable[[int, Centre], None]:
    """Write a version of the configuration as the service does."""

    def store_version(number: int, centre: Centre) -> None:
        store = open_store(store_url(store_path.parent), "nhi-chieu", lambda: "E")
        body = json.dumps(centre_to_wire(centre)).encode()
        store.commit(Batch(configs=[ConfigRow(number, 1_700_000_000_000_000 + number, body)]))
        store.close()

    return store_version


@pytest.fixture
def send(
    server: object,
    listener: socket.socket,
    log_in: LogIn,
    store_version: Callable[[int, Centre], None],
    site_db: SiteDb,
) -> Send:
    """Post a form as an administrator, or get a page; return status, text and where it leads."""
    assert server
    store_version(1, load_centre())
    host, port = listener.getsockname()
    cookie = log_in(Role.ADMINISTRATOR)

    def send(path: str, **fields: str) -> tuple[int, str, str]:
        csrf = site_db.read("SELECT csrf FROM sessions")[0]["csrf"]
        body = urlencode({"_csrf": csrf, **fields}) if fields else None
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        with closing(HTTPConnection(host, port, timeout=60)) as connection:
            connection.request("POST" if fields else "GET", path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.getheader("Location") or ""

    return send
