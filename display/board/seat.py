"""Which of the box's boards a process is, and on which screen its window stays."""

from collections.abc import Sequence

from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow

from config import ConfigError
from config.settings import BoardBox, Screen
from ui.screens import place


def choose_board(
    boards: Sequence[BoardBox], device: str | None = None, screen: str | None = None
) -> BoardBox:
    """Return the board called `device`, on `screen` (index or name) where that is given.

    Without `device` it is the board whose settings name this screen, else the one at this index,
    else the first. Raises ConfigError when the box has no such board.
    """
    if not boards:
        raise ConfigError("this box has no board; add one - at $.boards")
    wanted = _screen(screen)
    box = _by_screen(boards, wanted) if device is None else _by_name(boards, device)
    if wanted is None:
        return box
    return replace(box, screen=replace(box.screen, screen=wanted))


class Seat(QObject):
    """Where a window belongs; on a full screen it outlives the screen."""

    def __init__(self, qt: QGuiApplication, window: QQuickWindow, wanted: Screen) -> None:
        super().__init__()
        self._window = window
        self._wanted = wanted
        place(window, wanted)
        if wanted.mode == "fullscreen":
            window.setCursor(Qt.CursorShape.BlankCursor)
            qt.setQuitOnLastWindowClosed(False)
            for changed in (qt.screenAdded, qt.screenRemoved):
                changed.connect(self.take_again, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def take_again(self) -> None:
        """Return to the wanted screen, or to the one that is left."""
        if QGuiApplication.screens():
            place(self._window, self._wanted)


def _screen(text: str | None) -> int | str | None:
    return int(text) if text is not None and text.isdecimal() else text


def _by_name(boards: Sequence[BoardBox], device: str) -> BoardBox:
    for box in boards:
        if box.device == device:
            return box
    known = ", ".join(box.device for box in boards)
    raise ConfigError(f"no board {device!r} on this box; it has {known} - at $.boards")


def _by_screen(boards: Sequence[BoardBox], wanted: int | str | None) -> BoardBox:
    for box in boards:
        if box.screen.screen == wanted:
            return box
    if isinstance(wanted, int) and wanted < len(boards):
        return boards[wanted]
    return boards[0]
