"""The day's figures that the boards show."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bus.states import Today
from bus.vocabulary import TicketState
from config import load_centre
from queue_service.domain.state import State
from queue_service.domain.tickets import Ticket
from queue_service.domain.values import TicketId
from queue_service.rules_from import rules_from
from queue_service.states import Header, View, board_state

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)


@pytest.fixture
def waiting(make_ticket: Callable[..., Ticket]) -> Ticket:
    return make_ticket("1001", NOW)


def today_of(*tickets: Ticket) -> Today:
    state = State(tickets={TicketId(str(index)): ticket for index, ticket in enumerate(tickets)})
    view = View(state=state, rules=rules_from(load_centre()), now=NOW)
    return board_state(view, Header(epoch="e", rev=1, at=NOW)).today


def test_the_mean_counts_waits_that_ended_and_that_a_sound_clock_measured(waiting: Ticket) -> None:
    served = [
        replace(waiting, state=TicketState.FINISHED, wait_s=wait_s)
        for wait_s in (60.0, 120.0, 600.0)
    ]
    doubtful = replace(served[0], wait_s=90_000.0, clock_suspect=True)
    today = today_of(waiting, doubtful, *served)
    assert (today.issued, today.finished) == (5, 4)
    assert (today.median_wait_s, today.mean_wait_s) == (120.0, 260.0)


def test_a_day_on_which_nobody_was_called_has_no_wait(waiting: Ticket) -> None:
    assert today_of(waiting) == Today(issued=1, finished=0)
