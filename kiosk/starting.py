"""What a kiosk needs of its box when it starts, with a window or without."""

import random
import time
from collections.abc import Callable, Sequence
from functools import partial

from bus.session import Deliver, Session, connect
from config import Role
from config.process import Launch
from config.settings import Printer
from hardware.printer import PrintStation, open_printer
from hardware.printer.choosing import ChosenPrinter
from hardware.printer.finding import find_printers, lines_in_use
from hardware.printer.writer import Encode
from kiosk.app import Kiosk
from kiosk.assembly import Surroundings, after
from kiosk.kept_procedures import fetch_from
from kiosk.printers import KioskPrinters
from provisioning.layout import Layout


def surroundings(launch: Launch, speak: Callable[[str], None]) -> Surroundings:
    """Return what the kiosk of this box takes from the world."""
    return Surroundings(
        data=launch.data,
        monotonic=launch.clock.monotonic,
        real_monotonic=time.monotonic,
        after=after,
        rng=random.Random(),
        speak=speak,
        fetch_procedures=fetch_from(launch.device.kiosk.pages_host or launch.host),
        sight=launch.device.kiosk.sight,
    )


def link_of(launch: Launch, deliver: Deliver) -> Session:
    """Return the kiosk's link, not started yet."""
    return connect(
        launch.account(launch.device.kiosk.device, "kiosk"),
        launch.device.site,
        Role.KIOSK,
        now=launch.clock.now,
        monotonic=launch.clock.monotonic,
        machine=launch.machine,
        deliver=deliver,
    )


def printers_of(launch: Launch, kiosk: Kiosk, encode: Encode) -> KioskPrinters:
    """Return the printers of this box, which print for `kiosk` once they are started."""
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
