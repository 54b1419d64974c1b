"""The log of tickets on every engine: pages by key, a ticket's story, the proof of the chain."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Row, Select, create_engine, text
from sqlalchemy.dialects import sqlite

from bus import codec, commands
from bus.vocabulary import ReturnTo, TicketState
from config import load_centre
from queue_service.engine import Engine, Sources
from queue_service.ledger import Ledger
from queue_service.queue_time import QueueTime
from queue_service.records import instant
from wait_log.chain import Proven, prove_slice
from wait_log.dialects import store_url
from wait_log.errors import StoreError
from wait_log.figures import Doubt, Origin, Selection
from wait_log.periods import Period
from wait_log.reader import Reader, open_reader
from wait_log.rows import Batch, CallAck, DayRow, TicketRow
from wait_log.store import Store, open_store
from wait_log.story import TicketStory, ticket_story
from wait_log.ticket_log import (
    IssueHour,
    LogPage,
    PageKey,
    TicketSearch,
    count_states,
    find_tickets,
)

SITE = "nhi-chieu"
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
FIRST = date(2026, 11, 2)
AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
RunSql = Callable[[str, str], None]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.engine)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database in which nothing is yet."""
    if request.param == "sqlite":
        return store_url(tmp_path)
    new_database: Callable[[], str] = request.getfixturevalue("new_database")
    return new_database()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = open_store(url, SITE, lambda: "epoch")
    yield store
    store.close()


@pytest.fixture
def reader(url: str) -> Iterator[Reader]:
    reader = open_reader(url, SITE)
    yield reader
    reader.close()


def _ticket(serial: int, day: date, **changes: Any) -> TicketRow:  # noqa: ANN401
    opened = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    row = TicketRow(
        id=f"T{day}-{serial:04}",
        business_day=day.isoformat(),
        series="1",
        number=f"{1000 + serial}",
        service="CERT",
        ticket_class="normal",
        lang="vi",
        device="kiosk-1",
        offline_book=False,
        state="finished",
        order_key_us=1,
        counter=1,
        to_counter=None,
        issued_us=int(opened.timestamp()) * 1_000_000 + serial // 2,  # two at the same instant
        first_called_us=None,
        called_us=None,
        started_us=None,
        ended_us=None,
        wait_s=60.0,
        served_s=60.0,
        clock_suspect=False,
        calls=1,
        reason="",
        day_closed=False,
    )
    return replace(row, **changes)


def _fill(store: Store, days: int, a_day: int, events_a_day: int = 40) -> list[str]:
    """Write days of tickets and return their ids, newest first."""
    ids = []
    for index in range(days):
        day = FIRST + timedelta(days=index)
        rows = [_ticket(serial, day) for serial in range(a_day)]
        opened = DayRow(day.isoformat(), 1 + index * events_a_day, 0)
        store.commit(Batch(new_tickets=rows, days=[opened]))
        ids += [row.id for row in rows]
    return sorted(ids, reverse=True)


_OWN = ("states", "number", "doubts", "issued_in")


def _search(days: int = 30, **wanted: Any) -> TicketSearch:  # noqa: ANN401
    period = Period(FIRST, FIRST + timedelta(days=days - 1))
    own = {name: wanted.pop(name) for name in _OWN if name in wanted}
    return TicketSearch(Selection(period, **wanted), **own)


def _ids(page: LogPage) -> list[str]:
    return [row.id for row in page.rows]


def test_pages_by_key_hold_every_ticket_once_in_both_directions(
    store: Store, reader: Reader
) -> None:
    ids = _fill(store, days=5, a_day=13)
    seen, keys = [], []
    page = find_tickets(reader, _search(), most=7)
    assert page.newer is None
    while True:
        seen += _ids(page)
        if page.older is None:
            break
        keys.append(page.older)
        page = find_tickets(reader, _search(), page.older, most=7)
    assert seen == ids
    back = _ids(page)
    while page.newer:
        page = find_tickets(reader, _search(), page.newer, newer=True, most=7)
        back = _ids(page) + back
    assert back == ids
    assert len(keys) == 9


def test_a_page_does_not_move_when_newer_tickets_come(store: Store, reader: Reader) -> None:
    _fill(store, days=1, a_day=10)
    first = find_tickets(reader, _search(), most=4)
    before = find_tickets(reader, _search(), first.older, most=4)
    store.commit(Batch(new_tickets=[_ticket(500, FIRST)]))
    assert _ids(find_tickets(reader, _search(), first.older, most=4)) == _ids(before)


