"""The steps of an installation: each says itself in one line, and can be carried out twice."""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hall.words import N_, Words
from provisioning.authority import PUBLIC_FILE
from provisioning.errors import ProvisioningError
from provisioning.layout import Layout

Run = Callable[[Sequence[str]], None]
"""Runs a program of the system; raises ProvisioningError with what it said when it fails."""
ROOT_USER = "root"
_LONGEST_COMPLAINT = 400
_PROGRAM_WITHIN_S = 120


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine that is changed."""

    layout: Layout
    run: Run
    give: Callable[[Path, int, int], None]
    """Gives a file to a user and a group; `os.lchown` for root.

    Some folders are those of a user, who may put a link in the place of what root has just made.
    """
    ask: Callable[[Sequence[str], int, int], str]
    """Runs a program of ours as a user and group and returns what it says."""

    def ids(self, user: str) -> tuple[int, int]:
        """Return user and group id of a user of this machine."""
        if user == ROOT_USER:
            return 0, 0
        for line in self.layout.users.read_text(encoding="utf-8").splitlines():
            name, *fields = line.split(":")
            if name == user:
                return int(fields[1]), int(fields[2])
        raise ProvisioningError(f"{self.layout.users}: there is no user {user}")

    def has_owner(self, path: Path, user: str, group: str) -> bool:
        """Return whether `path` is theirs."""
        found = path.lstat()
        return (found.st_uid, found.st_gid) == (self.ids(user)[0], self.ids(group)[1])

    def hand_over(self, path: Path, user: str, group: str) -> None:
        """Give `path` to them."""
        self.give(path, self.ids(user)[0], self.ids(group)[1])


class Action(Protocol):
    """One step."""

    def line(self, t: Words) -> str:
        """Return the step in one line, for people."""

    def is_done(self, machine: Machine) -> bool:
        """Return whether the machine is already so."""

    def carry_out(self, machine: Machine) -> None:
        """Make it so; whatever of it was done before a power cut is no obstacle."""


@dataclass(frozen=True, slots=True)
class AddUsers:
    """The machine's accounts, as a file of sysusers.d says."""

    file: Path
    users: tuple[str, ...]

    def line(self, t: Words) -> str:
        """Return the step in one line."""
        return t("tạo tài khoản hệ thống {users}", users=", ".join(self.users))

    def is_done(self, machine: Machine) -> bool:
        """Return whether all of them are there."""
        try:
            for user in self.users:
                machine.ids(user)
        except (ProvisioningError, FileNotFoundError):
            return False
        return True

    def carry_out(self, machine: Machine) -> None:
        """Have systemd add those that are not there."""
        machine.run(("systemd-sysusers", f"--root={machine.layout.root}", str(self.file)))


@dataclass(frozen=True, slots=True)
class MakeDirectory:
    """A directory with its rights."""

    path: Path
    mode: int
    user: str
    group: str

    def line(self, t: Words) -> str:
        """Return the step in one line."""
        who = f"{self.user}:{self.group}"
        return t(
            "thư mục {path}, quyền {mode} của {who}",
            path=self.path,
            mode=f"{self.mode:04o}",
            who=who,
        )

    def is_done(self, machine: Machine) -> bool:
        """Return whether it is there with these rights."""
        try:
            mode = self.path.lstat().st_mode & 0o7777
            return mode == self.mode and machine.has_owner(self.path, self.user, self.group)
        except (ProvisioningError, FileNotFoundError):
            return False

    def carry_out(self, machine: Machine) -> None:
        """Make it, or put its rights right."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        machine.hand_over(self.path, self.user, self.group)
        self.path.chmod(self.mode)


@dataclass(frozen=True, slots=True)
class PlaceFile:
    """A file of the system's."""

    path: Path
    content: bytes
    user: str = ROOT_USER
    keep: bool = False
    """One that is there stays as it is: people edit it."""
    mode: int = 0o644

    def line(self, t: Words) -> str:
        """Return the step in one line."""
        if self.keep:
            return t("tệp {path} (nếu đã có thì giữ nguyên)", path=self.path)
        return t("tệp {path}", path=self.path)

    def is_done(self, machine: Machine) -> bool:
        """Return whether it is there as it should be."""
        try:
            content = self.path.read_bytes()
            if self.keep:
                return bool(content)  # a power cut on a foreign writer may have left nothing
            return content == self.content and machine.has_owner(self.path, self.user, self.user)
        except (ProvisioningError, FileNotFoundError):
            return False

    def carry_out(self, machine: Machine) -> None:
        """Put it in its place so that a power cut leaves the old or the new."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(f".{self.path.name}.new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(self.content)
            os.fchmod(file.fileno(), self.mode)
            file.flush()
            os.fsync(file.fileno())
        machine.hand_over(draft, self.user, self.user)
        draft.replace(self.path)
        _sync(self.path.parent)


@dataclass(frozen=True, slots=True)
class PlaceLink:
    """A link, such as the one by which systemd starts a unit."""

    path: Path
    target: str
    says: str

    def line(self, t: Words) -> str:
        """Return the step in one line."""
        return t(self.says, name=self.path.name)

    def is_done(self, machine: Machine) -> bool:
        """Return whether it points there."""
        del machine
        return self.path.is_symlink() and str(self.path.readlink()) == self.target

    def carry_out(self, machine: Machine) -> None:
        """Put it there."""
        del machine
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(f".{self.path.name}.new")
        draft.unlink(missing_ok=True)
        draft.symlink_to(self.target)
        draft.replace(self.path)
        _sync(self.path.parent)


@dataclass(frozen=True, slots=True)
class Remove:
    """A file, link or whole directory that is not wanted any more."""

    path: Path
    unless_edited: bytes | None = None
    """What we placed there; people may have written something else."""

    def line(self, t: Words) -> str:
        """Return the step in one line."""
        return t("gỡ {path}", path=self.path)

    def is_done(self, machine: Machine) -> bool:
        """Return whether it is gone, or somebody else's."""
        del machine
        if not self.path.exists() and not self.path.is_symlink():
            return True
        return self.unless_edited is not None and self.unless_edited != self.path.read_bytes()

    def carry_out(self, machine: Machine) -> None:
        """Remove it."""
        del machine
        if self.path.is_dir() and not self.path.is_symlink():
            shutil.rmtree(self.path)
        else:
            self.path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class PairOwnDevices:
    """The accounts of the server's own screens and lines: nobody types a code for them."""

    devices: tuple[str, ...]
    python: Path
    user: str
    """Whose the site's authority and accounts are."""
    screen_user: str

    def line(self, t: Words) -> str:
        """Return the step in one line."""
        return t("ghép các thiết bị của chính máy này: {devices}", devices=", ".join(self.devices))

    def is_done(self, machine: Machine) -> bool:
        """Return whether they have a password and know whom to trust, and are still the same."""
        layout = machine.layout
        try:
            paired = layout.own_devices.read_text().split()
        except FileNotFoundError:
            return False
        there = layout.broker_password.exists() and layout.authority_certificate.exists()
        return there and paired == list(self.devices)

    def carry_out(self, machine: Machine) -> None:
        """Have the site's accounts give them one, and put it where they look."""
        layout = machine.layout
        command = (str(self.python), "-m", "provisioning.broker_files")
        said = machine.ask(
            (*command, "--pair-own", ",".join(self.devices)), *machine.ids(self.user)
        )
        public = (layout.authority / PUBLIC_FILE).read_bytes()
        names = " ".join(self.devices).encode()
        for file in (
            PlaceFile(layout.authority_certificate, public),
            PlaceFile(layout.broker_password, said.encode(), self.screen_user, mode=0o600),
            PlaceFile(layout.own_devices, names, self.screen_user),  # last: says that all is there
        ):
            file.carry_out(machine)


