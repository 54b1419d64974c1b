"""A store that two database servers keep: what is acknowledged is on both, or not at all."""

import itertools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bus import codec, commands
from bus.vocabulary import Error
from config import Clock, load_centre
from provisioning.database import command
from queue_service.engine import Engine
from queue_service.start import Place, open_engine
from queue_service.verify import verify
from tests.clusters import SYNCHRONOUS, Cluster, Pair
from wait_log.copies import accept_without_copy, accepted_without_copy
from wait_log.errors import StoreError, StoreLostError, StoreUncopiedError
from wait_log.members import members, recall
from wait_log.reader import open_reader
from wait_log.store import open_store

pytestmark = pytest.mark.engine
CENTRE = load_centre()
SITE = CENTRE.identity.site
AT = datetime(2026, 11, 23, 1, tzinfo=UTC)


@pytest.fixture
def place(pair: Pair) -> Callable[[Path], Place]:
    """Return a function that gives a service its place, with its own data directory."""
    ids = (f"01JCPY{number:04d}" for number in itertools.count(1))

    def make(data: Path) -> Place:
        data.mkdir(exist_ok=True)
        return Place(
            data,
            Clock(),
            "boot",
            lambda: next(ids),
            store=pair.url,
            without_copy=lambda: accepted_without_copy(data),
        )

    return make


def ask(engine: Engine, command_id: str) -> commands.Reply:
    wanted = commands.IssueTicket(id=command_id, ts=AT, service="CIVIL")
    return codec.decode(commands.Reply, engine.handle("kiosk-1", codec.encode(wanted)) or b"")


def test_a_new_store_that_wants_a_copy_is_opened_when_a_person_accepts(
    make_cluster: Callable[[], Cluster], tmp_path: Path
) -> None:
    alone = make_cluster()
    alone.make()
    alone.start(SYNCHRONOUS)
    url = alone.url("postgres")
    with pytest.raises(StoreUncopiedError, match="no copy of the store answers"):
        open_store(url, SITE, lambda: "epoch-1", memory=tmp_path)
    store = open_store(url, SITE, lambda: "epoch-2", without_copy="chị Hoa", memory=tmp_path)
    assert store.epoch == "epoch-1", "it was written here, and counts from now on"
    assert not store.take_copy_back()
    store.close()
    alone.stop()


@pytest.mark.full
def test_without_a_copy_nothing_is_acknowledged_until_a_person_accepts(
    pair: Pair, place: Callable[[Path], Place], tmp_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings += ["the store fails", "commits reach no copy", "a copy has every commit"]
    data = tmp_path / "service"
    engine = open_engine(place(data), CENTRE, always_open=True)
    assert ask(engine, "c-1").ok
    pair.stop_copy()
    for _ in range(2):
        refused = ask(engine, "c-2")
        assert refused.error is Error.UNAVAILABLE
    assert lacks_copy(engine)
    pair.start_copy()
    reply = ask(engine, "c-2")
    assert reply.ok, "what was stored without a copy has one now"
    assert ask(engine, "c-2") == reply
    assert not lacks_copy(engine)
    pair.stop_copy()
    assert ask(engine, "c-3").error is Error.UNAVAILABLE
    accept_without_copy(data, "chị Hoa")
    engine.look_for_copy()
    accepted = ask(engine, "c-3")
    assert accepted.ok
    assert engine.ledger.store.without_copy == "chị Hoa"
    engine.look_for_copy()
    assert engine.ledger.store.without_copy == "chị Hoa", "there is none yet"
    pair.start_copy()
    engine.look_for_copy()
    assert engine.ledger.store.without_copy == ""
    numbers = [ask(engine, name).result for name in ("c-1", "c-2", "c-3", "c-4")]
    assert [result["number"] for result in numbers if result] == ["2001", "2002", "2003", "2004"]
    engine.ledger.store.close()
    pair.stop_copy()
    with pytest.raises(StoreUncopiedError):
        open_engine(place(data), CENTRE)


def lacks_copy(engine: Engine) -> bool:
    return engine.ledger.store.lacks_copy


@pytest.mark.full
def test_a_promoted_copy_goes_on_and_the_old_primary_does_not(
    pair: Pair,
    place: Callable[[Path], Place],
    tmp_path: Path,
    expected_warnings: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    expected_warnings += ["commits reach no copy", "a copy has every commit"]
    data = tmp_path / "service"
    engine = open_engine(place(data), CENTRE, always_open=True)
    replies = {name: ask(engine, name) for name in (f"c-{number}" for number in range(20))}
    epoch = engine.ledger.store.epoch
    words = ["--data", str(data), "--store", pair.url]
    assert command(["promote", "--yes", *words]) == 1
    assert "stop it for good first" in capsys.readouterr().out
    pair.primary.kill()
    engine.ledger.store.close()
    assert command(["promote", "--yes", *words]) == 0
    with pytest.raises(StoreUncopiedError):
        open_engine(place(data), CENTRE)
    assert command(["without-copy", "--yes", "--data", str(data)]) == 0
    engine = open_engine(place(data), CENTRE, always_open=True)
    assert engine.ledger.store.epoch == epoch
    for name, reply in replies.items():
        assert ask(engine, name) == reply, "0 acknowledged were lost"
    assert ask(engine, "after").ok
    seen = recall(data)
    assert seen is not None
    assert seen.timeline == 2

    capsys.readouterr()
    assert command(["may-start", str(pair.primary.data), *words]) == 1
    assert "rejoin" in capsys.readouterr().out
    pair.primary.start()
    assert sum(member.primary for member in members(pair.url)) == 2
    old = pair.primary.url(pair.database)
    with pytest.raises(StoreLostError, match="old primary"):
        open_engine(replace(place(data), store=old), CENTRE)
    pair.primary.stop()

    assert command(["rejoin", str(pair.primary.data), *words]) == 0
    assert command(["may-start", str(pair.primary.data), *words]) == 0
    pair.primary.start()
    pair.swap()
    pair.until_synchronous()
    with suppress(StoreError):  # nobody beat for this engine meanwhile
        engine.ledger.store.hold()
    engine.look_for_copy()
    assert engine.ledger.store.without_copy == ""
    assert ask(engine, "last").ok
    engine.ledger.store.close()
    with open_reader(pair.url, SITE) as reader:
        assert verify(reader).problems == ()


@pytest.mark.full
def test_a_stale_copy_is_refused_by_who_wrote_without_it(
    pair: Pair, place: Callable[[Path], Place], tmp_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings += ["the store fails", "commits reach no copy"]
    data = tmp_path / "service"
    engine = open_engine(place(data), CENTRE, always_open=True)
    pair.stop_copy()
    assert ask(engine, "c-1").error is Error.UNAVAILABLE
    accept_without_copy(data, "chị Hoa")
    engine.look_for_copy()
    assert ask(engine, "c-1").ok
    pair.primary.kill()
    engine.ledger.store.close()
    pair.standby.start(SYNCHRONOUS)
    assert command(["promote", "--yes", "--store", pair.url]) == 0
    accept_without_copy(data, "chị Hoa")
    with pytest.raises(StoreLostError, match="lacks what was stored"):
        open_engine(place(data), CENTRE)
