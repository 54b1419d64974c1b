"""`denluot check-config`: whether configuration files can be used, before anything starts."""

import os
import sys
from pathlib import Path

from config import ConfigError, load_centre, load_device
from hall.words import Words
from hall.words.arguments import CommandParser, words_of


def command(arguments: list[str]) -> int:
    """Return 0 when every file is right, else 2 with one line for each that is not."""
    t = words_of(os.environ)
    parser = CommandParser(
        "denluot check-config",
        t("Kiểm tra centre.toml, device.toml hoặc cả hai; mỗi chỗ sai được báo bằng một dòng."),
        t,
    )
    parser.add_argument("centre", type=Path, nargs="?", metavar="FILE", help="centre.toml")
    parser.add_argument("--device", type=Path, metavar="FILE", help="device.toml")
    options = parser.parse_args(arguments)
    if not options.centre and not options.device:
        parser.error(t("hãy ghi tên một centre.toml, hoặc một device.toml sau --device"))
    failed = False
    for path, check in ((options.centre, _centre), (options.device, _device)):
        if path is None:
            continue
        try:
            sys.stdout.write(t("{path}: tốt, {what}", path=path, what=check(path, t)) + "\n")
        except ConfigError as error:
            sys.stderr.write(f"{error}\n")
            failed = True
    return 2 if failed else 0


def _centre(path: Path, t: Words) -> str:
    centre = load_centre(path)
    return t(
        "{services} lĩnh vực tại {counters} quầy",
        services=len(centre.services),
        counters=len(centre.counters),
    )


def _device(path: Path, t: Words) -> str:
    device = load_device(path)
    names = [device.kiosk.device, *(board.device for board in device.boards)]
    names += [device.announcer.device, *(panel.device for panel in device.panels)]
    names += [*(box.device for box in device.keypads), *(box.device for box in device.signs)]
    return t("các thiết bị: {names}", names=", ".join(names))
