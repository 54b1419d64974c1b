"""Start a simulated printer in this terminal: `denluot simulate-device printer`."""

import argparse
import os
import random
import sys
import time
from pathlib import Path

from hall.words import Words
from hall.words.arguments import CommandParser, words_of
from simulators.printer import PROFILES, Machine, PtyPort, TcpPort, Tray
from simulators.printer.console import Console


def main() -> int:
    """Print what comes, and break as told on standard input, until its end."""
    t = words_of(os.environ)
    options = _parser(t).parse_args()
    tray = Tray(options.dots, options.paper)

    def fall(paper: bytes) -> None:
        tray.take(paper)
        _say(t("In xong phiếu thứ {count}\n", count=len(tray.papers)))

    machine = Machine(
        PROFILES[options.profile],
        fall,
        monotonic=time.monotonic,
        rng=random.Random(),
        buffer=options.buffer,
        prints_bytes_s=options.speed,
    )
    try:
        port = _port(machine, options)
    except OSError as error:
        sys.stderr.write(t("Không mở được: {reason}\n", reason=error))
        return 1
    port.start()
    _say(
        t(
            "Máy in giả lập ({profile}) ở {address}; phiếu vào {paper}.\n",
            profile=options.profile,
            address=port.address,
            paper=options.paper,
        )
    )
    try:
        Console(machine, port, _say, t).run_lines(sys.stdin)
    finally:
        port.stop()
    return 0


def _parser(t: Words) -> CommandParser:
    parser = CommandParser(
        "denluot simulate-device printer",
        t(
            "Đóng vai một máy in nhiệt: in những gì nhận được thành tệp PNG, trả lời tình trạng, "
            "và hỏng theo lệnh gõ ở đây."
        ),
        t,
        t(
            "Ví dụ: {command}",
            command="denluot simulate-device printer --link /tmp/printer --baud 115200",
        ),
    )
    add = parser.add_argument
    add("--tcp", type=int, default=9100, metavar="PORT", help=t("cổng mạng để chờ (9100)"))
    add("--link", type=Path, metavar="PATH", help=t("thay vào đó là dây nối tiếp ở đường dẫn này"))
    add("--baud", type=int, help=t("tốc độ của dây; nghe ở tốc độ khác chỉ được chữ vô nghĩa"))
    add("--profile", choices=PROFILES, default="full", help=t("máy trả lời được những gì"))
    add("--dots", type=int, choices=[384, 512, 576], default=576, help=t("khổ in, số chấm (576)"))
    add("--paper", type=Path, metavar="DIR", default=Path("paper"), help=t("nơi để phiếu (paper/)"))
    add("--buffer", type=int, default=65536, metavar="N", help=t("chứa được bao nhiêu byte"))
    add("--speed", type=float, default=100_000.0, metavar="N", help=t("số byte in được mỗi giây"))
    return parser


def _port(machine: Machine, options: argparse.Namespace) -> TcpPort | PtyPort:
    if options.link:
        return PtyPort(machine, options.link, options.baud)
    return TcpPort(machine, port=options.tcp)


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
