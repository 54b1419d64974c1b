"""What this kiosk hears of the centre, remembered for a start without the service."""

import logging
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from bus.session import Session
from bus.states import ConfigState
from config import ConfigError, centre_from_wire
from hall.citizen.last_known import LastKnownFile
from hall.citizen.offering import Known
from hall.model import Hall
from kiosk.offline_desk import OfflineDesk

_log = logging.getLogger(__name__)


class Listener(QObject):
    """Keeps `known` up to date and tells when it changes, and when the service is back."""

    changed = Signal()
    service_back = Signal()

    def __init__(
        self,
        link: Session,
        desk: OfflineDesk,
        file: LastKnownFile,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.known = Known()
        self._hall = Hall(link)
        self._hall.follow_services()
        self._hall.watch(self._hear)
        self._desk = desk
        self._file = file
        self._config: ConfigState | None = None
        if desk.has_book:
            self._remember()

    def look(self) -> None:
        """Notice a service that falls silent."""
        self._hall.look()

    def _hear(self, what: str) -> None:
        hall = self._hall.state
        if what == "centre":
            self._config = hall.config
            self.known = replace(self.known, centre=hall.centre)
        elif what == "services":
            self.known = replace(self.known, services=hall.services)
        elif what == "service":
            self.known = replace(self.known, service_up=hall.service_there)
        else:
            return
        self._learn()
        if what == "service" and hall.service_there:
            self.service_back.emit()

    def _learn(self) -> None:
        """Only a living service makes or corrects the book: what a broker keeps may be old."""
        known = self.known
        if known.service_up and known.centre and known.services:
            self._desk.learn(known.services)
            self._file.write(self._config, known.services)
        can_give = known.centre is not None and self._desk.can_give(known.centre)
        self.known = replace(known, has_book=can_give)
        self.changed.emit()

    def _remember(self) -> None:
        last = self._file.read()
        self.known = replace(self.known, services=last.services)
        if last.config:
            try:
                self.known = replace(self.known, centre=centre_from_wire(last.config.centre))
            except ConfigError as error:
                _log.warning("remembered configuration not understood error=%s", error)
            else:
                self._config = last.config
        self._learn()
