"""Simulate a ticket dispenser: `denluot simulate-device dispenser --device FILE`."""

import os
import random
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from config import ConfigError, load_device
from config.settings import DispenserBox
from hall.words import N_, Words
from hall.words.arguments import CommandParser, words_of
from simulators.keypad.console import Console, Unit, end_of, simulate

HELP = N_(
    """\
  BUTTON …        bấm lần lượt các nút, như trong mục [dispenser.buttons]: b1 b2 · 30 48
  chatter BUTTON  tiếp điểm rung: một lần bấm, mười lần đóng mở
  vanish          rút dây               return        cắm lại
  quit            kết thúc
"""
)
_CHATTER = 10


def main() -> int:
    """Simulate until the input ends or says quit."""
    t = words_of(os.environ)
    parser = CommandParser(
        "denluot simulate-device dispenser",
        t(
            "Đóng vai hộp nút lấy số của một thiết bị, trên đường nối mà máy lấy số mở như hộp nút "
            "thật."
        ),
        t,
        t(HELP),
    )
    parser.add_argument(
        "--device",
        type=Path,
        metavar="FILE",
        required=True,
        help=t("tệp device.toml có mục [dispenser]"),
    )
    try:
        box = load_device(parser.parse_args().device).dispenser
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if box is None:
        nothing = t("tệp này không có mục [dispenser]")
        sys.stderr.write(f"{nothing}\n")
        return 2
    run(box, sys.stdin, _say, t)
    return 0


def run(box: DispenserBox, lines: Iterable[str], say: Callable[[str], None], t: Words) -> None:
    """Be the box of buttons for as long as there are lines."""
    units = simulate([box.call_device], random.Random(), say, t, echo=False)
    unit = next(iter(units.values()))
    end_of(unit).plug_in()
    say(t("các nút: {buttons}", buttons=", ".join(sorted(box.buttons))))
    say(t(HELP))
    try:
        DispenserConsole(box, unit, say, t).run_lines(lines)
    finally:
        end_of(unit).vanish()


class DispenserConsole(Console):
    """The buttons and the faults of one box."""

    def __init__(self, box: DispenserBox, unit: Unit, say: Callable[[str], None], t: Words) -> None:
        super().__init__({"box": unit}, say, t)
        self.help_text = t(HELP)
        self._names = dict(zip(box.buttons, box.keys, strict=True))

    def default(self, line: str) -> None:
        """Push buttons."""
        super().default(" ".join(("box", *(self._names[name] for name in line.split()))))

    def do_chatter(self, rest: str) -> None:
        """Push once, with a contact that bounces."""
        self.default(" ".join([rest] * _CHATTER))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
