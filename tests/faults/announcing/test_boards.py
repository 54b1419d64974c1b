"""Boards that freeze and die during calls: known to be gone, and right again at once."""

from collections.abc import Callable
from typing import Any

Start = Callable[[float], Any]
GONE_WITHIN_S = 8.0
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
