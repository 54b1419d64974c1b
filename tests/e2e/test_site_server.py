"""A site as its units start it: a box joins broker, service and pages, asks, and is revoked."""

import os
import queue
import re
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bus.broker import free_port, mosquitto_program
from bus.commands import IssueTicket, Reply
from bus.session import Session, at_once, connect
from config import Clock
from config.process import BROKER_VARIABLE, PASSWORD_FILE_VARIABLE
from hall.words.arguments import start as launch_of
from provisioning.accounts import Account, Accounts, Role
from provisioning.authority import server_name
from provisioning.sessions import Sessions
from provisioning.site_db import FILE_NAME, open_site_db
from web.access import SECURE_COOKIE

WITHIN_S = 60.0
SITE = "nhi-chieu"

pytestmark = pytest.mark.full


class Server:
    """The machine that keeps the queue, below a folder of its own."""

    def __init__(self, root: Path, ends: ExitStack) -> None:
        self.data = root / "data"
        self.pages = free_port()
        self.socket = root / "mqtt.sock"
        device = root / "device.toml"
        pem = self.data / "authority/server.pem"
        device.write_text(
            f'site = "{SITE}"\n[web]\nhost = "0.0.0.0"\nport = {self.pages}\n'
            f'certificate = "{pem}"\nkey = "{pem}"\n'
        )
        common = ["--data", str(self.data), "--device", str(device)]
        none = ["--config", str(root / "none.toml"), "--socket", str(self.socket)]
        run("provisioning.broker_files", *common, *none)
        conf = self.data / "broker/mosquitto.conf"
        # The one thing that an installed server does not: another port, for tests at once.
        self.tls = free_port()
        conf.write_text(conf.read_text().replace("listener 8883", f"listener {self.tls}"))
        self._start(ends, [str(mosquitto_program()), "-c", str(conf)])
        until(self.socket.exists)
        for module, account in (("queue_service", "service"), ("web", "web")):
            always = ["--always-open"] if module == "queue_service" else []
            command = [sys.executable, "-m", module, *common, *always]
            self._start(ends, command, account)
        until(lambda: self.answers("/login"))

    def _start(self, ends: ExitStack, command: list[str], account: str = "") -> None:
        environment = os.environ | {
            BROKER_VARIABLE: str(self.socket),
            PASSWORD_FILE_VARIABLE: str(self.data / f"broker/of-devices/{account}"),
        }
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        ends.callback(process.wait, WITHIN_S)
        ends.callback(process.terminate)

    def answers(self, target: str) -> bool:
        try:
            return self.ask("GET", target)[0] in (200, 303)
        except OSError:
            return False

    def ask(self, method: str, target: str, cookie: str = "", form: str = "") -> tuple[int, str]:
        context = ssl.create_default_context(cafile=str(self.data / "authority/authority.crt"))
        connection = HTTPSConnection("127.0.0.1", self.pages, timeout=WITHIN_S, context=context)
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        with closing(connection):
            connection.request(method, target, form, headers)
            response = connection.getresponse()
            return response.status, response.read().decode()


class Administrator:
    """Somebody at the pages."""

    def __init__(self, server: Server) -> None:
        self._server = server
        with closing(open_site_db(server.data / FILE_NAME)) as db:
            Accounts(db).add(Account("chu-tich", "Chủ tịch", Role.ADMINISTRATOR))
            token = Sessions(db).begin(
                "chu-tich", Role.ADMINISTRATOR, "vi", "127.0.0.1", "tests", all_day=False
            )
        self._cookie = f"{SECURE_COOKIE}={token}"

    def page(self) -> str:
        return self._server.ask("GET", "/devices/boxes", self._cookie)[1]

    def press(self, target: str, **fields: object) -> int:
        token = self.page().split('name="_csrf" value="')[1].split('"')[0]
        form = urlencode({"_csrf": token, **fields}, doseq=True)
        return self._server.ask("POST", target, self._cookie, form)[0]


def run(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=WITHIN_S)
    return done.stdout


def until(condition: Callable[[], bool]) -> None:
    deadline, pause = time.monotonic() + WITHIN_S, threading.Event()
    while not condition():
        assert time.monotonic() < deadline
        pause.wait(0.05)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    if mosquitto_program() is None:
        pytest.skip("mosquitto is not installed")
    with ExitStack() as ends:
        yield Server(tmp_path, ends)


def issue(link: Session) -> Reply:
    replies: queue.Queue[Reply] = queue.Queue()
    link.ask(IssueTicket(service="CIVIL"), replies.put)
    return replies.get(timeout=WITHIN_S)


def test_a_box_joins_takes_a_number_and_is_gone_within_five_seconds_of_being_revoked(
    server: Server, tmp_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings += ["broker link lost client=kiosk-1", "broker refused client=kiosk-1"]
    administrator = Administrator(server)
    until(lambda: 'value="kiosk-1"' in administrator.page())
    assert administrator.press("/devices/boxes", device="kiosk-1", name="Cửa chính") == 303
    found = re.search(r'class="code-text"[^>]*>([0-9A-Z-]{9})<', administrator.page())
    assert found
    file = tmp_path / "box/device.toml"
    box = ["--device", str(file), "--data", str(tmp_path / "box/data")]
    run("appliance", "join", f"127.0.0.1:{server.pages}", found[1], *box)
    text = file.read_text()
    assert f'server_name = "{server_name(SITE)}"' in text
    file.write_text(text.replace("port = 8883", f"port = {server.tls}"))
    clock = Clock()
    link = connect(
        launch_of("kiosk", "", ["--device", str(file)], {}).account("kiosk-1", "test"),
        SITE,
        "kiosk",
        now=clock.now,
        monotonic=clock.monotonic,
        deliver=at_once,
    )
    links: queue.Queue[bool] = queue.Queue()
    link.on_link(links.put)
    link.start()
    assert links.get(timeout=WITHIN_S) is True
    reply = issue(link)
    assert reply.ok, reply
    row = re.search(r'name="box" value="([0-9a-f]{8})"', administrator.page())
    assert row
    began = time.monotonic()
    assert administrator.press("/devices/boxes/revoke", box=row[1]) == 303
    assert links.get(timeout=WITHIN_S) is False
    assert time.monotonic() - began < 5.0
    link.stop()
