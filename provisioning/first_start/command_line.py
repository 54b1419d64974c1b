"""What the programs of the first start are started with.

They take no part at the broker: its password may be another user's.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from config.load import load_device
from hall.words import N_
from hall.words.arguments import CommandParser, words_of
from provisioning.certificate import own_names
from provisioning.first_start.place import Place, place_of

_NEEDED = N_("chỉ trả lời bằng mã thoát: 0 khi chưa có tài khoản nào, 1 khi đã có")


def read_options(
    program: str, says: str, argv: Sequence[str], environment: Mapping[str, str]
) -> argparse.Namespace:
    """Return what a program of the first start was started with."""
    t = words_of(environment)
    parser = CommandParser(f"python -m {program}", t(says), t)
    add = parser.add_argument
    add("--device", type=Path, metavar="FILE", help=t("thiết bị của máy này (device.toml)"))
    add("--data", type=Path, metavar="DIR", default=Path("var"), help=t("thư mục dữ liệu (var/)"))
    add("--needed", action="store_true", help=t(_NEEDED))
    return parser.parse_args(argv)


def finder(options: argparse.Namespace) -> Callable[[], Place]:
    """Return what finds the page now; raises ConfigError for a bad `device.toml`."""
    web = load_device(options.device).web
    data: Path = options.data
    return lambda: place_of(web, data, own_names())
