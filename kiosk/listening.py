"""What this kiosk hears of the centre, remembered for a start without the service."""

import logging
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from bus.session import Session
from bus.states import ConfigState, DeviceStatus, ServicesState
from config import ConfigError, centre_from_wire
from hall.citizen.last_known import LastKnownFile
from hall.citizen.offering import Known
from kiosk.offline_desk import OfflineDesk

_log = logging.getLogger(__name__)

SERVICE = "service"


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
        self._desk = desk
        self._file = file
        self._config: ConfigState | None = None
        link.follow_config(self.hear_config)
        link.follow_services(self.hear_services)
        link.follow_devices([SERVICE], self.hear_status)
        link.on_link(self.hear_link)
        if desk.has_book:
            self._remember()

    @Slot(object)
    def hear_config(self, state: ConfigState) -> None:
        """Take the centre as the service runs it."""
        try:
            centre = centre_from_wire(state.centre)
        except ConfigError as error:
            _log.warning("configuration not understood version=%s error=%s", state.version, error)
            return
        self._config = state
        self.known = replace(self.known, centre=centre)
        self._learn()

    @Slot(object)
    def hear_services(self, state: ServicesState) -> None:
        """Take how the services stand."""
        self.known = replace(self.known, services=state)
        self._learn()

    @Slot(str, object)
    def hear_status(self, _device: str, status: DeviceStatus) -> None:
        """Take whether the service is there."""
        self._set_up(up=status.online)

    @Slot(bool)
    def hear_link(self, up: bool) -> None:
        """Without a link nobody knows of the service; with one its status follows."""
        if not up:
            self._set_up(up=False)

    def _set_up(self, *, up: bool) -> None:
        if self.known.service_up == up:
            return
        self.known = replace(self.known, service_up=up)
        _log.info("service %s", "heard" if up else "lost")
        self._learn()
        if up:
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
        if last.services:
            self.hear_services(last.services)
        if last.config:
            self.hear_config(last.config)
