"""`python -m kiosk.tray`: a window that shows what the simulated printer prints."""

import argparse
import os
import sys

from config.settings import Screen
from hall.words import N_
from hall.words.arguments import CommandParser, start
from kiosk.tray.tray import PaperTray
from ui.application import Application
from ui.screens import place


def main() -> int:
    """Show the tray until the window is closed."""
    launch = start(
        "kiosk.tray", N_("Khay giấy của máy in mô phỏng."), sys.argv[1:], os.environ, _arguments
    )
    application = Application("denluot-tray", os.environ)
    tray = PaperTray(launch.data / "paper" / launch.device.kiosk.device)
    window = application.load("kiosk.tray", "Tray", tray=tray)
    place(window, Screen(mode="window", geometry=launch.arguments.geometry))
    return application.run(lambda: None)


def _arguments(parser: CommandParser) -> None:
    parser.add_argument(
        "--geometry", type=_geometry, help=parser.t("x,y,rộng,cao tính bằng điểm ảnh")
    )


def _geometry(text: str) -> tuple[int, ...]:
    numbers = tuple(int(number) for number in text.split(","))
    if len(numbers) != len(("x", "y", "width", "height")):
        raise argparse.ArgumentTypeError(f"expected x,y,width,height, got {text}")
    return numbers


if __name__ == "__main__":
    sys.exit(main())