@dataclass(frozen=True, slots=True)
class RunProgram:
    """A program of the system that takes note of what changed."""

    arguments: tuple[str, ...]
    says: str
    always: bool = False
    """Also when nothing before it was changed."""
    may_fail: bool = False
    """The machine goes on without it: what it does happens at the next start anyway."""

    def line(self, t: Words) -> str:
        """Return the step in one line."""
        return f"{t(self.says)}: {' '.join(self.arguments)}"

    def is_done(self, machine: Machine) -> bool:
        """Return False: it is asked each time."""
        del machine
        return False

    def carry_out(self, machine: Machine) -> None:
        """Run it."""
        try:
            machine.run(self.arguments)
        except ProvisioningError:
            if not self.may_fail:
                raise


def carry_out(
    actions: Sequence[Action], machine: Machine, say: Callable[[Action, bool], None]
) -> int:
    """Carry out what is not done yet; return how much was changed. `say` hears each step first.

    Raises ProvisioningError that names the step which failed; running again goes on from there.
    """
    changed = 0
    for action in actions:
        try:
            done = action.is_done(machine)
            if isinstance(action, RunProgram) and not action.always:
                done = not changed
            say(action, done)
            if done:
                continue
            action.carry_out(machine)
        except OSError as error:
            raise ProvisioningError(f"{action.line(Words())}: {error}") from error
        changed += not isinstance(action, RunProgram)
    return changed


def run_program(arguments: Sequence[str]) -> None:
    """Run a program of the system to its end; raises ProvisioningError with what it said."""
    try:
        subprocess.run(  # noqa: S603 - programs of the plan
            arguments,
            check=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROGRAM_WITHIN_S,
        )
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip()[-_LONGEST_COMPLAINT:]
        raise ProvisioningError(f"{' '.join(arguments)}: {said or error.returncode}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ProvisioningError(f"{' '.join(arguments)}: {error}") from error


def ask_program(arguments: Sequence[str], user: int, group: int) -> str:
    """Run a program of ours as somebody and return what it says; raises ProvisioningError."""
    try:
        told = subprocess.run(  # noqa: S603 - programs of the plan
            arguments,
            check=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PROGRAM_WITHIN_S,
            user=user,
            group=group,
            extra_groups=(),
            umask=0o077,
            cwd="/",
        )
    except subprocess.CalledProcessError as error:
        said = str(error.stderr).strip()[-_LONGEST_COMPLAINT:]
        raise ProvisioningError(f"{' '.join(arguments)}: {said or error.returncode}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ProvisioningError(f"{' '.join(arguments)}: {error}") from error
    return told.stdout


def _sync(directory: Path) -> None:
    """Have the disk know the directory's new entry."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


MAKES_START = N_("bật {name} mỗi khi máy khởi động")
KEEPS_OFF = N_("không cho {name} chạy")
