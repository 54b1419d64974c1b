"""Where else a backup goes: a stick that is found by its label, or another machine of the hall."""

import re
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hall.words import N_
from provisioning.backup.errors import BackupError
from provisioning.backup.manifest import MANIFEST_FILE, PARTIAL, Manifest

STICK_LABEL = "DENLUOT"
STICK_FOLDER = "denluot-backup"
_BY_LABEL = Path("/dev/disk/by-label")
_MOUNTS = Path("/proc/self/mounts")
_PLACES = (Path("/media"), Path("/mnt"))
_SEND_WITHIN_S = 3600
_ADDRESS = re.compile(r"(?:[a-z_][a-z0-9_.-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*")
_FOLDER = re.compile(r"[A-Za-z0-9_./-]+")


class Run:
    """Runs a program and returns what it says; raises BackupError with its last line."""

    def __call__(self, arguments: Sequence[str], given: str = "") -> str:
        """Run `arguments` with `given` as input."""
        try:
            done = subprocess.run(  # noqa: S603 - programs of our own choice
                arguments,
                input=given,
                capture_output=True,
                text=True,
                timeout=_SEND_WITHIN_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BackupError(
                N_("Không chạy được {program}: {why}"), program=arguments[0], why=error
            ) from error
        if done.returncode:
            lines = done.stderr.strip().splitlines() or [f"exit {done.returncode}"]
            raise BackupError(
                N_("{program} báo lỗi: {why}"), program=arguments[0], why=lines[-1][:200]
            )
        return done.stdout


def stick_folder(
    label: str = STICK_LABEL,
    by_label: Path = _BY_LABEL,
    mounts: Path = _MOUNTS,
    places: Sequence[Path] = _PLACES,
) -> Path:
    """Return the folder for backups on the stick with `label`; raises BackupError without one."""
    device = by_label / label
    if not device.exists():
        raise BackupError(N_("Chưa cắm USB có nhãn {label}. Hãy cắm vào rồi thử lại."), label=label)
    real = device.resolve()
    for place in places:
        with suppress(OSError):  # where systemd mounts it when somebody looks
            next((place / label).iterdir(), None)
    for line in mounts.read_text().splitlines():
        source, target, *_ = line.split(" ")
        if source.startswith("/") and Path(source).resolve() == real:
            return Path(target.replace("\\040", " ")) / STICK_FOLDER
    raise BackupError(
        N_("USB {label} đã cắm nhưng chưa được gắn vào hệ thống (mount {device})."),
        label=label,
        device=real,
    )


@dataclass(frozen=True, slots=True)
class OtherMachine:
    """A machine of the hall that takes backups over SSH: `USER@HOST:FOLDER`."""

    address: str
    folder: str
    key: Path | None = None

    @classmethod
    def parse(cls, text: str, key: Path | None = None) -> "OtherMachine":
        """Return the machine of `USER@HOST:FOLDER`; raises BackupError."""
        address, _, folder = text.partition(":")
        if not _ADDRESS.fullmatch(address) or not _FOLDER.fullmatch(folder):
            raise BackupError(
                N_("Máy nhận bản sao phải ghi là TÊN@MÁY:THƯ_MỤC, không phải {given}."),
                given=text,
            )
        return cls(address, folder, key)

    def send(
        self, backup: Path, manifest: Manifest, run: Callable[..., str], ssh: str = "ssh"
    ) -> None:
        """Send a backup, have the other machine prove every file, then give it its name.

        Its key must be known beforehand: nobody answers a question by night.
        """
        options = [ssh, "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes"]
        if self.key is not None:
            options += ["-i", str(self.key)]
        draft = f"{self.folder}/{PARTIAL}{backup.name}"
        run([*options, self.address, f"mkdir -p {draft}"])
        to = f"{self.address}:{draft}/"
        run(["rsync", "-a", "--delete", "-e", " ".join(options), f"{backup}/", to])
        sums = "".join(f"{digest}  {name}\n" for name, digest in manifest.sha256.items())
        check = f"cd {draft} && sha256sum -c --quiet --strict - && test -s {MANIFEST_FILE}"
        run([*options, self.address, check], sums)
        final = f"{self.folder}/{backup.name}"
        run([*options, self.address, f"test -e {final} || mv -T {draft} {final}; sync"])
