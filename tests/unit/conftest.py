"""A hall to show: calls, counters and times as on the design's picture."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bus.states import BoardCounter, BoardState, Call, Waiting
from bus.vocabulary import CounterStatus, Language, TicketClass
from config import Centre, load_centre
from hall.board.scene import Hall
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
