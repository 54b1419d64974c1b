"""The page "Lịch hẹn" over a real socket, before a real engine."""

import itertools
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

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

pytestmark = pytest.mark.full
TOPICS = Topics("nhi-chieu")
Send = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def centre() -> Centre:
    centre = load_centre()
    week = tuple(
        replace(service, appointment_hours=("08:00-09:00",)) if service.code == "LAND" else service
        for service in centre.services
    )
    hours = replace(centre.hours, always_open=True)
    return replace(centre, services=week, hours=hours)


@pytest.fixture
def web_link(web_link: Session) -> Session:
    """Name every command by an id of its own, as outside of tests."""
    ids = itertools.count(1)
    web_link.new_id = lambda: f"web-{next(ids)}"
    return web_link


@pytest.fixture
def engine(store_path: Path, centre: Centre, service_bus: MemoryBus) -> Iterator[Engine]:
    ids = itertools.count(1)
    place = Place(store_path.parent, Clock(), "boot", lambda: f"id-{next(ids):06}")
    engine = open_engine(place, centre)

    def take(message: Incoming) -> None:
        service_bus.publish(TOPICS.reply("web"), engine.handle("web", message.payload) or b"")

    service_bus.subscribe(TOPICS.command("web"), take)
    yield engine
    engine.ledger.store.close()


@pytest.fixture
def send(
    engine: Engine, server: object, listener: socket.socket, log_in: Callable[[Role], str],
    site_db: SiteDb,
) -> Send:  # fmt: skip
    assert server
    assert engine
    host, port = listener.getsockname()

    def send(path: str, role: Role = Role.OFFICER, **fields: str) -> tuple[int, str, str]:
        cookie = log_in(role)
        csrf = site_db.read("SELECT csrf FROM sessions ORDER BY rowid DESC")[0]["csrf"]
        body = urlencode({"_csrf": csrf, **fields}) if fields else None
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        with closing(HTTPConnection(host, port, timeout=60)) as connection:
            connection.request("POST" if fields else "GET", path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.getheader("Location") or ""

    return send


def test_an_officer_books_reads_the_code_out_and_cancels(send: Send, engine: Engine) -> None:
    tomorrow = f"{engine.ledger.time.read().date() + timedelta(days=1):%Y-%m-%d}"
    place = {"service": "LAND", "day": tomorrow}
    status, page, _ = send(f"/appointments?{urlencode(place)}")
    assert status == 200
    assert page.count("còn 1/1 chỗ") == 2
    at = re.findall(r'name="at" value="([^"]+)"', page)[0].replace("&#43;", "+")
    booking = place | {"id": "form-1", "at": at}
    status, booked, _ = send("/appointments/book", **booking)
    code = re.findall(r'id="code">([^<]+)<', booked)[0]
    assert (status, len(code)) == (200, 7)
    again = send("/appointments/book", **booking)[1]
    assert re.findall(r'id="code">([^<]+)<', again) == [code]
    status, full, _ = send("/appointments/book", **(booking | {"id": "form-2"}))
    assert status == 409
    assert "hết chỗ" in full
    assert code not in send(f"/appointments?{urlencode(place)}")[1]
    found = send("/appointments/find", **place, code=code.lower())[1]
    assert f'name="code" value="{code}"' in found, "and its slip is printed from there"
    status, slip, _ = send("/appointments/slip", **place, code=code)
    assert status == 200
    assert f'class="slip-code num">{code}<' in slip
    assert "Đất đai" in slip
    assert "xin giữ kín mã này" in slip
    assert send("/appointments/slip", **place, code="000000")[0] == 409
    assert send("/appointments/slip", **place, code="?")[0] == 409
    (appointment,) = set(re.findall(r'name="appointment" value="([^"]+)"', found))
    status, _, where = send("/appointments/cancel", **place, appointment=appointment)
    assert status == 303
    assert "Đã hủy lịch hẹn" in send(where)[1]
    assert send("/appointments/find", **place, code="000000")[0] == 409


def test_who_may_only_look_on_books_nothing(send: Send, engine: Engine) -> None:
    status, page, _ = send("/appointments", Role.VIEWER)
    assert status == 200
    assert 'class="slot" type="submit">' not in page
    booking = {"service": "LAND", "day": "2026-11-24", "id": "x", "at": "2026-11-24T01:00:00Z"}
    assert send("/appointments/book", Role.VIEWER, **booking)[0] == 403
    assert engine.ledger.state.appointments == {}
    assert send("/appointments/slip", Role.VIEWER, service="LAND", code="7K3M9Q")[0] == 403
