"""Rules that a site turns on, through the service and its log: absent by time, late, between."""

import queue
import sqlite3
from collections.abc import Callable
from contextlib import closing
from types import SimpleNamespace

import msgspec

from bus import commands, states, vocabulary
from bus.port import Incoming
from bus.vocabulary import Error
from queue_service.domain import events as e
from queue_service.domain.values import CounterNumber
from queue_service.verify import verify
from wait_log.dialects import STORE_FILE

Until = Callable[..., states.CounterState]


def turn_on(desk: SimpleNamespace, **rules: int) -> None:
    """Let the centre have other rules than its file."""
    desk.stop()
    desk.centre = msgspec.structs.replace(
        desk.centre, rules=msgspec.structs.replace(desk.centre.rules, **rules)
    )


def called_twice(
    running: SimpleNamespace, until: Until, heard: "queue.Queue[Incoming]"
) -> commands.CalledTicket:
    """Call somebody, and once more; both calls are announced."""
    counter = running.device("counter-3")

    def hear(call_seq: int) -> None:
        running.desk.clock.advance(13)  # nobody is there to show or speak it: it is given up
        until(
            heard,
            states.CounterState,
            lambda s: s.current and s.current.call_seq == call_seq and s.current.announced_at,
        )

    running.ask(running.device("kiosk-1"), commands.IssueTicket, service="CIVIL")
    reply = running.ask(counter, commands.CallNext, counter=3)
    called = commands.result_of(reply, commands.CalledTicket)
    hear(called.call_seq)
    reply = running.ask(counter, commands.Recall, counter=3, ticket=called.ticket)
    hear(commands.result_of(reply, commands.CalledTicket).call_seq)
    return called


def test_the_service_marks_absent_by_its_own_clock(running: SimpleNamespace, until: Until) -> None:
    running.stop_service()
    turn_on(running.desk, absent_after_recalls=1)
    running.start()
    heard = running.listen(running.topics.counter(3))
    called = called_twice(running, until, heard)
    running.desk.clock.advance(21)
    state = until(heard, states.CounterState, lambda s: s.absent)
    assert state.current is None
    assert [row.number for row in state.absent] == [called.number]
    assert state.undoable is None


def test_also_when_it_was_down_meanwhile(running: SimpleNamespace, until: Until) -> None:
    running.stop_service()
    turn_on(running.desk, absent_after_recalls=1)
    running.start()
    heard = running.listen(running.topics.counter(3))
    called_twice(running, until, heard)
    running.stop_service()
    running.desk.clock.advance(600)
    running.start()
    assert until(heard, states.CounterState, lambda s: s.absent).current is None


def test_without_the_rule_it_waits_for_the_officer(running: SimpleNamespace, until: Until) -> None:
    heard = running.listen(running.topics.counter(3))
    called_twice(running, until, heard)
    running.desk.clock.advance(3600)
    running.ask(running.device("kiosk-1"), commands.IssueTicket, service="CIVIL")
    state = until(heard, states.CounterState, lambda s: s.waiting_total)
    assert state.current is not None


def rule_day(desk: SimpleNamespace) -> None:
    """Leave a log in which each rule has decided something."""
    turn_on(desk, absent_after_recalls=1, late_after_numbers=1)
    desk.start()
    first = desk.issue()
    desk.send("counter-3", commands.CallNext, counter=3)
    for call_seq in (1, 2):
        desk.engine.record((e.CallAnnounced(counter=CounterNumber(3), call_seq=call_seq),), "watch")
        desk.send("counter-3", commands.Recall, counter=3, ticket=first)
    desk.engine.record((e.CallAnnounced(counter=CounterNumber(3), call_seq=3),), "watch")
    assert not desk.engine.settle_by_time()
    desk.clock.advance(25)
    assert desk.engine.settle_by_time()
    for _ in range(2):
        desk.issue()
        current = desk.state.counters[3].current
        desk.send("counter-3", commands.CallNext, counter=3, current=current)
        desk.clock.advance(60)
    late = desk.send("counter-3", commands.ReturnToQueue, ticket=first)
    assert (late.error, late.result) == (Error.NOT_ALLOWED, {"rule": "late", "numbers": 1})
    end = vocabulary.ReturnTo.END
    assert desk.send("counter-3", commands.ReturnToQueue, ticket=first, to=end).ok
    desk.send("counter-3", commands.CallColleague, counter=3)
    desk.send("counter-2", commands.AnswerColleague, calling=3, counter=2)
    desk.send("web", commands.TellCounters, text="Họp lúc 11:30", by="manager")
    message = desk.state.messages[0].id
    desk.send("counter-3", commands.ReadMessage, counter=3, message=message)
    desk.send("counter-3", commands.TellManagers, counter=3, text="Vâng", answers=message)


def problems(desk: SimpleNamespace) -> tuple[str, ...]:
    with desk.reader() as reader:
        return verify(reader).problems


def test_verify_replays_what_the_rules_decided(desk: SimpleNamespace) -> None:
    rule_day(desk)
    before = desk.state
    assert problems(desk) == ()
    assert desk.restart().ledger.state == before
    assert [len(before.staff_calls), len(before.messages)] == [1, 2]


def test_verify_finds_a_rule_that_was_not_applied(desk: SimpleNamespace) -> None:
    rule_day(desk)
    desk.stop()
    with closing(sqlite3.connect(desk.data / STORE_FILE)) as connection:
        connection.execute("UPDATE ticket SET state = 'called' WHERE number = '2001'")
        connection.commit()
    assert any("2001" in problem and "in state" in problem for problem in problems(desk))
    with closing(sqlite3.connect(desk.data / STORE_FILE)) as connection:
        changed = connection.execute(
            "UPDATE event SET body = CAST(replace(body, ':true', ':null') AS BLOB)"
            " WHERE kind = 'ticket_absent'"
        )
        assert changed.rowcount > 0
        connection.commit()
    assert any("is not what was written" in problem for problem in problems(desk))
