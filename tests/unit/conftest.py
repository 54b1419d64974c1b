"""A hall to show: calls, counters and times as on the design's picture."""

# ruff: noqa: ANN401 - builders take any field of what they build

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from msgspec import convert

from bus.health import AnyHealth
from bus.states import (
    BoardCounter,
    BoardState,
    Call,
    CounterState,
    CurrentTicket,
    DeviceStatus,
    ListedTicket,
    Undoable,
    Waiting,
)
from bus.vocabulary import AlarmKind, CounterStatus, Language, TicketClass, TicketState
from config import Centre, load_centre
from hall.board.scene import Hall
from hall.counter.situation import Situation
from hall.model import HallState
from hall.words import Words
from paper import Ticket, sample_ticket

NOW = datetime(2026, 11, 23, 1, 24, 5, tzinfo=UTC)
SERVICES = {"1": "CERT", "2": "CIVIL", "5": "LAND", "6": "TAX", "8": "PICK"}

MakeCall = Callable[..., Call]
MakeCounter = Callable[..., BoardCounter]
MakeBoard = Callable[..., BoardState]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def centre() -> Centre:
    return load_centre()


@pytest.fixture
def call() -> MakeCall:
    """Make a call: its sequence, number, counter, how long ago, and what else differs."""

    def make(
        seq: int, number: str = "1017", counter: int = 3, ago_s: float = 30, **more: object
    ) -> Call:
        fields: dict[str, Any] = {
            "service": SERVICES.get(number[:1], "CERT"),
            "ticket_class": TicketClass.NORMAL,
            "lang": Language.VIETNAMESE,
            "repeat": 0,
            "at": NOW - timedelta(seconds=ago_s),
        }
        fields.update(more)
        return Call(call_seq=seq, number=number, counter=counter, **fields)

    return make


@pytest.fixture
def counter() -> MakeCounter:
    """Make a counter that serves `number`, or with `status` one that does not."""

    def make(number: int, serving: str | None = None, **more: object) -> BoardCounter:
        fields: dict[str, Any] = {
            "status": CounterStatus.OPEN,
            "ticket_class": TicketClass.NORMAL,
        }
        fields.update(more)
        return BoardCounter(counter=number, number=serving, **fields)

    return make


@pytest.fixture
def board(call: MakeCall, counter: MakeCounter) -> MakeBoard:
    """Make the state of the design's picture; keywords replace its parts."""

    def make(rev: int = 1, **parts: object) -> BoardState:
        fields: dict[str, Any] = {
            "epoch": "01JEPOCH",
            "at": NOW,
            "calls": (
                call(88, "1017", 3, 25),
                call(87, "8003", 1, 80),
                call(86, "2004", 2, 200),
                call(85, "6002", 7, 300, ticket_class=TicketClass.PRIORITY),
                call(84, "5011", 6, 400),
            ),
            "counters": (
                counter(1, "8003"),
                counter(2, "2004"),
                counter(3, "1017"),
                counter(4, status=CounterStatus.CLOSED),
                counter(
                    5,
                    status=CounterStatus.PAUSED,
                    reason="Trình ký",
                    until=datetime(2026, 11, 23, 6, 30, tzinfo=UTC),
                ),
                counter(6, "5011"),
                counter(7, "6002", ticket_class=TicketClass.PRIORITY),
            ),
            "waiting": (
                Waiting(service="CIVIL", count=2, next=("2005", "2006")),
                Waiting(service="CERT", count=1, next=("1018",)),
                Waiting(service="LAND", count=1, next=("5012",)),
            ),
            "next": ("2005", "1018", "5012"),
        }
        fields.update(parts)
        return BoardState(rev=rev, **fields)

    return make


@pytest.fixture
def hall(centre: Centre, board: MakeBoard) -> Hall:
    return Hall(centre, board())


@pytest.fixture
def ticket() -> Ticket:
    return sample_ticket()


COUNTER_NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
"""Monday, 08:24 in Hải Phòng."""
_ALWAYS = {"issue_ticket", "report_outage"}
_OF_LISTS = {
    "call_ticket",
    "transfer",
    "return_to_queue.place",
    "return_to_queue.end",
    "set_class",
    "reprint_ticket",
    "void_ticket",
}
_SERVING = {"call_next", "call_next.finish", "call_next.park", "finish", "park"}
_CALLED = _SERVING | {"call_next.absent", "recall", "start_serving", "mark_absent"}
_CALLS = {"call_ticket", "call_next", "call_next.finish", "call_next.park", "call_next.absent"}


