"""The window of the first start: `python -m kiosk.first_start`.

It takes no part at the broker, and ends with 0 once there is an administrator.
"""

import argparse
import os
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from config import Clock, ConfigError
from config.load import load_device
from config.settings import Screen
from hall.words import N_
from hall.words.arguments import CommandParser, words_of
from kiosk.first_start.screen import FirstStartScreen
from ui.application import Application
from ui.screens import place
from ui.wall_clock import WallClock

_SOCKET = "/run/denluot-first.sock"
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""No configuration has said another one yet."""


def main() -> int:
    """Show the window until there is an administrator or a signal ends it."""
    options = _options(sys.argv[1:])
    try:
        screen = load_device(options.device).kiosk.screen
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return _run(options.socket, screen)


def _run(path: str, screen: Screen) -> int:
    application = Application("denluot-first", os.environ)
    clock = Clock()
    vm = FirstStartScreen(path, application.end)
    window = application.load(
        "kiosk.first_start",
        "FirstStart",
        vm=vm,
        clock=WallClock(clock.now, clock.real_s, _ZONE),
    )
    # An end that was told before is no reason to flash a window at every start of the machine.
    vm.told.connect(lambda: place(window, screen))
    vm.begin()
    return application.run(lambda: None)


def _options(argv: list[str]) -> argparse.Namespace:
    t = words_of(os.environ)
    says = t(N_("Cửa sổ khai báo lần đầu trên màn hình của máy chủ."))
    parser = CommandParser("python -m kiosk.first_start", says, t)
    add = parser.add_argument
    add("--device", type=Path, metavar="FILE", help=t("thiết bị của máy này (device.toml)"))
    add("--data", type=Path, metavar="DIR", default=Path("var"), help=t("thư mục dữ liệu (var/)"))
    add("--socket", metavar="FILE", default=_SOCKET, help=argparse.SUPPRESS)
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
