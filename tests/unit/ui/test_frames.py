import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow
from pytestqt.qtbot import QtBot

from config.watchdog import Watchdog
from ui.frames import FrameWatch

NIGHT_S = 12 * 3600


class Systemd:
    """The other end of the notify socket."""

    def __init__(self, path: Path) -> None:
        self.end = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.end.bind(str(path))
        self.end.setblocking(False)

    def told(self) -> list[str]:
        heard: list[str] = []
        while True:
            try:
                heard.append(self.end.recv(1000).decode())
            except BlockingIOError:
                return heard


@pytest.fixture
def screen(qapp: QGuiApplication, tmp_path: Path) -> Iterator[Callable[..., SimpleNamespace]]:
    """Return a function that watches new windows; time is in the test's hand."""
    assert qapp
    systemd = Systemd(tmp_path / "notify")
    kept: list[SimpleNamespace] = []

    def watch(
        count: int = 1, period_s: float = 40_000, clock: Callable[[], float] | None = None
    ) -> SimpleNamespace:
        at = SimpleNamespace(s=0.0)
        windows = [QQuickWindow() for _ in range(count)]
        watchdog = Watchdog(str(tmp_path / "notify"), period_s, clock or (lambda: float(at.s)))
        watched = SimpleNamespace(at=at, windows=windows, watch=FrameWatch(watchdog, windows))
        watched.told = systemd.told
        kept.append(watched)
        return watched

    yield watch
    for each in kept:
        each.watch.stop()
        for window in each.windows:
            window.close()
            window.deleteLater()
    systemd.end.close()


def frames_come(qtbot: QtBot, swapped: list[None], count: int) -> None:
    qtbot.waitUntil(lambda: len(swapped) >= count, timeout=30_000)


def test_the_first_frame_on_the_screen_says_ready(
    screen: Callable[..., SimpleNamespace], qtbot: QtBot
) -> None:
    watched = screen()
    assert watched.told() == []
    watched.windows[0].show()
    qtbot.waitUntil(lambda: watched.told() == ["READY=1\nWATCHDOG=1"], timeout=30_000)


def test_asking_alone_feeds_nothing_but_the_frame_does(
    screen: Callable[..., SimpleNamespace], qtbot: QtBot
) -> None:
    watched = screen()
    watched.windows[0].show()
    qtbot.waitUntil(lambda: bool(watched.told()), timeout=30_000)
    QGuiApplication.processEvents()  # frames that came before they were asked for
    watched.told()
    watched.at.s += 10_000
    watched.watch.ask()
    assert watched.told() == []
    qtbot.waitUntil(lambda: watched.told() == ["WATCHDOG=1"], timeout=30_000)


def test_a_renderer_that_swaps_no_frame_starves_it(
    screen: Callable[..., SimpleNamespace], qtbot: QtBot
) -> None:
    watched = screen(2)
    for window in watched.windows:
        window.show()
    hung, well = watched.windows
    qtbot.waitUntil(lambda: bool(hung.isExposed() and well.isExposed()), timeout=30_000)
    qtbot.waitUntil(lambda: bool(watched.told()), timeout=30_000)
    hung.frameSwapped.disconnect(watched.watch._swapped)  # as one that never comes
    QCoreApplication.sendPostedEvents()  # of the frames that it still brought
    watched.told()
    swapped: list[None] = []
    well.frameSwapped.connect(lambda: swapped.append(None))
    for turn in range(1, 4):
        watched.at.s += 20_000
        watched.watch.ask()
        frames_come(qtbot, swapped, turn)
    QGuiApplication.processEvents()
    assert watched.told() == [], "the window that works must not feed for the one that hangs"


def test_a_screen_that_is_off_starves_nothing(screen: Callable[..., SimpleNamespace]) -> None:
    watched = screen()
    for _ in range(3):
        watched.watch.ask()
        watched.at.s += 10_000
    assert watched.told() == ["READY=1\nWATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"]


def test_a_screen_that_goes_off_and_comes_back_is_watched_on(
    screen: Callable[..., SimpleNamespace], qtbot: QtBot
) -> None:
    watched = screen()
    window = watched.windows[0]
    for _ in range(2):
        window.show()
        qtbot.waitUntil(window.isExposed, timeout=30_000)
        watched.at.s += 10_000
        watched.watch.ask()
        qtbot.waitUntil(lambda: bool(watched.told()), timeout=30_000)
        window.hide()
        qtbot.waitUntil(lambda: not window.isExposed(), timeout=30_000)
        watched.at.s += 10_000
        watched.watch.ask()
        assert watched.told() == ["WATCHDOG=1"]


def test_an_event_loop_that_hangs_starves_it(
    screen: Callable[..., SimpleNamespace], qtbot: QtBot
) -> None:
    watched = screen(period_s=0.2, clock=time.monotonic)
    watched.windows[0].show()
    qtbot.waitUntil(lambda: bool(watched.told()), timeout=30_000)
    heard: list[list[str]] = []

    def hang() -> None:
        watched.told()
        until = time.monotonic() + 0.6
        while time.monotonic() < until:
            pass
        heard.append(watched.told())

    QTimer.singleShot(0, hang)
    qtbot.waitUntil(lambda: bool(heard), timeout=30_000)
    assert heard == [[]]
    qtbot.waitUntil(lambda: bool(watched.told()), timeout=30_000)


def test_a_night_without_visitors_restarts_nothing(
    screen: Callable[..., SimpleNamespace], qtbot: QtBot
) -> None:
    """Twelve hours in which nothing changes on the screen, and half of them the TV is off."""
    watched = screen(period_s=30)
    window = watched.windows[0]
    window.show()
    qtbot.waitUntil(lambda: bool(watched.told()), timeout=30_000)
    swapped: list[None] = []
    window.frameSwapped.connect(lambda: swapped.append(None))
    fed_at_s, longest_s = 0.0, 0.0
    for at_s in range(0, NIGHT_S, 30 * 60):
        if at_s == NIGHT_S // 2:
            window.hide()
            qtbot.waitUntil(lambda: not window.isExposed(), timeout=30_000)
        for beat in range(4):  # of every half hour one minute is looked at
            watched.at.s = at_s + beat * 7.5 + 7.5
            frames = len(swapped)
            watched.watch.ask()
            if window.isExposed():
                frames_come(qtbot, swapped, frames + 1)
                QGuiApplication.processEvents()
            if watched.told():
                fed_at_s = watched.at.s
            longest_s = max(longest_s, watched.at.s - max(fed_at_s, at_s))
    assert longest_s <= 7.5
