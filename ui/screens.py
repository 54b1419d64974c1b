"""Put a window on the screen that the box's settings name."""

import logging

from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtQuick import QQuickWindow

from config.settings import Screen

_log = logging.getLogger(__name__)


def place(window: QQuickWindow, wanted: Screen) -> None:
    """Show `window` where `wanted` says; an unknown screen falls back to the first."""
    screen = find_screen(wanted.screen)
    window.setScreen(screen)
    if wanted.geometry:
        x, y, width, height = wanted.geometry
        window.setGeometry(screen.geometry().x() + x, screen.geometry().y() + y, width, height)
    elif wanted.mode == "fullscreen":
        window.setGeometry(screen.geometry())
    if wanted.mode == "fullscreen":
        window.showFullScreen()
    else:
        window.show()


def find_screen(wanted: int | str) -> QScreen:
    """Return the screen with this index, or with this serial number, model or name."""
    screens = QGuiApplication.screens()
    if isinstance(wanted, int):
        if wanted < len(screens):
            return screens[wanted]
    else:
        for screen in screens:
            if wanted in (screen.serialNumber(), screen.model(), screen.name()):
                return screen
    names = ", ".join(screen.name() for screen in screens)
    _log.warning("screen not found wanted=%s there=%s, using the first", wanted, names)
    return screens[0]
