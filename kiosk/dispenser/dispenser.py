"""From a push to a paper: what the kiosk does for a touch, without a screen in between."""

import logging
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal, Slot

from bus.vocabulary import Error, UnitState
from config.settings import DispenserBox
from hall.citizen.session import Page, PageNotice
from hall.citizen.view import notice_view
from hall.words import Words
from hardware.keypad import CallDevice, Press, Readout
from kiosk.app import Kiosk
from kiosk.dispenser.pushes import Heard, Pushes
from kiosk.offline_desk import After
from ui.owner import queued

_log = logging.getLogger(__name__)

SAID_AGAIN_AFTER_S = 10.0
"""A paper that says why there is no number comes once in so long for the same service."""
_WHY = {PageNotice.FULL: Error.FULL, PageNotice.TOO_FAST: Error.TOO_FAST}
_TROUBLED = frozenset({UnitState.OFFLINE, UnitState.SHARED, UnitState.FAULT})


class Dispenser(QObject):
    """The buttons of one kiosk. Driver's threads post; everything else is on Qt's thread."""

    _pressed = Signal(object)
    _told = Signal(str, object, str)

    def __init__(
        self,
        kiosk: Kiosk,
        box: DispenserBox,
        device: CallDevice,
        *,
        real_monotonic: Callable[[], float],
        after: After,
        now: Callable[[], datetime],
    ) -> None:
        """Time pushes by `real_monotonic`: fingers are a person's, whatever the centre's clock."""
        super().__init__(kiosk)
        self._kiosk = kiosk
        self._keys = box.keys
        self._device = device
        self._pushes = Pushes(box.again_after_s, box.most_per_minute)
        self._monotonic = real_monotonic
        self._after = after
        self._now = now
        self._said: dict[tuple[str, PageNotice], float] = {}
        self._lit: bool | None = None
        self._due = False
        kiosk.buttons = UnitState.UNKNOWN
        queued(self._pressed, self._take)
        queued(self._told, self._note)
        kiosk.stage.changed.connect(self._look)
        kiosk.changed.connect(self._show_light)
        kiosk.printing.health_changed.connect(self._show_light)

    def start(self) -> None:
        """Listen to the buttons, and keep opening them."""
        self._device.start(self._pressed.emit, self._told.emit)
        self._show_light()

    def stop(self) -> None:
        """Let the buttons go."""
        self._device.stop()

    @property
    def ready(self) -> bool:
        """Return whether a push brings a paper now: without one a number is nobody's."""
        return bool(self._kiosk.offer.tiles) and self._kiosk.printing.state.can_print

    # On Qt's thread -----------------------------------------------------------------------

    @Slot(object)
    def _take(self, press: Press) -> None:
        if press.key not in self._keys:
            return
        heard = self._pushes.take(press.key, press.at)
        if heard is Heard.TOO_MANY:
            _log.info("push refused button=%s", press.key)
            self._refuse(Error.TOO_FAST)
        elif heard is Heard.MEANT:
            self._go_on()

    @Slot(str, object, str)
    def _note(self, _unit: str, state: UnitState, why: str) -> None:
        level = logging.WARNING if state in _TROUBLED else logging.INFO
        _log.log(level, "buttons %s %s", state, why)
        self._kiosk.buttons = state
        self._kiosk.tell_health()

    @Slot()
    def _look(self) -> None:
        """Go on once a number is there, or is known not to come; not within what brought it."""
        if self._kiosk.session.page in (Page.TICKET, Page.NOTICE) and not self._due:
            self._due = True
            self._after(0.0, self._settle)

    def _settle(self) -> None:
        self._due = False
        session = self._kiosk.session
        if session.page is Page.NOTICE and session.notice:
            self._say(session.notice, session.about)
        if session.page in (Page.TICKET, Page.NOTICE):
            self._kiosk.be_ready()
        self._go_on()

    def _go_on(self) -> None:
        """Take the numbers that were pushed for, each once the one before it is settled."""
        while self._kiosk.session.page is Page.HOME:
            push = self._pushes.next(self._monotonic())
            if push is None:
                return
            button = self._keys[push.key]
            self._kiosk.refresh()
            tile = self._kiosk.offer.tile(button.service)
            if tile is None or not self.ready:
                self._refuse(Error.UNAVAILABLE)
            elif tile.notice:
                self._say(tile.notice, button.service)
            else:
                self._kiosk.take_for(button.service, priority=button.priority)

    def _say(self, notice: PageNotice, service: str) -> None:
        """Print why there is no number, and from when on there are some."""
        self._refuse(_WHY.get(notice, Error.CLOSED))
        now, centre = self._monotonic(), self._kiosk.listener.snapshot.centre
        said = self._said.get((service, notice))
        if centre is None or (said is not None and now - said < SAID_AGAIN_AFTER_S):
            return
        self._said[service, notice] = now
        view = notice_view(notice, service, self._kiosk.offer, Words("vi"))
        self._kiosk.printing.print_notice(centre, view.title, view.advice, self._now())

    def _refuse(self, why: Error) -> None:
        for unit in self._device.units:
            self._device.refuse(unit, why)

    @Slot()
    def _show_light(self) -> None:
        """Light the box while a push brings a paper."""
        if self.ready is self._lit:
            return
        self._lit = self.ready
        for unit in self._device.units:
            self._device.show(unit, Readout(waiting=0) if self._lit else Readout())
