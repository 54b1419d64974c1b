"""Start a counter window: `python -m counter_caller.panel --counter 3`."""

import os
import sys
import time

from bus.session import connect
from config.process import Launch
from config.settings import PanelBox
from counter_caller.panel import hotkeys
from counter_caller.panel.chime import chime
from counter_caller.panel.counter_panel import CounterPanel
from counter_caller.panel.windows import open_windows
from hall.counter.desk import Desk
from hall.model import Hall
from hall.words import N_, Words
from hall.words.arguments import CommandParser, start
from ui.application import Application
from ui.frames import FrameWatch
from ui.owner import QtOwner

_PROGRAM = "counter_caller.panel"


def main() -> None:
    """Read what to start; exit 2 when the box has no such panel."""
    launch = start(_PROGRAM, N_("Cửa sổ của một quầy."), sys.argv[1:], os.environ, _arguments)
    wanted = launch.arguments.counter
    for box in launch.device.panels:
        if wanted in (None, box.counter):
            sys.exit(_run(launch, box))
    sys.stderr.write(f"no panel for counter {wanted} - at $.panels of the device settings\n")
    sys.exit(2)


def _run(launch: Launch, box: PanelBox) -> int:
    language, clock = launch.arguments.language, launch.clock
    application = Application("denluot-panel", os.environ)
    application.speak(language)
    owner = QtOwner()
    link = connect(
        launch.account(box.device, "panel"),
        launch.device.site,
        "counter",
        now=clock.now,
        monotonic=clock.monotonic,
        machine=launch.machine,
        deliver=owner.deliver,
    )
    desk = Desk(
        box.counter,
        link.ask,
        now=link.now,
        elapsed_s=clock.monotonic,
        hand_s=time.monotonic,
        t=Words(language),
    )
    panel = CounterPanel(desk, Hall(link), clock.real_s)
    panel.rang.connect(chime())
    panel.follow()
    windows = open_windows(application, panel, box, launch.data)
    link.follow_orders(lambda order: windows.take_order(order, link.report))
    frames = FrameWatch(launch.watchdog, [windows.window, windows.bar])
    kept = windows, hotkeys.register(panel.press)
    link.start()

    def stop() -> None:
        frames.stop()
        link.stop()

    code = application.run(stop)
    del kept
    return code


def _arguments(parser: CommandParser) -> None:
    parser.add_argument(
        "--counter", type=int, help=parser.t("số quầy (mặc định: quầy đầu tiên của máy)")
    )
    parser.add_argument("--language", default="vi", choices=["vi", "en"])


if __name__ == "__main__":
    main()
