from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bus.states import BoardCounter, BoardState, Call
from bus.vocabulary import CounterStatus, Language, TicketClass

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

MakeCall = Callable[..., Call]
MakeBoard = Callable[..., BoardState]


@pytest.fixture
def make_call() -> MakeCall:
    """Make a call that was made `age_s` before the state of `make_board`."""

    def make(call_seq: int = 1, number: str = "2005", counter: int = 3, **given: Any) -> Call:  # noqa: ANN401
        age_s = given.pop("age_s", 0.0)
        fields: dict[str, Any] = {
            "service": "CIVIL",
            "ticket_class": TicketClass.NORMAL,
            "lang": Language.VIETNAMESE,
            "repeat": 0,
            "at": AT - timedelta(seconds=age_s),
            **given,
        }
        return Call(call_seq=call_seq, number=number, counter=counter, **fields)

    return make


@pytest.fixture
def make_board() -> MakeBoard:
    """Make a state of the boards with calls, and what each counter of `at_counters` has."""

    def make(
        *calls: Call,
        epoch: str = "01EPOCH",
        rev: int = 1,
        at: datetime = AT,
        at_counters: dict[int, str | None] | None = None,
    ) -> BoardState:
        counters = tuple(
            BoardCounter(counter=counter, status=CounterStatus.OPEN, number=number)
            for counter, number in (at_counters or {}).items()
        )
        newest_first = tuple(sorted(calls, key=lambda call: -call.call_seq))
        return BoardState(epoch=epoch, rev=rev, at=at, calls=newest_first, counters=counters)

    return make
