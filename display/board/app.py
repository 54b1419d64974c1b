"""A board of this box: a window that shows a screen's scene and says what it painted."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtQuick import QQuickWindow

from bus.health import BoardHealth
from bus.orders import AnyOrder, Blink, ShowNotice
from bus.session import Session
from bus.states import BoardState, Notice
from bus.vocabulary import OrderOutcome, SkipReason
from config import Clock
from config.settings import BoardBox
from display.board.screen import BoardScreen
from hall.board.scene import View
from hall.board.screen import Screen, Screens
from hall.model import Hall
from ui.wall_clock import WallClock

_log = logging.getLogger(__name__)

_TICK_MS = (20, 250)
_TELL_EVERY_S = 2.0
"""A busy hall's state changes many times a second; its boards' statuses do not."""


class DisplayProgress:
    """The state whose `epoch` and `rev` were told last; times are real monotonic seconds."""

    def __init__(self) -> None:
        self._told: BoardState | None = None
        self._told_at_s = float("-inf")

    def tell(self, board: BoardState | None, at_s: float) -> BoardState | None:
        """Return the state to tell of, a newer one at most every 2 s."""
        told = self._told
        news = not told or (board and (board.epoch, board.rev) != (told.epoch, told.rev))
        if board and news and at_s - self._told_at_s >= _TELL_EVERY_S:
            self._told, self._told_at_s = board, at_s
        return self._told


class Board(QObject):
    """One board; everything here runs on the screen's thread."""

    def __init__(
        self,
        link: Session,
        box: BoardBox,
        screen: BoardScreen,
        wall_clock: WallClock,
        *,
        clock: Clock,
        real: Callable[[], float],
    ) -> None:
        """Show the hall of `link` on `screen`; `real` counts real seconds."""
        super().__init__()
        self._link = link
        self._counters = frozenset(box.counters)
        self._others = frozenset(box.stands_in_for)
        # Off until they are heard: a broker that has restarted knows no statuses.
        self._away = self._others
        self._grid = box.layout == "grid"
        self._qml = screen
        self._wall_clock = wall_clock
        self._clock = clock
        self._real = real
        self._window: QQuickWindow | None = None
        self._awaits_frame = False
        self._hall = Hall(link)
        self._hall.follow_board()
        self._hall.follow_devices(self._others)
        self._screens = Screens(self._hall, link.acknowledge, now=link.now, clock=clock)
        self._screen = Screen(self._view())
        self._screens.open(self._screen)
        self._progress = DisplayProgress()
        self._blinks_until_s = clock.monotonic()
        self._unpainted_blink: str | None = None
        """The order of a blink that no frame has shown yet."""
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh)
        self._hall.watch(self._take)
        link.follow_orders(self._take_order)

    def show(self, window: QQuickWindow) -> None:
        """Work with `window`, which is on its screen now."""
        self._window = window
        window.frameSwapped.connect(self._take_frame)
        window.destroyed.connect(self._lose_window)
        self._qml.fitted.connect(self._fit)
        shortest, longest = _TICK_MS
        self._timer.start(min(longest, max(shortest, round(self._clock.real_s(1) * 1000))))
        self._qml.media_show.start()
        self.refresh()

    def stop(self) -> None:
        """Stop looking at the clock and leave the bus."""
        self._window = None
        self._timer.stop()
        self._qml.media_show.stop()
        self._link.stop()

    @Slot()
    def refresh(self) -> None:
        """Show the present, and ask for a frame where one is news to the service."""
        window, screen = self._window, self._screen
        if window is None:
            return
        if window.isExposed() != screen.seen:
            _log.info("window seen board=%s exposed=%s", self._link.device, not screen.seen)
            self._screens.look(screen, seen=not screen.seen)
        blinks = self._clock.monotonic() < self._blinks_until_s
        screen.label = self._link.device if blinks else ""
        self._screens.refresh()
        self._qml.show(screen.scene)
        self._awaits_frame = screen.awaits_paint
        if (self._awaits_frame or self._unpainted_blink) and screen.seen:
            window.requestUpdate()
        shown = self._progress.tell(self._hall.state.board, self._real())
        media = self._qml.media_show.stock
        self._link.set_health(
            BoardHealth(
                screen=window.screen().name(),
                layout=str(self._qml.layout),
                stale=screen.scene.stale,
                exposed=screen.seen,
                counters=tuple(sorted(self._counters)),
                epoch=shown.epoch if shown else None,
                rev=shown.rev if shown else None,
                media=media.ready if media else 0,
                media_broken=media.broken if media else 0,
                media_note=self._qml.media_show.note,
            )
        )

    def _take(self, what: str) -> None:
        """Take news of the hall; the screens have taken theirs."""
        heard = self._hall.state
        if what == "centre" and heard.centre:
            self._wall_clock.zone = heard.centre.identity.zone
            self._wall_clock.tick()
        elif what in {"link", "devices"}:
            there = {device for device, status in heard.devices.items() if status.online}
            self._away = self._others - there
        elif what == "service":
            return  # the next refresh shows it, and may have asked for it
        self._fit()

    def _take_order(self, order: AnyOrder) -> None:
        if isinstance(order, Blink):
            self._blink(order)
        elif isinstance(order, ShowNotice):
            self._screens.take_notice(Notice(text=order.text, until=order.until))
        self.refresh()

    def _blink(self, order: Blink) -> None:
        """Show which board this is; a dark screen says so instead."""
        if self._window is None or not self._window.isExposed():
            self._link.report(order.id, OrderOutcome.FAILED, SkipReason.SCREEN_OFF)
            return
        self._blinks_until_s = self._clock.monotonic() + order.seconds
        self._unpainted_blink = order.id

    @Slot()
    def _take_frame(self) -> None:
        """Acknowledge what the frame showed that has just reached the screen."""
        if self._unpainted_blink and self._qml.state.label and self._window:
            self._link.report(self._unpainted_blink, OrderOutcome.DONE)
            self._unpainted_blink = None
        if not self._awaits_frame or self._window is None or not self._window.isExposed():
            return
        self._awaits_frame = False
        self._screens.paint(self._screen, self._qml.state)

    @Slot()
    def _lose_window(self) -> None:
        """Let go of a window that Qt has deleted: it can be asked for nothing more."""
        self._window = None
        self._timer.stop()

    @Slot()
    def _fit(self) -> None:
        """Show the part of the hall that belongs on this screen and fits it."""
        self._screens.show(self._screen, self._view())
        self.refresh()

    def _view(self) -> View:
        return View(
            counters=frozenset() if self._away else self._counters,
            rows=self._qml.rows_fit,
            missed=self._qml.missed_fit,
            page_s=self._screens.page_s,
            letters=self._qml.letters_fit,
            grid=self._grid,
        )
