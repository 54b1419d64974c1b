"""What every engine of the store promises: SQLite, and PostgreSQL by another URL."""

import contextlib
import hashlib
import itertools
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, make_url

from bus import codec, commands
from bus.vocabulary import Error
from config import Clock, load_centre
from queue_service.start import Place, open_engine
from queue_service.verify.__main__ import main as verify_main
from wait_log import schema, tables
from wait_log.dialects import STORE_FILE, sqlite_file, store_url
from wait_log.errors import (
    DuplicateNumberError,
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreLostError,
)
from wait_log.reader import Reader, open_reader
from wait_log.rows import (
    FIRST_HASH,
    AppointmentRow,
    Batch,
    CallAck,
    CallRow,
    ConfigRow,
    DayRow,
    EventRow,
    InboxRow,
    PrintRow,
    TicketRow,
)
from wait_log.server import LOST_AFTER_S
from wait_log.statistics import hall_waits, service_waits, ticket_lines
from wait_log.store import Store, open_store

DAY = "2026-11-23"
AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
CALL: tuple[tuple[Any, dict[str, Any]], ...] = ((commands.CallNext, {"counter": 3}),)
AT_US = int(AT.timestamp()) * 1_000_000
Open = Callable[..., Store]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.engine)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database in which nothing is yet."""
    if request.param == "sqlite":
        return store_url(tmp_path)
    new_database: Callable[[], str] = request.getfixturevalue("new_database")
    return new_database()


@pytest.fixture
def open_it(url: str) -> Iterator[Open]:
    """Return a function that opens the store of a site; a site's earlier one is closed."""
    opened: dict[str, Store] = {}
    epochs = itertools.count(1)

    def open_it(site: str = "test", **options: Any) -> Store:  # noqa: ANN401
        if site in opened:
            opened[site].close()
        opened[site] = open_store(url, site, lambda: f"epoch-{next(epochs)}", **options)
        return opened[site]

    yield open_it
    for store in opened.values():
        store.close()


@pytest.fixture
def reader(url: str) -> Iterator[Reader]:
    reader = open_reader(url, "test")
    yield reader
    reader.close()


def event(seq: int, body: bytes = b"{}") -> EventRow:
    return EventRow(seq, seq * 10, DAY, "ticket_issued", body)


