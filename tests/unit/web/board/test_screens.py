"""What pages show, and what is said for all of them, each thing once."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from msgspec.structs import replace

from bus.states import Call, DeviceStatus
from web.board.screens import BEAT_S, SEEN_S

Bench = Any
MakeCall = Callable[..., Call]
MakeBench = Callable[..., Any]


def test_a_call_is_accepted_when_it_comes_and_shown_when_it_is_painted(
    bench: Bench, call: MakeCall
) -> None:
    screen = bench.open()
    bench.tell(call(1))
    assert bench.said() == [(1, "accepted", None)]
    assert screen.picture
    assert json.loads(screen.picture.json)["cards"][0]["number"] == "1017"
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
        assert bench.screens.take_frame(screen.token, serial, visible=True)
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
        assert bench.screens.take_frame(second.token, 0, visible=True)
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
    rows = json.loads(screen.picture.json)["rows"]
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


def test_only_named_screens_count_where_they_are_named(
    make_bench: MakeBench, call: MakeCall
) -> None:
    bench = make_bench(counted=frozenset({"tv-1"}))
    passer_by = bench.open("phone")
    bench.tell(call(1))
    bench.paint(passer_by)
    assert passer_by.picture
    assert (bench.said(), bench.boards()) == ([], [])
    bench.paint(bench.open("tv-1"))
    assert bench.said() == [(1, "accepted", None), (1, "shown", None)]
    assert bench.boards() == ["tv-1"]


def test_health_names_the_pages_that_are_seen(bench: Bench) -> None:
    hidden, seen, same = bench.open("tv-3"), bench.open("tv-1"), bench.open("tv-1")
    assert bench.boards() == ["tv-1", "tv-1", "tv-3"]
    bench.paint(hidden, visible=False)
    assert bench.boards() == ["tv-1", "tv-1"]
    bench.screens.leave(same)
    assert bench.boards() == ["tv-1"]
    bench.move(SEEN_S)
    assert bench.boards() is None
    bench.move(0.1)
    assert bench.boards() == []
    bench.paint(seen)
    assert bench.boards() == ["tv-1"]


def test_pages_that_show_the_same_share_one_picture(bench: Bench, call: MakeCall) -> None:
    pages = [bench.open(f"tv-{number}") for number in range(10)]
    other = bench.open(counters=frozenset({9}))
    bench.tell(call(1))
    assert len({id(page.picture) for page in pages}) == 1
    assert other.picture is not pages[0].picture
    serials = [page.serial for page in pages]
    bench.move(0.25)
    assert [page.serial for page in pages] == serials, "nothing new is sent when nothing changed"


def test_numbers_are_called_old_without_link_service_or_news(bench: Bench) -> None:
    def stale() -> bool:
        bench.move(3)
        return bool(screen.picture and screen.picture.scene.stale)

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
    assert stale(), "until the numbers were heard anew"
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
    assert not bench.screens.full
    bench.open()
    assert bench.screens.full
    bench.screens.leave(first)
    assert not bench.screens.full
    assert not bench.screens.take_frame(first.token, 1, visible=True)


def _keep(bench: Bench, play: Callable[[], Any]) -> None:
    async def run() -> None:
        keeping = asyncio.create_task(bench.screens.keep())
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


def test_no_beat_where_no_picture_can_be_made(
    bench: Bench, call: MakeCall, expected_warnings: list[str]
) -> None:
    expected_warnings.append("board not composed")
    screen = bench.open()
    assert bench.hall.state.board
    broken = replace(bench.hall.state.board, rev=99, counters=None)

    async def play() -> None:
        await asyncio.sleep(0)
        screen.woken.clear()
        bench.hall._take_board(broken)
        bench.clock.elapsed_s[0] += BEAT_S
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(screen.woken.wait(), 0.6)
        bench.rev = 99
        with suppress(TypeError):
            bench.tell(call(1))
        await screen.woken.wait()

    _keep(bench, play)
    assert screen.picture
    assert screen.picture.scene.cards
