"""How the log of waits is, read beside the writing service."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from appliance.doctor.finding import Finding, error, note, ok
from config import Clock
from provisioning.backup.status import read_status
from wait_log.errors import StoreError
from wait_log.reader import Reader
from wait_log.rows import FIRST_HASH, ChainedEvent

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SANE_FROM = datetime(2026, 1, 1, tzinfo=UTC)
_SANE_UNTIL = datetime(2100, 1, 1, tzinfo=UTC)
_BEHIND = timedelta(minutes=1)


def check_store(reader: Reader) -> Iterator[Finding]:
    """Look at the file and at the newest link of the site's chain."""
    try:
        if not reader.exists():
            yield note("store", "store_new")
            return
        damage, newest = reader.damage(), reader.newest()
        previous = reader.hash_of(newest.seq - 1) if newest else None
    except StoreError as failure:
        yield error("store", "store_unread", reason=failure)
        return
    yield error("store", "store_broken", reason=damage[0]) if damage else ok("store")
    yield check_chain_head(newest, previous or FIRST_HASH)


def check_chain_head(newest: ChainedEvent | None, previous: bytes) -> Finding:
    """Say whether the newest event fits its link."""
    if newest is None:
        return note("chain", "chain_empty")
    if not newest.follows(previous):
        return error("chain", "chain_broken", seq=newest.seq)
    return ok("chain", "chain_good", events=newest.seq)


def check_backup(data: Path, now: datetime) -> Finding:
    """Say how old the last good backup is."""
    status = read_status(data)
    if status is None:
        return note("backup", "backup_none")
    if status.good_at is None or status.is_old(now):
        return error("backup", "backup_old", since=f"{status.good_at or '–'}")
    hours = int((now - status.good_at).total_seconds() // 3600)
    if status.problem:
        return note("backup", "backup_part", hours=hours)
    return ok("backup", "backup_good", hours=hours, folder=status.folder)


def newest_record(reader: Reader) -> datetime | None:
    """Return when the log's newest event was, None when nobody can say."""
    try:
        newest = reader.newest() if reader.exists() else None
    except StoreError:
        return None
    return _EPOCH + timedelta(microseconds=newest.at_us) if newest else None


def check_clock(clock: Clock, newest: datetime | None, zone: ZoneInfo) -> Finding:
    """Say whether the time can be true, and not before what has already happened."""
    now = clock.now()
    shown = now.astimezone(zone).isoformat(" ", "minutes")
    if not _SANE_FROM <= now < _SANE_UNTIL:
        return error("clock", "clock_wrong", now=shown)
    if newest and now < newest - _BEHIND:
        told = newest.astimezone(zone).isoformat(" ", "minutes")
        return note("clock", "clock_behind", now=shown, newest=told)
    if clock.origin is not None:
        return note("clock", "clock_own", now=shown)
    return ok("clock", "is", what=shown)
