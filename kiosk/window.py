"""The window and the touches on it that keep the home screen from returning."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow

from config.settings import Screen
from ui.screens import place

_FINGERS = frozenset({QEvent.Type.TouchBegin, QEvent.Type.MouseButtonPress})
_TOUCHES = _FINGERS | {QEvent.Type.TouchUpdate, QEvent.Type.KeyPress}


class Attention(QObject):
    """Calls `on_touch` for every touch on a window, wherever it lands.

    `on_finger` is called too where it was a finger or a mouse, and no key.
    """

    def __init__(
        self,
        window: QQuickWindow,
        on_touch: Callable[[], None],
        on_finger: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._on_touch = on_touch
        self._on_finger = on_finger
        window.installEventFilter(self)

    def stop(self) -> None:
        """Watch the window no more."""
        self._window.removeEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Note a touch and let it pass."""
        if event.type() in _TOUCHES:
            self._on_touch()
        if event.type() in _FINGERS:
            self._on_finger()
        return False


def show(window: QQuickWindow, screen: Screen) -> None:
    """Put the window where it belongs; a kiosk that fills its screen cannot be closed by hand."""
    if screen.mode == "fullscreen":
        window.setProperty("locked", True)
        window.setFlag(Qt.WindowType.FramelessWindowHint)
        QGuiApplication.setOverrideCursor(Qt.CursorShape.BlankCursor)
    place(window, screen)
