"""Follow the hall, keep the screen right, and acknowledge only what was painted."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtQuick import QQuickWindow

from bus.orders import Acknowledgement, AnyOrder, Blink, ShowNotice
from bus.session import Session
from bus.states import Notice
from config import Clock
from config.settings import BoardBox, Rules
from display.board.progress import Progress
from display.board.screen import BoardScreen
from hall.board.receipts import Receipts
from hall.board.scene import Hall, View, compose
from hall.model import Hall as HallModel
from ui.wall_clock import WallClock

_log = logging.getLogger(__name__)

_TICK_MS = (20, 250)
_PAGE_S = 8.0
_PAGE_REAL_S = 4.0
_MOST_NOTICES = 20


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
        """Show the hall of `link` on `screen`; `real` counts the wall's seconds."""
        super().__init__()
        self._link = link
        self._counters = frozenset(box.counters)
        self._others = frozenset(box.stands_in_for)
        # Off until they are heard: a broker that has restarted knows no statuses.
        self._away = self._others
        self._grid = box.layout == "grid"
        self._screen = screen
        self._wall_clock = wall_clock
        self._clock = clock
        self._real = real
        self._window: QQuickWindow | None = None
        self._exposed = False
        self._awaits_frame = False
        self._hall = Hall()
        self._receipts = Receipts(by_counter=self._grid)
        self._progress = Progress()
        self._blinks_until_s = clock.monotonic()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh)
        self._model = HallModel(link, real)
        self._model.follow_board()
        self._model.follow_devices(self._others)
        self._model.watch(self._take)
        link.follow_orders(self._take_order)

    def show(self, window: QQuickWindow) -> None:
        """Work with `window`, which is on its screen now."""
        self._window = window
        window.frameSwapped.connect(self._take_frame)
        self._screen.fitted.connect(self.refresh)
        shortest, longest = _TICK_MS
        self._timer.start(min(longest, max(shortest, round(self._clock.real_s(1) * 1000))))
        self._screen.media_show.start()
        self.refresh()

    def stop(self) -> None:
        """Stop looking at the clock and leave the bus."""
        self._timer.stop()
        self._screen.media_show.stop()
        self._link.stop()

    @Slot()
    def refresh(self) -> None:
        """Show the present, and ask for a frame where one is news to the service."""
        if self._window is None:
            return
        self._look_at(self._window)
        self._model.look()
        at_s = self._clock.monotonic()
        scene = compose(
            self._hall,
            self._link.now(),
            stale=self._model.stale,
            progress=self._receipts.progress(at_s),
            view=self._view(),
            label=self._link.device if at_s < self._blinks_until_s else "",
        )
        if scene.stale != self._screen.state.stale:
            _log.info("numbers checked board=%s stale=%s", self._link.device, scene.stale)
        self._screen.show(scene)
        self._awaits_frame = self._receipts.awaits_frame(scene.painted, scene.called)
        if self._awaits_frame and self._exposed:
            self._window.requestUpdate()
        name = self._window.screen().name() or "unnamed"
        health = {"screen": name, "layout": self._screen.layout}
        health |= {"stale": scene.stale, "exposed": self._exposed}
        health |= self._screen.media_show.health
        if self._counters:
            health["counters"] = sorted(self._counters)
        self._link.set_health(health | self._progress.tell(self._hall.board, self._real()))

    def _take(self, what: str) -> None:
        """Take news of the hall."""
        heard = self._model.state
        match what:
            case "centre" if heard.centre:
                self._wall_clock.zone = heard.centre.identity.zone
                self._wall_clock.tick()
            case "link" | "devices":
                there = {device for device, status in heard.devices.items() if status.online}
                self._away = self._others - there
            case "service":
                return  # the next look shows it
            case _:
                pass
        self._hall = replace(self._hall, centre=heard.centre, board=heard.board)
        if what != "link":
            self._receive()
        self.refresh()

    def _take_order(self, order: AnyOrder) -> None:
        if isinstance(order, Blink):
            self._blinks_until_s = self._clock.monotonic() + order.seconds
        elif isinstance(order, ShowNotice):
            now = self._link.now()
            kept = [notice for notice in self._hall.notices if notice.until > now]
            notice = Notice(text=order.text, until=order.until)
            self._hall = replace(self._hall, notices=(*kept[1 - _MOST_NOTICES :], notice))
        self.refresh()

    @Slot()
    def _take_frame(self) -> None:
        """Acknowledge what the frame showed that has just reached the screen."""
        if not self._awaits_frame or self._window is None or not self._window.isExposed():
            return
        self._awaits_frame = False
        scene = self._screen.state
        self._say(self._receipts.paint(scene.painted, scene.called, self._clock.monotonic()))

    def _look_at(self, window: QQuickWindow) -> None:
        """Begin anew with the calls of the present when the window comes into sight."""
        exposed = window.isExposed()
        if exposed == self._exposed:
            return
        self._exposed = exposed
        _log.info("window seen board=%s exposed=%s", self._link.device, exposed)
        if exposed:
            max_age_s = self._rules.speak_max_age_s
            self._say(self._receipts.drop_missed(self._link.now(), max_age_s))
            self._receive()

    def _receive(self) -> None:
        """Take the calls of the newest state, if there is a screen to show them on."""
        board = self._hall.board
        if board is None or self._hall.centre is None or not self._exposed:
            return
        view = self._view()
        calls = [call for call in board.calls if view.shows(call.counter)]
        at_s, max_age_s = self._clock.monotonic(), self._rules.speak_max_age_s
        self._say(self._receipts.receive(board, calls, at_s, max_age_s))

    def _say(self, acknowledgements: Iterable[Acknowledgement]) -> None:
        for acknowledgement in acknowledgements:
            self._link.acknowledge(acknowledgement)

    @property
    def _rules(self) -> Rules:
        return self._hall.centre.rules if self._hall.centre else Rules()

    def _view(self) -> View:
        """Return the part of the hall on this screen; pages stand long enough at any speed."""
        page_s = max(_PAGE_S, _PAGE_REAL_S * self._clock.speed)
        return View(
            counters=frozenset() if self._away else self._counters,
            rows=self._screen.rows_fit,
            page_s=page_s,
            letters=self._screen.letters_fit,
            grid=self._grid,
        )
