"""What an upgrade does with a hall's data, and when it lets the hall alone."""

import dataclasses
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from provisioning.layout import Layout
from provisioning.site_db import open_site_db
from provisioning.upgrade.errors import UpgradeError
from provisioning.upgrade.hall_data import HallData, open_until
from provisioning.upgrade.offer import Offer
from wait_log.dialects import STORE_FILE, store_url
from wait_log.reader import Reader, open_reader

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
RELEASED = Path(__file__).parents[3] / "data/store-0.2.0.db"
SITE = "nhi-chieu"


@pytest.fixture
def hall(tmp_path: Path) -> SimpleNamespace:
    layout = Layout(tmp_path)
    layout.data.mkdir(parents=True)
    layout.upgrade.mkdir(parents=True)
    shutil.copy(RELEASED, layout.data / STORE_FILE)
    environment = {**os.environ, "DENLUOT_PASSWORD": "secret", "DENLUOT_STORE": "postgresql://x"}
    data = HallData(layout, store_url(layout.data), SITE, environment)
    return SimpleNamespace(layout=layout, data=data, folder=tmp_path / "trial")


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


def test_a_backup_is_made_as_every_evening(hall: SimpleNamespace) -> None:
    open_site_db(hall.layout.data / "accounts.db").close()
    hall.data.back_up()
    (folder,) = (path for path in hall.layout.backups.iterdir() if path.is_dir())
    assert folder.stat().st_mode & 0o777 == 0o700
    (store,) = folder.glob("*wait_log*.db")
    wanted = rows(RELEASED, "SELECT seq, hash FROM event")
    assert rows(store, "SELECT seq, hash FROM event") == wanted


def test_a_backup_that_fails_says_why(hall: SimpleNamespace) -> None:
    failing = dataclasses.replace(hall.data, denluot=("sh", "-c", "echo no room >&2; exit 1"))
    with pytest.raises(UpgradeError, match="no room"):
        failing.back_up()


def test_a_copy_speaks_to_nobody_outside(hall: SimpleNamespace) -> None:
    path = hall.layout.data / "accounts.db"
    with closing(open_site_db(path)) as db, db.write() as connection:
        connection.execute(
            "INSERT INTO webhooks (name, url, kinds, secret, cursor, made_by, made_us) "
            "VALUES ('x', 'https://example.org', '', 's', 0, 'a', 0)"
        )
        connection.execute(
            "INSERT INTO outbox (key, subject, recipients, message, tries, next_us, problem) "
            "VALUES ('k', 's', 'a@example.org', x'00', 0, 0, '')"
        )
        connection.execute("INSERT INTO report_settings VALUES (1, x'00', 'a', 0)")
        connection.execute(
            "INSERT INTO audit (at_us, account, address, action, detail) VALUES (0,'a','','b','')"
        )
    hall.folder.mkdir()
    hall.data.copy(hall.folder)
    copy = hall.folder / "accounts.db"
    for table in ("webhooks", "deliveries", "outbox", "report_settings"):
        assert rows(copy, f"SELECT count(*) FROM {table}") == [(0,)], table  # noqa: S608
    assert rows(copy, "SELECT count(*) FROM audit") == [(1,)]
    assert rows(path, "SELECT count(*) FROM webhooks") == [(1,)]


def test_a_damaged_store_is_not_upgraded_over(hall: SimpleNamespace) -> None:
    store = hall.layout.data / STORE_FILE
    content = bytearray(store.read_bytes())
    content[4096:12288] = b"\xff" * 8192
    store.write_bytes(content)
    with pytest.raises(UpgradeError):
        hall.data.back_up()


