"""Put a backup back onto a machine: beside what is there, proven, and switched in one move.

The old data directory is only ever renamed. Until the switch nothing has changed; after a power cut
in between the same command begins again.
"""

import os
import pwd
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from config import Centre, ConfigError, centre_from_wire
from hall.words import N_
from provisioning.backup.errors import BackupError
from provisioning.backup.exchange import exchange
from provisioning.backup.lost_numbers import (
    Numbering,
    Numbers,
    close_unknown_books,
    read_kiosks,
    read_old_store,
    take_typed,
)
from provisioning.backup.manifest import (
    CENTRE_FILE,
    IDENTITY_FILE,
    STORE_FILE,
    WORK_FILE,
    Manifest,
    backups_in,
    check_files,
    read_manifest,
    sync_folder,
)
from provisioning.backup.recovery import unseal
from provisioning.backup.staff_data import (
    goes_on_from,
    has_accounts,
    put_identity_back,
    put_work_back,
    read_identity,
    take_over,
)
from provisioning.backup.voices import put_voices_back
from provisioning.errors import SiteDbError
from provisioning.site_db import FILE_NAME, open_site_db
from wait_log import known_numbers
from wait_log.dialects import FileGuard, embedded_url, sqlite_file, store_url
from wait_log.errors import StoreBusyError, StoreError
from wait_log.reader import open_reader
from wait_log.snapshot import Progress, prove_snapshot, put_back

RESTORING, BEFORE = ".restoring", ".before-"
_DAY_BEGINS = timedelta(hours=3)
_USER = "denluot"
_NOT_CARRIED = ("wait_log.", "accounts.db", "figures.db", "connection.json")
_CLOCK_SLACK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be put back, where, and what a person knows besides."""

    backup: Path
    data: Path
    other_data: tuple[Path, ...] = ()
    """Data directories of screens on this machine: a kiosk keeps its files there."""
    store: str | None = None
    """The URL of a store that is not in `data`."""
    highest: tuple[str, ...] = ()
    """`SERVICE=NUMBER` as read on papers of today."""
    nobody_holds: bool = False
    """A person says that nobody holds a number of today."""
    phrase: str | None = None
    replace_newer: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The clock, new ids, and what checks and watches."""

    now: Callable[[], datetime]
    new_id: Callable[[], str]
    verify: Callable[[Path], bool] = lambda _data: True
    """Replays the whole log of a data directory."""
    failpoint: Callable[[str], None] = lambda _name: None
    progress: Progress = lambda _done, _total: None
    pause: Callable[[], AbstractContextManager[None]] = nullcontext
    """Keeps the hall of this machine still while it is entered."""
    exchange: Callable[[Path, Path], bool] = exchange


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back."""

    manifest: Manifest
    old: Path | None
    """Where the old data directory is now."""
    day: date
    numbers: Numbers
    has_accounts: bool
    """Whether people and devices can log in as before; else they are paired again."""
    centre: Path | None = field(default=None)
    """The centre's file of the backup, for a machine that has none."""
    voices: tuple[str, ...] = ()
    """Languages whose recorded voice came back with it."""


