import random
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from bus import commands
from bus.vocabulary import PrintOutcome
from config import Clock, load_centre
from queue_service.engine import Engine
from queue_service.errors import ServiceError
from queue_service.start import Place, open_engine
from queue_service.verify import check, check_at_start, verify
from queue_service.verify.__main__ import main as verify_main
from wait_log import tables
from wait_log.dialects import STORE_FILE
from wait_log.errors import StoreDamagedError, StoreError
from wait_log.rows import CallAck

CENTRE = load_centre()
MORE = """
INSERT INTO ticket SELECT site, 'more', business_day, series, '2999', service, ticket_class, lang,
'token', device, offline_book, state, order_key_us, counter, to_counter, issued_us, first_called_us,
called_us, started_us, ended_us, wait_s, served_s, clock_suspect, calls, reason, day_closed
FROM ticket WHERE number = '2002'
"""


@pytest.fixture
def busy(desk: SimpleNamespace) -> SimpleNamespace:
    """Two days in which about everything happens once; 24 November is the present one."""
    late = desk.clock.now() - timedelta(days=3)
    first, second, third = desk.issue(), desk.issue(print_on="kiosk-1"), desk.issue("CERT")
    desk.send("counter-3", commands.CallNext, counter=3)
    desk.send("counter-3", commands.Recall, counter=3, ticket=first)
    desk.send("counter-3", commands.StartServing, counter=3, ticket=first)
    desk.send("counter-3", commands.Park, counter=3, ticket=first, reason="chờ ký")
    desk.send("counter-3", commands.CallTicket, counter=3, ticket=second)
    step = desk.state.counters[3].step
    assert step is not None
    assert desk.send("counter-3", commands.Undo, event=str(step.first)).ok
    report = {"ticket": second, "outcome": PrintOutcome.FAILED, "reason": "hết giấy"}
    desk.send("kiosk-1", commands.ReportPrint, **report)
    desk.send("web-public", commands.CancelTicket, token="none")
    desk.send("kiosk-1", commands.RequestHelp, place="kiosk-1")
    desk.send("counter-3", commands.Transfer, counter=3, ticket=third, to_service="CIVIL")
    desk.engine.ledger.store.note_heard(
        CallAck(1, accepted_us=5, shown_us=6), CallAck(2, spoken_us=7)
    )
    desk.clock.advance(86400)
    desk.issue()
    desk.issue("CERT")
    book = {"service": "CIVIL", "number": "2901", "business_day": "2026-11-20", "issued_at": late}
    assert desk.send("kiosk-1", commands.IssueTicket, **book, supersedes="lost-1").ok
    desk.send("counter-3", commands.CallNext, counter=3)
    return desk


def tamper(desk: SimpleNamespace, *statements: str) -> None:
    desk.stop()
    with closing(sqlite3.connect(desk.data / STORE_FILE)) as connection:
        for statement in statements:
            assert connection.execute(statement).rowcount, statement
        connection.commit()


def problems_of(desk: SimpleNamespace) -> tuple[str, ...]:
    with desk.reader() as reader:
        return verify(reader).problems


def test_verify_finds_nothing_wrong(busy: SimpleNamespace) -> None:
    with busy.reader() as reader:
        verdict = verify(reader)
    assert verdict.problems == ()
    assert (verdict.events, verdict.days, verdict.tickets) == (busy.state.seq, 2, 6)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("DELETE FROM event WHERE seq = 5", "event 5 is missing"),
        ("UPDATE event SET body = CAST(body || ' ' AS BLOB) WHERE seq = 5", "event 5 is not what"),
        ("UPDATE event SET hash = zeroblob(32) WHERE seq = 5", "event 5 is not what was written"),
        ("UPDATE event SET digest = zeroblob(32) WHERE seq = 5", "event 5 is not what was written"),
        ("UPDATE event SET kind = 'ticket_void' WHERE seq = 5", "columns differ"),
        ("UPDATE ticket SET state = 'void' WHERE number = '1001'", "differs from the log in state"),
        ("DELETE FROM ticket WHERE number = '1001'", "is in the log but not in the table"),
        ("DELETE FROM ticket WHERE number = '2901'", "ticket 2901 of 2026-11-20 is in the log"),
        (
            "UPDATE ticket SET business_day = '2026-11-01' WHERE number = '2002'",
            "ticket 2002 of 2026-11-23 is in the log but not in the table",
        ),
        (MORE, "ticket 2999 of 2026-11-23 is in the table but not in the log"),
        (
            "UPDATE call SET counter = 4 WHERE call_seq = 2",
            "call 2 differs from the log in coun",
        ),
        ("UPDATE call SET withdrawn = 1 WHERE call_seq = 1", "differs from the log in withdrawn"),
        ("DELETE FROM call WHERE call_seq = 4", "call 4 is in the log but not in the table"),
        ("UPDATE print_record SET outcome = 'printed'", "differs from the log in outcome"),
        ("UPDATE print_record SET seq = 900", "is in the log but not in the table"),
        ("UPDATE day SET opened_us = 5 WHERE opened_seq = 1", "differs from the log in opened_us"),
        ("DELETE FROM day WHERE opened_seq > 1", "day 2026-11-24 is in the log but not in the"),
        ("UPDATE inbox SET reply = x'00' WHERE id = 'lost-1'", "inbox kiosk-1 lost-1 is not what"),
        ("DELETE FROM inbox WHERE id = 'lost-1'", "command lost-1 of kiosk-1 is in the log but"),
        ("UPDATE config_version SET body = x'00'", "config_version 1 is not what was written"),
        ("DELETE FROM config_version", "configuration 1 is in the log but not in the table"),
        ("UPDATE meta SET value = 'x' WHERE key = 'epoch'", "meta epoch is not what was written"),
        ("DELETE FROM meta WHERE key = 'epoch'", "the store has no epoch"),
        ("UPDATE acknowledgement SET at_us = 8 WHERE call_seq = 2", "acknowledgement 2 spoken is"),
        ("DROP INDEX ticket_by_token", "ticket_by_token is not defined as this version does"),
        ("UPDATE ticket SET site = 'x' WHERE number = '1001'", "is in the log but not in the"),
    ],
)
def test_verify_finds_what_was_changed(busy: SimpleNamespace, statement: str, problem: str) -> None:
    tamper(busy, statement)
    found = problems_of(busy)
    assert any(problem in text for text in found), found


