"""Boards that freeze and die during calls: known to be gone, and right again at once."""

from collections.abc import Callable
from typing import Any

import pytest

from bus.health import BoardHealth

Start = Callable[[float], Any]
GONE_WITHIN_S = 12.0
RIGHT_WITHIN_S = 5.0


def test_a_board_that_freezes_or_dies_is_missed_once_and_is_right_again_at_once(
    start_hall: Start,
) -> None:
    hall = start_hall(4.0)
    board = hall.programs["board-1"]
    board.freeze()
    seq = hall.call()
    hall.until(lambda: ("device_offline", "board-1") in hall.ear.alarms(), GONE_WITHIN_S)
    hall.until(lambda: hall.ear.said(seq, "spoken"), 20)
    assert hall.ear.said(seq, "shown") == []
    assert hall.ear.alarms() == [("device_offline", "board-1")]
    board.thaw()
    hall.until(lambda: hall.ear.said(seq, "shown"), RIGHT_WITHIN_S)
    hall.until(hall.is_well, RIGHT_WITHIN_S)
    board.kill()
    seq = hall.call()
    hall.until(lambda: hall.ear.alarms() == [("device_offline", "board-1")], 3)
    board.start()
    hall.until(lambda: hall.ear.said(seq, "shown"), 15)
    hall.until(hall.is_well, RIGHT_WITHIN_S)
    assert hall.ear.kinds("call_unannounced") == []


@pytest.mark.full
def test_a_board_that_hangs_with_old_numbers_is_named(start_hall: Start) -> None:
    hall = start_hall(1.0)
    hanging = hall.link("board-2", presence=True)
    shown = hall.ear.board
    hanging.set_health(BoardHealth(epoch=shown.epoch, rev=shown.rev))
    hanging.start()
    hall.until(lambda: hall.ear.online("board-2", rev=shown.rev))
    hall.call()
    hall.until(lambda: hall.ear.alarms() == [("board_behind", "board-2")], 8)
    hanging.set_health(BoardHealth(epoch=hall.ear.board.epoch, rev=hall.ear.board.rev))
    hall.until(lambda: hall.ear.alarms() == [], 2)
    hanging.stop()
    assert hall.ear.kinds("call_unannounced") == []
