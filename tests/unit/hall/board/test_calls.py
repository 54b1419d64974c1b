from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from bus.orders import Acknowledgement
from bus.states import BoardState, Call
from hall.board.calls import HOLD_S, MARK_S, Receipts

MakeCall = Callable[..., Call]
MakeBoard = Callable[..., BoardState]

MAX_AGE_S = 60.0


def told(acknowledgements: Iterable[Acknowledgement]) -> list[tuple[int, str]]:
    return [(ack.call_seq, ack.outcome.value) for ack in acknowledgements]


@pytest.fixture
def receipts() -> Receipts:
    return Receipts()


@pytest.fixture
def receive(receipts: Receipts, board: MakeBoard) -> Callable[..., list[Acknowledgement]]:
    def take(*calls: Call, at_s: float = 0, epoch: str = "01JEPOCH") -> list[Acknowledgement]:
        return receipts.receive(board(epoch=epoch, calls=calls), calls, at_s, MAX_AGE_S)

    return take


Receive = Callable[..., list[Acknowledgement]]


def test_a_call_is_accepted_once_and_shown_once(
    receipts: Receipts, receive: Receive, call: MakeCall
) -> None:
    assert told(receive(call(1))) == [(1, "accepted")]
    assert receive(call(1)) == []
    assert receipts.awaits_frame({1}, {1})
    assert told(receipts.paint({1}, {1}, 0)) == [(1, "shown")]
    assert not receipts.awaits_frame({1}, {1})
    assert receipts.paint({1}, {1}, 1) == []
    assert receive(call(1)) == []


def test_calls_are_accepted_in_order_with_the_time_they_will_wait(
    receive: Receive, call: MakeCall
) -> None:
    said = receive(*(call(seq, f"100{seq}", seq) for seq in range(9, 0, -1)))
    assert [(ack.call_seq, ack.eta_s) for ack in said] == [
        (seq, (seq - 1) // 3 * HOLD_S) for seq in range(1, 10)
    ]


def test_in_a_grid_calls_wait_for_their_own_counter_alone(board: MakeBoard, call: MakeCall) -> None:
    calls = [call(4, "1018", 3), call(3, "1017", 3), call(2, "2005", 2), call(1, "1016", 3)]
    said = Receipts(by_counter=True).receive(board(calls=tuple(calls)), calls, 0, MAX_AGE_S)
    assert [(ack.call_seq, ack.eta_s) for ack in said] == [
        (1, 0),
        (2, 0),
        (3, HOLD_S),
        (4, 2 * HOLD_S),
    ]


def test_a_call_is_due_until_it_has_stood_in_the_panel(
    receipts: Receipts, receive: Receive, call: MakeCall
) -> None:
    receive(call(1), call(2, "1018", 4))
    receipts.paint({1, 2}, {1}, 10)
    assert [c.call_seq for c in receipts.progress(10 + HOLD_S - 0.1).due] == [1, 2]
    assert [c.call_seq for c in receipts.progress(10 + HOLD_S).due] == [2]


def test_a_due_call_outlives_the_state_that_brought_it(
    receipts: Receipts, receive: Receive, call: MakeCall
) -> None:
    receive(call(1))
    receive(call(9, "1025", 4))
    assert [c.call_seq for c in receipts.progress(0).due] == [1, 9]
    receipts.paint({1, 9}, {1, 9}, 0)
    receive(call(9, "1025", 4), at_s=HOLD_S)
    assert receive(call(9, "1025", 4), call(1), at_s=HOLD_S + 1) == []


def test_old_calls_are_shown_if_they_are_seen_and_else_skipped(
    receipts: Receipts, receive: Receive, call: MakeCall
) -> None:
    assert receive(call(2, "1002", 2, 61), call(1, "1001", 1, 90)) == []
    assert receipts.progress(0).due == ()
    assert receipts.awaits_frame({2}, {2})
    assert sorted(told(receipts.paint({2}, {2}, 0))) == [(1, "skipped"), (2, "shown")]
    assert receipts.paint({1, 2}, {2}, 0) == []


def test_a_withdrawn_call_is_skipped_before_and_marked_after_it_was_seen(
    receipts: Receipts, receive: Receive, call: MakeCall
) -> None:
    seen, unseen = call(1), call(2, "1018", 4)
    receive(seen, unseen)
    receipts.paint({1}, {1}, 0)
    gone = [replace(c, withdrawn=True) for c in (seen, unseen)]
    said = receive(*gone, call(3, "1019", 5, withdrawn=True), at_s=5)
    assert told(said) == [(2, "skipped"), (3, "skipped")]
    assert {ack.reason for ack in said} == {"withdrawn"}
    assert receipts.progress(5).due == ()
    assert receipts.progress(5 + MARK_S - 0.1).marked == {1}
    assert receipts.progress(5 + MARK_S).marked == frozenset()


def test_a_repeated_call_stands_in_the_panel_for_the_earlier_one(
    receipts: Receipts, receive: Receive, call: MakeCall
) -> None:
    receive(call(1), call(2, repeat=1))
    assert told(receipts.paint({1, 2}, {2}, 0)) == [(1, "shown"), (2, "shown")]
    assert receipts.progress(HOLD_S).due == ()


def test_a_restored_store_starts_over(receipts: Receipts, receive: Receive, call: MakeCall) -> None:
    receive(call(7))
    receipts.paint({7}, {7}, 0)
    said = receive(call(1), epoch="01JOTHER")
    assert told(said) == [(1, "accepted")]
    assert said[0].epoch == "01JOTHER"


def test_calls_missed_while_the_screen_was_off_are_given_up(
    receipts: Receipts, receive: Receive, call: MakeCall, now: datetime
) -> None:
    receive(call(1, ago_s=30), call(2, "1018", 4, 1))
    assert receipts.drop_missed(now, MAX_AGE_S) == []
    said = receipts.drop_missed(now + timedelta(seconds=40), MAX_AGE_S)
    assert [(ack.call_seq, ack.reason) for ack in said] == [(1, "screen_off")]
    assert [c.call_seq for c in receipts.progress(0).due] == [2]


def test_thousands_of_calls_leave_nothing_behind(
    receipts: Receipts, receive: Receive, call: MakeCall
) -> None:
    said = []
    for seq in range(20_000):
        calls = [call(s, f"{s:04}", s % 9 + 1) for s in range(seq, max(-1, seq - 8), -1)]
        said += receive(*calls, at_s=seq)
        said += receipts.paint({seq}, {seq}, seq)
    assert len(said) == 40_000
    assert len(receipts._seen) < 20