def ticket(number: str, ticket_id: str = "", **fields: Any) -> TicketRow:  # noqa: ANN401
    plain = TicketRow(
        id=ticket_id or f"id-{number}",
        business_day=DAY,
        series=number[0],
        number=number,
        service="CERT",
        ticket_class="normal",
        lang="vi",
        device="kiosk-1",
        offline_book=False,
        state="waiting",
        order_key_us=1,
        counter=None,
        to_counter=None,
        issued_us=AT_US + int(number) * 1_000_000,
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
    return replace(plain, **fields)


def call(seq: int) -> CallRow:
    return CallRow(seq, DAY, "t", "1001", 3, "CERT", "normal", 0, 5)


def fail_after_commit(store: Store) -> Callable[[], None]:
    """Let the next COMMIT be carried out but said to have failed; returns what mends it."""
    dialect: Any = store._guard.engine.dialect
    commit = dialect.do_commit

    def do_commit(connection: Any) -> None:  # noqa: ANN401
        commit(connection)
        raise dialect.loaded_dbapi.OperationalError("disk I/O error")

    dialect.do_commit = do_commit

    def mend() -> None:
        dialect.do_commit = commit

    return mend


def test_a_new_store_has_a_life_of_its_own(open_it: Open) -> None:
    store = open_it()
    assert (store.epoch, store.last_seq, store.newest_us()) == ("epoch-1", 0, 0)
    assert store.last_day() is None
    assert store.newest_config() is None
    assert open_it().epoch == "epoch-1"


def test_migrations_lead_to_the_tables_of_a_new_store(
    open_it: Open, url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    open_it().close()
    file = sqlite_file(url)
    other = store_url(tmp_path / "other") if file else request.getfixturevalue("new_database")()
    (tmp_path / "other").mkdir()
    definitions = []
    for address, make in ((url, schema.upgrade), (other, schema.migrate)):
        engine = create_engine(address)
        with engine.begin() as connection:
            make(connection)
            context = MigrationContext.configure(connection)
            assert compare_metadata(context, tables.metadata) == []
            assert schema.version(connection) == schema.HEAD
            definitions.append(schema._definitions(connection) if file else None)
        engine.dispose()
    assert definitions[0] == definitions[1]


def test_every_key_and_index_begins_with_the_site() -> None:
    for table in tables.metadata.tables.values():
        keys = [list(table.primary_key)]
        keys += [list(c.columns) for c in table.constraints if c is not table.primary_key]  # type: ignore[attr-defined]
        keys += [list(index.columns) for index in table.indexes]
        assert {key[0].name for key in keys} == {"site"}, table.name


def test_a_store_of_another_version_is_left_alone(open_it: Open, url: str) -> None:
    open_it().close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'fork-of-ours'")
    engine.dispose()
    with pytest.raises(StoreError, match="another version"):
        open_it()


def test_two_sites_live_in_one_database_unseen(open_it: Open, url: str) -> None:
    for site, number in (("here", "1001"), ("there", "1001"), ("here", "1002")):
        store = open_it(site)
        seq = store.last_seq + 1
        store.commit(
            Batch(
                events=[event(seq, f"{site} {seq}".encode())],
                new_tickets=[ticket(number)],
                tokens={f"id-{number}": f"token-{site}-{number}"},
                calls=[call(seq)],
                prints=[PrintRow(seq, "t", "kiosk-1", 5, "printed", "", copy=False)],
                days=[DayRow(DAY, 1, 5)] if seq == 1 else [],
                configs=[ConfigRow(seq, 5, site.encode())],
                inbox=[InboxRow("kiosk-1", f"c-{seq}", b"h", site.encode(), 5)],
                meta={"cursor": f"{seq}"},
            )
        )
        store.note_heard(CallAck(seq, shown_us=len(site)))
        if sqlite_file(url):
            store.close()
    for site, count in (("here", 2), ("there", 1)):
        store = open_it(site)
        assert [e.body for e in store.events()] == [
            f"{site} {seq}".encode() for seq in range(1, count + 1)
        ]
        assert (store.last_seq, store.meta("cursor")) == (count, f"{count}")
        assert [row.shown_us for row in store.heard_on(DAY)] == [len(site)] * count
        config, answer = store.newest_config(), store.answered("kiosk-1", "c-1")
        assert config
        assert answer
        assert config.body == answer.reply == site.encode()
        assert store.ticket_of("token-there-1001") == ("id-1001" if site == "there" else None)
        with open_reader(url, site) as reader:
            assert len(reader.tickets(DAY)) == len(reader.calls(DAY)) == count
            assert len(reader.prints(1, 99)) == reader.count(tables.ticket) == count
            assert reader.sites() == ["here", "there"]
        if sqlite_file(url):
            store.close()
    assert open_it("here").epoch != "epoch-2"


def test_events_are_chained_by_their_digests(open_it: Open) -> None:
    store = open_it()
    store.commit(Batch(events=[event(1, b"a"), event(2, b"b")]))
    store.commit(Batch(events=[event(3, b"c")]))
    previous = FIRST_HASH
    for chained, body in zip(store.events(), (b"a", b"b", b"c"), strict=True):
        assert chained.digest == hashlib.sha256(body).digest()
        assert chained.hash == hashlib.sha256(previous + chained.digest).digest()
        assert chained.follows(previous)
        assert replace(chained, body=None).follows(previous), "a withheld body"
        assert not replace(chained, body=b"x").follows(previous)
        assert not chained.follows(chained.hash)
        previous = chained.hash
    assert [chained.seq for chained in store.events(2)] == [2, 3]
    again = open_it()
    assert (again.last_seq, again.newest_us(), again.hash_of(3)) == (3, 30, previous)
    again.commit(Batch(events=[event(4, b"d")]))
    assert next(iter(again.events(4))).follows(previous)


def test_an_event_that_does_not_follow_is_refused(open_it: Open) -> None:
    store = open_it()
    store.commit(Batch(events=[event(1)]))
    for seq in (1, 3):
        with pytest.raises(StoreError, match="does not follow"):
            store.commit(Batch(events=[event(seq)]))
    store.commit(Batch(events=[event(2)]))


def test_many_events_are_read_in_blocks(open_it: Open) -> None:
    store = open_it()
    store.commit(Batch(events=[event(seq) for seq in range(1, 4502)]))
    assert [chained.seq for chained in store.events()] == list(range(1, 4502))


def test_a_transaction_is_all_or_nothing(open_it: Open) -> None:
    store = open_it()
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
    store.commit(Batch(events=[event(2)], new_tickets=[ticket("1002")]))
    assert [chained.seq for chained in store.events()] == [1, 2]


@pytest.mark.parametrize(
    "clash",
    [
        {"calls": [call(1)]},
        {"new_tickets": [ticket("1003", "id-1001")]},
        {"prints": [PrintRow(1, "t", "kiosk-1", 5, "printed", "", copy=False)]},
        {"tokens": {"id-1002": "token-1"}},
    ],
    ids=["call", "ticket id", "print", "token"],
)
def test_only_a_number_given_twice_is_one(open_it: Open, clash: dict[str, Any]) -> None:
    store = open_it()
    first = PrintRow(1, "t", "kiosk-1", 5, "printed", "", copy=False)
    store.commit(
        Batch(
            new_tickets=[ticket("1001")],
            tokens={"id-1001": "token-1"},
            calls=[call(1)],
            prints=[first],
        )
    )
    batch = Batch(new_tickets=[ticket("1002")])
    for name, value in clash.items():
        setattr(batch, name, value if name == "tokens" else getattr(batch, name) + value)
    with pytest.raises(StoreError) as refused:
        store.commit(batch)
    assert not isinstance(refused.value, DuplicateNumberError)
    with pytest.raises(DuplicateNumberError):
        store.commit(Batch(new_tickets=[ticket("1001", "another")]))


def test_after_a_failed_commit_the_log_is_looked_at_again(open_it: Open) -> None:
    store = open_it()
    store.commit(Batch(events=[event(1)]))
    mend = fail_after_commit(store)
    with pytest.raises(StoreError, match="disk I/O error"):
        store.commit(
            Batch(
                events=[event(2, b"kept")],
                inbox=[InboxRow("kiosk-1", "c-1", b"h", b"r", 5)],
                meta={"cursor": "2"},
            )
        )
    mend()
    with pytest.raises(StoreError, match="does not follow"):
        store.commit(Batch(events=[event(2, b"again")]))
    assert (store.last_seq, store.meta("cursor")) == (2, "2")
    assert store.answered("kiosk-1", "c-1") is not None
    store.commit(Batch(events=[event(3)]))
    previous = FIRST_HASH
    for chained in store.events():
        assert chained.follows(previous)
        previous = chained.hash


def test_a_log_that_lost_its_end_is_not_written_on(open_it: Open, url: str) -> None:
    store = open_it()
    store.commit(Batch(events=[event(1), event(2)]))
    mend = fail_after_commit(store)
    with pytest.raises(StoreError):
        store.commit(Batch(meta={"cursor": "1"}))
    mend()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM event WHERE seq = 2")
    engine.dispose()
    with pytest.raises(StoreLostError, match="no longer holds event 2"):
        store.commit(Batch(events=[event(3)]))


def test_a_death_before_the_commit_leaves_nothing(open_it: Open) -> None:
    class Killed(BaseException):
        pass

    def die(name: str) -> None:
        if name == "before_commit" and armed:
            raise Killed

    armed: list[bool] = []
    store = open_it(failpoint=die)
    armed.append(True)
    with pytest.raises(Killed):
        store.commit(Batch(events=[event(1)]))
    armed.clear()
    assert list(store.events()) == []
    store.commit(Batch(events=[event(1)]))


def test_tickets_are_kept_up_to_date(open_it: Open, reader: Reader) -> None:
    store = open_it()
    store.commit(Batch(new_tickets=[ticket("1001"), ticket("2001")]))
    store.commit(Batch(tickets=[ticket("1001", state="void", wait_s=1 / 3, day_closed=True)]))
    assert store.number_given(DAY, "1001")
    assert not store.number_given("2026-11-24", "1001")
    assert reader.tickets(DAY) == {
        "id-1001": ticket("1001", state="void", wait_s=1 / 3, day_closed=True),
        "id-2001": ticket("2001"),
    }


def test_a_token_lives_as_long_as_its_day(open_it: Open) -> None:
    store = open_it()
    store.commit(
        Batch(
            days=[DayRow(DAY, 1, 5)],
            new_tickets=[ticket("1001"), ticket("1002")],
            tokens={"id-1001": "A7K", "id-1002": "B2Q"},
        )
    )
    assert (store.ticket_of("A7K"), store.token_of("id-1001")) == ("id-1001", "A7K")
    assert (store.ticket_of("guess"), store.token_of("none")) == (None, None)
    store.commit(Batch(tickets=[ticket("1001", state="void")]))
    assert store.token_of("id-1001") == "A7K"
    new = ticket("1001", "id-new", business_day="2026-11-24")
    store.commit(
        Batch(days=[DayRow("2026-11-24", 9, 50)], new_tickets=[new], tokens={"id-new": "C3X"})
    )
    assert (store.ticket_of("A7K"), store.token_of("id-1002")) == (None, None)
    assert store.ticket_of("C3X") == "id-new"


def test_answers_are_remembered_replaced_and_forgotten(open_it: Open) -> None:
    store = open_it()
    first = InboxRow("kiosk-1", "c-1", b"hash", b"reply", 5)
    store.commit(Batch(inbox=[first, InboxRow("kiosk-1", "c-2", b"x", b"y", 50)]))
    assert store.answered("kiosk-1", "c-1") == first
    assert store.answered("counter-1", "c-1") is None
    tombstone = InboxRow("kiosk-1", "c-1", b"", b"late", 60)
    store.commit(Batch(inbox=[tombstone]))
    assert store.answered("kiosk-1", "c-1") == tombstone
    store = open_it()
    assert store.answered("kiosk-1", "c-1") == tombstone
    assert store.newest_us() == 60
    store.commit(Batch(forget_inbox_before_us=55))
    assert store.answered("kiosk-1", "c-2") is None
    assert store.answered("kiosk-1", "c-1") == tombstone


def test_calls_are_heard_once_and_withdrawn(open_it: Open, reader: Reader) -> None:
    store = open_it()
    store.commit(Batch(calls=[call(1), call(2)]))
    store.note_heard()
    store.note_heard(CallAck(1, shown_us=10))
    store.note_heard(CallAck(1, shown_us=20, spoken_us=30), CallAck(2, skipped_us=5))
    store.note_heard(CallAck(2, accepted_us=7), CallAck(2, accepted_us=8))
    heard = [CallAck(1, shown_us=10, spoken_us=30), CallAck(2, accepted_us=7, skipped_us=5)]
    assert store.heard_on(DAY) == heard
    assert store.heard_on("2026-11-24") == []
    store.commit(Batch(withdrawn=[1]))
    assert reader.calls(DAY) == {1: replace(call(1), withdrawn=True), 2: call(2)}


def test_days_versions_and_prints_are_kept(open_it: Open, reader: Reader) -> None:
    store = open_it()
    failed = PrintRow(3, "t", "kiosk-1", 5, "failed", "hết giấy", copy=False)
    days = [DayRow("2026-11-23", 1, 5), DayRow("2026-11-24", 9, 50)]
    store.commit(
        Batch(
            days=days,
            configs=[ConfigRow(1, 5, b"one"), ConfigRow(2, 6, b"two")],
            prints=[failed],
            meta={"file_digest": "abc"},
        )
    )
    assert store.last_day() == days[-1]
    assert store.newest_config() == ConfigRow(2, 6, b"two")
    assert store.meta("file_digest") == "abc"
    assert reader.prints(1, 3) == {3: failed}
    assert reader.prints(4, 9) == {}
    assert (reader.days(), reader.latest_day()) == (days, "2026-11-24")


def test_a_row_that_the_log_does_not_prove_is_guarded(
    open_it: Open, reader: Reader, url: str
) -> None:
    store = open_it()
    store.commit(
        Batch(
            calls=[call(1)],
            inbox=[InboxRow("kiosk-1", "c-1", b"h", b"reply", 5)],
            configs=[ConfigRow(1, 5, b"one")],
        )
    )
    store.note_heard(CallAck(1, shown_us=10), CallAck(7, shown_us=10))
    assert list(reader.flawed()) == []
    assert reader.acknowledged_without_call() == [7]
    store.close()
    engine = create_engine(url)
    with engine.begin() as connection:
        for change in (
            "UPDATE inbox SET at_us = 6",
            "UPDATE acknowledgement SET at_us = 11 WHERE call_seq = 1",
            "UPDATE meta SET value = 'epoch-0' WHERE key = 'epoch'",
            "UPDATE config_version SET at_us = 6",
        ):
            connection.exec_driver_sql(change)
    engine.dispose()
    assert sorted(reader.flawed()) == [
        "acknowledgement 1 shown is not what was written",
        "config_version 1 is not what was written",
        "inbox kiosk-1 c-1 is not what was written",
        "meta epoch is not what was written",
    ]


def test_one_process_writes(open_it: Open, url: str) -> None:
    store = open_it()
    with pytest.raises(StoreBusyError):
        open_store(url, "test", lambda: "epoch-2")
    store.close()
    assert open_it().epoch == "epoch-1"


def test_what_is_there_is_examined_before_anything_is_written(open_it: Open) -> None:
    seen: list[int] = []

    def refuse(reader: Reader) -> None:
        seen.append(sum(1 for _ in reader.events()))
        raise StoreDamagedError("no")

    open_it(examine=refuse).commit(Batch(events=[event(1), event(2)]))
    assert seen == []
    with pytest.raises(StoreDamagedError):
        open_it(examine=refuse)
    assert seen == [2]
    assert open_it().last_seq == 2


def test_a_reader_sees_one_moment_and_never_writes(open_it: Open, url: str) -> None:
    store = open_it()
    store.commit(Batch(events=[event(1)]))
    with open_reader(url, "test") as reader:
        assert len(list(reader.events())) == 1
        store.commit(Batch(events=[event(2)]))
        assert len(list(reader.events())) == 1
        assert reader.meta("epoch") == "epoch-1"
        assert reader.meta("nothing") is None
        assert reader._connection
        with pytest.raises(Exception, match=r"readonly|read-only"):
            reader._connection.exec_driver_sql("DELETE FROM event")
    with open_reader(url, "test") as reader:
        assert len(list(reader.events())) == 2


def test_a_reader_of_nothing_says_so(reader: Reader) -> None:
    assert not reader.exists()
    with pytest.raises(StoreError, match="cannot be read"):
        reader.latest_day()


def test_the_waits_of_a_day_beside_the_writer(open_it: Open, reader: Reader) -> None:
    store = open_it()
    assert reader.exists()
    assert reader.latest_day() is None
    called: dict[str, Any] = {"first_called_us": AT_US, "counter": 1}
    store.commit(
        Batch(
            days=[DayRow(DAY, 1, AT_US)],
            new_tickets=[
                ticket("2001", service="CIVIL"),
                ticket("1001", state="finished", wait_s=30.0, **called),
                ticket("1002", state="serving", wait_s=90.0, **called),
                ticket("1003", state="void"),
                ticket("1004", state="absent", wait_s=60.0, **called),
            ],
        )
    )
    assert reader.latest_day() == DAY
    cert, civil = service_waits(reader, DAY)
    assert (cert.service, cert.issued, cert.waiting, cert.called) == ("CERT", 4, 0, 3)
    assert (cert.served, cert.absent, cert.void, cert.mean_s) == (1, 1, 1, 60.0)
    assert (civil.waiting, civil.mean_s) == (1, None)
    hall = hall_waits(reader, DAY)
    assert (hall.issued, hall.waiting, hall.median_s) == (5, 1, 60.0)
    lines = ticket_lines(reader, DAY)
    assert [line.number for line in lines] == ["1001", "1002", "1003", "1004", "2001"]
    assert lines[0].issued_at == AT + timedelta(seconds=1001)
    assert ticket_lines(reader, "2026-11-22") == []


@pytest.mark.engine
def test_a_server_that_ends_the_connection_is_found_again(
    new_database: Callable[[], str], run_sql: Callable[[str, str], None]
) -> None:
    url = new_database()
    store = open_store(url, "test", lambda: "epoch-1")
    store.commit(Batch(events=[event(1)]))
    everybody = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'"
    run_sql(url, everybody.format(make_url(url).database) + " AND pid <> pg_backend_pid()")
    with pytest.raises(StoreError):
        store.commit(Batch(events=[event(2)]))
    store.commit(Batch(events=[event(2)]))
    with pytest.raises(StoreBusyError):
        open_store(url, "test", lambda: "epoch-2")
    assert [chained.seq for chained in store.events()] == [1, 2]
    store.close()


@pytest.mark.engine
def test_a_writer_that_lost_its_lock_never_commits_again(
    new_database: Callable[[], str], run_sql: Callable[[str, str], None]
) -> None:
    url = new_database()
    first = open_store(url, "test", lambda: "epoch-1")
    first.commit(Batch(events=[event(1)]))
    assert first.held
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'"
    run_sql(url, ended.format(make_url(url).database) + " AND pid <> pg_backend_pid()")
    second = open_store(url, "test", lambda: "epoch-2")
    second.commit(Batch(events=[event(2)]))
    for _ in range(2):
        with pytest.raises(StoreError):
            first.commit(Batch(events=[event(2)]))
    with pytest.raises(StoreBusyError):
        first.hold()
    assert first.lost
    second.close()
    with pytest.raises(StoreBusyError, match="has written"):  # the lock is free, the term is not
        first.commit(Batch(events=[event(2)]))
    first.close()
    third = open_store(url, "test", lambda: "epoch-3")
    assert (third.epoch, third.last_seq) == ("epoch-1", 2)
    third.close()


@pytest.mark.engine
def test_a_writer_that_was_followed_closes_in_silence(
    new_database: Callable[[], str], run_sql: Callable[[str, str], None]
) -> None:
    url = new_database()
    first = open_store(url, "test", lambda: "epoch-1")
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'"
    run_sql(url, ended.format(make_url(url).database) + " AND pid <> pg_backend_pid()")
    second = open_store(url, "test", lambda: "epoch-2")
    guard: Any = first._guard
    for since_s in (0.0, LOST_AFTER_S + 1):
        guard._confirmed_at -= since_s
        first.close()
    second.commit(Batch(events=[event(1)]))
    second.close()


@pytest.mark.engine
def test_a_lock_that_a_living_session_lost_is_fenced_by_the_term(
    new_database: Callable[[], str],
) -> None:
    url = new_database()
    first = open_store(url, "test", lambda: "epoch-1")
    with first._connection.begin():  # as a pooler does between two transactions
        first._connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")
    second = open_store(url, "test", lambda: "epoch-2")
    with pytest.raises(StoreBusyError, match="has written"):
        first.commit(Batch(events=[event(1)]))
    second.commit(Batch(events=[event(1)]))
    assert not first.held
    assert second.held
    first.close()
    second.close()


@pytest.mark.engine
def test_no_transaction_is_a_pipeline_which_no_time_limit_ends(
    new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_connection: object) -> None:
        raise AssertionError("a client that freezes now keeps the lock for good")

    store = open_store(new_database(), "test", lambda: "epoch-1")
    monkeypatch.setattr(psycopg.Connection, "_pipeline_nolock", refuse)
    store.commit(Batch(events=[event(1), event(2)], new_tickets=[ticket("1001"), ticket("1002")]))
    store.commit(Batch(tickets=[ticket("1001", state="called"), ticket("1002", state="void")]))
    assert [row.state for row in store.tickets(DAY).values()] == ["called", "void"]
    store.close()


@pytest.mark.engine
@pytest.mark.full
def test_a_writer_that_says_nothing_makes_room(new_database: Callable[[], str]) -> None:
    url = new_database()
    frozen = open_store(url, "test", lambda: "epoch-1")
    waiting, opened = threading.Event(), None
    for _ in range(120):
        with contextlib.suppress(StoreBusyError):
            opened = open_store(url, "test", lambda: "epoch-2")
            break
        waiting.wait(0.25)
    assert opened is not None
    assert not frozen.held, "it was silent before it was followed"
    with pytest.raises(StoreError):
        frozen.commit(Batch(events=[event(1)]))
    frozen.close()
    opened.close()


@pytest.mark.engine
def test_a_server_that_is_not_there_is_said(new_database: Callable[[], str]) -> None:
    url = new_database().replace("host=", "host=/nowhere")
    with pytest.raises(StoreError):
        open_store(url, "test", lambda: "epoch-1")


@pytest.mark.engine
def test_two_services_begin_on_one_empty_server(new_database: Callable[[], str]) -> None:
    url, stores, errors = new_database(), [], []

    def begin(site: str) -> None:
        try:
            stores.append(open_store(url, site, lambda: f"epoch of {site}"))
        except StoreError as error:
            errors.append(error)

    threads = [threading.Thread(target=begin, args=(site,)) for site in ("here", "there", "far")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert sorted(store.epoch for store in stores) == [
        "epoch of far",
        "epoch of here",
        "epoch of there",
    ]
    for store in stores:
        store.close()


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "sqlite://", "postgresql://x/y"])
def test_an_unknown_kind_of_store_is_said(url: str) -> None:
    with pytest.raises(StoreError, match=r"postgresql\+psycopg"):
        open_store(url, "test", lambda: "epoch-1")


def test_sqlite_is_set_up_to_be_durable(tmp_path: Path) -> None:
    store = open_store(store_url(tmp_path), "test", lambda: "epoch-1")
    with store._connection.begin():
        pragmas = {
            name: store._connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    store.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_store_that_is_no_store_is_said(tmp_path: Path) -> None:
    (tmp_path / STORE_FILE).write_bytes(b"no database" * 500)
    with pytest.raises(StoreError):
        open_store(store_url(tmp_path), "test", lambda: "epoch-1")
    (tmp_path / STORE_FILE).unlink()
    open_store(store_url(tmp_path), "test", lambda: "epoch-1").close()


@pytest.mark.parametrize("lost", ["", "-wal", "-shm"])
@pytest.mark.parametrize("replaced", [False, True], ids=["deleted", "replaced"])
def test_a_file_that_goes_is_noticed_before_a_commit(
    tmp_path: Path, lost: str, *, replaced: bool
) -> None:
    data = tmp_path / "data"
    store = open_store(store_url(data), "test", lambda: "epoch-1")
    store.commit(Batch(events=[event(1)]))
    file = data / f"{STORE_FILE}{lost}"
    aside = file.rename(tmp_path / "aside")
    if replaced:
        file.write_bytes(aside.read_bytes())
    for _ in range(2):
        with pytest.raises(StoreLostError, match="deleted or replaced"):
            store.commit(Batch(events=[event(2)]))
    aside.replace(file)
    store.commit(Batch(events=[event(2)]))
    assert [chained.seq for chained in store.events()] == [1, 2]
    store.close()


def test_nobody_else_can_read_the_files(tmp_path: Path) -> None:
    data = tmp_path / "new"
    store = open_store(store_url(data), "test", lambda: "epoch-1")
    store.commit(Batch(events=[event(1)]))
    assert data.stat().st_mode & 0o777 == 0o700
    modes = {file.name: file.stat().st_mode & 0o777 for file in data.iterdir()}
    assert modes == dict.fromkeys(
        [STORE_FILE, f"{STORE_FILE}-wal", f"{STORE_FILE}-shm", "wait_log.lock"], 0o600
    )
    store.close()
    (data / STORE_FILE).chmod(0o644)
    open_store(store_url(data), "test", lambda: "epoch-1").close()
    assert (data / STORE_FILE).stat().st_mode & 0o777 == 0o600


def test_a_place_that_is_none_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="choose another directory with --data") as refused:
        open_store(store_url(tmp_path / "file"), "test", lambda: "epoch-1")
    assert "\n" not in str(refused.value)


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Work with the rights of an account that may do nothing; root may do everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("there", [False, True], ids=["new", "existing"])
def test_a_read_only_place_is_said_in_one_line(*, there: bool) -> None:
    with tempfile.TemporaryDirectory() as place:
        data = Path(place)
        if there:
            open_store(store_url(data), "test", lambda: "epoch-1").close()
        for path in (*data.iterdir(), data):
            path.chmod(0o444 if path.is_file() else 0o555)
        with as_nobody(), pytest.raises(StoreError, match="cannot be") as refused:
            open_store(store_url(data), "test", lambda: "epoch-1")
        data.chmod(0o755)
    assert "\n" not in str(refused.value)
    assert "permission denied" in str(refused.value)


def open_files(directory: Path) -> list[str]:
    """Return the files of a directory that this process has open."""
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            found.append(str(descriptor.readlink()))
    return [name for name in found if name.startswith(str(directory))]


@pytest.mark.parametrize("content", [b"", b"no database" * 500], ids=["good", "no database"])
def test_no_connection_is_left_open(tmp_path: Path, content: bytes) -> None:
    """Python 3.13 warns of each; here whoever raised may still hold it."""
    (tmp_path / STORE_FILE).write_bytes(content)
    reader = open_reader(store_url(tmp_path), "test")
    kept: list[Exception] = []
    try:
        store = open_store(store_url(tmp_path), "test", lambda: "epoch-1")
        reader.latest_day()
        store.close()
    except StoreError as error:
        kept.append(error)
    assert bool(kept) == bool(content)
    reader.close()
    assert open_files(tmp_path) == []


def test_a_service_works_on_it_and_its_log_proves_it(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = (f"id-{number}" for number in itertools.count(1))
    place = Place(tmp_path, Clock(), "boot", lambda: next(ids), store=url)
    numbers = []
    for _ in range(2):
        engine = open_engine(place, load_centre(), always_open=True)
        for kind, fields in ((commands.IssueTicket, {"service": "CIVIL"}), *CALL):
            command = kind(id=next(ids), ts=AT, **fields)
            device = "counter-3" if "counter" in fields else "kiosk-1"
            reply = codec.decode(
                commands.Reply, engine.handle(device, codec.encode(command)) or b""
            )
            assert reply.ok or reply.error is Error.STALE, (
                "the counter has its person after a restart"
            )
            numbers += [reply.result["number"]] if reply.result else []
        engine.ledger.store.close()
    assert numbers == ["2001", "2001", "2002"]
    assert verify_main(["--store", url]) == 0
    assert "2 lượt (nhi-chieu)" in capsys.readouterr().out


def appointed(name: str, **fields: Any) -> AppointmentRow:  # noqa: ANN401
    plain = AppointmentRow(
        id=name,
        business_day=DAY,
        service="LAND",
        at_us=AT_US,
        state="booked",
        late=False,
        ticket=None,
        booked_us=AT_US - 1,
        reference="",
    )
    return replace(plain, **fields)


def test_a_code_is_one_appointments_and_moves_with_it(open_it: Open) -> None:
    store = open_it()
    first, second = appointed("a1"), appointed("a2")
    store.commit(Batch(new_appointments=[first], codes={"a1": "7K3M9Q"}))
    with pytest.raises(StoreError):
        store.commit(Batch(new_appointments=[second], codes={"a2": "7K3M9Q"}))
    assert store.appointments(DAY, DAY) == [first]
    moved = replace(first, business_day="2026-11-24", at_us=AT_US + 86_400_000_000)
    store.commit(Batch(appointments=[moved]))
    assert (store.appointment_of("7K3M9Q"), store.code_of("a1")) == ("a1", "7K3M9Q")
    assert store.appointments(DAY, DAY) == []
    assert store.appointments(DAY, "9999") == [moved]


def test_a_code_is_forgotten_after_its_time_and_its_row_stays(open_it: Open) -> None:
    store = open_it()
    old, new = appointed("a1"), appointed("a2", business_day="2026-11-24")
    codes = {"a1": "7K3M9Q", "a2": "000000"}
    store.commit(Batch(new_appointments=[old, new], codes=codes))
    store.commit(Batch(forget_codes_before="2026-11-24"))
    assert (store.appointment_of("7K3M9Q"), store.appointment_of("000000")) == (None, "a2")
    assert store.code_of("a1") is None
    assert list(store.appointments(DAY, "9999")) == [old, new]
