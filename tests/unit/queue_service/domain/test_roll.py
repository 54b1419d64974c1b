"""Numbers that people tear from a printed roll: a counter calls the next one, or types it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from bus import commands as c
from bus.vocabulary import CurrentTo, Error, TicketClass, TicketState, WhyClosed
from queue_service.domain.apply import apply
from queue_service.domain.restoring import restored
from queue_service.domain.rules import Roll, Rules, ServiceRules
from queue_service.domain.state import State
from queue_service.domain.tickets import Ticket
from queue_service.domain.undo import undoable
from queue_service.domain.values import CounterNumber, Refusal, ServiceCode
from queue_service.records import ticket_row
from queue_service.states import Header
from queue_service.states.board import board_state
from queue_service.states.counter import counter_state
from queue_service.states.services import services_state

ONE, TWO = CounterNumber(1), CounterNumber(2)
R, S = ServiceCode("R"), ServiceCode("S")


@pytest.fixture
def rules(rules: Rules) -> Rules:
    """Counters 1 and 2 call the roll of R; 2 serves B as well, 3 does not serve R."""
    none = timedelta()
    roll = ServiceRules(R, "3", roll=Roll(1, 20))
    counters = {**rules.counters, ONE: {R: none}, TWO: {R: none, ServiceCode("B"): none}}
    return replace(rules, services={**rules.services, R: roll}, counters=counters)


def numbers(hall: SimpleNamespace, *counters: int) -> list[str]:
    """Press next at some counters, one after the other, and return who was called."""
    called = []
    for counter in counters:
        current = hall.state.counter(CounterNumber(counter)).current
        if current:
            hall.announce(counter)
        ticket = hall.next(counter, current_to=CurrentTo.FINISH if current else None)
        called.append(ticket.number)
    return called


def type_in(hall: SimpleNamespace, number: str, counter: int = 1) -> Ticket:
    current = hall.state.counter(CounterNumber(counter)).current
    if current and hall.state.tickets[current].announced is None:
        hall.announce(counter)
    command = c.CallTicket(counter=counter, current=current, number=number)
    hall.do(command, f"counter-{counter}")
    held = hall.state.counter(CounterNumber(counter)).current
    ticket: Ticket = hall.state.tickets[held]
    return ticket


def undo(hall: SimpleNamespace, counter: int) -> None:
    step = undoable(hall.state, CounterNumber(counter))
    assert step is not None
    hall.do(c.Undo(event=str(step.first)), f"counter-{counter}")


def test_counters_call_one_number_after_the_other(hall: SimpleNamespace) -> None:
    assert numbers(hall, 1, 2, 1) == ["3001", "3002", "3003"]
    first, *_ = hall.state.tickets.values()
    assert (first.state, first.ticket_class) == (TicketState.FINISHED, TicketClass.NORMAL)
    assert (first.wait_s, first.provisional) == (None, True)
    assert sum(stretch.finished for stretch in hall.state.served) == 1
    assert hall.state.serials == {}


def test_both_press_with_what_they_saw_before(hall: SimpleNamespace) -> None:
    """Two counters in the same instant: two numbers; one counter twice: `stale`."""
    hall.next(1, current=None)
    hall.next(2, current=None)
    assert [t.number for t in hall.state.tickets.values()] == ["3001", "3002"]
    with pytest.raises(Refusal) as refused:
        hall.next(1, current=None)
    assert refused.value.error is Error.STALE


def test_the_first_number_of_the_day_may_be_typed(hall: SimpleNamespace) -> None:
    assert type_in(hall, "3015").number == "3015"
    assert numbers(hall, 2) == ["3016"]


@pytest.mark.parametrize("typed", ["3015", "015", "15"])
def test_a_number_is_typed_with_or_without_its_digit(hall: SimpleNamespace, typed: str) -> None:
    assert type_in(hall, typed).number == "3015"


def test_behind_its_end_the_next_roll_begins(hall: SimpleNamespace) -> None:
    type_in(hall, "3019")
    assert numbers(hall, 1, 1, 1) == ["3020", "3001", "3002"]
    assert type_in(hall, "3018", 2).number == "3018"  # of the roll before: it comes late
    assert numbers(hall, 1) == ["3003"]
    rows = [ticket_row(t, "2026-11-23") for t in hall.state.tickets.values()]
    assert len({(row.series, row.number) for row in rows}) == len(rows)  # a key of the store


def test_the_same_number_comes_again_with_the_next_roll(hall: SimpleNamespace) -> None:
    first = type_in(hall, "3001")
    assert type_in(hall, "3010").number == "3010"
    assert type_in(hall, "3020").number == "3020"
    again = type_in(hall, "3001")
    assert again.id != first.id
    assert again.state is TicketState.CALLED
    assert numbers(hall, 2) == ["3002"]


def test_a_jump_passes_numbers_over_and_they_come_late(hall: SimpleNamespace) -> None:
    numbers(hall, 1)
    type_in(hall, "3008")
    late = type_in(hall, "3004", 2)
    assert (late.number, late.state) == ("3004", TicketState.CALLED)
    assert numbers(hall, 1) == ["3009"]


def test_a_call_that_is_taken_back_gives_its_number_back(hall: SimpleNamespace) -> None:
    numbers(hall, 1, 2)
    undo(hall, 1)
    assert hall.state.counter(ONE).current is None
    assert numbers(hall, 2) == ["3001"]
    assert numbers(hall, 2) == ["3003"]
    assert len(hall.state.tickets) == 3


def test_a_slip_of_the_keys_moves_no_roll(hall: SimpleNamespace) -> None:
    numbers(hall, 1)
    type_in(hall, "3010", 2)
    undo(hall, 2)
    assert numbers(hall, 2) == ["3002"]


def test_the_last_call_taken_back_is_called_again(hall: SimpleNamespace) -> None:
    numbers(hall, 1)
    undo(hall, 1)
    assert numbers(hall, 2) == ["3001"]


def test_a_typed_number_at_another_counter_is_in_conflict(hall: SimpleNamespace) -> None:
    numbers(hall, 1)
    with pytest.raises(Refusal) as refused:
        type_in(hall, "3001", 2)
    assert refused.value.error is Error.CONFLICT
    with pytest.raises(Refusal) as done:
        type_in(hall, "3005", 3)
    assert done.value.error is Error.NOT_ALLOWED


def test_who_is_done_is_not_called_again_and_who_was_absent_is(hall: SimpleNamespace) -> None:
    numbers(hall, 1)
    hall.announce(1)
    absent = hall.next(1, current_to=CurrentTo.ABSENT)
    assert absent.number == "3002"
    numbers(hall, 1)
    assert type_in(hall, "3001", 2).state is TicketState.CALLED
    with pytest.raises(Refusal) as refused:
        type_in(hall, "3002", 2)
    assert refused.value.error is Error.NOT_ALLOWED


@pytest.mark.parametrize("typed", ["3000", "3021", "21", "0", "30150"])
def test_what_is_not_on_the_roll_is_unknown(hall: SimpleNamespace, typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        type_in(hall, typed)
    assert refused.value.error is Error.UNKNOWN


def test_who_waits_with_a_number_of_ours_goes_first(hall: SimpleNamespace) -> None:
    waiting = hall.issue("B")
    assert numbers(hall, 2) == [waiting.number]
    assert numbers(hall, 2) == ["3001"]
    hall.issue("B")
    hall.announce(2)
    current = hall.state.counter(TWO).current
    hall.do(
        c.CallNext(counter=2, current=current, current_to=CurrentTo.FINISH, roll="R"), "counter-2"
    )
    assert hall.state.calls[-1].number == "3002"


@pytest.mark.parametrize(
    ("counter", "roll", "error"),
    [(1, "A", Error.UNKNOWN), (1, "X", Error.UNKNOWN), (3, "R", Error.NOT_ALLOWED)],
)
def test_only_a_roll_of_the_counter_is_called(
    hall: SimpleNamespace, counter: int, roll: str, error: Error
) -> None:
    with pytest.raises(Refusal) as refused:
        hall.do(c.CallNext(counter=counter, roll=roll), f"counter-{counter}")
    assert refused.value.error is error


def test_of_two_rolls_the_one_called_longest_ago_is_next(
    rules: Rules, make_hall: Callable[[Rules], SimpleNamespace]
) -> None:
    second = ServiceRules(S, "4", roll=Roll(1, 20))
    none = timedelta()
    hall = make_hall(
        replace(
            rules,
            services={**rules.services, S: second},
            counters={**rules.counters, ONE: {R: none, S: none}},
        )
    )
    assert numbers(hall, 1, 1, 1) == ["3001", "4001", "3002"]
    with pytest.raises(Refusal):
        type_in(hall, "15")  # of which roll, nobody knows
    assert type_in(hall, "4015").number == "4015"


def test_nobody_gives_numbers_of_a_roll(hall: SimpleNamespace) -> None:
    with pytest.raises(Refusal) as refused:
        hall.issue("R")
    assert refused.value.error is Error.NOT_ALLOWED
    (service,) = [
        one
        for one in services_state(hall.view(), Header("e", 1, hall.now)).services
        if one.service == R
    ]
    assert (service.open, service.why) == (False, WhyClosed.ROLL)


def test_board_and_counter_say_what_is_not_known(hall: SimpleNamespace) -> None:
    numbers(hall, 1)
    header = Header("e", 1, hall.now)
    board = board_state(hall.view(), header)
    assert board.calls[0].number == "3001"
    (line,) = [one for one in board.waiting if one.service == R]
    assert line.wait_min is None
    assert board.today.median_wait_s is None
    state = counter_state(hall.view(), ONE, header)
    assert state.current is not None
    assert state.current.from_roll
    hall.announce(1)
    assert "call_next.roll" in counter_state(hall.view(), ONE, header).legal
    assert "call_next.roll" not in counter_state(hall.view(), CounterNumber(3), header).legal


def test_a_restored_store_passes_no_number_of_a_roll_over(hall: SimpleNamespace) -> None:
    numbers(hall, 1)
    (event,) = restored(hall.state, hall.rules, {"R": 17}, {})
    hall.commit([event])
    assert numbers(hall, 2) == ["3002"]


def test_a_day_of_a_roll_replays(hall: SimpleNamespace) -> None:
    type_in(hall, "3019")
    numbers(hall, 1, 2, 1)
    undo(hall, 2)
    numbers(hall, 2)
    state = State()
    for fact in hall.facts:
        state = apply(state, fact)
    assert state == hall.state
