"""A backup is put back in one command: nobody gets a number twice, nothing old is deleted."""

import contextlib
import itertools
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bus import commands
from bus.commands import IssueTicket
from config import load_centre
from hall.words import Words
from kiosk.offline_book import Book
from kiosk.paper_record import PaperNotes
from kiosk.sealed_file import SealedFile
from provisioning.accounts import Account, Accounts, Role
from provisioning.backup.errors import BackupError, WrongPhraseError
from provisioning.backup.exchange import exchange
from provisioning.backup.lost_numbers import Numbers, read_kiosks
from provisioning.backup.make import Source, make_backup
from provisioning.backup.make import Surroundings as Making
from provisioning.backup.manifest import STORE_FILE, manifest_of, write_manifest
from provisioning.backup.recovery import make_recovery
from provisioning.backup.restore import Restored, Surroundings, Wanted, numbering_of, restore
from provisioning.backup.rotation import Keep
from provisioning.site_db import FILE_NAME, open_site_db
from queue_service.records import instant
from queue_service.verify import verify
from wait_log.dialects import store_url
from wait_log.reader import open_reader

TODAY = "2026-11-23"
NUMBERING = numbering_of(load_centre())
STEPS = (
    "restore_begun",
    "restore_accounts",
    "restore_store",
    "restore_proven",
    "restore_between",
    "restore_switched",
)
EN = Words("en")
ServerIn = Callable[[Path], SimpleNamespace]


@pytest.fixture(scope="module")
def dead(
    morning: Path, server_in: ServerIn, tmp_path_factory: pytest.TempPathFactory
) -> SimpleNamespace:
    """What is left of a server that was backed up after 2003, went on to 2006, and died."""
    folder = tmp_path_factory.mktemp("dead")
    server = server_in(folder / "data")
    shutil.copytree(morning, server.data)
    server.advance(minutes=10)
    phrase = make_recovery(server.data)
    backup = make_backup(server.source, folder / "to", Keep(), server.world())
    server.start()
    server.advance(minutes=5)
    given = {server.take(): server.now() for _ in range(3)}
    server.advance(minutes=30)
    server.stop()
    return SimpleNamespace(folder=folder, at=server.at, phrase=phrase, backup=backup, given=given)


