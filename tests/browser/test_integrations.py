"""Tokens and webhooks, from the administrator's page to the program that uses them."""

import json
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

LoggedIn = Callable[..., Page]
WITHIN_S = 60.0
SCREENSHOTS = Path(__file__).parents[2] / "docs" / "screenshots"


class Running(Protocol):
    url: str

    def give(self, service: str) -> str: ...


class Faults(Protocol):
    def forgive(self, part: str) -> None: ...


def ask(running: Running, target: str, secret: str) -> tuple[int, str]:
    connection = HTTPConnection(urlsplit(running.url).netloc, timeout=WITHIN_S)
    connection.request("GET", target, headers={"Authorization": f"Bearer {secret}"})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def make_token(page: Page, name: str, *scopes: str) -> str:
    page.goto("/accounts/tokens")
    page.get_by_label("Dùng cho").fill(name)
    for scope in scopes:
        page.get_by_label(scope).check()
    page.get_by_role("button", name="Tạo mã").click()
    return page.locator(".secret-text").inner_text()


def test_a_token_is_shown_once_used_and_revoked(
    logged_in: LoggedIn, running: Running, check_page: Callable[[Page], None]
) -> None:
    page = logged_in("administrator")
    secret = make_token(page, "Cổng dữ liệu tỉnh", "Tình hình hiện tại")
    check_page(page)
    status, text = ask(running, "/api/v1/live", secret)
    assert (status, json.loads(text)["connected"]) == (200, True)
    assert ask(running, "/api/v1/events", secret)[0] == 403
    page.reload()
    assert page.locator(".secret-text").count() == 0
    assert secret not in page.content()
    row = page.get_by_role("row", name="Cổng dữ liệu tỉnh")
    expect(row).not_to_contain_text("chưa dùng")
    row.get_by_role("button").click()
    expect(page.get_by_role("row", name="Cổng dữ liệu tỉnh")).to_contain_text("đã thu hồi")
    assert ask(running, "/api/v1/live", secret)[0] == 401


def test_what_is_missing_stands_at_its_field(
    logged_in: LoggedIn, faults: Faults, check_page: Callable[[Page], None]
) -> None:
    faults.forgive("status of 400")
    page = logged_in("administrator")
    page.goto("/accounts/tokens")
    page.get_by_label("Dùng cho").fill("Không chọn gì")
    page.get_by_role("button", name="Tạo mã").click()
    expect(page.get_by_role("alert")).to_have_text("Mời chọn ít nhất một quyền đọc.")
    expect(page.get_by_label("Dùng cho")).to_have_value("Không chọn gì")
    page.goto("/accounts/webhooks")
    page.get_by_label("Tên nơi nhận").fill("Máy trong mạng")
    page.get_by_label("Địa chỉ").fill("https://10.0.0.1/nhan")
    page.get_by_role("button", name="Thêm nơi nhận").click()
    expect(page.get_by_role("alert")).to_contain_text("mạng nội bộ")
    check_page(page)


@pytest.fixture
def receiver() -> Iterator[tuple[str, "Queue[dict[str, object]]"]]:
    """Listen as the other end of a webhook."""
    taken: Queue[dict[str, object]] = Queue()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.put({**json.loads(body), "signature": self.headers["webhook-signature"]})
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/nhan", taken
    server.shutdown()
    server.server_close()


def test_a_webhook_is_told_what_happens(
    logged_in: LoggedIn,
    running: Running,
    receiver: tuple[str, "Queue[dict[str, object]]"],
    check_page: Callable[[Page], None],
) -> None:
    url, taken = receiver
    page = logged_in("administrator")
    page.goto("/accounts/webhooks")
    page.get_by_label("Tên nơi nhận").fill("Phần mềm một cửa")
    page.get_by_label("Địa chỉ").fill(url)
    page.get_by_label("Cấp số").check()
    page.get_by_role("button", name="Thêm nơi nhận").click()
    assert page.locator(".secret-text").inner_text().startswith("whsec_")
    check_page(page)
    page.get_by_role("button", name="Gửi thử đến Phần mềm một cửa").click()
    expect(page.get_by_role("status")).to_have_text("Nơi nhận đã nhận tin thử.")
    assert taken.get(timeout=WITHIN_S)["kind"] == "test"
    number = running.give("CERT")
    event = taken.get(timeout=WITHIN_S)
    assert event["kind"] == "ticket_issued"
    assert isinstance(event["data"], dict)
    assert event["data"]["number"] == number
    assert str(event["signature"]).startswith("v1,")
    page.get_by_role("button", name="Gỡ bỏ Phần mềm một cửa").click()
    expect(page.get_by_text("Chưa có nơi nhận nào.")).to_be_visible()


@pytest.mark.parametrize("role", ["officer", "viewer", "manager"])
@pytest.mark.parametrize("target", ["/accounts/tokens", "/accounts/webhooks"])
def test_they_are_for_administrators(
    logged_in: LoggedIn, faults: Faults, role: str, target: str
) -> None:
    faults.forgive("status of 403")
    answer = logged_in(role).goto(target)
    assert answer
    assert answer.status == 403


@pytest.mark.full
@pytest.mark.parametrize(("width", "tag"), [(1440, ""), (390, "-phone")])
def test_pictures_for_the_documentation(
    logged_in: LoggedIn, check_page: Callable[[Page], None], width: int, tag: str
) -> None:
    page = logged_in("administrator", (width, 900))
    make_token(page, "Cổng dữ liệu thành phố", "Số liệu thời gian chờ", "Tình hình hiện tại")
    make_token(page, "Prometheus của phường", "Số đo cho Prometheus")
    page.reload()
    page.screenshot(path=SCREENSHOTS / f"web-tokens{tag}.png", full_page=True)
    check_page(page)
    page.goto("/accounts/webhooks")
    page.get_by_label("Tên nơi nhận").fill("Phần mềm một cửa")
    page.get_by_label("Địa chỉ").fill("http://127.0.0.1:9/su-kien")
    page.get_by_role("button", name="Thêm nơi nhận").click()
    expect(page.get_by_role("button", name="Gỡ bỏ Phần mềm một cửa")).to_be_visible()
    page.reload()
    page.screenshot(path=SCREENSHOTS / f"web-webhooks{tag}.png", full_page=True)
    check_page(page)
    page.get_by_role("button", name="Gỡ bỏ Phần mềm một cửa").click()
