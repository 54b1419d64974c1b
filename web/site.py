"""How the parts of the web process hang together."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass

from bus.session import Session
from config import Clock
from config.settings import WebBox
from hall.model import Hall
from web.app import create_app, create_board_app
from web.assets import assets_version
from web.board.media import MediaShelf
from web.board.pages import Pages
from web.board.routes import BoardSite
from web.board.stream import BoardStream
from web.day_log import DayLog
from web.guard import Pace
from web.server import BoardServer, Server
from web.waiting import LoopOwner


@dataclass(frozen=True, slots=True)
class Sources:
    """What the pages are made from; `monotonic` counts real seconds."""

    link: Session
    owner: LoopOwner
    """What `link` delivers by."""
    log: DayLog
    clock: Clock
    monotonic: Callable[[], float]
    new_token: Callable[[], str]


def make_server(sources: Sources, box: WebBox, boards: socket.socket | None = None) -> Server:
    """Return what serves the pages, and with `boards` the board alone on that listener."""
    hall, stopping = Hall(sources.link), asyncio.Event()
    hall.follow_board()
    hall.follow_services()
    hall.follow_counters()
    hall.follow_devices()
    clock = sources.clock
    pages = Pages(
        sources.link,
        hall,
        clock=clock,
        real=sources.monotonic,
        new_token=sources.new_token,
        counted=frozenset(box.board_screens),
    )
    version = assets_version()
    stream = BoardStream(pages, hall, stopping, now=clock.now, speed=clock.speed, version=version)
    board = BoardSite(pages, stream, Pace(sources.monotonic), MediaShelf(box.board_media), version)
    app = create_app(
        sources.link,
        hall,
        sources.log,
        board,
        stopping,
        owner=sources.owner,
        now=clock.now,
        monotonic=sources.monotonic,
    )
    beside = None
    if boards:
        names = frozenset(name.lower() for name in box.board_names)
        beside = BoardServer(create_board_app(board), names, boards)
    return Server(app, stopping.set, beside)
