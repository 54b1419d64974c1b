"""The database: whose eyes it is for, versions, what happens when it cannot be written."""

import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from provisioning.errors import SiteDbError
from provisioning.site_db import MIGRATIONS, MOST_DETAIL, SiteDb, open_site_db


def test_is_for_its_user_alone(db: SiteDb, db_path: Path) -> None:
    db.audit("minh", "", "logged_in")
    assert {path.stat().st_mode & 0o077 for path in db_path.parent.glob("accounts.db*")} == {0}


def test_opens_again_with_what_it_had(db: SiteDb, db_path: Path) -> None:
    db.audit("minh", "10.0.0.5", "logged_in", "x" * 1000)
    with closing(open_site_db(db_path)) as again:
        (row,) = again.read("SELECT * FROM audit")
        assert (row["account"], row["address"], len(row["detail"])) == (
            "minh",
            "10.0.0.5",
            MOST_DETAIL,
        )
        assert again.read("PRAGMA user_version")[0][0] == len(MIGRATIONS)


def test_the_version_before_runs_on_the_database_of_this_one(db: SiteDb, db_path: Path) -> None:
    db.audit("minh", "", "logged_in")
    with closing(sqlite3.connect(db_path)) as newer:
        newer.execute("CREATE TABLE of_the_next_version (id INTEGER)")
        newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        newer.commit()
    with closing(open_site_db(db_path)) as older:
        older.audit("minh", "", "logged_out")
        assert older.read("PRAGMA user_version")[0][0] == len(MIGRATIONS) + 1


def test_every_version_on_the_way_can_be_brought_here(db_path: Path) -> None:
    for version in range(len(MIGRATIONS)):
        db_path.unlink(missing_ok=True)
        with closing(sqlite3.connect(db_path)) as old:
            old.executescript("".join(f"{script};" for script in MIGRATIONS[:version]))
            old.execute(f"PRAGMA user_version = {version}")
        with closing(open_site_db(db_path)) as db:
            db.audit("minh", "", "logged_in")


def test_two_may_open_it_for_the_first_time_together(db_path: Path) -> None:
    ready, opened = threading.Barrier(4), []

    def run() -> None:
        ready.wait(60)
        with closing(open_site_db(db_path)) as db:
            db.audit("minh", "", "logged_in")
            opened.append(db)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(opened) == 4


def test_a_transaction_that_fails_leaves_nothing(db: SiteDb) -> None:
    def half_done() -> None:
        with db.write() as connection:
            db.audit_within(connection, "minh", "", "logged_in", "")
            raise ValueError("half done")

    with pytest.raises(ValueError, match="half"):
        half_done()
    assert db.read("SELECT * FROM audit") == []
    db.audit("minh", "", "logged_in")
    assert len(db.read("SELECT * FROM audit")) == 1


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    path = tmp_path / "accounts.db"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(SiteDbError, match=r"accounts\.db: file is not a database"):
        open_site_db(path)


def test_a_full_disk_is_said_and_passes(db: SiteDb) -> None:
    (pages,) = db.read("PRAGMA page_count")[0]
    db._writer.execute(f"PRAGMA max_page_count = {pages}")

    def fill() -> None:
        for _ in range(10_000):
            db.audit("minh", "", "logged_in", "x" * MOST_DETAIL)

    with pytest.raises(SiteDbError, match="full"):
        fill()
    kept = len(db.read("SELECT * FROM audit"))
    db._writer.execute("PRAGMA max_page_count = 1000000")
    db.audit("minh", "", "logged_in")
    assert len(db.read("SELECT * FROM audit")) == kept + 1


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is refused to root")
def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(SiteDbError, match="Permission"):
        open_site_db(tmp_path / "accounts.db")


def test_no_folder_can_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SiteDbError, match="file"):
        open_site_db(tmp_path / "file" / "accounts.db")
