"""From a stick to a running hall, and through a power cut, in a bare Debian that boots systemd.

    sudo .venv/bin/python tests/site/run.py --stick DIR [--suite bookworm] [--report FILE]

DIR is what `denluot bundle` made. The machine has no network; it has no screen for windows either,
so these are drawn into memory. Its console is console 8 of this computer, where that has consoles:
the first start is read off it, and a key is pressed there. Prints each step with its seconds; exits
1 where one fails.
"""

import argparse
import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYTHON = "/opt/denluot/current/bin/python"
WINDOWS = ("denluot-kiosk.service", "denluot-board@board-1.service")
FIRST_WINDOW = "denluot-first-window.service"
SCREEN = """
[Service]
User=denluot-screen
Environment=XDG_RUNTIME_DIR=/run/denluot-screen WLR_RENDERER=pixman
Environment=WLR_BACKENDS=headless WLR_LIBINPUT_NO_DEVICES=1
ExecStart=/usr/bin/cage -- /usr/bin/sleep infinity
ExecStartPost=/bin/sh -c 'until test -S /run/denluot-screen/wayland-0; do sleep 0.1; done'
TimeoutStartSec=60
"""
SERVICES = ("denluot-broker", "denluot-service", "denluot-web", *WINDOWS, "denluot-announcer")
RUNS_WITHIN_S = 300.0
"""On a small PC it takes a tenth of that; this is to tell a hang from a busy build machine."""

