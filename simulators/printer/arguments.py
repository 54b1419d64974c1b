"""What `denluot simulate-device printer` takes."""

import argparse
from pathlib import Path

from simulators.printer.condition import PROFILES


def parser() -> argparse.ArgumentParser:
    """Return the parser of its arguments."""
    arguments = argparse.ArgumentParser(
        prog="denluot simulate-device printer",
        description="Play a thermal printer: print what comes to PNG files, answer status, and "
        "fail as told on standard input.",
        epilog="Example: denluot simulate-device printer --link /tmp/printer --baud 115200",
    )
    arguments.add_argument(
        "--tcp", type=int, default=9100, metavar="PORT", help="listen here (9100)"
    )
    arguments.add_argument("--link", type=Path, help="a serial line at this path instead")
    arguments.add_argument("--baud", type=int, help="its speed; at another, all is garbage")
    arguments.add_argument("--profile", choices=PROFILES, default="full", help="what it answers")
    arguments.add_argument("--dots", type=int, choices=[384, 512, 576], default=576)
    arguments.add_argument("--paper", type=Path, default=Path("paper"), help="where papers go")
    arguments.add_argument("--buffer", type=int, default=65536, help="bytes it holds")
    arguments.add_argument("--speed", type=float, default=100_000.0, help="bytes printed a second")
    return arguments