@pytest.fixture
def lost(dead: SimpleNamespace, server_in: ServerIn, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """That server, in a folder of its own."""
    shutil.copytree(dead.folder, tmp_path, dirs_exist_ok=True)
    server = server_in(tmp_path / "data")
    server.ids = (f"01JLATER{number:05d}" for number in itertools.count(1))
    server.at, server.phrase, server.given = dead.at, dead.phrase, dead.given
    server.backup = replace(dead.backup, path=tmp_path / "to" / dead.backup.path.name)
    yield server
    server.stop()


def is_proven(data: Path) -> bool:
    with open_reader(store_url(data), "nhi-chieu") as reader:
        return verify(reader).problems == ()


def put_back(server: SimpleNamespace, **more: Any) -> Restored:  # noqa: ANN401
    wanted = {"backup": server.backup.path, "data": server.data} | more
    world = Surroundings(server.now, lambda: next(server.ids), is_proven)
    return restore(Wanted(**wanted), world)


def die(server: SimpleNamespace) -> None:
    """The disk is gone, with everything on it."""
    shutil.rmtree(server.data)


def test_a_fresh_machine_has_its_hall_back(lost: SimpleNamespace) -> None:
    die(lost)
    restored = put_back(lost, highest=("CIVIL=2006",))
    assert (restored.old, restored.day.isoformat()) == (None, TODAY)
    lost.start()
    assert lost.take() == "2100"
    adopt = commands.AdoptTicket(counter=3, number="2005", issued_at=lost.given["2005"])
    assert lost.send("counter-3", adopt).ok
    assert lost.send("counter-3", commands.CallNext(counter=3, current=_current(lost))).ok
    lost.stop()
    assert is_proven(lost.data)


def _current(server: SimpleNamespace) -> str | None:
    current: str | None = server.engine.ledger.state.counters[3].current
    return current


@pytest.mark.full
def test_devices_begin_again_on_a_new_epoch(lost: SimpleNamespace) -> None:
    before = lost.backup.manifest.store.epoch
    put_back(lost, highest=("CIVIL=2006",), replace_newer=True)
    lost.start()
    assert lost.engine.ledger.epoch not in ("", before)
    assert lost.engine.ledger.cursor == lost.backup.manifest.store.seq


def test_without_anything_known_of_today_a_person_is_asked(lost: SimpleNamespace) -> None:
    die(lost)
    with pytest.raises(BackupError, match="--highest CERT=1") as refused:
        put_back(lost)
    assert TODAY in refused.value.said(EN)
    assert not lost.data.exists()
    put_back(lost, nobody_holds=True)
    lost.start()
    assert lost.take() == "2100"  # the backup itself knows of 2003


def test_kiosks_files_are_read_before_anything_is_overwritten(
    lost: SimpleNamespace, tmp_path: Path
) -> None:
    kiosk = tmp_path / "other-box"
    papers = PaperNotes(numbers={"CIVIL": 143, "CERT": 7}, business_day=TODAY)
    SealedFile(kiosk / "kiosk" / "kiosk-1.papers.json", PaperNotes).write(papers)
    delivery = IssueTicket(id="d", ts=lost.now(), service="CIVIL", number="2904")
    book = Book(known_day=TODAY, highest={TODAY: {"CIVIL": 904}}, deliveries=(delivery,))
    SealedFile(lost.data / "kiosk" / "kiosk-1.book.json", Book).write(book)
    (lost.data / "kiosk" / "kiosk-2.book.json").write_text("torn")
    (lost.data / STORE_FILE).write_bytes(b"dead")
    restored = put_back(lost, other_data=(kiosk, tmp_path / "nowhere"))
    assert restored.numbers.heard
    lost.start()
    assert (lost.take(), lost.take("CERT")) == ("2200", "1100")
    assert lost.engine.ledger.state.books[("kiosk-1", "CIVIL")] == 904
    kept = SealedFile(lost.data / "kiosk" / "kiosk-1.book.json", Book).read()
    assert kept == book, "what a kiosk has not delivered yet is not lost"


@pytest.mark.full
def test_a_book_that_nobody_knows_gives_no_more_numbers_today(lost: SimpleNamespace) -> None:
    die(lost)
    put_back(lost, highest=("CIVIL=2006",))
    lost.start()
    assert lost.engine.ledger.state.books[("kiosk-1", "CIVIL")] == 949


@pytest.mark.full
def test_an_old_store_that_can_be_read_counts(lost: SimpleNamespace) -> None:
    for number in range(120):
        del number
        if lost.engine is None:
            lost.start()
        lost.take()
    lost.stop()
    with pytest.raises(BackupError, match="--replace-newer"):
        put_back(lost)
    restored = put_back(lost, replace_newer=True)
    assert restored.old is not None
    lost.start()
    assert lost.take() == "2200"
    with closing(sqlite3.connect(restored.old / STORE_FILE)) as old:
        assert old.execute("SELECT count(*) FROM ticket").fetchone() == (126,)


def test_the_old_data_are_never_away_while_they_are_put_aside(lost: SimpleNamespace) -> None:
    server = lost
    there: list[bool] = []

    def look(name: str) -> None:
        if name == "restore_between":
            there.append((server.data / STORE_FILE).is_file())

    world = Surroundings(server.now, lambda: next(server.ids), is_proven, look)
    wanted = Wanted(backup=server.backup.path, data=server.data, replace_newer=True)
    restored = restore(wanted, world)
    assert there == [True]
    assert restored.old is not None
    assert (restored.old / STORE_FILE).is_file()
    server.start()
    assert server.take() == "2100"
    server.stop()


def test_a_file_system_that_exchanges_nothing_does_it_in_two_steps(lost: SimpleNamespace) -> None:
    server = lost
    world = Surroundings(
        server.now, lambda: next(server.ids), is_proven, exchange=lambda _one, _other: False
    )
    wanted = Wanted(backup=server.backup.path, data=server.data, replace_newer=True)
    restored = restore(wanted, world)
    assert restored.old is not None
    assert (restored.old / STORE_FILE).is_file()
    assert sorted(path.name for path in server.data.parent.iterdir() if "data" in path.name) == [
        "data",
        restored.old.name,
    ]
    server.start()
    assert server.take() == "2100"
    server.stop()


def test_two_folders_change_places(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "is").write_text(name)
    if not exchange(tmp_path / "one", tmp_path / "other"):
        pytest.skip("this file system exchanges nothing")
    assert (tmp_path / "one/is").read_text() == "other"
    assert (tmp_path / "other/is").read_text() == "one"
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "one", tmp_path / "missing")


