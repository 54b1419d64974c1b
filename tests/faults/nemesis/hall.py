"""A hall as it is installed: a box for the server, two kiosks, a TV and desks, each by itself."""

import os
import signal
import subprocess
import sys
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from bus.broker import mosquitto_program
from config import Centre, Clock, load_centre
from config.settings import KnownDevice, OfflineBook, Role
from config.write import to_toml
from nemesis.lan import SERVER, SWITCH, Lan
from nemesis.schedule import BOXES
from nemesis.with_clock import set_offset
from provisioning.authority import server_name
from provisioning.broker_settings import TLS_PORT
from provisioning.site_db import FILE_NAME, open_site_db
from provisioning.site_server import OWN_ROLES, SiteServer

PORT, WIRE_PORT = TLS_PORT, TLS_PORT + 1
SOCKET = "mqtt.sock"
DISK_MB = {"server": 24, "kiosk-a": 24, "kiosk-b": 24}
KEYPAD_ADDRESS = KEYPAD_COUNTER = 6
_BALLAST = "ballast"
_SMALL = ("broker", "service", "kiosk-1", "board-1", "officers-a")
_DEVICES = {
    "kiosk-a": ["kiosk-1"],
    "kiosk-b": ["kiosk-2"],
    "tv": ["board-1", "announcer-1"],
    "desks-a": ["counter-1", "counter-2", "counter-3"],
    "desks-b": ["counter-4", "counter-5", "keypad-1"],
    "witness": ["board-2", "counter-8", "counter-9"],
}
"""What each box is; the witness's are those by which the attack itself asks and lies."""


@dataclass(slots=True)
class Program:
    """One process of a box; only it is ever signalled, by its id."""

    name: str
    box: str
    command: list[str]
    log: Path
    cwd: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    wanted: bool = False
    """It should be running; one that is not has ended by itself."""

    def start(self) -> None:
        """Start it, as its unit would."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*Lan.inside(self.box), *self.command],
                env=self.environment,
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.wanted = True

    def kill(self) -> None:
        """End it at once."""
        self.wanted = False
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=30)

    def signal(self, number: int) -> None:
        """Send it a signal, if it is there."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def stop(self) -> int:
        """End it in good order; return its exit code."""
        self.wanted = False
        if self.process is None:
            return 0
        self.signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait(timeout=30)

    @property
    def crashed(self) -> int | None:
        """Return the exit code of one that should be running and is not."""
        return self.process.poll() if self.wanted and self.process is not None else None


