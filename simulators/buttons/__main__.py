"""Press buttons that are not there: `denluot simulate-device buttons`."""

import argparse
import random
import sys
import threading
import time
from pathlib import Path

import msgspec

from bus.mqtt import Account, MqttBus
from simulators.buttons.console import HELP, Console

_CONNECT_WITHIN_S = 10.0


def main() -> int:
    """Publish what standard input says, until its end; exit 2 without a broker."""
    options = _parser().parse_args()
    account = _account(options)
    bus = MqttBus(account, random.Random())
    linked = threading.Event()
    bus.on_link(lambda up: linked.set() if up else linked.clear())
    bus.start()
    try:
        if not linked.wait(_CONNECT_WITHIN_S):
            sys.stderr.write(f"no broker at {account.host}:{account.port}\n")
            return 2
        sys.stdout.write(f"buttons at {account.host}:{account.port}\n{HELP}")
        sys.stdout.flush()
        Console(bus, time.time, _say).run_lines(sys.stdin)
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="denluot simulate-device buttons",
        description="Publish presses as Zigbee2MQTT, Tasmota, Shelly and ESPHome do, to the "
        "running centre or to another broker.",
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, default=Path("var"), help="the centre's files (var/)")
    parser.add_argument("--host", default="", help="another broker")
    parser.add_argument("--port", type=int, default=1883)
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    return parser


if __name__ == "__main__":
    sys.exit(main())
