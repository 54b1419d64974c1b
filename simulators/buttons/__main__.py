"""Press buttons that are not there: `denluot simulate-device buttons`."""

import argparse
import os
import random
import sys
import threading
import time
from pathlib import Path

import msgspec

from bus.mqtt import Account, MqttBus
from hall.words import Words
from hall.words.arguments import CommandParser, port, words_of
from simulators.buttons.console import Console, help_text

_CONNECT_WITHIN_S = 10.0


def main() -> int:
    """Publish what standard input says, until its end; exit 2 without a broker."""
    t = words_of(os.environ)
    options = _parser(t).parse_args()
    account = _account(options)
    address = f"{account.host}:{account.port}"
    bus = MqttBus(account, random.Random())
    linked = threading.Event()
    bus.on_link(lambda up: linked.set() if up else linked.clear())
    bus.start()
    try:
        if not linked.wait(_CONNECT_WITHIN_S):
            sys.stderr.write(t("không có máy chủ tin nhắn ở {address}", address=address) + "\n")
            return 2
        _say(t("các nút ở {address}", address=address))
        _say(help_text(t).rstrip())
        Console(bus, time.time, _say, t).run_lines(sys.stdin)
    finally:
        bus.stop()
    return 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _account(options: argparse.Namespace) -> Account:
    """Return who publishes: the account `buttons` of a running centre, or what was asked for."""
    if options.host:
        return Account(options.host, options.port, "simulate", options.user, options.password)
    told = msgspec.json.decode((options.data / "connection.json").read_bytes())
    broker, account = told["broker"], told["devices"]["buttons"]
    host = broker["socket"] or broker["host"]
    return Account(host, broker["port"], "simulate", account["username"], account["password"])


def _parser(t: Words) -> CommandParser:
    parser = CommandParser(
        "denluot simulate-device buttons",
        t(
            "Bấm các nút như Zigbee2MQTT, Tasmota, Shelly và ESPHome gửi đi, vào trung tâm đang "
            "chạy hoặc một máy chủ tin nhắn khác."
        ),
        t,
        help_text(t),
    )
    add = parser.add_argument
    add("--data", type=Path, metavar="DIR", default=Path("var"), help=t("thư mục dữ liệu (var/)"))
    add("--host", default="", help=t("một máy chủ tin nhắn khác"))
    add("--port", type=port, default=1883, help=t("cổng của nó (1883)"))
    add("--user", default="", help=t("tên tài khoản ở đó"))
    add("--password", default="", help=t("mật khẩu ở đó"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
