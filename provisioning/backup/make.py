"""Make a backup: a draft beside the others, proven, then renamed; nothing old goes before that."""

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from hall.words import N_
from provisioning.backup.errors import BackupBusyError, BackupError, NoRoomError
from provisioning.backup.manifest import (
    CENTRE_FILE,
    IDENTITY_FILE,
    PARTIAL,
    STORE_FILE,
    WORK_FILE,
    Manifest,
    backups_in,
    check_files,
    manifest_of,
    name_of,
    next_number,
    sync_folder,
    write_manifest,
)
from provisioning.backup.recovery import seal
from provisioning.backup.rotation import Keep, expendable, superfluous
from provisioning.backup.staff_data import copy_work, read_identity
from provisioning.backup.voices import bytes_of_voices, copy_voices
from provisioning.site_db import FILE_NAME
from wait_log.dialects import sqlite_file
from wait_log.errors import StoreError
from wait_log.snapshot import Progress, prove_snapshot, take_snapshot

SPARE_BYTES = 64 << 20
"""What a backup leaves free for the hall itself."""
_LOCK_FILE = ".lock"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_GONE = (errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE, errno.ENOENT, errno.EROFS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is backed up."""

    data: Path
    store: str
    """The URL of the store."""
    site: str
    centre: Path | None = None
    """The centre's file, where there is one."""
    version: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The clock and the disk, and what watches."""

    now: Callable[[], datetime]
    failpoint: Callable[[str], None] = lambda _name: None
    progress: Progress = lambda _done, _total: None
    free_bytes: Callable[[Path], int] = field(default=lambda path: shutil.disk_usage(path).free)


@dataclass(frozen=True, slots=True)
class MadeBackup:
    """A backup that is whole and proven."""

    path: Path
    manifest: Manifest
    size: int
    removed: tuple[str, ...] = ()
    """Older backups that made room or were superfluous."""


def make_backup(source: Source, folder: Path, keep: Keep, world: Surroundings) -> MadeBackup:
    """Back a site up into `folder`; raises BackupError and leaves every older backup there."""
    with _only_one(folder):
        _clear_partial(folder)
        removed = _make_room(source, folder, keep, world)
        made_at = world.now().replace(microsecond=0)
        number = next_number(folder)
        name = name_of(source.site, number, made_at)
        draft = folder / f"{PARTIAL}{name}"
        try:
            manifest = _fill(source, draft, number, made_at, world)
            world.failpoint("before_rename")
            draft.rename(folder / name)
            sync_folder(folder)
        except OSError as error:
            shutil.rmtree(draft, ignore_errors=True)
            raise translated(error, folder) from error
        except StoreError as error:
            full = _is_full(error)
            shutil.rmtree(draft, ignore_errors=True)
            raise _of_store(error, folder, full=full) from error
        except BackupError:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        world.failpoint("after_rename")
        removed += _rotate(folder, keep, world)
        return MadeBackup(folder / name, manifest, size_of(folder / name), tuple(removed))


def copy_backup(backup: Path, manifest: Manifest, folder: Path, keep: Keep) -> Path:
    """Copy a whole backup into another folder, such as a stick's; proven there, then renamed."""
    with _only_one(folder):
        _clear_partial(folder)
        target, draft = folder / backup.name, folder / f"{PARTIAL}{backup.name}"
        try:
            if not target.exists():
                draft.mkdir()
                for name in manifest.sha256:
                    shutil.copyfile(backup / name, draft / name)
                    _sync_file(draft / name)
                check_files(draft, manifest)
                write_manifest(draft, manifest)
                draft.rename(target)
                sync_folder(folder)
            for old in superfluous([made for made, _ in backups_in(folder)], keep):
                shutil.rmtree(folder / old.name)
        except OSError as error:
            shutil.rmtree(draft, ignore_errors=True)
            raise translated(error, folder) from error
    return target


def size_of(folder: Path) -> int:
    """Return how many bytes the files of a folder have."""
    return sum(path.stat().st_size for path in folder.iterdir())


def translated(error: OSError, folder: Path) -> BackupError:
    """Return what an error of the system means to people."""
    if error.errno in _FULL:
        return NoRoomError(
            N_("Hết chỗ trên {folder}. Các bản sao lưu cũ vẫn còn nguyên; hãy dọn bớt ổ đĩa."),
            folder=folder,
        )
    if error.errno in _GONE:
        return BackupError(
            N_("{folder} không ghi được nữa (USB bị rút ra?). Các bản cũ vẫn còn nguyên."),
            folder=folder,
        )
    why = error.strerror or str(error)
    return BackupError(N_("Không sao lưu được vào {folder}: {why}"), folder=folder, why=why)


def _fill(
    source: Source, draft: Path, number: int, made_at: datetime, world: Surroundings
) -> Manifest:
    draft.mkdir(mode=0o700)
    world.failpoint("draft")
    snapshot = take_snapshot(source.store, source.site, draft / STORE_FILE, world.progress)
    world.failpoint("store")
    work = copy_work(source.data / FILE_NAME, draft / WORK_FILE)
    world.failpoint("staff")
    sealed = seal(source.data, read_identity(source.data))
    if sealed is not None:
        _write(draft / IDENTITY_FILE, sealed)
    if source.centre is not None and source.centre.is_file():
        _write(draft / CENTRE_FILE, source.centre.read_bytes())
    _sync_file(draft / WORK_FILE)
    world.failpoint("identity")
    before = next((path for _, path in backups_in(draft.parent)), None)
    copy_voices(source.data, draft, before)
    prove_snapshot(draft / STORE_FILE, snapshot, world.progress)
    manifest = manifest_of(
        draft,
        version=source.version,
        number=number,
        made_at=made_at,
        snapshot=snapshot,
        work=work,
    )
    world.failpoint("before_manifest")
    write_manifest(draft, manifest)
    return manifest


def _make_room(source: Source, folder: Path, keep: Keep, world: Surroundings) -> list[str]:
    """Have as much free as a backup takes; old ones go first, never the newest few."""
    needed = SPARE_BYTES + _expected_bytes(source, folder)
    removed: list[str] = []
    oldest = expendable([made for made, _ in backups_in(folder)], keep)
    while world.free_bytes(folder) < needed and oldest:
        gone = oldest.pop(0)
        shutil.rmtree(folder / gone.name)
        removed.append(gone.name)
    free = world.free_bytes(folder)
    if free < needed:
        raise NoRoomError(
            N_("Cần {needed} MB trên {folder} để sao lưu mà chỉ còn {free} MB; hãy dọn bớt."),
            needed=-(-needed // 1_000_000),
            free=free // 1_000_000,
            folder=folder,
        )
    return removed


def _expected_bytes(source: Source, folder: Path) -> int:
    files = [source.data / FILE_NAME]
    store = sqlite_file(source.store)
    if store is not None:
        files += [store, store.with_name(f"{store.name}-wal")]
    else:
        files += [path / STORE_FILE for _, path in backups_in(folder)[:1]]
    own = sum(path.stat().st_size for path in files if path.exists())
    return own + bytes_of_voices(source.data)


def _rotate(folder: Path, keep: Keep, world: Surroundings) -> list[str]:
    removed = []
    for old in superfluous([made for made, _ in backups_in(folder)], keep):
        with suppress(OSError):  # it goes with the next backup
            shutil.rmtree(folder / old.name)
            removed.append(old.name)
        world.failpoint("rotate")
    return removed


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(folder / _LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise translated(error, folder) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise BackupBusyError(
            N_("Đang có một lần sao lưu khác vào {folder}; hãy đợi nó xong."), folder=folder
        ) from error
    try:
        yield
    finally:
        os.close(lock)


def _clear_partial(folder: Path) -> None:
    """Remove what a backup left that was cut off; nobody else is making one."""
    for path in folder.glob(f"{PARTIAL}*"):
        shutil.rmtree(path, ignore_errors=True)


def _is_full(error: StoreError) -> bool:
    return "full" in str(error).lower() or "no space" in str(error).lower()


def _of_store(error: StoreError, folder: Path, *, full: bool) -> BackupError:
    if full:
        return translated(OSError(errno.ENOSPC, "full"), folder)
    return BackupError(
        N_("Không sao chép được sổ ghi: {why}. Hãy chạy `denluot verify`."), why=error
    )


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
