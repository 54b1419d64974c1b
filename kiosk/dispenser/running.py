"""The process of a kiosk without a window: what `python -m kiosk` is on a box with buttons."""

import time

from PySide6.QtCore import QCoreApplication

from config import Clock
from config.process import Launch, read_or_exit
from config.settings import DispenserBox
from hardware.keypad import open_call_device
from kiosk.assembly import after, assemble
from kiosk.dispenser.dispenser import Dispenser
from kiosk.starting import link_of, printers_of, surroundings
from paper import encoder_of
from ui.loop import Loop, every
from ui.owner import QtOwner

_TICK_MS, _SHORTEST_TICK_MS = 1000, 50


def run_dispenser(launch: Launch, box: DispenserBox) -> int:
    """Give tickets to who pushes a button, until told to stop."""
    encode = read_or_exit(lambda: encoder_of(launch.device.kiosk))
    loop = Loop(QCoreApplication(["kiosk"]))
    owner = QtOwner()
    link = link_of(launch, owner.deliver)
    kiosk = assemble(link, surroundings(launch, lambda _lang: None))
    printers = printers_of(launch, kiosk, encode)
    kiosk.use(printers)
    device = open_call_device(box.call_device, link.bus, time.monotonic, Clock().now)
    dispenser = Dispenser(
        kiosk, box, device, real_monotonic=time.monotonic, after=after, now=link.now
    )
    every(max(_SHORTEST_TICK_MS, round(launch.clock.real_s(1) * _TICK_MS)), kiosk.tick, kiosk)
    if launch.watchdog.every_s is not None:
        every(round(launch.watchdog.every_s * _TICK_MS), launch.watchdog.feed, kiosk)
    for part in (printers, link, dispenser):
        part.start()
    code = loop.run()
    launch.watchdog.stopping()
    dispenser.stop()
    printers.stop()
    link.stop()
    return code
