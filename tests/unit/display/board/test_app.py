"""A board on the memory bus: what it shows, what it says about it, and when it says nothing."""

import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from msgspec import convert
from msgspec.structs import replace
from PySide6.QtCore import QEventLoop
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow
from pytestqt.qtbot import QtBot
from shiboken6 import delete, isValid

from bus.codec import decode, encode
from bus.health import BoardHealth, health_as
from bus.memory import MemoryBroker, MemoryBus
from bus.orders import Acknowledgement, Blink, OrderResult, ShowNotice, Speak
from bus.port import Incoming
from bus.session import ServiceClock, Session
from bus.states import BoardCounter, BoardState, Call, ConfigState, DeviceStatus
from bus.topics import Topics
from config import Centre, Clock, centre_to_wire
from config.settings import BoardBox
from display.board.app import Board, DisplayProgress
from display.board.screen import BoardScreen
from hall.model import GRACE_S, SILENCE_S
from ui.application import Application
from ui.owner import QtOwner
from ui.wall_clock import WallClock

MakeCall = Callable[..., Call]
MakeCounter = Callable[..., BoardCounter]
MakeBoard = Callable[..., BoardState]

TOPICS = Topics("nhi-chieu")


@dataclass
class Bench:
    """A board and the service that it listens to."""

    board: Board
    screen: BoardScreen
    window: QQuickWindow
    bus: MemoryBus
    service: MemoryBus
    clock: Clock
    real: list[float]
    said: queue.Queue[Acknowledgement] = field(default_factory=queue.Queue)
    health: list[BoardHealth] = field(default_factory=list)

    def says(self, **facts: object) -> bool:
        """Return whether the newest health has these values."""
        newest = self.health[-1] if self.health else None
        return all(getattr(newest, name, None) == value for name, value in facts.items())

    def publish(self, topic: str, message: object) -> None:
        self.service.publish(topic, encode(message), retain=True)  # type: ignore[arg-type]

    def told(self) -> list[tuple[int, str]]:
        heard = [self.said.get_nowait() for _ in range(self.said.qsize())]
        return [(ack.call_seq, ack.outcome.value) for ack in heard]


MakeBench = Callable[..., Bench]


@pytest.fixture
def bench(
    qapp: QGuiApplication, qtbot: QtBot, centre: Centre, now: datetime
) -> Iterator[MakeBench]:
    assert qapp
    benches: list[tuple[Bench, Application]] = []

    def make(*, speed: float = 1.0, exposed: bool = True, **more: object) -> Bench:
        application = Application("board", {})
        broker = MemoryBroker()
        clock = Clock.starting(now, speed)
        bus, service = MemoryBus(broker, "board-1"), MemoryBus(broker, "service")
        ids, real = count(), [0.0]
        link = Session(
            bus,
            TOPICS,
            "board-1",
            "board",
            clock=ServiceClock(clock.now, clock.monotonic),
            real=lambda: real[0],
            deliver=QtOwner().deliver,
            new_id=lambda: str(next(ids)),
        )
        box = convert({"device": "board-1", **more}, BoardBox)
        screen = BoardScreen(box.layout, box.media)
        wall = WallClock(clock.now, clock.real_s, centre.identity.zone)
        board = Board(link, box, screen, wall, clock=clock, real=lambda: real[0])
        window = application.load("display.board", "Board", vm=screen, clock=wall)
        bench = Bench(board, screen, window, bus, service, clock, real)
        benches.append((bench, application))
        service.subscribe(
            TOPICS.acknowledgement("board-1"),
            lambda message: bench.said.put(decode(Acknowledgement, message.payload)),
        )

        def note(message: Incoming) -> None:
            bench.health.append(
                health_as(BoardHealth, decode(DeviceStatus, message.payload).health)
            )

        service.subscribe(TOPICS.status("board-1"), note)
        service.start()
        if exposed:
            window.show()
            qtbot.waitUntil(window.isExposed)
        board.show(window)
        link.start()
        config = ConfigState(
            epoch="01JEPOCH", rev=1, at=now, version=1, centre=centre_to_wire(centre)
        )
        bench.publish(TOPICS.config(), config)
        qtbot.waitUntil(lambda: screen.state.title != "")
        return bench

    yield make
    for made, application in benches:
        if isValid(made.window):
            made.window.close()
        made.board.stop()
        made.service.stop()
        application.close()


