"""The five keys of a keypad, an ordinary USB keyboard to the machine."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtQuick import QQuickWindow

from kiosk.speaking.reader import Key, Reader

HOLD_S = 0.8
"""The round key pressed for longer rests the voice."""


class FiveKeys(QObject):
    """Hands the keys of a window to the reader, but those of the maintenance menu."""

    def __init__(
        self,
        window: QQuickWindow,
        reader: Reader,
        codes: Mapping[int, Key],
        monotonic: Callable[[], float],
        elsewhere: Callable[[], bool],
    ) -> None:
        """Take `codes`; `elsewhere` says that the keys are not the citizens' now."""
        super().__init__(window)
        self._window = window
        self._reader = reader
        self._codes = codes
        self._monotonic = monotonic
        self._elsewhere = elsewhere
        self._held_since: float | None = None
        window.installEventFilter(self)

    def stop(self) -> None:
        """Take no more keys."""
        self._window.removeEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Take a key that is one of the five; let all else pass."""
        if not isinstance(event, QKeyEvent) or self._elsewhere():
            return False
        key = self._codes.get(event.key())
        if key is None:
            return False
        if event.isAutoRepeat():
            return True
        if event.type() is QEvent.Type.KeyPress:
            self._pressed(key)
        elif event.type() is QEvent.Type.KeyRelease:
            self._released(key)
        return True

    def _pressed(self, key: Key) -> None:
        if key is Key.CHOOSE:
            self._held_since = self._monotonic()
        else:
            self._reader.press(key)

    def _released(self, key: Key) -> None:
        since, self._held_since = self._held_since, None
        if key is not Key.CHOOSE or since is None:
            return
        if self._monotonic() - since >= HOLD_S:
            self._reader.hold()
        else:
            self._reader.press(key)


def key_code(name: str) -> int:
    """Return Qt's code of a key by its name, such as `Left` or `F5`; raises KeyError."""
    return Qt.Key[f"Key_{name}"].value