def restore(wanted: Wanted, world: Surroundings) -> Restored:
    """Put a backup back; raises BackupError, and then nothing has changed.

    The hall is stopped once nothing is known that speaks against it.
    """
    folder = find_backup(wanted.backup)
    manifest = read_manifest(folder)
    check_files(folder, manifest)
    try:
        prove_snapshot(folder / STORE_FILE, manifest.snapshot, world.progress)
        centre = _centre_of(folder / STORE_FILE, manifest.store.site)
    except StoreError as error:
        raise BackupError(N_("Sổ ghi trong bản sao lưu đã bị hỏng: {why}"), why=error) from error
    old = _old_data(wanted.data)
    server = _server_of(wanted, old)
    day = _today(centre, manifest, world.now())
    _numbers(wanted, manifest, centre, old, day)
    identity = _identity(folder, wanted)
    with world.pause():
        numbers = _numbers(wanted, manifest, centre, old, day)  # with what was given until now
        return _put_back(
            wanted, world, folder, manifest, _Found(old, server, day, numbers, identity)
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found out before anything is changed."""

    old: Path | None
    server: str | None
    """The URL of a store that lies in no data directory."""
    day: date
    numbers: Numbers
    identity: bytes | None


def _put_back(
    wanted: Wanted, world: Surroundings, folder: Path, manifest: Manifest, found: _Found
) -> Restored:
    old, server, numbers = found.old, found.server, found.numbers
    staging = wanted.data.with_name(f"{wanted.data.name}{RESTORING}")
    lock = _let_nobody_write(wanted.data) if wanted.data.exists() else None
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True, mode=0o700)
        world.failpoint("restore_begun")
        _carry_over(old, staging)
        voices = put_voices_back(folder, manifest, staging)
        can_log_in = _put_accounts(folder, staging, old, found.identity)
        world.failpoint("restore_accounts")
        facts = {
            "epoch": world.new_id(),
            known_numbers.PENDING: numbers.known(found.day.isoformat()).encode(),
            known_numbers.TAKEN_ON: "",
        }
        url = server or embedded_url(staging)
        put_back(folder / STORE_FILE, manifest.store.site, url, facts, world.progress)
        world.failpoint("restore_store")
        if server is None and not world.verify(staging):
            raise BackupError(N_("Sổ ghi vừa phục hồi không qua được `denluot verify`."))
        _own(staging, old)
        _sync_all(staging)
        world.failpoint("restore_proven")
        moved = _switch(wanted.data, staging, world)
    except StoreError as error:
        raise BackupError(N_("Không phục hồi được sổ ghi: {why}"), why=error) from error
    except (OSError, SiteDbError) as error:
        raise BackupError(
            N_("Không phục hồi được vào {folder}: {why}"), folder=wanted.data, why=error
        ) from error
    finally:
        if lock is not None:
            lock.release()
    file = folder / CENTRE_FILE
    return Restored(
        manifest,
        moved or old,
        found.day,
        numbers,
        can_log_in,
        file if file.is_file() else None,
        voices,
    )


def find_backup(path: Path) -> Path:
    """Return the folder of the backup that `path` names: its own, its manifest's, or the newest."""
    if path.is_file():
        return path.parent
    if (path / "manifest.json").is_file():
        return path
    found = backups_in(path)
    if not found:
        raise BackupError(N_("Không có bản sao lưu đầy đủ nào trong {folder}."), folder=path)
    return found[0][1]


def _centre_of(store: Path, site: str) -> Centre:
    newest = open_reader(embedded_url(store.parent), site).newest_config()
    if newest is None:
        raise StoreError("it has no centre")
    try:
        return centre_from_wire(msgspec.json.decode(newest.body))
    except (ConfigError, msgspec.MsgspecError) as error:
        raise StoreError(str(error)) from error


def _today(centre: Centre, manifest: Manifest, now: datetime) -> date:
    """Return the business day of the restore; refuses a clock that is behind the backup."""
    newest = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=manifest.store.at_us)
    if now + _CLOCK_SLACK < newest:
        raise BackupError(
            N_("Đồng hồ máy này ({now}) chậm hơn bản sao lưu ({newest}): hãy chỉnh giờ trước."),
            now=f"{now:%Y-%m-%d %H:%M}",
            newest=f"{newest:%Y-%m-%d %H:%M}",
        )
    return (now - _DAY_BEGINS).astimezone(centre.identity.zone).date()


def _numbers(
    wanted: Wanted, manifest: Manifest, centre: Centre, old: Path | None, day: date
) -> Numbers:
    """Return what is known of numbers; refuses when nobody knows anything of today."""
    numbers, numbering = Numbers(), numbering_of(centre)
    read_kiosks([*([old] if old else []), *wanted.other_data], numbers)
    if old is not None and _server_of(wanted, old) is None:
        newest = read_old_store(embedded_url(old), manifest.store.site, numbering, numbers)
        if newest > manifest.store.seq and not wanted.replace_newer:
            raise BackupError(
                N_(
                    "Sổ ghi trên máy này còn đọc được và mới hơn bản sao lưu ({newest} so với "
                    "{seq} sự kiện). Nếu vẫn muốn thay, hãy thêm --replace-newer."
                ),
                newest=newest,
                seq=manifest.store.seq,
            )
    take_typed(wanted.highest, day, numbering, numbers)
    if numbers.newest_day() > day.isoformat():
        raise BackupError(
            N_("Có số của ngày {found} mà đồng hồ máy này là {day}: hãy chỉnh giờ trước."),
            found=numbers.newest_day(),
            day=day,
        )
    if not (wanted.nobody_holds or numbers.series.get(day.isoformat())):
        raise BackupError(
            N_(
                "Chưa biết hôm nay ({day}) đã phát đến số nào. Hãy xem số lớn nhất trên phiếu của "
                "từng lĩnh vực rồi chạy lại với {example}; nếu hôm nay chưa phát số nào: "
                "--highest none."
            ),
            day=day,
            example=" ".join(f"--highest {code}={head}…" for code, head in numbering.heads.items()),
        )
    if not wanted.nobody_holds:
        close_unknown_books(day, numbering, numbers)
    return numbers