@pytest.fixture
def fresh(board: MakeBoard, call: MakeCall) -> MakeBoard:
    """Make a state whose calls are as old as told at this moment of the bench's clock."""

    def make(bench: Bench, rev: int, *calls: tuple[int, str, int], ago_s: float = 1) -> BoardState:
        at = bench.clock.now()
        made = [
            call(seq, number, counter, at=at - timedelta(seconds=ago_s))
            for seq, number, counter in calls
        ]
        return board(rev, at=at, calls=tuple(made), counters=())

    return make


def test_a_call_is_accepted_at_once_and_shown_after_its_frame(
    bench: MakeBench, fresh: MakeBoard, qtbot: QtBot
) -> None:
    made = bench()
    frames: list[frozenset[int]] = []
    made.window.frameSwapped.connect(lambda: frames.append(made.screen.state.painted))
    made.publish(TOPICS.board(), fresh(made, 1, (88, "1017", 3)))
    qtbot.waitUntil(lambda: made.said.qsize() >= 2)
    assert {88} in frames
    assert made.told() == [(88, "accepted"), (88, "shown")]
    made.publish(TOPICS.board(), fresh(made, 2, (89, "1018", 2), (88, "1017", 3)))
    qtbot.waitUntil(lambda: made.said.qsize() >= 2)
    assert made.told() == [(89, "accepted"), (89, "shown")]


def test_what_is_shown_is_on_the_screen(bench: MakeBench, fresh: MakeBoard, qtbot: QtBot) -> None:
    made = bench()
    made.publish(TOPICS.board(), fresh(made, 1, (88, "1017", 3), ago_s=30))
    qtbot.waitUntil(lambda: (88, "shown") in made.told())
    assert made.window.grabWindow().pixelColor(1000, 890).name() == "#ad1b28"


def test_a_window_that_nobody_sees_says_nothing(
    bench: MakeBench, fresh: MakeBoard, qtbot: QtBot
) -> None:
    made = bench(exposed=False)
    made.publish(TOPICS.board(), fresh(made, 1, (88, "1017", 3)))
    qtbot.waitUntil(lambda: made.screen.state.painted == {88})
    qtbot.wait(400)
    assert made.told() == []
    made.window.show()
    qtbot.waitUntil(lambda: made.said.qsize() >= 2)
    assert made.told() == [(88, "accepted"), (88, "shown")]
    qtbot.waitUntil(lambda: made.says(exposed=True))


def test_a_window_that_is_hidden_falls_silent(
    bench: MakeBench, fresh: MakeBoard, qtbot: QtBot
) -> None:
    made = bench()
    qtbot.waitUntil(lambda: made.says(exposed=True))
    made.window.hide()
    qtbot.waitUntil(lambda: made.says(exposed=False))
    made.publish(TOPICS.board(), fresh(made, 1, (88, "1017", 3)))
    qtbot.wait(400)
    assert made.told() == []


def test_calls_of_an_instant_are_all_shown_though_one_counter_made_them(
    bench: MakeBench, fresh: MakeBoard, qtbot: QtBot
) -> None:
    made = bench(speed=300)
    seen: set[str] = set()
    made.window.frameSwapped.connect(
        lambda: seen.update(card.number for card in made.screen.state.cards)
    )
    calls = [(seq, f"1{seq:03}", 3) for seq in range(20, 0, -1)]
    for last in range(1, 21):
        made.publish(TOPICS.board(), fresh(made, last, *calls[20 - last :][:8]))
    qtbot.waitUntil(lambda: made.said.qsize() >= 40, timeout=10_000)
    told = made.told()
    assert sorted(told) == sorted(
        (seq, outcome) for seq in range(1, 21) for outcome in ("accepted", "shown")
    )
    assert seen == {f"1{seq:03}" for seq in range(1, 21)}
    shown = [seq for seq, outcome in told if outcome == "shown"]
    assert shown == sorted(shown)


def test_a_crowd_of_calls_takes_turns_in_the_panel(
    bench: MakeBench, fresh: MakeBoard, qtbot: QtBot
) -> None:
    made = bench()
    calls = [(seq, f"{seq}001", seq) for seq in range(5, 0, -1)]
    made.publish(TOPICS.board(), fresh(made, 1, *calls))
    qtbot.waitUntil(lambda: len(made.screen.state.cards) == 3)
    assert [card.call_seq for card in made.screen.state.cards] == [3, 2, 1]
    qtbot.waitUntil(
        lambda: [card.call_seq for card in made.screen.state.cards] == [5, 4, 3], timeout=6000
    )
    qtbot.waitUntil(lambda: made.said.qsize() >= 10)
    assert {(5, "shown"), (4, "shown")} <= set(made.told())


