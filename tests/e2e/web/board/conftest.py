"""The board's page in a real browser, on a real broker, service and web process."""

import base64
import json
import os
import queue
import select
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bus.broker import PrivateBroker, free_port, mosquitto_program
from bus.codec import encode
from bus.commands import AnyCommand, CallNext, IssueTicket, Reply, StartServing
from bus.health import WebHealth, health_as
from bus.mqtt import Account
from bus.session import Session, at_once, connect, new_id
from bus.states import DeviceStatus
from bus.vocabulary import Language, TicketClass
from config import CLOCK_VARIABLE, Clock, load_centre
from config.process import BROKER_VARIABLE, PASSWORD_FILE_VARIABLE

DEVICES = ("service", *(device.id for device in load_centre().devices))

CHROMIUM = Path("/usr/bin/chromium")
WAIT_S = 60.0


def _wait_until(true: Callable[[], object], within_s: float = WAIT_S) -> float:
    """Wait until something is true; return how long that took."""
    began = time.monotonic()
    pause = threading.Event()
    while not true():
        assert time.monotonic() - began < within_s, f"not within {within_s} s"
        pause.wait(0.02)
    return time.monotonic() - began


class Browser:
    """A headless Chromium, told by DevTools messages through two pipes what to do."""

    def __init__(self, profile: Path) -> None:
        read_end, self._to = os.pipe()
        self._from, write_end = os.pipe()
        pipes = f'exec "$@" 3<&{read_end} 4>&{write_end}'
        options = (
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--remote-debugging-pipe",
            f"--user-data-dir={profile}",
        )
        self._process = subprocess.Popen(
            ["bash", "-c", pipes, "bash", str(CHROMIUM), *options],
            pass_fds=(read_end, write_end),
            stderr=subprocess.DEVNULL,
        )
        os.close(read_end)
        os.close(write_end)
        self._ids = count(1)
        self._unread = b""
        self.troubles: list[str] = []

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        os.close(self._to)
        os.close(self._from)

    def ask(self, method: str, session: str | None = None, **params: object) -> dict[str, Any]:
        message = {"id": next(self._ids), "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            said = self._hear()
            if said.get("id") == message["id"]:
                assert "error" not in said, said
                result: dict[str, Any] = said["result"]
                return result
            if said["method"] == "Runtime.exceptionThrown":
                self.troubles.append(json.dumps(said["params"]))

    def _hear(self) -> dict[str, Any]:
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._from], [], [], WAIT_S)
            heard = os.read(self._from, 65536) if ready else b""
            assert heard, "the browser ended, or does not answer"
            self._unread += heard
        first, self._unread = self._unread.split(b"\0", 1)
        said: dict[str, Any] = json.loads(first)
        return said


