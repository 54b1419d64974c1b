"""A machine that upgrades: real files, a real journal, units that are a file and a test's word."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from provisioning.layout import Layout
from provisioning.upgrade.errors import UpgradeError
from provisioning.upgrade.offer import Offer
from provisioning.upgrade.steps import Upgrade

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BEFORE, AFTER = "0.2.0", "0.3.0"


class Machine(SimpleNamespace):
    """What an upgrade asks of a machine; `broken` names what does not work."""

    def __init__(self, root: Path) -> None:
        super().__init__(
            layout=Layout(root),
            broken=set(),
            did=[],
            said=[],
            clock=0.0,
            watched=True,
            passing=lambda _place: None,
        )
        if not self.layout.current.is_symlink():
            self._lay(BEFORE)
            self.layout.current.symlink_to(f"releases/{BEFORE}")
            self.layout.data.mkdir(parents=True)
            (self.layout.data / "numbers").write_text("1001\n")
            self.start()

    @property
    def offer(self) -> Offer:
        return Offer(AFTER, f"denluot-{AFTER}", self.layout.root, ())

    @property
    def running(self) -> str:
        """Return the release whose units run, as a person would see it."""
        file = self.layout.root / "running"
        return file.read_text() if file.exists() else ""

    @property
    def current(self) -> str:
        return str(self.layout.current.readlink().name)

    def upgrade(self) -> Upgrade:
        return Upgrade(
            self.layout,
            self,
            self,
            self,
            now=lambda: NOW,
            monotonic=self.monotonic,
            wait=self.advance,
            say=lambda text, **values: self.said.append(text.format(**values)),
            watch_s=60.0,
            passing=self.passing,
        )

    def monotonic(self) -> float:
        return float(self.clock)

    def advance(self, seconds: float) -> None:
        self.clock += seconds

    # Packages
    def install(self, _offer: Offer) -> None:
        self._note("install")
        self._lay(AFTER)

    def remove(self, version: str) -> None:
        self._note(f"remove {version}")
        release = self.layout.releases / version
        (release / "bin/denluot").unlink()
        (release / "bin").rmdir()
        release.rmdir()

    # Units
    def prepare(self) -> None:
        (self.layout.root / "resumes").touch()

    def settle(self) -> None:
        (self.layout.root / "resumes").unlink(missing_ok=True)

    def stop(self) -> None:
        (self.layout.root / "running").unlink(missing_ok=True)

    def start(self) -> None:
        (self.layout.root / "running").write_text(self.current)

    def failing(self) -> dict[str, str]:
        if not self.running:
            return {"all": "nothing runs"}
        names = [name for name in self.broken if name.endswith(".service")]
        if f"run {self.running}" in self.broken:
            names.append("denluot-web.service")
        return {name: name for name in names}

    # Data
    def room_for(self, _offer: Offer) -> None:
        self._note("room")

    def back_up(self) -> None:
        self._note("back up")

    def copy(self, folder: Path) -> None:
        self._note("copy")
        (folder / "numbers").write_text((self.layout.data / "numbers").read_text())

    def try_release(self, release: Path, folder: Path) -> None:
        self._note(f"try {release.name}")
        (folder / "numbers").write_text("1001\n1002\n")

    def _note(self, what: str) -> None:
        if what in self.broken:
            raise UpgradeError("{what} is broken", what=what)
        self.did.append(what)

    def _lay(self, version: str) -> None:
        denluot = self.layout.releases / version / "bin/denluot"
        denluot.parent.mkdir(parents=True, exist_ok=True)
        denluot.touch(mode=0o755)


@pytest.fixture
def machine(tmp_path: Path) -> SimpleNamespace:
    return Machine(tmp_path)


@pytest.fixture
def make_machine() -> Callable[[Path], SimpleNamespace]:
    return Machine