@dataclass(slots=True)
class Site:
    """The files of one hall, and its programs."""

    root: Path
    tree: Path
    """Where the product's source is: this one, or a mutant."""
    seed: int
    clock: Clock
    small: bool = False
    """One kiosk, three counters and a board: enough for most mistakes."""
    passwords: dict[str, str] = field(default_factory=dict)
    authority: Path = Path()
    """The certificate that every box trusts."""
    server_key: Path = Path()
    """What the broker proves itself by."""
    programs: dict[str, Program] = field(default_factory=dict)

    @property
    def history(self) -> Path:
        """Return the directory of what everybody saw."""
        return self.root / "history"

    @property
    def centre_file(self) -> Path:
        """Return the centre's configuration: the built-in one with a second kiosk."""
        return self.root / "centre.toml"

    def centre(self) -> Centre:
        """Return the centre."""
        return load_centre(self.centre_file)

    def data(self, box: str) -> Path:
        """Return the data directory of a box."""
        return self.root / box

    def clock_file(self, program: str) -> Path:
        """Return the file that says how far a program's clock is off."""
        return self.root / f"{program}.clock"

    def prepare(self) -> None:
        """Write every file and describe every program."""
        self.history.mkdir()
        for box in BOXES:
            self.data(box).mkdir()
            if box in DISK_MB:
                size = f"size={DISK_MB[box]}m"
                mount = ["mount", "-t", "tmpfs", "-o", size, "none", str(self.data(box))]
                subprocess.run(mount, check=True)
        self.centre_file.write_text(to_toml(_two_kiosks()))
        self._prepare_server()
        self._describe()

    def fill(self, box: str) -> None:
        """Leave no room on the disk of a box."""
        with suppress(OSError), (self.data(box) / _BALLAST).open("wb", buffering=0) as ballast:
            size = 1 << 16
            while size:
                try:
                    ballast.write(bytes(size))
                except OSError:
                    size //= 2

    def empty(self, box: str) -> None:
        """Make room again."""
        (self.data(box) / _BALLAST).unlink(missing_ok=True)

    def _prepare_server(self) -> None:
        """Make the site's authority, an account for every box, and the broker's files."""
        data, centre = self.data("server"), self.centre()
        socket = self.root / SOCKET
        with closing(open_site_db(data / FILE_NAME, lambda: datetime.now(UTC))) as db:  # noqa: TID251
            server = SiteServer(data, centre.identity.site, db, socket, names=[SERVER])
            server.prepare({device.id: device.role.value for device in centre.devices})
            for box, devices in _DEVICES.items():
                _, password = server.boxes.pair(
                    box, devices, by="nemesis", address=SERVER, box=f"box-{box}"
                )
                self.passwords |= dict.fromkeys(devices, password)
            server.write()
            self.passwords["observer"] = server.password_file("observer").read_text().strip()
            self.authority = server.authority.public
            self.server_key = server.authority.server
        for device, password in self.passwords.items():
            secret = self.root / f"{device}.password"
            secret.write_text(f"{password}\n")
            secret.chmod(0o600)

    @property
    def devices(self) -> list[str]:
        """Return the devices that are there while the hall is well."""
        shown = {"officers-a": "counter-1", "officers-b": "counter-4", "panel": "counter-5"}
        silent = ("broker", "web", "keypad")
        return [shown.get(name, name) for name in self.programs if name not in silent]

    def _describe(self) -> None:
        broker = [
            mosquitto_program() or "mosquitto",
            "-c",
            str(self.data("server") / "broker/mosquitto.conf"),
        ]
        self._add("broker", "server", broker)
        service = ("--config", str(self.centre_file), "--always-open")
        self._python("service", "server", "observer", "queue_service", *service)
        self._python("web", "server", "observer", "web")
        history = ("--history", str(self.history), "--seed", str(self.seed))
        for kiosk, box in (("kiosk-1", "kiosk-a"), ("kiosk-2", "kiosk-b")):
            self._python(kiosk, box, kiosk, "nemesis.citizens", *history)
        self._python("board-1", "tv", "board-1", "display.board", "--board", "board-1")
        self._python("announcer-1", "tv", "announcer-1", "display.announcer")
        passwords = self.root / "officers.json"
        passwords.write_text(repr(self.passwords).replace("'", '"'))
        for name, box, counters in (
            ("officers-a", "desks-a", "123"),
            ("officers-b", "desks-b", "4"),
        ):
            words = (*history, "--passwords", str(passwords), *counters)
            self._python(name, box, "counter-1", "nemesis.officers", *words)
        self._python("panel", "desks-b", "counter-5", "counter_caller.panel", "--counter", "5")
        keypad = ("--keypad", "keypad-1")
        self._python("keypad", "desks-b", "keypad-1", "counter_caller.keypad", *keypad)
        if self.small:
            self.programs = {name: self.programs[name] for name in _SMALL}

    def _python(self, name: str, box: str, device: str, module: str, *words: str) -> None:
        clock = self.clock_file(name)
        set_offset(clock, 0.0)
        own = [sys.executable, "-m", "nemesis.with_clock", str(clock), module]
        files = [
            "--device",
            str(self._device_file(name, box, device)),
            "--data",
            str(self.data(box)),
        ]
        self._add(name, box, [*own, *files, *words])

    def _add(self, name: str, box: str, command: list[str]) -> None:
        environment = os.environ | {
            "PYTHONPATH": f"{self.tree}:{Path(__file__).parents[1]}",
            "DENLUOT_CLOCK": str(self.clock),
            "QT_QPA_PLATFORM": "offscreen",
            "QT_QUICK_BACKEND": "software",
        }
        if name in OWN_ROLES:
            own = self.data("server") / "broker/of-devices" / name
            environment |= {
                "DENLUOT_BROKER": str(self.root / SOCKET),
                "DENLUOT_PASSWORD_FILE": str(own),
            }
        log = self.root / f"{name}.log"
        self.programs[name] = Program(name, box, command, log, self.tree, environment)

    def _device_file(self, name: str, box: str, device: str) -> Path:
        through_wire = box in ("desks-a", "kiosk-b")
        host, port = (SWITCH, WIRE_PORT) if through_wire else (SERVER, PORT)
        text = f"""
[broker]
host = "{host}"
port = {port}
tls = true
ca_file = "{self.authority}"
server_name = "{server_name(self.centre().identity.site)}"
password_file = "{self.root / device}.password"

[kiosk]
device = "{device if device.startswith("kiosk") else "kiosk-1"}"

[announcer]
device = "announcer-1"
speaker = {{ driver = "simulated" }}

[[keypads]]
device = "keypad-1"

[[keypads.call_devices]]
driver = "serial"
url = "{self.data("desks-b") / "line"}"
units = [{{ address = {KEYPAD_ADDRESS}, counter = {KEYPAD_COUNTER} }}]
"""
        file = self.root / f"{name}.toml"
        file.write_text(text)
        return file


def _two_kiosks() -> Centre:
    """Return the built-in centre with a second kiosk, which has a book of its own."""
    centre = load_centre()
    book = OfflineBook(kiosk="kiosk-2", first=951, last=989)
    numbering = replace(centre.numbering, books=(*centre.numbering.books, book))
    devices = (*centre.devices, KnownDevice(id="kiosk-2", role=Role.KIOSK))
    return replace(centre, numbering=numbering, devices=devices)
