from collections.abc import Callable
from dataclasses import replace as changed
from datetime import datetime, timedelta
from itertools import groupby

import pytest

from bus.states import BoardCounter, BoardState, Call, Missed, Notice, Waiting
from bus.vocabulary import CounterStatus, TicketClass
from config import Centre
from hall.board.calls import Progress
from hall.board.rows import RowKind, WaitLine
from hall.board.scene import Card, Hall, LastCall, Scene, View, compose

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
    assert scene.rows[2].note == "Đang phục vụ\ncông dân ưu tiên"
    assert scene.rows[4].note == "Tạm nghỉ\ntiếp tục từ 13:30"
    assert scene.next == ("2005", "1018", "5012")
    assert scene.page == ""
    assert not scene.stale
    assert scene.painted == {84, 85, 86, 87, 88}


def test_the_same_hall_at_the_same_time_is_the_same_scene(hall: Hall, now: datetime) -> None:
    assert compose(hall, now, stale=False) == compose(hall, now, stale=False)


def test_nobody_is_invited_to_take_a_number_when_none_are_given(hall: Hall, now: datetime) -> None:
    giving = [
        "lấy số và chờ" in compose(hall, now + timedelta(hours=later), stale=False).greeting[0]
        for later in range(12)
    ]
    at_work = [True, True, True, False, False, True, True, True, True, False, False, False]
    assert giving == at_work
    assert compose(Hall(), now, stale=False).greeting == (
        "Đang kết nối, xin quý vị chờ trong giây lát.",
        "Connecting, one moment please.",
    )


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
    assert seen == {"1/2": [2, 3, 4, 5, 6], "2/2": [5, 6, 7, 8, 9]}


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
    assert scene.line
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
    waiting = (
        Waiting(service="CERT", count=3, next=("1018", "1019")),
        Waiting(service="CIVIL", count=1, next=("2005",)),
    )
    hall = Hall(centre, board(waiting=waiting, next=("1019", "2005", "1018")))
    assert compose(hall, now, stale=False).next == ("1019", "2005", "1018")
    one = compose(hall, now, stale=False, view=View(counters=frozenset({1})))
    assert one.next == ("1019", "1018")


def test_nobody_comes_next_whom_no_open_counter_serves(
    centre: Centre, board: MakeBoard, counter: MakeCounter, now: datetime
) -> None:
    def following(*open_now: int) -> tuple[tuple[str, ...], str]:
        counters = tuple(
            counter(n, status=CounterStatus.OPEN if n in open_now else CounterStatus.CLOSED)
            for n in range(1, 10)
        )
        scene = compose(Hall(centre, board(counters=counters)), now, stale=False)
        return scene.next, scene.following.value

    assert following(2, 6) == (("2005", "1018", "5012"), "next")
    assert following(6) == (("5012",), "next")
    assert following() == ((), "not_open")
    empty = Hall(centre, board(waiting=(), next=()))
    assert compose(empty, now, stale=False).following == "nobody"


def test_who_waits_for_what_is_told_in_the_order_of_the_services(
    centre: Centre, board: MakeBoard, counter: MakeCounter, now: datetime
) -> None:
    waiting = (
        Waiting(service="LAND", count=4, wait_min=(15, 20)),
        Waiting(service="CERT", count=3, wait_min=(5, 10)),
        Waiting(service="CIVIL", count=0, wait_min=(0, 5)),
    )
    hall = Hall(centre, board(waiting=waiting, counters=(counter(1), counter(2))))
    assert [(line.service, line.count, line.wait) for line in _waits(hall, now)] == [
        ("Chứng thực", 3, "khoảng 5–10 phút"),
        ("Đất đai", 4, "Quầy chưa mở"),
    ]
    assert [line.count for line in _waits(hall, now, frozenset({6}))] == [4]


def test_a_service_without_numbers_is_told_although_nobody_waits(
    centre: Centre, board: MakeBoard, counter: MakeCounter, now: datetime
) -> None:
    waiting = (
        Waiting(service="CERT", count=3, wait_min=(5, 10), full=True),
        Waiting(service="CIVIL", count=0, wait_min=(0, 5), full=True),
        Waiting(service="LAND", count=2, full=True),
    )
    hall = Hall(centre, board(waiting=waiting, counters=(counter(1), counter(2))))
    assert [(line.count, line.wait) for line in _waits(hall, now)] == [
        (3, "khoảng 5–10 phút · hết số"),
        (0, "hết số hôm nay"),
        (2, "Quầy chưa mở · hết số"),
    ]


