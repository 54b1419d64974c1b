"""What is forgotten by the rule: tickets go, figures stay, and the log is still proven whole."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from bus import codec, commands
from config import load_centre
from queue_service.domain.values import CounterNumber
from queue_service.engine import Engine
from queue_service.start import Place, open_engine
from queue_service.verify import verify
from wait_log import tables
from wait_log.chain import Proven, prove_slice
from wait_log.dialects import store_url
from wait_log.figures import Selection, figures
from wait_log.periods import Period
from wait_log.reader import Reader, open_reader
from wait_log.snapshot import prove_snapshot, take_snapshot

CENTRE = load_centre()
SITE = CENTRE.identity.site
JANUARY, FEBRUARY = (
    Period(date(2026, 1, 1), date(2026, 1, 31)),
    Period(date(2026, 2, 1), date(2026, 2, 28)),
)


class Hall(SimpleNamespace):
    """A service whose clock is in the test's hand."""

    at: datetime
    engine: Engine

    def __init__(self, url: str, data: Path) -> None:
        super().__init__(url=url, data=data, at=datetime(2026, 1, 5, 1, tzinfo=UTC))
        self.ids = (f"01JKEEP{number:05d}" for number in itertools.count(1))
        self.failpoint = ""

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def start(self, keep_months: int) -> None:
        place = Place(
            self.data,
            SimpleNamespace(now=self.now, monotonic=self.monotonic),  # type: ignore[arg-type]
            "boot",
            self.ids.__next__,
            approved_day=lambda: (
                (self.at - timedelta(hours=3)).astimezone(CENTRE.identity.zone).date()
            ),
            failpoint=self.pass_by,
            store=self.url,
            keep_months=keep_months,
        )
        self.engine = open_engine(place, CENTRE, always_open=True)

    def pass_by(self, name: str) -> None:
        if name == self.failpoint:
            raise KeyboardInterrupt

    def stop(self) -> None:
        self.engine.ledger.store.close()

    def send(self, device: str, command: commands.Command) -> commands.Reply:
        stamped = msgspec.structs.replace(command, id=next(self.ids), ts=self.at)
        reply = self.engine.handle(device, codec.encode(stamped))
        return codec.decode(commands.Reply, reply or b"")

    def serve_somebody(self) -> None:
        """Somebody waits four minutes and is served for five."""
        assert self.send("kiosk-1", commands.IssueTicket(service="CIVIL")).ok
        self.at += timedelta(minutes=4)
        counter = self.engine.ledger.state.counter(CounterNumber(3))
        reply = self.send("counter-3", commands.CallNext(counter=3, current=counter.current))
        assert reply.ok, reply
        assert reply.result is not None
        ticket = str(reply.result["ticket"])
        self.at += timedelta(minutes=1)
        assert self.send("counter-3", commands.StartServing(counter=3, ticket=ticket)).ok
        report = commands.ReportPrint(ticket=ticket, outcome="printed")  # type: ignore[arg-type]
        assert self.send("kiosk-1", report).ok
        self.at += timedelta(minutes=5)
        assert self.send("counter-3", commands.Finish(counter=3, ticket=ticket)).ok

    def reader(self) -> Reader:
        return open_reader(self.url, SITE)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.engine)])
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hall]:
    """Five days of January, three of February, and the night to 2 March."""
    if request.param == "sqlite":
        url = store_url(tmp_path)
    else:
        new_database: Callable[[], str] = request.getfixturevalue("new_database")
        url = new_database()
    hall = Hall(url, tmp_path)
    hall.start(keep_months=0)
    for month, days in ((1, range(5, 10)), (2, range(2, 5))):
        for day in days:
            hall.at = datetime(2026, month, day, 1, tzinfo=UTC)
            for _ in range(3):
                hall.serve_somebody()
    hall.at = datetime(2026, 3, 2, 1, tzinfo=UTC)
    hall.engine.open_day_if_due()
    yield hall
    hall.stop()


def counted(hall: Hall, period: Period) -> object:
    with hall.reader() as reader:
        found = figures(reader, Selection(period), CENTRE)
    return replace(found, until=found.selection.period)  # type: ignore[arg-type] # of the log's end


def test_tickets_go_and_figures_stay(hall: Hall, tmp_path: Path) -> None:
    before = counted(hall, JANUARY), counted(hall, FEBRUARY)
    assert not hall.engine.forget_if_due()  # by default all is kept
    hall.stop()
    hall.start(keep_months=1)
    assert hall.engine.forget_if_due()
    assert not hall.engine.forget_if_due()
    with hall.reader() as reader:
        assert reader.count(tables.ticket) == reader.count(tables.call) == 9
        assert reader.count(tables.print_record) == 9
        withheld = [event for event in reader.events() if event.body is None]
        assert {event.business_day[:7] for event in withheld} == {"2026-01"}
        verdict = verify(reader)
    assert (verdict.problems, verdict.withheld > 50) == ((), True)
    with hall.reader() as reader:
        assert prove_slice(reader, Proven()).whole
    assert (counted(hall, JANUARY), counted(hall, FEBRUARY)) == before
    whole = Period(JANUARY.first, FEBRUARY.last)
    assert counted(hall, whole) is not None
    hall.serve_somebody()
    hall.stop()
    snapshot = take_snapshot(hall.url, SITE, tmp_path / "copy.db")
    prove_snapshot(tmp_path / "copy.db", snapshot)
    hall.start(keep_months=1)


def test_nothing_is_forgotten_while_somebody_waits(hall: Hall) -> None:
    hall.stop()
    hall.start(keep_months=1)
    hall.send("kiosk-1", commands.IssueTicket(service="CIVIL"))
    assert not hall.engine.forget_if_due()
    hall.at += timedelta(days=1)
    hall.engine.open_day_if_due()
    assert hall.engine.forget_if_due()


def test_later_months_follow_and_what_was_kept_stays(hall: Hall) -> None:
    january = counted(hall, JANUARY)
    hall.stop()
    hall.start(keep_months=1)
    assert hall.engine.forget_if_due()
    hall.at = datetime(2026, 4, 1, 1, tzinfo=UTC)
    hall.engine.open_day_if_due()
    hall.serve_somebody()
    hall.at = datetime(2026, 4, 2, 1, tzinfo=UTC)
    hall.engine.open_day_if_due()
    assert hall.engine.forget_if_due()  # February
    hall.at = datetime(2026, 6, 1, 1, tzinfo=UTC)
    hall.engine.open_day_if_due()
    while hall.engine.forget_if_due():
        pass
    with hall.reader() as reader:
        assert reader.count(tables.ticket) == 0
        assert verify(reader).problems == ()
    assert counted(hall, JANUARY) == january


def test_a_death_in_between_forgets_all_or_nothing(hall: Hall) -> None:
    hall.stop()
    hall.start(keep_months=1)
    hall.failpoint = "before_commit"
    with pytest.raises(KeyboardInterrupt):
        hall.engine.forget_if_due()
    hall.failpoint = ""
    hall.stop()
    hall.start(keep_months=1)
    with hall.reader() as reader:
        assert reader.count(tables.ticket) == 24
        assert verify(reader).problems == ()
    assert hall.engine.forget_if_due()
