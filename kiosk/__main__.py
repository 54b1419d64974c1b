"""Start the kiosk of this box: `python -m kiosk`."""

import os
import random
import sys
import time
from collections.abc import Sequence
from functools import partial

from bus.session import Deliver, Session, connect
from config import Role
from config.process import Launch, read_or_exit
from config.settings import Printer
from hall.words import N_
from hall.words.arguments import start
from hardware.printer import PrintStation, open_printer
from hardware.printer.choosing import ChosenPrinter
from hardware.printer.finding import find_printers, lines_in_use
from hardware.printer.writer import Encode
from kiosk.app import Kiosk
from kiosk.assembly import Surroundings, after, assemble
from kiosk.machine import this_machine
from kiosk.maintenance import Maintenance
from kiosk.printers import KioskPrinters
from kiosk.screens import KioskScreens
from kiosk.window import Attention, show
from paper import encoder_of
from provisioning.layout import Layout
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
    printers = _printers(launch, kiosk, encode)
    kiosk.use(printers)
    maintenance = Maintenance(kiosk, link, this_machine(launch, application.end), time.monotonic)
    screens = KioskScreens(kiosk, maintenance, link.now, clock.real_s)
    window = application.load("kiosk", "Kiosk", **screens.properties())
    attention = Attention(window, kiosk.somebody_touches)
    frames = FrameWatch(launch.watchdog, [window])
    show(window, box.screen)
    for part in (printers, link, screens):
        part.start()

    def stop() -> None:
        frames.stop()
        attention.stop()
        screens.stop()
        printers.stop()
        link.stop()

    return application.run(stop)


def _printers(launch: Launch, kiosk: Kiosk, encode: Encode) -> KioskPrinters:
    box, machine, taken = launch.device.kiosk, Layout(), lines_in_use(launch.device)

    def open_station(printers: Sequence[Printer]) -> PrintStation:
        opened = [open_printer(printer, launch.data, box.device) for printer in printers]
        return PrintStation(opened, kiosk.printing.tell_health, now=launch.clock.now, encode=encode)

    return KioskPrinters(
        ChosenPrinter(launch.data, box.device, box.printers),
        partial(find_printers, machine.devices, machine.device_classes, taken),
        open_station,
        kiosk.printing.use,
        time.monotonic,
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
