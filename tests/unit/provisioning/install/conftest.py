"""A machine below a folder: its programs are the system's own where they work there."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from provisioning.errors import ProvisioningError
from provisioning.install.actions import Machine
from provisioning.install.facts import PROGRAMS, Facts, deploy_files
from provisioning.layout import Layout

USERS = """\
root:x:0:0:root:/root:/bin/bash
_chrony:x:104:108::/var/lib/chrony:/usr/sbin/nologin
denluot:x:990:990::/var/lib/denluot:/usr/sbin/nologin
denluot-screen:x:989:989::/var/lib/denluot-screen:/usr/sbin/nologin
"""


@dataclass
class Tree:
    """A machine below a folder, whose owners are remembered instead of changed."""

    layout: Layout
    ran: list[tuple[str, ...]] = field(default_factory=list)
    owners: dict[str, tuple[int, int]] = field(default_factory=dict)
    fails: Callable[[Sequence[str]], bool] = lambda _: False

    @property
    def machine(self) -> Machine:
        return _OwnedMachine(self.layout, self.run, self.give, self.ask, self.owners)

    def run(self, arguments: Sequence[str]) -> None:
        if self.fails(arguments):
            raise ProvisioningError(f"{arguments[0]}: failed")
        self.ran.append(tuple(arguments))
        if arguments[0] == "systemd-sysusers":
            self.layout.users.parent.mkdir(parents=True, exist_ok=True)
            self.layout.users.write_text(USERS)

    def ask(self, arguments: Sequence[str], user: int, group: int) -> str:
        """Answer as `provisioning.broker_files --pair-own` does."""
        self.run((*arguments, f"as {user}:{group}"))
        self.layout.authority.mkdir(parents=True, exist_ok=True)
        (self.layout.authority / "authority.crt").write_text("-----BEGIN CERTIFICATE-----\n")
        return f"secret-{len(self.ran)}\n"

    def give(self, path: Path, user: int, group: int) -> None:
        self.owners[str(path).replace("/.", "/").removesuffix(".new")] = user, group

    def contents(self) -> dict[str, object]:
        """Return every file of the tree with what is in it and its rights."""
        return {
            str(path): (
                path.readlink() if path.is_symlink() else path.is_dir() or path.read_bytes(),
                path.lstat().st_mode,
                path.lstat().st_mtime_ns,
            )
            for path in sorted(self.layout.root.rglob("*"))
        }


class _OwnedMachine(Machine):
    """Knows the owners that a test's own user cannot give."""

    def __init__(self, layout, run, give, ask, owners) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        super().__init__(layout, run, give, ask)
        object.__setattr__(self, "_owners", owners)

    def has_owner(self, path: Path, user: str, group: str) -> bool:
        found: dict[str, tuple[int, int]] = self._owners  # type: ignore[attr-defined]
        return found.get(str(path)) == (self.ids(user)[0], self.ids(group)[1])


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    layout = Layout(tmp_path / "machine")
    layout.root.mkdir()
    return Tree(layout)


@pytest.fixture
def facts() -> Facts:
    """Return a paired machine on which every package lies."""
    deploy = deploy_files(Layout(Path("/nonexistent")))
    return Facts(deploy=deploy, packages=frozenset(PROGRAMS), paired=True)


@pytest.fixture
def systemd_sysusers() -> str:
    if not (program := shutil.which("systemd-sysusers")):
        pytest.skip("systemd-sysusers is not on this machine")
    return program
