"""The citizen's view as QML reads it, its touches, and the passing of time."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from hall.citizen.procedures import ProceduresView
from hall.citizen.stops import CHOOSE
from hall.citizen.view import (
    AskView,
    CitizenView,
    CodeView,
    HomeView,
    NoticeView,
    TicketView,
    citizen_view,
)
from hall.maintenance.view import MaintenanceView, maintenance_view
from hall.words import Words
from kiosk.app import Kiosk
from kiosk.controls import Controls
from kiosk.maintenance import Maintenance
from kiosk.speaking.reader import Mouth, Reader
from ui.wall_clock import WallClock

QML_IMPORT_NAME = "kiosk"
QML_IMPORT_MAJOR_VERSION = 1

_ZONE = "Asia/Ho_Chi_Minh"
_SHORTEST_TICK_MS = 50


@QmlElement
class CitizenScreen(QObject):
    """Shows a `CitizenView` and passes touches on.

    A page that goes keeps its last content, so that nothing jumps while it fades.
    """

    changed = Signal()
    home_changed = Signal()
    ask_changed = Signal()
    ticket_changed = Signal()
    notice_changed = Signal()
    procedures_changed = Signal()
    code_changed = Signal()
    reading_changed = Signal()

    def __init__(self, kiosk: Kiosk, reader: Reader, controls: Controls) -> None:
        super().__init__(kiosk)
        self.state = CitizenView()
        self._kiosk = kiosk
        self._reader = reader
        self._controls = controls
        reader.changed.connect(self.reading_changed)
        self._ask, self._ticket, self._notice = AskView(), TicketView(), NoticeView()
        self._procedures = ProceduresView()
        self._code = CodeView()
        kiosk.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what is true now."""
        kiosk = self._kiosk
        self.show(
            citizen_view(
                kiosk.session,
                kiosk.listener.snapshot,
                kiosk.offer,
                printer=kiosk.printing.state,
                rules=kiosk.rules,
                now=kiosk.stage.now(),
                can_speak=kiosk.can_speak,
            )
        )

    def show(self, state: CitizenView) -> None:
        """Show `state`."""
        before, self.state = self.state, state
        if state.ticket and state.ticket != self._ticket:
            self._ticket = state.ticket
            self.ticket_changed.emit()
        if state.ask.question and state.ask != self._ask:
            self._ask = state.ask
            self.ask_changed.emit()
        if state.notice and state.notice != self._notice:
            self._notice = state.notice
            self.notice_changed.emit()
        if state.procedures and state.procedures != self._procedures:
            self._procedures = state.procedures
            self.procedures_changed.emit()
        if state.code and state.code != self._code:
            self._code = state.code
            self.code_changed.emit()
        if state.home != before.home:
            self.home_changed.emit()
        if state != before:
            self.changed.emit()

    @Property(str, notify=changed)
    def page(self) -> str:
        """Return which page is shown, as `Page` names it."""
        return self.state.page

    @Property(bool, notify=changed)
    def large(self) -> bool:
        """Return whether text is 40 % larger."""
        return self.state.large

    @Property(bool, notify=changed)
    def contrast(self) -> bool:
        """Return whether everything is white and yellow on black."""
        return self.state.contrast

    @Property(bool, notify=changed)
    def low(self) -> bool:
        """Return whether everything that can be touched is in the lower half."""
        return self.state.low

    @Property(int, notify=changed)
    def secondsLeft(self) -> int:  # noqa: N802
        """Return the seconds left before the home screen returns, -1 before the countdown."""
        return -1 if self.state.seconds_left is None else self.state.seconds_left

    @Property(int, notify=changed)
    def turned(self) -> int:
        """Return to which page of the services this citizen has turned."""
        return self.state.turned

    @Property(int, notify=changed)
    def leaf(self) -> int:
        """Return to which page of a ticket or notice this citizen has turned."""
        return self.state.leaf

    @Property("QVariantMap", notify=home_changed)  # type: ignore[arg-type, unused-ignore]
    def home(self) -> dict[str, Any]:
        """Return the `HomeView`."""
        return _drawn(self.state.home)

    @Property("QVariantMap", notify=ask_changed)  # type: ignore[arg-type, unused-ignore]
    def ask(self) -> dict[str, Any]:
        """Return the `AskView`, the last one while nothing is asked."""
        return _drawn(self._ask)

    @Property(bool, notify=changed)
    def asks(self) -> bool:
        """Return whether the screen asks if a number is wanted all the same."""
        return self.state.ask.question != ""

    @Property(int, notify=home_changed)
    def tileCount(self) -> int:  # noqa: N802
        """Return how many tiles there are, so that delegates stay when their content changes."""
        return len(self.state.home.tiles)

    @Property("QVariantMap", notify=ticket_changed)  # type: ignore[arg-type, unused-ignore]
    def ticket(self) -> dict[str, Any]:
        """Return the `TicketView`, the last one while there is none."""
        return _drawn(self._ticket)

    @Property("QVariantMap", notify=notice_changed)  # type: ignore[arg-type, unused-ignore]
    def notice(self) -> dict[str, Any]:
        """Return the `NoticeView`, the last one while there is none."""
        return _drawn(self._notice)

    @Property("QVariantMap", notify=procedures_changed)  # type: ignore[arg-type, unused-ignore]
    def procedures(self) -> dict[str, Any]:
        """Return the `ProceduresView`, the last one while it is not shown."""
        return _drawn(self._procedures)

    @Slot(str, str)
    def act(self, control: str, value: str) -> None:
        """Do what a control of that name does with a value, such as a field."""
        self._controls.act(control, value)

    @Slot(int)
    def turnRows(self, page: int) -> None:  # noqa: N802
        """Show another page of names of procedures."""
        self._kiosk.procedures.turn_rows(page)

    @Property("QVariantMap", notify=code_changed)  # type: ignore[arg-type, unused-ignore]
    def code(self) -> dict[str, Any]:
        """Return the `CodeView`, the last one while no code is asked for."""
        return _drawn(self._code)

    @Slot(str)
    def typeLetter(self, letter: str) -> None:  # noqa: N802
        """Take a letter of a code."""
        self._controls.act("typeLetter", letter)

    @Property(str, notify=reading_changed)
    def focusedStop(self) -> str:  # noqa: N802
        """Return the id of the stop at which the keys are; empty when they are at none."""
        stop = self._reader.focused
        return stop.id if stop else ""

    @Property(bool, notify=changed)
    def spoken(self) -> bool:
        """Return whether the screen is read out."""
        return self.state.spoken

    @Property(bool, notify=changed)
    def keys(self) -> bool:
        """Return whether the five keys are in use."""
        return self.state.keys

    @Property(bool, notify=changed)
    def curtain(self) -> bool:
        """Return whether the screen is black for privacy."""
        return self.state.curtain

    @Property(str, notify=reading_changed)
    def spokenText(self) -> str:  # noqa: N802
        """Return what is being read out."""
        return self._reader.text

    @Property(bool, notify=reading_changed)
    def paused(self) -> bool:
        """Return whether the voice rests."""
        return self._reader.paused

    @Slot(str)
    def choose(self, service: str) -> None:
        """Take a number."""
        self._controls.act(CHOOSE, service)

    @Slot(int)
    def turnTo(self, page: int) -> None:  # noqa: N802
        """Show another page of the services, or of what stands in their place."""
        self._kiosk.turn_to(page)

    @Slot(str)
    def tap(self, control: str) -> None:
        """Do what the button of that name says."""
        self._controls.act(control)


