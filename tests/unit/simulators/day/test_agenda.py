import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from simulators.day.agenda import Agenda, DayClock

BEGAN = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


@dataclass
class HandClock:
    """Moves on by a second at every look."""

    now: float = 100.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


@pytest.fixture
def agenda() -> Agenda:
    clock = DayClock(HandClock(), BEGAN, 100.0, began_s=25200.0, pace=1.0, speed=1e6)
    return Agenda(clock)


def test_the_day_runs_at_its_pace_from_where_it_began() -> None:
    clock = DayClock(lambda: 160.0, BEGAN, 100.0, began_s=25200.0, pace=10.0, speed=10.0)
    assert clock.now_s() == 25800.0
    assert clock.instant(25800.0) == BEGAN + timedelta(seconds=60)
    assert clock.day_s(clock.instant(30000.0)) == pytest.approx(30000.0)


def test_timed_actions_are_done_in_the_order_of_their_times(agenda: Agenda) -> None:
    done: list[str] = []
    begin = agenda.now_s()
    agenda.at(begin + 30, lambda: done.append("third"))
    agenda.at(begin + 10, lambda: done.append("first"))
    agenda.at(begin + 20, lambda: done.append("second"))
    agenda.run(lambda: len(done) == 3, lambda: None)
    assert done == ["first", "second", "third"]


def test_an_action_may_time_the_next(agenda: Agenda) -> None:
    done: list[float] = []

    def first() -> None:
        done.append(agenda.now_s())
        agenda.at(done[0] + 5, lambda: done.append(agenda.now_s()))

    agenda.at(agenda.now_s(), first)
    agenda.run(lambda: len(done) == 2, lambda: None)
    assert done[1] >= done[0] + 5


def test_posted_actions_run_on_the_agendas_thread(agenda: Agenda) -> None:
    ran_on: list[threading.Thread] = []
    poster = threading.Thread(
        target=lambda: agenda.post(lambda: ran_on.append(threading.current_thread()))
    )
    poster.start()
    agenda.run(lambda: bool(ran_on), lambda: None)
    poster.join(timeout=60)
    assert ran_on == [threading.current_thread()]


def test_it_tells_how_far_it_is(agenda: Agenda) -> None:
    told: list[float] = []
    agenda.run(lambda: len(told) == 3, lambda: told.append(agenda.now_s()))
    assert told == sorted(told)
