from collections.abc import Callable
from dataclasses import replace as changed
from datetime import datetime, timedelta

import pytest

from bus.messages import BoardCounter, BoardState, Call, CounterStatus, Notice, TicketClass, Waiting
from config import Centre
from ui.board.panel import Progress
from ui.board.scene import Card, Hall, LastCall, RowKind, View, compose

MakeCall = Callable[..., Call]
MakeCounter = Callable[..., BoardCounter]
MakeBoard = Callable[..., BoardState]


def test_the_design_s_picture(hall: Hall, now: datetime) -> None:
    scene = compose(hall, now, stale=False)
    assert (scene.title, scene.place) == ("Trung tâm Phục vụ hành chính công", "Phường Nhị Chiểu")
    assert scene.cards == (Card(88, "1017", 3, "Chứng thực", "Mời số"),)
    assert [(row.number, row.counter, row.kind) for row in scene.rows] == [
        ("8003", 1, RowKind.SERVING),
        ("2004", 2, RowKind.SERVING),
        ("6002", 7, RowKind.PRIORITY),
        ("5011", 6, RowKind.SERVING),
        ("", 5, RowKind.PAUSED),
    ]
    assert scene.rows[2].note.replace("\N{NO-BREAK SPACE}", " ") == "Đang phục vụ công dân ưu tiên"
    assert scene.rows[4].note == "Tạm nghỉ\ntiếp tục từ 13:30"
    assert scene.next == ("2005", "1018", "5012")
    assert scene.page == ""
    assert not scene.stale
    assert scene.painted == {84, 85, 86, 87, 88}


def test_the_same_hall_at_the_same_time_is_the_same_scene(hall: Hall, now: datetime) -> None:
    assert compose(hall, now, stale=False) == compose(hall, now, stale=False)


def test_a_call_flashes_for_twenty_seconds(hall: Hall, now: datetime) -> None:
    called = now - timedelta(seconds=25)
    flashing = [
        compose(hall, called + timedelta(seconds=age), stale=False).cards[0].flashing
        for age in (-3, 0, 19.9, 20)
    ]
    assert flashing == [True, True, True, False]


def test_a_withdrawn_call_is_marked_and_counts_as_seen_by_nobody(
    centre: Centre, board: MakeBoard, call: MakeCall, now: datetime
) -> None:
    state = board(calls=(call(88, ago_s=5, withdrawn=True),), counters=())
    scene = compose(Hall(centre, state), now, stale=False, progress=Progress((), frozenset({88})))
    card = scene.cards[0]
    assert (card.heading, card.withdrawn, card.flashing) == ("Đã hủy lượt gọi", True, False)
    assert scene.painted == frozenset()
    assert scene.called == frozenset()


def test_a_paused_counter_may_still_have_its_person(
    centre: Centre, board: MakeBoard, counter: MakeCounter, now: datetime
) -> None:
    resting = counter(5, "4001", status=CounterStatus.PAUSED)
    row = compose(Hall(centre, board(counters=(resting,))), now, stale=False).rows[0]
    assert (row.number, row.note, row.kind) == ("4001", "Tạm nghỉ", RowKind.PAUSED)


def test_counters_that_are_closed_or_wait_are_left_out(
    centre: Centre, board: MakeBoard, counter: MakeCounter, now: datetime
) -> None:
    counters = (counter(1), counter(2, "2004", status=CounterStatus.CLOSED))
    assert compose(Hall(centre, board(calls=(), counters=counters)), now, stale=False).rows == ()


@pytest.fixture
def crowded(centre: Centre, board: MakeBoard, call: MakeCall, counter: MakeCounter) -> Hall:
    """Return a hall with nine counters at work and its last call half a minute ago."""
    calls = tuple(call(90 - n, f"100{n}", n, 30 * n) for n in range(1, 10))
    return Hall(
        centre, board(calls=calls, counters=tuple(counter(n, f"100{n}") for n in range(9, 0, -1)))
    )