POLL_S = 0.2
_VT_ACTIVATE = 0x5606
CODE = re.compile(r"\b[A-Z2-9]{5}(?:-[A-Z2-9]{5}){3}\b")
TOUCH = """
import socket
with socket.socket(socket.AF_UNIX) as window:
    window.connect("/run/denluot-first.sock")
    window.settimeout(60)
    window.sendall(b" ")
    for line in window.makefile():
        print(line)
        if '"stage":"shown"' in line:
            break
"""
_UNIFIED = {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"}


class Report:
    """What happened, as it happens."""

    def __init__(self) -> None:
        self.steps: dict[str, float] = {}
        self._began = time.monotonic()

    def step(self, name: str) -> None:
        """Say that a step is done, and how long it took."""
        now = time.monotonic()
        self.steps[name] = round(now - self._began, 1)
        self._began = now
        say(f"{self.steps[name]:7.1f} s  {name}")


def main() -> int:
    parser = new_parser(__doc__)
    places = ["console", "window"] if ConsoleScreen.is_there() else ["window"]
    parser.add_argument("--first", choices=places, default=places[0])
    options = parser.parse_args()
    if lacking := Machine.lacking():
        say(f"cannot run here: {lacking}")
        return 2
    with tempfile.TemporaryDirectory(prefix="denluot-site-", dir=options.work) as work:
        log = Path(work) / "site.log"
        machine = Machine(Path(work) / "machine", options.stick.resolve(), log)
        report = Report()
        try:
            tell_story(machine, options, report)
        except SiteError as error:
            say(str(error))
            say(f"FAILED after: {', '.join(report.steps)}")
            return 1
        finally:
            machine.put_away()
            if options.log:
                shutil.copy(log, options.log)
    if options.report:
        options.report.write_text(json.dumps(report.steps, indent=1) + "\n")
    return 0


def tell_story(machine: "Machine", options: argparse.Namespace, report: Report) -> None:
    """Install, serve, cut the power, serve again; raises SiteError."""
    machine.bootstrap(options.suite, options.mirror, options.cache)
    report.step("a bare Debian")
    machine.power_on()
    report.step("it boots")
    place_hall(machine.root)
    if options.first == "window":
        place_compositor(machine.root)
    key = hashlib.sha256((options.stick / "denluot-archive.gpg").read_bytes()).hexdigest()
    installer = ("sh", "/media/stick/install.sh", "--fingerprint", key, "--role")
    if options.first == "console":
        machine.run(*installer, "server", check=True)
        report.step("installed from the stick: server")
        begin(machine, console_code(machine), "denluot-first.service")
        report.step("the code of its own screen made the first administrator")
    machine.run(*installer, "all", check=True)
    report.step("installed from the stick: all")
    if options.first == "window":
        begin(machine, window_code(machine), FIRST_WINDOW)
        report.step("the code of the window made the first administrator")
    first = serve(machine)
    report.step(f"hall running: {first} taken, called, shown")
    machine.run(PYTHON, "/opt/first_day.py", "printer", check=True)
    report.step("a test ticket from the first start")
    machine.cut_power()
    machine.power_on()
    second = serve(machine)
    report.step(f"power cut, running again by itself: {second} taken, called, shown")
    if not first < second:
        raise SiteError(f"{second} was given after {first}")
    machine.cut_power()
    machine.power_on()
    serve(machine)
    report.step("and once more")
    machine.run("/usr/bin/denluot", "verify", "--data", "/var/lib/denluot", check=True)
    report.step("the log is whole")
    machine.run("/usr/bin/denluot", "uninstall", check=True)
    if not (machine.root / "var/lib/denluot").is_dir():
        raise SiteError("uninstalling took the data along")
    report.step("uninstalled, the data are kept")


def place_hall(root: Path) -> None:
    """Lay down what the first-start page would ask for, and windows that need no screen."""
    centre = (ROOT / "config/centres/nhi-chieu.toml").read_text()
    (root / "etc/denluot").mkdir(exist_ok=True)
    (root / "etc/denluot/centre.toml").write_text(
        centre.replace("[hours]\n", "[hours]\nalways_open = true\n", 1)
    )
    units = root / "etc/systemd/system"
    for unit in (*WINDOWS, FIRST_WINDOW):
        place_setting(units, unit, "90", "[Service]\nEnvironment=QT_QPA_PLATFORM=offscreen\n")
    # No graphics: nothing for X11.
    nowhere = "[Unit]\nConditionPathExists=/nowhere\n"
    place_setting(units, "denluot-desktop.service", "90", nowhere)
    for name in ("visit.py", "first_day.py"):
        shutil.copy(Path(__file__).with_name(name), root / "opt" / name)
    # Whoever has consoles gets a login on the first one; this machine has the eighth alone.
    (root / "etc/systemd/system/getty@tty1.service").symlink_to("/dev/null")


def place_setting(units: Path, unit: str, order: str, text: str) -> None:
    folder = units / f"{unit}.d"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{order}-site.conf").write_text(text)


def place_compositor(root: Path) -> None:
    """Have the window of the first start on cage's screen, which is drawn into memory.

    The other windows would be behind it, where nothing is drawn.
    """
    units, screen = root / "etc/systemd/system", "site-screen.service"
    (units / screen).write_text(SCREEN)
    onto = f"[Unit]\nRequires={screen}\nAfter={screen}\n"
    place_setting(
        units, FIRST_WINDOW, "91", f"{onto}[Service]\nEnvironment=QT_QPA_PLATFORM=wayland\n"
    )


def console_code(machine: "Machine") -> str:
    """Press a key at the server's own screen; return the code that it shows. Raises SiteError."""
    screen = ConsoleScreen()
    wait_until("the first start is on the screen", lambda: "Máy chủ mới" in screen.text(), 120)
    if CODE.search(screen.text()):
        raise SiteError("the code is shown before anybody has pressed a key")
    active = machine.run("cat", "/sys/class/tty/tty0/active").strip()
    say(f"          the console that is seen: {active}")
    screen.press()
    wait_until("the code is on the screen", lambda: CODE.search(screen.text()), 30)
    found = CODE.search(screen.text())
    assert found
    return found[0]


def window_code(machine: "Machine") -> str:
    """Touch the window of the first start, as its own connection does; return the code."""
    wait_until(
        "the pages answer",
        lambda: machine.run("systemctl", "is-active", "denluot-web.service").strip() == "active",
        RUNS_WITHIN_S,
    )
    wait_until(
        "the window of the first start is there",
        lambda: machine.run("systemctl", "is-active", FIRST_WINDOW).strip() == "active",
        120,
    )
    as_screen = ("setpriv", "--reuid=denluot-screen", "--regid=denluot-screen", "--clear-groups")
    said = machine.run(*as_screen, PYTHON, "-c", TOUCH, check=True)
    found = CODE.search(said)
    if not found:
        raise SiteError(f"the window got no code: {said[-400:]}")
    restarts = machine.run("systemctl", "show", "--property=NRestarts", FIRST_WINDOW).strip()
    if restarts != "NRestarts=0":
        raise SiteError(f"the window does not stay on the screen: {restarts}")
    return found[0]


def begin(machine: "Machine", code: str, unit: str) -> None:
    """Make the first administrator; the screen closes, and nothing has written the code down."""
    wait_until(
        "the pages answer",
        lambda: machine.run("systemctl", "is-active", "denluot-web.service").strip() == "active",
        RUNS_WITHIN_S,
    )
    machine.run(PYTHON, "/opt/first_day.py", "account", check=True, typed=f"{code}\n")

    def is_over() -> bool:
        return machine.run("systemctl", "is-active", unit).strip() != "active"

    wait_until(f"{unit} has ended", is_over, 60)
    machine.run("systemctl", "start", unit)
    wait_until(f"{unit} stays away", is_over, 60)
    if code in machine.run("journalctl", "--no-pager", "--output=cat"):
        raise SiteError("the code is in the journal")
    if unit == "denluot-first.service" and CODE.search(ConsoleScreen().text()):
        raise SiteError("the code is still on the screen")


def serve(machine: "Machine") -> str:
    """Serve one person once everything runs; return the number. Raises SiteError."""
    names = [name if "." in name else f"{name}.service" for name in SERVICES]

    def all_active() -> bool:
        return machine.run("systemctl", "is-active", *names).split() == ["active"] * len(names)

    wait_until(f"running: {', '.join(names)}", all_active, RUNS_WITHIN_S)
    said = machine.run(PYTHON, "/opt/visit.py", check=True)
    return str(json.loads(said.splitlines()[-1])["number"])


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def new_parser(about: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=about.partition("\n")[0])
    add = parser.add_argument
    add("--stick", type=Path, required=True, metavar="DIR", help="what `denluot bundle` made")
    add("--suite", default="bookworm", choices=["bookworm", "trixie"])
    add("--mirror", default="http://deb.debian.org/debian", metavar="URL")
    add("--work", type=Path, metavar="DIR", help="a place with 4 GB free")
    add("--cache", type=Path, metavar="DIR", help="downloads of debootstrap, kept")
    add("--report", type=Path, metavar="FILE", help="where to write the seconds of each step")
    add("--log", type=Path, metavar="FILE", help="where to keep what everything said")
    return parser


class SiteError(Exception):
    """The machine did not do what it must; the message says what."""


def wait_until(what: str, holds: Callable[[], object], within_s: float) -> float:
    """Return after how many seconds something held; raises SiteError when it never did."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > within_s:
            raise SiteError(f"not within {within_s:.0f} s: {what}")
        threading.Event().wait(POLL_S)
    return time.monotonic() - began


class ConsoleScreen:
    """Console 8 of this computer, which the machine has as its own: read, and typed at."""

    NODES = tuple(Path("/dev") / name for name in ("tty0", "tty8"))
    _TEXT, _SHAPE = Path("/dev/vcsu8"), Path("/dev/vcsa8")

    @classmethod
    def is_there(cls) -> bool:
        """Return whether this computer has consoles that a machine can be given."""
        return all(node.is_char_device() for node in cls.NODES)

    def text(self) -> str:
        """Return what is on the screen; nothing while nobody has opened it."""
        try:
            lines, columns = self._SHAPE.read_bytes()[:2]
            shown = self._TEXT.read_bytes().decode("utf-32-le", "replace")
        except (OSError, ValueError):
            return ""
        rows = (shown[at : at + columns] for at in range(0, lines * columns, columns))
        return "\n".join(row.rstrip() for row in rows)

    def press(self) -> None:
        """Press a key."""
        terminal = os.open("/dev/tty8", os.O_RDWR | os.O_NOCTTY)
        try:
            fcntl.ioctl(terminal, termios.TIOCSTI, b" ")
        finally:
            os.close(terminal)

    def give_back(self) -> None:
        """Show the first console of this computer again, as before."""
        with self.NODES[0].open("rb") as console:
            fcntl.ioctl(console, _VT_ACTIVATE, 1)


class Machine:
    """A machine in namespaces of its own, without any network but the loopback."""

    def __init__(self, root: Path, stick: Path, log: Path) -> None:
        self.root = root
        self.stick = stick
        self._log = log
        self._nspawn: subprocess.Popen[bytes] | None = None
        self._init = 0

    @staticmethod
    def lacking() -> str:
        """Return what this computer lacks for it, "" when it has all."""
        if os.geteuid() != 0:
            return "needs root"
        programs = ("debootstrap", "systemd-nspawn", "nsenter")
        return ", ".join(name for name in programs if not shutil.which(name))

    def bootstrap(self, suite: str, mirror: str, cache: Path | None = None) -> None:
        """Make the tree of a minimal Debian with systemd, as its own installer leaves it."""
        kept = (f"--cache-dir={cache}",) if cache else ()
        included = "systemd,systemd-sysv,dbus,udev,libpam-systemd,ca-certificates"
        command: list[str | Path] = [
            "debootstrap",
            "--variant=minbase",
            f"--include={included}",
            *kept,
        ]
        command += [suite, self.root, mirror]
        with self._log.open("ab") as log:
            subprocess.run(command, stdout=log, stderr=log, check=True)
        for name in ("resolv.conf", "sources.list"):  # it reaches no network, and needs none
            for file in (self.root / "etc").rglob(name):
                file.unlink()
        (self.root / "etc/hostname").write_text("phuong-thu\n")

    def power_on(self, target: str = "") -> None:
        """Boot; return when everything was started, or when `target` was reached."""
        command = ("systemd-nspawn", "--quiet", "--directory", self.root, "--boot")
        apart = ("--register=no", "--keep-unit", "--private-network", "--console=pipe")
        nodes = ConsoleScreen.NODES if ConsoleScreen.is_there() else ()
        screen = [f"--bind={node}" for node in nodes]
        self._nspawn = subprocess.Popen(
            [*command, *apart, *screen, f"--bind-ro={self.stick}:/media/stick"],
            stdin=subprocess.DEVNULL,
            stdout=self._log.open("ab"),
            stderr=subprocess.STDOUT,
            env={**os.environ, **_UNIFIED},
        )
        wait_until("the machine has an init", self._has_init, 60)
        wait_until("systemd has booted", lambda: self._has_booted(target), 120)

    def cut_power(self) -> None:
        """End every process of the machine at the same instant, with no chance to say goodbye."""
        assert self._nspawn
        os.kill(self._init, signal.SIGKILL)  # the first process of its namespace takes all along
        self._nspawn.wait(60)
        self._nspawn = None

    def put_away(self) -> None:
        """End it if it runs; it leaves nothing behind but its tree."""
        if self._nspawn and self._nspawn.poll() is None:
            self.cut_power()
        if ConsoleScreen.is_there():
            ConsoleScreen().give_back()
        groups = Path("/sys/fs/cgroup").glob("*/payload"), Path("/sys/fs/cgroup").glob("payload")
        for top in (path for found in groups for path in found):
            for folder in (
                *sorted(top.rglob("*/"), reverse=True),
                top,
                top.with_name("supervisor"),
            ):
                with suppress(OSError):  # a group that somebody is in stays
                    folder.rmdir()

    def run(
        self, *command: str, check: bool = False, within_s: float = 900, typed: str = ""
    ) -> str:
        """Run a command on it as root; return what it said. Raises SiteError when `check` fails."""
        enter = ["nsenter", f"--target={self._init}", "--mount", "--uts", "--ipc", "--net", "--pid"]
        clean = ["/usr/bin/env", "-i", "HOME=/root", "LANG=C.UTF-8", "PATH=/usr/sbin:/usr/bin"]
        done = subprocess.run(
            [*enter, "--root", "--wd", *clean, *command],
            input=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=within_s,
            check=False,
        )
        with self._log.open("a") as log:
            log.write(f"$ {' '.join(command)}\n{done.stdout}")
        if check and done.returncode:
            raise SiteError(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout[-4000:]}")
        return done.stdout

    def _has_booted(self, target: str) -> bool:
        if target:
            return self.run("systemctl", "is-active", target).strip() == "active"
        return self.run("systemctl", "is-system-running").strip() in ("running", "degraded")

    def _has_init(self) -> bool:
        assert self._nspawn
        if self._nspawn.poll() is not None:
            raise SiteError(f"systemd-nspawn ended; see {self._log}")
        children = Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children").read_text()
        self._init = int((children.split() or ["0"])[0])
        return bool(self._init) and Path(f"/proc/{self._init}/comm").read_text() == "systemd\n"


if __name__ == "__main__":
    sys.exit(main())
