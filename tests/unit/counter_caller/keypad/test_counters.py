from datetime import UTC, datetime

import pytest

from bus.states import CounterState, CurrentTicket
from bus.vocabulary import CounterStatus, TicketClass, TicketState
from counter_caller.keypad.counters import SEEN_AFTER_S, Counters
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


@pytest.fixture
def counters() -> Counters:
    counters = Counters()
    counters.take_link(True)
    counters.take_service(True)
    return counters


def seen(counters: Counters, at: float) -> str:
    current = counters.current(3, at)
    return current.number if current else ""


def test_nothing_is_live_before_all_was_heard(counters: Counters) -> None:
    assert not counters.live(3)
    assert counters.readout(3) == Readout()
    counters.take_state(state("1017", 2), 1.0)
    assert counters.live(3)
    assert counters.readout(3) == Readout("1017", 2)
    assert not counters.live(4)


def test_after_a_lost_link_all_must_be_heard_anew(counters: Counters) -> None:
    counters.take_state(state("1017", 2), 1.0)
    counters.take_link(False)
    counters.take_link(True)
    assert not counters.live(3)
    counters.take_service(True)
    assert not counters.live(3)
    counters.take_state(state("1018", 1), 9.0)
    assert counters.live(3)


def test_without_the_service_nothing_is_live(counters: Counters) -> None:
    counters.take_state(state("1017", 2), 1.0)
    counters.take_service(False)
    assert not counters.live(3)
    assert counters.readout(3) == Readout()


def test_a_finger_means_what_an_eye_could_read(counters: Counters) -> None:
    counters.take_state(state("1017"), 1.0)
    counters.take_state(state("1018"), 5.0)
    assert seen(counters, 4.0) == "1017"
    assert seen(counters, 5.0 + SEEN_AFTER_S - 0.01) == "1017"
    assert seen(counters, 5.0 + SEEN_AFTER_S) == "1018"
    counters.take_state(state("1018", calls=2), 5.1)
    assert seen(counters, 5.2) == "1017"
    counters.take_state(state(""), 7.0)
    assert seen(counters, 7.1) == "1018"
    assert seen(counters, 8.0) == ""


def test_after_an_outage_nobody_has_seen_anything_yet(counters: Counters) -> None:
    assert counters.current(3, 1.0) is None
    counters.take_state(state("1017"), 1.0)
    assert seen(counters, 1.1) == ""
    assert seen(counters, 1.0 + SEEN_AFTER_S) == "1017"
