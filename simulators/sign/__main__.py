"""Start simulated signs in this terminal: `denluot simulate-device sign`."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from config import ConfigError, load_device
from config.settings import AsciiSigns, ModbusSigns, Sign, SignBox
from simulators.console import DeviceConsole
from simulators.sign import AsciiSignBank, Fault, ModbusSignBank, SignBank, terminal_of
from simulators.terminal import Terminal

_HELP = "commands: kill|mute|garble|half|refuse|heal ADDRESS, unplug, plug, show, quit\n"
_FAULTS = {"kill": Fault.DEAD, "heal": Fault.NONE}


def main() -> int:
    """Show the signs, and break them as told on standard input, until its end."""
    options = _parser().parse_args()
    try:
        box = _box(options)
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    bank = _bank(box)
    line = terminal_of(bank, Path(options.link))
    line.plug()
    sys.stdout.write(f"signs at {options.link}\n{_HELP}")
    _show(box.signs, bank)
    try:
        Console(box.signs, bank, line).run_lines(sys.stdin)
    finally:
        line.unplug()
    return 0


class Console(DeviceConsole):
    """The faults of signs."""

    def __init__(self, signs: Sequence[Sign], bank: SignBank, line: Terminal) -> None:
        super().__init__(_say, _HELP)
        self._signs = signs
        self._bank = bank
        self._line = line

    def do_unplug(self, _rest: str) -> None:
        """Pull the adapter."""
        self._line.unplug()

    def do_plug(self, _rest: str) -> None:
        """Put it in again."""
        self._line.plug()

    def do_show(self, _rest: str) -> None:
        """Say what every sign shows."""
        _show(self._signs, self._bank)

    def default(self, line: str) -> None:
        """Break or mend a sign."""
        match line.split():
            case [verb, address] if (
                address.isdecimal()
                and int(address) in self._bank.faces
                and (verb in _FAULTS or verb in list(Fault))
            ):
                self._bank.set_fault(int(address), _FAULTS.get(verb) or Fault(verb))
            case _:
                self.say(_HELP)


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _bank(box: SignBox) -> SignBank:
    addresses = [sign.address for sign in box.signs]
    choice = box.line

    def changed() -> None:
        _show(box.signs, bank)

    bank: SignBank
    if isinstance(choice, AsciiSigns):
        bank = AsciiSignBank(addresses, choice, changed)
    else:
        modbus = choice if isinstance(choice, ModbusSigns) else ModbusSigns(url="")
        bank = ModbusSignBank(addresses, modbus.registers, modbus.digits, modbus.blink, changed)
    return bank


def _show(signs: Iterable[Sign], bank: SignBank) -> None:
    faces, faults = bank.faces, bank.faults
    cells = []
    for sign in signs:
        face, fault = faces[sign.address], faults[sign.address]
        mark = "*" if face.blink else " "
        note = "" if fault is Fault.NONE else f" ({fault})"
        cells.append(f"{sign.counter}: [{face.text:>4}]{mark}{note}")
    sys.stdout.write("   ".join(cells) + "\n")
    sys.stdout.flush()


def _box(options: argparse.Namespace) -> SignBox:
    """Return the box whose signs to play: of the settings, or counters 1 to 9 on one line."""
    if options.device:
        for box in load_device(options.device).signs:
            if box.device == options.sign or not options.sign:
                options.link = options.link or getattr(box.line, "url", "")
                return box
        raise ConfigError(f"{options.device}: no signs {options.sign or ''!r} - at $.signs")
    options.link = options.link or "signs.tty"
    line = (
        AsciiSigns(url=options.link) if options.kind == "ascii" else ModbusSigns(url=options.link)
    )
    numbers = [int(text) for text in options.counters.split(",")]
    return SignBox(line=line, signs=tuple(Sign(counter=n, address=n) for n in numbers))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="denluot simulate-device sign",
        description="Play LED signs on a pseudo terminal. A line is printed on every change.",
    )
    parser.add_argument("--device", type=Path, help="play the signs of this device.toml")
    parser.add_argument("--sign", default="", help="which of its lines (the first)")
    parser.add_argument("--kind", choices=["modbus", "ascii"], default="modbus", help="without it")
    parser.add_argument("--counters", default="1,2,3,4,5,6,7,8,9", help="addresses are the same")
    parser.add_argument("--link", default="", help="path of the line (the url of the settings)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
