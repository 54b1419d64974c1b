"""The page over a real socket: what it shows, answers and refuses."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from socket import socket

import msgspec
import pytest
from litestar.testing import TestClient

from bus.codec import encode
from bus.memory import MemoryBus
from bus.session import Session
from bus.states import BoardState, DeviceStatus, ServicesState, State
from config.settings import WebBox
from web.day_log import DayLog, DayRecord
from web.guard import Guard
from web.server import Server
from web.site import Sources, make_server

Get = Callable[..., tuple[HTTPResponse, str]]
LogIn = Callable[..., str]
WaitFor = Callable[[str, str], str]
Publish = Callable[[State], None]
AddTickets = Callable[..., None]

STATUS = "denluot/v1/nhi-chieu/device/{}/status"


@contextmanager
def _events(listener: socket, cookie: str) -> Iterator[Iterator[str]]:
    """Listen to the page's events; each is one text."""
    host, port = listener.getsockname()
    with closing(HTTPConnection(host, port, timeout=60)) as connection:
        connection.request("GET", "/events", headers={"Cookie": cookie})
        with connection.getresponse() as stream:
            assert stream.getheader("Content-Type", "").startswith("text/event-stream")
            yield _blocks(stream)


def _blocks(stream: HTTPResponse) -> Iterator[str]:
    lines: list[str] = []
    for raw in stream:
        line = raw.decode().rstrip("\r\n")
        if line:
            lines.append(line)
        else:
            yield "\n".join(lines)
            lines.clear()


def test_page_shows_hall_and_log(
    wait_for: WaitFor,
    publish: Publish,
    board: BoardState,
    services: ServicesState,
    add_tickets: AddTickets,
) -> None:
    add_tickets({"wait_s": 125.0}, {"number": "1777"})
    publish(services)
    publish(board)
    text = wait_for("/", "2005")
    for shown in ("Hộ tịch", "Ưu tiên", "1011", "5–10 phút", "2 phút", "lâu nhất", "lang=en"):
        assert shown in text, shown
    assert "hồ sơ" not in text.lower()
    assert "paper-" not in text, "the tokens of the tickets"


def test_page_before_the_first_ticket(wait_for: WaitFor, store_path: Path) -> None:
    text = wait_for("/", "Trung tâm Phục vụ hành chính công")
    assert "Chưa có lượt nào hôm nay" in text
    assert "Chưa nhận được tình trạng các quầy" in text
    assert not store_path.exists()


def test_page_in_english(wait_for: WaitFor, publish: Publish, board: BoardState) -> None:
    publish(board)
    text = wait_for("/?lang=en", "Civil status")
    assert '<html lang="en">' in text
    assert "Longest wait" in text


def test_page_escapes_what_devices_say(
    wait_for: WaitFor, service_bus: MemoryBus, now: datetime
) -> None:
    message = "<script>alert(1)</script>"
    status = DeviceStatus(online=True, kind="kiosk", at=now, message=message)
    service_bus.publish(STATUS.format("kiosk-1"), encode(status), retain=True)
    text = wait_for("/", "&lt;script&gt;alert(1)")
    assert "<script>alert" not in text


def test_page_works_without_its_script(get: Get) -> None:
    text = get("/")[1]
    assert '<noscript><meta http-equiv="refresh"' in text
    assert "style=" not in text
    assert text.count("<script") == text.count("<script src=")


@pytest.mark.usefixtures("server")
def test_change_arrives_as_an_event(
    listener: socket,
    publish: Publish,
    board: BoardState,
    add_tickets: AddTickets,
    log_in: LogIn,
) -> None:
    with _events(listener, log_in()) as events:
        assert 'data: <p class="as-of"' in next(events)
        add_tickets({"number": "1888"})
        publish(board)
        news = next(event for event in events if "2005" in event)
    assert news.startswith("event: today")
    assert "53 phút" in news, "since 07:31, of the log"


def test_page_survives_a_lost_link(
    web_link: Session,
    wait_for: WaitFor,
    publish: Publish,
    board: BoardState,
) -> None:
    publish(board)
    wait_for("/", "2005")
    assert isinstance(web_link.bus, MemoryBus)
    web_link.bus.lose_link()
    assert "2005" in wait_for("/", "Mất liên lạc với sảnh")
    web_link.bus.drop_link()
    publish(msgspec.structs.replace(board, rev=2, counters=()))
    assert "Mất liên lạc" not in wait_for("/", "Chưa nhận được tình trạng các quầy")


