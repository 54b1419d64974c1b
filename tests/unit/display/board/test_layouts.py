"""Every layout in every size: figures as tall as the hall needs, and nothing cut, ever."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace as changed
from PIL import Image
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage
from PySide6.QtQml import QQmlEngine, QQmlExpression
from PySide6.QtQuick import QQuickItem, QQuickWindow
from pytestqt.qtbot import QtBot

from bus.states import BoardCounter, BoardState, Call, Missed, Waiting
from bus.vocabulary import CounterStatus, Language, TicketClass
from config import Centre
from config.settings import BoardMedia
from hall.board.calls import Progress
from hall.board.rows import RowKind
from hall.board.scene import Hall, Scene, View, compose

MakeBoard = Callable[..., BoardState]
MakeCall = Callable[..., Call]
MakeCounter = Callable[..., BoardCounter]
MakeScene = Callable[..., Scene]
ShowScene = Callable[..., QQuickWindow]
FindItems = Callable[[QQuickWindow, str], list[QQuickItem]]
MakeMedia = Callable[[str], BoardMedia | None]

WHITE, GOLD, DARK_RED = "#ffffff", "#f5b83d", "#9e1724"
LONG = "Trung tâm Phục vụ hành chính công và Chuyển đổi số liên phường Nhị Chiểu – Phạm Thái"
LONG_SERVICE = "Hướng dẫn, tiếp nhận và kê khai trực tuyến"
NOTICE = "Hệ thống của thành phố đang chậm, mong quý vị thông cảm"
MAY_END_IN_DOTS = {"title", "place"}
HD, UPRIGHT = (1920, 1080), (1080, 1920)
SITUATIONS = (
    "busy",
    "three-calls",
    "english",
    *(
        pytest.param(name, marks=pytest.mark.full)
        for name in ("few", "stale", "withdrawn", "quiet", "no-data", "running")
    ),
)


def cases() -> list[object]:
    """Return each layout with each size it is for; one of each belongs to the quick tests."""
    flat = ((1280, 720), HD, (3840, 2160))
    pairs = [("calls", size) for size in flat] + [("portrait", UPRIGHT)]
    pairs += [(layout, size) for layout in ("calls+media", "grid") for size in (*flat, UPRIGHT)]
    return [
        pytest.param(
            layout,
            size,
            id=f"{layout}-{size[0]}x{size[1]}",
            marks=[] if size == HD or layout == "portrait" else [pytest.mark.full],
        )
        for layout, size in pairs
    ]


@pytest.fixture
def media(tmp_path: Path) -> MakeMedia:
    """Return the settings of a folder with a poster, for the layout that shows one."""

    def make(layout: str) -> BoardMedia | None:
        if layout != "calls+media":
            return None
        Image.new("RGB", (1200, 1600), "#FBF8F2").save(tmp_path / "poster.png")
        return BoardMedia(folder=str(tmp_path))

    return make


@pytest.fixture
def busy(centre: Centre, board: MakeBoard, call: MakeCall, counter: MakeCounter) -> Hall:
    """Return a hall of nine counters, with all that can be long as long as it gets."""
    identity = changed(
        centre.identity,
        name=changed(centre.identity.name, vi=LONG),
        place=changed(centre.identity.place, vi=LONG),
    )
    services = tuple(
        changed(service, name=changed(service.name, vi=LONG_SERVICE)) for service in centre.services
    )
    resting = {"status": CounterStatus.PAUSED, "reason": "Hệ thống mất kết nối"}
    calls = tuple(call(89 - n, f"{n}0{n}7", n, 5 * n - 2) for n in range(1, 10))
    counters = (
        *(counter(n, f"{n}0{n}7") for n in (1, 2, 3, 4)),
        *(counter(n, f"{n}0{n}7", ticket_class=TicketClass.PRIORITY) for n in (5, 6)),
        counter(7, "7077", **resting),
        counter(8, **resting),
        counter(12, "9097", ticket_class=TicketClass.PRIORITY),
    )
    following = tuple(f"{n}999" for n in range(1, 6))
    waiting = tuple(
        Waiting(service=service.code, count=88, wait_min=(50, 100), next=following)
        for service in centre.services
    )
    missed = Missed(numbers=tuple(f"{n}888" for n in range(1, 10)), total=30)
    state = board(calls=calls, counters=counters, waiting=waiting, next=following, missed=missed)
    return Hall(changed(centre, identity=identity, services=services), state)


@pytest.fixture
def situation(busy: Hall, board: MakeBoard, call: MakeCall, now: datetime) -> MakeScene:
    """Compose the scene of a situation for a layout."""

    def make(name: str, layout: str) -> Scene:
        progress, stale = Progress(), name == "stale"
        hall = busy
        if name == "three-calls":
            calls = tuple(call(90 + n, f"{n}714", 10 + n, n) for n in (3, 2, 1))
            hall = Hall(busy.centre, board(calls=calls, counters=()))
            progress = Progress(due=calls)
        elif name == "withdrawn":
            gone = call(95, "8888", 12, 3, withdrawn=True)
            assert busy.board
            hall = Hall(busy.centre, changed(busy.board, calls=(gone, *busy.board.calls)))
            progress = Progress(marked=frozenset({95}))
        elif name == "english":
            calls = (call(95, "10174", 12, 1, lang=Language.ENGLISH, repeat=1),)
            hall = Hall(busy.centre, board(calls=calls))
        elif name == "quiet":
            assert busy.board
            calls = (call(1, "8888", 12, 300),)
            hall = Hall(busy.centre, changed(busy.board, calls=calls, counters=(), next=()))
        elif name == "few":
            assert busy.board
            two = (busy.board.counters[4], busy.board.counters[7])
            hall = Hall(busy.centre, changed(busy.board, counters=two, missed=Missed()))
        elif name == "no-data":
            hall, stale = Hall(), True
        rows = {"calls": 5, "calls+media": 4, "portrait": 5, "grid": 20}[layout]
        missed = {"calls": 2, "calls+media": 2, "portrait": 3, "grid": 8}[layout]
        view = View(rows=rows, missed=missed, grid=layout == "grid")
        scene = compose(hall, now, stale=stale, progress=progress, view=view)
        if name == "running":
            return replace(scene, line=NOTICE)
        return scene

    return make


@pytest.mark.parametrize(("layout", "size"), cases())
def test_figures_are_as_tall_as_the_hall_needs(
    *,
    layout: str,
    size: tuple[int, int],
    hall: Hall,
    now: datetime,
    show: ShowScene,
    visible: FindItems,
    media: MakeMedia,
    eye: SimpleNamespace,
) -> None:
    scene = compose(hall, now, stale=False, view=View(grid=layout == "grid", rows=20))
    cards = tuple(replace(card, number="1714", counter=7) for card in scene.cards)
    window = show(replace(scene, cards=cards), *size, layout=layout, media=media(layout))
    image, scale = window.grabWindow(), eye.scale_of(*size)

    def least(name: str, colour: str) -> float:
        items = [
            item
            for item in visible(window, name)
            if item.width() > 0 and QColor(item.property("color")).name() == colour
        ]
        assert items, name
        tall: list[float] = eye.heights(image, items, colour)
        return min(tall) / float(scale)

    if layout == "grid":
        assert least("cellNumber", WHITE) >= 120
        assert least("cellCounter", GOLD) >= 88
    else:
        assert least("calledNumber", WHITE) >= 285
        assert least("calledCounter", DARK_RED) >= 165
        assert least("rowNumber", WHITE) >= 88
        assert least("rowCounter", GOLD) >= 88
    assert least("next0", WHITE) >= 64


@pytest.mark.parametrize("name", SITUATIONS)
@pytest.mark.parametrize(("layout", "size"), cases())
def test_nothing_is_cut_and_nothing_overlaps(
    *,
    name: str,
    layout: str,
    size: tuple[int, int],
    situation: MakeScene,
    show: ShowScene,
    media: MakeMedia,
) -> None:
    window = show(situation(name, layout), *size, layout=layout, media=media(layout))
    window.grabWindow()
    texts = [text for text in texts_of(window) if text.objectName() != "runningText"]
    assert texts
    whole = QRectF(0, 0, *size)
    for text in texts:
        assert whole.contains(ink(text)), told(text)
        assert text.property("contentWidth") <= text.width() + 1, told(text)
        if text.objectName() not in MAY_END_IN_DOTS:
            assert not text.property("truncated"), told(text)
            assert text.property("contentHeight") <= text.height() + 2, told(text)
    for one, other in combinations(texts, 2):
        assert not ink(one).intersects(ink(other)), (told(one), told(other))


@pytest.mark.full
@pytest.mark.parametrize("count", [1, 2, 4, 6, 12, 20])
@pytest.mark.parametrize("size", [HD, (1280, 720)])
def test_a_grid_of_any_number_of_counters_can_be_read(
    *,
    count: int,
    size: tuple[int, int],
    centre: Centre,
    board: MakeBoard,
    counter: MakeCounter,
    now: datetime,
    show: ShowScene,
    visible: FindItems,
    eye: SimpleNamespace,
) -> None:
    counters = tuple(counter(n, f"{n % 9 + 1}{n:03}") for n in range(1, count + 1))
    hall = Hall(centre, board(calls=(), counters=counters))
    window = show(
        compose(hall, now, stale=False, view=View(grid=True, rows=20)), *size, layout="grid"
    )
    image, numbers = window.grabWindow(), visible(window, "cellNumber")
    assert len(numbers) == count
    for number in numbers:
        area = eye.place(number.parentItem())
        half = QRectF(area.left(), area.top() + area.height() / 3, area.width(), area.height())
        assert eye.extent(image, half & area, WHITE).height() >= 75 * eye.scale_of(*size)


def test_a_called_cell_flashes_and_the_others_stand(
    hall: Hall, now: datetime, show: ShowScene, visible: FindItems, eye: SimpleNamespace
) -> None:
    at = now - timedelta(seconds=20)
    scene = compose(hall, at, stale=False, view=View(grid=True, rows=20))
    assert [row.counter for row in scene.rows if row.called] == [3]
    window = show(scene, layout="grid")
    image = window.grabWindow()

    def ground(index: int) -> str:
        cell = eye.place(visible(window, f"cell{index}")[0])
        return image.pixelColor(int(cell.left()) + 20, int(cell.bottom()) - 20).name()

    assert ground(2) in {"#ad1b28", "#9e1724"}
    assert ground(0) == "#0b2f4a"
    assert ground(6) == "#3a2c14"
    assert scene.rows[6].kind is RowKind.PRIORITY


@pytest.mark.parametrize(("layout", "size"), cases())
@pytest.mark.parametrize("count", [1, 2, 9])
def test_the_border_of_a_new_call_touches_no_letter(
    *,
    count: int,
    layout: str,
    size: tuple[int, int],
    centre: Centre,
    board: MakeBoard,
    call: MakeCall,
    counter: MakeCounter,
    now: datetime,
    show: ShowScene,
    media: MakeMedia,
    eye: SimpleNamespace,
    qtbot: QtBot,
) -> None:
    calls = tuple(call(90 - n, f"{n}990", 9 + n, n, repeat=1) for n in range(1, count + 1))
    hall = Hall(centre, board(calls=calls, counters=tuple(counter(c.counter) for c in calls)))
    scene = compose(
        hall,
        now,
        stale=False,
        progress=Progress(due=calls[::-1]),
        view=View(grid=layout == "grid", rows=20),
    )
    window = show(scene, *size, layout=layout, media=media(layout))
    shown = count if layout == "grid" else min(count, 3)

    def flashing() -> list[QQuickItem]:
        return [item for item in items_of(window) if item.property("flash")]

    qtbot.waitUntil(lambda: len(flashing()) == shown)
    image, scale = window.grabWindow(), eye.scale_of(*size)
    for box in flashing():
        border = 14 if count == 1 and layout != "grid" else 10
        within = colours_along(image, eye.place(box), (border + 4) * scale, 40 * scale)
        assert within == {DARK_RED}


def test_pictures_stand_beside_the_calls_and_go_when_there_are_none(
    *,
    hall: Hall,
    now: datetime,
    show: ShowScene,
    visible: FindItems,
    media: MakeMedia,
    eye: SimpleNamespace,
    qtbot: QtBot,
) -> None:
    scene = compose(hall, now, stale=False, view=View(letters=100))
    window = show(scene, layout="calls+media", media=media("calls+media"))
    qtbot.waitUntil(lambda: any(item.opacity() == 1 for item in visible(window, "picture")))
    pane = eye.place(visible(window, "mediaPane")[0])
    assert window.grabWindow().pixelColor(pane.center().toPoint()).name() == "#fbf8f2"
    assert 0.68 < pane.left() / 1920 < 0.72
    window.close()
    window = show(scene, layout="calls+media")
    assert not visible(window, "mediaPane")
    assert eye.place(visible(window, "row0")[0]).right() == 1880


def texts_of(window: QQuickWindow) -> list[QQuickItem]:
    """Return every text that can be seen."""
    return [
        item
        for item in items_of(window)
        if item.property("text") and item.property("contentWidth") and item.width() > 0
    ]


def items_of(window: QQuickWindow) -> list[QQuickItem]:
    """Return everything that can be seen."""
    found, waiting = [], [window.contentItem()]
    while waiting:
        item = waiting.pop()
        if item.isVisible() and item.opacity() > 0:
            found.append(item)
            waiting.extend(item.childItems())
    return found


def colours_along(image: QImage, area: QRectF, inset: float, corner: float) -> set[str]:
    """Return the colours of the lines above and below that run `inset` within `area`."""
    across = range(round(area.left() + corner), round(area.right() - corner))
    lines = (round(area.top() + inset), round(area.bottom() - inset) - 1)
    return {image.pixelColor(x, y).name() for y in lines for x in across}


def ink(text: QQuickItem) -> QRectF:
    """Return about where the letters of a text are; their lines are higher than they are."""
    context = QQmlEngine.contextForObject(text)

    def aligned(alignment: str) -> float:
        """Return which part of the free room is before the text; QML's own enumerations."""
        value, _ = QQmlExpression(context, text, f"0 + {alignment}").evaluate()
        middle, far = (4, 2) if "Horizontal" in alignment else (128, 64)
        return {middle: 0.5, far: 1.0}.get(int(value), 0.0)

    width, height = text.property("contentWidth"), text.property("contentHeight")
    before = aligned("effectiveHorizontalAlignment") * (text.width() - width)
    above = aligned("verticalAlignment") * (text.height() - height)
    digits = text.property("text").replace(":", "").isalnum() and height > 60
    top, bottom = (0.3, 0.22) if digits else (0.14, 0.14)
    return text.mapRectToScene(
        QRectF(before, above + top * height, width, height * (1 - top - bottom))
    )


def told(text: QQuickItem) -> str:
    return f"{text.objectName()} {text.property('text')!r} {ink(text)}"
