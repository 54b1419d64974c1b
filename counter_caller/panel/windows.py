"""The counter's two windows, of which one is shown."""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QRect, QSettings, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtQuick import QQuickWindow

from bus.orders import AnyOrder, Blink
from bus.typed import read_json
from bus.vocabulary import OrderOutcome, SkipReason
from config.settings import PanelBox, Screen
from counter_caller.panel.counter_panel import CounterPanel
from ui.application import Application
from ui.screens import find_screen, place

_log = logging.getLogger(__name__)

Place = tuple[int, int, int, int]
Report = Callable[..., None]
"""Says of an order what became of it, and why."""


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered; places are x, y, width and height on the desktop."""

    compact: bool = False
    window: Place | None = None
    bar: Place | None = None
    configured: Place | None = None
    """What the box's settings said then: new settings win over what is remembered."""


@dataclass(frozen=True, slots=True)
class WindowMemory:
    """One counter's file."""

    file: Path
    configured: Place | None = None

    def recall(self) -> Layout:
        """Return what was remembered; nothing when the file is missing, broken or outdated."""
        fresh = Layout(configured=self.configured)
        try:
            layout = read_json(self.file.read_bytes(), Layout)
        except FileNotFoundError:
            return fresh
        except (OSError, ValueError, RecursionError) as error:
            _log.info("window layout forgotten file=%s error=%s", self.file, error)
            return fresh
        return layout if layout.configured == self.configured else fresh

    def remember(self, layout: Layout) -> None:
        """Write the layout; a disk that refuses costs the officer no more than a drag."""
        layout = msgspec.structs.replace(layout, configured=self.configured)
        new = self.file.with_suffix(".new")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            new.write_bytes(msgspec.json.encode(layout))
            new.replace(self.file)
        except OSError as error:
            _log.info("window layout not kept file=%s error=%s", self.file, error)


_SETTLED_MS = 1000
_REACHABLE_PX = 40
_MODULE = "counter_caller.panel"
_USUAL_DPI = 96.0
_SMALLEST, _LARGEST = 1.0, 1.75
_WINDOWS_KEY = "HKEY_CURRENT_USER\\Software\\Microsoft\\Accessibility"


class Windows(QObject):
    """Shows the window or the bar where it was left, and remembers where it is moved."""

    def __init__(
        self,
        panel: CounterPanel,
        window: QQuickWindow,
        bar: QQuickWindow,
        screen: Screen,
        memory: WindowMemory,
    ) -> None:
        super().__init__()
        self.window = window
        self.bar = bar
        self._panel = panel
        self._memory = memory
        self._layout = memory.recall()
        self._settled = QTimer(window)  # which it must not outlive
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLED_MS)
        self._settled.timeout.connect(self.remember)
        place(window, screen)
        if self._layout.window and _reachable(self._layout.window):
            window.setGeometry(*self._layout.window)
        if self._layout.compact:
            panel.toggleCompact()
        self.show()
        panel.compactChanged.connect(self.show)
        for each in (window, bar):
            for signal in (each.xChanged, each.yChanged, each.widthChanged, each.heightChanged):
                signal.connect(self._moved)

    @Slot()
    def show(self) -> None:
        """Show the one and hide the other; at no moment is there none."""
        compact = self._panel.is_compact
        shown, hidden = (self.bar, self.window) if compact else (self.window, self.bar)
        shown.show()
        if compact:
            self._put_bar()
        hidden.hide()
        self._settled.start()

    def take_order(self, order: AnyOrder, report: Report) -> None:
        """Draw the officer's eye to the window that is shown: a manager tests this counter."""
        if not isinstance(order, Blink):
            return
        shown = self.bar if self._panel.is_compact else self.window
        if not shown.isVisible():
            report(order.id, OrderOutcome.FAILED, SkipReason.SCREEN_OFF)
            return
        shown.alert(order.seconds * 1000)
        report(order.id, OrderOutcome.DONE)

    @Slot()
    def remember(self) -> None:
        """Keep how things stand."""
        compact = self._panel.is_compact
        window = self._layout.window if compact else _place_of(self.window)
        bar = _place_of(self.bar) if compact else self._layout.bar
        layout = Layout(compact=compact, window=window, bar=bar)
        if layout != self._layout:
            self._layout = layout
            self._memory.remember(layout)

    @Slot()
    def _moved(self) -> None:
        self._settled.start()

    def _put_bar(self) -> None:
        """Put the bar where it was left, else where the window's top is."""
        left = self._layout.bar
        if left and _reachable(left):
            self.bar.setPosition(left[0], left[1])
        else:
            self.bar.setPosition(self.window.x(), self.window.y())


def open_windows(
    application: Application, panel: CounterPanel, box: PanelBox, data: Path
) -> Windows:
    """Load both windows and show the one that was left open."""
    scale = text_scale(find_screen(box.screen.screen))
    window = application.load(_MODULE, "CounterWindow", vm=panel, textScale=scale)
    bar = application.load(_MODULE, "CounterBar", vm=panel, textScale=scale)
    memory = WindowMemory(data / "panels" / f"{box.device}.json", box.screen.geometry)
    windows = Windows(panel, window, bar, box.screen, memory)
    application.qt.aboutToQuit.connect(windows.remember)
    return windows


def _place_of(window: QQuickWindow) -> Place:
    return window.x(), window.y(), window.width(), window.height()


def _reachable(left: Place) -> bool:
    """Return whether enough of a window would lie on a screen to take hold of it."""
    rect = QRect(*left)
    for screen in QGuiApplication.screens():
        seen = screen.availableGeometry().intersected(rect)
        if seen.width() >= _REACHABLE_PX and seen.height() >= _REACHABLE_PX:
            return True
    return False


def text_scale(screen: QScreen) -> float:
    """Return the system's text scale; on Windows beside, elsewhere within the screen's DPI."""
    if os.name == "nt":
        settings = QSettings(_WINDOWS_KEY, QSettings.Format.NativeFormat)
        return bounded(float(str(settings.value("TextScaleFactor", 100))) / 100)
    return bounded(screen.logicalDotsPerInch() / _USUAL_DPI)


def bounded(wanted: float) -> float:
    """Return a scale at which the window still fits a small screen."""
    return min(_LARGEST, max(_SMALLEST, wanted))
