"""A screen's sign of life: a frame that was asked for has been swapped."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow
from shiboken6 import isValid

from config.watchdog import Watchdog
from ui.owner import queued


class FrameWatch(QObject):
    """Feeds the watchdog while every window that can be seen brings the frames it is asked for.

    An event loop that hangs asks for none, a renderer that hangs swaps none. Where no window can
    be seen (a TV that is switched off, a bar that stands in for the window) no frame can come and
    none is missed: then the event loop has to turn, and an X server to answer, nothing more.
    """

    def __init__(self, watchdog: Watchdog, windows: Sequence[QQuickWindow]) -> None:
        """Watch `windows` from now on, if somebody waits for a sign of life."""
        super().__init__()
        self._watchdog = watchdog
        self._windows = tuple(windows)
        self._awaited: set[QQuickWindow] = set(windows[:1])
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.ask)
        if watchdog.every_s is None:
            return
        for window in self._windows:
            # On this object's thread: a renderer of its own must not feed past a dead event loop.
            queued(window.frameSwapped, self._swapped)
        self._timer.start(round(watchdog.every_s * 1000))

    @Slot()
    def ask(self) -> None:
        """Ask every window that can be seen for a frame."""
        QGuiApplication.sync()
        self._awaited = {each for each in self._windows if isValid(each) and each.isExposed()}
        if not self._awaited:
            self._watchdog.feed()
        for window in self._awaited:
            window.update()  # `requestUpdate` alone swaps nothing where nothing has changed

    def stop(self) -> None:
        """Ask no more; say that the end is meant."""
        self._timer.stop()
        self._watchdog.stopping()

    @Slot()
    def _swapped(self) -> None:
        window = self.sender()
        if isinstance(window, QQuickWindow):
            self._awaited.discard(window)
            if not self._awaited:
                self._watchdog.feed()