@dataclass
class Page:
    """One tab of the browser."""

    browser: Browser
    target: str
    session: str

    def value(self, script: str) -> Any:  # noqa: ANN401 - whatever the script says
        """Return what `script` says; None while what it asks for is not there yet."""
        answer = self.browser.ask(
            "Runtime.evaluate",
            self.session,
            expression=script,
            returnByValue=True,
            awaitPromise=True,
        )
        return None if "exceptionDetails" in answer else answer["result"].get("value")

    def until(self, true: Callable[[], object], within_s: float = WAIT_S) -> float:
        """Wait until something is true; return how long that took."""
        return _wait_until(true, within_s)

    def wait(self, script: str, within_s: float = WAIT_S) -> float:
        """Wait until `script` is true; return how long that took."""
        return self.until(lambda: self.value(script), within_s)

    def wait_for_call(self, number: str) -> None:
        wanted = f"n => n.textContent === '{number}'"
        self.wait(f"[...document.querySelectorAll('#calls .number')].some({wanted})")

    def is_stale(self) -> bool:
        return bool(
            self.value("getComputedStyle(document.getElementById('sign')).display != 'none'")
        )

    def size(self, width: int, height: int) -> None:
        self.browser.ask(
            "Emulation.setDeviceMetricsOverride",
            self.session,
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def photograph(self, target: Path) -> None:
        shot = self.browser.ask("Page.captureScreenshot", self.session, format="png")
        target.write_bytes(base64.b64decode(shot["data"]))

    def show(self) -> None:
        self.browser.ask("Target.activateTarget", targetId=self.target)

    def close(self) -> None:
        self.browser.ask("Target.closeTarget", targetId=self.target)


OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("chromium is not installed")
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open an address in a new tab, in front of all others."""
    pages: list[Page] = []

    def open_page(url: str, width: int = 1280, height: int = 720, cookie: str = "") -> Page:
        target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
        session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(browser, target, session)
        pages.append(page)
        browser.ask("Runtime.enable", session)
        page.size(width, height)
        if cookie:
            name, _, value = cookie.partition("=")
            browser.ask("Network.setCookie", session, name=name, value=value, url=url)
        browser.ask("Page.navigate", session, url=url)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert browser.troubles == []


@dataclass
class Centre:
    """A broker, the service and the web process, and one officer and one kiosk by hand."""

    broker: PrivateBroker
    data: Path
    port: int
    clock: Clock
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    links: dict[str, Session] = field(default_factory=dict)
    statuses: dict[str, DeviceStatus] = field(default_factory=dict)
    current: dict[int, str] = field(default_factory=dict)
    """The ticket that each counter shows."""
    service_there: bool = True
    """Whether the hall that a test plays has a service."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/board"

    def until(self, true: Callable[[], object], within_s: float = WAIT_S) -> None:
        """Wait until something is true."""
        _wait_until(true, within_s)

    def start(self, module: str, device: str, *arguments: str) -> None:
        environment = {
            **os.environ,
            BROKER_VARIABLE: f"{self.broker.host}:{self.broker.port}",
            PASSWORD_FILE_VARIABLE: str(self.broker.password_file(device)),
            CLOCK_VARIABLE: str(self.clock),
        }
        command = [sys.executable, "-m", module, "--data", str(self.data), *arguments]
        log = (self.data / f"{device}.log").open("ab")
        with log:
            self.processes[device] = subprocess.Popen(command, env=environment, stderr=log)

    def start_service(self) -> None:
        self.start("queue_service", "service", "--always-open")

    def start_web(self) -> None:
        self.start("web", "web", "--port", str(self.port), "--device", str(self.device))

    @property
    def device(self) -> Path:
        """The settings of the box, which names the pages that count as boards."""
        return self.data / "device.toml"

    def end(self, device: str, signal: int) -> None:
        process = self.processes.pop(device)
        process.send_signal(signal)
        process.wait(10)

    def connect(self, device: str, kind: str) -> Session:
        password = self.broker.passwords[device]
        account = Account(self.broker.host, self.broker.port, "test", device, password)
        now, monotonic = self.clock.now, self.clock.monotonic
        link = connect(account, "nhi-chieu", kind, now=now, monotonic=monotonic, deliver=at_once)
        self.links[device] = link
        return link

    def call(self, counter: int = 3) -> dict[str, Any]:
        """Take a number and call it to `counter`; return what the service said of the call."""
        self.issue()
        return self.call_next(counter)

    def issue(self) -> None:
        """Take a number for any counter."""
        kiosk = self.links["kiosk-1"]
        issue = IssueTicket(
            id=new_id(),
            ts=kiosk.now(),
            service="CERT",
            ticket_class=TicketClass.NORMAL,
            lang=Language.VIETNAMESE,
        )
        self._ask(kiosk, issue)

    def call_next(self, counter: int) -> dict[str, Any]:
        """Call whoever is next to `counter`."""
        link, current = self.links[f"counter-{counter}"], self.current.get(counter)
        if current is not None:  # has come, so that nobody has to be waited for
            served = StartServing(id=new_id(), ts=link.now(), counter=counter, ticket=current)
            self._ask(link, served)
        call = CallNext(id=new_id(), ts=link.now(), counter=counter, current=current)
        called = self._ask(link, call)
        self.current[counter] = called["ticket"]
        return called

    def heard(self, call_seq: int) -> tuple[int | None, int | None, int | None]:
        """Return when the log says that a call was accepted, shown and skipped."""
        with closing(sqlite3.connect(self.data / "wait_log.db")) as log:
            said = "select outcome, at_us from acknowledgement where call_seq = ?"
            told: dict[str, int] = dict(log.execute(said, [call_seq]).fetchall())
        return told.get("accepted"), told.get("shown"), told.get("skipped")

    def boards(self) -> object:
        """Return the boards that the web process says are seen."""
        status = self.statuses.get("web")
        return (
            list(health_as(WebHealth, status.health).boards) if status and status.online else None
        )

    def _ask(self, link: Session, command: AnyCommand) -> dict[str, Any]:
        replies: queue.Queue[Reply] = queue.Queue()
        link.ask(command, replies.put)
        reply = replies.get(timeout=WAIT_S)
        assert reply.ok, reply
        result: dict[str, Any] = reply.result or {}
        return result


@contextmanager
def _open_centre(data: Path, clock: Clock) -> Iterator[Centre]:
    if mosquitto_program() is None:
        pytest.skip("mosquitto is not installed")
    known = load_centre()
    roles = {device.id: str(device.role) for device in known.devices} | {"service": "service"}
    with PrivateBroker(data / "broker", known.identity.site, roles) as broker:
        centre = Centre(broker, data, free_port(), clock)
        with centre.device.open("a") as settings:
            settings.write(f"[web]\nboard_screens = {[f'tv-{n}' for n in range(1, 13)]}\n")
            if (data / "media").exists():
                settings.write(f'board_media = {{ folder = "{data}/media", seconds = 2 }}\n')
        yield centre
        for link in centre.links.values():
            link.stop()
        for process in centre.processes.values():
            process.terminate()
        for process in centre.processes.values():
            assert process.wait(10) == 0


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """Start the web process alone, at the time of the design's picture; a test plays the hall."""
    with _play(tmp_path_factory.mktemp("played")) as centre:
        yield centre


@pytest.fixture
def played_with_pictures(tmp_path: Path) -> Iterator[Centre]:
    """Start it with a folder `media` for the layout calls+media."""
    (tmp_path / "media").mkdir()
    with _play(tmp_path) as centre:
        yield centre


@contextmanager
def _play(data: Path) -> Iterator[Centre]:
    clock = Clock.starting(datetime(2026, 11, 23, 1, 24, 5, tzinfo=UTC), 0.001)
    ended = threading.Event()
    with _open_centre(data, clock) as centre:
        centre.start_web()
        service = centre.connect("service", "service")
        service.follow_devices(["web"], centre.statuses.__setitem__)
        service.start()
        beat = threading.Thread(target=_beat, args=(centre, service, ended), daemon=True)
        beat.start()
        centre.until(lambda: "web" in centre.statuses)
        yield centre
        ended.set()
        beat.join()


def _beat(centre: Centre, service: Session, ended: threading.Event) -> None:
    """Say that the service is, or is not, as it does itself."""
    for beats in count():
        at = centre.clock.now() + timedelta(milliseconds=beats)
        status = DeviceStatus(online=centre.service_there, kind="service", at=at)
        service.bus.publish(service.topics.status("service"), encode(status), retain=True)
        if ended.wait(0.5):
            return


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """Start the service and the web process, and connect a kiosk and a counter."""
    with _open_centre(tmp_path_factory.mktemp("centre"), Clock()) as centre:
        centre.start_service()
        centre.start_web()
        centre.connect("kiosk-1", "kiosk").start()
        for number in (1, 2):
            centre.connect(f"counter-{number}", "counter").start()
        counter = centre.connect("counter-3", "counter")
        counter.follow_devices(DEVICES, centre.statuses.__setitem__)
        counter.start()
        online = ("service", "web")
        centre.until(
            lambda: all(d in centre.statuses and centre.statuses[d].online for d in online)
        )
        yield centre
