"""The machine as an upgrade needs it: dpkg and apt, systemd, the health of what runs."""

import http.client
import logging
import os
import ssl
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hall.words import N_
from provisioning.layout import Layout
from provisioning.roles import installed_role
from provisioning.upgrade.errors import UpgradeError
from provisioning.upgrade.offer import Offer, Run
from provisioning.upgrade.steps import Say

_log = logging.getLogger(__name__)

_LONGEST_S = 1800
_ANSWER_WITHIN_S = 5.0
_OK = 200
_LAST_LETTERS = 600
_LOGGED_LETTERS = 4000
"""What apt finds wrong stands in what it says; its error only says that there is something."""
_APT = (
    "apt-get",
    "-q",
    "-o=Acquire::Check-Valid-Until=false",
    "-o=Acquire::Check-Date=false",
    "-o=Acquire::Languages=none",
    "-o=APT::Sandbox::User=root",
    "-o=APT::Install-Recommends=false",
    "-o=APT::Get::AllowUnauthenticated=false",
    "-o=APT::Update::Error-Mode=any",
    "-o=Dpkg::Use-Pty=0",
    "-o=Dpkg::Options::=--force-confold",
)
"""As the stick's install.sh calls it: a box's clock may be wrong, so dates prove nothing."""
_WELL = frozenset({"active", "inactive"})


def run_program(program: Sequence[str]) -> str:
    """Run a program of the system and return what it wrote; raises UpgradeError."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(  # noqa: S603 - programs of the system, named by us
            program,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_LONGEST_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UpgradeError(
            N_("{program} không chạy được: {error}"), program=program[0], error=error
        ) from error
    if done.returncode:
        _log.info("%s exit=%s said=%s", program[0], done.returncode, done.stdout[-_LOGGED_LETTERS:])
        said = " ".join((done.stderr.strip() or done.stdout.strip())[-_LAST_LETTERS:].split())
        raise UpgradeError(N_("{program} không chạy được: {error}"), program=program[0], error=said)
    return done.stdout


@dataclass(frozen=True, slots=True)
class AptPackages:
    """Packages by apt, with the bundle as its only source; loose packages have none."""

    layout: Layout
    run: Run
    key: Path

    def install(self, offer: Offer) -> None:
        """Install the release and the Debian packages that this machine's role needs by now."""
        self.run(["dpkg", "--configure", "-a"])  # what a power cut left half done
        sources = self._sources(offer)
        self.run([*_APT, *sources, "update"])
        wanted = [offer.package] if offer.repository else [str(path) for path in offer.packages]
        self.run([*_APT, *sources, "-y", "install", *wanted, *self._debian_packages(offer)])

    def remove(self, version: str) -> None:
        """Remove a release, and of the runtimes those that no release needs any more."""
        self.run([*_APT, "-y", "remove", f"denluot-{version}"])
        query = ["dpkg-query", "-W", "-f=${db:Status-Abbrev}|${Package}|${Depends}\n", "denluot-*"]
        installed = [
            (name, depends)
            for state, name, depends in (
                line.split("|", 2) for line in self.run(query).splitlines() if line.count("|") > 1
            )
            if state.startswith("ii")
        ]
        needed = " ".join(depends for _, depends in installed)
        for name, _ in installed:
            if name.startswith("denluot-runtime-") and name not in needed:
                self.run([*_APT, "-y", "remove", name])

    def _sources(self, offer: Offer) -> list[str]:
        work = self.layout.upgrade / "apt"
        (work / "lists/partial").mkdir(parents=True, exist_ok=True)
        (work / "parts").mkdir(exist_ok=True)
        source = ""
        if offer.repository:
            place = str(offer.repository.resolve()).replace(" ", "%20")
            source = f"deb [signed-by={self.key.resolve()}] file:{place} ./\n"
        (work / "sources.list").write_text(source, encoding="utf-8")
        return [
            f"-o=Dir::Etc::sourcelist={work}/sources.list",
            f"-o=Dir::Etc::sourceparts={work}/parts",
            f"-o=Dir::State::lists={work}/lists",
            "-o=Dir::Cache::pkgcache=",
            "-o=Dir::Cache::srcpkgcache=",
        ]

    def _debian_packages(self, offer: Offer) -> list[str]:
        """Ask the application's package what of Debian this machine's role needs."""
        role = installed_role(self.layout)
        if role is None:
            return []
        application = str(offer.packages[-1])
        said = self.run(["dpkg-deb", "--field", application, f"Denluot-Role-{role}"])
        return [name.strip() for name in said.split(",") if name.strip()]


