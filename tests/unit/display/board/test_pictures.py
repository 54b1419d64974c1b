"""The pictures of docs/screenshots, drawn anew from the design's data."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickWindow

from bus.messages import BoardCounter, BoardState, Call, CounterStatus, Language
from config import Centre
from ui.board.panel import Progress
from ui.board.scene import Hall, Scene, View, compose

MakeBoard = Callable[..., BoardState]
MakeCall = Callable[..., Call]
MakeCounter = Callable[..., BoardCounter]
ShowScene = Callable[..., QQuickWindow]

PICTURES = Path(__file__).parents[4] / "docs" / "screenshots"
NAMES = ("one-call", "two-calls", "stale", "paused", "idle", "portrait", "withdrawn")


@pytest.fixture
def states(board: MakeBoard, call: MakeCall, counter: MakeCounter) -> dict[str, BoardState]:
    """Return what differs from the design's picture, by name."""
    older = board().calls[1:]
    resting = [
        counter(1, status=CounterStatus.PAUSED, reason="Trình ký"),
        counter(6, status=CounterStatus.PAUSED, reason="Hệ thống mất kết nối"),
    ]
    others = [c for c in board().counters if c.counter not in {1, 6}]
    two = (call(89, "5012", 6, 1, lang=Language.ENGLISH), call(88, "1017", 3, 4), *older)
    return {
        "two-calls": board(calls=two, next=("2005", "1018", "2006")),
        "paused": board(counters=(*others, *resting)),
        "idle": board(calls=(), counters=(), next=()),
        "withdrawn": board(
            calls=(call(88, "1017", 3, 6, withdrawn=True), *older),
            counters=tuple(c for c in board().counters if c.counter != 3),
        ),
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_drawn(
    *,
    name: str,
    centre: Centre,
    board: MakeBoard,
    states: dict[str, BoardState],
    now: datetime,
    show: ShowScene,
    tmp_path: Path,
) -> None:
    """Set DENLUOT_PICTURES=1 to write the pictures to docs/screenshots."""
    marked = Progress(marked=frozenset({88})) if name == "withdrawn" else Progress()
    hall = Hall(centre, states.get(name, board()))
    scene = compose(hall, now, stale=name == "stale", progress=marked, view=View(letters=100))
    assert isinstance(scene, Scene)
    size = (1080, 1920) if name == "portrait" else (1920, 1080)
    image = show(scene, *size).grabWindow()
    into = PICTURES if os.environ.get("DENLUOT_PICTURES") else tmp_path
    file = into / f"board-{name}.png"
    assert image.save(str(file))
    assert (QImage(str(file)).width(), QImage(str(file)).height()) == size
