"""Start the kiosk of this box: `python -m kiosk`; with a dispenser it has buttons, no window."""

import os
import sys
import time

from config.process import Launch, read_or_exit
from hall.words import N_
from hall.words.arguments import start
from kiosk.assembly import assemble
from kiosk.dispenser.running import run_dispenser
from kiosk.machine import this_machine
from kiosk.maintenance import Maintenance
from kiosk.screens import KioskScreens
from kiosk.speaking.running import Speech, codes_of, five_keys
from kiosk.starting import link_of, printers_of, surroundings
from kiosk.window import Attention, show
from paper import encoder_of
from ui.application import Application
from ui.frames import FrameWatch
from ui.owner import QtOwner


def main() -> int:
    """Let citizens take numbers until told to stop."""
    launch = start("kiosk", N_("Người dân lấy số."), sys.argv[1:], os.environ)
    if launch.device.dispenser is not None:
        return run_dispenser(launch, launch.device.dispenser)
    return _run(launch)


def _run(launch: Launch) -> int:
    box, clock = launch.device.kiosk, launch.clock
    encode = read_or_exit(lambda: encoder_of(box))
    codes = read_or_exit(lambda: codes_of(box.speech.keys))
    application = Application("kiosk", os.environ)
    owner = QtOwner()
    link = link_of(launch, owner.deliver)
    kiosk = assemble(link, surroundings(launch, application.speak))
    printers = printers_of(launch, kiosk, encode)
    kiosk.use(printers)
    speech = None
    if box.speech.enabled:
        speech = Speech(launch, box.speech, kiosk, link, owner.deliver)
    maintenance = Maintenance(kiosk, link, this_machine(launch, application.end), time.monotonic)
    mouth = speech.mouth if speech else None
    screens = KioskScreens(kiosk, maintenance, link.now, clock.real_s, mouth)
    window = application.load("kiosk", "Kiosk", **screens.properties())
    attention = Attention(window, kiosk.somebody_touches, screens.reader.interrupt)
    keys = five_keys(window, screens, codes, time.monotonic)
    frames = FrameWatch(launch.watchdog, [window])
    show(window, box.screen)
    for part in (printers, link, screens, speech, kiosk.kept_procedures):
        if part:
            part.start()

    def stop() -> None:
        frames.stop()
        keys.stop()
        attention.stop()
        for part in (speech, kiosk.kept_procedures):
            if part:
                part.stop()
        screens.stop()
        printers.stop()
        link.stop()

    return application.run(stop)


if __name__ == "__main__":
    sys.exit(main())
