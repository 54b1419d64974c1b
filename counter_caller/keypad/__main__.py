"""Start the bridge for the keypads of this box: `python -m counter_caller.keypad`."""

import os
import sys
import time
from datetime import timedelta
from functools import partial
from queue import SimpleQueue

from bus.session import connect
from config import Clock, Stopping
from config.process import Launch, read_or_exit
from config.settings import CallDevice as CallDeviceSettings
from config.settings import KeypadBox
from counter_caller.keypad.bridge import PRESS_LIVES_S, Bridge, DeviceBinding, Jobs
from hall.model import Hall
from hall.words import N_, Words
from hall.words.arguments import CommandParser, start
from hardware.keypad import CallDevice, open_call_device

_PROGRAM = "counter_caller.keypad"


def main() -> None:
    """Bridge until told to stop; exit 2 when the box has no such keypads."""
    launch = start(
        _PROGRAM, N_("Bàn phím và nút gọi số của các quầy."), sys.argv[1:], os.environ, _arguments
    )
    wanted = launch.arguments.keypad
    box = next((box for box in launch.device.keypads if wanted in (None, box.device)), None)
    if box is None:
        sys.stderr.write(f"no keypads {wanted or ''} - at $.keypads of the device settings\n")
        sys.exit(2)
    bridge = _bridge(launch, box)
    stopping = Stopping()
    bridge.start()
    stopping.wait()
    launch.watchdog.stopping()
    bridge.stop()


def _bridge(launch: Launch, box: KeypadBox) -> Bridge:
    jobs: Jobs = SimpleQueue()
    clock = launch.clock
    link = connect(
        launch.account(box.device, "keypad"),
        launch.device.site,
        "keypad",
        now=clock.now,
        monotonic=clock.monotonic,
        machine=launch.machine,
        deliver=jobs.put,
    )

    def opened(choice: CallDeviceSettings) -> CallDevice:
        return open_call_device(choice, link.bus, time.monotonic, Clock().now)

    bindings = [
        DeviceBinding(read_or_exit(partial(opened, choice)), choice.actions)
        for choice in box.call_devices
    ]
    return Bridge(
        link,
        Hall(link),
        bindings,
        jobs,
        monotonic=time.monotonic,
        press_lives=timedelta(seconds=PRESS_LIVES_S * clock.speed),
        t=Words(launch.arguments.language),
        watchdog=launch.watchdog,
    )


def _arguments(parser: CommandParser) -> None:
    parser.add_argument(
        "--keypad", help=parser.t("mã thiết bị, ví dụ keypad-1 (mặc định: thiết bị đầu tiên)")
    )
    parser.add_argument("--language", default="vi", choices=["vi", "en"])


if __name__ == "__main__":
    main()
