"""Start the signs of one line of this box: `python -m display.sign --sign sign-1`."""

import os
import sys

from bus.session import at_once, connect
from config import ConfigError, Role, Stopping
from config.process import Launch
from config.settings import SignBox
from display.sign.app import Signs
from hall.words import N_
from hall.words.arguments import CommandParser, start
from hardware.sign import open_signs


def main() -> None:
    """Show the numbers until told to stop."""
    launch = start(
        "display.sign",
        N_("Hiện số của từng quầy trên bảng LED."),
        sys.argv[1:],
        os.environ,
        _add_arguments,
    )
    try:
        box = _choose(launch)
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    signs = _signs(launch, box)
    stopping = Stopping()
    signs.start()
    stopping.wait()
    launch.watchdog.stopping()
    signs.stop()


def _choose(launch: Launch) -> SignBox:
    boxes = launch.device.signs
    for box in boxes:
        if launch.arguments.sign in (None, box.device):
            return box
    there = ", ".join(box.device for box in boxes) or "none"
    raise ConfigError(
        f"no signs {launch.arguments.sign!r} on this box; it has {there} - at $.signs"
    )


def _signs(launch: Launch, box: SignBox) -> Signs:
    clock = launch.clock
    link = connect(
        launch.account(box.device, "sign"),
        launch.device.site,
        Role.SIGN,
        now=clock.now,
        monotonic=clock.monotonic,
        machine=launch.machine,
        deliver=at_once,
    )
    line = open_signs(box.line, launch.data, box.device)
    return Signs(link, box, line, watchdog=launch.watchdog)


def _add_arguments(parser: CommandParser) -> None:
    parser.add_argument(
        "--sign", help=parser.t("mã thiết bị của đường dây bảng LED (mặc định: đường đầu tiên)")
    )


if __name__ == "__main__":
    main()
