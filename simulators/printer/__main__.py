"""Start a simulated printer in this terminal: `denluot simulate-device printer`."""

import argparse
import os
import random
import sys
import time

from config import Text
from config.language import in_english
from simulators.printer import PROFILES, Machine, PtyPort, TcpPort, Tray
from simulators.printer.arguments import parser
from simulators.printer.console import Console

_STANDS = Text(
    vi="Máy in giả lập ({profile}) ở {address}; phiếu vào {paper}.\n",
    en="Simulated printer ({profile}) at {address}; papers go to {paper}.\n",
)
_TAKEN = Text(vi="Không mở được: {reason}\n", en="Cannot be opened: {reason}\n")
_PRINTED = Text(vi="In xong phiếu thứ {count}\n", en="Paper {count} came out\n")


def main() -> int:
    """Print what comes, and break as told on standard input, until its end."""
    options = parser().parse_args()
    lang = "en" if in_english(os.environ) else "vi"
    tray = Tray(options.dots, options.paper)

    def fall(paper: bytes) -> None:
        tray.take(paper)
        _say(_PRINTED(lang).format(count=len(tray.papers)))

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
        sys.stderr.write(_TAKEN(lang).format(reason=error))
        return 1
    port.start()
    stands = {"profile": options.profile, "address": port.address, "paper": options.paper}
    _say(_STANDS(lang).format(**stands))
    try:
        Console(machine, port, _say, lang).run_lines(sys.stdin)
    finally:
        port.stop()
    return 0


def _port(machine: Machine, options: argparse.Namespace) -> TcpPort | PtyPort:
    if options.link:
        return PtyPort(machine, options.link, options.baud)
    return TcpPort(machine, port=options.tcp)


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
