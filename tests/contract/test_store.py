"""What every engine of the store promises; SQLite now, PostgreSQL by another URL."""

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from wait_log import schema, tables
from wait_log.dialects import sqlite_url
from wait_log.errors import DuplicateNumberError, StoreBusyError, StoreError
from wait_log.log import FIRST_HASH, LogReader
from wait_log.rows import (
    Batch,
    CallRow,
    ConfigRow,
    DayRow,
    EventRow,
    Heard,
    InboxRow,
    PrintRow,
    TicketRow,
)
from wait_log.store import STORE_FILE, Store

DAY = "2026-11-23"
OpenStore = Callable[[], Store]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / STORE_FILE


@pytest.fixture
def open_store(path: Path) -> Iterator[OpenStore]:
    opened: list[Store] = []

    def open_it() -> Store:
        opened.append(Store.open_file(path, "test", lambda: "epoch-1"))
        return opened[-1]

    yield open_it
    for store in opened:
        store.close()


def event(seq: int, body: bytes = b"{}") -> EventRow:
    return EventRow(seq, seq * 10, DAY, "ticket_issued", body)


def ticket(number: str, ticket_id: str = "", state: str = "waiting") -> TicketRow:
    return TicketRow(
        id=ticket_id or f"id-{number}",
        business_day=DAY,
        series=number[0],
        number=number,
        service="CERT",
        ticket_class="normal",
        lang="vi",
        token="t",
        device="kiosk-1",
        offline_book=False,
        state=state,
        order_key_us=1,
        counter=None,
        to_counter=None,
        issued_us=1,
        first_called_us=None,
        called_us=None,
        started_us=None,
        ended_us=None,
        wait_s=None,
        served_s=None,
        clock_suspect=False,
        calls=0,
        reason="",
        day_closed=False,
    )


def rows(path: Path, query: str) -> list[tuple[str, ...]]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def definitions(path: Path) -> list[tuple[str, str]]:
    """Return every table and index of a SQLite file, without white space."""
    found = rows(path, "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
    return [(name, "".join(sql.split())) for name, sql in found]


def test_a_new_store_has_a_life_of_its_own(open_store: OpenStore) -> None:
    store = open_store()
    assert (store.epoch, store.last_seq, store.newest_us()) == ("epoch-1", 0, 0)
    assert store.last_day() is None
    assert store.newest_config() is None


def test_migrations_lead_to_the_tables_of_a_new_store(
    open_store: OpenStore, path: Path, tmp_path: Path
) -> None:
    open_store().close()
    migrated = tmp_path / "migrated.db"
    engine = create_engine(sqlite_url(migrated))
    with engine.begin() as connection:
        schema.migrate(connection)
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, tables.metadata) == []
    engine.dispose()
    assert definitions(path) == definitions(migrated)
    schema_version = "SELECT version_num FROM alembic_version"
    assert rows(path, schema_version) == rows(migrated, schema_version) == [(schema.HEAD,)]


def test_events_are_chained_and_dense(open_store: OpenStore) -> None:
    store = open_store()
    store.commit(Batch(events=[event(1, b"a"), event(2, b"b")]))
    store.commit(Batch(events=[event(3, b"c")]))
    previous = FIRST_HASH
    for chained, body in zip(store.events(), (b"a", b"b", b"c"), strict=True):
        assert chained.prev_hash == previous
        assert chained.hash == hashlib.sha256(previous + body).digest()
        previous = chained.hash
    assert [chained.row.seq for chained in store.events(2)] == [2, 3]
    store.close()
    again = open_store()
    assert (again.last_seq, again.newest_us()) == (3, 30)
    again.commit(Batch(events=[event(4, b"d")]))
    assert next(iter(again.events(4))).prev_hash == previous


def test_many_events_are_read_in_blocks(open_store: OpenStore) -> None:
    store = open_store()
    store.commit(Batch(events=[event(seq) for seq in range(1, 4502)]))
    assert [chained.row.seq for chained in store.events()] == list(range(1, 4502))


def test_a_transaction_is_all_or_nothing(open_store: OpenStore) -> None:
    store = open_store()
    store.commit(Batch(events=[event(1)], new_tickets=[ticket("1001")]))
    twice = Batch(
        events=[event(2)],
        new_tickets=[ticket("1002"), ticket("1001", "other")],
        inbox=[InboxRow("kiosk-1", "c-1", b"h", b"r", 5)],
        meta={"cursor": "9"},
    )
    with pytest.raises(DuplicateNumberError):
        store.commit(twice)
    assert store.last_seq == 1
    assert store.answered("kiosk-1", "c-1") is None
    assert store.meta("cursor") == "0"
    assert not store.number_given(DAY, "1002")
    with pytest.raises(StoreError):
        store.commit(Batch(events=[event(1)]))
    store.commit(Batch(events=[event(2)], new_tickets=[ticket("1002")]))
    assert [chained.row.seq for chained in store.events()] == [1, 2]


