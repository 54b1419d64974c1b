"""Start a board of this box: `python -m display.board --board board-1`."""

import os
import sys
import time
from zoneinfo import ZoneInfo

from bus.session import connect
from config import ConfigError, Role
from config.process import Launch
from config.settings import BoardBox
from display.board.app import Board
from display.board.screen import BoardScreen
from display.board.seat import Seat, choose_board
from hall.words import N_
from hall.words.arguments import CommandParser, start
from ui.application import Application
from ui.frames import FrameWatch
from ui.owner import QtOwner
from ui.wall_clock import WallClock


def main() -> None:
    """Show the calls until told to stop."""
    launch = start(
        "display.board", N_("Hiện các lượt gọi trên TV."), sys.argv[1:], os.environ, _add_arguments
    )
    try:
        box = choose_board(launch.device.boards, launch.arguments.board, launch.arguments.screen)
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    sys.exit(_run(launch, box))


def _run(launch: Launch, box: BoardBox) -> int:
    # Frames are drawn on the thread that sets the scene, so a swapped frame contains it.
    os.environ.setdefault("QSG_RENDER_LOOP", "basic")
    application = Application("board", os.environ)
    clock = launch.clock
    link = connect(
        launch.account(box.device, "board"),
        launch.device.site,
        Role.BOARD,
        now=clock.now,
        monotonic=clock.monotonic,
        machine=launch.machine,
        deliver=QtOwner().deliver,
    )
    screen = BoardScreen(box.layout, box.media)
    wall_clock = WallClock(clock.now, clock.real_s, ZoneInfo("Asia/Ho_Chi_Minh"))
    board = Board(link, box, screen, wall_clock, clock=clock, real=time.monotonic)
    window = application.load("display.board", "Board", vm=screen, clock=wall_clock)
    frames = FrameWatch(launch.watchdog, [window])
    seat = Seat(application.qt, window, box.screen)
    board.show(window)
    link.start()

    def stop() -> None:
        frames.stop()
        board.stop()

    code = application.run(stop)
    seat.deleteLater()
    return code


def _add_arguments(parser: CommandParser) -> None:
    parser.add_argument(
        "--board", help=parser.t("mã thiết bị của bảng gọi số (mặc định: bảng đầu tiên)")
    )
    parser.add_argument("--screen", help=parser.t("số thứ tự hoặc tên màn hình, thay cho cấu hình"))


if __name__ == "__main__":
    main()
