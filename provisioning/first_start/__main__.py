"""The first start on a server's own console: `python -m provisioning.first_start`.

It ends by itself once there is an administrator. With `--needed` it says by its exit status
whether there is any need for it: 0, or 1.
"""

import argparse
import os
import signal
import socket
import sys
import termios
import time
import tty
from collections.abc import Iterator
from contextlib import closing, contextmanager

from config.errors import ConfigError
from hall.words import N_
from provisioning.accounts import Accounts
from provisioning.errors import ProvisioningError
from provisioning.first_start.ceremony import Ceremony, Stage
from provisioning.first_start.command_line import finder, read_options
from provisioning.first_start.console import BEGIN, END, screen
from provisioning.first_start.loop import run
from provisioning.first_start.place import Place
from provisioning.site_db import FILE_NAME as SITE_DB
from provisioning.site_db import open_site_db


def main() -> int:
    """Show the first start on the console that is this program's standard input."""
    says = N_("Khai báo lần đầu, trên màn hình của chính máy chủ.")
    options = read_options("provisioning.first_start", says, sys.argv[1:], os.environ)
    needed: bool = options.needed
    try:
        with closing(open_site_db(options.data / SITE_DB)) as db:
            there_is_somebody = Accounts(db).exist()
            if needed or there_is_somebody:
                return int(needed and there_is_somebody)
            if not sys.stdin.isatty() or not sys.stdout.isatty():
                sys.stderr.write("the code is shown on a screen only, never in a file or log\n")
                return 2
            _show(options, Ceremony(db, time.monotonic))
    except (ConfigError, ProvisioningError) as error:
        sys.stderr.write(f"{error}\n")
        return 0 if needed else 1
    return 0


def _show(options: argparse.Namespace, ceremony: Ceremony) -> None:
    find = finder(options)
    with _stopping() as stop, _console() as keyboard:
        run(ceremony, keyboard, stop, find, _write, time.monotonic)


def _write(place: Place, stage: Stage, code: str, left_s: int) -> None:
    size = os.get_terminal_size(sys.stdout.fileno())
    sys.stdout.write(screen(place, stage, code, left_s, (size.columns, size.lines)))
    sys.stdout.flush()


@contextmanager
def _console() -> Iterator[int]:
    """Read key by key and echo none; leave a clean screen, however this ends."""
    keyboard = sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    tty.setcbreak(keyboard)
    try:
        sys.stdout.write(BEGIN)
        yield keyboard
    finally:
        termios.tcsetattr(keyboard, termios.TCSANOW, before)
        sys.stdout.write(END)
        sys.stdout.flush()


@contextmanager
def _stopping() -> Iterator[int]:
    """Yield what can be read from once a signal asks this process to end."""
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    before = signal.set_wakeup_fd(writer.fileno())
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    try:
        yield reader.fileno()
    finally:
        signal.set_wakeup_fd(before)
        reader.close()
        writer.close()


if __name__ == "__main__":
    sys.exit(main())