def test_a_machine_without_data_has_nothing_to_copy(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    data = HallData(layout, store_url(layout.data), SITE, {})
    data.back_up()
    (tmp_path / "trial").mkdir()
    data.copy(tmp_path / "trial")
    assert list((tmp_path / "trial").iterdir()) == []


def test_a_disk_without_room_is_said_before_anything_is_done(
    hall: SimpleNamespace, tmp_path: Path
) -> None:
    package = tmp_path / "large.deb"
    with package.open("wb") as file:
        file.truncate(shutil.disk_usage(tmp_path).total)  # a hole: it takes no room itself
    offer = Offer("0.3.0", "denluot-0.3.0", tmp_path, (package,))
    with pytest.raises(UpgradeError, match="MB"):
        hall.data.room_for(offer)
    hall.data.room_for(Offer("0.3.0", "denluot-0.3.0", tmp_path, ()))


@pytest.fixture
def release(tmp_path: Path) -> Callable[[str], Path]:
    """Make a release whose `denluot` is a line of shell."""

    def make(line: str) -> Path:
        program = tmp_path / "release/bin/denluot"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\n{line}\n")
        program.chmod(0o755)
        return program.parents[1]

    return make


def test_a_trial_gets_the_copy_and_nothing_of_the_hall(
    hall: SimpleNamespace, release: Callable[[str], Path]
) -> None:
    hall.folder.mkdir()
    hall.layout.settings.mkdir(parents=True)
    hall.layout.device_file.touch()
    hall.data.try_release(release("echo $* $(pwd); env"), hall.folder)
    said = (hall.folder / "trial.log").read_text()
    device = hall.layout.device_file
    assert said.startswith(f"trial --data {hall.folder} --device {device} {hall.folder}\n")
    assert "DENLUOT_" not in said
    assert "secret" not in said
    assert "QT_QPA_PLATFORM=offscreen" in said


def test_a_trial_that_fails_says_why(hall: SimpleNamespace, release: Callable[[str], Path]) -> None:
    hall.folder.mkdir()
    with pytest.raises(UpgradeError, match="no board showed the call"):
        hall.data.try_release(release("echo no board showed the call >&2; exit 1"), hall.folder)
    with pytest.raises(UpgradeError, match="không xong"):
        hall.data.try_release(hall.folder / "nothing", hall.folder)


def at(time: str, day: str = "2026-11-23") -> datetime:
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=HANOI)


@pytest.fixture
def reader(hall: SimpleNamespace) -> Iterator[Reader]:
    with open_reader(store_url(hall.layout.data), "nhi-chieu") as reader:
        yield reader


def emptied(hall: SimpleNamespace) -> None:
    with closing(sqlite3.connect(hall.layout.data / STORE_FILE)) as store:
        store.execute("UPDATE ticket SET state = 'finished'")
        store.commit()


@pytest.mark.parametrize(
    ("time", "until"),
    [("06:00", None), ("08:00", "11:30"), ("12:10", None), ("14:00", "17:00"), ("19:00", None)],
)
def test_a_centre_is_open_in_its_hours(
    hall: SimpleNamespace, reader: Reader, time: str, until: str | None
) -> None:
    emptied(hall)
    found = open_until(reader, at(time))
    assert (found.strftime("%H:%M") if found else None) == until


def test_it_is_closed_on_a_sunday(hall: SimpleNamespace, reader: Reader) -> None:
    emptied(hall)
    assert open_until(reader, at("08:00", "2026-11-22")) is None


def test_people_in_the_hall_keep_it_open(hall: SimpleNamespace, reader: Reader) -> None:
    (day,) = rows(hall.layout.data / STORE_FILE, "SELECT max(business_day) FROM ticket")[0]
    with closing(sqlite3.connect(hall.layout.data / STORE_FILE)) as store:
        store.execute("UPDATE ticket SET state = 'waiting'")
        store.commit()
    late = at("22:00", str(day))
    assert open_until(reader, late) == late + timedelta(hours=1)
    assert open_until(reader, late + timedelta(days=2)) is None


def test_a_machine_without_a_store_is_never_open(tmp_path: Path) -> None:
    with closing(open_reader(store_url(tmp_path), "nhi-chieu")) as nothing:
        assert open_until(nothing, at("08:00")) is None
