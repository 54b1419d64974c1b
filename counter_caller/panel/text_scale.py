"""How much larger the person at this computer wants text."""

import os

from PySide6.QtCore import QSettings
from PySide6.QtGui import QScreen

_USUAL_DPI = 96.0
_SMALLEST, _LARGEST = 1.0, 1.75
_WINDOWS_KEY = "HKEY_CURRENT_USER\\Software\\Microsoft\\Accessibility"


def text_scale(screen: QScreen) -> float:
    """Return the system's text scale; on Windows beside, elsewhere within the screen's DPI."""
    if os.name == "nt":
        settings = QSettings(_WINDOWS_KEY, QSettings.Format.NativeFormat)
        return bounded(float(str(settings.value("TextScaleFactor", 100))) / 100)
    return bounded(screen.logicalDotsPerInch() / _USUAL_DPI)


def bounded(wanted: float) -> float:
    """Return a scale at which the window still fits a small screen."""
    return min(_LARGEST, max(_SMALLEST, wanted))
