"""`python -m kiosk.tray`: a window that shows what the simulated printer prints."""

import argparse
import os
import sys

from config.process import read_launch
from config.settings import Screen
from kiosk.tray.tray import PaperTray
from ui.application import Application
from ui.screens import place


def main() -> int:
    """Show the tray until the window is closed."""
    launch = read_launch(
        "kiosk.tray", "The simulated printer's tray.", sys.argv[1:], os.environ, _arguments
    )
    application = Application("denluot-tray", os.environ)
    tray = PaperTray(launch.data / "paper" / launch.device.kiosk.device)
    window = application.load("kiosk.tray", "Tray", tray=tray)
    place(window, Screen(mode="window", geometry=launch.arguments.geometry))
    return application.run(lambda: None)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--geometry", type=_geometry, help="x,y,width,height in pixels")


def _geometry(text: str) -> tuple[int, ...]:
    numbers = tuple(int(number) for number in text.split(","))
    if len(numbers) != len(("x", "y", "width", "height")):
        raise argparse.ArgumentTypeError(f"expected x,y,width,height, got {text}")
    return numbers


if __name__ == "__main__":
    sys.exit(main())
