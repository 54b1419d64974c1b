"""Stores of every release since 0.2.0 are opened, proven and written on by this version.

`tests/data/store-0.2.0.db` was left by that version after a simulated morning.
"""

import itertools
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bus import codec, commands
from config import Clock, load_centre
from queue_service.domain.events import OfLaterVersion
from queue_service.start import Place, open_engine
from queue_service.verify import verify
from wait_log import schema
from wait_log.dialects import STORE_FILE, store_url
from wait_log.errors import StoreError
from wait_log.reader import open_reader

DATA = Path(__file__).parents[1] / "data"
RELEASES = sorted(path.stem.removeprefix("store-") for path in DATA.glob("store-*.db"))
SITE = "nhi-chieu"
AT = datetime(2026, 11, 23, 1, tzinfo=UTC)


@pytest.fixture(params=RELEASES)
def data(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A data directory as the release left it."""
    shutil.copy(DATA / f"store-{request.param}.db", tmp_path / STORE_FILE)
    return tmp_path


def test_compatibility_begins_with_0_2_0() -> None:
    assert RELEASES[0] == "0.2.0"


def test_a_released_store_proves_itself_and_is_written_on(data: Path) -> None:
    _prove_and_write(data)


def test_a_store_of_a_later_version_is_written_on(data: Path) -> None:
    """Steps only add, so a later version's store has what this one adds, and more."""
    engine = create_engine(store_url(data))
    with engine.begin() as connection:
        schema.upgrade(connection)
    engine.dispose()
    with closing(sqlite3.connect(data / STORE_FILE)) as store:
        store.execute("ALTER TABLE ticket ADD COLUMN later VARCHAR")
        store.execute("CREATE TABLE later (site VARCHAR NOT NULL PRIMARY KEY)")
        store.execute("UPDATE alembic_version SET version_num = '0999'")
        store.commit()
    _prove_and_write(data)


def test_events_of_a_later_version_change_nothing_and_stop_nobody(data: Path) -> None:
    """What a release wrote that was then gone back from; its own rows are its own matter."""
    ids = (f"01JLAT{number:04d}" for number in itertools.count(1))
    place = Place(data, Clock(), "boot", lambda: next(ids))
    engine = open_engine(place, load_centre(), always_open=True)
    engine.record([OfLaterVersion("robot_danced")], "later")
    engine.ledger.store.close()
    _prove_and_write(data)
    with open_reader(store_url(data), SITE) as reader:
        kinds = [event.body or b"" for event in reader.events(1)]
    assert sum(b'"kind":"robot_danced"' in body for body in kinds) == 1


def test_a_store_of_something_else_is_refused(data: Path) -> None:
    with closing(sqlite3.connect(data / STORE_FILE)) as store:
        store.execute("UPDATE alembic_version SET version_num = 'another'")
        store.commit()
    with pytest.raises(StoreError):
        open_engine(Place(data, Clock(), "boot", str), load_centre())


def _prove_and_write(data: Path) -> None:
    with open_reader(store_url(data), SITE) as reader:
        before = verify(reader)
    assert before.problems == ()
    assert before.tickets >= 10
    ids = (f"01JREL{number:04d}" for number in itertools.count(1))
    place = Place(data, Clock(), "boot", lambda: next(ids))
    engine = open_engine(place, load_centre(), always_open=True)
    command = commands.IssueTicket(id=next(ids), ts=AT, service="CIVIL")
    reply = codec.decode(commands.Reply, engine.handle("kiosk-1", codec.encode(command)) or b"")
    engine.ledger.store.close()
    assert reply.ok, reply
    with open_reader(store_url(data), SITE) as reader:
        after = verify(reader)
    assert after.problems == ()
    assert after.tickets == before.tickets + 1
    assert after.events > before.events