def numbering_of(centre: Centre) -> Numbering:
    """Return how a centre's numbers are read."""
    numbering = centre.numbering
    heads = {
        service.code: centre.number_text(service.code, 1)[: -numbering.digits]
        for service in centre.services
    }
    books = tuple((book.kiosk, book.first, book.last) for book in numbering.books)
    return Numbering(heads, numbering.digits, books)


def _identity(folder: Path, wanted: Wanted) -> bytes | None:
    path = folder / IDENTITY_FILE
    if wanted.phrase is None:
        return None
    if not path.is_file():
        raise BackupError(N_("Bản sao lưu này không có tệp tài khoản; hãy bỏ --phrase."))
    return unseal(path.read_bytes(), wanted.phrase)


def _server_of(wanted: Wanted, old: Path | None) -> str | None:
    """Return the URL of a store that lies in no data directory; None for one that does."""
    try:
        url = store_url(old, wanted.store) if old else wanted.store
        return None if url is None or sqlite_file(url) is not None else url
    except StoreError as error:
        raise BackupError(N_("Không phục hồi được sổ ghi: {why}"), why=error) from error


def _old_data(data: Path) -> Path | None:
    """Return the data directory that was there, also when a restore was cut off in its switch."""
    if data.is_dir():
        return data
    before = sorted(data.parent.glob(f"{data.name}{BEFORE}*"))
    return before[-1] if before else None


def _let_nobody_write(data: Path) -> FileGuard | None:
    url = embedded_url(data)
    path = sqlite_file(url)
    try:
        return FileGuard(url, path) if path is not None and path.exists() else None
    except StoreBusyError as error:
        raise BackupError(
            N_("Dịch vụ đang chạy. Hãy dừng trung tâm trước: systemctl stop denluot.target")
        ) from error
    except StoreError as error:
        raise BackupError(N_("Không phục hồi được sổ ghi: {why}"), why=error) from error


def _carry_over(old: Path | None, staging: Path) -> None:
    """Take along what a backup does not have: kiosk files, the authority, what boxes keep."""
    for path in sorted(old.iterdir()) if old else ():
        if path.name.startswith(_NOT_CARRIED) or path.is_symlink() or path.is_socket():
            continue
        if path.is_dir():
            shutil.copytree(path, staging / path.name, symlinks=True)
        elif path.is_file():
            shutil.copy2(path, staging / path.name)


def _put_accounts(folder: Path, staging: Path, old: Path | None, identity: bytes | None) -> bool:
    """Put the accounts back; return whether anybody can log in.

    Those on this machine stay when they are whole: a restored log is no reason to pair again.
    """
    work, kept = folder / WORK_FILE, None if old is None else old / FILE_NAME
    stays = identity is None and kept is not None and goes_on_from(kept, work)
    if stays and kept is not None and take_over(kept, staging / FILE_NAME):
        return has_accounts(staging)
    open_site_db(staging / FILE_NAME).close()
    if work.is_file():
        put_work_back(work, staging)
    if identity is None and old is not None:
        with suppress(sqlite3.Error):  # a damaged one has nobody to offer
            identity = read_identity(old)
    if identity is not None:
        put_identity_back(identity, staging)
    return has_accounts(staging)


def _switch(data: Path, staging: Path, world: Surroundings) -> Path | None:
    """Put the new data directory in the place of the old one, which is kept beside it.

    In one instant: a machine that starts in between would find no data, and count from one again.
    """
    moved = None
    if data.exists():
        at = world.now()
        moved = data.with_name(f"{data.name}{BEFORE}{at:%Y%m%d-%H%M%S}")
        number = 1
        while moved.exists():
            number += 1
            moved = data.with_name(f"{data.name}{BEFORE}{at:%Y%m%d-%H%M%S}-{number}")
        staging.rename(moved)
        world.failpoint("restore_between")
        if not world.exchange(moved, data):  # a file system that can only do it in two steps
            moved.rename(staging)
            data.rename(moved)
            staging.rename(data)
    else:
        staging.rename(data)
    sync_folder(data.parent)
    world.failpoint("restore_switched")
    return moved


def _own(staging: Path, old: Path | None) -> None:
    """Give everything to the account that the service runs as, where root restores."""
    if os.geteuid() != 0:
        return
    owner: tuple[int, int] | None = None
    with suppress(KeyError):
        entry = pwd.getpwnam(_USER)
        owner = entry.pw_uid, entry.pw_gid
    if old is not None:
        status = old.stat()
        owner = status.st_uid, status.st_gid
    if owner is not None:
        for path in (staging, *_all_below(staging)):
            os.chown(path, *owner, follow_symlinks=False)


def _sync_all(folder: Path) -> None:
    for path in _all_below(folder):
        if path.is_file() and not path.is_symlink():
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
    sync_folder(folder)


def _all_below(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.rglob("*"))