def test_calls_of_other_counters_are_left_to_other_boards(
    bench: MakeBench, fresh: MakeBoard, qtbot: QtBot
) -> None:
    made = bench(counters=(3,))
    made.publish(TOPICS.board(), fresh(made, 1, (89, "5012", 6), (88, "1017", 3)))
    qtbot.waitUntil(lambda: made.said.qsize() >= 2)
    assert made.told() == [(88, "accepted"), (88, "shown")]
    qtbot.waitUntil(lambda: made.says(counters=(3,)))


def test_a_board_shows_all_counters_while_another_is_off(
    bench: MakeBench, fresh: MakeBoard, qtbot: QtBot, now: datetime
) -> None:
    made = bench(speed=10, counters=(3,), stands_in_for=("board-2",))
    gone = DeviceStatus(online=False, kind="board", at=now)
    made.publish(TOPICS.status("board-2"), replace(gone, online=True))
    made.publish(TOPICS.board(), fresh(made, 1, (89, "5012", 6), (88, "1017", 3)))
    qtbot.waitUntil(lambda: made.said.qsize() >= 2)
    assert made.told() == [(88, "accepted"), (88, "shown")]
    made.publish(TOPICS.status("board-2"), gone)
    qtbot.waitUntil(lambda: made.said.qsize() >= 2)
    assert made.told() == [(89, "accepted"), (89, "shown")]
    made.publish(TOPICS.status("board-2"), replace(gone, online=True))
    qtbot.waitUntil(lambda: {card.counter for card in made.screen.state.cards} == {3})


def test_a_board_that_was_never_heard_since_the_broker_started_counts_as_off(
    bench: MakeBench, fresh: MakeBoard, qtbot: QtBot, now: datetime
) -> None:
    made = bench(speed=10, counters=(3,), stands_in_for=("board-2",))

    def called() -> set[int]:
        return {card.counter for card in made.screen.state.cards}

    made.publish(TOPICS.board(), fresh(made, 1, (89, "5012", 6), (88, "1017", 3)))
    qtbot.waitUntil(lambda: called() == {3, 6})
    there = DeviceStatus(online=True, kind="board", at=now)
    made.publish(TOPICS.status("board-2"), there)
    qtbot.waitUntil(lambda: called() == {3})
    made.bus.lose_link()
    qtbot.waitUntil(lambda: called() == {3, 6})
    made.bus.drop_link()
    qtbot.waitUntil(lambda: called() == {3})


def test_a_withdrawn_call_is_marked_and_then_goes(
    bench: MakeBench, fresh: MakeBoard, qtbot: QtBot
) -> None:
    made = bench(speed=40)
    state = fresh(made, 1, (88, "1017", 3))
    made.publish(TOPICS.board(), state)
    qtbot.waitUntil(lambda: (88, "shown") in made.told())
    gone = replace(state.calls[0], withdrawn=True)
    made.publish(TOPICS.board(), replace(state, rev=2, calls=(gone,)))
    qtbot.waitUntil(lambda: [card.withdrawn for card in made.screen.state.cards] == [True])
    qtbot.waitUntil(lambda: made.screen.state.cards == ())
    assert made.told() == []


def test_a_new_epoch_starts_over(bench: MakeBench, fresh: MakeBoard, qtbot: QtBot) -> None:
    made = bench()
    made.publish(TOPICS.board(), fresh(made, 9, (88, "1017", 3)))
    qtbot.waitUntil(lambda: (88, "shown") in made.told())
    restored = replace(fresh(made, 1, (1, "2001", 2)), epoch="01JRESTORED")
    made.publish(TOPICS.board(), restored)
    qtbot.waitUntil(lambda: made.said.qsize() >= 2)
    acks = [made.said.get_nowait() for _ in range(2)]
    assert {ack.epoch for ack in acks} == {"01JRESTORED"}


