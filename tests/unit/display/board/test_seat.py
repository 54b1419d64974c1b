import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow
from pytestqt.qtbot import QtBot

from config.settings import Screen
from display.board.seat import Seat


@pytest.fixture
def window(qapp: QGuiApplication) -> QQuickWindow:
    assert qapp
    return QQuickWindow()


def test_a_full_screen_comes_back_when_the_screens_change(
    qapp: QGuiApplication, window: QQuickWindow, qtbot: QtBot
) -> None:
    before = qapp.quitOnLastWindowClosed()
    seat = Seat(qapp, window, Screen())
    whole = qapp.primaryScreen().geometry()
    qtbot.waitUntil(lambda: window.geometry() == whole)
    assert not qapp.quitOnLastWindowClosed()
    window.showNormal()
    window.setGeometry(10, 10, 300, 200)
    qtbot.waitUntil(lambda: window.geometry() != whole)
    qapp.screenAdded.emit(qapp.primaryScreen())
    qtbot.waitUntil(lambda: window.geometry() == whole)
    qapp.setQuitOnLastWindowClosed(before)
    seat.deleteLater()
    window.close()


def test_a_window_stays_where_a_person_put_it(
    qapp: QGuiApplication, window: QQuickWindow, qtbot: QtBot
) -> None:
    before = qapp.quitOnLastWindowClosed()
    seat = Seat(qapp, window, Screen(mode="window", geometry=(5, 6, 320, 180)))
    qtbot.waitUntil(lambda: window.width() == 320)
    window.setGeometry(50, 60, 400, 225)
    qapp.screenAdded.emit(qapp.primaryScreen())
    qtbot.wait(50)
    assert window.width() == 400
    assert qapp.quitOnLastWindowClosed() == before
    seat.deleteLater()
    window.close()
