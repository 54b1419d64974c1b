"""From a stick to a running hall, and through a power cut, in a bare Debian that boots systemd.

    sudo .venv/bin/python tests/site/run.py --stick DIR [--suite bookworm] [--report FILE]

DIR is what `denluot bundle` made. The machine has no network; what it lacks besides is a screen, so
its windows are drawn into memory. Prints each step with its seconds; exits 1 where one fails.
"""

import argparse
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYTHON = "/opt/denluot/current/bin/python"
SCREENLESS = "[Service]\nEnvironment=QT_QPA_PLATFORM=offscreen\n"
WINDOWS = ("denluot-kiosk.service", "denluot-board@board-1.service")
SERVICES = ("denluot-broker", "denluot-service", "denluot-web", *WINDOWS, "denluot-announcer")
RUNS_WITHIN_S = 300.0
"""On a small PC it takes a tenth of that; this is to tell a hang from a busy build machine."""

POLL_S = 0.2
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
    options = new_parser(__doc__).parse_args()
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
    key = hashlib.sha256((options.stick / "denluot-archive.gpg").read_bytes()).hexdigest()
    installer = ("sh", "/media/stick/install.sh", "--role", "all", "--fingerprint", key)
    machine.run(*installer, check=True)
    report.step("installed from the stick")
    first = serve(machine)
    report.step(f"hall running: {first} taken, called, shown")
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
    for unit in (*WINDOWS, "denluot-first-window.service"):
        folder = root / "etc/systemd/system" / f"{unit}.d"
        folder.mkdir(parents=True)
        (folder / "90-screenless.conf").write_text(SCREENLESS)
    shutil.copy(Path(__file__).with_name("visit.py"), root / "opt/visit.py")


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
        self._nspawn = subprocess.Popen(
            [*command, *apart, f"--bind-ro={self.stick}:/media/stick"],
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
        groups = Path("/sys/fs/cgroup").glob("*/payload"), Path("/sys/fs/cgroup").glob("payload")
        for top in (path for found in groups for path in found):
            for folder in (
                *sorted(top.rglob("*/"), reverse=True),
                top,
                top.with_name("supervisor"),
            ):
                with suppress(OSError):  # a group that somebody is in stays
                    folder.rmdir()

    def run(self, *command: str, check: bool = False, within_s: float = 900) -> str:
        """Run a command on it as root; return what it said. Raises SiteError when `check` fails."""
        enter = ["nsenter", f"--target={self._init}", "--mount", "--uts", "--ipc", "--net", "--pid"]
        clean = ["/usr/bin/env", "-i", "HOME=/root", "LANG=C.UTF-8", "PATH=/usr/sbin:/usr/bin"]
        done = subprocess.run(
            [*enter, "--root", "--wd", *clean, *command],
            stdin=subprocess.DEVNULL,
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
