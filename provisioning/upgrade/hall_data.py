"""The data of a hall in an upgrade: backed up, copied, and tried by the new release."""

import logging
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import msgspec

from bus.vocabulary import TicketState
from config import Centre, ConfigError, centre_from_wire
from config.opening import issue_spans
from config.process import STORE_VARIABLE
from hall.words import N_
from provisioning.layout import Layout
from provisioning.site_db import FILE_NAME as SITE_DB
from provisioning.upgrade.errors import UpgradeError
from provisioning.upgrade.offer import Offer
from wait_log.dialects import STORE_FILE, sqlite_file
from wait_log.errors import StoreError
from wait_log.reader import Reader
from wait_log.snapshot import take_snapshot

_log = logging.getLogger(__name__)

_SPARE_BYTES = 200_000_000
_UNPACKED_TIMES = 5
"""A package of ours takes about as many times its size on disk."""
_COPIES = 3
"""A backup, the copy that is tried, and what grows while it is."""
_LONGEST_S = 900
_IN_THE_HALL = frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.SERVING})
_SPEAKS_TO_OTHERS = ("deliveries", "webhooks", "outbox", "report_settings")
"""The tables of `accounts.db` by which a copy would send messages and mail to the outside."""


@dataclass(frozen=True, slots=True)
class HallData:
    """Store and accounts of one machine; a machine that is no server has neither."""

    layout: Layout
    store: str
    """The URL of the store."""
    site: str
    environment: Mapping[str, str]
    denluot: tuple[str, ...] = (sys.executable, "-m", "appliance")
    """The command of the release that upgrades."""

    def room_for(self, offer: Offer) -> None:
        """Raise UpgradeError unless everything finds room."""
        packed = sum(package.stat().st_size for package in offer.packages)
        files = [path for path in (sqlite_file(self.store), self._accounts) if path]
        kept = sum(path.stat().st_size for path in files if path.exists())
        _require_room(self.layout.application, packed * _UNPACKED_TIMES)
        _require_room(self.layout.data, kept * _COPIES)

    def back_up(self) -> None:
        """Make a backup as every evening's is made, by the account whose data they are."""
        if not self._has_store():
            return
        log = self.layout.upgrade / "backup.log"
        program = [*self.denluot, "backup", "--root", str(self.layout.root)]
        environment = {**self.environment, STORE_VARIABLE: self.store}
        with log.open("wb") as output:
            status = _run_as(self.layout.data, program, environment, output, cwd=self.layout.data)
        if status:
            raise UpgradeError(N_("Không sao lưu được: {error}"), error=_last_lines(log))

    def copy(self, folder: Path) -> None:
        """Copy store and accounts into `folder`, without what would speak to others."""
        if self._has_store():
            try:
                take_snapshot(self.store, self.site, folder / STORE_FILE)
            except StoreError as error:
                raise UpgradeError(
                    N_("Không chép được {file}: {error}"), file=STORE_FILE, error=error
                ) from error
        if self._accounts.exists():
            _copy_database(self._accounts, folder / SITE_DB)
            _silence(folder / SITE_DB)
        homes = (self.layout.data, self.layout.screen_data)
        if (home := next(filter(Path.exists, homes), None)) is not None:
            owner = home.stat()
            for path in (folder, *folder.iterdir()):
                os.chown(path, owner.st_uid, owner.st_gid)

    def try_release(self, release: Path, folder: Path) -> None:
        """Let the new release's own `denluot trial` run on the copy, as the hall's account."""
        program = [str(release / "bin/denluot"), "trial", "--data", str(folder)]
        for option, file in (
            ("--config", self.layout.centre_file),
            ("--device", self.layout.device_file),
        ):
            if file.exists():
                program += [option, str(file)]
        log = folder / "trial.log"
        kept = {k: v for k, v in self.environment.items() if not k.startswith("DENLUOT_")}
        nobody = {"HOME": str(folder), "USER": "", "LOGNAME": "", "QT_QPA_PLATFORM": "offscreen"}
        try:
            with log.open("wb") as output:
                status = _run_as(folder, program, kept | nobody, output, cwd=folder)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise UpgradeError(N_("Chạy thử không xong: {error}"), error=error) from error
        _log.info("trial exit=%s said=%s", status, _last_lines(log, 8))
        if status:
            raise UpgradeError(N_("Chạy thử không đạt: {error}"), error=_last_lines(log))

    @property
    def _accounts(self) -> Path:
        return self.layout.data / SITE_DB

    def _has_store(self) -> bool:
        embedded = sqlite_file(self.store)
        return embedded is None or embedded.exists()