@pytest.mark.parametrize(
    ("issued_at", "weekday", "hour"),
    [
        (datetime(2026, 11, 2, 1, 0, tzinfo=UTC), 0, 8),
        (datetime(2026, 11, 8, 16, 59, tzinfo=UTC), 6, 23),
        *(
            pytest.param(at, 0, hour, marks=pytest.mark.full)
            for at, hour in (
                (datetime(2026, 11, 2, 1, 59, 59, 999_999, tzinfo=UTC), 8),
                (datetime(2026, 11, 1, 23, 30, tzinfo=UTC), 6),
            )
        ),
    ],
)
def test_tickets_are_found_by_the_hour_of_the_week(
    store: Store, reader: Reader, issued_at: datetime, weekday: int, hour: int
) -> None:
    _fill(store, days=1, a_day=0)
    issued_us = int(issued_at.timestamp()) * 1_000_000 + issued_at.microsecond
    store.commit(Batch(new_tickets=[replace(_ticket(1, FIRST), issued_us=issued_us)]))
    found = {
        (one, other): _ids(
            find_tickets(reader, _search(issued_in=IssueHour(one, other, 7 * _HOUR)))
        )
        for one in range(7)
        for other in range(24)
    }
    assert [key for key, ids in found.items() if ids] == [(weekday, hour)]


@pytest.mark.parametrize(
    ("wanted", "special"),
    [
        ({"number": "4711"}, {"number": "4711"}),
        ({"services": frozenset({"LAND", "TAX"})}, {"service": "LAND"}),
        ({"counters": frozenset({9})}, {"counter": 9}),
        ({"classes": frozenset({"priority"})}, {"ticket_class": "priority"}),
        ({"states": frozenset({TicketState.VOID})}, {"state": "void"}),
        ({"origins": frozenset({Origin.OFFLINE})}, {"offline_book": True}),
        ({"origins": frozenset({Origin.COUNTER})}, {"device": "counter-3"}),
        (
            {"origins": frozenset({Origin.COUNTER, Origin.OFFLINE})},
            {"offline_book": True, "device": "kiosk-2"},
        ),
        ({"doubts": frozenset(Doubt)}, {"clock_suspect": True}),
        ({"doubts": frozenset({Doubt.UNFINISHED})}, {"day_closed": True}),
        ({"doubts": frozenset({Doubt.LONG_SERVICE})}, {"served_s": 4 * 3600.0 + 1}),
    ],
)
def test_tickets_are_found_by_what_they_are(
    store: Store, reader: Reader, wanted: dict[str, Any], special: dict[str, Any]
) -> None:
    _fill(store, days=2, a_day=5)
    special_row = _ticket(777, FIRST, **special)
    store.commit(Batch(new_tickets=[special_row]))
    search = _search(**wanted)
    page = find_tickets(reader, search)
    assert _ids(page) == [special_row.id]
    assert (page.newer, page.older, page.looked_to) == (None, None, None)
    assert count_states(reader, search) == {special_row.state: 1}
    other_days = replace(search.selection, period=Period(FIRST + _DAY, FIRST + 9 * _DAY))
    assert _ids(find_tickets(reader, replace(search, selection=other_days))) == []


def test_a_long_search_is_done_in_parts_and_says_how_far_it_came(
    store: Store, reader: Reader
) -> None:
    _fill(store, days=10, a_day=2, events_a_day=30_000)  # four days are looked at at once
    store.commit(Batch(new_tickets=[_ticket(7, FIRST, state="void")]))
    search = _search(states=frozenset({TicketState.VOID}))
    assert count_states(reader, search) is None
    key: PageKey | None = None
    looked = []
    for _ in range(10):
        page = find_tickets(reader, search, key)
        if page.rows:
            break
        assert page.looked_to is not None
        looked.append(page.looked_to)
        key = page.older
    assert _ids(page) == [f"T{FIRST}-0007"]
    assert looked == ["2026-11-08", "2026-11-05"]
    newer = find_tickets(reader, search, page.newer, newer=True)
    assert (newer.rows, newer.looked_to) == ((), "2026-11-05")


def test_nothing_is_found_where_nothing_is(store: Store, reader: Reader) -> None:
    assert find_tickets(reader, _search()) == LogPage()
    assert count_states(reader, _search()) == {}
    assert ticket_story(reader, "none") is None
    _fill(store, days=1, a_day=1)
    hostile = "1' OR '1'='1"
    assert find_tickets(reader, _search(number=hostile)).rows == ()
    assert ticket_story(reader, hostile) is None