def test_streams_end_at_once_when_the_server_ends(
    server: tuple[Server, threading.Thread], listener: socket, log_in: LogIn
) -> None:
    with _events(listener, log_in()) as events:
        next(events)
        server[0].should_exit = True
        assert [event for event in events if "data:" in event] == []
        server[1].join(timeout=60)
    assert not server[1].is_alive()


def test_csv(
    get: Get,
    wait_for: WaitFor,
    publish: Publish,
    services: ServicesState,
    add_tickets: AddTickets,
) -> None:
    add_tickets({"wait_s": 60.0})
    publish(services)
    wait_for("/", "Đã đủ số hôm nay")
    response, text = get("/today.csv")
    assert response.getheader("Content-Type") == "text/csv; charset=utf-8"
    disposition = 'attachment; filename="luot-giao-dich-2026-11-23.csv"'
    assert response.getheader("Content-Disposition") == disposition
    assert text.startswith("\ufeffNgày,Số,")
    assert text.splitlines()[1].startswith("2026-11-23,1001,CERT,Chứng thực,Thường,07:31:00")
    assert get("/today.csv?lang=en")[1].startswith("\ufeffDate,Number,")


def test_every_answer_carries_the_careful_headers(get: Get) -> None:
    for target in ("/", "/today.csv", "/healthz", "/static/today.css", "/nothing"):
        headers = get(target)[0].headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self';"), target
        assert headers["X-Frame-Options"] == "DENY", target
        assert headers["X-Content-Type-Options"] == "nosniff", target
        assert headers["Referrer-Policy"] == "same-origin", target
        assert "Server" not in headers, target


def test_what_changes_is_not_cached_and_what_does_not_is(get: Get) -> None:
    assert get("/")[0].getheader("Cache-Control") == "no-store"
    for target in ("/static/today.js", "/fonts/be-vietnam-pro-400.ttf"):
        response = get(target)[0]
        assert response.status == 200
        assert "max-age=31536000" in response.getheader("Cache-Control", "")


def test_fonts_are_those_of_the_packages_and_no_other_file(get: Get) -> None:
    response, _ = get("/fonts/noto-sans.ttf")
    assert (response.status, response.getheader("Content-Type")) == (200, "font/ttf")
    assert get("/fonts/LICENSE")[0].status == 404
    assert get("/fonts/..%2Fmetadata.json")[0].status == 404
    assert get("/static/..%2Fapp.py")[0].status == 404


REFUSALS = [
    ("/", "POST", {}, 405),
    ("/today.csv", "DELETE", {}, 405),
    (f"/?lang={'x' * 5000}", "GET", {}, 414),
    ("/%00", "GET", {}, 400),
    ("/static/%00.css", "GET", {}, 400),
    ("/fonts/a%0d%0ab", "GET", {}, 400),
    ("/", "GET", {"Host": "attacker.example"}, 421),
    ("/nothing", "GET", {}, 404),
]


def test_refusals(get: Get, subtests: pytest.Subtests) -> None:
    for target, method, headers, status in REFUSALS:
        with subtests.test(target=target):
            assert get(target, method, **headers)[0].status == status


def test_an_unreadable_store_is_said(
    get: Get, store_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings.append("log not readable")
    store_path.write_bytes(b"this is no database" * 100)
    response, text = get("/")
    assert response.status == 200
    assert "Chưa đọc được nhật ký" in text
    assert '"store":"unreadable"' in get("/healthz")[1]


def test_a_failure_is_logged_and_tells_the_outside_nothing(
    sources: Sources, log_in: LogIn, expected_warnings: list[str]
) -> None:
    class BrokenLog(DayLog):
        def read(self, business_day: str | None = None) -> DayRecord:
            raise RuntimeError(f"secret of {business_day}")

    expected_warnings.append("request failed path=/")
    broken = replace(sources, log=BrokenLog(sources.log._reader))
    app = make_server(broken, WebBox()).config.app
    assert isinstance(app, Guard)
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        response = client.get("/", headers={"Cookie": log_in()})
    assert (response.status_code, response.text) == (500, "internal error\n")
