"""Start simulated signs in this terminal: `denluot simulate-device sign`."""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from config import ConfigError, load_device
from config.settings import AsciiSigns, ModbusSigns, Sign, SignBox
from hall.words import N_, Words
from hall.words.arguments import CommandParser, words_of
from simulators.console import DeviceConsole
from simulators.sign import AsciiSignBank, Fault, ModbusSignBank, SignBank, terminal_of
from simulators.terminal import Terminal

_HELP = N_("gõ: kill|mute|garble|half|refuse|heal ADDRESS, unplug, plug, show, quit\n")
_FAULTS = {"kill": Fault.DEAD, "heal": Fault.NONE}


def main() -> int:
    """Show the signs, and break them as told on standard input, until its end."""
    t = words_of(os.environ)
    options = _parser(t).parse_args()
    try:
        box = _box(options, t)
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    bank = _bank(box)
    line = terminal_of(bank, Path(options.link))
    line.plug()
    _say(t("các bảng LED ở {path}", path=options.link) + f"\n{t(_HELP)}")
    _show(box.signs, bank)
    try:
        Console(box.signs, bank, line, t).run_lines(sys.stdin)
    finally:
        line.unplug()
    return 0


class Console(DeviceConsole):
    """The faults of signs."""

    def __init__(self, signs: Sequence[Sign], bank: SignBank, line: Terminal, t: Words) -> None:
        super().__init__(_say, t(_HELP))
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
                self.say(self.help_text)


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


def _box(options: argparse.Namespace, t: Words) -> SignBox:
    """Return the box whose signs to play: of the settings, or counters 1 to 9 on one line."""
    if options.device:
        for box in load_device(options.device).signs:
            if box.device == options.sign or not options.sign:
                options.link = options.link or getattr(box.line, "url", "")
                return box
        raise ConfigError(
            t("{path}: không có bảng LED {name!r}", path=options.device, name=options.sign)
            + " - $.signs"
        )
    options.link = options.link or "signs.tty"
    line = (
        AsciiSigns(url=options.link) if options.kind == "ascii" else ModbusSigns(url=options.link)
    )
    numbers = [int(text) for text in options.counters.split(",")]
    return SignBox(line=line, signs=tuple(Sign(counter=n, address=n) for n in numbers))


def _parser(t: Words) -> CommandParser:
    parser = CommandParser(
        "denluot simulate-device sign",
        t(
            "Đóng vai các bảng LED trên một đường nối tiếp giả. Mỗi lần bảng đổi, một dòng hiện "
            "ra ở đây."
        ),
        t,
    )
    add = parser.add_argument
    add(
        "--device",
        type=Path,
        metavar="FILE",
        help=t("đóng vai các bảng LED của thiết bị này (device.toml)"),
    )
    add("--sign", default="", metavar="NAME", help=t("đường nào trong số đó (đường đầu)"))
    add(
        "--kind",
        choices=["modbus", "ascii"],
        default="modbus",
        help=t("loại bảng khi không có --device (modbus)"),
    )
    add(
        "--counters",
        default="1,2,3,4,5,6,7,8,9",
        metavar="N,N",
        help=t("các quầy (1 đến 9); địa chỉ bằng số quầy"),
    )
    add("--link", default="", metavar="PATH", help=t("đường dẫn của đường nối (url của cấu hình)"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