def legal_in(state: CounterState) -> tuple[str, ...]:
    """Return what the service would accept in the situations of these tests."""
    found = _ALWAYS | _OF_LISTS
    match state.status:
        case CounterStatus.OPEN:
            found |= {"pause_counter"}
        case CounterStatus.PAUSED:
            found |= {"pause_counter", "open_counter"}
        case CounterStatus.CLOSED:
            found |= {"open_counter"}
    if state.current is None:
        found |= {"call_next"} if state.waiting_total else set()
        found |= set() if state.status is CounterStatus.CLOSED else {"close_counter"}
    else:
        called = state.current.state is TicketState.CALLED
        found |= _CALLED if called else _SERVING
        found |= {"transfer.then_back"} if state.current.back_to is None else set()
        if called and state.current.announced_at is None:
            found -= _CALLS
    if any(row.remind_at for row in state.parked):
        found |= {"postpone_reminder"}
    if state.undoable:
        found |= {"undo"}
    if state.outages:
        found |= {"end_outage"}
    if any(alarm.kind is AlarmKind.HELP for alarm in state.alarms):
        found |= {"answer_help"}
    return tuple(sorted(found))


class Scene:
    """Values of the pictures, from which tests make others."""

    now = COUNTER_NOW

    def __init__(self, centre: Centre) -> None:
        self.centre = centre

    def ago(self, minutes: float) -> datetime:
        return self.now - timedelta(minutes=minutes)

    def current(self, **changes: Any) -> CurrentTicket:
        ticket = CurrentTicket(
            ticket="T1017",
            number="1017",
            service="CERT",
            ticket_class=TicketClass.PRIORITY,
            state=TicketState.CALLED,
            issued_at=self.ago(14),
            called_at=self.ago(3),
            announced_at=self.ago(2.8),
            choice_until=self.ago(2.5),
            calls=1,
            call_seq=88,
            shown=True,
            spoken=True,
        )
        return msgspec.structs.replace(ticket, **changes)

    def calling(self, **changes: Any) -> CurrentTicket:
        """Return the ticket while its call is being shown and spoken."""
        now = {"called_at": self.ago(0.1), "announced_at": None, "choice_until": None}
        return self.current(**{**now, "spoken": False, **changes})

    def choosing(self, **changes: Any) -> CurrentTicket:
        """Return the ticket 8 s after it was announced: the officer says what became of it."""
        now = {
            "called_at": self.ago(0.3),
            "announced_at": self.now - timedelta(seconds=8),
            "choice_until": self.now + timedelta(seconds=12),
        }
        return self.current(**{**now, **changes})

    def listed(self, number: str, service: str, minutes: float, **changes: Any) -> ListedTicket:
        ticket = ListedTicket(
            ticket=f"T{number}",
            number=number,
            service=service,
            ticket_class=TicketClass.NORMAL,
            since=self.ago(minutes),
        )
        return msgspec.structs.replace(ticket, **changes)

    def waiting(self) -> tuple[ListedTicket, ...]:
        rows = (
            ("1018", "CERT", 16),
            ("2005", "CIVIL", 9),
            ("1019", "CERT", 8),
            ("1020", "CERT", 7),
            ("2006", "CIVIL", 3),
            ("1021", "CERT", 3),
            ("2007", "CIVIL", 2),
            ("1022", "CERT", 2),
            ("1023", "CERT", 1),
            ("2008", "CIVIL", 1),
            ("1024", "CERT", 0),
        )
        return tuple(self.listed(*row) for row in rows)

    def state(self, **changes: Any) -> CounterState:
        waiting = self.waiting()
        state = CounterState(
            epoch="E",
            rev=1,
            at=self.now,
            counter=3,
            status=CounterStatus.OPEN,
            current=self.current(),
            waiting=waiting,
            waiting_total=len(waiting),
            parked=(
                self.listed("2001", "CIVIL", 24),
                self.listed("1009", "CERT", 12, ticket_class=TicketClass.PRIORITY),
                self.listed("2003", "CIVIL", 6),
            ),
            absent=(self.listed("1011", "CERT", 19),),
            undoable=Undoable(event="41", takes_back="park", numbers=("1016",)),
            served_today=14,
            mean_service_s=423.0,
        )
        state = msgspec.structs.replace(state, **changes)
        if "legal" in changes:
            return state
        return msgspec.structs.replace(state, legal=legal_in(state))

    def idle(self, **changes: Any) -> CounterState:
        return self.state(current=None, **changes)

    def hall(self, state: CounterState | None = None, **changes: Any) -> HallState:
        known: dict[str, Any] = {
            "linked": True,
            "service_there": True,
            "centre": self.centre,
            "counters": {3: state or self.state()},
            "current": frozenset({"counters/3"}),
        }
        return HallState(**{**known, **changes})

    def situation(
        self, state: CounterState | None = None, lang: str = "vi", **changes: Any
    ) -> Situation:
        """Return what a window knows; changes are of it or of the hall."""
        now = changes.pop("now", self.now)
        tab = changes.pop("tab", TicketState.WAITING)
        return Situation(3, Words(lang), now, self.hall(state, **changes), tab=tab)

    def online(self, kind: str, *, online: bool = True, **health: Any) -> DeviceStatus:
        typed = convert({"kind": kind, **health}, AnyHealth) if health else None
        return DeviceStatus(online=online, kind=kind, at=self.now, health=typed)


@pytest.fixture
def scene(centre: Centre) -> Scene:
    return Scene(centre)
