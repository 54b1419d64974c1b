"""Start the kiosk of this box: `python -m kiosk`."""

import os
import random
import sys
import time

from bus.session import Deliver, Session, connect, installed_version
from config import Role
from config.process import Launch, read_or_exit
from hall.words import N_
from hall.words.arguments import start
from hardware.printer import PrintStation, open_printer
from kiosk.assembly import Surroundings, after, assemble
from kiosk.maintenance import Box, Maintenance, own_addresses
from kiosk.screens import KioskScreens
from kiosk.window import Attention, show
from paper import encoder_of
from provisioning.layout import Layout
from provisioning.maintenance_pin import MaintenancePin
from ui.application import Application
from ui.frames import FrameWatch
from ui.owner import QtOwner


def main() -> int:
    """Let citizens take numbers until told to stop."""
    launch = start("kiosk", N_("Người dân lấy số."), sys.argv[1:], os.environ)
    box, clock = launch.device.kiosk, launch.clock
    encode = read_or_exit(lambda: encoder_of(box))
    application = Application("kiosk", os.environ)
    owner = QtOwner()
    link = _link(launch, owner.deliver)
    world = Surroundings(
        data=launch.data,
        monotonic=clock.monotonic,
        real_monotonic=time.monotonic,
        after=after,
        rng=random.Random(),
        speak=application.speak,
    )
    kiosk = assemble(link, world)
    printers = [open_printer(printer, launch.data, box.device) for printer in box.printers]
    station = PrintStation(printers, kiosk.printing.tell_health, now=clock.now, encode=encode)
    kiosk.printing.use(station)
    maintenance = Maintenance(kiosk, link, _machine(launch, application), time.monotonic)
    screens = KioskScreens(kiosk, maintenance, link.now, clock.real_s)
    window = application.load("kiosk", "Kiosk", **screens.properties())
    attention = Attention(window, kiosk.somebody_touches)
    frames = FrameWatch(launch.watchdog, [window])
    show(window, box.screen)
    for part in (station, link, screens):
        part.start()

    def stop() -> None:
        frames.stop()
        attention.stop()
        screens.stop()
        station.stop()
        link.stop()

    return application.run(stop)


def _machine(launch: Launch, application: Application) -> Box:
    """Return what the maintenance menu may do here: only systemd starts again what has ended."""
    request, under_systemd = Layout().restart_request, launch.watchdog.every_s is not None
    return Box(
        pin=MaintenancePin(launch.data / "kiosk", time.monotonic),
        version=installed_version(),
        broker=f"{launch.host}:{launch.port}",
        addresses=own_addresses,
        restart_program=(lambda: after(1.0, application.end)) if under_systemd else None,
        restart_machine=request.touch if under_systemd and request.parent.is_dir() else None,
    )


def _link(launch: Launch, deliver: Deliver) -> Session:
    return connect(
        launch.account(launch.device.kiosk.device, "kiosk"),
        launch.device.site,
        Role.KIOSK,
        now=launch.clock.now,
        monotonic=launch.clock.monotonic,
        machine=launch.machine,
        deliver=deliver,
    )


if __name__ == "__main__":
    sys.exit(main())
