from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bus.states import CounterState, CurrentTicket
from bus.vocabulary import CounterStatus, TicketClass, TicketState
from counter_caller.keypad.counters import SEEN_AFTER_S, Counters
from hall.model import HallState
from hardware.keypad import Readout

NOW = datetime(2026, 11, 23, 1, 24, 5, tzinfo=UTC)


def state(number: str = "", waiting: int = 0, calls: int = 1) -> CounterState:
    current = CurrentTicket(
        ticket=f"T{number}",
        number=number,
        service="CERT",
        ticket_class=TicketClass.NORMAL,
        state=TicketState.CALLED,
        issued_at=NOW,
        called_at=NOW,
        calls=calls,
    )
    return CounterState(
        epoch="E",
        rev=1,
        at=NOW,
        counter=3,
        status=CounterStatus.OPEN,
        current=current if number else None,
        waiting_total=waiting,
    )


class Heard:
    """Counters, and a hall to tell them of."""

    def __init__(self) -> None:
        self.counters = Counters()
        self.hall = HallState(linked=True, service_there=True)

    def hears(self, at: float, **changes: Any) -> None:  # noqa: ANN401 - fields of a state
        self.hall = replace(self.hall, **changes)
        self.counters.take_hall(self.hall, at)

    def sees(self, state: CounterState, at: float) -> None:
        self.hears(at, counters={3: state}, current=frozenset({"counters/3"}))


@pytest.fixture
def heard() -> Heard:
    return Heard()


def seen(heard: Heard, at: float) -> str:
    current = heard.counters.current(3, at)
    return current.number if current else ""


def test_nothing_is_live_before_all_was_heard(heard: Heard) -> None:
    counters = heard.counters
    assert not counters.live(3)
    assert counters.readout(3) == Readout()
    heard.sees(state("1017", 2), 1.0)
    assert counters.live(3)
    assert counters.readout(3) == Readout("1017", 2)
    assert not counters.live(4)


def test_after_a_lost_link_all_must_be_heard_anew(heard: Heard) -> None:
    counters = heard.counters
    heard.sees(state("1017", 2), 1.0)
    heard.hears(2.0, linked=False, service_there=False, current=frozenset())
    heard.hears(3.0, linked=True)
    assert not counters.live(3)
    heard.hears(4.0, service_there=True)
    assert not counters.live(3)
    heard.sees(state("1018", 1), 9.0)
    assert counters.live(3)


def test_without_the_service_nothing_is_live(heard: Heard) -> None:
    counters = heard.counters
    heard.sees(state("1017", 2), 1.0)
    heard.hears(2.0, service_there=False)
    assert not counters.live(3)
    assert counters.readout(3) == Readout()


def test_a_finger_means_what_an_eye_could_read(heard: Heard) -> None:
    heard.sees(state("1017"), 1.0)
    heard.sees(state("1018"), 5.0)
    assert seen(heard, 4.0) == "1017"
    assert seen(heard, 5.0 + SEEN_AFTER_S - 0.01) == "1017"
    assert seen(heard, 5.0 + SEEN_AFTER_S) == "1018"
    heard.sees(state("1018", calls=2), 5.1)
    assert seen(heard, 5.2) == "1017"
    heard.sees(state(""), 7.0)
    assert seen(heard, 7.1) == "1018"
    assert seen(heard, 8.0) == ""


def test_after_an_outage_nobody_has_seen_anything_yet(heard: Heard) -> None:
    counters = heard.counters
    assert counters.current(3, 1.0) is None
    heard.sees(state("1017"), 1.0)
    assert seen(heard, 1.1) == ""
    assert seen(heard, 1.0 + SEEN_AFTER_S) == "1017"
