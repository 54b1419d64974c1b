"""Citizens at a kiosk: its real parts but for the glass, touched as `Kiosk.qml` touches them.

`python -m nemesis.citizens --device FILE --data DIR --history DIR --seed N`: people come until the
file `closing` is in the history's directory; then the kiosk goes on delivering what it owes.
"""

import os
import random
import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer

from bus.commands import IssueTicket
from bus.session import connect
from config import Role
from hall.citizen.session import Page, ShownTicket
from hall.words import N_
from hall.words.arguments import CommandParser, start
from hardware.printer import PrintStation, open_printer
from kiosk.app import Kiosk
from kiosk.assembly import Surroundings, after, assemble
from kiosk.maintenance import Box, Maintenance
from kiosk.screens import KioskScreens
from nemesis.history import Phase, Recorder
from paper import encoder_of
from provisioning.maintenance_pin import MaintenancePin
from ui.application import Application
from ui.owner import QtOwner

CLOSING = "closing"
_SERVICES = ("CERT", "CIVIL", "SOC", "ECON")
_LOOK_MS = 60


class Citizens:
    """One after another, in some haste; writes down what each was shown."""

    def __init__(
        self, kiosk: Kiosk, screens: KioskScreens, recorder: Recorder, rng: random.Random
    ) -> None:
        self._kiosk = kiosk
        self._screen = screens.screen
        self._recorder = recorder
        self._rng = rng
        self._asked = ""
        self._next_at = 0.0
        kiosk.stage.changed.connect(self.look)

    def look(self) -> None:
        """Write down what the screen says now."""
        session = self._kiosk.session
        if isinstance(session.request, IssueTicket) and session.request.id != self._asked:
            self._asked = session.request.id
            self._write(Phase.INVOKE, service=session.request.service)
        elif session.page is Page.TICKET and session.ticket and self._asked:
            shown = session.ticket
            self._write(
                Phase.OK,
                number=shown.number,
                ticket=shown.ticket,
                offline=shown.offline,
                business_day=self._day_of(shown),
            )
            self._asked = ""
        elif session.page is Page.NOTICE and self._asked:
            self._write(Phase.FAIL, why=str(session.notice))
            self._asked = ""

    def touch(self, *, open_: bool) -> None:
        """Do what the next person does."""
        session, now = self._kiosk.session, time.monotonic()
        if now < self._next_at:
            return
        self._next_at = now + self._rng.uniform(0.05, 0.5)
        match session.page:
            case Page.HOME if open_:
                for switch, often in (("priority", 0.2), ("language", 0.1), ("large", 0.05)):
                    if self._rng.random() < often:
                        self._screen.tap(switch)
                self._screen.choose(self._rng.choice(_SERVICES))
            case Page.TICKET if self._rng.random() < 0.05:
                self._screen.tap("askVoid")
                self._screen.tap("void")
            case Page.TICKET:
                self._screen.tap("moreTime")
                self._screen.tap("keepNumber")
                self._screen.tap("finish")
            case Page.NOTICE:
                self._screen.tap("closeNotice")

    def _day_of(self, shown: ShownTicket) -> str:
        for delivery in self._kiosk._desk.book.deliveries:
            if delivery.id == shown.request:
                return delivery.business_day or ""
        services = self._kiosk.listener.snapshot.services
        return services.business_day if services else ""

    def _write(self, phase: Phase, **data: object) -> None:
        self._recorder.write(phase, "issue_ticket", self._asked, **data)


def main() -> int:
    """Be a busy kiosk until told to stop."""
    launch = start("nemesis", N_("Người dân lấy số."), sys.argv[1:], os.environ, _add_arguments)
    arguments, box, clock = launch.arguments, launch.device.kiosk, launch.clock
    application = Application("kiosk", os.environ)
    link = connect(
        launch.account(box.device, "kiosk"),
        launch.device.site,
        Role.KIOSK,
        now=clock.now,
        monotonic=clock.monotonic,
        deliver=QtOwner(application.qt).deliver,
    )
    taps = iter(range(0, 10**9, 10))
    world = Surroundings(
        data=launch.data,
        monotonic=clock.monotonic,
        real_monotonic=lambda: float(next(taps)),  # no tap of another's is a double one
        after=after,
        rng=random.Random(),
        speak=lambda _language: None,
    )
    kiosk = assemble(link, world)
    printers = [open_printer(printer, launch.data, box.device) for printer in box.printers]
    station = PrintStation(
        printers, kiosk.printing.tell_health, now=clock.now, encode=encoder_of(box)
    )
    kiosk.printing.use(station)
    pin = MaintenancePin(launch.data / "kiosk", time.monotonic)
    maintenance = Maintenance(kiosk, link, Box(pin=pin), time.monotonic)
    screens = KioskScreens(kiosk, maintenance, link.now, clock.real_s)
    recorder = Recorder(arguments.history, box.device)
    citizens = Citizens(kiosk, screens, recorder, random.Random(arguments.seed))
    closing = arguments.history / CLOSING
    timer = QTimer()
    timer.timeout.connect(lambda: citizens.touch(open_=not closing.exists()))
    timer.start(_LOOK_MS)
    for part in (station, link, screens):
        part.start()

    def stop() -> None:
        timer.stop()
        screens.stop()
        station.stop()
        link.stop()

    return application.run(stop)


def _add_arguments(parser: CommandParser) -> None:
    parser.add_argument("--history", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)


if __name__ == "__main__":
    sys.exit(main())
