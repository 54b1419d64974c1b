"""The manifest of a backup: what it holds and the digest of every file; written last."""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import msgspec

from bus.typed import read_json
from hall.words import N_
from provisioning.backup.errors import BackupError
from provisioning.backup.rotation import Made
from wait_log.snapshot import Snapshot

MANIFEST_FILE = "manifest.json"
STORE_FILE, WORK_FILE = "wait_log.db", "staff.db"
IDENTITY_FILE, CENTRE_FILE = "identity.sealed", "centre.toml"
PARTIAL = ".partial-"
"""How the folder of a backup that is not whole begins."""
_NAME = re.compile(r"denluot-[a-z0-9-]{1,40}-(\d{5,})-\d{8}-\d{6}Z")
_FORMAT = 1
_BLOCK = 1 << 20
_MOST_BYTES = 1_000_000


class _Store(msgspec.Struct, frozen=True):
    site: str
    epoch: str
    seq: int
    hash: str
    at_us: int
    rows: dict[str, int]


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds."""

    format: int = _FORMAT
    version: str
    """Of the product that made it."""
    number: int
    """Counts up in one folder, so that backups have an order whatever the clock did."""
    made_at: datetime
    store: _Store
    work: dict[str, int] = {}
    """Rows of the staff's work, by table."""
    sha256: dict[str, str]

    @property
    def snapshot(self) -> Snapshot:
        """Return what the copy of the store holds."""
        return Snapshot(**msgspec.to_builtins(self.store))


def manifest_of(
    folder: Path,
    *,
    version: str,
    number: int,
    made_at: datetime,
    snapshot: Snapshot,
    work: dict[str, int],
) -> Manifest:
    """Return the manifest of the files in `folder`."""
    files = sorted(path for path in folder.iterdir() if path.name != MANIFEST_FILE)
    return Manifest(
        version=version,
        number=number,
        made_at=made_at,
        store=_Store(**asdict(snapshot)),
        work=work,
        sha256={path.name: digest_of(path) for path in files},
    )


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, durably; with it a backup is whole."""
    path = folder / MANIFEST_FILE
    with path.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a backup; raises BackupError where there is none to be trusted."""
    path = folder / MANIFEST_FILE
    try:
        with path.open("rb") as file:
            manifest = read_json(file.read(_MOST_BYTES), Manifest)
    except (OSError, ValueError, RecursionError) as error:
        raise BackupError(N_("{folder} không phải bản sao lưu đầy đủ."), folder=folder) from error
    if manifest.format > _FORMAT:
        raise BackupError(
            N_("{folder} do phiên bản mới hơn tạo ({version}): hãy dùng phiên bản đó."),
            folder=folder,
            version=manifest.version,
        )
    if any(Path(name).name != name for name in manifest.sha256):
        raise BackupError(N_("{folder} không phải bản sao lưu đầy đủ."), folder=folder)
    return manifest


def check_files(folder: Path, manifest: Manifest) -> None:
    """Compare every file with its digest; raises BackupError."""
    for name, digest in manifest.sha256.items():
        try:
            same = digest_of(folder / name) == digest
        except (OSError, ValueError) as error:  # ValueError: a name that no file can have
            raise BackupError(
                N_("Thiếu hoặc không đọc được {file} trong bản sao lưu."), file=folder / name
            ) from error
        if not same:
            raise BackupError(N_("{file} trong bản sao lưu đã bị hỏng."), file=folder / name)


def backups_in(folder: Path) -> list[tuple[Made, Path]]:
    """Return the whole backups in a folder, the newest first; damaged names are left alone."""
    found: list[tuple[Made, Path]] = []
    with suppress(FileNotFoundError):
        for path in folder.iterdir():
            if _NAME.fullmatch(path.name) and path.is_dir():
                with suppress(BackupError):
                    manifest = read_manifest(path)
                    found.append((Made(manifest.number, path.name, manifest.made_at), path))
    return sorted(found, reverse=True)


def name_of(site: str, number: int, made_at: datetime) -> str:
    """Return the name of a backup's folder, good on any file system."""
    plain = re.sub(r"[^a-z0-9-]", "-", site.lower())[:40]
    return f"denluot-{plain}-{number:05d}-{made_at:%Y%m%d-%H%M%S}Z"


def next_number(folder: Path) -> int:
    """Return a number above that of everything in a folder, whole or not."""
    names = (_NAME.fullmatch(path.name.removeprefix(PARTIAL)) for path in _all_in(folder))
    return max((int(found.group(1)) for found in names if found), default=0) + 1


def digest_of(path: Path, feed: Callable[[bytes], None] = lambda _block: None) -> str:
    """Return the SHA-256 of a file; `feed` sees every block of it."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            feed(block)
    return digest.hexdigest()


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _all_in(folder: Path) -> Iterator[Path]:
    with suppress(FileNotFoundError):
        yield from folder.iterdir()
