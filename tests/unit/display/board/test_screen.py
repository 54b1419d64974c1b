"""What really stands on the screen: heights, colours, nothing cut, in every size."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QColor
from PySide6.QtQuick import QQuickItem, QQuickWindow
from pytestqt.qtbot import QtBot

from bus.states import BoardCounter, BoardState, Call, Missed
from bus.vocabulary import Language
from config import Centre
from hall.board.rows import Following, Row, RowKind
from hall.board.scene import Card, Hall, Scene, compose

MakeBoard = Callable[..., BoardState]
MakeCall = Callable[..., Call]
MakeCounter = Callable[..., BoardCounter]
ShowScene = Callable[..., QQuickWindow]
FindItems = Callable[[QQuickWindow, str], list[QQuickItem]]

WHITE, GOLD, RED, DARK_RED = "#ffffff", "#f5b83d", "#ad1b28", "#9e1724"
GREYED = "#a9b7c2"
WAIT_MS = 30_000
OTHER_SIZES = ((1280, 720), (3840, 2160), (1280, 1024))
SIZES = [
    (1920, 1080),
    (1080, 1920),
    *(
        pytest.param(size, marks=pytest.mark.full)
        for size in ((1280, 720), (3840, 2160), (1280, 1024))
    ),
]


@pytest.mark.parametrize("number", ["A005", "W123", "10174"])
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)], ids=["1080p", "720p"])
def test_longer_numbers_fit_at_full_height(
    *, number: str, size: tuple[int, int], show: ShowScene, visible: FindItems, eye: SimpleNamespace
) -> None:
    row = Row(12, RowKind.PRIORITY, number, "Đang phục vụ\ncông dân ưu tiên")
    scene = Scene(cards=(Card(1, number, 12, "Chứng thực", "Mời số"),), rows=(row,))
    window = show(scene, *size)
    image, scale = window.grabWindow(), eye.scale_of(*size)
    called = visible(window, "calledNumber")[0]
    panel = eye.place(called.parentItem())
    glyphs = eye.extent(image, panel, WHITE)
    assert eye.heights(image, [called], WHITE)[0] >= 285 * scale
    assert glyphs.right() < panel.right() - 20 * scale
    figure, note, counter = (
        visible(window, name)[0] for name in ("rowNumber", "rowNote", "rowCounter")
    )
    assert eye.heights(image, [figure], WHITE)[0] >= 88 * scale
    assert eye.place(figure).right() < eye.place(counter).left()
    assert eye.place(note).right() <= eye.place(counter).left()
    assert eye.place(note).bottom() <= eye.place(note.parentItem()).bottom()


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_calls_that_share_the_panel_do_not_touch(
    *, count: int, size: tuple[int, int], show: ShowScene, visible: FindItems, eye: SimpleNamespace
) -> None:
    cards = tuple(Card(n, f"{n}714", 10 + n, "Chứng thực", "Mời số") for n in range(count, 0, -1))
    window = show(Scene(cards=cards), *size)
    image, scale = window.grabWindow(), eye.scale_of(*size)
    numbers, counters = visible(window, "calledNumber"), visible(window, "calledCounter")
    assert len(numbers) == len(counters) == count
    for number, counter in zip(numbers, counters, strict=True):
        card = number.parentItem()
        assert number.property("contentWidth") <= number.width() + 1
        glyphs = eye.extent(image, eye.figure(number), WHITE)
        least = {2: 200, 3: 165} if size[0] > size[1] else {2: 165, 3: 135}
        assert glyphs.height() >= least[count] * scale
        assert glyphs.top() > eye.place(visible_heading(card)).bottom() - 24 * scale
        assert glyphs.bottom() < eye.place(card).bottom() - 8 * scale
        assert glyphs.right() < eye.place(counter).left()
        assert eye.heights(image, [counter], DARK_RED)[0] >= (100 if count == 3 else 160) * scale


def visible_heading(card: QQuickItem) -> QQuickItem:
    return next(item for item in card.childItems() if item.objectName() == "heading")


def test_the_colours_of_a_call(
    hall: Hall, now: datetime, show: ShowScene, visible: FindItems, eye: SimpleNamespace
) -> None:
    window = show(compose(hall, now, stale=False))
    image = window.grabWindow()
    assert image.pixelColor(1000, 890).name() == RED
    assert image.pixelColor(1600, 200).name() == "#0b2f4a"
    priority = eye.place(visible(window, "row2")[0])
    assert image.pixelColor(int(priority.left()) + 40, int(priority.top()) + 6).name() == "#3a2c14"
    assert image.pixelColor(20, 1000).name() == "#061a2b"
    assert not visible(window, "staleSign")


@pytest.mark.parametrize(
    ("hour", "said", "in_english"),
    [
        (0, "Mời quý vị lấy số và chờ đến lượt.", "Please take a number and wait for your turn."),
        (11, "Hiện ngoài giờ lấy số.", "No numbers are given at this hour."),
    ],
)
def test_the_quiet_panel_says_what_there_is_to_do_in_both_languages(
    *,
    centre: Centre,
    now: datetime,
    show: ShowScene,
    visible: FindItems,
    hour: int,
    said: str,
    in_english: str,
) -> None:
    scene = compose(Hall(centre), now + timedelta(hours=hour), stale=False)
    window = show(scene)
    assert visible(window, "greeting")[0].property("text").splitlines()[-1] == said
    assert visible(window, "greetingAgain")[0].property("text").splitlines()[-1] == in_english


def test_before_anything_was_heard_the_board_says_that_it_connects(
    now: datetime, show: ShowScene, visible: FindItems
) -> None:
    greeting = visible(show(compose(Hall(), now, stale=True)), "greeting")[0].property("text")
    assert greeting == "Đang kết nối, xin quý vị chờ trong giây lát."


def test_a_stale_board_is_greyed_and_says_so(
    hall: Hall, now: datetime, show: ShowScene, visible: FindItems, eye: SimpleNamespace
) -> None:
    window = show(compose(hall, now, stale=True))
    image = window.grabWindow()
    sign = visible(window, "staleSign")[0]
    assert eye.place(sign).top() >= 0
    assert eye.place(sign).right() < eye.place(visible(window, "clock")[0]).left()
    figures = [*visible(window, "calledNumber"), *visible(window, "rowCounter")]
    assert all(eye.heights(image, [item], GREYED)[0] > 80 for item in figures)
    colours = {image.pixelColor(x, y).name() for x in range(0, 1920, 6) for y in range(84, 1080, 6)}
    assert not colours & {RED, GOLD}


def test_a_new_call_flashes_at_most_three_times_a_second(
    *,
    centre: Centre,
    board: MakeBoard,
    call: MakeCall,
    now: datetime,
    show: ShowScene,
    visible: FindItems,
    qtbot: QtBot,
) -> None:
    hall = Hall(centre, board(calls=(call(1, ago_s=1),), counters=()))
    window = show(compose(hall, now, stale=False))
    card = visible(window, "calledNumber")[0].parentItem()
    recoloured = cast("SignalInstance", getattr(card, "colorChanged"))  # noqa: B009 - QML's own
    seen: list[str] = []
    recoloured.connect(lambda: seen.append(QColor(card.property("color")).name()))
    qtbot.waitUntil(lambda: bool(seen), timeout=60000)
    begun = len(seen)
    qtbot.wait(1000)
    assert 1 <= len(seen) - begun <= 6
    assert set(seen) <= {RED, DARK_RED}


def test_a_call_that_is_not_new_stands_still(
    hall: Hall, now: datetime, show: ShowScene, visible: FindItems, qtbot: QtBot
) -> None:
    window = show(replace(compose(hall, now, stale=False), line="Đường dây nóng"))
    frames: list[int] = []
    qtbot.waitUntil(lambda: bool(visible(window, "calledNumber")))
    qtbot.wait(100)
    window.frameSwapped.connect(lambda: frames.append(1))
    qtbot.wait(900)
    assert frames == []


def test_the_english_line_stands_below_nothing(
    *,
    centre: Centre,
    board: MakeBoard,
    call: MakeCall,
    now: datetime,
    show: ShowScene,
    visible: FindItems,
    eye: SimpleNamespace,
) -> None:
    english = call(1, "1017", 3, 60, lang=Language.ENGLISH, repeat=1)
    hall = Hall(centre, board(calls=(english,)))
    window = show(compose(hall, now, stale=False))
    line = visible(window, "english")[0]
    assert line.property("text") == "Number 1017, please go to counter 3"
    assert not line.property("truncated")
    assert eye.place(line).left() > eye.place(visible(window, "heading")[0]).right()


def test_a_sentence_that_fits_stands_and_a_longer_one_runs(
    *, hall: Hall, now: datetime, show: ShowScene, visible: FindItems, qtbot: QtBot
) -> None:
    scene = compose(hall, now, stale=False)
    window = show(replace(scene, line="Lỡ lượt, mời quý vị báo cán bộ"))
    assert visible(window, "stillText")
    assert not visible(window, "runningText")
    window.close()
    notice = "Hệ thống của thành phố đang chậm, mong quý vị thông cảm"
    window = show(replace(scene, line=notice))
    assert not visible(window, "stillText")
    running = visible(window, "runningText")[0]
    before = running.x()
    qtbot.waitUntil(lambda: running.x() < before - 20, timeout=WAIT_MS)


@pytest.mark.parametrize(
    ("following", "said"),
    [("next", "Sắp đến lượt"), ("nobody", "Chưa có người chờ"), ("not_open", "Quầy chưa mở")],
)
def test_the_footer_says_why_nobody_comes_next(
    *, hall: Hall, now: datetime, show: ShowScene, visible: FindItems, following: str, said: str
) -> None:
    scene = replace(compose(hall, now, stale=False), following=Following(following))
    assert visible(show(scene), "following")[0].property("text") == said


def test_words_beside_a_number_take_two_lines_and_touch_nothing(
    hall: Hall, now: datetime, show: ShowScene, visible: FindItems, eye: SimpleNamespace
) -> None:
    for size in ((1920, 1080), (1280, 720), (1080, 1920)):
        window = show(compose(hall, now, stale=False), *size)
        notes = {item.property("text"): item for item in visible(window, "rowNote")}
        for words in ("Đang phục vụ\ncông dân ưu tiên", "Tạm nghỉ\ntiếp tục từ 13:30"):
            note = notes[words]
            assert note.property("lineCount") == 2
            assert not note.property("truncated")
            counters = [eye.place(item) for item in visible(window, "rowCounter")]
            assert not any(eye.place(note).intersects(counter) for counter in counters)
        window.close()


def test_few_counters_have_larger_rows(
    *,
    centre: Centre,
    board: MakeBoard,
    counter: MakeCounter,
    now: datetime,
    show: ShowScene,
    visible: FindItems,
    eye: SimpleNamespace,
) -> None:
    def tall(count: int) -> float:
        counters = tuple(counter(n, f"100{n}") for n in range(1, count + 1))
        window = show(compose(Hall(centre, board(calls=(), counters=counters)), now, stale=False))
        height: float = min(eye.heights(window.grabWindow(), visible(window, "rowNumber"), WHITE))
        window.close()
        return height

    five, four, three = tall(5), tall(4), tall(3)
    assert 88 <= five < four < three


def test_missed_numbers_stand_below_the_rows(
    *,
    centre: Centre,
    board: MakeBoard,
    now: datetime,
    show: ShowScene,
    visible: FindItems,
    eye: SimpleNamespace,
) -> None:
    hall = Hall(centre, board(missed=Missed(numbers=("1002", "6001"), total=2)))
    window = show(compose(hall, now, stale=False))
    missed = visible(window, "missedNumbers")[0]
    assert missed.property("text") == "1002 · 6001"
    assert eye.heights(window.grabWindow(), [missed], "#c9dce8")[0] >= 64
    assert eye.place(visible(window, "row3")[0]).bottom() < eye.place(missed).top()
    assert not visible(window, "row4")


def test_the_longest_names_stay_inside(
    hall: Hall, now: datetime, show: ShowScene, visible: FindItems, eye: SimpleNamespace
) -> None:
    scene = compose(hall, now, stale=True)
    long = "Trung tâm Phục vụ hành chính công và Chuyển đổi số liên phường Nhị Chiểu – Phạm Thái"
    service = "Hướng dẫn, tiếp nhận và kê khai trực tuyến"
    card = replace(scene.cards[0], service=service, counter=12)
    for size in ((1920, 1080), (1280, 720), (1080, 1920)):
        window = show(replace(scene, title=long, place=long, cards=(card,)), *size)
        name = visible(window, "title")[0]
        assert not eye.place(name).intersects(eye.place(visible(window, "staleSign")[0]))
        assert eye.place(name).right() < eye.place(visible(window, "clock")[0]).left()
        label = visible(window, "service")[0]
        assert not label.property("truncated")
        assert label.property("contentHeight") <= label.height() + 1
        window.close()


def test_a_board_that_is_asked_where_it_is_shows_its_name(
    show: ShowScene, visible: FindItems
) -> None:
    window = show(Scene(label="board-2"))
    assert visible(window, "ownName")
    assert window.grabWindow().pixelColor(5, 5).name() == GOLD