def test_what_another_site_calls_its_own_is_looked_at(
    busy: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(busy, "UPDATE inbox SET site = 'there' WHERE id = 'lost-1'")
    assert verify_main(["--data", str(busy.data)]) == 1
    assert "the store has no epoch" in capsys.readouterr().out


def test_a_withheld_body_leaves_the_chain_proven(busy: SimpleNamespace) -> None:
    tamper(busy, "UPDATE event SET body = NULL WHERE seq = 5")
    with busy.reader() as reader:
        verdict = verify(reader)
    assert (verdict.problems, verdict.withheld, verdict.days) == ((), 1, 1)
    tamper(busy, "UPDATE event SET digest = zeroblob(32) WHERE seq = 5")
    assert problems_of(busy) == ("event 5 is not what was written: its hash differs",)


def test_no_event_holds_a_token(busy: SimpleNamespace) -> None:
    store = busy.engine.ledger.store
    present = [ticket for ticket in busy.state.tickets if store.token_of(ticket)]
    assert len(present) == 2
    log = b"".join(event.body or b"" for event in store.events())
    assert not any((store.token_of(ticket) or "").encode() in log for ticket in present)
    assert b"token" not in log


def test_a_long_log_is_checked_from_its_last_days(
    busy: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "CHECKED_AT_START", 3)
    last_day = busy.engine.ledger.store.last_day()
    tamper(busy, "UPDATE ticket SET lang = 'en' WHERE business_day = '2026-11-23'")

    def take_minutes(**_options: bool) -> list[str]:
        raise AssertionError

    with busy.reader() as reader:
        reader.damage = take_minutes
        verdict = check_at_start(reader)
    assert (verdict.first_seq, verdict.days, verdict.problems) == (last_day.opened_seq, 1, ())
    assert problems_of(busy)
    tamper(busy, "UPDATE ticket SET lang = 'en' WHERE business_day = '2026-11-24'")
    with busy.reader() as reader, pytest.raises(StoreDamagedError, match="differs from the log"):
        check_at_start(reader)


def dump(data: Path) -> dict[str, list[object]]:
    """Return every row of every table."""
    with closing(sqlite3.connect(f"file:{data / STORE_FILE}?mode=ro", uri=True)) as connection:
        return {
            name: connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2, 3").fetchall()  # noqa: S608
            for name in tables.metadata.tables
        }


def start(data: Path) -> Engine:
    ids = iter(range(10**6))
    place = Place(data, Clock(), "boot", lambda: f"new-{next(ids)}")
    return open_engine(place, CENTRE, always_open=True)


@pytest.mark.parametrize(
    ("seed", "flips"),
    [(1, 20), *(pytest.param(n, 60, marks=pytest.mark.full) for n in range(2, 6))],
)
def test_a_flipped_bit_is_harmless_or_found(
    busy: SimpleNamespace,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    expected_warnings: list[str],
    seed: int,
    flips: int,
) -> None:
    expected_warnings.append("the clock is far ahead")
    busy.stop()
    whole, wanted = (busy.data / STORE_FILE).read_bytes(), dump(busy.data)
    rng = random.Random(seed)
    found = 0
    for number in range(flips):
        place = rng.randrange(len(whole) * 8)
        data = tmp_path / f"flip-{number}"
        data.mkdir()
        flipped = bytearray(whole)
        flipped[place // 8] ^= 1 << place % 8
        (data / STORE_FILE).write_bytes(flipped)
        status = verify_main(["--data", str(data)])
        out = capsys.readouterr().out
        assert status in (0, 1), out
        if status == 0:
            assert dump(data) == wanted, f"bit {place}"
            start(data).ledger.store.close()
            assert verify_main(["--data", str(data)]) == 0, f"bit {place}"
        else:
            found += 1
            assert out
            with pytest.raises((StoreError, ServiceError)):
                start(data)
            left = (data / STORE_FILE).read_bytes()
            assert left == flipped, f"bit {place}: something was written"
        shutil.rmtree(data)
    assert found > flips / 6