def test_what_does_not_fit_takes_turns_and_none_is_left_out(crowded: Hall, now: datetime) -> None:
    seen = {}
    for seconds in range(0, 24, 8):
        scene = compose(crowded, now + timedelta(seconds=seconds), stale=False, view=View(rows=5))
        seen[scene.page] = [row.counter for row in scene.rows]
        assert scene.painted == {90 - n for n in (1, *seen[scene.page])}
    assert seen == {"1/2": [2, 3, 4, 5, 6], "2/2": [7, 8, 9]}


def test_a_new_call_shows_the_most_recent_rows_again(crowded: Hall, now: datetime) -> None:
    calls = crowded.board.calls if crowded.board else ()
    for elapsed in (0, 7.9):
        at = calls[0].at + timedelta(seconds=elapsed)
        assert compose(crowded, at, stale=False).page == "1/2"
    assert compose(crowded, calls[0].at + timedelta(seconds=8), stale=False).page == "2/2"
    assert compose(crowded, now, stale=False, view=View(rows=8)).page == ""


def test_a_board_of_some_counters_shows_nothing_of_the_others(hall: Hall, now: datetime) -> None:
    scene = compose(hall, now, stale=False, view=View(counters=frozenset({2, 6})))
    assert [card.counter for card in scene.cards] == [2]
    assert [row.counter for row in scene.rows] == [6]
    assert scene.next == ("2005", "1018", "5012")
    land = compose(hall, now, stale=False, view=View(counters=frozenset({6})))
    assert land.next == ("5012",)


def test_the_quiet_panel_mentions_the_last_call(
    centre: Centre, board: MakeBoard, call: MakeCall, now: datetime
) -> None:
    calls = (call(5, "1005", 1, 300, withdrawn=True), call(4, "1004", 2, 400))
    scene = compose(Hall(centre, board(calls=calls, counters=())), now, stale=False)
    assert scene.cards == ()
    assert scene.last == LastCall("1004", 2)
    none = compose(Hall(centre, board(calls=(), counters=())), now, stale=False)
    assert none.last is None


def test_before_anything_was_heard_the_board_only_knows_its_link(now: datetime) -> None:
    scene = compose(Hall(), now, stale=True, label="board-1")
    assert (scene.title, scene.stale, scene.label) == ("", True, "board-1")


def test_with_only_the_configuration_the_centre_is_named(centre: Centre, now: datetime) -> None:
    scene = compose(Hall(centre), now, stale=False)
    assert scene.title
    assert scene.lines
    assert (scene.cards, scene.rows, scene.next) == ((), (), ())


def test_a_repeated_call_counts_for_the_earlier_ones_of_its_number(
    centre: Centre, board: MakeBoard, call: MakeCall, now: datetime
) -> None:
    calls = (call(90, repeat=1, ago_s=1), call(89, "1017", 4, 2), call(88, ago_s=6))
    scene = compose(Hall(centre, board(calls=calls, counters=())), now, stale=False)
    assert scene.painted == {90, 88}
    assert scene.cards[0].heading == "Xin nhắc lại, mời số"


def test_a_service_that_left_the_configuration_is_shown_without_name(
    centre: Centre, board: MakeBoard, call: MakeCall, now: datetime
) -> None:
    calls = (call(1, service="GONE", ticket_class=TicketClass.PRIORITY),)
    scene = compose(Hall(centre, board(calls=calls, counters=())), now, stale=False)
    assert scene.cards[0].service == ""


def test_next_numbers_follow_the_order_of_the_rule(
    centre: Centre, board: MakeBoard, now: datetime
) -> None:
    waiting = (Waiting(service="CERT", count=3, next=("1018", "1019")),)
    hall = Hall(centre, board(waiting=waiting, next=("1019", "2005", "1018")))
    assert compose(hall, now, stale=False).next == ("1019", "2005", "1018")
    one = compose(hall, now, stale=False, view=View(counters=frozenset({1})))
    assert one.next == ("1019", "1018")


def test_notices_for_this_board_alone_are_shown(hall: Hall, now: datetime) -> None:
    own = changed(hall, notices=(Notice(text="Bảng thử", until=now + timedelta(hours=1)),))
    assert "Bảng thử" in compose(own, now, stale=False).lines
