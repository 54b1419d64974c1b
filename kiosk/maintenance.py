"""The maintenance menu's use cases: what a touch does to this machine and to the hall."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from bus.commands import Reply, SetDeviceVolume
from bus.session import Session
from bus.vocabulary import PrintOutcome
from config import load_centre
from hall.maintenance import menu as step
from hall.maintenance.menu import CODE_LENGTH, SHORTEST_PIN, Menu, Note, Page
from hall.maintenance.view import BoxFacts, TrialPage, VoiceFacts
from hardware.printer import PrintResult
from kiosk.app import Kiosk
from kiosk.stage import TapGuard
from provisioning.errors import ProvisioningError
from provisioning.maintenance_pin import MaintenancePin

TOUCHES, WITHIN_S = 5, 3.0
"""The gesture: so many touches of the emblem within so many seconds."""
_VOLUME_STEP = 0.1
_PAGES = {page.value: page for page in Page}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """What the menu may ask of this machine; what it cannot do here is None."""

    pin: MaintenancePin
    version: str = ""
    broker: str = ""
    addresses: Callable[[], tuple[str, ...]] = lambda: ()
    join: Callable[[str, str], None] | None = None
    """Pairs with the server by a code; blocks, and raises ProvisioningError with what to do, in
    the language that is named."""
    restart_program: Callable[[], None] | None = None
    restart_machine: Callable[[], None] | None = None
    """Raises OSError where nobody can be asked."""


class Maintenance(QObject):
    """The menu over the citizens' screen; what citizens do goes on beneath it."""

    changed = Signal()
    _ended = Signal(str)
    """Pairing has ended: why it failed, or nothing."""

    def __init__(
        self, kiosk: Kiosk, link: Session, box: Box, monotonic: Callable[[], float]
    ) -> None:
        """Count real seconds by `monotonic`: a person stands there."""
        super().__init__(kiosk)
        self.menu = Menu()
        self._kiosk = kiosk
        self._link = link
        self._box = box
        self._monotonic = monotonic
        self._guard = TapGuard(monotonic)
        self._emblem: list[float] = []
        self._wanted: dict[str, float] = {}
        """Volumes that were asked for and are not heard yet."""
        self._trial: TrialPage | None = None
        self._trial_order = ""
        kiosk.printing.tested.connect(self._tested)
        kiosk.printing.health_changed.connect(self._facts_changed)
        self._ended.connect(self._join_ended)

    @property
    def facts(self) -> BoxFacts:
        """Return what is true of this machine now."""
        kiosk, link = self._kiosk, self._link
        snapshot, heard = kiosk.listener.snapshot, kiosk.listener.heard_at
        zone = snapshot.centre.identity.zone if snapshot.centre else None
        volumes = kiosk.listener.volumes() if self.menu.page is Page.VOLUME else {}
        return BoxFacts(
            device=link.device,
            version=self._box.version,
            voices=tuple(
                VoiceFacts(
                    known.id,
                    known.place(kiosk.session.lang) if known.place else "",
                    None if volume is None else self._wanted.get(known.id, volume),
                )
                for known, volume in volumes.items()
            ),
            printers={name: each.state for name, each in kiosk.printing.health.printers.items()},
            test=self._trial,
            addresses=self._box.addresses() if self.menu.page is Page.NETWORK else (),
            broker=self._box.broker,
            connected=link.connected,
            service=snapshot.service_up,
            contact=heard.astimezone(zone) if heard else None,
            wait_s=self._box.pin.wait_s,
        )

    def touch_emblem(self) -> None:
        """Count a touch of the emblem; enough of them open the menu."""
        now = self._monotonic()
        self._emblem = [at for at in self._emblem if now - at <= WITHIN_S] + [now]
        if len(self._emblem) >= TOUCHES and not self.menu.open:
            self._emblem.clear()
            self._play(step.opened(now, has_pin=self._box.pin.is_set))

    def do(self, what: str) -> None:
        """Do what the button or key of that name says."""
        now = self._monotonic()
        self.menu = step.touched(self.menu, now)
        verb, _, about = what.partition(":")
        same = len(self.menu.typed) if verb == "key" else ""  # a digit may come twice
        if not self.menu.open or not self._guard.accepts(f"{what} {same}"):
            return
        actions: dict[str, Callable[[], None]] = {
            "close": lambda: self._play(Menu()),
            "back": lambda: self._play(step.back(self.menu)),
            "keep": lambda: self._play(step.back(self.menu)),
            "key": lambda: self._play(step.typed(self.menu, about)),
            "erase": lambda: self._play(step.erased(self.menu)),
            "enter": self._enter,
            "test": self._print_test,
            "quieter": lambda: self._set_volume(about, -_VOLUME_STEP),
            "louder": lambda: self._set_volume(about, _VOLUME_STEP),
            "restart_program": self._restart_program,
            "restart_machine": self._restart_machine,
        }
        if verb in actions:
            if verb in _OPEN_TO_ALL or self.menu.admitted:
                actions[verb]()
        elif what in _PAGES:
            self._turn(_PAGES[what])

    @Slot()
    def tick(self) -> None:
        """Note that time has passed."""
        if self.menu.open:
            self._play(step.ticked(self.menu, self._monotonic()))
            self.changed.emit()

    def _turn(self, page: Page) -> None:
        if self.menu.admitted and page not in (Page.CLOSED, Page.UNSET, Page.PIN):
            self._play(step.at(self.menu, page))

    def _enter(self) -> None:
        if self.menu.page is Page.PIN:
            self._check_pin()
        elif self.menu.page is Page.PAIRING:
            self._join()

    def _check_pin(self) -> None:
        if len(self.menu.typed) < SHORTEST_PIN:
            self._play(step.noted(self.menu, Note.TOO_SHORT))
        elif self._box.pin.check(self.menu.typed):
            _log.info("maintenance menu opened device=%s", self._link.device)
            self._play(step.admitted(self.menu))
        else:
            self._play(step.noted(self.menu, Note.WRONG_PIN))

    def _set_volume(self, device: str, change: float) -> None:
        known = {each.id: volume for each, volume in self._kiosk.listener.volumes().items()}
        volume = self._wanted.get(device, known.get(device))
        if volume is None:
            return
        self._wanted[device] = volume = min(1.0, max(0.0, round(volume + change, 1)))
        self._play(step.noted(self.menu, Note.NONE))
        self.changed.emit()
        command = SetDeviceVolume(device=device, volume=volume)
        self._link.ask(command, lambda reply: self._volume_answered(device, volume, reply))

    def _volume_answered(self, device: str, volume: float, reply: Reply) -> None:
        if reply.ok:
            return
        if self._wanted.get(device) == volume:
            del self._wanted[device]
        if self.menu.page is Page.VOLUME:
            self._play(step.noted(self.menu, Note.NOT_SENT))

    def _print_test(self) -> None:
        if self._trial and self._trial.printing:
            return
        self._trial, self._trial_order = TrialPage(printing=True), self._link.new_id()
        self.changed.emit()
        centre = self._kiosk.listener.snapshot.centre or load_centre()
        self._kiosk.printing.print_test(centre, self._trial_order, self._link.now())

    @Slot(str, object)
    def _tested(self, order: str, result: PrintResult) -> None:
        if order != self._trial_order:
            return
        printed = {PrintOutcome.PRINTED: True, PrintOutcome.FAILED: False}.get(result.outcome)
        trouble = result.reason.value if result.reason else ""
        self._trial = TrialPage(printed=False if result.lost else printed, trouble=trouble)
        self.changed.emit()

    def _join(self) -> None:
        join, code, lang = self._box.join, self.menu.typed, self._kiosk.session.lang
        if len(code) < CODE_LENGTH:
            self._play(step.noted(self.menu, Note.TOO_SHORT))
        elif join and self.menu.note is not Note.JOINING:
            self._play(step.noted(self.menu, Note.JOINING))
            threading.Thread(target=self._join_by, args=(join, code, lang), daemon=True).start()

    def _join_by(self, join: Callable[[str, str], None], code: str, lang: str) -> None:
        """Pair, on a thread of its own; its end is told on this object's thread."""
        try:
            join(code, lang)
        except (ProvisioningError, OSError) as error:
            self._ended.emit(str(error) or repr(error))
        except Exception:  # noqa: BLE001 - outermost: the menu must not say "joining" for ever
            _log.exception("pairing failed")
            self._ended.emit("?")
        else:
            self._ended.emit("")

    @Slot(str)
    def _join_ended(self, why: str) -> None:
        if self.menu.page is Page.PAIRING:
            self._play(step.noted(self.menu, Note.NOT_JOINED if why else Note.JOINED, why))

    def _restart_program(self) -> None:
        self._restart(self._box.restart_program)

    def _restart_machine(self) -> None:
        self._restart(self._box.restart_machine)

    def _restart(self, restart: Callable[[], None] | None) -> None:
        asked = step.at(self.menu, Page.RESTART)
        if restart is None:
            self._play(step.noted(asked, Note.NO_SYSTEMD))
            return
        try:
            restart()
        except OSError as error:
            self._play(step.noted(asked, Note.NOT_SENT, error.strerror or str(error)))
            return
        _log.info("restart asked for at the kiosk device=%s", self._link.device)
        self._play(step.noted(asked, Note.RESTARTING))

    @Slot(object)
    def _facts_changed(self, _health: object) -> None:
        if self.menu.open:
            self.changed.emit()

    def _play(self, menu: Menu) -> None:
        before, self.menu = self.menu, menu
        if menu.page is not before.page:
            self._guard.screen_changed()
            self._wanted.clear()
            if menu.page is not Page.PRINTER:
                self._trial = None
            self._kiosk.listener.follow_voices(wanted=menu.page is Page.VOLUME)
        if menu != before:
            self.changed.emit()


_OPEN_TO_ALL = frozenset({"close", "back", "key", "erase", "enter"})