def test_a_day_is_read_by_its_index_and_the_one_before_is_known(
    store: Store, reader: Reader, url: str
) -> None:
    _fill(store, days=2, a_day=3)
    assert len(reader.tickets(FIRST.isoformat())) == 3
    assert reader.latest_day() == (FIRST + _DAY).isoformat()
    assert reader.latest_day(before=(FIRST + _DAY).isoformat()) == FIRST.isoformat()
    assert reader.latest_day(before=FIRST.isoformat()) is None
    if url.startswith("postgresql"):
        return  # its planner knows how many rows there are
    plans: list[str] = []

    class Planning(Reader):
        def all(self, statement: Select[Any]) -> Sequence[Row[Any]]:
            told = str(
                statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
            )
            with self._engine.connect() as connection:
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {told}").all()
            plans.append(" ".join(str(row[-1]) for row in plan))
            return super().all(statement)

    planning = Planning(url, SITE)
    planning.tickets(FIRST.isoformat())
    planning.calls(FIRST.isoformat())
    find_tickets(planning, _search(days=1))
    planning.close()
    assert "business_day>" in plans[0]
    assert "call_by_day" in plans[1]
    assert "business_day>" in plans[-1]


class Hall:
    """The real service on the store, and its clock."""

    def __init__(self, url: str) -> None:
        self.at = AT
        self._ids = (f"01JREL{number:04d}" for number in itertools.count(1))
        centre = load_centre()
        self.store = open_store(url, SITE, lambda: "epoch")

        def queue_time(newest_us: int) -> QueueTime:
            return QueueTime(self.now, self.monotonic, "boot", instant(newest_us))

        tokens = (f"the-token-{number}" for number in itertools.count(1))
        sources = Sources(self._ids.__next__, tokens.__next__)
        ledger = Ledger(self.store, queue_time)
        self.engine = Engine(ledger, centre, sources, always_open=True)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def do(self, device: str, command: commands.Command, after_s: float = 60) -> dict[str, Any]:
        self.at += timedelta(seconds=after_s)
        stamped = codec.encode(msgspec.structs.replace(command, id=next(self._ids), ts=self.at))
        reply = codec.decode(commands.Reply, self.engine.handle(device, stamped) or b"")
        assert reply.ok, reply
        return reply.result or {}


@pytest.fixture
def hall(url: str) -> Iterator[Hall]:
    hall = Hall(url)
    yield hall
    hall.store.close()


def _served_ticket(hall: Hall) -> str:
    """Play a ticket that is called twice, taken back, called again by an account, and finished."""
    issued = hall.do("kiosk-1", commands.IssueTicket(service="CERT", print_on="kiosk-1"))
    ticket = str(issued["ticket"])
    hall.do("kiosk-1", commands.IssueTicket(service="CERT"))
    report = commands.ReportPrint(ticket=ticket, outcome="printed")  # type: ignore[arg-type]
    hall.do("kiosk-1", report, after_s=2)
    called = hall.do("counter-2", commands.CallNext(counter=2))
    hall.store.note_heard(
        CallAck(called["call_seq"], shown_us=1_000_000, spoken_us=9_000_000),
    )
    undoable = hall.engine.ledger.state.counter(2).step  # type: ignore[arg-type]
    assert undoable is not None
    hall.do("counter-2", commands.Undo(event=str(undoable.first)), after_s=5)
    hall.do("web", commands.CallTicket(counter=3, ticket=ticket, by="hương"))
    hall.do("web", commands.StartServing(counter=3, ticket=ticket, by="hương"))
    hall.do("web", commands.ReturnToQueue(ticket=ticket, to=ReturnTo.END, by="hương"))
    hall.do("counter-2", commands.CallTicket(counter=2, ticket=ticket))
    hall.do("counter-2", commands.Finish(counter=2, ticket=ticket))
    return ticket


def _story(reader: Reader, ticket: str) -> TicketStory:
    story = ticket_story(reader, ticket)
    assert story is not None
    return story


def test_a_story_tells_all_that_happened_to_a_ticket(hall: Hall, reader: Reader) -> None:
    ticket = _served_ticket(hall)
    story = _story(reader, ticket)
    kinds = [event.kind for event in story.events]
    assert kinds == [
        "ticket_issued",
        "print_requested",
        "print_reported",
        "ticket_called",
        "step_undone",
        "ticket_called",
        "serving_started",
        "ticket_returned",
        "ticket_called",
        "ticket_finished",
    ]
    assert [event.kind for event in story.events if event.undone] == ["ticket_called"]
    assert story.events[0].device == "kiosk-1"
    assert [event.by for event in story.events[5:8]] == ["hương"] * 3
    assert {event.acting for event in story.events[8:]} == {2}
    heard = story.heard[story.events[3].number("call_seq") or 0]
    assert (heard.shown_us, heard.spoken_us) == (1_000_000, 9_000_000)
    assert (story.withheld, story.unreadable, story.broken_at) == (0, 0, None)
    assert "the-token" not in repr(story)


def test_a_story_of_yesterday_ends_with_its_day(hall: Hall, reader: Reader) -> None:
    issued = hall.do("kiosk-1", commands.IssueTicket(service="CERT"))
    hall.do("kiosk-1", commands.IssueTicket(service="CIVIL"), after_s=86_400)
    story = _story(reader, str(issued["ticket"]))
    assert [event.kind for event in story.events] == ["ticket_issued", "ticket_voided"]
    assert story.row.state == "void"


