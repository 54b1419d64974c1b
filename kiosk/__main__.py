"""Start the kiosk of this box: `python -m kiosk`."""

import os
import random
import sys
import time

from bus.session import Deliver, Session, connect
from config import Role
from config.process import Launch, read_or_exit
from hall.words import N_
from hall.words.arguments import start
from hardware.printer import PrintStation, open_printer
from kiosk.assembly import Surroundings, after, assemble
from kiosk.machine import this_machine
from kiosk.maintenance import Maintenance
from kiosk.screens import KioskScreens
from kiosk.window import Attention, show
from paper import encoder_of
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
    maintenance = Maintenance(kiosk, link, this_machine(launch, application.end), time.monotonic)
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
