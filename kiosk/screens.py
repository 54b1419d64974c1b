"""The kiosk's view-models, the clock they share, and the passing of time."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimer, Slot

from kiosk.app import Kiosk
from kiosk.frame import Frame
from kiosk.home import HomeScreen
from kiosk.ticket import TicketScreen
from ui.wall_clock import WallClock

_ZONE = "Asia/Ho_Chi_Minh"
_SHORTEST_TICK_MS = 50


class KioskScreens(QObject):
    """Everything the window `Kiosk.qml` shows of one kiosk."""

    def __init__(
        self, kiosk: Kiosk, now: Callable[[], datetime], real_s: Callable[[float], float]
    ) -> None:
        super().__init__(kiosk)
        self.frame = Frame(kiosk)
        self.home = HomeScreen(kiosk)
        self.ticket = TicketScreen(kiosk)
        self.clock = WallClock(now, real_s, ZoneInfo(_ZONE))
        self.clock.setParent(self)
        self._kiosk = kiosk
        self._timer = QTimer(self)
        self._timer.setInterval(max(_SHORTEST_TICK_MS, round(real_s(1) * 1000)))
        self._timer.timeout.connect(kiosk.tick)
        kiosk.changed.connect(self._set_clock)
        self._set_clock()

    def start(self) -> None:
        """Let time pass."""
        self._timer.start()

    def stop(self) -> None:
        """Let no more time pass."""
        self._timer.stop()

    def properties(self) -> dict[str, QObject]:
        """Return what `Kiosk.qml` requires."""
        return {
            "frame": self.frame,
            "home": self.home,
            "ticket": self.ticket,
            "clock": self.clock,
        }

    @Slot()
    def _set_clock(self) -> None:
        centre, lang = self._kiosk.listener.known.centre, self._kiosk.session.lang
        zone = centre.identity.zone if centre else self.clock.zone
        if (zone, lang) != (self.clock.zone, self.clock.lang):
            self.clock.zone, self.clock.lang = zone, lang
            self.clock.changed.emit()
