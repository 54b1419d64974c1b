import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow
from pytestqt.qtbot import QtBot

from config import ConfigError
from config.settings import BoardBox, Screen
from display.board.seat import Seat, choose_board


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


BOXES = (
    BoardBox(device="board-1"),
    BoardBox(device="board-2", counters=(5, 6)),
    BoardBox(device="board-3", screen=Screen(screen="HDMI-2")),
)


@pytest.mark.parametrize(
    ("device", "screen", "chosen", "on"),
    [
        (None, None, "board-1", 0),
        ("board-2", None, "board-2", 0),
        ("board-2", "1", "board-2", 1),
        (None, "HDMI-2", "board-3", "HDMI-2"),
        (None, "0", "board-1", 0),
        (None, "1", "board-2", 1),
        (None, "7", "board-1", 7),
        (None, "DP-1", "board-1", "DP-1"),
    ],
)
def test_a_board_is_found_by_name_by_screen_or_by_place(
    device: str | None, screen: str | None, chosen: str, on: int | str
) -> None:
    box = choose_board(BOXES, device, screen)
    assert (box.device, box.screen.screen) == (chosen, on)


def test_the_rest_of_its_settings_stays() -> None:
    assert choose_board(BOXES, None, "1").counters == (5, 6)


def test_an_unknown_board_names_those_that_are_there() -> None:
    with pytest.raises(ConfigError, match=r"'board-9'.*board-1, board-2, board-3"):
        choose_board(BOXES, "board-9")


def test_a_box_without_boards_says_so() -> None:
    with pytest.raises(ConfigError, match="no board"):
        choose_board(())
