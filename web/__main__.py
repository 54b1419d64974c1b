"""Start the web process: `python -m web`."""

import argparse
import asyncio
import logging
import os
import sys
import time

from bus.connect import connect_device
from bus.mqtt import Account
from config.process import Launch, read_launch
from web.app import create_app
from web.day_log import DayLog
from web.errors import AddressError
from web.server import Server, listen

_DEVICE = "web"
_log = logging.getLogger("web")


def main() -> int:
    """Serve the page until a signal ends it."""
    launch = read_launch("web", "The page for managers.", sys.argv[1:], os.environ, _add_arguments)
    host = launch.device.web.host
    port = launch.device.web.port if launch.arguments.port is None else launch.arguments.port
    try:
        listener = listen(host, port)
    except AddressError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    address, port = listener.getsockname()[:2]
    server = _server(launch)
    _log.info("web ready url=http://%s:%s", address, port)
    server.run(sockets=[listener])
    _log.info("web ended")
    return 0


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="port of the page, 0 for any free one")


def _server(launch: Launch) -> Server:
    broker = launch.device.broker
    account = Account(
        launch.host,
        launch.port,
        f"{_DEVICE}-web",
        _DEVICE,
        launch.password,
        broker.ca_file or None,
    )
    link = connect_device(
        account,
        launch.device.site,
        "web",
        now=launch.clock.now,
        monotonic=launch.clock.monotonic,
    )
    stopping = asyncio.Event()
    app = create_app(
        link,
        DayLog(launch.data / "wait_log.db"),
        stopping,
        now=launch.clock.now,
        monotonic=time.monotonic,
    )
    return Server(app, stopping.set)


if __name__ == "__main__":
    sys.exit(main())
