"""The first start on a server's own console: `python -m provisioning.first_start`.

It ends by itself once there is an administrator. With `--needed` it says by its exit status
whether there is any need for it: 0, or 1.
"""

import os
import select
import signal
import socket
import sys
import termios
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial

from config.process import Launch
from config.settings import WebBox
from hall.words import N_
from hall.words.arguments import CommandParser, start
from provisioning.accounts import Accounts
from provisioning.certificate import own_names
from provisioning.errors import ProvisioningError
from provisioning.first_start.ceremony import Ceremony, Stage
from provisioning.first_start.console import BEGIN, END, screen
from provisioning.first_start.place import Place, place_of
from provisioning.site_db import FILE_NAME as SITE_DB
from provisioning.site_db import open_site_db

_LOOK_EVERY_S = 1.0
_PLACE_EVERY_S = 10.0
_MOST_KEYS = 1024


def main() -> int:
    """Show the first start on the console that is this program's standard input."""
    says = N_("Khai báo lần đầu, trên màn hình của chính máy chủ.")
    launch = start("provisioning.first_start", says, sys.argv[1:], os.environ, _arguments)
    needed: bool = launch.arguments.needed
    try:
        with closing(open_site_db(launch.data / SITE_DB)) as db:
            there_is_somebody = Accounts(db).exist()
            if needed or there_is_somebody:
                return int(needed and there_is_somebody)
            if not sys.stdin.isatty() or not sys.stdout.isatty():
                sys.stderr.write("the code is shown on a screen only, never in a file or log\n")
                return 2
            _show(launch, Ceremony(db, time.monotonic))
    except ProvisioningError as error:
        sys.stderr.write(f"{error}\n")
        return 0 if needed else 1
    return 0


def _show(launch: Launch, ceremony: Ceremony) -> None:
    find = partial(_find, launch)
    with _stopping() as stop, _console() as keyboard:
        run(ceremony, keyboard, stop, find, _write, time.monotonic)


def run(  # noqa: PLR0917 - what the loop stands between
    ceremony: Ceremony,
    keyboard: int,
    stop: int,
    find: Callable[[], Place],
    show: Callable[[Place, Stage, str, int], None],
    monotonic: Callable[[], float],
) -> None:
    """Show the stages until there is an administrator, or something can be read from `stop`."""
    place, found_s = find(), monotonic()
    before: tuple[object, ...] = ()
    while True:
        try:
            stage = ceremony.look()
        except ProvisioningError:
            stage = Stage.BLIND
        if monotonic() - found_s > _PLACE_EVERY_S:
            place, found_s = find(), monotonic()
        code = ceremony.code if stage is Stage.SHOWN else ""
        now = (place, stage, code, ceremony.left_s)
        if now != before:
            show(place, stage, code, ceremony.left_s)
            before = now
        if stage is Stage.OVER:
            return
        ready, _, _ = select.select([keyboard, stop], [], [], _LOOK_EVERY_S)
        if stop in ready:
            return
        if keyboard in ready:
            if not os.read(keyboard, _MOST_KEYS):
                return  # the console was taken away
            try:
                ceremony.press()
            except ProvisioningError:
                ceremony.hide()


def _find(launch: Launch) -> Place:
    web: WebBox = launch.device.web
    return place_of(web, launch.data, own_names())


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


def _arguments(parser: CommandParser) -> None:
    says = N_("chỉ trả lời bằng mã thoát: 0 khi chưa có tài khoản nào, 1 khi đã có")
    parser.add_argument("--needed", action="store_true", help=parser.t(says))


if __name__ == "__main__":
    sys.exit(main())
