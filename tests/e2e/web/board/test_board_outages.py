"""The page while one part after the other is gone, and while televisions of the network look."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import psutil
import pytest

from bus.broker import free_port

Centre = Any
Page = Any
OpenPage = Callable[..., Any]

pytestmark = [pytest.mark.full, pytest.mark.engine]


@pytest.fixture
def page(centre: Centre, open_page: OpenPage) -> Page:
    """Open a board that shows a call."""
    called = centre.call()
    page = open_page(f"{centre.url}?screen=tv-1")
    page.wait_for_call(called["number"])
    page.until(lambda: not page.is_stale())
    return page


def _comes_back(centre: Centre, page: Page) -> None:
    page.until(lambda: not page.is_stale(), 5)
    called = centre.call()
    page.wait_for_call(called["number"])
    page.until(lambda: all(centre.heard(called["call_seq"])[:2]))


def _start_web_again(centre: Centre) -> None:
    log = centre.data / "web.log"
    before = log.read_bytes().count(b"web ready")
    centre.start_web()
    centre.until(lambda: log.read_bytes().count(b"web ready") > before)


def test_web_is_killed_and_started_again(centre: Centre, page: Page) -> None:
    centre.end("web", signal.SIGKILL)
    assert page.until(page.is_stale, 10) > 3
    _start_web_again(centre)
    _comes_back(centre, page)


def test_web_is_frozen(centre: Centre, page: Page, expected_warnings: list[str]) -> None:
    expected_warnings.append("link lost")
    process = centre.processes["web"]
    process.send_signal(signal.SIGSTOP)
    try:
        page.until(page.is_stale, 10)
    finally:
        process.send_signal(signal.SIGCONT)
    _comes_back(centre, page)


def test_service_is_killed_and_started_again(centre: Centre, page: Page) -> None:
    centre.end("service", signal.SIGKILL)
    page.until(page.is_stale, 10)
    centre.start_service()
    page.until(lambda: not page.is_stale(), 10)
    _comes_back(centre, page)


@pytest.mark.parametrize("what", ["broker", "service"])
def test_broker_or_service_is_frozen(
    centre: Centre, page: Page, expected_warnings: list[str], what: str
) -> None:
    expected_warnings.append("link lost")
    pid = centre.broker.pid if what == "broker" else centre.processes["service"].pid
    os.kill(pid, signal.SIGSTOP)
    try:
        page.until(page.is_stale, 10)
    finally:
        os.kill(pid, signal.SIGCONT)
    _comes_back(centre, page)


def test_a_page_of_another_version_loads_itself_anew(page: Page) -> None:
    page.value("document.body.setAttribute('data-version', 'old'); window.old = true")
    page.value("window.dispatchEvent(new Event('resize'))")
    page.size(1280, 1600)
    page.wait("!window.old && document.querySelector('#calls .number') !== null")


def test_a_call_flashes_for_twenty_seconds_and_never_too_fast(
    centre: Centre, open_page: OpenPage
) -> None:
    page = open_page(f"{centre.url}?screen=tv-1&counters=2")
    page.wait("document.getElementById('title').textContent !== ''")
    page.value(
        "window.changes = []; new MutationObserver(() => window.changes.push(performance.now()))"
        ".observe(document.querySelector('main'), {attributes: true})"
    )
    called = centre.call(2)
    page.wait_for_call(called["number"])
    page.wait("window.changes.length > 2")
    page.wait("document.querySelector('.card.flashing') === null", 25)
    changes = page.value("window.changes")
    assert 18_000 < changes[-1] - changes[0] < 22_000
    for first in changes:
        assert sum(first <= change < first + 1000 for change in changes) <= 3, "two are a flash"


def test_televisions_of_the_network_have_the_board_and_nothing_of_the_staff(
    centre: Centre, open_page: OpenPage
) -> None:
    centre.end("web", signal.SIGTERM)
    port, settings = free_port(), centre.device.read_text()
    centre.device.write_text(f'{settings}board_host = "0.0.0.0"\nboard_port = {port}\n')
    _start_web_again(centre)
    page = open_page(f"http://127.0.0.1:{port}/board?screen=tv-9&counters=3")
    page.until(lambda: centre.boards() == ["tv-9"])
    called = centre.call()
    page.wait_for_call(called["number"])
    page.until(lambda: all(centre.heard(called["call_seq"])[:2]))
    nothing = open_page(f"http://127.0.0.1:{port}/today")
    nothing.wait("document.body.textContent.includes('Not Found')")


class Television(threading.Thread):
    """What a board's page says and hears, without its pixels."""

    def __init__(self, port: int, name: str) -> None:
        super().__init__(daemon=True)
        self._port = port
        self._name = name
        self.shown: set[str] = set()
        self.left = threading.Event()

    def run(self) -> None:
        token, serial = "", 0
        with (
            closing(HTTPConnection("127.0.0.1", self._port, timeout=60)) as stream,
            closing(HTTPConnection("127.0.0.1", self._port, timeout=60)) as words,
        ):
            stream.request("GET", f"/board/events?screen={self._name}")
            events = stream.getresponse()
            for line in events:
                if self.left.is_set():
                    events.close()
                    break
                if not line.startswith(b"data: "):
                    continue
                told = json.loads(line[6:])
                token, serial = told.get("token", token), told.get("serial", serial)
                if "scene" in told:
                    self.shown |= {card["number"] for card in told["scene"]["cards"]}
                if serial:
                    said = json.dumps({"token": token, "serial": serial})
                    plain = {"Content-Type": "application/json"}
                    words.request("POST", "/board/painted", said, plain)
                    assert words.getresponse().read() == b""


def test_ten_televisions_cost_little(centre: Centre) -> None:
    televisions = [Television(centre.port, f"tv-{number}") for number in range(1, 11)]
    for television in televisions:
        television.start()
    centre.until(lambda: len(centre.boards() or []) == 10)
    process = psutil.Process(centre.processes["web"].pid)
    began, before = time.monotonic(), sum(process.cpu_times()[:2])
    called = centre.call()
    centre.until(lambda: all(called["number"] in tv.shown for tv in televisions))
    centre.until(lambda: time.monotonic() > began + 10)
    share = (sum(process.cpu_times()[:2]) - before) / (time.monotonic() - began)
    memory_mb = process.memory_full_info().pss / 1e6
    print(f"ten televisions: {100 * share:.1f} % of a core, {memory_mb:.0f} MB")  # noqa: T201
    assert all(centre.heard(called["call_seq"])[:2])
    for television in televisions:
        television.left.set()
    for television in televisions:
        television.join(10)
    assert share < 0.1
    assert memory_mb < 150


def test_twenty_calls_at_once_are_all_shown(centre: Centre, page: Page) -> None:
    for _ in range(20):
        centre.issue()
    began = time.monotonic()
    called = [centre.call_next(1 + turn % 3)["call_seq"] for turn in range(20)]
    assert time.monotonic() < began + 5
    page.until(lambda: all(centre.heard(call_seq)[1] for call_seq in called), 40)
    assert [centre.heard(call_seq)[2] for call_seq in called] == [None] * 20
