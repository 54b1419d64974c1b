"""What the boards show: who is next, who was missed, and the day's figures."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from bus import commands as c
from bus.codec import MAX_STATE_BYTES, encode
from bus.states import BoardState, Today
from bus.vocabulary import CurrentTo, TicketState
from config import load_centre
from queue_service.domain.state import State
from queue_service.domain.tickets import Ticket
from queue_service.domain.values import Mark, TicketId
from queue_service.rules_from import rules_from
from queue_service.states import Header, View, board_state

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)


@pytest.fixture
def waiting(make_ticket: Callable[..., Ticket]) -> Ticket:
    return make_ticket("1001", NOW)


def today_of(*tickets: Ticket) -> Today:
    state = State(tickets={TicketId(str(index)): ticket for index, ticket in enumerate(tickets)})
    view = View(state=state, rules=rules_from(load_centre()), mark=Mark(NOW, 0.0, ""))
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


def told(hall: SimpleNamespace) -> BoardState:
    return board_state(hall.view(), Header(epoch="e", rev=1, at=NOW))


def test_only_whom_an_open_counter_could_call_is_next(hall: SimpleNamespace) -> None:
    hall.do(c.OpenCounter(counter=3), "counter-3")
    hall.do(c.OpenCounter(counter=2), "counter-2")
    sent, of_a, of_b = hall.issue("A"), hall.issue("A"), hall.issue("B")
    hall.do(c.Transfer(counter=2, ticket=sent.id, to_counter=2), "counter-2")
    assert told(hall).next == (sent.number, of_a.number, of_b.number)
    hall.do(c.PauseCounter(counter=2, reason="họp"), "counter-2")
    assert told(hall).next == (of_a.number, of_b.number)
    hall.do(c.CloseCounter(counter=3), "counter-3")
    board = told(hall)
    assert board.next == ()
    waiting = {line.service: (line.count, line.wait_min, line.next) for line in board.waiting}
    assert waiting == {"A": (2, None, ()), "B": (1, None, ())}


def test_each_line_says_how_long_it_takes(hall: SimpleNamespace) -> None:
    hall.do(c.OpenCounter(counter=1))
    hall.issue("A")
    board = told(hall)
    assert [(line.service, line.wait_min) for line in board.waiting] == [
        ("A", (10, 15)),
        ("B", None),
    ]


def test_who_did_not_come_is_listed_until_the_number_is_called_again(
    hall: SimpleNamespace,
) -> None:
    tickets = [hall.issue("A") for _ in range(26)]
    for _ in tickets:
        hall.next(1, current_to=CurrentTo.ABSENT)
        hall.announce()
    missed = told(hall).missed
    assert missed.total == 25
    assert missed.numbers == tuple(ticket.number for ticket in reversed(tickets[5:25]))
    hall.advance(60)
    current = hall.state.counter(1).current
    hall.do(c.CallTicket(counter=1, current=current, ticket=tickets[24].id))
    hall.do(c.VoidTicket(ticket=tickets[23].id))
    assert told(hall).missed.numbers[0] == tickets[22].number
    assert told(hall).missed.total == 23


def test_a_board_can_be_sent_whatever_people_write(hall: SimpleNamespace) -> None:
    until = hall.now + timedelta(minutes=5)
    for index in range(60):
        hall.do(c.PostNotice(text=f"{index:02}" + "🙂" * 498, until=until), "web", by_web=True)
        hall.do(c.ReportOutage(system=f"{index:02}" + "🙂" * 198))
    for counter in (1, 2, 3):
        device = f"counter-{counter}"
        hall.do(c.OpenCounter(counter=counter), device)
        hall.do(c.PauseCounter(counter=counter, reason="🙂" * 200), device)
    board = told(hall)
    assert len(encode(board)) < MAX_STATE_BYTES // 2
    assert (board.notices_total, board.outages_total) == (60, 60)
    assert board.notices[-1].text.startswith("59")
