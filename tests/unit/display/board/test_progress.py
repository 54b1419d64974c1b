from collections.abc import Callable

from bus.states import BoardState
from display.board.app import DisplayProgress

MakeBoard = Callable[..., BoardState]


def test_a_busy_board_tells_its_progress_every_two_seconds(board: MakeBoard) -> None:
    progress = DisplayProgress()
    assert progress.tell(None, 0.0) == {}
    assert progress.tell(board(1), 0.5) == {"epoch": "01JEPOCH", "rev": 1}
    assert progress.tell(board(2), 2.4) == {"epoch": "01JEPOCH", "rev": 1}
    assert progress.tell(board(3), 2.5) == {"epoch": "01JEPOCH", "rev": 3}


def test_after_a_calm_while_news_are_told_at_once(board: MakeBoard) -> None:
    progress = DisplayProgress()
    progress.tell(board(1), 0.0)
    progress.tell(board(1), 10.0)
    assert progress.tell(board(2), 10.1)["rev"] == 2
