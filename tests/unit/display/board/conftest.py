"""The board's window with a scene on it."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem, QQuickWindow
from pytestqt.qtbot import QtBot

from config import Centre
from config.settings import BoardMedia, Layout
from display.board.media_show import MediaShow
from display.board.screen import BoardScreen
from ui.application import Application
from ui.board.scene import Scene
from ui.wall_clock import WallClock

ShowScene = Callable[..., QQuickWindow]
FindItems = Callable[[QQuickWindow, str], list[QQuickItem]]


@pytest.fixture
def visible() -> FindItems:
    """Return a function that finds all items of a name that can be seen, top to bottom."""

    def find(window: QQuickWindow, name: str) -> list[QQuickItem]:
        found, waiting = [], [window.contentItem()]
        while waiting:
            item = waiting.pop()
            waiting.extend(item.childItems())
            if item.objectName() == name and item.isVisible() and item.opacity() > 0:
                found.append(item)
        return sorted(found, key=lambda item: item.mapToScene(QPointF()).y())

    return find


@pytest.fixture
def show(qapp: QGuiApplication, qtbot: QtBot, centre: Centre, now: datetime) -> Iterator[ShowScene]:
    """Return a function that shows a scene in a window of the given size and waits for it."""
    assert qapp
    application = Application("board", {})
    windows: list[QQuickWindow] = []
    shows: list[MediaShow] = []

    def make(
        scene: Scene,
        width: int = 1920,
        height: int = 1080,
        layout: Layout = "auto",
        media: BoardMedia | None = None,
    ) -> QQuickWindow:
        screen = BoardScreen(layout, media)
        shows.append(screen.show_beside)
        screen.show(scene)
        clock = WallClock(lambda: now, float, centre.identity.zone)
        window = application.load(
            "display.board", "Board", vm=screen, clock=clock, width=width, height=height
        )
        windows.append(window)
        window.show()
        qtbot.waitUntil(window.isExposed)
        screen.show_beside.start()
        if media:
            qtbot.waitUntil(lambda: screen.show_beside.shown)
        return window

    yield make
    for window in windows:
        window.close()
    for media_show in shows:
        media_show.stop()
    application.close()