@QmlElement
class MaintenanceScreen(QObject):
    """Shows the maintenance menu and passes touches on."""

    changed = Signal()

    def __init__(self, maintenance: Maintenance, lang: Callable[[], str]) -> None:
        super().__init__(maintenance)
        self.state = MaintenanceView()
        self._maintenance = maintenance
        self._lang = lang
        maintenance.changed.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Show what is true now."""
        maintenance = self._maintenance
        before = self.state
        self.state = maintenance_view(maintenance.menu, maintenance.facts, Words(self._lang()))
        if self.state != before:
            self.changed.emit()

    @Property(bool, notify=changed)
    def open(self) -> bool:
        """Return whether the menu lies over the citizens' screen."""
        return self.state.open

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type, unused-ignore]
    def view(self) -> dict[str, Any]:
        """Return the `MaintenanceView`."""
        return _drawn(self.state)

    @Slot()
    def touchEmblem(self) -> None:  # noqa: N802
        """Count a touch of the emblem, which says nothing to citizens."""
        self._maintenance.touch_emblem()

    @Slot(str)
    def act(self, what: str) -> None:
        """Do what the button or key of that name says."""
        self._maintenance.do(what)


class KioskScreens(QObject):
    """Everything the window `Kiosk.qml` shows of one kiosk."""

    def __init__(
        self,
        kiosk: Kiosk,
        maintenance: Maintenance,
        now: Callable[[], datetime],
        real_s: Callable[[float], float],
        mouth: Mouth | None = None,
    ) -> None:
        super().__init__(kiosk)
        controls = Controls(kiosk)
        self.reader = Reader(kiosk, controls, mouth)
        self.screen = CitizenScreen(kiosk, self.reader, controls)
        self.maintenance = MaintenanceScreen(maintenance, lambda: kiosk.session.lang)
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(maintenance.tick)
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
        self._second.start()

    def stop(self) -> None:
        """Let no more time pass."""
        self._timer.stop()
        self._second.stop()

    def properties(self) -> dict[str, QObject]:
        """Return what `Kiosk.qml` requires."""
        return {"citizen": self.screen, "clock": self.clock, "maintenance": self.maintenance}

    @Slot()
    def _set_clock(self) -> None:
        centre, lang = self._kiosk.listener.snapshot.centre, self._kiosk.session.lang
        zone = centre.identity.zone if centre else self.clock.zone
        if (zone, lang) != (self.clock.zone, self.clock.lang):
            self.clock.zone, self.clock.lang = zone, lang
            self.clock.changed.emit()


def _drawn(
    view: HomeView
    | AskView
    | TicketView
    | NoticeView
    | ProceduresView
    | CodeView
    | MaintenanceView,
) -> dict[str, Any]:
    """Return a view as JSON would have it."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(view))
    return plain