def test_a_number_of_a_book_that_came_days_later_is_told(hall: Hall, reader: Reader) -> None:
    hall.do("kiosk-1", commands.IssueTicket(service="CERT"))
    first_day = hall.at
    for _ in range(2):
        hall.do("kiosk-1", commands.IssueTicket(service="CERT"), after_s=86_400)
    late = hall.do(
        "kiosk-1",
        commands.IssueTicket(
            service="CERT",
            number="1901",
            business_day=(first_day + timedelta(hours=7)).date().isoformat(),
            issued_at=first_day,
            supersedes="01JNONE",
        ),
    )
    story = _story(reader, str(late["ticket"]))
    assert [event.kind for event in story.events] == ["ticket_issued", "ticket_voided"]
    assert story.row.offline_book


def test_withheld_and_foreign_bodies_are_counted_and_the_rest_is_told(
    hall: Hall, reader: Reader, url: str, run: RunSql
) -> None:
    ticket = _served_ticket(hall)
    before = _story(reader, ticket)
    called, started = before.events[3].seq, before.events[6].seq
    run(url, _set_body(called, "NULL"))
    story = _story(reader, ticket)
    assert (story.withheld, story.broken_at) == (1, None)
    assert len(story.events) == len(before.events) - 1
    kind = "BYTEA" if url.startswith("postgresql") else "BLOB"
    run(url, _set_body(started, f"CAST('\"{ticket}\"' AS {kind})"))
    story = _story(reader, ticket)
    assert (story.withheld, story.unreadable, story.broken_at) == (1, 1, started)


@pytest.fixture
def run(run_sql: RunSql) -> RunSql:
    """Return a function that changes a store behind the program's back."""

    def run(url: str, statement: str) -> None:
        if url.startswith("postgresql"):
            run_sql(url, statement)
            return
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text(statement.replace(":", r"\:")))
        engine.dispose()

    return run


def _set_body(seq: int, value: str) -> str:
    return f"UPDATE event SET body = {value} WHERE seq = {seq}"  # noqa: S608 - the test's own


def _prove(reader: Reader, proven: Proven, most: int) -> Proven:
    for _ in range(100):
        proven = prove_slice(reader, proven, most)
        if proven.whole or proven.broken_at is not None:
            return proven
    raise AssertionError(proven)


def test_the_chain_is_proven_in_slices(hall: Hall, reader: Reader) -> None:
    _served_ticket(hall)
    newest = hall.store.last_seq
    first = prove_slice(reader, Proven(), 4)
    assert (first.seq, first.newest, first.whole, first.broken_at) == (4, newest, False, None)
    proven = _prove(reader, first, 4)
    assert (proven.seq, proven.whole) == (newest, True)
    hall.do("kiosk-1", commands.IssueTicket(service="CERT"))
    later = prove_slice(reader, proven, 4)
    assert (later.seq, later.whole) == (hall.store.last_seq, True)
    assert prove_slice(reader, later) == later


@pytest.mark.parametrize(
    ("harm", "broken"),
    [
        ("UPDATE event SET digest = hash WHERE seq = 5", 5),
        ("UPDATE event SET hash = digest WHERE seq = 5", 5),
        ("DELETE FROM event WHERE seq = 5", 5),
        ("UPDATE event SET body = digest WHERE seq = 5", 5),
        ("UPDATE event SET body = NULL WHERE seq = 5", None),
    ],
)
def test_where_the_chain_breaks_is_found_and_a_withheld_body_breaks_nothing(
    hall: Hall, reader: Reader, url: str, run: RunSql, harm: str, broken: int | None
) -> None:
    _served_ticket(hall)
    run(url, harm)
    proven = _prove(reader, Proven(), 3)
    assert proven.broken_at == broken
    assert proven.seq == (4 if broken else hall.store.last_seq)
    assert prove_slice(reader, proven).broken_at == broken


def test_what_was_proven_is_proven_again_at_its_end(
    hall: Hall, reader: Reader, url: str, run: RunSql
) -> None:
    _served_ticket(hall)
    proven = _prove(reader, Proven(), 100)
    run(url, f"DELETE FROM event WHERE seq = {proven.seq}")  # noqa: S608 - the test's own
    cut = prove_slice(reader, proven)
    assert (cut.broken_at, cut.whole) == (proven.seq, False)


def test_another_store_is_proven_from_its_beginning(hall: Hall, reader: Reader) -> None:
    _served_ticket(hall)
    other = Proven("another epoch", 999, b"x" * 32, 999)
    assert _prove(reader, other, 100) == _prove(reader, Proven(), 100)


def test_a_store_that_is_not_there_is_said(reader: Reader) -> None:
    with pytest.raises(StoreError):
        prove_slice(reader, Proven())
