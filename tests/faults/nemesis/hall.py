"""A hall as it is installed: a box for the server, two kiosks, a TV and desks, each by itself."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from bus.broker import access_rules, mosquitto_program
from config import Centre, Clock, load_centre
from config.settings import KnownDevice, OfflineBook, Role
from config.write import to_toml
from nemesis.lan import SERVER, SWITCH, Lan
from nemesis.schedule import BOXES
from nemesis.with_clock import set_offset

PORT, WIRE_PORT = 1883, 1884
DISK_MB = {"server": 24, "kiosk-a": 24, "kiosk-b": 24}
KEYPAD_ADDRESS = KEYPAD_COUNTER = 6
_BALLAST = "ballast"


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
    passwords: dict[str, str] = field(default_factory=dict)
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
        roles = {device.id: device.role.value for device in self.centre().devices}
        self._prepare_broker(roles | {"service": "service", "observer": "observer"})
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

    def _prepare_broker(self, roles: dict[str, str]) -> None:
        folder = self.root / "broker"
        folder.mkdir(mode=0o700)
        self.passwords = {device: os.urandom(18).hex() for device in roles}
        secrets = folder / "passwords"
        secrets.write_text("".join(f"{k}:{v}\n" for k, v in self.passwords.items()))
        subprocess.run(["mosquitto_passwd", "-U", str(secrets)], check=True)
        (folder / "acl").write_text(access_rules(self.centre().identity.site, roles))
        for name in ("passwords", "acl"):
            (folder / name).chmod(0o600)
        for device, password in self.passwords.items():
            secret = self.root / f"{device}.password"
            secret.write_text(f"{password}\n")
            secret.chmod(0o600)
        (folder / "mosquitto.conf").write_text(
            f"user root\nlistener {PORT} 0.0.0.0\nallow_anonymous false\n"
            f"password_file {secrets}\nacl_file {folder / 'acl'}\npersistence false\n"
            "set_tcp_nodelay true\nmax_queued_messages 20000\nmax_inflight_messages 200\n"
        )

    def _describe(self) -> None:
        broker = [
            mosquitto_program() or "mosquitto",
            "-c",
            str(self.root / "broker/mosquitto.conf"),
        ]
        self._add("broker", "server", broker)
        service = ("--config", str(self.centre_file), "--always-open")
        self._python("service", "server", "service", "queue_service", *service)
        self._python("web", "server", "web", "web")
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
        log = self.root / f"{name}.log"
        self.programs[name] = Program(name, box, command, log, self.tree, environment)

    def _device_file(self, name: str, box: str, device: str) -> Path:
        through_wire = box in ("desks-a", "kiosk-b")
        host, port = (SWITCH, WIRE_PORT) if through_wire else (SERVER, PORT)
        text = f"""
[broker]
host = "{host}"
port = {port}
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
