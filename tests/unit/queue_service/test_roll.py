"""Numbers of a printed roll in the store: replayed, verified, and changed only in the morning."""

import sqlite3
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest

from bus import commands
from bus.vocabulary import Error
from config import centre_to_wire, load_centre
from config.check import raw_problems
from config.settings import Centre
from queue_service.verify import verify
from wait_log.dialects import STORE_FILE
from wait_log.statistics import hall_waits


def with_roll(centre: Centre, **fields: object) -> dict[str, Any]:
    """Return the centre with a roll for CIVIL, which counter 3 serves."""
    wire = centre_to_wire(centre)
    wire["services"] = [
        each | fields if each["code"] == "CIVIL" else each for each in wire["services"]
    ]
    return wire


def apply(desk: SimpleNamespace, version: int, centre: dict[str, Any]) -> commands.Reply:
    reply: commands.Reply = desk.send(
        "web", commands.ApplyConfig, version=version, centre=centre, by="ha"
    )
    return reply


def call(desk: SimpleNamespace, counter: int, number: str | None = None) -> str:
    """Call the next number, or a certain one; returns it."""
    held = desk.state.counters.get(counter)
    current = held.current if held else None
    desk.clock.advance(60)
    if number is None:
        fields: dict[str, Any] = {"current_to": "finish"} if current else {}
        reply = desk.send(
            f"counter-{counter}", commands.CallNext, counter=counter, current=current, **fields
        )
    else:
        reply = desk.send(
            f"counter-{counter}",
            commands.CallTicket,
            counter=counter,
            current=current,
            number=number,
        )
    assert reply.ok, reply
    assert reply.result
    return str(reply.result["number"])


@pytest.fixture
def roll(desk: SimpleNamespace) -> SimpleNamespace:
    assert apply(desk, 1, with_roll(desk.centre, roll_first=1, roll_last=5)).ok
    return desk


def test_a_day_across_two_ends_of_a_roll_is_replayed_and_verified(roll: SimpleNamespace) -> None:
    called = [call(roll, 3) for _ in range(4)]
    before = roll.state
    roll.restart()  # in the middle of the day
    assert roll.state == before
    called += [call(roll, 3) for _ in range(8)]
    assert called == ["2001", "2002", "2003", "2004", "2005"] * 2 + ["2001", "2002"]
    with roll.reader() as reader:
        assert verify(reader).problems == ()
        waits = hall_waits(reader, "2026-11-23")
    assert (waits.issued, waits.called, waits.mean_s) == (12, 12, None)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ticket SET series = '2' WHERE number = '2004'",
        "UPDATE ticket SET wait_s = 1.0 WHERE number = '2004'",
        "UPDATE ticket SET number = '2005' WHERE number = '2004'",
        "DELETE FROM ticket WHERE number = '2004'",
    ],
)
def test_what_was_changed_behind_its_back_is_found(roll: SimpleNamespace, change: str) -> None:
    call(roll, 3, "2003")
    call(roll, 3)
    roll.stop()
    with closing(sqlite3.connect(roll.data / STORE_FILE)) as connection, connection:
        changed = connection.execute(change).rowcount
    assert changed
    with roll.reader() as reader:
        assert verify(reader).problems


def test_two_counters_press_in_the_same_instant(roll: SimpleNamespace) -> None:
    """Each names what it sees; a command that is sent again is one."""
    others = [c.number for c in roll.centre.counters if "CIVIL" in c.serves]
    sent = [
        (f"counter-{number}", roll.make(commands.CallNext, counter=number)) for number in others
    ]
    first = [roll.send_again(device, command) for device, command in sent]
    again = [roll.send_again(device, command) for device, command in sent]
    assert first == again
    numbers = [reply.result["number"] for reply in first if reply.result]
    assert len(numbers) == len(others) > 1
    assert len(set(numbers)) == len(numbers)


def test_between_roll_and_kiosk_it_changes_before_the_first_number(roll: SimpleNamespace) -> None:
    assert apply(roll, 2, with_roll(roll.centre)).ok  # nobody has a number yet
    issued = roll.send("kiosk-1", commands.IssueTicket, service="CIVIL")
    assert issued.ok, issued
    refused = apply(roll, 3, with_roll(roll.centre, roll_last=5))
    assert refused.error is Error.NOT_ALLOWED
    (problem,) = commands.result_of(refused, commands.AppliedConfig).problems
    assert problem.rule == "roll_changed"


def test_a_roll_that_is_called_stays_one_today(roll: SimpleNamespace) -> None:
    call(roll, 3)
    assert apply(roll, 2, with_roll(roll.centre)).error is Error.NOT_ALLOWED
    longer = with_roll(roll.centre, roll_last=7)
    assert apply(roll, 2, longer).ok
    assert call(roll, 3, "7") == "2007"


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"roll_first": 5, "roll_last": 5}, "roll_range"),
        ({"roll_last": 1000}, "roll_range"),
        ({"roll_last": 901}, "roll_in_book"),
        ({"roll_first": -1, "roll_last": 5}, "type"),
    ],
)
def test_a_roll_that_cannot_be_is_named(fields: dict[str, object], rule: str) -> None:
    problems = raw_problems(with_roll(load_centre(), **fields))
    assert rule in [problem.rule for problem in problems]
