"""A machine's programs, started as its units say, before and after the power was cut.

What systemd itself makes of the units is tried by `tests/site`, on a machine of its own.
"""

import getpass
import os
import queue
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bus.broker import mosquitto_program
from bus.commands import IssuedTicket, IssueTicket, Reply, result_of
from bus.mqtt import Account
from bus.session import at_once, connect
from config import Clock, load_centre
from config.settings import Device
from config.write import to_toml
from provisioning.broker_settings import TLS_PORT
from provisioning.install.actions import Machine, carry_out
from provisioning.install.device_file import first_device
from provisioning.install.facts import Facts, deploy_files
from provisioning.install.plan import plan, units_of
from provisioning.layout import Layout
from provisioning.roles import Role

pytestmark = [
    pytest.mark.full,
    pytest.mark.engine,
    pytest.mark.skipif(not mosquitto_program(), reason="mosquitto is not installed"),
]

REPOSITORY = Path(__file__).parents[3]
ORDER = ("broker", "service", "web", "kiosk", "announcer")
READY_WITHIN_S = 90.0
OURS = re.compile(r"/(opt|etc|run|var/lib|var/cache)/denluot(-screen)?(?=[/\s]|$)")


@dataclass
class Unit:
    """One unit of the machine as it lies in `etc/systemd/system`, and its process."""

    name: str
    lines: Mapping[str, Sequence[str]]
    root: Path
    process: subprocess.Popen[bytes] | None = None
    notified: socket.socket | None = None
    log: Path = field(default_factory=Path)

    def start(self) -> None:
        """Start it in the environment that systemd gives it, and nothing of this test's own."""
        home = self.root / "var/lib" / self.lines["User"][0]
        environment = {
            "PATH": "/usr/bin:/bin:/usr/sbin",
            "HOME": str(home),
            "USER": getpass.getuser(),
        }
        for line in self.lines.get("Environment", ()):
            for word in shlex.split(line):
                name, _, value = word.partition("=")
                environment[name] = self._placed(value)
        environment["QT_QPA_PLATFORM"] = "offscreen"  # no screen is plugged in here
        environment["PYTHONPATH"] = str(REPOSITORY)
        for kind, folder in {"State": "var/lib", "Cache": "var/cache", "Runtime": "run"}.items():
            for name in self.lines.get(f"{kind}Directory", ()):
                (self.root / folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.lines["Type"][0] == "notify":
            address = self.root / "run" / f"{self.name}.notify"
            address.unlink(missing_ok=True)
            self.notified = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self.notified.bind(str(address))
            self.notified.settimeout(READY_WITHIN_S)
            environment["NOTIFY_SOCKET"] = str(address)
            if "WatchdogSec" in self.lines:
                environment["WATCHDOG_USEC"] = f"{self.lines['WatchdogSec'][0]}000000"
        folder = self._placed(self.lines["WorkingDirectory"][0])
        with self.log.open("ab") as log:
            for line in self.lines.get("ExecStartPre", ()):
                subprocess.run(
                    self._command(line), env=environment, cwd=folder, stderr=log, check=True
                )
            self.process = subprocess.Popen(
                self._command(self.lines["ExecStart"][0]),
                env=environment,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def await_ready(self) -> None:
        """Return when it has told systemd that it works."""
        if self.notified is None:
            return
        try:
            told = self.notified.recv(1000)
        except TimeoutError:
            pytest.fail(f"{self.name} is not ready: {self.log.read_text()[-1500:]}")
        assert b"READY=1" in told, self.name

    def cut(self) -> None:
        """End it as a power cut does."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(30)
        if self.notified:
            self.notified.close()
            self.notified = None

    def _command(self, line: str) -> list[str]:
        program, *arguments = shlex.split(line)
        own = sys.executable if program.startswith("/opt/denluot") else program
        return [own, *(self._placed(argument) for argument in arguments)]

    def _placed(self, text: str) -> str:
        return OURS.sub(lambda found: str(self.root) + found[0], text)


class Box:
    """An installed machine below a folder."""

    def __init__(self, root: Path) -> None:
        self.layout = Layout(root)
        self.site = "hoa-binh"
        self.device = self._install()
        self.units = [self._unit(name) for name in ORDER]

    def start(self) -> None:
        """Start everything in the order that the units have."""
        for unit in self.units:
            unit.start()
            unit.await_ready()

    def cut(self) -> None:
        """Cut the power."""
        for unit in self.units:
            unit.cut()

    def issue(self) -> str:
        """Take a number as the kiosk does."""
        secret = self.layout.broker_password.read_text().strip()
        account = Account(str(self.layout.broker_socket), 0, "visit", "kiosk-1", secret)
        clock = Clock()
        link = connect(
            account,
            self.site,
            "kiosk-1",
            now=clock.now,
            monotonic=clock.monotonic,
            deliver=at_once,
            presence=False,
        )
        replies: queue.SimpleQueue[Reply] = queue.SimpleQueue()
        link.start()
        try:
            service = load_centre(self.layout.centre_file).services[0].code
            link.ask(IssueTicket(service=service), replies.put, within_s=60)
            reply = replies.get(timeout=61)
        finally:
            link.stop()
        assert reply.ok, reply
        return result_of(reply, IssuedTicket).number

    def _install(self) -> Device:
        layout = self.layout
        facts = Facts(deploy=deploy_files(Layout(Path("/nonexistent"))), here=True)
        device = first_device(Role.ALL, facts, self.site, 1)
        centre = to_toml(load_centre()).replace("always_open = false", "always_open = true")
        layout.settings.mkdir(parents=True)
        layout.centre_file.write_text(centre.replace('site = "nhi-chieu"', f'site = "{self.site}"'))
        text = OURS.sub(lambda found: str(layout.root) + found[0], to_toml(device))
        layout.device_file.write_text(text.replace("port = 8443", f"port = {_free_port()}"))
        machine = Machine(layout, self._run, lambda *_: None, self._ask)
        carry_out(plan(Role.ALL, device, facts, layout), machine, lambda *_: None)
        return device

    def _run(self, arguments: Sequence[str]) -> None:
        assert arguments[0] == "systemd-sysusers"
        me = f"{os.getuid()}:{os.getgid()}"
        users = [f"{name}:x:{me}::/:/bin/false\n" for name in ("denluot", "denluot-screen")]
        self.layout.users.parent.mkdir(exist_ok=True)
        self.layout.users.write_text("".join(users))

    def _ask(self, arguments: Sequence[str], _user: int, _group: int) -> str:
        layout = self.layout
        places = {
            "--data": layout.data,
            "--device": layout.device_file,
            "--config": layout.centre_file,
            "--socket": layout.broker_socket,
        }
        said = [str(word) for place in places.items() for word in place]
        told = subprocess.run(
            [sys.executable, *arguments[1:], *said],
            env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
            capture_output=True,
            text=True,
            check=True,
        )
        return told.stdout

    def _unit(self, name: str) -> Unit:
        lines: dict[str, list[str]] = {}
        for file in (f"denluot-{name}.service", "denluot-.service.d/10-hardening.conf"):
            for line in (self.layout.units / file).read_text().splitlines():
                key, is_setting, value = line.partition("=")
                if is_setting and not line.startswith("#"):
                    lines.setdefault(key, []).append(value)
        return Unit(name, lines, self.layout.root, log=self.layout.root / f"{name}.log")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def box() -> Iterator[Box]:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", TLS_PORT))
        except OSError:
            pytest.skip(f"port {TLS_PORT} of the broker is taken on this machine")
    root = Path(tempfile.mkdtemp(prefix="box-"))  # short: sockets lie below it
    box = Box(root)
    yield box
    box.cut()
    shutil.rmtree(root)


def test_the_hall_is_back_after_a_power_cut(box: Box) -> None:
    started = {unit.removesuffix(".service") for unit in units_of(Role.ALL, box.device)}
    assert {f"denluot-{name}" for name in ORDER} <= started
    box.start()
    numbers = [box.issue(), box.issue()]
    box.cut()
    layout = box.layout
    # What a cut leaves behind: a socket nobody listens on, the number of a process that is another
    # one by now, drafts that were half written.
    assert layout.broker_socket.is_socket()
    (layout.broker / "mosquitto.pid").write_text(f"{os.getpid()}\n")
    for place in (layout.device_file, layout.centre_file, layout.broker_password):
        place.with_name(f".{place.name}.new").write_text("[[boar")
        place.with_suffix(".new").write_text("[[boar")
    for folder in (layout.broker, layout.authority, layout.screen_data / "kiosk"):
        for file in list(folder.glob("*.*")):
            file.with_suffix(".new").write_bytes(b"\x00")
    box.start()
    numbers.append(box.issue())
    first = int(numbers[0])
    assert [int(number) for number in numbers] == [first, first + 1, first + 2]


def test_a_second_cut_while_it_starts_is_no_worse(box: Box) -> None:
    box.start()
    first = int(box.issue())
    for stop_at in range(1, len(ORDER)):
        box.cut()
        for unit in box.units[:stop_at]:
            unit.start()  # and the power goes again before it is ready
    box.cut()
    box.start()
    assert int(box.issue()) == first + 1
