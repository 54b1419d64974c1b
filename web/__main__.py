"""Start the web process: `python -m web`."""

import logging
import os
import resource
import secrets
import sys
import time
from functools import partial

from bus.session import connect
from config.process import STORE_VARIABLE, Launch
from hall.words import N_
from hall.words.arguments import CommandParser, start
from provisioning.backup.status import read_status
from provisioning.passwords import Passwords
from provisioning.site_db import FILE_NAME as SITE_DB
from provisioning.site_db import open_or_unavailable
from provisioning.site_server import open_site_server
from wait_log.dialects import store_url
from wait_log.errors import StoreError
from wait_log.figure_cache import CACHE_FILE, FigureCache
from wait_log.reader import open_reader
from web.day_log import DayLog
from web.errors import AddressError
from web.redaction import keep_secrets_out
from web.server import listen, listen_for_boards, tls_of
from web.site import Sources, make_server
from web.waiting import LoopOwner

_DEVICE = "web"
_PHONES = "web-public"
"""The account of what citizens' phones ask for."""
_OPEN_FILES = 4096
_log = logging.getLogger("web")


def main() -> int:
    """Serve the pages until a signal ends it."""
    launch = start(
        "web",
        N_("Trang quản lý và bảng gọi số trên trình duyệt."),
        sys.argv[1:],
        os.environ,
        _add_arguments,
    )
    keep_secrets_out(logging.getLogger())
    _allow_open_files()
    box = launch.device.web
    port = box.port if launch.arguments.port is None else launch.arguments.port
    try:
        tls = tls_of(box.certificate, box.key)
        listener = listen(box.host, port, tls)
        boards = listen_for_boards(box.board_host, box.board_port) if box.board_host else None
        reached_at = int(listener.getsockname()[1])
        server = make_server(_sources(launch), box, boards, tls, reached_at)
    except (AddressError, StoreError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if boards:
        _log.info("boards ready url=http://%s:%s/board", *boards.getsockname()[:2])
    scheme = "https" if tls else "http"
    _log.info("web ready url=%s://%s:%s", scheme, *listener.getsockname()[:2])
    server.run(sockets=[listener])
    _log.info("web ended")
    return 0


def _allow_open_files() -> None:
    """Let a thousand phones be followed: what systems allow at first is 1,024 files in all."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _add_arguments(parser: CommandParser) -> None:
    parser.add_argument("--port", type=int, help=parser.t("cổng của trang, 0 là một cổng trống"))


def _store(launch: Launch) -> str:
    return store_url(launch.data, os.environ.get(STORE_VARIABLE))


def _sources(launch: Launch) -> Sources:
    owner = LoopOwner()
    link = connect(
        launch.account(_DEVICE, "web"),
        launch.device.site,
        "web",
        now=launch.clock.now,
        monotonic=launch.clock.monotonic,
        machine=launch.machine,
        deliver=owner,
    )
    phones = launch.account_beside(_PHONES, "web")
    kept = FigureCache(launch.data / CACHE_FILE)
    site_db = open_or_unavailable(launch.data / SITE_DB)
    open_log = partial(open_reader, _store(launch), launch.device.site, kept)
    return Sources(
        link=link,
        phones_link=connect(
            phones,
            launch.device.site,
            _PHONES,
            now=launch.clock.now,
            monotonic=launch.clock.monotonic,
            deliver=owner,
            presence=False,
        )
        if phones
        else None,
        owner=owner,
        log=DayLog(open_log()),
        open_log=open_log,
        clock=launch.clock,
        monotonic=time.monotonic,
        new_token=lambda: secrets.token_urlsafe(16),
        site_db=site_db,
        passwords=Passwords(),
        day_sheets=launch.data / "day-sheets",
        backups=partial(read_status, launch.data),
        watchdog=launch.watchdog,
        site_server=open_site_server(launch.data, launch.device.site, site_db, launch.host),
    )


if __name__ == "__main__":
    sys.exit(main())
