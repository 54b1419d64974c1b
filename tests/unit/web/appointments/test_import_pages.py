"""A list of another system over a real socket, before a real engine: who may, and what breaks."""

import itertools
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest
from msgspec.structs import replace

from bus.memory import MemoryBus
from bus.port import Incoming
from bus.session import Session
from bus.topics import Topics
from config import Centre, Clock, load_centre
from provisioning.accounts import Role
from provisioning.site_db import SiteDb
from queue_service.engine import Engine
from queue_service.start import Place, open_engine
from web.appointments.table import COLUMNS
from web.export.csv_file import csv_file

pytestmark = pytest.mark.full
TOPICS = Topics("nhi-chieu")
EDGE = "denluot-edge"
Send = Callable[..., tuple[int, str]]


@pytest.fixture(scope="session")
def centre() -> Centre:
    centre = load_centre()
    services = tuple(
        replace(each, appointment_hours=("08:00-10:00",), appointment_seats=20)
        if each.code == "LAND"
        else each
        for each in centre.services
    )
    return replace(centre, services=services, hours=replace(centre.hours, always_open=True))


@pytest.fixture
def web_link(web_link: Session) -> Session:
    """Name every command by an id of its own, as outside of tests."""
    ids = itertools.count(1)
    web_link.new_id = lambda: f"web-{next(ids)}"
    return web_link


class Far:
    """The service's end of the link, which can fall silent."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.left = 10**6

    def take(self, bus: MemoryBus, message: Incoming) -> None:
        """Answer as long as the link holds."""
        self.left -= 1
        if self.left >= 0:
            bus.publish(TOPICS.reply("web"), self.engine.handle("web", message.payload) or b"")


@pytest.fixture
def far(store_path: Path, centre: Centre, service_bus: MemoryBus) -> Iterator[Far]:
    ids = itertools.count(1)
    place = Place(store_path.parent, Clock(), "boot", lambda: f"id-{next(ids):06}")
    far = Far(open_engine(place, centre))
    service_bus.subscribe(TOPICS.command("web"), lambda message: far.take(service_bus, message))
    yield far
    far.engine.ledger.store.close()


@pytest.fixture
def send(
    far: Far, server: object, listener: socket.socket, log_in: Callable[[Role], str],
    site_db: SiteDb,
) -> Send:  # fmt: skip
    assert server
    assert far
    host, port = listener.getsockname()
    cookies: dict[Role, tuple[str, str]] = {}

    def send(
        path: str, role: Role = Role.OFFICER, file: bytes = b"", **fields: str
    ) -> tuple[int, str]:
        if role not in cookies:
            cookie = log_in(role)
            csrf = site_db.read("SELECT csrf FROM sessions ORDER BY rowid DESC")[0]["csrf"]
            cookies[role] = cookie, csrf
        cookie, csrf = cookies[role]
        body = b"" if not (fields or file) else _form({"_csrf": csrf, **fields}, file)
        kind = f"multipart/form-data; boundary={EDGE}"
        headers = {"Cookie": cookie, "Content-Type": kind}
        with closing(HTTPConnection(host, port, timeout=60)) as connection:
            connection.request("POST" if body else "GET", path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8-sig")

    return send


def _form(fields: dict[str, str], file: bytes) -> bytes:
    parts = [
        f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if file:
        head = f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="l.csv"\r\n\r\n'
        parts.append(head.encode() + file + b"\r\n")
    return b"".join(parts) + f"--{EDGE}--\r\n".encode()


def list_for(day: date, *references: str) -> bytes:
    heads = [column.label for column in COLUMNS]
    return csv_file([heads, *([each, "LAND", f"{day:%d/%m/%Y}", "08:00"] for each in references)])


def tomorrow(far: Far) -> date:
    return far.engine.ledger.time.read().date() + timedelta(days=1)


def list_id(page: str) -> str:
    return page.partition('name="list" value="')[2].partition('"')[0]


def settled(send: Send) -> str:
    """Return how far the list came."""
    deadline = time.monotonic() + 60
    while '"running"' in (told := send("/appointments/import/progress")[1]):
        assert time.monotonic() < deadline
    return told


def test_a_link_that_is_lost_halfway_is_gone_on_with(send: Send, far: Far, site_db: SiteDb) -> None:
    content = list_for(tomorrow(far), "A", "B", "C", "D")
    assert send("/appointments/import/upload", file=content)[0] == 303
    checked = send("/appointments/import")[1]
    assert "Đặt 4 lịch hẹn" in checked
    far.left = 2
    assert send("/appointments/import/book", list=list_id(checked))[0] == 303
    assert '"broken"' in settled(send)
    broken = send("/appointments/import")[1]
    assert "Mới đặt được một phần" in broken
    assert len(far.engine.ledger.state.appointments) == 2
    far.left = 10**6
    assert send("/appointments/import/book", list=list_id(broken))[0] == 303
    assert '"done"' in settled(send)
    codes = send("/appointments/import/codes.csv")[1].splitlines()
    assert [line.split(",")[5] for line in codes[1:]] == ["Đã đặt"] * 4
    assert len(far.engine.ledger.state.appointments) == 4
    actions = [row["action"] for row in site_db.read("SELECT action FROM audit ORDER BY rowid")]
    assert actions.count("appointments_import_broken") == 1
    assert actions.count("appointments_imported") == 1


def test_a_silent_service_checks_nothing_and_books_nothing(send: Send, far: Far) -> None:
    far.left = 0
    status, page = send("/appointments/import/upload", file=list_for(tomorrow(far), "A"))
    assert (status, "Chưa có gì được đặt" in page) == (503, True)
    assert far.engine.ledger.state.appointments == {}


def test_nobody_but_the_one_who_took_it_in_gets_the_codes(send: Send, far: Far) -> None:
    content = list_for(tomorrow(far), "A")
    assert send("/appointments/import/codes.csv")[0] == 404
    send("/appointments/import/upload", file=content)
    send("/appointments/import/book", list=list_id(send("/appointments/import")[1]))
    settled(send)
    assert send("/appointments/import/codes.csv")[0] == 200
    assert send("/appointments/import/codes.csv", Role.MANAGER)[0] == 404
    assert send("/appointments/import", Role.VIEWER)[0] == 403
    assert send("/appointments/import/upload", Role.VIEWER, file=content)[0] == 403
    assert send("/appointments/import/upload", file=b"x" * (3 * 1024 * 1024))[0] == 413
    status, page = send("/appointments/import/upload", file="Mã,Ngày\nA,B\n".encode())
    assert (status, "Thiếu cột “Lĩnh vực”" in page) == (422, True)
