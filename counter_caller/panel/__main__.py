"""Start a counter window: `python -m counter_caller.panel --counter 3`."""

import argparse
import os
import sys
import time

from bus.session import Session, at_once, connect, new_id
from config.process import Launch, read_launch
from config.settings import PanelBox
from counter_caller.panel import hotkeys
from counter_caller.panel.counter_panel import CounterPanel
from counter_caller.panel.follow import follow
from counter_caller.panel.windows import open_windows
from hall.counter.desk import Desk
from ui.application import Application
from ui.bridge import LinkBridge

_PROGRAM = "counter_caller.panel"


def main() -> None:
    """Read what to start; exit 2 when the box has no such panel."""
    launch = read_launch(_PROGRAM, "One counter's window.", sys.argv[1:], os.environ, _arguments)
    wanted = launch.arguments.counter
    for box in launch.device.panels:
        if wanted in (None, box.counter):
            sys.exit(_run(launch, box))
    sys.stderr.write(f"no panel for counter {wanted} - at $.panels of the device settings\n")
    sys.exit(2)


def _run(launch: Launch, box: PanelBox) -> int:
    application = Application("denluot-panel", os.environ)
    application.speak(launch.arguments.language)
    link = _link(launch, box)
    bridge = LinkBridge(link)
    desk = Desk(
        box.counter,
        bridge.send,
        now=link.now,
        elapsed_s=launch.clock.monotonic,
        hand_s=time.monotonic,
        new_id=new_id,
        lang=launch.arguments.language,
    )
    panel = CounterPanel(desk, launch.clock.real_s)
    follow(bridge, panel, box.counter)
    kept = open_windows(application, panel, box, launch.data), hotkeys.register(panel.press)
    link.start()
    code = application.run(link.stop)
    del kept
    return code


def _link(launch: Launch, box: PanelBox) -> Session:
    account = launch.account(box.device, "panel")
    clock = launch.clock
    site = launch.device.site
    return connect(
        account, site, "counter", now=clock.now, monotonic=clock.monotonic, deliver=at_once
    )


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--counter", type=int, help="the counter's number (the box's first)")
    parser.add_argument("--language", default="vi", choices=["vi", "en"])


if __name__ == "__main__":
    main()