@dataclass(frozen=True, slots=True)
class UnpackedPackages:
    """Packages below another root than the machine's own: unpacked, and known to no dpkg."""

    layout: Layout
    run: Run

    def install(self, offer: Offer) -> None:
        """Unpack our packages."""
        for package in offer.packages:
            self.run(["dpkg-deb", "-x", str(package), str(self.layout.root)])

    def remove(self, version: str) -> None:
        """Delete the release."""
        self.run(["rm", "-rf", "--one-file-system", str(self.layout.releases / version)])


@dataclass(frozen=True, slots=True)
class SystemdUnits:
    """The units of this machine, by systemd; `health` says what else is wrong."""

    layout: Layout
    run: Run
    health: Callable[[], str]
    watched: bool = True

    def prepare(self) -> None:
        """Lay a unit that is there as long as the upgrade: nothing of ours runs as root else."""
        self._resume_unit.write_text(
            "[Unit]\nDescription=Đến Lượt: làm nốt lần nâng cấp\nAfter=denluot.target\n\n"
            "[Service]\nType=oneshot\nTimeoutStartSec=30min\n"
            f"ExecStart={self.layout.upgrading}/bin/denluot upgrade --resume\n",
            encoding="utf-8",
        )
        self._resume_link.parent.mkdir(parents=True, exist_ok=True)
        self._resume_link.unlink(missing_ok=True)
        self._resume_link.symlink_to(f"../{self._resume_unit.name}")

    def settle(self) -> None:
        """Take the unit away."""
        self._resume_link.unlink(missing_ok=True)
        self._resume_unit.unlink(missing_ok=True)

    @property
    def _resume_unit(self) -> Path:
        return self.layout.units / "upgrade-denluot.service"

    @property
    def _resume_link(self) -> Path:
        return self.layout.units / "multi-user.target.wants" / self._resume_unit.name

    def stop(self) -> None:
        """Stop everything of ours, and wait for it: the target alone is stopped before the rest."""
        self.run(["systemctl", "stop", "denluot.target", "denluot-*"])

    def start(self) -> None:
        """Lay out the units of the release that is current, and start them."""
        if installed_role(self.layout) is not None:
            self.run([str(self.layout.current / "bin/denluot"), "install"])
        self.run(["systemctl", "daemon-reload"])
        self.run(["systemctl", "start", "denluot.target"])

    def failing(self) -> Mapping[str, str]:
        """Return the units that do not run, and what health says is wrong.

        Those that our target wants: one that a socket started for a window that is open is busy for
        as long as the window is, which is no trouble.
        """
        wanted = self.run(["systemctl", "show", "--property=Wants", "--value", "denluot.target"])
        services = [name for name in wanted.split() if name.endswith(".service")]
        show = ["systemctl", "show", "--property=Id,ActiveState", "--", *services]
        said = self.run(show) if services else ""
        units = [
            dict(line.split("=", 1) for line in block.splitlines()) for block in said.split("\n\n")
        ]
        found = {
            unit["Id"]: unit["Id"] for unit in units if unit and unit["ActiveState"] not in _WELL
        }
        if wrong := self.health():
            found["health"] = wrong
        return found


@dataclass(frozen=True, slots=True)
class PersonsUnits:
    """Where there is no systemd a person stops and starts what runs."""

    say: Say
    watched: bool = False

    def prepare(self) -> None:
        """Nothing starts by itself here."""

    def settle(self) -> None:
        """Nothing was prepared."""

    def stop(self) -> None:
        """Nothing stops by itself."""

    def start(self) -> None:
        """Tell the person."""
        self.say(N_("Máy này không có systemd: xin tắt rồi khởi động lại Đến Lượt."))

    def failing(self) -> Mapping[str, str]:
        """Nobody can say."""
        return {}


def web_health(host: str, port: int, *, secure: bool) -> str:
    """Return what `/healthz` of this very machine finds wrong, nothing when all is well."""
    address = "127.0.0.1" if host in ("", "0.0.0.0", "::") else host  # noqa: S104 - compared with
    context = ssl._create_unverified_context()  # noqa: S323, SLF001 - our own machine, no secret said
    link = (
        http.client.HTTPSConnection(address, port, timeout=_ANSWER_WITHIN_S, context=context)
        if secure
        else http.client.HTTPConnection(address, port, timeout=_ANSWER_WITHIN_S)
    )
    try:
        link.request("GET", "/healthz")
        answer = link.getresponse()
        said = answer.read(1000).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        return f"web: {error}"
    finally:
        link.close()
    return "" if answer.status == _OK else " ".join(said.split())
