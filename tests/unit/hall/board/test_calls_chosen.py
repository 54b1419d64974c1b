from collections.abc import Callable
from datetime import datetime

import pytest
from msgspec.structs import replace

from bus.states import BoardCounter, BoardState, Call
from config.settings import Rules
from hall.board.calls import LINGER_S, Progress, choose

MakeCall = Callable[..., Call]
MakeCounter = Callable[..., BoardCounter]
MakeBoard = Callable[..., BoardState]
Choose = Callable[..., list[int]]

RULES = Rules()


@pytest.fixture
def chosen(board: MakeBoard, counter: MakeCounter, now: datetime) -> Choose:
    """Return the sequences in the panel of these calls, which all are served unless told."""

    def make(
        *calls: Call,
        due: tuple[Call, ...] = (),
        marked: tuple[int, ...] = (),
        served: bool = True,
        rules: Rules = RULES,
    ) -> list[int]:
        counters = tuple(counter(c.counter, c.number) for c in reversed(calls)) if served else ()
        state = board(calls=calls, counters=counters)
        progress = Progress(due, frozenset(marked))
        return [call.call_seq for call in choose(state, calls, progress, now, rules)]

    return make


def test_the_newest_call_stands_alone(chosen: Choose, call: MakeCall) -> None:
    assert chosen(call(2, "1002", 2, 10), call(1, "1001", 1, 16)) == [2]


def test_calls_within_five_seconds_share_the_panel(chosen: Choose, call: MakeCall) -> None:
    both = call(2, "1002", 2, 10), call(1, "1001", 1, 15)
    assert chosen(*both) == [2, 1]
    assert chosen(*both, rules=replace(RULES, pair_within_s=4)) == [2]


def test_of_many_calls_the_newest_three_are_shown(chosen: Choose, call: MakeCall) -> None:
    assert chosen(*(call(seq, f"100{seq}", seq, 9 - seq) for seq in (5, 4, 3, 2, 1))) == [5, 4, 3]


def test_calls_that_are_due_come_first_the_oldest_of_them_before_all(
    chosen: Choose, call: MakeCall
) -> None:
    calls = [call(seq, f"100{seq}", seq, 9 - seq) for seq in (5, 4, 3, 2, 1)]
    assert chosen(*calls, due=tuple(reversed(calls))) == [3, 2, 1]
    assert chosen(*calls, due=(calls[3],)) == [5, 4, 2]


def test_a_due_call_is_shown_even_when_the_state_has_forgotten_it(
    chosen: Choose, call: MakeCall
) -> None:
    assert chosen(call(9, "1009", 9), due=(call(1, "1001", 1, 90),)) == [9, 1]


def test_a_repeated_call_replaces_the_earlier_one(chosen: Choose, call: MakeCall) -> None:
    again, first = call(2, repeat=1, ago_s=1), call(1, ago_s=4)
    assert chosen(again, first) == [2]
    assert chosen(again, first, due=(first, again)) == [2]


def test_a_counter_s_earlier_call_makes_way(chosen: Choose, call: MakeCall) -> None:
    assert chosen(call(2, "1018", 3, 1), call(1, "1017", 3, 4)) == [2]


def test_a_number_called_to_another_counter_leaves_the_first(
    chosen: Choose, call: MakeCall
) -> None:
    assert chosen(call(2, "1017", 4, 1), call(1, "1017", 3, 4)) == [2]


def test_a_served_call_stays_and_a_finished_one_goes_after_a_minute(
    chosen: Choose, call: MakeCall
) -> None:
    old = call(1, ago_s=LINGER_S + 1)
    assert chosen(old) == [1]
    assert chosen(old, served=False) == []
    assert chosen(call(1, ago_s=LINGER_S - 1), served=False) == [1]


def test_a_withdrawn_call_stays_only_while_it_is_marked(chosen: Choose, call: MakeCall) -> None:
    withdrawn = call(2, "1018", 3, 4, withdrawn=True)
    before = call(1, "1017", 3, 200)
    assert chosen(withdrawn, before, marked=(2,)) == [2]
    assert chosen(withdrawn, before) == [1]


def test_a_number_called_anew_is_not_shown_as_withdrawn_as_well(
    chosen: Choose, call: MakeCall
) -> None:
    withdrawn = call(2, "1018", 3, 4, withdrawn=True)
    assert chosen(call(3, "1018", 4, 1), withdrawn, marked=(2,)) == [3]


def test_without_calls_the_panel_is_quiet(chosen: Choose) -> None:
    assert chosen() == []
