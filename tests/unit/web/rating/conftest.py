"""A hall that is heard at once, and counters that serve."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from bus.states import CounterState, CurrentTicket, ServedTicket
from bus.vocabulary import CounterStatus, Language, TicketClass, TicketState
from hall.model import Hall, HallState

MakeCounter = Callable[..., CounterState]


@dataclass
class Seconds:
    """A monotonic clock and the service's time, which a test moves together or apart."""

    now: datetime
    at_s: float = 1000.0

    def pass_s(self, seconds: float) -> None:
        """Let time pass."""
        self.at_s += seconds
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def seconds(now: datetime) -> Seconds:
    return Seconds(now)


class HeardHall(Hall):
    """A hall that hears what a test shows it, on the test's own thread."""

    def __init__(self, state: HallState) -> None:
        self.state = state
        self._watchers = []

    def hear(self, counter: CounterState) -> None:
        """Take the state of a counter."""
        self._set("counters", counters={**self.state.counters, counter.counter: counter})


@pytest.fixture
def heard(hall_state: HallState) -> HeardHall:
    """Return a hall whose business day and configuration are known."""
    return HeardHall(hall_state)


@pytest.fixture
def hear(heard: HeardHall) -> Callable[[CounterState], None]:
    """Have the hall hear the state of a counter."""
    return heard.hear


@pytest.fixture
def counter_state(now: datetime) -> MakeCounter:
    """Make counter 3 as it is after it has served somebody, or while it has somebody else."""
    revs = iter(range(1, 1000))

    def make(
        served: str = "",
        *,
        ended: datetime = now,
        followed: datetime | None = None,
        current: str = "",
        called: datetime | None = None,
        lang: Language = Language.VIETNAMESE,
        counter: int = 3,
    ) -> CounterState:
        return CounterState(
            epoch="E",
            rev=next(revs),
            at=now,
            counter=counter,
            status=CounterStatus.OPEN,
            served=ServedTicket(
                ticket=served,
                number=served.replace("T", "1"),
                service="CERT",
                lang=lang,
                ended_at=ended,
                followed_at=followed,
            )
            if served
            else None,
            current=CurrentTicket(
                ticket=current,
                number=current.replace("T", "1"),
                service="CERT",
                ticket_class=TicketClass.NORMAL,
                state=TicketState.CALLED,
                issued_at=ended,
                called_at=called or ended,
            )
            if current
            else None,
        )

    return make