def test_without_service_or_link_the_numbers_are_called_old(
    bench: MakeBench, fresh: MakeBoard, qtbot: QtBot, now: datetime
) -> None:
    made = bench()
    made.publish(TOPICS.board(), fresh(made, 1, (88, "1017", 3)))
    qtbot.waitUntil(lambda: bool(made.screen.state.cards))
    offline = DeviceStatus(online=False, kind="service", at=now)
    made.publish(TOPICS.status("service"), offline)
    qtbot.wait(300)
    made.real[0] += GRACE_S
    qtbot.waitUntil(lambda: made.screen.state.stale)
    assert made.screen.state.cards[0].number == "1017"
    qtbot.waitUntil(lambda: made.says(stale=True))
    made.publish(TOPICS.status("service"), replace(offline, online=True))
    qtbot.waitUntil(lambda: not made.screen.state.stale)
    made.real[0] += SILENCE_S
    qtbot.waitUntil(lambda: made.screen.state.stale)
    made.publish(TOPICS.status("service"), replace(offline, online=True))
    qtbot.waitUntil(lambda: not made.screen.state.stale)
    made.bus.lose_link()
    qtbot.wait(300)
    made.real[0] += GRACE_S
    qtbot.waitUntil(lambda: made.screen.state.stale)
    made.bus.drop_link()
    qtbot.waitUntil(lambda: not made.screen.state.stale)
    qtbot.waitUntil(lambda: made.says(stale=False))


def test_what_was_shown_without_a_link_is_told_when_it_is_back(
    bench: MakeBench, fresh: MakeBoard, qtbot: QtBot
) -> None:
    made = bench()
    made.window.hide()
    qtbot.waitUntil(lambda: made.says(exposed=False))
    made.publish(TOPICS.board(), fresh(made, 1, (88, "1017", 3)))
    qtbot.waitUntil(lambda: bool(made.screen.state.cards))
    made.bus.lose_link()
    made.window.show()
    qtbot.wait(500)
    assert made.told() == []
    made.bus.drop_link()
    qtbot.waitUntil(lambda: made.said.qsize() >= 1)
    assert made.told() == [(88, "shown")]


def test_the_screen_tells_how_much_of_the_bottom_line_can_stand(
    bench: MakeBench, qtbot: QtBot
) -> None:
    made = bench()
    qtbot.waitUntil(lambda: made.screen.letters_fit > 0)
    assert 24 <= made.screen.letters_fit <= 32
    assert (made.screen.rows_fit, made.screen.missed_fit) == (5, 2)


def test_in_a_grid_the_calls_of_a_counter_are_shown_one_after_the_other(
    bench: MakeBench, fresh: MakeBoard, counter: MakeCounter, qtbot: QtBot
) -> None:
    made = bench(speed=20, layout="grid")
    state = fresh(made, 1, (89, "1018", 3), (88, "1017", 3), (87, "2001", 2))
    made.publish(TOPICS.board(), replace(state, counters=(counter(2, "2001"), counter(3, "1018"))))
    qtbot.waitUntil(lambda: [row.number for row in made.screen.state.rows] == ["2001", "1017"])
    qtbot.waitUntil(lambda: [row.number for row in made.screen.state.rows] == ["2001", "1018"])
    qtbot.waitUntil(lambda: made.said.qsize() >= 6)
    acks = [made.said.get_nowait() for _ in range(6)]
    assert [(a.call_seq, a.eta_s) for a in acks if a.outcome == "accepted"] == [
        (87, 0),
        (88, 0),
        (89, 3),
    ]
    shown = [a.call_seq for a in acks if a.outcome == "shown"]
    assert (set(shown[:2]), shown[2]) == ({87, 88}, 89)


def test_orders_make_it_show_its_name_and_notices(
    bench: MakeBench, qtbot: QtBot, now: datetime
) -> None:
    made = bench(speed=10)
    topic = TOPICS.order("board-1")
    made.publish(topic, Speak(id="1", at=now, text="Không phải việc của bảng"))
    made.publish(topic, Blink(id="2", at=now, seconds=5))
    qtbot.waitUntil(lambda: made.screen.state.label == "board-1")
    qtbot.waitUntil(lambda: made.screen.state.label == "")
    until = made.clock.now() + timedelta(hours=1)
    made.publish(topic, ShowNotice(id="3", at=now, text="Bảng thử", until=until))
    screens = made.board._screens
    qtbot.waitUntil(lambda: [notice.text for notice in screens.notices] == ["Bảng thử"])