def test_a_death_before_the_commit_leaves_nothing(path: Path) -> None:
    class Killed(BaseException):
        pass

    def die(name: str) -> None:
        if name == "before_commit" and armed:
            raise Killed

    armed: list[bool] = []
    store = Store.open_file(path, "test", lambda: "epoch-1", die)
    armed.append(True)
    with pytest.raises(Killed):
        store.commit(Batch(events=[event(1)]))
    assert list(store.events()) == []
    store.close()


def test_tickets_are_kept_up_to_date(open_store: OpenStore, path: Path) -> None:
    store = open_store()
    store.commit(Batch(new_tickets=[ticket("1001"), ticket("2001")]))
    store.commit(Batch(tickets=[ticket("1001", state="void")]))
    assert store.number_given(DAY, "1001")
    assert not store.number_given("2026-11-24", "1001")
    with LogReader(path) as reader:
        assert {t.number: t.state for t in reader.tickets(DAY).values()} == {
            "1001": "void",
            "2001": "waiting",
        }
        assert reader.ticket_days() == {DAY}


def test_answers_are_remembered_replaced_and_forgotten(open_store: OpenStore) -> None:
    store = open_store()
    first = InboxRow("kiosk-1", "c-1", b"hash", b"reply", 5)
    store.commit(Batch(inbox=[first, InboxRow("kiosk-1", "c-2", b"x", b"y", 50)]))
    assert store.answered("kiosk-1", "c-1") == first
    assert store.answered("counter-1", "c-1") is None
    tombstone = InboxRow("kiosk-1", "c-1", b"", b"late", 60)
    store.commit(Batch(inbox=[tombstone]))
    assert store.answered("kiosk-1", "c-1") == tombstone
    store.close()
    store = open_store()
    assert store.answered("kiosk-1", "c-1") == tombstone
    assert store.newest_us() == 60
    store.commit(Batch(forget_inbox_before_us=55))
    assert store.answered("kiosk-1", "c-2") is None
    assert store.answered("kiosk-1", "c-1") == tombstone


def test_calls_are_heard_once_and_withdrawn(open_store: OpenStore, path: Path) -> None:
    store = open_store()
    store.commit(Batch(calls=[CallRow(1, DAY, "t", "1001", 3, "CERT", "normal", 0, 5)]))
    store.note_heard(Heard(1, shown_us=10))
    store.note_heard(Heard(1, shown_us=20, spoken_us=30))
    assert store.heard_on(DAY) == [Heard(1, shown_us=10, spoken_us=30)]
    store.commit(Batch(withdrawn=[1]))
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT withdrawn FROM call").fetchall() == [(1,)]
    connection.close()


def test_days_versions_and_prints_are_kept(open_store: OpenStore) -> None:
    store = open_store()
    store.commit(
        Batch(
            days=[DayRow("2026-11-23", 1, 5), DayRow("2026-11-24", 9, 50)],
            configs=[ConfigRow(1, 5, b"one"), ConfigRow(2, 6, b"two")],
            prints=[PrintRow(3, "t", "kiosk-1", 5, "failed", "hết giấy", copy=False)],
            meta={"file_digest": "abc"},
        )
    )
    assert store.last_day() == DayRow("2026-11-24", 9, 50)
    assert store.newest_config() == ConfigRow(2, 6, b"two")
    assert store.meta("file_digest") == "abc"


def test_one_process_writes(open_store: OpenStore, path: Path) -> None:
    open_store()
    with pytest.raises(StoreBusyError):
        Store.open_file(path, "test", lambda: "epoch-2")


def test_a_reader_sees_one_moment_and_never_writes(open_store: OpenStore, path: Path) -> None:
    store = open_store()
    store.commit(Batch(events=[event(1)]))
    with LogReader(path) as reader:
        assert len(list(reader.events())) == 1
        store.commit(Batch(events=[event(2)]))
        assert len(list(reader.events())) == 1
        assert reader.meta("epoch") == "epoch-1"
        assert reader.meta("nothing") is None


def test_a_reader_of_nothing_says_so(path: Path) -> None:
    with pytest.raises(StoreError), LogReader(path) as reader:
        reader.meta("epoch")


def test_sqlite_is_set_up_to_be_durable(open_store: OpenStore) -> None:
    connection = open_store()._connection
    with connection.begin():
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_store_that_is_no_store_is_said(path: Path) -> None:
    path.write_bytes(b"no database" * 500)
    with pytest.raises(StoreError):
        Store.open_file(path, "test", lambda: "epoch-1")
    path.unlink()
    Store.open_file(path, "test", lambda: "epoch-1").close()
