"""The ticket screen's view-model."""

from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from hall.citizen.session import Paper, can_copy, can_void, idle_fraction
from kiosk.app import Kiosk

QML_IMPORT_NAME = "kiosk"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketState:
    """What the ticket screen shows."""

    number: str = ""
    service: str = ""
    ahead: int | None = None
    wait_min: tuple[int, int] | None = None
    paper: Paper = Paper.PRINTING
    trouble: str = ""
    can_void: bool = False
    voiding: bool = False
    can_copy: bool = False
    left: float = 1.0
    """How much of the time until the home screen returns is left."""


def ticket_state(kiosk: Kiosk, last: TicketState) -> TicketState:
    """Return what the ticket screen of `kiosk` shows now; `last` while it has no ticket."""
    session, now = kiosk.session, kiosk.stage.now()
    shown, centre = session.ticket, kiosk.listener.known.centre
    if shown is None:
        return last
    services = centre.services if centre else ()
    names = {service.code: service.name(session.lang) for service in services}
    return TicketState(
        number=shown.number,
        service=names.get(shown.service, shown.service),
        ahead=shown.ahead,
        wait_min=shown.wait_min,
        paper=shown.paper,
        trouble=shown.trouble,
        can_void=can_void(session, kiosk.rules, now),
        voiding=shown.voiding,
        can_copy=can_copy(session),
        left=idle_fraction(session, kiosk.rules, now),
    )


@QmlElement
class TicketScreen(QObject):
    """Shows a `TicketState`, and passes touches on."""

    changed = Signal()

    def __init__(self, kiosk: Kiosk) -> None:
        super().__init__(kiosk)
        self.state = ticket_state(kiosk, TicketState())
        self._kiosk = kiosk
        kiosk.changed.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Show what is true now."""
        self.show(ticket_state(self._kiosk, self.state))

    def show(self, state: TicketState) -> None:
        """Show `state`."""
        if state != self.state:
            self.state = state
            self.changed.emit()

    @Property(str, notify=changed)
    def number(self) -> str:
        """Return the number."""
        return self.state.number

    @Property(str, notify=changed)
    def service(self) -> str:
        """Return the service's name."""
        return self.state.service

    @Property(int, notify=changed)
    def ahead(self) -> int:
        """Return how many wait before, -1 when nobody can say."""
        return -1 if self.state.ahead is None else self.state.ahead

    @Property(int, notify=changed)
    def low(self) -> int:
        """Return the shorter expected wait in minutes, -1 when nobody can say."""
        return self.state.wait_min[0] if self.state.wait_min else -1

    @Property(int, notify=changed)
    def high(self) -> int:
        """Return the longer expected wait in minutes, -1 when nobody can say."""
        return self.state.wait_min[1] if self.state.wait_min else -1

    @Property(str, notify=changed)
    def paper(self) -> str:
        """Return where the paper is, as `Paper` names it."""
        return self.state.paper.value

    @Property(str, notify=changed)
    def trouble(self) -> str:
        """Return why the paper is missing, as the printer's `Reason` names it."""
        return self.state.trouble

    @Property(bool, notify=changed)
    def canVoid(self) -> bool:  # noqa: N802
        """Return whether the number can be given back here."""
        return self.state.can_void and not self.state.voiding

    @Property(bool, notify=changed)
    def canCopy(self) -> bool:  # noqa: N802
        """Return whether a marked copy is on offer."""
        return self.state.can_copy

    @Property(float, notify=changed)
    def left(self) -> float:
        """Return how much of the time until the home screen returns is left, 1 to 0."""
        return self.state.left

    @Slot()
    def finish(self) -> None:
        """End this citizen's turn at the kiosk."""
        self._kiosk.finish()

    @Slot()
    def voidNumber(self) -> None:  # noqa: N802
        """Give the number back."""
        self._kiosk.void()

    @Slot()
    def printCopy(self) -> None:  # noqa: N802
        """Print a marked copy."""
        self._kiosk.copy()
