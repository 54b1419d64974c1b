"""Outcomes, ways back, reminders and notes through the engine, its store and its log."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from bus import commands, states
from bus.vocabulary import AlarmKind, CurrentTo, TicketState
from queue_service.codec import decode_fact
from queue_service.domain import events as e
from queue_service.domain.apply import apply
from queue_service.domain.state import State
from queue_service.records import ticket_row
from queue_service.verify import verify
from wait_log.dialects import STORE_FILE
from wait_log.figures import Selection, figures
from wait_log.periods import Period

TODAY = date(2026, 11, 23)


@pytest.fixture
def day(desk: SimpleNamespace) -> SimpleNamespace:
    """Somebody on the way to land registry and back, somebody parked, somebody with an outcome."""

    def send(counter: int, kind: type[commands.Command], **fields: object) -> None:
        reply = desk.send(f"counter-{counter}", kind, counter=counter, **fields)
        assert reply.ok, reply

    send(3, commands.OpenCounter)
    send(6, commands.OpenCounter)
    desk.sent, desk.parked, desk.done = desk.issue(), desk.issue(), desk.issue()
    send(3, commands.CallTicket, ticket=desk.sent)
    send(3, commands.StartServing, ticket=desk.sent)
    send(
        3,
        commands.Transfer,
        ticket=desk.sent,
        to_service="LAND",
        then_back=True,
        note="complete",
    )
    send(6, commands.CallTicket, ticket=desk.sent)
    desk.clock.advance(300)
    send(6, commands.Finish, ticket=desk.sent, outcome="received")
    send(3, commands.CallTicket, ticket=desk.parked)
    send(3, commands.Park, ticket=desk.parked, reason="signature", remind_after_min=15)
    send(3, commands.PostponeReminder, ticket=desk.parked, remind_after_min=30)
    send(3, commands.CallTicket, ticket=desk.done)
    desk.clock.advance(60)
    send(
        3,
        commands.CallNext,
        current=desk.done,
        current_to=CurrentTo.FINISH,
        outcome="result",
    )
    return desk


def test_it_is_all_there_after_a_restart(day: SimpleNamespace) -> None:
    before = day.state
    day.restart()
    assert day.state == before
    assert day.state.tickets[day.parked].remind_at is not None
    assert day.state.tickets[day.sent].state is TicketState.CALLED
    assert day.state.counters[3].current == day.sent


def test_the_log_has_the_words(day: SimpleNamespace) -> None:
    with day.reader() as reader:
        bodies = [json.loads(event.body or b"") for event in reader.events(1)]
    told = {body["kind"]: body["event"] for body in bodies}
    assert told["ticket_finished"]["outcome"] == "result"
    assert told["ticket_transferred"]["outcome"] == "received"
    assert told["ticket_transferred"]["came_back"] is True
    assert told["reminder_postponed"]["ticket"] == day.parked
    sent = next(body["event"] for body in bodies if body["kind"] == "ticket_transferred")
    assert (sent["back_to"], sent["note"]) == (3, "complete")


def test_verify_replays_it(day: SimpleNamespace) -> None:
    with day.reader() as reader:
        assert verify(reader).problems == ()


def forged(before: str, after: str) -> str:
    text = f"replace(CAST(body AS TEXT), '{before}', '{after}')"
    return (
        f"UPDATE event SET body = CAST({text} AS BLOB) WHERE CAST(body AS TEXT) LIKE '%{before}%'"  # noqa: S608
    )


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE ticket SET service = 'LAND' WHERE id = '{sent}'", "differs from the log in serv"),
        ("UPDATE ticket SET state = 'finished' WHERE id = '{sent}'", "differs from the log in st"),
        ("UPDATE ticket SET reason = 'fee' WHERE id = '{parked}'", "differs from the log in reas"),
        (forged('"outcome":"result"', '"outcome":"guidance"'), "is not what was written"),
        (forged('"came_back":true', '"came_back":false'), "is not what was written"),
        ("DELETE FROM event WHERE kind = 'reminder_postponed'", "is missing"),
    ],
)
def test_verify_finds_a_change(day: SimpleNamespace, statement: str, problem: str) -> None:
    day.stop()
    statement = statement.format(sent=day.sent, parked=day.parked)
    with closing(sqlite3.connect(day.data / STORE_FILE)) as connection:
        assert connection.execute(statement).rowcount
        connection.commit()
    with day.reader() as reader:
        assert any(problem in one for one in verify(reader).problems)


def test_a_release_that_knows_none_of_it_replays_the_same_rows(day: SimpleNamespace) -> None:
    """0.2.0 ignores these fields; a store that it takes over has to be its own."""
    with day.reader() as reader:
        facts = [decode_fact(event.body or b"") for event in reader.events(1)]
    old = State()
    for fact in facts:
        event = fact.event
        match event:
            case e.TicketFinished():
                event = replace(event, outcome="")
            case e.TicketParked():
                event = replace(event, remind_at=None, note="")
            case e.TicketTransferred():
                event = replace(event, back_to=None, came_back=False, outcome="", note="")
            case e.TicketReturned():
                event = replace(event, note="")
            case e.ReminderPostponed():
                event = e.OfLaterVersion("reminder_postponed")
        old = apply(old, replace(fact, event=event))
    ours = {key: ticket_row(ticket, "day") for key, ticket in day.state.tickets.items()}
    assert {key: ticket_row(ticket, "day") for key, ticket in old.tickets.items()} == ours


def test_the_figures_of_the_day_have_it(day: SimpleNamespace) -> None:
    undone = day.state.counters[3].step
    assert undone is not None
    with day.reader() as reader:
        found = figures(reader, Selection(Period(TODAY, TODAY)), day.centre).matters
    assert (found.ends, found.outcomes) == (2, (("received", 1), ("result", 1)))
    assert (found.parked, found.again, found.sent, found.back) == (1, 0, 1, 1)
    assert found.leg_service.mean_s == pytest.approx(300)
    assert day.send("counter-3", commands.Undo, event=str(undone.first)).ok
    with day.reader() as reader:
        found = figures(reader, Selection(Period(TODAY, TODAY)), day.centre).matters
    assert (found.ends, found.outcomes, found.back) == (1, (("received", 1),), 0)


def test_a_reminder_comes_by_the_services_own_clock_also_after_a_restart(
    running: SimpleNamespace, until: Callable[..., states.CounterState]
) -> None:
    heard = running.listen(running.topics.counter(3))
    officer, kiosk = running.device("counter-3"), running.device("kiosk-1")
    ticket = running.ask(kiosk, commands.IssueTicket, service="CIVIL").result["ticket"]
    running.ask(officer, commands.CallTicket, counter=3, ticket=ticket)
    parked = {"counter": 3, "ticket": ticket, "reason": "signature", "remind_after_min": 10}
    assert running.ask(officer, commands.Park, **parked).ok
    state = until(heard, states.CounterState, lambda s: s.parked)
    assert not reminders(state)
    running.desk.clock.advance(599)
    running.stop_service()
    running.start()
    running.desk.clock.advance(2)
    (alarm,) = reminders(until(heard, states.CounterState, reminders))
    assert (alarm.ticket, alarm.detail) == (ticket, "signature")
    late = {"counter": 3, "ticket": ticket, "remind_after_min": 5}
    assert running.ask(running.device("counter-3"), commands.PostponeReminder, **late).ok
    until(heard, states.CounterState, lambda s: s.parked and not reminders(s))
    running.desk.clock.advance(301)
    assert reminders(until(heard, states.CounterState, reminders))


def reminders(state: states.CounterState) -> list[states.Alarm]:
    return [alarm for alarm in state.alarms if alarm.kind is AlarmKind.REMINDER]
