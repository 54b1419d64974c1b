"""F8 and F9 in every program, where the system offers that: RegisterHotKey of Windows."""

import logging
import sys
from collections.abc import Callable, Mapping
from ctypes import wintypes
from typing import Protocol

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication

_log = logging.getLogger(__name__)

KEYS = {"F8": "recall", "F9": "next"}
_MOD_NOREPEAT = 0x4000
_WM_HOTKEY = 0x0312
_VK_F1 = 0x70
_FIRST_ID = 1


def register(press: Callable[[str], None]) -> object | None:
    """Call `press` with a button's name for F8 and F9 wherever they are pressed.

    Return what must be kept alive for it, or None where only the window's own shortcuts work.
    """
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - windll is not there elsewhere

        keys = GlobalKeys(ctypes.windll.user32, KEYS, press)
        application = QCoreApplication.instance()
        if application is not None:
            application.installNativeEventFilter(keys)
        return keys
    return None


class User32(Protocol):
    """The part of user32.dll that is used."""

    def RegisterHotKey(  # noqa: N802
        self, window: None, key_id: int, modifiers: int, key: int, /
    ) -> int:
        """Return 0 when another program has the key already."""


class GlobalKeys(QAbstractNativeEventFilter):
    """Calls `press` for each function key of `keys` ("F9" to a name) in any program.

    A key that another program holds is left to it: the window's own shortcut still works.
    """

    def __init__(
        self, user32: User32, keys: Mapping[str, str], press: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._press = press
        self._names: dict[int, str] = {}
        for key_id, (key, name) in enumerate(keys.items(), _FIRST_ID):
            code = _VK_F1 + int(key.removeprefix("F")) - 1
            if user32.RegisterHotKey(None, key_id, _MOD_NOREPEAT, code):
                self._names[key_id] = name
            else:
                _log.warning("key taken by another program key=%s", key)

    def nativeEventFilter(  # noqa: N802
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> tuple[bool, int]:
        """Take WM_HOTKEY from Windows' messages."""
        if not QByteArray(kind).startsWith(b"windows"):
            return False, 0
        event = wintypes.MSG.from_address(int(message))
        name = self._names.get(event.wParam) if event.message == _WM_HOTKEY else None
        if name is None:
            return False, 0
        self._press(name)
        return True, 0