def test_a_blink_is_done_once_a_frame_has_shown_the_boards_name(
    bench: MakeBench, qtbot: QtBot, now: datetime
) -> None:
    made = bench()
    results = _results(made)
    seen: list[str] = []
    made.window.frameSwapped.connect(lambda: seen.append(made.screen.state.label))
    made.publish(TOPICS.order("board-1"), Blink(id="01TEST", at=now, seconds=5))
    qtbot.waitUntil(lambda: results == [("01TEST", "done", None)], timeout=30_000)
    assert "board-1" in seen


def test_a_board_that_nobody_sees_says_so(bench: MakeBench, qtbot: QtBot, now: datetime) -> None:
    made = bench(exposed=False)
    results = _results(made)
    made.publish(TOPICS.order("board-1"), Blink(id="01TEST", at=now, seconds=5))
    qtbot.waitUntil(lambda: results == [("01TEST", "failed", "screen_off")], timeout=30_000)


def _results(made: Bench) -> list[tuple[str, str, str | None]]:
    results: list[tuple[str, str, str | None]] = []

    def note(message: Incoming) -> None:
        result = decode(OrderResult, message.payload)
        results.append((result.order, result.outcome.value, result.reason))

    made.service.subscribe(TOPICS.result("board-1"), note)
    return results


def test_a_window_that_qt_has_deleted_is_asked_for_nothing(
    bench: MakeBench, fresh: MakeBoard, qtbot: QtBot
) -> None:
    made = bench()
    made.publish(TOPICS.board(), fresh(made, 1, (88, "1017", 3)))
    qtbot.waitUntil(lambda: (88, "shown") in made.told())
    delete(made.window)
    made.board.refresh()
    made.publish(TOPICS.board(), fresh(made, 2, (89, "1018", 3)))
    made.board.refresh()
    assert made.told() == []


def test_a_configuration_that_cannot_be_used_changes_nothing(
    bench: MakeBench,
    qtbot: QtBot,
    now: datetime,
    expected_warnings: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    expected_warnings.append("configuration dropped")
    made = bench()
    before = made.screen.state
    bad = ConfigState(epoch="01JEPOCH", rev=2, at=now, version=2, centre={"identity": 1})
    made.publish(TOPICS.config(), bad)
    qtbot.waitUntil(lambda: "configuration dropped" in caplog.text)
    made.board.refresh()
    assert made.screen.state == before


@pytest.mark.parametrize(
    ("layout", "calls"),
    [
        ("calls", 600),
        ("grid", 240),
        pytest.param("calls", 20_004, marks=pytest.mark.full),
        pytest.param("grid", 20_004, marks=pytest.mark.full),
    ],
)
def test_many_calls_leave_no_memory_behind(
    bench: MakeBench, fresh: MakeBoard, layout: str, calls: int
) -> None:
    made = bench(speed=3000, layout=layout)
    whole = calls + 240
    # Each number is called twice in a row; three numbers at a time fill the panel.
    history = [(seq, f"{seq // 2 % 10000:04}", seq // 2 % 9 + 1) for seq in range(whole, 0, -1)]

    def show_all(first: int, last: int) -> int:
        for newest in range(first + 5, last + 1, 6):
            made.publish(TOPICS.board(), fresh(made, newest, *history[whole - newest :][:8]))
            for _ in range(2 * 6):
                while made.said.empty():
                    QGuiApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
                made.said.get_nowait()
        return own_memory()

    warm = show_all(1, 240)
    grown = show_all(241, whole) - warm
    assert grown < 5_000_000


def own_memory() -> int:
    """Return the bytes that are this process's alone; shares of libraries vary with others."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("RssAnon:"))
    return int(line.split()[1]) * 1024


def test_a_busy_board_tells_its_progress_every_two_seconds(board: MakeBoard) -> None:
    progress = DisplayProgress()
    assert progress.tell(None, 0.0) is None
    assert progress.tell(board(1), 0.5) == board(1)
    assert progress.tell(board(2), 2.4) == board(1)
    assert progress.tell(board(3), 2.5) == board(3)


def test_after_a_calm_while_news_are_told_at_once(board: MakeBoard) -> None:
    progress = DisplayProgress()
    progress.tell(board(1), 0.0)
    progress.tell(board(1), 10.0)
    assert progress.tell(board(2), 10.1) == board(2)
