"""The pictures of docs/screenshots, drawn again from the design's data."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import fontpkg_be_vietnam_pro
import pytest
from PIL import Image, ImageDraw, ImageFont
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickItem, QQuickWindow
from pytestqt.qtbot import QtBot

from bus.states import BoardCounter, BoardState, Call, Missed, Notice, Waiting
from bus.vocabulary import CounterStatus, Language
from config import Centre
from config.settings import BoardMedia
from hall.board.calls import Progress
from hall.board.scene import Hall, View, compose

MakeBoard = Callable[..., BoardState]
MakeCall = Callable[..., Call]
MakeCounter = Callable[..., BoardCounter]
ShowScene = Callable[..., QQuickWindow]
FindItems = Callable[[QQuickWindow, str], list[QQuickItem]]

PICTURES = Path(__file__).parents[4] / "docs" / "screenshots"
NAMES = (
    "one-call",
    "two-calls",
    "stale",
    "paused",
    "idle",
    "portrait",
    "withdrawn",
    "calls-media",
    "calls-media-portrait",
    "grid",
    "grid-stale",
    "grid-portrait",
    "missed",
    "grid-missed",
    "few",
    "not-open",
    pytest.param("marquee", marks=pytest.mark.full),
    pytest.param("appointments", marks=pytest.mark.full),
)
ROWS = {"calls-media": 4, "calls-media-portrait": 2}
"""That fit beside pictures."""
MISSED = {"portrait": 3, "calls-media-portrait": 3, "grid-missed": 8}
NOTICE = (
    "Chiều nay từ 14:00 đến 15:00 hệ thống đất đai bảo trì, mong quý vị thông cảm; "
    "hồ sơ đã nộp vẫn được trả đúng hẹn"
)


@pytest.fixture
def states(
    board: MakeBoard, call: MakeCall, counter: MakeCounter, now: datetime
) -> dict[str, BoardState]:
    """Return what differs from the design's picture, by name."""
    older = board().calls[1:]
    resting = [
        counter(1, status=CounterStatus.PAUSED, reason="Trình ký"),
        counter(6, status=CounterStatus.PAUSED, reason="Hệ thống mất kết nối"),
    ]
    others = [c for c in board().counters if c.counter not in {1, 6}]
    waiting = (
        Waiting(service="CERT", count=12, wait_min=(25, 30), next=("1018", "1019")),
        Waiting(service="CIVIL", count=2, wait_min=(5, 10), next=("2005", "2006")),
        Waiting(service="LAND", count=1, wait_min=(0, 5), next=("5012",)),
    )
    two = (call(89, "5012", 6, 1, lang=Language.ENGLISH), call(88, "1017", 3, 4), *older)
    new = (call(88, "1017", 3, 1), *older)
    return {
        "one-call": board(),
        "grid": board(calls=new, counters=(*board().counters, counter(8, "7004"), counter(9))),
        "marquee": board(notices=(Notice(text=NOTICE, until=now + timedelta(hours=1)),)),
        "two-calls": board(calls=two, next=("2005", "1018", "2006")),
        "paused": board(counters=(*others, *resting)),
        "missed": board(
            calls=(call(88, "1017", 3, 25), call(87, "8003", 1, 80), call(86, "6002", 7, 300)),
            counters=[c for c in board().counters if c.counter in {1, 3, 5, 7}],
            missed=Missed(numbers=("1002", "6001"), total=2),
        ),
        "grid-missed": board(
            counters=(*board().counters, counter(8, "7004"), counter(9)),
            missed=Missed(numbers=tuple(f"10{n:02}" for n in range(2, 22)), total=23),
        ),
        "few": board(
            counters=[c for c in board().counters if c.counter in {1, 3}], waiting=waiting
        ),
        "not-open": board(calls=(), counters=(), waiting=waiting, next=()),
        "idle": board(calls=(), counters=(), waiting=(), next=()),
        "appointments": board(calls=(), counters=(), waiting=(), next=(), appointments=True),
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
    states: dict[str, BoardState],
    now: datetime,
    show: ShowScene,
    visible: FindItems,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    """Set DENLUOT_PICTURES=1 to write the pictures to docs/screenshots."""
    layout = "calls+media" if "media" in name else "grid" if "grid" in name else "auto"
    upright = "portrait" in name
    marked = Progress(marked=frozenset({88})) if name == "withdrawn" else Progress()
    rows = ROWS.get(name, 20 if layout == "grid" else 5)
    hall = Hall(centre, states.get(name, states["grid" if layout == "grid" else "one-call"]))
    view = View(letters=29, grid=layout == "grid", rows=rows, missed=MISSED.get(name, 2))
    scene = compose(hall, now, stale="stale" in name, progress=marked, view=view)
    if name == "appointments":  # one sentence at a time: until its turn comes
        later = (
            compose(hall, now + timedelta(seconds=s), stale=False, progress=marked, view=view)
            for s in range(600)
        )
        scene = next(each for each in later if "lịch hẹn" in each.line)
    size = (1080, 1920) if upright else (1920, 1080)
    media = (
        BoardMedia(folder=str(folder_with_poster(tmp_path / "media", upright=not upright)))
        if "media" in name
        else None
    )
    window = show(scene, *size, layout=layout, media=media)
    if media:
        qtbot.waitUntil(lambda: any(item.opacity() == 1 for item in visible(window, "picture")))
    if name in {"marquee", "appointments"}:
        running = visible(window, "runningText")[0]
        qtbot.waitUntil(lambda: running.x() < -100, timeout=60_000)
    image = window.grabWindow()
    into = PICTURES if os.environ.get("DENLUOT_PICTURES") else tmp_path
    file = into / f"board-{name}.png"
    assert image.save(str(file))
    assert (QImage(str(file)).width(), QImage(str(file)).height()) == size


def folder_with_poster(folder: Path, *, upright: bool) -> Path:
    """Make a folder with one poster, such as a hall shows."""
    folder.mkdir()
    fonts = Path(fontpkg_be_vietnam_pro.ROOT) / "files"
    size = (1200, 1800) if upright else (1800, 720)
    image = Image.new("RGB", size, "#FBF8F2")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, size[0], 24), fill="#C8202F")
    heading = ImageFont.truetype(str(fonts / "BeVietnamPro-Bold.ttf"), 104)
    text = ImageFont.truetype(str(fonts / "BeVietnamPro-Regular.ttf"), 66)
    between = "\n" if upright else " "
    draw.text((90, 110), f"Nộp hồ sơ{between}trực tuyến", "#0B2F4A", heading, spacing=24)
    lines = ["1. Mở Cổng Dịch vụ công", "2. Đăng nhập bằng VNeID", "3. Chọn thủ tục, tải giấy tờ"]
    lines += ["4. Nhận kết quả tại nhà"] if upright else []
    for number, line in enumerate(lines):
        draw.text((90, (560 if upright else 340) + 110 * number), line, "#12212E", text)
    image.save(folder / "poster.png")
    return folder