def test_a_running_service_is_in_the_way(lost: SimpleNamespace) -> None:
    lost.start()
    with pytest.raises(BackupError, match=r"denluot\.target"):
        put_back(lost, highest=("CIVIL=2006",), replace_newer=True)
    assert lost.take() == "2007"


def test_a_hall_that_runs_is_stopped_once_nothing_speaks_against_it(lost: SimpleNamespace) -> None:
    server = lost
    server.start()
    paused: list[str] = []

    @contextlib.contextmanager
    def pause() -> Iterator[None]:
        paused.append(server.take())  # the last number that it gave
        server.stop()
        yield
        server.start()

    world = Surroundings(server.now, lambda: next(server.ids), is_proven, pause=pause)
    wanted = Wanted(backup=server.backup.path, data=server.data)
    with pytest.raises(BackupError):  # its log is newer: nothing was stopped
        restore(wanted, world)
    assert paused == []
    restored = restore(replace(wanted, replace_newer=True), world)
    (last,) = paused
    assert max(restored.numbers.series[TODAY].values()) == int(last[-3:])
    assert int(server.take()) > int(last)
    server.stop()


def test_a_clock_that_is_behind_is_put_right_first(lost: SimpleNamespace) -> None:
    die(lost)
    lost.advance(hours=-3)
    with pytest.raises(BackupError, match="2026-11-23"):
        put_back(lost, highest=("CIVIL=2006",))
    assert not lost.data.exists()


def test_numbers_of_a_day_to_come_mean_a_wrong_clock(lost: SimpleNamespace) -> None:
    papers = PaperNotes(numbers={"CIVIL": 9}, business_day="2026-11-24")
    SealedFile(lost.data / "kiosk" / "kiosk-1.papers.json", PaperNotes).write(papers)
    with pytest.raises(BackupError, match="2026-11-24"):
        put_back(lost, replace_newer=True)


def test_with_the_phrase_everybody_can_log_in_again(lost: SimpleNamespace) -> None:
    die(lost)
    with pytest.raises(WrongPhraseError):
        put_back(lost, highest=("CIVIL=2006",), phrase="nhà cửa")
    assert not lost.data.exists()
    restored = put_back(lost, highest=("CIVIL=2006",), phrase=lost.phrase)
    assert restored.has_accounts
    db = open_site_db(lost.data / FILE_NAME)
    assert Accounts(db).check_password("hoa", "cầu tre 7 nhịp")
    assert db.read("SELECT count(*) FROM sessions")[0][0] == 0
    assert [row["action"] for row in db.read("SELECT action FROM audit")][-1] == "logged_in"
    db.close()
    authority = lost.data / "authority" / "authority.pem"
    assert (authority.read_text(), oct(authority.stat().st_mode)[-3:]) == (
        "khóa của trung tâm",
        "600",
    )
    again = make_backup(lost.source, lost.data.parent / "again", Keep(), lost.world())
    assert (again.path / "identity.sealed").exists(), "the same phrase seals the next backups"


@pytest.mark.full
def test_without_the_phrase_it_works_and_asks_to_pair_again(lost: SimpleNamespace) -> None:
    die(lost)
    restored = put_back(lost, highest=("CIVIL=2006",))
    assert not restored.has_accounts
    db = open_site_db(lost.data / FILE_NAME)
    assert not Accounts(db).exist()
    assert db.read("SELECT count(*) FROM audit WHERE account = 'hoa'")[0][0] == 1
    db.close()
    assert not (lost.data / "authority").exists()


