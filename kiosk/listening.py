"""What this kiosk knows of the centre, remembered for a start without the service."""

import logging
from dataclasses import replace
from datetime import UTC, datetime

from msgspec import Struct, structs
from PySide6.QtCore import QObject, Signal

from bus.health import AnnouncerHealth
from bus.session import Session
from bus.states import ConfigState, DeviceStatus, ServicesState
from config import ConfigError, centre_from_wire
from config.settings import KnownDevice, Role
from hall.citizen.offering import HallSnapshot
from hall.model import SERVICE, Hall
from hall.procedures import Document
from kiosk.offline_desk import OfflineDesk
from kiosk.sealed_file import SealedFile

_log = logging.getLogger(__name__)
WEB = "web"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class LastKnown(Struct, frozen=True):
    """The centre and what was open in it, without what changes with every ticket."""

    config: ConfigState
    services: ServicesState


class Listener(QObject):
    """Keeps `snapshot` up to date and tells when it changes, and when the service is back."""

    changed = Signal()
    service_back = Signal()
    web_said = Signal(object)
    """The `DeviceStatus` of the web process, whenever it is another."""

    def __init__(
        self,
        link: Session,
        desk: OfflineDesk,
        file: SealedFile[LastKnown],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.snapshot = HallSnapshot()
        self._hall = Hall(link)
        self._desk = desk
        self._file = file
        self._kept: LastKnown | None = None
        self._web: DeviceStatus | None = None
        self._hall.follow_services()
        self._hall.follow_devices((WEB,))
        self._hall.watch(self._hear)
        if desk.has_book:
            self._remember()

    def look(self) -> None:
        """PageNotice a service that falls silent."""
        self._hall.look()

    def use_procedures(self, document: Document) -> None:
        """Show this document of procedures from now on."""
        self._set(replace(self.snapshot, procedures=document))

    @property
    def heard_at(self) -> datetime | None:
        """Return when the service said last that it is there; None before that."""
        return self._hall.last_heard.get(SERVICE)

    def follow_voices(self, *, wanted: bool) -> None:
        """Hear, or hear no more, how loud the loudspeakers of the hall are."""
        self._hall.follow_devices((WEB, *(self._voices() if wanted else ())))

    def volumes(self) -> dict[KnownDevice, float | None]:
        """Return every loudspeaker with its volume, None where none is heard."""
        centre, devices = self.snapshot.centre, self._hall.state.devices
        found: dict[KnownDevice, float | None] = {}
        for known in centre.devices if centre else ():
            if known.role is Role.ANNOUNCER:
                status = devices.get(known.id)
                health = status.health if status and status.online else None
                found[known] = health.volume if isinstance(health, AnnouncerHealth) else None
        return found

    def _voices(self) -> tuple[str, ...]:
        return tuple(known.id for known in self.volumes())

    def _hear(self, _what: str) -> None:
        """Take what the hall has become.

        Only a living service makes or corrects the book: what a broker keeps may be old.
        """
        heard, was_up = self._hall.state, self.snapshot.service_up
        known = replace(
            self.snapshot,
            centre=heard.centre or self.snapshot.centre,
            services=heard.services or self.snapshot.services,
            service_up=heard.service_there,
        )
        if known.service_up and heard.config and heard.services:
            self._desk.learn(heard.services)
            self._keep(lasting(heard.config, heard.services))
        self._set(known)
        if known.service_up and not was_up:
            self.service_back.emit()
        web = heard.devices.get(WEB)
        if web and web != self._web:
            self._web = web
            self.web_said.emit(web)

    def _set(self, known: HallSnapshot) -> None:
        can_give = known.centre is not None and self._desk.can_give(known.centre)
        known = replace(known, has_book=can_give)
        if known != self.snapshot:
            self.snapshot = known
            self.changed.emit()

    def _keep(self, last: LastKnown) -> None:
        if last == self._kept:
            return
        try:
            self._file.write(last)
            self._kept = last
        except OSError as error:
            _log.warning("last known states not kept file=%s error=%s", self._file.path, error)

    def _remember(self) -> None:
        last = self._file.read()
        if last is None:
            return
        try:
            centre = centre_from_wire(last.config.centre)
        except ConfigError as error:
            _log.warning("last known centre not understood error=%s", error)
            return
        self._set(replace(self.snapshot, centre=centre, services=last.services))


def lasting(config: ConfigState, services: ServicesState) -> LastKnown:
    """Return what of two states is worth keeping."""
    quiet = tuple(
        structs.replace(service, waiting=0, wait_min=None) for service in services.services
    )
    return LastKnown(
        structs.replace(config, rev=config.version, at=_EPOCH),
        structs.replace(
            services, rev=0, at=_EPOCH, services=quiet, help=(), help_total=0, visits=()
        ),
    )
