"""F8 and F9 in every program, where the system offers that."""

import sys
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

KEYS = {"F8": "recall", "F9": "primary"}


def register(press: Callable[[str], None]) -> object | None:
    """Call `press` with a button's name for F8 and F9 wherever they are pressed.

    Return what must be kept alive for it, or None where only the window's own shortcuts work.
    """
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - windll is not there elsewhere

        from counter_caller.panel.hotkeys_windows import GlobalKeys  # noqa: PLC0415

        keys = GlobalKeys(ctypes.windll.user32, KEYS, press)
        application = QCoreApplication.instance()
        if application is not None:
            application.installNativeEventFilter(keys)
        return keys
    return None
