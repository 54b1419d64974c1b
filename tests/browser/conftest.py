"""A whole centre with a month behind it and a hall in front of it, seen through Chromium.

One centre and one browser serve all tests; every page has a context of its own. After each test
nothing may have broken the content policy, been logged as an error, or asked another host.
"""

import os
import queue
import re
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    sync_playwright,
)

from benchmarks.old_store import make_store
from bus.broker import PrivateBroker, mosquitto_program
from bus.commands import (
    CalledTicket,
    CallNext,
    Command,
    IssueTicket,
    OpenCounter,
    PauseCounter,
    Reply,
    StartServing,
    result_of,
)
from bus.mqtt import Account as BrokerAccount
from bus.session import Session, at_once, connect, new_id
from bus.vocabulary import TicketClass
from config import CLOCK_VARIABLE, Centre, Clock, load_centre
from config.process import BROKER_VARIABLE, PASSWORD_FILE_VARIABLE
from provisioning.accounts import Account, Accounts, Role
from provisioning.site_db import FILE_NAME as SITE_DB
from provisioning.site_db import open_site_db

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
WITHIN_S = 60.0
WITHIN_MS = WITHIN_S * 1000
PHONE, DESK = (390, 844), (1440, 1000)
MORNING = datetime(2026, 11, 23, 8, 24, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TICKETS_A_DAY, DAYS_BEFORE = 60, 35
PASSWORD = "Đò dọc sông Cấm 2026"
_NAMES = {
    "officer": "Trần Thị Hoa",
    "viewer": "Lê Văn Xem",
    "manager": "Phạm Minh Đức",
    "administrator": "Nguyễn Thu Lan",
}
BOX = """
[web]
webhook_hosts = ["127.0.0.1"]
"""
_TABS_AT_MOST = 400
_ASKED_UNASKED = "/favicon.ico"
"""What Chromium itself asks for where a page names no icon."""
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
    violated(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
_MARK_CONTROLS = """() => {
    const all = document.querySelectorAll(
        "a[href], button, input, select, textarea, summary, [tabindex], [contenteditable]");
    const radios = new Set();
    let count = 0;
    for (const control of all) {
        if (control.matches(":disabled, [type=hidden]") || control.tabIndex < 0) continue;
        if (!control.checkVisibility({visibilityProperty: true})) continue;
        if (control.type === "radio") {
            const group = `${control.form?.id} ${control.name}`;
            if (radios.has(group)) continue;
            radios.add(group);
        }
        control.dataset.reached = "no";
        count += 1;
    }
    document.activeElement?.blur();
    return count;
}"""
_MARK_REACHED = """() => {
    let reached = document.activeElement;
    if (reached?.type === "radio")
        reached = document.querySelector(
            `input[type=radio][name="${reached.name}"][data-reached]`) ?? reached;
    if (reached?.dataset?.reached === "no") reached.dataset.reached = "yes";
    return document.querySelectorAll('[data-reached="no"]').length;
}"""
_UNREACHED = """() => [...document.querySelectorAll('[data-reached="no"]')].map(
    (control) => control.outerHTML.slice(0, 120))"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run these last, since Playwright keeps an event loop running; name what is not installed.

    Of these, attacks come last: they leave what they have typed.
    """
    ours = [item for item in items if Path(__file__).parent in item.path.parents]
    ours.sort(key=lambda item: item.path.name == "test_attacks.py")
    items[:] = [*(item for item in items if item not in ours), *ours]
    lacking = [] if CHROMIUM.exists() else ["chromium"]
    lacking += [] if mosquitto_program() else ["mosquitto"]
    if lacking:
        why = f"{' and '.join(lacking)} not installed: apt-get install chromium mosquitto"
        for item in ours:
            item.add_marker(pytest.mark.skip(reason=why))


@dataclass
class RunningCentre:
    """The service, the web process and the hall that devices make."""

    centre: Centre
    data: Path
    broker: PrivateBroker
    clock: Clock
    url: str = ""
    web: subprocess.Popen[bytes] | None = None
    links: dict[str, Session] = field(default_factory=dict)
    current: dict[int, str] = field(default_factory=dict)

    def environment(self, device: str = "web") -> dict[str, str]:
        """Return what a process of the centre finds around it."""
        return {
            **os.environ,
            BROKER_VARIABLE: f"{self.broker.host}:{self.broker.port}",
            PASSWORD_FILE_VARIABLE: str(self.broker.password_file(device)),
            CLOCK_VARIABLE: str(self.clock),
            "PYTHONUNBUFFERED": "1",
        }

    def denluot(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command of the centre on its data, with `typed` on its standard input."""
        return subprocess.run(
            [sys.executable, "-m", "appliance", *arguments, "--data", str(self.data)],
            cwd=ROOT,
            env=self.environment(),
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=WITHIN_S,
        )

    def ask(self, device: str, command: Command) -> Reply:
        """Send a command as a device of the hall and return the reply."""
        if device not in self.links:
            account = BrokerAccount(
                self.broker.host, self.broker.port, "test", device, self.broker.passwords[device]
            )
            kind = device.rsplit("-", 1)[0]
            self.links[device] = connect(
                account,
                self.centre.identity.site,
                kind,
                now=self.clock.now,
                monotonic=self.clock.monotonic,
                deliver=at_once,
            )
            self.links[device].start()
        replies: queue.Queue[Reply] = queue.Queue()
        self.links[device].ask(command, replies.put, WITHIN_S)
        return replies.get(timeout=WITHIN_S)

    def give(self, service: str, ticket_class: TicketClass = TicketClass.NORMAL) -> str:
        """Give a number for a service; return it."""
        reply = self.ask("kiosk-1", IssueTicket(service=service, ticket_class=ticket_class))
        assert reply.ok, reply
        return str((reply.result or {})["number"])

    def call_next(self, counter: int) -> str | None:
        """Call and serve who is next at a counter, finishing who was there; return the number."""
        device, current = f"counter-{counter}", self.current.pop(counter, None)
        reply = self.ask(device, CallNext(counter=counter, current=current))
        if not reply.ok:
            return None
        called = result_of(reply, CalledTicket)
        self.current[counter] = called.ticket
        self.ask(device, StartServing(counter=counter, ticket=called.ticket))
        return called.number

    def stop(self) -> None:
        """Let go of the devices."""
        for link in self.links.values():
            link.stop()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    """Run a centre with the figures of 35 days; today its hall is busy."""
    data, centre = tmp_path_factory.mktemp("centre"), load_centre()
    make_store(
        data / "wait_log.db",
        TICKETS_A_DAY * DAYS_BEFORE,
        MORNING.date(),
        new_id,
        TICKETS_A_DAY,
    )
    roles = {device.id: str(device.role) for device in centre.devices} | {"service": "service"}
    with ExitStack() as ending:
        broker = ending.enter_context(PrivateBroker(data / "broker", centre.identity.site, roles))
        running = RunningCentre(centre, data, broker, Clock.starting(MORNING))
        ending.callback(running.stop)
        ending.enter_context(_process(running, "queue_service", "service", "--always-open"))
        box = data / "device.toml"
        box.write_text(BOX)
        running.web = ending.enter_context(
            _process(running, "web", "web", "--port", "0", "--device", str(box))
        )
        running.url = _ready_url(data / "web.log", running.web)
        _fill(running)
        _wait_for_health(running)
        yield running


@contextmanager
def _process(
    running: RunningCentre, module: str, device: str, *more: str
) -> Iterator[subprocess.Popen[bytes]]:
    with (running.data / f"{module}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", module, "--data", str(running.data), *more],
            cwd=ROOT,
            env=running.environment(device),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(WITHIN_S)


def _ready_url(log: Path, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + WITHIN_S
    while not (found := re.search(r"web ready url=(\S+)", log.read_text())):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        threading.Event().wait(0.05)
    return found[1]


def _fill(running: RunningCentre) -> None:
    """Let people come, some be served, one counter rest and one service wait for a counter."""
    counters = [counter.number for counter in running.centre.counters[:5]]
    for counter in counters:
        running.ask(f"counter-{counter}", OpenCounter(counter=counter))
    for turn in range(3):
        for service in running.centre.services:
            priority = turn == 1 and service is running.centre.services[0]
            running.give(service.code, TicketClass.PRIORITY if priority else TicketClass.NORMAL)
    for counter in counters:
        running.call_next(counter)
    last = running.centre.counters[5].number
    running.ask(f"counter-{last}", OpenCounter(counter=last))
    running.ask(
        f"counter-{last}",
        PauseCounter(counter=last, reason="Họp", until=MORNING + timedelta(minutes=30)),
    )


def _wait_for_health(running: RunningCentre) -> None:
    address, deadline = urlsplit(running.url).netloc, time.monotonic() + WITHIN_S
    while True:
        status, connection = 0, HTTPConnection(address, timeout=WITHIN_S)
        with suppress(OSError, HTTPException):
            connection.request("GET", "/healthz")
            status = connection.getresponse().status
        connection.close()
        if status == 200:
            return
        assert time.monotonic() < deadline, (running.data / "web.log").read_text()
        threading.Event().wait(0.1)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
    )
    yield browser
    browser.close()


@dataclass
class Faults:
    """What went wrong in the pages of a test; what is forgiven was meant to happen."""

    host: str
    seen: list[str] = field(default_factory=list)
    _forgiven: list[str] = field(default_factory=list)

    def forgive(self, part: str) -> None:
        """Expect faults that contain `part`, such as "status of 403"."""
        self._forgiven.append(part)

    def left(self) -> list[str]:
        """Return what nobody expected."""
        return [f for f in self.seen if not any(part in f for part in self._forgiven)]

    def watch(self, context: BrowserContext) -> None:
        """Note the faults of all pages of a context."""
        context.expose_binding("violated", lambda _, said: self.seen.append(f"policy: {said}"))
        context.add_init_script(_REPORT_VIOLATIONS)
        context.on("weberror", lambda error: self.seen.append(f"script: {error.error}"))
        context.on("console", self._note_console)
        context.on("request", self._note_request)

    def _note_console(self, said: ConsoleMessage) -> None:
        where = said.location.get("url", "")
        if said.type == "error" and not where.endswith(_ASKED_UNASKED):
            self.seen.append(f"console: {said.text} {where}")

    def _note_request(self, request: Request) -> None:
        if urlsplit(request.url).netloc not in (self.host, ""):
            self.seen.append(f"another host: {request.url}")


@pytest.fixture
def faults(running: RunningCentre) -> Iterator[Faults]:
    faults = Faults(urlsplit(running.url).netloc)
    yield faults
    assert not faults.left(), faults.left()


OpenPage = Callable[..., Page]


@pytest.fixture
def new_page(browser: Browser, running: RunningCentre, faults: Faults) -> Iterator[OpenPage]:
    """Open pages with nobody logged in; `size` is (width, height) of the window."""
    contexts: list[BrowserContext] = []

    def new_page(size: tuple[int, int] = DESK, cookies: list[dict[str, str]] | None = None) -> Page:
        context = browser.new_context(
            base_url=running.url,
            viewport={"width": size[0], "height": size[1]},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            accept_downloads=True,
        )
        context.set_default_timeout(WITHIN_MS)
        contexts.append(context)
        faults.watch(context)
        if cookies:
            context.add_cookies(cookies)  # type: ignore[arg-type]
        return context.new_page()

    yield new_page
    for context in contexts:
        context.close()


@dataclass(frozen=True)
class Login:
    """An account of the running centre and its password."""

    name: str
    password: str


NewAccount = Callable[..., Login]


@pytest.fixture(scope="session")
def new_account(running: RunningCentre) -> Iterator[NewAccount]:
    """Make an account of a role, at counters if it is an officer's; return its login."""
    db = open_site_db(running.data / SITE_DB)
    accounts = Accounts(db)

    def new_account(
        role: str, account: str = "", counters: tuple[int, ...] = (), name: str = ""
    ) -> Login:
        login = Login(account or f"{role}-{secrets.token_hex(3)}", PASSWORD)
        accounts.add(Account(login.name, name or _NAMES[role], Role(role), counters), PASSWORD)
        return login

    yield new_account
    db.close()


@pytest.fixture(scope="session")
def _cookies() -> dict[str, list[dict[str, str]]]:
    """What browsers hold that have logged in, by role."""
    return {}


@pytest.fixture
def logged_in(
    new_page: OpenPage, new_account: NewAccount, _cookies: dict[str, list[dict[str, str]]]
) -> OpenPage:
    """Open a page of somebody of a role who has logged in; all tests share one login of each."""

    def logged_in(role: str, size: tuple[int, int] = DESK) -> Page:
        if role not in _cookies:
            page, login = new_page(), new_account(role)
            log_in(page, login)
            _cookies[role] = page.context.cookies()  # type: ignore[assignment]
        return new_page(size, _cookies[role])

    return logged_in


@pytest.fixture
def log_in_as() -> Callable[[Page, Login], None]:
    """Fill in the login page, as a person does."""
    return log_in


def log_in(page: Page, login: Login) -> None:
    page.goto("/login")
    page.locator("input[name=account]").fill(login.name)
    page.locator("input[name=password]").fill(login.password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


@pytest.fixture
def check_page() -> Callable[[Page], None]:
    """Return the check that every page passes: axe, a phone's width, the keyboard alone."""
    return _check_page


def _check_page(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    grave = [
        f"{rule['impact']} {rule['id']}: {node['target']} {node['html'][:160]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
    assert not grave, "\n".join(grave)
    _check_keyboard(page)
    was = page.viewport_size
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    try:
        assert page.evaluate(_SIDEWAYS) <= 0, f"{page.url} scrolls sideways at {PHONE[0]} px"
    finally:
        if was:
            page.set_viewport_size(was)


def _check_keyboard(page: Page) -> None:
    """Reach every control by Tab alone."""
    left = page.evaluate(_MARK_CONTROLS)
    for _ in range(min(left + 20, _TABS_AT_MOST)):
        if not left:
            return
        page.keyboard.press("Tab")
        left = page.evaluate(_MARK_REACHED)
    assert not left, f"{page.url}: Tab never reaches {page.evaluate(_UNREACHED)}"
