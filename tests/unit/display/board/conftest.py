"""The board's window with a scene on it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from types import SimpleNamespace

import pytest
from PIL import Image, ImageChops
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQuick import QQuickItem, QQuickWindow
from pytestqt.qtbot import QtBot

from config import Centre
from config.settings import BoardMedia, Layout
from display.board.media_show import MediaShow
from display.board.screen import BoardScreen
from hall.board.scene import Scene
from ui.application import Application
from ui.wall_clock import WallClock

ShowScene = Callable[..., QQuickWindow]
FindItems = Callable[[QQuickWindow, str], list[QQuickItem]]


LINE_HEIGHT = 1.362
"""Of the numbers' type, in ems."""


def scale_of(width: int, height: int) -> float:
    """Return the size of the design's pixel."""
    long, short = (1920, 1080) if width > height else (1080, 1920)
    return min(width / long, height / short)


def place(item: QQuickItem) -> QRectF:
    """Return where an item stands."""
    corner = QPointF(item.width(), item.height())
    return QRectF(item.mapToScene(QPointF()), item.mapToScene(corner))


def figure(item: QQuickItem) -> QRectF:
    """Return where the digits of a text stand, without the rest of their line."""
    line = place(item)
    em = line.height() / LINE_HEIGHT
    return QRectF(line.left(), line.top() + 0.31 * em, line.width(), 0.8 * em)


def extent(image: QImage, area: QRectF, colour: str) -> QRectF:
    """Return the bounds of the pixels within `area` that are `colour` by more than half."""
    part = image.copy(area.toRect()).convertToFormat(QImage.Format.Format_RGB888)
    size = (part.width(), part.height())
    pixels = Image.frombytes(
        "RGB", size, bytes(part.constBits()), "raw", "RGB", part.bytesPerLine()
    )
    differences = ImageChops.difference(pixels, Image.new("RGB", size, colour)).split()
    furthest = ImageChops.lighter(ImageChops.lighter(*differences[:2]), differences[2])
    box = furthest.point([255] * 90 + [0] * 166).getbbox()
    assert box, f"no {colour} in {area}"
    left, top, right, bottom = box
    corner = area.toRect().topLeft()
    return QRectF(corner.x() + left, corner.y() + top, right - left, bottom - top)


def heights(image: QImage, items: list[QQuickItem], colour: str) -> list[float]:
    """Return how tall the digits of `items` are."""
    return [extent(image, figure(item), colour).height() for item in items]


@pytest.fixture
def eye() -> SimpleNamespace:
    """Return what measures a window's picture."""
    return SimpleNamespace(
        scale_of=scale_of, place=place, figure=figure, extent=extent, heights=heights
    )


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
        shows.append(screen.media_show)
        screen.show(scene)
        clock = WallClock(lambda: now, float, centre.identity.zone)
        window = application.load(
            "display.board", "Board", vm=screen, clock=clock, width=width, height=height
        )
        windows.append(window)
        window.show()
        qtbot.waitUntil(window.isExposed)
        screen.media_show.start()
        if media:
            qtbot.waitUntil(lambda: screen.media_show.shown)
        return window

    yield make
    for window in windows:
        window.close()
    for media_show in shows:
        media_show.stop()
    application.close()
