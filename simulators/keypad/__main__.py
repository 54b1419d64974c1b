"""Simulate keypads: `denluot simulate-device keypad --line var/keypads --units 1 2 3`."""

import argparse
import random
import sys
from pathlib import Path

from config import ConfigError, load_device
from config.settings import CallDevice, KeypadUnit, SerialKeypads, UsbKeypad
from config.settings.keypads import Polling
from simulators.keypad.console import HELP, Console, end_of, simulate

_DESCRIPTION = (
    "Keypads that are not there, on terminals that the bridge opens as its devices. "
    "Without --device they speak lines of text, each at the address of its counter."
)


def main() -> int:
    """Simulate until the input ends or says quit."""
    arguments = _parser().parse_args()
    try:
        choices = _choices(arguments)
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if not choices:
        sys.stderr.write("nothing to simulate: --line, --numpad, or --device with call devices\n")
        return 2
    units = simulate(choices, random.Random(), _say, echo=arguments.echo)
    ends = {end_of(unit) for unit in units.values()}
    for end in ends:
        end.plug_in()
    _say(f"units: {', '.join(units)}\n{HELP}")
    try:
        Console(units, _say).run_lines(sys.stdin)
    finally:
        for end in ends:
            end.vanish()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="denluot simulate-device keypad", description=_DESCRIPTION, epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--device", type=Path, help="simulate all keypads of this device.toml")
    parser.add_argument("--line", type=Path, help="where the line of keypads appears")
    parser.add_argument("--units", type=int, nargs="+", default=[1, 2, 3], help="addresses")
    parser.add_argument("--polled", action="store_true", help="speak only when asked")
    parser.add_argument("--echo", action="store_true", help="send back what is received, too")
    parser.add_argument("--numpad", type=Path, help="where a USB numeric keypad appears")
    return parser


def _choices(arguments: argparse.Namespace) -> list[CallDevice]:
    choices: list[CallDevice] = []
    if arguments.device:
        boxes = load_device(arguments.device).keypads
        choices += [choice for box in boxes for choice in box.call_devices]
    if arguments.line:
        units = tuple(KeypadUnit(address=n, counter=n) for n in arguments.units)
        polling = Polling() if arguments.polled else None
        choices.append(SerialKeypads(url=str(arguments.line), units=units, polling=polling))
    if arguments.numpad:
        choices.append(UsbKeypad(path=str(arguments.numpad), counter=arguments.units[0]))
    return choices


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
