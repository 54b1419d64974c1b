"""The time on the wall, as screens show it."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Property, QObject, QTimer, Signal
from PySide6.QtQml import QmlElement

from hall.words import Words

QML_IMPORT_NAME = "ui"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class WallClock(QObject):
    """Time and date that change by themselves."""

    changed = Signal()

    def __init__(
        self, now: Callable[[], datetime], real_s: Callable[[float], float], zone: ZoneInfo
    ) -> None:
        super().__init__()
        self._now = now
        self._real_s = real_s
        self.zone = zone
        self.lang = "vi"
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.tick)
        self.tick()

    def tick(self) -> None:
        """Tell the time again and sleep until the next minute."""
        self.changed.emit()
        at = self._now()
        to_next = 60 - at.second - at.microsecond / 1e6
        self._timer.start(max(50, round(self._real_s(to_next) * 1000)))

    @Property(str, notify=changed)
    def time(self) -> str:
        """Return the time, such as 08:24."""
        return Words(self.lang).time(self._now(), self.zone)

    @Property(str, notify=changed)
    def date(self) -> str:
        """Return the date, such as Thứ Hai, 23/11/2026."""
        return Words(self.lang).date(self._now(), self.zone)
