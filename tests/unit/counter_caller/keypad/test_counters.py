# ruff: noqa: ANN401 - any field of the state

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec import structs

from bus.states import CounterState, CurrentTicket
from bus.vocabulary import CounterStatus, TicketClass, TicketState
from counter_caller.keypad.bridge import SEEN_AFTER_S, Counters
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


class Eye:
    """What is heard of the hall, told to counters as a test says."""

    def __init__(self) -> None:
        self.hall = HallState(linked=True, service_there=True)
        self.counters = Counters()

    def hears(self, state: CounterState, at: float) -> None:
        counters = {**self.hall.counters, state.counter: state}
        current = self.hall.current | {f"counters/{state.counter}"}
        self.take(at, counters=counters, current=current)

    def take(self, at: float, **changes: Any) -> None:
        self.hall = replace(self.hall, **changes)
        self.counters.take(self.hall, at)

    def seen(self, at: float) -> str:
        current = self.counters.current(3, at)
        return current.number if current else ""


@pytest.fixture
def eye() -> Eye:
    return Eye()


def test_nothing_is_live_before_all_was_heard(eye: Eye) -> None:
    eye.take(0.0)
    assert not eye.counters.live(3)
    assert eye.counters.readout(3) == Readout()
    eye.hears(state("1017", 2), 1.0)
    assert eye.counters.live(3)
    assert eye.counters.readout(3) == Readout("1017", 2)
    assert not eye.counters.live(4)


def test_after_a_lost_link_all_must_be_heard_again(eye: Eye) -> None:
    eye.hears(state("1017", 2), 1.0)
    eye.take(2.0, linked=False, service_there=False, current=frozenset())
    assert not eye.counters.live(3)
    eye.take(3.0, linked=True, service_there=True)
    assert not eye.counters.live(3)
    eye.hears(state("1018", 1), 9.0)
    assert eye.counters.live(3)


def test_without_the_service_nothing_is_live(eye: Eye) -> None:
    eye.hears(state("1017", 2), 1.0)
    eye.take(2.0, service_there=False)
    assert not eye.counters.live(3)
    assert eye.counters.readout(3) == Readout()


def test_a_finger_means_what_an_eye_could_read(eye: Eye) -> None:
    eye.hears(state("1017"), 1.0)
    eye.hears(state("1018"), 5.0)
    assert eye.seen(4.0) == "1017"
    assert eye.seen(5.0 + SEEN_AFTER_S - 0.01) == "1017"
    assert eye.seen(5.0 + SEEN_AFTER_S) == "1018"
    eye.hears(state("1018", calls=2), 5.1)
    assert eye.seen(5.2) == "1017"
    eye.hears(state(""), 7.0)
    assert eye.seen(7.1) == "1018"
    assert eye.seen(8.0) == ""


def test_after_an_outage_nobody_has_seen_anything_yet(eye: Eye) -> None:
    assert eye.counters.current(3, 1.0) is None
    eye.hears(state("1017"), 1.0)
    assert eye.seen(1.1) == ""
    assert eye.seen(1.0 + SEEN_AFTER_S) == "1017"


def test_somebody_at_an_empty_line_is_told(eye: Eye) -> None:
    eye.hears(structs.replace(state("", 1), arrived=NOW), 1.0)
    assert eye.counters.readout(3) == Readout("", 1, arrived=True)
    eye.hears(state("1017", 0), 2.0)
    assert not eye.counters.readout(3).arrived
