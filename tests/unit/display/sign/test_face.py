from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bus.states import BoardCounter, BoardState, Call
from bus.vocabulary import CounterStatus
from display.sign.face import face_of
from hardware.sign import Face

MakeBoard = Callable[..., BoardState]
MakeCall = Callable[..., Call]
MakeCounter = Callable[..., BoardCounter]


@pytest.mark.parametrize(
    ("number", "face"),
    [
        (3, Face("1017")),
        (2, Face("2004")),
        (4, Face()),
        (5, Face()),
        (8, Face()),
        (99, Face()),
    ],
)
def test_the_hall_of_the_picture(board: MakeBoard, now: datetime, number: int, face: Face) -> None:
    assert face_of(number, board(), now, flash_s=20) == face


def test_before_anything_is_known_nobody_is_called(now: datetime) -> None:
    assert face_of(3, None, now, flash_s=20) == Face()


def test_a_paused_counter_shows_no_number_even_if_it_has_one(
    board: MakeBoard, counter: MakeCounter, now: datetime
) -> None:
    resting = board(counters=(counter(3, "1017", status=CounterStatus.PAUSED),))
    assert face_of(3, resting, now, flash_s=20) == Face()


def test_a_new_call_blinks_until_its_time_is_over(board: MakeBoard, now: datetime) -> None:
    called_at = now - timedelta(seconds=25)
    assert face_of(3, board(), called_at + timedelta(seconds=19), flash_s=20).blink
    assert not face_of(3, board(), called_at + timedelta(seconds=20), flash_s=20).blink


def test_a_recall_blinks_again_and_a_withdrawn_call_does_not(
    board: MakeBoard, call: MakeCall, now: datetime
) -> None:
    again = board(calls=(call(90, "1017", 3, 1, repeat=1), call(88, "1017", 3, 60)))
    assert face_of(3, again, now, flash_s=20) == Face("1017", blink=True)
    withdrawn = board(calls=(call(90, "1017", 3, 1, withdrawn=True), call(88, "1017", 3, 60)))
    assert face_of(3, withdrawn, now, flash_s=20) == Face("1017")
