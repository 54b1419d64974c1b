"""The small programs beside the service, and what they stand on."""

import queue
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from bus import codec, commands
from bus.health import ServiceHealth
from bus.states import DeviceStatus
from bus.vocabulary import StoreState
from config import CLOCK_VARIABLE, Clock, load_centre
from config.failpoint import failpoint_from
from config.watchdog import Watchdog
from queue_service.codec import decode_fact
from queue_service.day import DAY_FILE, confirm_day, confirmed_day
from queue_service.day.__main__ import main as day_main
from queue_service.domain.rules import Rules
from queue_service.engine import Engine, Sources
from queue_service.errors import LogError, ServiceError
from queue_service.start import Place, boot_of, open_engine
from queue_service.timetable import next_change
from queue_service.turns import Turns
from queue_service.verify.__main__ import main as verify_main
from wait_log import tables
from wait_log.dialects import STORE_FILE, store_url
from wait_log.errors import StoreError
from wait_log.rows import ConfigRow


def test_verify_says_ok_or_what_is_wrong(
    desk: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.issue()
    assert verify_main(["--data", str(desk.data)]) == 0
    assert "tốt: 3 sự kiện, 1 ngày, 1 lượt" in capsys.readouterr().out
    with sqlite3.connect(desk.data / STORE_FILE) as connection:
        connection.execute("UPDATE event SET hash = digest WHERE seq = 2")
    connection.close()
    assert verify_main(["--data", str(desk.data)]) == 1
    assert "event 2 is not what was written" in capsys.readouterr().out


def test_verify_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify_main(["--data", str(tmp_path)]) == 1
    assert "KHÔNG tốt: chưa có sổ ghi ở đây" in capsys.readouterr().out


@pytest.mark.parametrize(
    "case",
    [
        (0, ["--confirm"], "không cần xác nhận", None),
        (3, [], "không cần xác nhận", None),
        (3, ["--confirm"], "đã xác nhận: dịch vụ mở ngày 2026-11-26", date(2026, 11, 26)),
        (30, [], "chạy lại lệnh này với --confirm", None),
        (30, ["--confirm"], "đã xác nhận: dịch vụ mở ngày 2026-12-23", date(2026, 12, 23)),
    ],
)
def test_a_person_confirms_the_day(
    desk: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    case: tuple[int, list[str], str, date | None],
) -> None:
    days, arguments, said, confirmed = case
    now = datetime(2026, 11, 23, 1, tzinfo=UTC) + timedelta(days=days)
    monkeypatch.setenv(CLOCK_VARIABLE, str(Clock.starting(now)))
    assert day_main(["--data", str(desk.data), *arguments]) == 0
    assert said in capsys.readouterr().out
    assert confirmed_day(desk.data) == confirmed


def test_a_confirmed_day_is_read_again(tmp_path: Path) -> None:
    assert confirmed_day(tmp_path) is None
    confirm_day(tmp_path, date(2026, 12, 2))
    assert confirmed_day(tmp_path) == date(2026, 12, 2)
    (tmp_path / DAY_FILE).write_text("tomorrow")
    assert confirmed_day(tmp_path) is None


def test_failpoints_count_their_own_name() -> None:
    failpoint_from(None)("before_commit")
    pass_by = failpoint_from("before_commit:3")
    pass_by("after_commit")
    pass_by("before_commit")
    pass_by("before_commit")


def test_a_store_belongs_to_its_site(desk: SimpleNamespace) -> None:
    identity = msgspec.structs.replace(desk.centre.identity, site="another")
    other = msgspec.structs.replace(desk.centre, identity=identity)
    with pytest.raises(ServiceError, match="that of nhi-chieu"):
        Engine(desk.engine.ledger, other, Sources(desk.new_id, desk.new_id))


def test_an_engine_on_the_systems_clock(tmp_path: Path) -> None:
    clock = Clock()
    ids = iter(f"id-{n}" for n in range(100))
    place = Place(tmp_path, clock, boot_of(clock, tmp_path / "none"), lambda: next(ids))
    engine = open_engine(place, load_centre(), always_open=True)
    command = commands.IssueTicket(id="x", ts=clock.now(), service="CERT")
    reply = codec.decode(commands.Reply, engine.handle("kiosk-1", codec.encode(command)) or b"")
    assert reply.ok
    engine.ledger.store.close()


def test_a_set_clock_is_a_boot_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "boot_id").write_text("abc\n")
    shifted = Clock.starting(datetime(2026, 11, 23, tzinfo=UTC), 300.0)
    assert boot_of(Clock(), tmp_path / "boot_id") == "abc"
    assert boot_of(shifted, tmp_path / "boot_id") == f"abc@{shifted}"


@pytest.mark.parametrize("body", [b"", b"{}", b'{"kind":"nothing"}', b"\xff"])
def test_what_is_no_fact(body: bytes) -> None:
    with pytest.raises(LogError):
        decode_fact(body)