def open_until(reader: Reader, now: datetime) -> datetime | None:
    """Return when the centre will be closed, None when it is; of a centre without a store too.

    People who are still in the hall keep it open past its hours, for as long as the day.
    """
    try:
        if not reader.exists():
            return None
        row = reader.newest_config()
        day = reader.latest_day()
        tickets = reader.tickets(day).values() if day else ()
        centre = centre_from_wire(msgspec.json.decode(row.body)) if row else None
    except (StoreError, ConfigError, msgspec.DecodeError) as error:
        raise UpgradeError(
            N_("Không đọc được {file}: {error}"), file=STORE_FILE, error=error
        ) from error
    if centre is None:
        return None
    local = now.astimezone(centre.identity.zone)
    if centre.hours.always_open:
        return now + timedelta(days=1)
    for begin, end in _spans(centre, local):
        if begin <= local < end:
            return end
    today = local.date().isoformat()
    if day == today and any(TicketState(ticket.state) in _IN_THE_HALL for ticket in tickets):
        return now + timedelta(hours=1)
    return None


def _spans(centre: Centre, local: datetime) -> list[tuple[datetime, datetime]]:
    """Return from the first number that may be given to the end of the hours, for each window."""
    date, zone = local.date(), centre.identity.zone
    windows = [
        (datetime.combine(date, window.begin, zone), datetime.combine(date, window.end, zone))
        for window in centre.hours.on(date)
    ]
    issues = [span for service in centre.services for span in issue_spans(centre, service, date)]
    return [*windows, *issues]


def _copy_database(source: Path, target: Path) -> None:
    """Copy a database that is in use, whole, and look at the copy; raises UpgradeError."""
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        address = f"{source.resolve().as_uri()}?mode=ro"
        with (
            closing(sqlite3.connect(address, uri=True)) as whole,
            closing(sqlite3.connect(target)) as copy,
        ):
            whole.backup(copy)
            (found,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise UpgradeError(N_("{file} bị hỏng: {error}"), file=source.name, error=found)
        with target.open("rb") as file:
            os.fsync(file.fileno())
    except (OSError, sqlite3.Error) as error:
        raise UpgradeError(
            N_("Không chép được {file}: {error}"), file=source, error=error
        ) from error


def _run_as(
    owned: Path,
    program: Sequence[str],
    environment: Mapping[str, str],
    output: BinaryIO,
    cwd: Path,
) -> int:
    """Run a program as whoever owns a folder, in one that they may enter; return its status."""
    owner, root = owned.stat(), os.geteuid() == 0
    done = subprocess.run(  # noqa: S603 - our own command
        program,
        env=dict(environment),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        timeout=_LONGEST_S,
        check=False,
        user=owner.st_uid if root else None,
        group=owner.st_gid if root else None,
        extra_groups=[] if root else None,
    )
    return done.returncode


def _last_lines(log: Path, most: int = 3) -> str:
    said = log.read_text("utf-8", errors="replace").strip()
    return " | ".join(said.splitlines()[-most:])


def _silence(accounts: Path) -> None:
    """Empty what would send something out of the copy of `accounts.db`."""
    with closing(sqlite3.connect(accounts)) as copy:
        there = {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}
        for table in _SPEAKS_TO_OTHERS:
            if table in there:
                copy.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        copy.commit()


def _require_room(folder: Path, needed: int) -> None:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(there).free
    if free < needed + _SPARE_BYTES:
        raise UpgradeError(
            N_("Ổ đĩa của {path} chỉ còn {free} MB, cần {needed} MB. Xin dọn bớt rồi thử lại."),
            path=folder,
            free=free // 1_000_000,
            needed=(needed + _SPARE_BYTES) // 1_000_000,
        )
