"""The judge itself: it accepts a good day, and finds each promise that was broken by hand."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from nemesis.checker import PROMISES, Violation, check, no_gaps
from nemesis.evidence import Evidence, bylaws_of, read_evidence
from nemesis.history import Op, Phase, Recorder, read_history

from bus import codec, commands
from bus.vocabulary import CurrentTo, TicketClass
from config import Clock, load_centre
from queue_service.domain import events as e
from queue_service.domain.restoring import restored
from queue_service.domain.values import CounterNumber
from queue_service.start import Place, open_engine
from wait_log.dialects import store_url
from wait_log.rows import CallAck

CENTRE = load_centre()
START = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)


@dataclass
class Day:
    """A short day through the real engine, written down as its clients would."""

    data: Path
    history: list[Op] = field(default_factory=list)
    seconds: float = 1000.0
    ids: "itertools.count[int]" = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        class HandClock(Clock):
            def now(clock) -> datetime:  # noqa: N805 - the day is `self`
                return START + timedelta(seconds=self.seconds)

            def monotonic(clock) -> float:  # noqa: N805
                return self.seconds

        place = Place(self.data, HandClock(), "boot", lambda: f"id-{next(self.ids)}")
        self.engine = open_engine(place, CENTRE, always_open=True)

    def ask(self, device: str, command: commands.Command) -> dict[str, Any]:
        self.seconds += 5
        stamped: Any = replace_command(command, f"c-{next(self.ids)}")
        kind = commands.kind_of(stamped)
        self.note(device, Phase.INVOKE, kind, stamped.id)
        payload = self.engine.handle(device, codec.encode(stamped))
        assert payload is not None
        reply = codec.decode(commands.Reply, payload)
        self.seconds += 1
        result = reply.result or {}
        self.note(device, Phase.OK if reply.ok else Phase.FAIL, kind, stamped.id, **result)
        return result

    def note(self, who: str, phase: Phase, what: str, op_id: str = "", **data: Any) -> None:  # noqa: ANN401
        self.history.append(
            Op(who=who, phase=phase, what=what, id=op_id, at=self.seconds, data=data)
        )

    def end(self) -> Evidence:
        self.engine.ledger.store.close()
        return read_evidence(store_url(self.data), CENTRE.identity.site, bylaws_of(CENTRE))


def replace_command(command: commands.Command, new_id: str) -> commands.Command:
    return msgspec.structs.replace(command, id=new_id, ts=START)


def play(day: Day) -> Evidence:
    """Give numbers, call, serve, park, send on, miss somebody, and deliver from a book."""
    for service, ticket_class in (
        ("CERT", TicketClass.NORMAL),
        ("CIVIL", TicketClass.NORMAL),
        ("CERT", TicketClass.PRIORITY),
        ("CERT", TicketClass.NORMAL),
        ("CERT", TicketClass.NORMAL),
    ):
        issued = day.ask(
            "kiosk-1", commands.IssueTicket(service=service, ticket_class=ticket_class)
        )
        paper = {"number": issued["number"], "business_day": issued["business_day"], "copy": False}
        day.note("kiosk-1", Phase.NOTE, "paper", **paper)
    first = day.ask("counter-1", commands.CallNext(counter=1))
    day.ask("counter-1", commands.StartServing(counter=1, ticket=first["ticket"]))
    parked = CurrentTo.PARK
    second = day.ask(
        "counter-1", commands.CallNext(counter=1, current=first["ticket"], current_to=parked)
    )
    day.seconds += 60
    day.engine.record(
        [e.CallUnannounced(counter=1, call_seq=second["call_seq"], missing="spoken")],  # type: ignore[arg-type]
        "announcements",
    )
    absent = CurrentTo.ABSENT
    third = day.ask(
        "counter-1", commands.CallNext(counter=1, current=second["ticket"], current_to=absent)
    )
    day.engine.note_heard([CallAck(third["call_seq"], shown_us=1, spoken_us=2)])
    day.ask(
        "kiosk-1",
        commands.IssueTicket(
            service="CERT",
            number="1901",
            business_day="2026-11-23",
            issued_at=START + timedelta(seconds=day.seconds - 3),
        ),
    )
    day.note("runner", Phase.INVOKE, "heal", "h1", after="kill of service", within_s=5.0)
    day.seconds += 2
    day.note("runner", Phase.OK, "heal", "h1")
    return day.end()


@pytest.fixture
def day(tmp_path: Path) -> Day:
    return Day(tmp_path)


@pytest.fixture
def store(day: Day) -> Evidence:
    return play(day)


def test_a_good_day_is_good(day: Day, store: Evidence) -> None:
    assert check(day.history, store) == []
    assert len(store.tickets) == 6
    assert sum(isinstance(fact.event, e.TicketCalled) for fact in store.facts) == 3


def test_a_gap_that_a_restore_explains_is_none(day: Day) -> None:
    day.ask("kiosk-1", commands.IssueTicket(service="CERT"))
    day.engine.record(
        restored(day.engine.ledger.state, day.engine.rules, {"CERT": 7}, {}), "restore"
    )
    issued = day.ask("kiosk-1", commands.IssueTicket(service="CERT"))
    assert issued["number"] == "1100"
    assert list(no_gaps([], day.end())) == []


def edited(store: Evidence, kind: type, **changes: Any) -> Evidence:  # noqa: ANN401
    """Return the store with the last event of a kind changed."""
    facts = list(store.facts)
    index = max(i for i, fact in enumerate(facts) if isinstance(fact.event, kind))
    own = {key: value for key, value in changes.items() if hasattr(facts[index].event, key)}
    facts[index] = replace(facts[index], event=replace(facts[index].event, **own))
    others = {key: value for key, value in changes.items() if key not in own}
    facts[index] = replace(facts[index], **others)
    return replace(store, facts=tuple(facts))


def without(store: Evidence, kind: type) -> Evidence:
    facts = tuple(fact for fact in store.facts if not isinstance(fact.event, kind))
    return replace(store, facts=facts)


def asked_by_nobody(store: Evidence, kind: type) -> Evidence:
    facts = (
        replace(fact, command="of-nobody") if isinstance(fact.event, kind) else fact
        for fact in store.facts
    )
    return replace(store, facts=tuple(facts))


def op(phase: Phase, what: str, op_id: str = "x", at: float = 9e9, **data: Any) -> Op:  # noqa: ANN401
    return Op(who="kiosk-1", phase=phase, what=what, id=op_id, at=at, data=data)


NUMBER: dict[str, Any] = {"number": "1001", "business_day": "2026-11-23"}
Breaking = Callable[[list[Op], Evidence], tuple[list[Op], Evidence]]


def _doubled_call(history: list[Op], store: Evidence) -> tuple[list[Op], Evidence]:
    """The last call names a ticket that counter 1 serves, at counter 2."""
    called = [fact for fact in store.facts if isinstance(fact.event, e.TicketCalled)][-1]
    assert isinstance(called.event, e.TicketCalled)
    event = replace(called.event, counter=CounterNumber(2))
    elsewhere = replace(called, event=event, cause="call_ticket")
    return history, replace(store, facts=(*store.facts, elsewhere))


def _overtaking(history: list[Op], store: Evidence) -> tuple[list[Op], Evidence]:
    """Nobody has a head start, so who had one went before somebody."""
    bylaws = replace(store.bylaws, head_start={})
    return history, replace(store, bylaws=bylaws)


def _with(phase: Phase, what: str, op_id: str = "x", **data: Any) -> Breaking:  # noqa: ANN401
    return lambda history, store: ([*history, op(phase, what, op_id, **data)], store)


def _issued_again(history: list[Op], store: Evidence) -> tuple[list[Op], Evidence]:
    first = next(fact for fact in store.facts if isinstance(fact.event, e.TicketIssued))
    return history, replace(store, facts=(*store.facts, first))


def _done_twice(history: list[Op], store: Evidence) -> tuple[list[Op], Evidence]:
    last = next(fact for fact in reversed(store.facts) if fact.command)
    again = replace(last, seq=last.seq + 1, step=last.seq + 1)
    return history, replace(store, facts=(*store.facts, again))


def _late(history: list[Op], store: Evidence) -> tuple[list[Op], Evidence]:
    asked = op(Phase.INVOKE, "heal", "late", 1.0, after="kill", within_s=5.0)
    return [*history, asked, op(Phase.OK, "heal", "late", 8.0)], store


def _day_ended(history: list[Op], store: Evidence) -> tuple[list[Op], Evidence]:
    tomorrow = e.DayOpened(business_day=date(2026, 11, 24), call_seq=3, config_version=1)
    opened = replace(store.facts[0], at=store.facts[-1].at, event=tomorrow)
    return history, replace(store, facts=(*store.facts, opened))


BROKEN: dict[str, tuple[str, Breaking]] = {
    "a number twice in the store": (
        "I1",
        lambda h, s: (h, replace(s, tickets=(*s.tickets, s.tickets[0]))),
    ),
    "a number on two screens": ("I1", _with(Phase.OK, "issue_ticket", **NUMBER)),
    "two numbers for one request": (
        "I1",
        _issued_again,
    ),
    "a command that was done twice": ("I1", _done_twice),
    "a shown number is lost": ("I2", lambda h, s: (h, replace(s, tickets=s.tickets[1:]))),
    "a call is lost": ("I2", lambda h, s: (h, replace(s, calls=s.calls[:-1]))),
    "a step is lost": (
        "I2",
        lambda h, s: ([*h, op(Phase.OK, "finish", "never-stored")], s),
    ),
    "a gap": (
        "I3",
        lambda h, s: (h, edited(s, e.TicketIssued, serial=7, offline_book=False)),
    ),
    "a gap in a book": ("I3", lambda h, s: (h, edited(s, e.TicketIssued, serial=903))),
    "one ticket at two counters": ("I4", _doubled_call),
    "one call made twice": ("I4", lambda h, s: (h, replace(s, calls=(*s.calls, s.calls[0])))),
    "the wrong one is called": (
        "I5",
        lambda h, s: (h, replace(s, bylaws=replace(s.bylaws, penalties={1: {}}))),
    ),
    "queue time goes back": (
        "I5",
        lambda h, s: (h, edited(s, e.TicketCalled, at=replace(s.facts[-1].at, at=START))),
    ),
    "overtaken without a head start": ("I6", _overtaking),
    "an absence after a silent call": ("I7", lambda h, s: (h, without(s, e.CallUnannounced))),
    "boards late": (
        "I8",
        _late,
    ),
    "boards never right": (
        "I8",
        lambda h, s: ([*h, op(Phase.INVOKE, "heal", "never", after="cut", within_s=5.0)], s),
    ),
    "a hole in the log": ("I9", lambda h, s: (h, replace(s, chain=s.chain[:3] + s.chain[4:]))),
    "an altered event": (
        "I9",
        lambda h, s: (h, replace(s, chain=(replace(s.chain[0], body=b"{}"), *s.chain[1:]))),
    ),
    "a table that differs": ("I9", lambda h, s: (h, replace(s, problems=("day differs",)))),
    "two originals": (
        "I10",
        lambda h, s: ([*h, op(Phase.NOTE, "paper", copy=False, **NUMBER)], s),
    ),
    "a negative wait": (
        "I11",
        lambda h, s: (h, replace(s, tickets=(replace(s.tickets[0], wait_s=-1.0), *s.tickets[1:]))),
    ),
    "a day that goes back": (
        "I12",
        lambda h, s: (h, replace(s, facts=(*s.facts, s.facts[0]))),
    ),
    "a day that ends in the middle": (
        "I12",
        _day_ended,
    ),
    "a process that died": (
        "I13",
        lambda h, s: ([*h, op(Phase.NOTE, "died", process="service", why="exit 1")], s),
    ),
    "a number that nobody asked for": (
        "I13",
        lambda h, s: (h, asked_by_nobody(s, e.TicketIssued)),
    ),
    "a press that nobody made": (
        "I13",
        lambda h, s: (h, asked_by_nobody(s, e.TicketParked)),
    ),
    "a number shown too soon": (
        "I14",
        lambda h, s: ([replace_at(one, 0.0) if one.phase is Phase.OK else one for one in h], s),
    ),
    "a number with a refusal": (
        "I14",
        lambda h, s: ([*h, op(Phase.FAIL, "issue_ticket", **NUMBER)], s),
    ),
    "a refused step that was done later": (
        "I14",
        lambda h, s: ([*h, op(Phase.FAIL, "finish", s.facts[-1].command, error="stale")], s),
    ),
    "a forged command": (
        "I15",
        lambda h, s: ([*h, op(Phase.NOTE, "forged", s.facts[-1].command)], s),
    ),
    "a device that was deceived": (
        "I15",
        lambda h, s: ([*h, op(Phase.NOTE, "believed", a="state of board-1")], s),
    ),
}


def replace_at(one: Op, at: float) -> Op:
    return Op(who=one.who, phase=one.phase, what=one.what, id=one.id, at=at, data=one.data)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Op], Evidence]:
    day = Day(tmp_path_factory.mktemp("day"))
    store = play(day)
    return day.history, store


@pytest.mark.parametrize("name", BROKEN)
def test_each_broken_promise_is_found(name: str, good: tuple[list[Op], Evidence]) -> None:
    promise, breaking = BROKEN[name]
    found = check(*breaking(*good))
    assert promise in {violation.promise for violation in found}, found


def test_every_promise_has_a_breach() -> None:
    assert {promise for promise, _ in BROKEN.values()} == set(PROMISES)


def test_a_torn_line_is_left_out(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, "counter-1")
    recorder.write(Phase.INVOKE, "finish", "a", counter=1)
    recorder.close()
    with next(tmp_path.iterdir()).open("ab") as file:
        file.write(b'{"who":"counter-1","ph')
    assert [(one.id, one.data) for one in read_history(tmp_path)] == [("a", {"counter": 1})]


def test_a_violation_reads_as_a_line() -> None:
    assert str(Violation("I4", "1001 is at two counters")) == "I4: 1001 is at two counters"