def test_the_clock_changes_the_hall_at_its_next_edge(hall: SimpleNamespace, rules: Rules) -> None:
    last_ticket = datetime(2026, 11, 23, 4, 15, tzinfo=UTC)
    assert next_change(hall.state, rules, hall.now) == last_ticket
    lunch, afternoon = last_ticket + timedelta(minutes=15), datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert next_change(hall.state, rules, last_ticket) == lunch
    assert next_change(hall.state, rules, lunch) == afternoon
    evening = datetime(2026, 11, 23, 15, tzinfo=UTC)
    assert next_change(hall.state, rules, evening) == datetime(2026, 11, 23, 20, tzinfo=UTC)
    hall.issue()
    ticket = hall.next(1)
    given_up = ticket.called.at + timedelta(seconds=12)
    assert next_change(hall.state, rules, ticket.called.at) == given_up
    promised = {ticket.call_seq: 20.0}
    assert next_change(hall.state, rules, given_up, promised) == given_up + timedelta(seconds=11)
    hall.announce()
    assert next_change(hall.state, rules, ticket.called.at) == last_ticket
    four_hours_later = ticket.called.at + timedelta(hours=4)
    assert next_change(hall.state, rules, datetime(2026, 11, 23, 5, tzinfo=UTC)) == four_hours_later


def test_a_refused_start_lets_go_of_the_store(desk: SimpleNamespace) -> None:
    body = b'{"identity":{}}'
    (row,) = desk.reader().rows(ConfigRow, tables.config_version)
    crc = replace(row, body=body).crc
    desk.stop()
    with closing(sqlite3.connect(desk.data / STORE_FILE)) as connection:
        connection.execute("UPDATE config_version SET body = ?, crc = ?", (body, crc))
        connection.commit()
    place = Place(desk.data, Clock(), "boot", desk.new_id)
    for _ in range(2):
        with pytest.raises(ServiceError, match="configuration 1 in the store"):
            open_engine(place, desk.centre)


def test_a_damaged_store_is_not_served_and_everybody_sees_why(
    running: SimpleNamespace, expected_warnings: list[str]
) -> None:
    expected_warnings.append("the store is damaged")
    status = running.listen(running.topics.status("service"))
    link = running.link("service", "service")
    running.stop_service()
    data = running.desk.data
    with closing(sqlite3.connect(data / STORE_FILE)) as connection:
        connection.execute("UPDATE day SET opened_us = 1")
        connection.commit()
    place = Place(data, Clock(), "boot", running.desk.new_id)
    stop, ended = _Stop(), queue.SimpleQueue[int]()
    turns = Turns(place, running.desk.centre, lambda: link, stop, Watchdog())
    thread = threading.Thread(target=lambda: ended.put(turns.serve(waits=True)))
    thread.start()
    seen = DeviceStatus(online=False, kind="", at=running.desk.clock.now())
    while seen.health != ServiceHealth(store=StoreState.FAILED):
        seen = codec.decode(DeviceStatus, status.get(timeout=60).payload)
    assert seen.online
    assert "opened_us" in (seen.message or "")
    stop.asked.set()
    assert ended.get(timeout=60) == 1
    thread.join(30)


@pytest.mark.parametrize(
    "content", [b"no database at all " * 500, b"SQLite format 3\0" + b"x" * 9000]
)
def test_a_file_that_is_no_store_is_waited_by_and_everybody_sees_what_to_do(
    running: SimpleNamespace, expected_warnings: list[str], content: bytes
) -> None:
    """Ending would have systemd start it again every second, the whole night."""
    expected_warnings.append("cannot be read")
    status = running.listen(running.topics.status("service"))
    link = running.link("service", "service")
    running.stop_service()
    data = running.desk.data
    for file in data.glob(f"{STORE_FILE}*"):
        file.unlink()
    (data / STORE_FILE).write_bytes(content)
    place = Place(data, Clock(), "boot", running.desk.new_id)
    stop, ended = _Stop(), queue.SimpleQueue[int]()
    turns = Turns(place, running.desk.centre, lambda: link, stop, Watchdog())
    thread = threading.Thread(target=lambda: ended.put(turns.serve(waits=False)))
    thread.start()
    seen = DeviceStatus(online=False, kind="", at=running.desk.clock.now())
    while seen.health != ServiceHealth(store=StoreState.FAILED):
        seen = codec.decode(DeviceStatus, status.get(timeout=60).payload)
    assert "denluot restore" in (seen.message or "")
    assert ended.empty(), "it waits for a person"
    assert (data / STORE_FILE).read_bytes() == content
    stop.asked.set()
    assert ended.get(timeout=60) == 1
    thread.join(30)


class _Stop:
    def __init__(self) -> None:
        self.asked = threading.Event()

    def wake(self) -> None:
        pass

    def wait(self, timeout_s: float | None = None) -> bool:
        return self.asked.wait(timeout_s)


def test_a_store_of_another_site_is_not_begun_anew(desk: SimpleNamespace) -> None:
    identity = msgspec.structs.replace(desk.centre.identity, site="another")
    other = msgspec.structs.replace(desk.centre, identity=identity)
    desk.stop()
    place = Place(desk.data, Clock(), "boot", desk.new_id)
    with pytest.raises(StoreError, match="the store is that of nhi-chieu; use another --data"):
        open_engine(place, other)
    named = replace(place, store=store_url(desk.data))
    engine = open_engine(named, other)
    assert desk.reader().sites() == ["another", "nhi-chieu"]
    engine.ledger.store.close()


def test_a_death_between_the_tables_and_the_first_row_is_no_damage(
    tmp_path: Path, desk: SimpleNamespace
) -> None:
    def die(name: str) -> None:
        if name == "before_commit":
            raise KeyboardInterrupt

    place = Place(tmp_path / "new", Clock(), "boot", desk.new_id)
    with pytest.raises(KeyboardInterrupt):
        open_engine(replace(place, failpoint=die), desk.centre)
    open_engine(place, desk.centre).ledger.store.close()
