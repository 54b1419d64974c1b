"""What pages show, and what is said for all of them, each thing once."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from bus.states import BoardState, Call, DeviceStatus
from config import Centre
from hall.board.scene import Hall, Scene, compose
from web.board.pages import BEAT_S, SEEN_S, SHOWN, scene_json

Bench = Any
MakeCall = Callable[..., Call]
MakeBench = Callable[..., Any]


def test_a_call_is_accepted_when_it_comes_and_shown_when_it_is_painted(
    bench: Bench, call: MakeCall
) -> None:
    screen = bench.open()
    bench.tell(call(1))
    assert bench.said() == [(1, "accepted", None)]
    assert json.loads(screen.json)["cards"][0]["number"] == "1017"
    bench.paint(screen)
    assert bench.said() == [(1, "shown", None)]
    bench.paint(screen)
    bench.tell(call(1))
    bench.paint(screen)
    assert bench.said() == []


def test_only_the_frame_with_the_call_says_that_it_is_shown(bench: Bench, call: MakeCall) -> None:
    screen = bench.open()
    before = screen.serial
    bench.tell(call(1))
    for serial in (before, screen.serial + 1, 0):
        assert bench.pages.take_frame(screen.token, serial, visible=True)
    assert bench.said() == [(1, "accepted", None)]


def test_many_pages_speak_with_one_voice(bench: Bench, call: MakeCall) -> None:
    pages = [bench.open(f"tv-{number}") for number in range(1, 4)]
    bench.tell(call(1))
    for page in pages:
        bench.paint(page)
    late = bench.open("tv-4")
    bench.paint(late)
    assert bench.said() == [(1, "accepted", None), (1, "shown", None)]


def test_a_page_that_nobody_sees_says_nothing(bench: Bench, call: MakeCall) -> None:
    screen = bench.open(seen=False)
    bench.tell(call(1))
    assert bench.said() == []
    bench.paint(screen, visible=False)
    assert bench.said() == []
    bench.paint(screen)
    assert bench.said() == [(1, "accepted", None), (1, "shown", None)]


def test_a_page_that_was_hidden_for_long_skips_what_it_missed(bench: Bench, call: MakeCall) -> None:
    screen = bench.open()
    bench.tell(call(1))
    bench.paint(screen, visible=False)
    bench.move(61)
    assert bench.said() == [(1, "accepted", None)]
    bench.paint(screen)
    assert bench.said() == [(1, "skipped", "screen_off")]


def test_a_call_is_skipped_only_when_no_other_page_is_still_to_show_it(
    bench: Bench, call: MakeCall
) -> None:
    first, second = bench.open("tv-1"), bench.open("tv-2")
    bench.tell(call(1))
    bench.paint(first, visible=False)
    for _ in range(61):
        bench.move(1)
        assert bench.pages.take_frame(second.token, 0, visible=True)
    bench.paint(first)
    bench.paint(second)
    assert bench.said() == [(1, "accepted", None), (1, "shown", None)]


def test_a_withdrawn_call_is_skipped_once_for_all(bench: Bench, call: MakeCall) -> None:
    bench.open("tv-1")
    bench.open("tv-2")
    bench.tell(call(1))
    bench.tell(call(1, withdrawn=True))
    assert bench.said() == [(1, "accepted", None), (1, "skipped", "withdrawn")]


def test_a_page_shows_and_answers_for_its_own_counters(bench: Bench, call: MakeCall) -> None:
    bench.open(counters=frozenset({1, 2}))
    bench.tell(call(2, "2001", 1), call(1, "1017", 3))
    assert bench.said() == [(2, "accepted", None)]


def test_in_a_grid_every_counter_is_a_place_of_its_own(bench: Bench, call: MakeCall) -> None:
    screen = bench.open(rows=20, grid=True)
    bench.tell(call(2, "2001", 1), call(1, "1017", 3))
    bench.paint(screen)
    rows = json.loads(screen.json)["rows"]
    assert [(row["counter"], row["number"], row["called"]) for row in rows] == [
        (1, "2001", True),
        (3, "1017", True),
    ]
    assert [(seq, what) for seq, what, _ in bench.said()] == [
        (1, "accepted"),
        (2, "accepted"),
        (1, "shown"),
        (2, "shown"),
    ]


def test_a_new_epoch_begins_anew(bench: Bench, call: MakeCall) -> None:
    screen = bench.open()
    for epoch in ("E", "F"):
        bench.tell(call(1), epoch=epoch)
        bench.paint(screen)
    assert [seq for seq, outcome, _ in bench.said() if outcome == "shown"] == [1, 1]


@pytest.mark.parametrize("counted", [frozenset({"tv-1"}), frozenset()])
def test_only_named_pages_count_as_boards(
    make_bench: MakeBench, call: MakeCall, counted: frozenset[str]
) -> None:
    bench = make_bench(counted=counted)
    passer_by = bench.open("phone")
    bench.tell(call(1))
    bench.paint(passer_by)
    assert passer_by.serial
    assert (bench.said(), bench.boards()) == ([], [])
    bench.paint(bench.open("tv-1"))
    if counted:
        assert bench.said() == [(1, "accepted", None), (1, "shown", None)]
        assert bench.boards() == ["tv-1"]
    else:
        assert bench.said() == []


def test_health_names_the_pages_that_are_seen(bench: Bench) -> None:
    hidden, seen, same = bench.open("tv-3"), bench.open("tv-1"), bench.open("tv-1")
    assert bench.boards() == ["tv-1", "tv-1", "tv-3"]
    bench.paint(hidden, visible=False)
    assert bench.boards() == ["tv-1", "tv-1"]
    bench.pages.leave(same)
    assert bench.boards() == ["tv-1"]
    bench.move(SEEN_S)
    assert bench.boards() is None
    bench.move(0.1)
    assert bench.boards() == []
    bench.paint(seen)
    assert bench.boards() == ["tv-1"]


def test_pages_that_show_the_same_share_one_picture(bench: Bench, call: MakeCall) -> None:
    pages = [bench.open(f"tv-{number}") for number in range(1, 10)]
    other = bench.open(counters=frozenset({9}))
    bench.tell(call(1))
    assert len({id(page.screen.scene) for page in pages}) == 1
    assert other.screen.scene is not pages[0].screen.scene
    serials = [page.serial for page in pages]
    bench.move(0.25)
    assert [page.serial for page in pages] == serials, "nothing new is sent when nothing changed"


def test_numbers_are_called_old_without_link_service_or_news(bench: Bench) -> None:
    def stale() -> bool:
        bench.move(3)
        return bool(screen.screen.scene.stale)

    def hear_service(*, online: bool = True) -> None:
        status = DeviceStatus(online=online, kind="service", at=bench.clock.now())
        bench.hall._take_status("service", status)

    screen = bench.open()
    hear_service()
    assert not stale()
    bench.hall._take_link(False)
    assert stale()
    bench.hall._take_link(True)
    hear_service()
    assert stale(), "until the numbers were heard again"
    bench.tell()
    hear_service()
    assert not stale()
    hear_service(online=False)
    assert stale()
    hear_service()
    assert not stale()
    kiosk = DeviceStatus(online=True, kind="kiosk", at=bench.clock.now())
    bench.hall._take_status("kiosk-1", kiosk)
    assert stale(), "the service said nothing for 6 s"


def test_no_more_pages_than_can_be_served(make_bench: MakeBench) -> None:
    bench = make_bench(most=2)
    first = bench.open()
    assert not bench.pages.full
    bench.open()
    assert bench.pages.full
    bench.pages.leave(first)
    assert not bench.pages.full
    assert not bench.pages.take_frame(first.token, 1, visible=True)


def _keep(bench: Bench, play: Callable[[], Any]) -> None:
    async def run() -> None:
        keeping = asyncio.create_task(bench.pages.keep())
        await asyncio.wait_for(play(), 10)
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping

    asyncio.run(run())


def test_every_page_hears_a_beat(bench: Bench) -> None:
    screen = bench.open()

    async def play() -> None:
        screen.woken.clear()
        bench.clock.elapsed_s[0] += BEAT_S
        await screen.woken.wait()

    _keep(bench, play)


def test_a_page_is_called_old_where_its_scene_cannot_be_composed(
    bench: Bench, call: MakeCall, expected_warnings: list[str]
) -> None:
    expected_warnings.append("board not whole")
    page = bench.open()
    bench.tell(call(1))
    assert not page.screen.scene.stale
    whole = bench.hall.state.board
    assert whole
    bench.hall._take_board(replace(whole, rev=99, counters=None))
    bench.pages.refresh()
    told = json.loads(page.json)
    assert (told["stale"], told["cards"][0]["number"]) == (True, "1017")
    bench.hall._take_board(whole)
    bench.pages.refresh()
    assert not page.screen.scene.stale


def test_every_part_of_a_scene_is_shown_or_kept_on_purpose() -> None:
    assert {field.name for field in fields(Scene)} == {*SHOWN, "label", "painted", "broken"}


def test_a_scene_as_a_page_reads_it(centre: Centre, board: BoardState, now: datetime) -> None:
    text = scene_json(compose(Hall(centre, board), now, stale=True))
    told = json.loads(text)
    assert "\n" not in text, "an event is one line"
    assert told["title"] == "Trung tâm Phục vụ hành chính công"
    assert told["stale"] is True
    assert [(row["counter"], row["number"], row["kind"]) for row in told["rows"]] == [
        (2, "2005", "priority"),
        (6, "", "paused"),
    ]
    assert told["rows"][1]["note"] == "Tạm nghỉ\ntiếp tục từ 13:30"
