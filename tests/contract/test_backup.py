"""A backup of either engine is one kind of file, and goes back onto either."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from bus import codec, commands
from bus.vocabulary import Error
from config import Clock, load_centre
from queue_service.engine import Engine
from queue_service.start import Place, open_engine
from queue_service.verify import verify
from wait_log import known_numbers
from wait_log.dialects import store_url
from wait_log.errors import StoreError
from wait_log.known_numbers import KnownNumbers
from wait_log.reader import open_reader
from wait_log.snapshot import prove_snapshot, put_back, site_of, take_snapshot
from wait_log.store import open_store

SITE = "nhi-chieu"
ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.engine)]
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
NewUrl = Callable[[str], str]


@pytest.fixture
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> NewUrl:
    """Return a function that gives the URL of a new database of an engine."""
    numbers = itertools.count(1)

    def new_url(engine: str) -> str:
        if engine == "sqlite":
            folder = tmp_path / f"store-{next(numbers)}"
            folder.mkdir()
            return store_url(folder)
        new_database: Callable[[], str] = request.getfixturevalue("new_database")
        return new_database()

    return new_url


class Hall:
    """A service on a store of one engine."""

    ids = (f"01JCOPY{number:05d}" for number in itertools.count(1))

    def __init__(self, url: str, data: Path) -> None:
        # Times of 2026 on a clock that runs: the day may not change under the test.
        clock = Clock.starting(NOW)
        place = Place(data, clock, "boot", lambda: next(self.ids), store=url)
        self.engine: Engine = open_engine(place, load_centre(), always_open=True)

    def send(self, device: str, command: commands.Command) -> commands.Reply:
        stamped = msgspec.structs.replace(command, id=next(self.ids), ts=NOW)
        reply = self.engine.handle(device, codec.encode(stamped))
        return codec.decode(commands.Reply, reply or b"")

    def take(self) -> str:
        reply = self.send("kiosk-1", commands.IssueTicket(service="CIVIL"))
        assert reply.ok, reply
        assert reply.result is not None
        return str(reply.result["number"])

    def close(self) -> None:
        self.engine.ledger.store.close()


def problems_of(url: str) -> tuple[str, ...]:
    with open_reader(url, SITE) as reader:
        return verify(reader).problems


@pytest.mark.parametrize("onto", ENGINES)
@pytest.mark.parametrize("of", ENGINES)
def test_a_backup_of_one_engine_goes_back_onto_any(
    of: str, onto: str, new_url: NewUrl, tmp_path: Path
) -> None:
    url = new_url(of)
    hall = Hall(url, tmp_path)
    numbers = [hall.take() for _ in range(3)]
    hall.send("counter-3", commands.CallNext(counter=3))
    done: list[tuple[int, int]] = []
    snapshot = take_snapshot(url, SITE, tmp_path / "copy.db", lambda *step: done.append(step))
    assert hall.take() == "2004"  # beside the running service
    hall.close()
    assert done[-1][0] == done[-1][1] == sum(snapshot.rows.values())
    prove_snapshot(tmp_path / "copy.db", snapshot)
    assert (site_of(tmp_path / "copy.db"), snapshot.rows["ticket"]) == (SITE, 3)
    with open_reader(f"sqlite:///{tmp_path}/copy.db", SITE) as reader:
        assert verify(reader).problems == ()

    target = new_url(onto)
    known = KnownNumbers(until="2026-11-23", series={"2026-11-23": {"CIVIL": 4}})
    facts = {"epoch": "01JNEW", known_numbers.PENDING: known.encode(), known_numbers.TAKEN_ON: ""}
    put_back(tmp_path / "copy.db", SITE, target, facts)
    assert problems_of(target) == ()
    again = Hall(target, tmp_path)
    assert again.engine.ledger.epoch == "01JNEW"
    assert again.take() == "2100"
    restored = again.engine.ledger.state.restored
    assert restored is not None
    lost = commands.AdoptTicket(counter=3, number="2004", issued_at=restored.at)
    assert again.send("counter-3", lost).ok
    assert again.send("counter-3", lost).error is Error.CONFLICT
    with open_reader(target, SITE) as reader:
        known_rows = reader.tickets("2026-11-23")
    assert {row.number for row in known_rows.values()} == {*numbers, "2004", "2100"}
    again.close()
    assert problems_of(target) == ()
    with pytest.raises(StoreError):
        put_back(tmp_path / "copy.db", SITE, target, facts)


@pytest.mark.engine
def test_a_server_that_holds_several_sites_gives_one(new_url: NewUrl, tmp_path: Path) -> None:
    url = new_url("postgresql")
    hall = Hall(url, tmp_path)
    hall.take()
    hall.close()
    open_store(url, "other", lambda: "01JOTHER").close()
    take_snapshot(url, SITE, tmp_path / "copy.db")
    assert site_of(tmp_path / "copy.db") == SITE
    put_back(tmp_path / "copy.db", SITE, new_url("postgresql"), {"epoch": "01JNEW"})


def test_a_store_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"wait_log\.db"):
        take_snapshot(store_url(tmp_path), SITE, tmp_path / "copy.db")
    with pytest.raises(StoreError):
        take_snapshot("mysql://x", SITE, tmp_path / "other.db")
