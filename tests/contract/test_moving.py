"""`denluot move-store`: every row arrives, proven, or the target is no store."""

import itertools
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bus import codec, commands
from config import Clock, load_centre
from queue_service import move_store as command
from queue_service.start import Place, open_engine
from wait_log import moving
from wait_log.dialects import STORE_FILE, URL_FILE, embedded_url
from wait_log.errors import StoreBusyError, StoreError
from wait_log.moving import move_store, unlike
from wait_log.reader import open_reader
from wait_log.store import open_store

RELEASED = Path(__file__).parents[1] / "data" / "store-0.2.0.db"
SITE = "nhi-chieu"
AT = datetime(2026, 11, 23, 1, tzinfo=UTC)


@pytest.fixture
def source(tmp_path: Path) -> str:
    """A store with a morning in it."""
    directory = tmp_path / "source"
    directory.mkdir()
    shutil.copy(RELEASED, directory / STORE_FILE)
    return embedded_url(directory)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.engine)])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return embedded_url(tmp_path / "target")
    new_database: Callable[[], str] = request.getfixturevalue("new_database")
    return new_database()


def nothing(_table: str, _done: int, _total: int) -> None:
    """Tell nobody how far it is."""


def issue(url: str, tmp_path: Path) -> commands.Reply:
    """Give a number on a store."""
    ids = (f"01JMOV{number:04d}" for number in itertools.count(1))
    engine = open_engine(
        Place(tmp_path, Clock(), "boot", lambda: next(ids), store=url),
        load_centre(),
        always_open=True,
    )
    wanted = commands.IssueTicket(id=next(ids), ts=AT, service="CIVIL")
    reply = codec.decode(commands.Reply, engine.handle("kiosk-1", codec.encode(wanted)) or b"")
    engine.ledger.store.close()
    return reply


def test_a_store_is_moved_proven_and_written_on(
    source: str, target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Path(source.removeprefix("sqlite:///")).read_bytes()
    assert command.main([str(tmp_path / "source"), target]) == 0
    assert "đã chép và kiểm tra" in capsys.readouterr().out
    assert unlike(source, target, SITE) == []
    assert issue(target, tmp_path).ok
    back = tmp_path / "back"
    assert command.main([target, str(back)]) == 0
    with open_reader(target, SITE) as was, open_reader(embedded_url(back), SITE) as now:
        assert list(was.events()) == list(now.events())
        for day in was.days():
            assert was.tickets(day.business_day) == now.tickets(day.business_day)
            assert was.calls(day.business_day) == now.calls(day.business_day)
        assert was.meta_rows() == now.meta_rows()
    assert issue(embedded_url(back), tmp_path).ok
    assert Path(source.removeprefix("sqlite:///")).read_bytes() == before


def test_a_running_service_is_not_moved_away_from(source: str, target: str) -> None:
    running = open_store(source, SITE, lambda: "E")
    with pytest.raises(StoreBusyError):
        move_store(source, target, nothing)
    running.close()


@pytest.mark.engine
def test_a_running_service_on_a_server_is_not_moved_away_from(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    url = new_database()
    running = open_store(url, SITE, lambda: "E")
    with pytest.raises(StoreBusyError):
        move_store(url, embedded_url(tmp_path), nothing)
    running.close()


def test_a_target_with_anything_in_it_is_left_alone(source: str, target: str) -> None:
    other = open_store(target, "another", lambda: "E")
    other.close()
    for again in (False, True):
        with pytest.raises(StoreError, match=r"not empty \(meta\)"):
            move_store(source, target, nothing, again=again)
    with open_reader(target, "another") as reader:
        assert reader.meta("epoch") == "E"


def test_half_a_copy_is_no_store_until_it_is_made_again(
    source: str, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCutError(BaseException):
        pass

    def cut(table: str, done: int, _total: int) -> None:
        if table == "event" and done:
            raise PowerCutError

    monkeypatch.setattr(moving, "BATCH", 7)
    with pytest.raises(PowerCutError):
        move_store(source, target, cut)
    with pytest.raises(StoreError, match="half a copy"):
        open_store(target, SITE, lambda: "E")
    with pytest.raises(StoreError, match="half a copy itself"):
        move_store(target, embedded_url(tmp_path / "third"), nothing)
    assert command.main([source, target]) == 1
    assert command.main([source, target, "--again"]) == 0
    assert issue(target, tmp_path).ok


def test_a_copy_that_is_not_the_same_is_no_store(
    source: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path(source.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE event SET body = CAST('{}' AS BLOB) WHERE seq = 3")
    target = embedded_url(tmp_path / "target")
    assert command.main([source, target]) == 1
    assert "KHÔNG tốt" in capsys.readouterr().out
    with pytest.raises(StoreError, match="half a copy"):
        open_store(target, SITE, lambda: "E")


def test_a_copy_that_lost_rows_is_seen(source: str, tmp_path: Path) -> None:
    target = embedded_url(tmp_path / "target")
    move_store(source, target, nothing)
    with closing(sqlite3.connect(target.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute("DELETE FROM call WHERE call_seq = 1")
        connection.execute("DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)")
    assert {problem.split(":")[0] for problem in unlike(source, target, SITE)} == {
        "call",
        "event",
        "the chain ends elsewhere",
    }


def test_a_password_stands_in_no_argument(
    source: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for url in ("postgresql+psycopg://u:geheim@h/d", "postgresql+psycopg://u@h/d?password=geheim"):
        assert command.main([source, url]) == 1
        said = capsys.readouterr().out
        assert "passfile" in said
        assert "geheim" not in said
    directory = tmp_path / "there"
    directory.mkdir()
    (directory / URL_FILE).write_text("postgresql+psycopg://u:geheim@/d?host=/nowhere\n")
    (directory / URL_FILE).chmod(0o644)
    assert command.main([source, str(directory)]) == 1
    assert "chmod 600" in capsys.readouterr().out
    (directory / URL_FILE).chmod(0o600)
    assert command.main([source, str(directory)]) == 1
    assert "cannot be opened" in capsys.readouterr().out
