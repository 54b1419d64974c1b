"""Keep a board's window on its screen, though TVs are switched off and on."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow

from config.settings import Screen
from ui.screens import place


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