def test_more_services_than_fit_take_turns(hall: Hall, board: MakeBoard, now: datetime) -> None:
    assert hall.centre
    codes = [service.code for service in hall.centre.services][:7]
    state = board(waiting=tuple(Waiting(service=code, count=1) for code in codes))
    told = Hall(hall.centre, state)
    scenes = [compose(told, now + timedelta(seconds=8 * turn), stale=False) for turn in range(2)]
    assert {scene.waits_page for scene in scenes} == {"1/2", "2/2"}
    assert len({line.service for scene in scenes for line in scene.waits}) == 7


def _waits(
    hall: Hall, now: datetime, counters: frozenset[int] = frozenset()
) -> tuple[WaitLine, ...]:
    return compose(hall, now, stale=False, view=View(counters)).waits


def test_missed_numbers_take_turns_and_take_a_row(
    centre: Centre, board: MakeBoard, now: datetime
) -> None:
    numbers = tuple(f"10{n:02}" for n in range(20))
    hall = Hall(centre, board(missed=Missed(numbers=numbers, total=25)))
    seen: dict[str, tuple[str, ...]] = {}
    for seconds in range(0, 8 * 6, 8):
        at = now + timedelta(seconds=seconds)
        scene = compose(hall, at, stale=False, view=View(missed=4))
        seen[scene.missed_page] = scene.missed
        assert len(scene.rows) == 4
        assert scene.page
    assert len(seen) == 6
    assert [number for page in sorted(seen) for number in seen[page]] == [*numbers, "+5"]
    few = Hall(centre, board(missed=Missed(numbers=("1002", "6001"), total=2)))
    scene = compose(few, now, stale=False)
    assert (scene.missed, scene.missed_page) == (("1002", "6001"), "")
    assert len(compose(few, now, stale=False, view=View(rows=20, grid=True)).rows) == 7


def test_the_board_speaks_english_where_that_is_asked_for(hall: Hall, now: datetime) -> None:
    scene = compose(hall, now, stale=False, view=View(lang="en"))
    assert scene.cards[0].heading == "Now serving"
    assert scene.rows[4].note == "On a break\nback from 13:30"
    assert "priority" in " ".join(_sentences(hall, now, lang="en"))


def _sentences(hall: Hall, now: datetime, **view: object) -> list[str]:
    """Return what stands in the bottom line over two minutes, as often as it changes."""
    turns = [
        compose(hall, now + timedelta(seconds=8 * turn), stale=False, view=View(**view)).line  # type: ignore[arg-type]
        for turn in range(15)
    ]
    return [text for text, _ in groupby(turns)]


RULE, HOTLINE = (
    "Người thuộc diện ưu tiên được xếp như đến trước 30 phút",
    "Đường dây nóng 02203.822.666",
)


def test_the_sentences_take_turns_one_at_a_time(hall: Hall, now: datetime) -> None:
    assert set(_sentences(hall, now)) == {RULE, HOTLINE}
    own = changed(hall, notices=(Notice(text="Bảng thử", until=now + timedelta(hours=1)),))
    assert set(_sentences(own, now)) == {RULE, HOTLINE, "Bảng thử"}


def test_a_sentence_too_long_to_stand_has_the_time_to_run(hall: Hall, now: datetime) -> None:
    def standing(letters: int) -> list[str]:
        view = View(letters=letters)
        turns = (now + timedelta(seconds=8 * turn) for turn in range(12))
        return [compose(hall, at, stale=False, view=view).line for at in turns]

    assert standing(60).count(RULE) == 6
    assert standing(28).count(RULE) == 8, "two turns of three"


@pytest.fixture
def grid() -> Callable[..., Scene]:
    """Compose a grid of a hall; keywords replace parts of its view."""

    def make(hall: Hall, now: datetime, progress: Progress | None = None, **parts: object) -> Scene:
        view = changed(View(rows=24, grid=True), **parts)  # type: ignore[arg-type]
        return compose(hall, now, stale=False, progress=progress or Progress(), view=view)

    return make


MakeGrid = Callable[..., Scene]


