"""A clean Debian of its own, below a folder: what is built for a suite is built in it."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from provisioning.bundle.suites import Suite
from provisioning.bundle.tools import BundleError, Tools

BUILD = Path("/build")
"""Where the work lies, seen from inside."""
_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
_ENTER = """
set -e
root=$1 cache=$2; shift 2
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mkdir -p "$root/build/cache"
mount --bind "$cache" "$root/build/cache"
exec chroot "$root" "$@"
"""
"""Mounts live in a namespace of the command's own and are gone with it."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A bootstrapped Debian below `root`; `cache` outlives it and holds what was downloaded."""

    root: Path
    suite: Suite
    cache: Path
    tools: Tools
    environment: Mapping[str, str]
    """What pip is told on this machine: its index, proxy and certificates."""

    def bootstrap(self, mirror: str, security: str) -> None:
        """Make the tree, with all updates of its suite; raises BundleError."""
        kept = self.cache / "debootstrap"
        kept.mkdir(parents=True, exist_ok=True)
        self.tools.run(
            "debootstrap",
            "--variant=minbase",
            f"--cache-dir={kept.resolve()}",
            f"--include=python3-venv,{self.suite.interpreter},ca-certificates",
            self.suite.codename,
            self.root,
            mirror,
        )
        lists = self.root / "etc/apt/sources.list"
        lists.write_text(self.suite.sources(mirror, security))
        for other in (self.root / "etc/apt/sources.list.d").glob("*"):
            other.unlink()
        for name in ("resolv.conf", "hosts"):
            if (Path("/etc") / name).exists():
                shutil.copy(Path("/etc") / name, self.root / "etc" / name)
        self.inside(BUILD).mkdir()
        for name, file in self._certificates().items():
            shutil.copy(file, self.inside(BUILD / name))
        self.run("apt-get", "-qq", "update")
        self.run("apt-get", "-qq", "-y", "dist-upgrade")
        if not (self.root / "usr/bin" / self.suite.interpreter).exists():
            raise BundleError(f"{self.suite.codename}: has no {self.suite.interpreter}")

    def inside(self, path: Path) -> Path:
        """Return where a path of the tree lies on this machine."""
        return self.root / path.relative_to("/")

    def run(self, *program: str | Path) -> None:
        """Run a program in it as root, to its end; raises BundleError."""
        self.tools.run(*self._way_in(), inside=program)

    def _way_in(self) -> list[str | Path]:
        variables = {
            "PATH": _PATH,
            "HOME": "/root",
            "LANG": "C.UTF-8",
            "DEBIAN_FRONTEND": "noninteractive",
            **self.environment,
            **{name: str(BUILD / name) for name in self._certificates()},
        }
        apart = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation=private")
        enter = ("sh", "-c", _ENTER, "enter", self.root, self.cache.resolve())
        clean = ("/usr/bin/env", "-i", *(f"{name}={value}" for name, value in variables.items()))
        return [*apart, *enter, *clean]

    def _certificates(self) -> dict[str, Path]:
        names = ("PIP_CERT", "PIP_CLIENT_CERT")
        given = {name: Path(self.environment[name]) for name in names if name in self.environment}
        return {name: file for name, file in given.items() if file.is_file()}
