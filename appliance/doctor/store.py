"""How the log of waits is, read beside the writing service."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from appliance.doctor.finding import Finding, error, note, ok
from config import Clock
from wait_log.errors import StoreError
from wait_log.log import LogReader
from wait_log.rows import ChainedEvent

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SANE_FROM = datetime(2026, 1, 1, tzinfo=UTC)
_SANE_UNTIL = datetime(2100, 1, 1, tzinfo=UTC)
_BEHIND = timedelta(minutes=1)


def check_store(path: Path) -> Iterator[Finding]:
    """Look at the file and at the newest link of its chain."""
    if not path.exists():
        yield note("store", "store_new")
        return
    reader = LogReader(path)
    try:
        damage, newest = reader.damage(), reader.newest()
    except StoreError as failure:
        yield error("store", "store_unread", reason=failure)
        return
    finally:
        reader.close()
    yield error("store", "store_broken", reason=damage) if damage else ok("store")
    yield check_chain_head(newest)


def check_chain_head(newest: ChainedEvent | None) -> Finding:
    """Say whether the newest event fits its link."""
    if newest is None:
        return note("chain", "chain_empty")
    if hashlib.sha256(newest.prev_hash + newest.row.body).digest() != newest.hash:
        return error("chain", "chain_broken", seq=newest.row.seq)
    return ok("chain", "chain_good", events=newest.row.seq)


def newest_record(path: Path) -> datetime | None:
    """Return when the log's newest event was, None when nobody can say."""
    if not path.exists():
        return None
    reader = LogReader(path)
    try:
        newest = reader.newest()
    except StoreError:
        return None
    finally:
        reader.close()
    return _EPOCH + timedelta(microseconds=newest.row.at_us) if newest else None


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
