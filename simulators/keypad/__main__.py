"""Simulate keypads: `denluot simulate-device keypad --line var/keypads --units 1 2 3`."""

import argparse
import os
import random
import sys
from pathlib import Path

from config import ConfigError, load_device
from config.settings import CallDevice, KeypadUnit, SerialKeypads, UsbKeypad
from config.settings.keypads import Polling
from hall.words import Words
from hall.words.arguments import CommandParser, words_of
from simulators.keypad.console import HELP, Console, end_of, simulate


def main() -> int:
    """Simulate until the input ends or says quit."""
    t = words_of(os.environ)
    arguments = _parser(t).parse_args()
    try:
        choices = _choices(arguments)
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if not choices:
        nothing = t("chưa có gì để đóng vai: --line, --numpad, hoặc --device có bàn phím gọi")
        sys.stderr.write(f"{nothing}\n")
        return 2
    units = simulate(choices, random.Random(), _say, t, echo=arguments.echo)
    ends = {end_of(unit) for unit in units.values()}
    for end in ends:
        end.plug_in()
    _say(t("các bàn phím (UNIT): {units}", units=", ".join(units)))
    _say(t(HELP))
    try:
        Console(units, _say, t).run_lines(sys.stdin)
    finally:
        for end in ends:
            end.vanish()
    return 0


def _parser(t: Words) -> CommandParser:
    parser = CommandParser(
        "denluot simulate-device keypad",
        t(
            "Đóng vai các bàn phím gọi, trên những đường nối mà chương trình bàn phím mở như thiết "
            "bị thật. Không có --device thì chúng nói bằng dòng chữ, mỗi bàn phím ở địa chỉ bằng "
            "số quầy."
        ),
        t,
        t(HELP),
    )
    add = parser.add_argument
    add(
        "--device",
        type=Path,
        metavar="FILE",
        help=t("đóng vai mọi bàn phím của thiết bị này (device.toml)"),
    )
    add("--line", type=Path, metavar="PATH", help=t("đường nối chung của các bàn phím ở đây"))
    add(
        "--units",
        type=int,
        nargs="+",
        metavar="N",
        default=[1, 2, 3],
        help=t("địa chỉ của chúng (1 2 3)"),
    )
    add("--polled", action="store_true", help=t("chỉ nói khi được hỏi"))
    add("--echo", action="store_true", help=t("gửi trả lại cả những gì nhận được"))
    add("--numpad", type=Path, metavar="PATH", help=t("bàn phím số USB ở đây"))
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