@pytest.mark.full
def test_accounts_that_are_whole_stay(lost: SimpleNamespace) -> None:
    db = open_site_db(lost.data / FILE_NAME)
    db.audit("hoa", "", "logged_out")  # after the backup
    db.close()
    restored = put_back(lost, highest=("CIVIL=2006",), replace_newer=True)
    assert restored.has_accounts
    db = open_site_db(lost.data / FILE_NAME)
    assert db.read("SELECT count(*) FROM audit WHERE action = 'logged_out'")[0][0] == 1
    db.close()


def test_a_new_installation_gets_what_the_staff_did(lost: SimpleNamespace) -> None:
    """Accounts that were just made on it stay; reports and audit come from the backup."""
    die(lost)
    lost.data.mkdir()
    db = open_site_db(lost.data / FILE_NAME)
    Accounts(db).add(Account("minh", "Minh", Role.ADMINISTRATOR), "sông lớn 9 bờ", by="first")
    db.close()
    restored = put_back(lost, highest=("CIVIL=2006",))
    assert restored.has_accounts
    db = open_site_db(lost.data / FILE_NAME)
    assert [account.account for account in Accounts(db).list()] == ["minh"]
    assert db.read("SELECT count(*) FROM audit WHERE account = 'hoa'")[0][0] == 1
    db.close()


@pytest.mark.full
def test_accounts_that_are_damaged_come_from_the_backup(lost: SimpleNamespace) -> None:
    (lost.data / FILE_NAME).write_bytes(b"SQLite format 3\x00" + bytes(3000))
    restored = put_back(lost, highest=("CIVIL=2006",), replace_newer=True)
    assert not restored.has_accounts
    assert restored.old is not None
    assert (restored.old / FILE_NAME).stat().st_size == 3016


@pytest.mark.parametrize(
    "file",
    [
        STORE_FILE,
        pytest.param("staff.db", marks=pytest.mark.full),
        pytest.param("identity.sealed", marks=pytest.mark.full),
        pytest.param("manifest.json", marks=pytest.mark.full),
    ],
)
def test_a_damaged_backup_changes_nothing(lost: SimpleNamespace, file: str) -> None:
    path = lost.backup.path / file
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    before = sorted(path.name for path in lost.data.iterdir())
    with pytest.raises(BackupError):
        put_back(lost, highest=("CIVIL=2006",), replace_newer=True, phrase=lost.phrase)
    assert sorted(path.name for path in lost.data.iterdir()) == before


@pytest.mark.full
def test_a_log_that_was_changed_with_its_digest_is_noticed(lost: SimpleNamespace) -> None:
    """Somebody who also writes the manifest anew still has to get past the chain."""
    store = lost.backup.path / STORE_FILE
    with closing(sqlite3.connect(store)) as db:
        db.execute("UPDATE event SET at_us = at_us, body = X'7b7d' WHERE seq = 4")
        db.commit()
    made = lost.backup.manifest
    forged = manifest_of(
        lost.backup.path,
        version=made.version,
        number=made.number,
        made_at=made.made_at,
        snapshot=made.snapshot,
        work=made.work,
    )
    write_manifest(lost.backup.path, forged)
    with pytest.raises(BackupError, match="4"):
        put_back(lost, highest=("CIVIL=2006",), replace_newer=True)


@pytest.mark.full
def test_what_does_not_replay_is_not_put_in_place(lost: SimpleNamespace) -> None:
    world = Surroundings(lost.now, lambda: next(lost.ids), lambda _data: False)
    wanted = Wanted(
        backup=lost.backup.path, data=lost.data, highest=("CIVIL=2006",), replace_newer=True
    )
    with pytest.raises(BackupError, match="denluot verify"):
        restore(wanted, world)
    lost.start()
    assert lost.take() == "2007"