def test_the_grid_tells_of_every_counter_in_its_order(
    centre: Centre, board: MakeBoard, counter: MakeCounter, now: datetime, grid: MakeGrid
) -> None:
    counters = (*board().counters, counter(9), counter(8, "7001"))
    scene = grid(Hall(centre, board(counters=counters)), now)
    assert [(row.counter, row.number, row.kind) for row in scene.rows] == [
        (1, "8003", RowKind.SERVING),
        (2, "2004", RowKind.SERVING),
        (3, "1017", RowKind.SERVING),
        (4, "", RowKind.CLOSED),
        (5, "", RowKind.PAUSED),
        (6, "5011", RowKind.SERVING),
        (7, "6002", RowKind.PRIORITY),
        (8, "7001", RowKind.SERVING),
        (9, "", RowKind.IDLE),
    ]
    assert [row.note for row in scene.rows[3:5]] == ["Đang đóng", "Tạm nghỉ\ntiếp tục từ 13:30"]
    assert scene.cards == ()
    assert scene.painted == {84, 85, 86, 87, 88}


def test_a_new_call_is_made_at_its_counter(hall: Hall, now: datetime, grid: MakeGrid) -> None:
    called = now - timedelta(seconds=25)
    new, old = (grid(hall, called + timedelta(seconds=age)) for age in (19, 20))
    assert new.rows[2].note == "Mời số"
    assert (new.rows[2].flashing, old.rows[2].flashing) == (True, False)
    assert (new.called, old.called) == (frozenset({88}), frozenset())


def test_calls_of_one_counter_stand_in_the_grid_one_after_the_other(
    centre: Centre,
    board: MakeBoard,
    call: MakeCall,
    counter: MakeCounter,
    now: datetime,
    grid: MakeGrid,
) -> None:
    calls = (call(90, "1018", 3, 1), call(89, "2005", 2, 1), call(88, "1017", 3, 2))
    counters = (counter(2, "2005"), counter(3, "1018"))
    hall = Hall(centre, board(calls=calls, counters=counters))
    first = grid(hall, now, Progress(due=tuple(reversed(calls))))
    assert [row.number for row in first.rows] == ["2005", "1017"]
    assert first.called == first.painted == {88, 89}
    then = grid(hall, now, Progress(due=(calls[0],)))
    assert [row.number for row in then.rows] == ["2005", "1018"]


def test_a_call_of_a_counter_that_has_just_gone_is_made_all_the_same(
    centre: Centre, board: MakeBoard, call: MakeCall, now: datetime, grid: MakeGrid
) -> None:
    calls = (call(88, "1017", 3, 2),)
    scene = grid(Hall(centre, board(calls=calls, counters=())), now, Progress(due=calls))
    assert [(row.counter, row.number, row.called) for row in scene.rows] == [(3, "1017", True)]


def test_a_withdrawn_call_is_marked_at_its_counter(
    centre: Centre,
    board: MakeBoard,
    call: MakeCall,
    counter: MakeCounter,
    now: datetime,
    grid: MakeGrid,
) -> None:
    calls = (call(88, "1017", 3, 6, withdrawn=True), call(87, "1016", 3, 60))
    hall = Hall(centre, board(calls=calls, counters=(counter(3, "1016"),)))
    marked = grid(hall, now, Progress(marked=frozenset({88}))).rows[0]
    assert (marked.number, marked.note, marked.withdrawn) == ("1017", "Đã hủy lượt gọi", True)
    after = grid(hall, now)
    assert (after.rows[0].number, after.rows[0].called) == ("1016", False)
    assert after.painted == {87}


def test_a_grid_of_more_counters_than_fit_shows_who_calls_first(
    crowded: Hall, now: datetime, grid: MakeGrid
) -> None:
    newest = crowded.board.calls[-1] if crowded.board else None
    assert newest
    scene = grid(crowded, now - timedelta(seconds=25), Progress(due=(newest,)), rows=4)
    assert [row.counter for row in scene.rows] == [1, 9, 2, 3]
    assert scene.page == "1/3"


def test_a_grid_where_all_have_closed_is_quiet(
    centre: Centre, board: MakeBoard, counter: MakeCounter, now: datetime, grid: MakeGrid
) -> None:
    closed = tuple(counter(n, status=CounterStatus.CLOSED) for n in range(1, 10))
    assert grid(Hall(centre, board(calls=(), counters=closed)), now).rows == ()
