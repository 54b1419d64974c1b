from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from appliance.doctor.finding import Level
from appliance.doctor.store import (
    check_backup,
    check_chain_head,
    check_clock,
    check_store,
    newest_record,
)
from config import Clock
from provisioning.backup.status import BackupStatus, write_status
from wait_log.dialects import store_url
from wait_log.reader import Reader, open_reader
from wait_log.rows import FIRST_HASH, Batch, EventRow
from wait_log.store import open_store

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
AT = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
AT_US = int(AT.timestamp() * 1_000_000)


def reader_of(data: Path) -> Reader:
    return open_reader(store_url(data), "nhi-chieu")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "wait_log.db"
    store = open_store(store_url(path.parent), "nhi-chieu", lambda: "E1")
    events = [EventRow(seq, AT_US, "2026-11-23", "note", b"{}") for seq in (1, 2)]
    store.commit(Batch(events=events))
    store.close()
    return path


def test_a_store_that_is_not_there_yet_is_worth_a_note(tmp_path: Path) -> None:
    (found,) = check_store(reader_of(tmp_path))
    assert (found.level, found.says) == (Level.NOTE, "store_new")
    assert newest_record(reader_of(tmp_path)) is None


def test_how_old_the_last_backup_is(tmp_path: Path) -> None:
    assert check_backup(tmp_path, AT).says == "backup_none"
    for hours, problem, says, level in (
        (3, "", "backup_good", Level.OK),
        (3, "stick", "backup_part", Level.NOTE),
        (40, "", "backup_old", Level.ERROR),
    ):
        good_at = AT - timedelta(hours=hours)
        write_status(tmp_path, BackupStatus(good_at=good_at, problem=problem))
        found = check_backup(tmp_path, AT)
        assert (found.says, found.level) == (says, level)


def test_a_good_store_has_a_good_chain(path: Path) -> None:
    store, chain = check_store(reader_of(path.parent))
    assert store.level is Level.OK
    assert (chain.level, chain.values["events"]) == (Level.OK, 2)
    assert newest_record(reader_of(path.parent)) == AT


def test_it_can_be_looked_at_while_the_service_writes(path: Path) -> None:
    writer = open_store(store_url(path.parent), "nhi-chieu", lambda: "E2")
    assert all(found.level is Level.OK for found in check_store(reader_of(path.parent)))
    writer.commit(Batch(events=[EventRow(3, AT_US, "2026-11-23", "note", b"{}")]))
    writer.close()


def test_a_file_that_is_no_store_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "wait_log.db"
    path.write_bytes(b"not a database at all" * 100)
    (found,) = check_store(reader_of(path.parent))
    assert (found.level, found.says) == (Level.ERROR, "store_unread")
    assert newest_record(reader_of(path.parent)) is None


def test_a_damaged_page_is_an_error(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    path.write_bytes(content)
    first = next(check_store(reader_of(path.parent)))
    assert first.level is Level.ERROR


def test_a_changed_event_does_not_fit_its_link(path: Path) -> None:
    reader = reader_of(path.parent)
    newest, previous = reader.newest(), reader.hash_of(1)
    assert newest
    assert previous
    assert check_chain_head(newest, previous).level is Level.OK
    assert check_chain_head(replace(newest, body=None), previous).level is Level.OK
    for forged in (replace(newest, body=b"{}x"), replace(newest, digest=bytes(32))):
        found = check_chain_head(forged, previous)
        assert (found.level, found.values["seq"]) == (Level.ERROR, 2)
    assert check_chain_head(newest, FIRST_HASH).level is Level.ERROR
    assert check_chain_head(None, FIRST_HASH).says == "chain_empty"


def test_the_clock_is_shown_in_the_centres_zone_and_judged() -> None:
    def says(now: datetime, newest: datetime | None) -> str:
        return check_clock(Clock(now, 0.0, 1e-9), newest, ZONE).says

    assert says(AT, None) == "clock_own"
    assert says(AT, AT + timedelta(hours=1)) == "clock_behind"
    assert says(datetime(2000, 1, 1, tzinfo=UTC), None) == "clock_wrong"
    assert check_clock(Clock(), None, ZONE).level is Level.OK
    shown = str(check_clock(Clock(AT, 0.0, 1e-9), None, ZONE).values["now"])
    assert shown == "2026-11-23 08:24+07:00"