def test_a_backup_of_the_day_before_looks_after_both_days(lost: SimpleNamespace) -> None:
    lost.advance(days=1)
    die(lost)
    put_back(lost, highest=("CIVIL=2143",))
    lost.start()
    assert lost.take() == "2200"
    lost.advance(days=1)
    assert lost.take() == "2001"


def test_a_store_on_a_server_is_put_back_there(lost: SimpleNamespace) -> None:
    """The file that names it is carried over; where nobody answers nothing has changed."""
    url = "postgresql+psycopg://denluot@127.0.0.1:1/denluot?connect_timeout=1"
    (lost.data / "store-url").write_text(url)
    before = (lost.data / STORE_FILE).read_bytes()
    with pytest.raises(BackupError):
        put_back(lost, highest=("CIVIL=2006",))
    assert (lost.data / STORE_FILE).read_bytes() == before
    assert not list(lost.data.parent.glob("data.before-*"))


@pytest.mark.full
def test_a_store_of_0_2_0_is_backed_up_and_restored(tmp_path: Path) -> None:
    released = Path(__file__).parents[3] / "data" / "store-0.2.0.db"
    old = tmp_path / "old"
    old.mkdir()
    shutil.copy(released, old / STORE_FILE)
    source = Source(data=old, store=store_url(old), site="nhi-chieu", version="0.2.0")
    with open_reader(store_url(old), "nhi-chieu") as reader:
        newest = reader.newest()
    assert newest is not None
    now = instant(newest.at_us) + timedelta(hours=1)
    made = make_backup(source, tmp_path / "to", Keep(), Making(lambda: now))
    wanted = Wanted(backup=made.path, data=tmp_path / "new", nobody_holds=True)
    restore(wanted, Surroundings(lambda: now, lambda: "01JNEWEPOCH", is_proven))
    assert is_proven(tmp_path / "new")


def run_restore(server: SimpleNamespace, failpoint: str = "") -> subprocess.CompletedProcess[str]:
    clock = f"{server.now().isoformat()}@0.0@1.0"
    environment = os.environ | {"DENLUOT_FAILPOINT": failpoint, "DENLUOT_CLOCK": clock}
    arguments = [str(server.backup.path), "--data", str(server.data), "--highest", "CIVIL=2006"]
    arguments += ["--replace-newer", "--root", str(server.data.parent), "--no-accounts"]
    program = [sys.executable, "-m", "appliance", "restore", *arguments]
    return subprocess.run(program, env=environment, check=False, capture_output=True, text=True)


def attack(server: SimpleNamespace, steps: tuple[str, ...]) -> None:
    """Kill it at a step: old or new is there and nothing is gone; the same command finishes it."""
    for step in steps:
        died = run_restore(server, step)
        assert died.returncode == 137, died.stderr
        folders = [path for path in server.data.parent.iterdir() if path.name.startswith("data")]
        assert any((path / STORE_FILE).is_file() and is_proven(path) for path in folders)
        done = run_restore(server)
        assert done.returncode == 0, done.stderr
        assert is_proven(server.data)
        assert not (server.data.parent / "data.restoring").exists()
        server.start()
        assert int(server.take()) >= 2100
        server.stop()


@pytest.mark.full
def test_a_death_between_the_two_names_is_made_good(lost: SimpleNamespace) -> None:
    attack(lost, ("restore_between",))


@pytest.mark.full
def test_a_death_at_every_step_is_made_good(lost: SimpleNamespace) -> None:
    attack(lost, STEPS)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=20), st.text(max_size=20))
def test_any_typed_number_is_taken_or_refused_clearly(service: str, number: str) -> None:
    for code in ("CIVIL", service):
        with contextlib.suppress(BackupError):
            assert 0 <= NUMBERING.serial(code, number) < 1000


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=300))
def test_any_file_of_a_kiosk_is_taken_or_left(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("box")
    (folder / "kiosk").mkdir()
    for kind in ("book", "papers", "centre"):
        (folder / "kiosk" / f"kiosk-1.{kind}.json").write_bytes(content)
    numbers = Numbers()
    read_kiosks([folder], numbers)
    assert (numbers.series, numbers.books) == ({}, {})
