"""The one brain of the boards: what a fault of one part does, and how many screens speak as one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from bus.memory import MemoryBroker, MemoryBus
from bus.orders import Acknowledgement
from bus.session import ServiceClock, Session, at_once
from bus.states import BoardCounter, BoardState, Call, Notice
from bus.topics import Topics
from bus.vocabulary import AckOutcome, CounterStatus
from config import Centre, Clock
from hall.board.scene import View
from hall.board.screen import _MOST_CALLS, Screen, Screens, _Spoken
from hall.model import Hall

MakeCall = Callable[..., Call]
MakeCounter = Callable[..., BoardCounter]
MakeBoard = Callable[..., BoardState]

FAR = datetime(9999, 12, 31, 20, tzinfo=UTC)
"""The local time of this overflows."""


@dataclass
class Bench:
    """Screens whose time stands unless it is moved."""

    screens: Screens
    hall: Hall
    real: list[float]
    said: list[Acknowledgement] = field(default_factory=list)

    def open(self, view: View | None = None) -> Screen:
        screen = Screen(view or View())
        self.screens.open(screen)
        self.screens.look(screen, seen=True)
        self.screens.refresh()
        return screen

    def told(self) -> list[tuple[int, str]]:
        told = [(ack.call_seq, ack.outcome.value) for ack in self.said]
        self.said.clear()
        return told


@pytest.fixture
def bench(centre: Centre, now: datetime) -> Bench:
    said: list[Acknowledgement] = []
    real = [0.0]
    clock = Clock.starting(now, 1)
    session = Session(
        MemoryBus(MemoryBroker()),
        Topics("nhi-chieu"),
        "board-1",
        "board",
        clock=ServiceClock(lambda: now, lambda: 0.0),
        real=lambda: real[0],
        deliver=at_once,
        new_id=lambda: "id",
    )
    hall = Hall(session)
    screens = Screens(hall, said.append, now=lambda: now, clock=clock)
    hall._take_link(True)
    hall._set("centre", centre=centre)
    return Bench(screens, hall, real, said)


@pytest.mark.parametrize("grid", [False, True])
def test_a_counter_whose_time_cannot_be_told_takes_no_other_along(
    *,
    bench: Bench,
    board: MakeBoard,
    counter: MakeCounter,
    grid: bool,
    expected_warnings: list[str],
) -> None:
    expected_warnings.append("board not whole")
    screen = bench.open(View(rows=20, grid=grid))
    broken = counter(5, status=CounterStatus.PAUSED, until=FAR)
    others = tuple(c for c in board().counters if c.counter != 5)
    bench.hall._take_board(board(counters=(*others, broken)))
    bench.screens.refresh()
    bench.screens.refresh()
    rows = {row.counter: row for row in screen.scene.rows}
    assert (rows[5].number, rows[5].note) == ("", "")
    assert rows[7].note == "Đang phục vụ\ncông dân ưu tiên"
    assert not screen.scene.stale
    assert [part.partition(":")[0] for part in screen.scene.broken] == ["counter 5"]


def test_a_notice_that_cannot_be_told_leaves_the_numbers(
    bench: Bench, board: MakeBoard, expected_warnings: list[str]
) -> None:
    expected_warnings.append("board not whole")
    screen = bench.open()
    notice = Notice(text="Bảo trì", until=datetime(2026, 11, 23))  # noqa: DTZ001 - what is wrong with it
    bench.hall._take_board(board(notices=(notice,)))
    bench.screens.refresh()
    assert screen.scene.cards[0].number == "1017"
    assert screen.scene.line == ""


def test_a_board_that_cannot_be_composed_says_that_it_is_old(
    bench: Bench, board: MakeBoard, expected_warnings: list[str]
) -> None:
    expected_warnings.append("board not whole")
    screen = bench.open()

    def told(state: BoardState) -> tuple[bool, str]:
        bench.hall._take_board(state)
        bench.screens.refresh()
        return screen.scene.stale, screen.scene.cards[0].number

    assert told(board()) == (False, "1017")
    assert told(replace(board(2), counters=None)) == (True, "1017")
    assert told(board(3)) == (False, "1017")


def test_another_part_of_the_hall_brings_its_calls(
    bench: Bench, board: MakeBoard, call: MakeCall
) -> None:
    screen = bench.open(View(frozenset({3})))
    bench.hall._take_board(board(calls=(call(2, "5012", 6, 1), call(1, "1017", 3, 1))))
    bench.screens.refresh()
    waiting = [screen.awaits_paint]
    bench.screens.paint(screen, screen.scene)
    assert [*waiting, screen.awaits_paint] == [True, False]
    assert bench.told() == [(1, "accepted"), (1, "shown")]
    bench.screens.show(screen, View())
    bench.screens.refresh()
    bench.screens.paint(screen, screen.scene)
    assert bench.told() == [(2, "accepted"), (2, "shown")]


def test_a_notice_for_these_screens_goes_when_its_time_is_over(bench: Bench, now: datetime) -> None:
    bench.screens.take_notice(Notice(text="Đã qua", until=now - timedelta(seconds=1)))
    for number in range(40):
        text = f"Thông báo {number}"
        bench.screens.take_notice(Notice(text=text, until=now + timedelta(hours=1)))
    kept = [notice.text for notice in bench.screens.notices]
    assert (len(kept), kept[-1]) == (20, "Thông báo 39")


def _ack(seq: int, outcome: str, epoch: str = "E") -> Acknowledgement:
    return Acknowledgement(epoch=epoch, call_seq=seq, outcome=AckOutcome(outcome))


def test_each_call_is_accepted_once_and_ended_once() -> None:
    spoken = _Spoken()
    told = [
        spoken.take(_ack(1, outcome), owed=False)
        for outcome in ("accepted", "accepted", "shown", "shown", "skipped", "accepted")
    ]
    assert told == [True, False, True, False, False, False]


def test_nobody_skips_what_another_is_still_to_show() -> None:
    spoken = _Spoken()
    assert not spoken.take(_ack(1, "skipped"), owed=True)
    assert spoken.take(_ack(1, "shown"), owed=False)
    assert spoken.take(_ack(2, "skipped"), owed=False)
    assert not spoken.take(_ack(2, "shown"), owed=False)


def test_another_epoch_is_another_book() -> None:
    spoken = _Spoken()
    assert spoken.take(_ack(1, "shown"), owed=False)
    assert spoken.take(_ack(1, "shown", epoch="F"), owed=False)


def test_forgets_what_is_long_over() -> None:
    spoken = _Spoken()
    for seq in range(20_000):
        assert spoken.take(_ack(seq, "shown"), owed=False)
    assert len(spoken._ended) <= _MOST_CALLS
    assert not spoken.take(_ack(19_500, "shown"), owed=False)
