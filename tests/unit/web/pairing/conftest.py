"""A site's server as it is installed: real broker, pages over TLS, an administrator at them."""

import hashlib
import queue
import random
import re
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bus.broker import free_port, mosquitto_program
from bus.mqtt import MqttBus
from config import Centre
from config.settings import WebBox
from hall.words.arguments import start as launch_of
from provisioning.accounts import Account, Accounts
from provisioning.audit import AuditQuery, audit_page
from provisioning.devices import Box
from provisioning.pairing.offers import Offers
from provisioning.sessions import Sessions
from provisioning.site_db import SiteDb
from provisioning.site_server import SiteServer
from web.access import SECURE_COOKIE, Role
from web.server import listen, tls_of
from web.site import Sources, make_server

WAIT_S = 60.0


def until(condition: Callable[[], bool], within_s: float = WAIT_S) -> None:
    deadline, pause = time.monotonic() + within_s, threading.Event()
    while not condition():
        assert time.monotonic() < deadline
        pause.wait(0.02)


@dataclass
class Site:
    """A site's server as it is installed: broker, pages, and an administrator at them."""

    server: SiteServer
    port: int
    directory: Path
    db: SiteDb
    moved_s: list[float]
    offers: Offers
    led_to: str = ""
    cookies: dict[Role, str] = field(default_factory=dict)
    boxes: list[MqttBus] = field(default_factory=list)

    def ask(
        self, method: str, target: str, body: bytes | str | None = None, role: Role | None = None
    ) -> tuple[int, str]:
        context = ssl.create_default_context(cafile=str(self.server.authority.public))
        connection = HTTPSConnection("127.0.0.1", self.port, timeout=WAIT_S, context=context)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if role:
            headers["Cookie"] = self.cookie(role)
        with closing(connection):
            connection.request(method, target, body, headers)
            response = connection.getresponse()
            self.led_to = response.getheader("Location", "")
            return response.status, response.read().decode()

    def press(self, target: str, role: Role = Role.ADMINISTRATOR, **fields: object) -> int:
        """Send a form of the page; return the status of the answer."""
        return self._press(target, role, fields)[0]

    def press_for(self, target: str, **fields: object) -> str:
        """Send a form of the page; return where the answer leads."""
        self._press(target, Role.ADMINISTRATOR, fields)
        return self.led_to

    def _press(self, target: str, role: Role, fields: dict[str, object]) -> tuple[int, str]:
        _, page = self.ask("GET", "/account", role=role)
        token = page.split('name="_csrf" value="')[1].split('"')[0]
        form = urlencode({"_csrf": token, **fields}, doseq=True)
        return self.ask("POST", target, form, role)

    def page(self) -> str:
        return self.ask("GET", "/devices/boxes", role=Role.ADMINISTRATOR)[1]

    def new_code(self, *devices: str) -> str:
        """Have the page make a code, and read it there."""
        assert self.press("/devices/boxes", device=list(devices), name="Máy mới") == 303
        found = re.search(r'class="code-text"[^>]*>([0-9A-Z-]{9})<', self.page())
        assert found
        return found[1]

    def join(self, code: str, name: str = "box", address: str = "") -> tuple[int, str, str]:
        """Type `denluot join` on a box of its own; return exit code, output and errors."""
        command = [sys.executable, "-m", "appliance", "join"]
        command += [address] if address else [f"127.0.0.1:{self.port}"]
        command += [code, "--device", str(self.directory / name / "device.toml")]
        command += ["--data", str(self.directory / name / "data")]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=WAIT_S)
        return done.returncode, done.stdout, done.stderr

    def box(self, device: str, name: str = "box", host: str = "") -> "queue.Queue[bool]":
        """Start a process of a joined box; return what it says of its link."""
        file = self.directory / name / "device.toml"
        account = launch_of("kiosk", "", ["--device", str(file)], {}).account(device, "test")
        bus = MqttBus(replace(account, host=host or account.host), random.Random(len(self.boxes)))
        links: queue.Queue[bool] = queue.Queue()
        bus.on_link(links.put)
        self.boxes.append(bus)
        bus.start()
        return links

    def certificate(self) -> str:
        served = ssl.get_server_certificate(("127.0.0.1", self.port))
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(served)).hexdigest()

    def paired(self) -> list[Box]:
        return [box for box in self.server.boxes.list() if box.id != "server"]

    def audited(self) -> list[str]:
        return [each.action for each in audit_page(self.db, AuditQuery(), 50)]

    def cookie(self, role: Role) -> str:
        """Return what the browser of somebody who has logged in sends."""
        if role not in self.cookies:
            accounts = Accounts(self.db)
            accounts.add(Account(role.value, "Người dùng", role, (3,)))
            token = Sessions(self.db).begin(
                role.value, role, "vi", "127.0.0.1", "tests", all_day=False
            )
            self.cookies[role] = f"{SECURE_COOKIE}={token}"
        return self.cookies[role]


@pytest.fixture
def site(sources: Sources, site_db: SiteDb, centre: Centre, tmp_path: Path) -> Iterator[Site]:
    program = mosquitto_program()
    if program is None:
        pytest.skip("mosquitto is not installed")
    data, sock = tmp_path / "data", tmp_path / "mqtt.sock"
    server = SiteServer(data, "nhi-chieu", site_db, sock, port=free_port())
    server.prepare({device.id: device.role.value for device in centre.devices})
    tls = tls_of(str(server.authority.server), str(server.authority.server))
    moved_s = [0.0]

    def monotonic() -> float:
        return time.monotonic() + moved_s[0]

    offers = Offers(monotonic)
    sources = replace(sources, site_server=server, monotonic=monotonic, offers=offers)
    with ExitStack() as ends:
        broker = subprocess.Popen([program, "-c", str(server.files.configuration)], stderr=-3)
        ends.callback(broker.wait, 30)
        ends.callback(broker.terminate)
        until(lambda: server.files.log.exists() and "running" in server.files.log.read_text())
        listener = ends.enter_context(listen("0.0.0.0", 0, tls))  # noqa: S104
        port = listener.getsockname()[1]
        pages = make_server(sources, WebBox(), tls=tls, port=port)
        thread = threading.Thread(target=pages.run, args=([listener],), daemon=True)
        thread.start()
        ends.callback(thread.join, WAIT_S)
        ends.callback(setattr, pages, "should_exit", True)
        site = Site(server, port, tmp_path, site_db, moved_s, offers)
        until(lambda: 'value="kiosk-1"' in site.page())
        yield site
        for bus in site.boxes:
            bus.stop()


@pytest.fixture
def wait_until() -> Callable[[Callable[[], bool]], None]:
    return until
