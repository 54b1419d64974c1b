"""The QML screens, touched as citizens touch them and looked at."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from collections import Counter
from collections.abc import Callable
from itertools import chain
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest

from bus.commands import IssueTicket
from bus.states import HelpCall
from bus.vocabulary import Error, PrinterState, PrintOutcome
from config import Centre, Text
from hall.citizen.session import Help, Page
from hardware.printer import Reason, StationHealth
from tests.contrast import contrast

LONGEST = Text(
    vi="Đăng ký kinh doanh, quản lý xây dựng, hạ tầng và đô thị",
    en="Business registration, construction, infrastructure and urban management",
)
LONG_DETAIL = Text(
    vi="Giấy phép xây dựng, chứng nhận đăng ký hộ kinh doanh, hợp tác xã",
    en="Building permits, household businesses and cooperatives",
)
GAP = 19.5
"""5 mm on a panel of 15.6 inches with 1366 pixels, half a pixel less."""
SIZES = [
    (1366, 768),
    (1080, 1920),
    (1920, 1080),
    (562, 1000),
    *(
        pytest.param(size, marks=pytest.mark.full)
        for size in ((1280, 720), (720, 1280), (1280, 1024))
    ),
]


def long_centre(centre: Centre, tiles: int) -> Centre:
    """Return a centre of ten services whose names are as long as they get."""
    services = [
        msgspec.structs.replace(
            centre.services[index % 9],
            code=f"S{index}",
            digit=index,
            name=LONGEST,
            detail=LONG_DETAIL,
            guidance=False,
        )
        for index in range(tiles)
    ]
    counters = (msgspec.structs.replace(centre.counters[0], serves={s.code: 0 for s in services}),)
    return msgspec.structs.replace(centre, services=tuple(services), counters=counters)


def every_text_fits(shown: Any) -> None:
    """Check every visible text, once the layout has settled."""
    shown.hall.qtbot.waitUntil(lambda: check_texts(shown), timeout=30_000)


def check_texts(shown: Any) -> None:
    width, height = shown.window.width(), shown.window.height()
    texts, area = shown.texts(), shown.item("tileArea")
    assert texts
    for text in texts:
        words = text.property("text")
        assert not text.property("truncated"), words
        assert text.property("contentWidth") <= text.width() + 1, words
        if text.objectName() == "number":
            continue
        assert text.property("contentHeight") <= text.height() + 1, words
        left = text.mapToScene(text.boundingRect().topLeft())
        right = text.mapToScene(text.boundingRect().bottomRight())
        assert left.x() >= -1, words
        assert right.x() <= width + 1, words
        assert right.y() <= height + 1, words
        if area.isAncestorOf(text):
            assert area.mapFromScene(right).y() <= area.height() + 1, words


def targets_are_apart(shown: Any) -> None:
    """Check that every tile is at least 81 px high, as in the picture, and 5 mm from the next."""
    width, height = shown.window.width(), shown.window.height()
    long, short = max(width, height), min(width, height)
    scale = min(long / 1920, short / 1080)
    tiles = [shown.item(f"service-{tile.code}") for tile in shown.hall.kiosk.offer.tiles]
    rects = [tile.mapRectToScene(tile.boundingRect()) for tile in tiles if tile.isVisible()]
    for rect in rects:
        assert rect.height() >= 80 * scale
    for first in rects:
        for second in rects:
            if first != second:
                grown = first.adjusted(-GAP, -GAP, GAP, GAP)
                assert not grown.intersects(second)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("language", ["vi", pytest.param("en", marks=pytest.mark.full)])
@pytest.mark.parametrize("large", [False, True], ids=["normal", "chu-to"])
def test_nothing_is_cut_on_any_screen(
    show: Callable[..., Any], size: tuple[int, int], language: str, *, large: bool
) -> None:
    shown = show(*size)
    if language == "en":
        shown.touch("language")
    if large:
        shown.touch("large")
    every_text_fits(shown)
    targets_are_apart(shown)
    state = PrinterState.CUTTER_ERROR
    shown.hall.kiosk.printing.tell_health(StationHealth(state, {}))
    shown.hall.until(lambda: shown.visible("banner"))
    every_text_fits(shown)
    shown.hall.printer.ends(PrintOutcome.UNKNOWN, Reason.CUTTER_ERROR)
    turn_to(shown, "service-ECON")
    shown.touch("service-ECON")
    stage = shown.hall.kiosk.stage
    shown.hall.until(lambda: bool(stage.session.ticket and stage.session.ticket.trouble))
    turn_to(shown, "trouble")
    every_text_fits(shown)
    if not large:
        dashes = shown.item("dashes")
        assert 0.9 * dashes.width() < dashes.childrenRect().right() <= dashes.width()
    shown.hall.clock.advance(50)
    shown.hall.kiosk.tick()
    assert shown.visible("secondsLeft")
    every_text_fits(shown)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("tiles", [9, 10])
def test_nothing_is_cut_with_the_longest_names(
    show: Callable[..., Any], centre: Centre, size: tuple[int, int], tiles: int
) -> None:
    shown = show(*size, of_centre=long_centre(centre, tiles))
    every_text_fits(shown)
    shown.touch("large")
    every_text_fits(shown)
    assert shown.hall.kiosk.session.sight.large


def turn_to(shown: Any, name: str) -> None:
    """Turn the pages until `name` is seen."""
    shown.settle()
    while not shown.visible(name):
        shown.touch("nextPage")
        shown.settle()


def every_page(shown: Any) -> list[list[str]]:
    """Turn through all pages; return the services that are seen on each."""
    area, seen = shown.item("tileArea"), []
    for page in range(area.property("pages")):
        shown.hall.until(lambda page=page: area.property("page") == page)
        every_text_fits(shown)
        targets_are_apart(shown)
        codes = [tile.code for tile in shown.hall.kiosk.offer.tiles]
        seen.append([code for code in codes if shown.visible(f"service-{code}")])
        if shown.visible("nextPage"):
            shown.touch("nextPage")
    turn_back(shown)
    return seen


def turn_back(shown: Any) -> None:
    """Return to the first page."""
    while shown.visible("previousPage"):
        shown.touch("previousPage")
    assert shown.item("tileArea").property("page") == 0


def test_all_choices_of_the_ward_are_seen_at_once(show: Callable[..., Any]) -> None:
    shown = show()
    for size in ((1080, 1920), (1920, 1080), (1280, 720)):
        shown.resize(*size)
        shown.hall.until(lambda: not shown.visible("nextPage"))


@pytest.mark.parametrize("language", ["vi", pytest.param("en", marks=pytest.mark.full)])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_large_text_keeps_everything_on_pages(
    show: Callable[..., Any], size: tuple[int, int], language: str
) -> None:
    """Details, the line of the guidance desk and the wheelchair sign are for these readers too."""
    shown = show(*size)
    if language == "en":
        shown.touch("language")
    details = {tile.detail for tile in shown.hall.kiosk.offer.tiles}
    details.add(shown.item("guidanceNote").property("text"))
    shown.touch("large")
    every_text_fits(shown)
    assert shown.visible("prioritySign")
    seen: set[str] = set()
    for _ in range(shown.item("tileArea").property("pages")):
        every_text_fits(shown)
        seen |= {detail for detail in details if detail in shown.words()}
        if shown.visible("nextPage"):
            shown.touch("nextPage")
    turn_back(shown)
    assert seen == details
    assert list(chain(*every_page(shown))) == [tile.code for tile in shown.hall.kiosk.offer.tiles]


def test_what_does_not_fit_is_one_touch_further(show: Callable[..., Any], centre: Centre) -> None:
    shown = show(1280, 720, of_centre=long_centre(centre, 10))
    shown.touch("large")
    shown.hall.until(lambda: shown.visible("nextPage"))
    pages = every_page(shown)
    assert len(pages) > 1
    assert list(chain(*pages)) == [f"S{index}" for index in range(10)]
    shown.touch("nextPage")
    assert shown.item("tileArea").property("page") == 1
    shown.hall.clock.advance(46)
    shown.hall.kiosk.tick()
    shown.hall.clock.advance(15)
    shown.hall.kiosk.tick()
    assert shown.hall.kiosk.session.at_rest
    assert shown.item("tileArea").property("page") == 0


def test_a_touch_on_a_tile_takes_a_number(show: Callable[..., Any]) -> None:
    shown = show()
    shown.touch("service-CIVIL")
    shown.hall.until(lambda: shown.visible("number"))
    number = shown.item("number")
    assert number.property("text") == "2001"
    rect = number.mapRectToScene(number.boundingRect()).toRect()
    image = shown.window.grabWindow()
    red = sum(
        image.pixelColor(x, y).name() == "#9e1724"
        for x in range(rect.left(), rect.right(), 4)
        for y in range(rect.top(), rect.bottom(), 4)
    )
    assert red * 16 > 30_000, "the number is huge"
    assert "Hộ tịch" in shown.words()
    assert "5–10 phút" in shown.words()


def test_a_double_tap_takes_one_number(show: Callable[..., Any]) -> None:
    shown = show()
    shown.hall.pause()
    point = shown.centre_of("service-CIVIL")
    for _ in range(4):
        shown.touch_at(point)
        shown.hall.clock.advance(0.1)
    shown.hall.until(lambda: shown.visible("number"))
    shown.touch_at(shown.centre_of("finish"))
    assert shown.hall.kiosk.session.page is Page.TICKET
    assert len(shown.hall.service.of(IssueTicket)) == 1


def test_two_fingers_on_two_tiles_take_one_number(show: Callable[..., Any]) -> None:
    shown = show()
    shown.hall.pause()
    first, second = shown.centre_of("service-CERT"), shown.centre_of("service-TAX")
    window, device = shown.window, shown.touchscreen
    QTest.touchEvent(window, device).press(1, first, window).press(2, second, window).commit()
    QTest.touchEvent(window, device).release(1, first, window).release(2, second, window).commit()
    shown.hall.until(lambda: shown.visible("number"))
    assert len(shown.hall.service.of(IssueTicket)) == 1


def test_english_is_one_touch_away_and_back(show: Callable[..., Any]) -> None:
    shown = show()
    assert "Mời quý vị chọn việc cần làm" in shown.words()
    shown.touch("language")
    words = shown.words()
    assert "Please choose what you need" in words
    assert "Civil status" in words
    assert "Monday, 23/11/2026" in words
    assert "Public Administrative Service Centre" in words
    for vietnamese in ("người chờ", "Chữ to", "ưu tiên", "Chưa có"):
        assert vietnamese not in words
    shown.touch("language")
    assert "Mời quý vị chọn việc cần làm" in shown.words()


def test_large_text_is_forty_percent_larger(show: Callable[..., Any]) -> None:
    shown = show()

    def sizes() -> dict[str, int]:
        return {text.property("text"): text.property("font").pixelSize() for text in shown.texts()}

    before = sizes()
    shown.touch("large")
    QGuiApplication.processEvents()
    after = sizes()
    for name in (
        "Hộ tịch",
        "Khai sinh, kết hôn, khai tử",
        "Gọi người giúp",
    ):
        assert after[name] == pytest.approx(before[name] * 1.4, abs=1)


def test_the_switch_is_seen_and_makes_the_ticket_a_priority_one(show: Callable[..., Any]) -> None:
    shown = show()
    before = shown.window.grabWindow()
    shown.touch("priority")
    assert shown.hall.kiosk.session.priority
    switch = shown.centre_of("priority") + QPoint(420, 0)
    shown.hall.until(
        lambda: before.pixelColor(switch) != shown.window.grabWindow().pixelColor(switch)
    )
    shown.touch("service-CIVIL")
    shown.hall.until(lambda: len(shown.hall.service.of(IssueTicket)) == 1)
    assert shown.hall.service.of(IssueTicket)[0].ticket_class == "priority"
    shown.hall.until(lambda: shown.visible("mark"))
    assert shown.item("mark").property("text") == "ƯU TIÊN"


def test_a_normal_ticket_has_no_mark(show: Callable[..., Any]) -> None:
    shown = show()
    shown.touch("service-CIVIL")
    shown.hall.until(lambda: shown.visible("number"))
    assert not shown.visible("mark")


def test_giving_a_number_back_is_asked_and_kept_with_one_touch(show: Callable[..., Any]) -> None:
    shown = show()
    shown.touch("service-CIVIL")
    shown.hall.until(lambda: shown.visible("askVoid"))
    quiet, done = shown.item("askVoid"), shown.item("finish")
    assert quiet.width() <= done.width()
    shown.touch("askVoid")
    assert shown.item("question").property("text") == "Hủy số 2001?"
    assert shown.item("keepNumber").width() > shown.item("void").width()
    every_text_fits(shown)
    shown.touch("keepNumber")
    assert not shown.visible("question")
    shown.touch("askVoid")
    shown.touch("void")
    shown.hall.until(lambda: shown.visible("noticeTitle"))
    assert shown.item("noticeTitle").property("text") == "Đã hủy số 2001"
    assert "Phiếu cũ không còn giá trị." in shown.item("noticeAdvice").property("text")


def test_idle_counts_down_and_returns_home(show: Callable[..., Any]) -> None:
    shown = show()
    shown.touch("language")
    shown.touch("priority")
    shown.hall.clock.advance(46)
    shown.hall.kiosk.tick()
    assert shown.item("secondsLeft").property("text") == "14"
    shown.touch("moreTime")
    assert not shown.visible("secondsLeft")
    assert shown.hall.kiosk.session.priority
    shown.hall.clock.advance(46)
    shown.hall.kiosk.tick()
    shown.hall.clock.advance(15)
    shown.hall.kiosk.tick()
    assert shown.hall.kiosk.session.at_rest
    assert "Mời quý vị chọn việc cần làm" in shown.words()


def test_a_touch_anywhere_keeps_the_screen(show: Callable[..., Any]) -> None:
    shown = show()
    shown.touch("large")
    shown.hall.clock.advance(44)
    shown.touch_at(QPoint(540, 200))
    shown.hall.clock.advance(44)
    shown.hall.kiosk.tick()
    assert not shown.visible("secondsLeft")


def test_the_countdown_lets_no_touch_through(show: Callable[..., Any]) -> None:
    shown = show()
    shown.touch("large")
    shown.hall.clock.advance(46)
    shown.hall.kiosk.tick()
    shown.touch_at(shown.centre_of("service-CERT"))
    assert not shown.visible("secondsLeft")
    assert shown.hall.kiosk.session.page is Page.HOME
    assert shown.hall.service.of(IssueTicket) == []


def test_the_countdown_keeps_the_ticket_and_passes_nothing_on(show: Callable[..., Any]) -> None:
    shown = show()
    shown.hall.printer.ends(PrintOutcome.FAILED, Reason.PAPER_OUT)
    shown.touch("service-CIVIL")
    shown.hall.until(lambda: shown.visible("askVoid"))
    point = shown.centre_of("askVoid")
    shown.hall.clock.advance(46)
    shown.hall.kiosk.tick()
    shown.hall.until(lambda: shown.visible("secondsLeft"))
    shown.touch_at(point)
    shown.hall.clock.advance(0.2)
    shown.touch_at(point)
    assert not shown.visible("secondsLeft")
    assert not shown.visible("question")
    assert shown.hall.kiosk.session.page is Page.TICKET


def test_help_is_called_and_said(show: Callable[..., Any]) -> None:
    shown = show()
    shown.touch("help")
    shown.hall.until(lambda: shown.hall.kiosk.session.help is Help.CALLED)
    assert "Đã báo cán bộ, xin chờ" in shown.words()
    assert "đang đến" not in shown.words()
    call = HelpCall(place="Máy lấy số", since=shown.hall.clock.now(), answered_by=3)
    shown.hall.service.help = (call,)
    shown.hall.service.publish()
    shown.hall.until(lambda: "Cán bộ quầy 3 đang đến" in shown.words())


@pytest.mark.parametrize("page", ["home", "closed", "help", "ticket", "question", "trouble"])
def test_whatever_a_citizen_must_read_stands_out_seven_to_one(
    show: Callable[..., Any], page: str
) -> None:
    shown = show()
    if page == "closed":
        shown.hall.service.standing("SI", open=False, why="full")
        shown.hall.service.publish()
        shown.hall.until(lambda: "Hết số hôm nay" in shown.words())
    elif page == "help":
        shown.touch("help")
        shown.hall.until(lambda: "Đã báo cán bộ, xin chờ" in shown.words())
    elif page in ("ticket", "question", "trouble"):
        if page == "trouble":
            shown.hall.printer.ends(PrintOutcome.UNKNOWN, Reason.PAPER_OUT)
        shown.touch("priority")
        shown.touch("service-CIVIL")
        shown.hall.until(lambda: shown.visible("askVoid"))
    if page == "question":
        shown.touch("askVoid")
        shown.hall.until(lambda: shown.visible("question"))
    shown.hall.until(lambda: not faint(shown, over="keepNumber" if page == "question" else ""))


def faint(shown: Any, over: str) -> list[str]:
    """Return the texts with a contrast below 7:1 against what most of their ground shows."""
    image = shown.window.grabWindow()
    top = shown.item(over).parentItem().parentItem().parentItem() if over else None
    found = []
    for text in shown.texts():
        if top and not top.isAncestorOf(text):
            continue
        rect = text.mapRectToScene(text.boundingRect()).toRect()
        pixels = Counter(
            image.pixelColor(x, y).rgb()
            for x in range(max(0, rect.left()), min(image.width(), rect.right()), 3)
            for y in range(max(0, rect.top()), min(image.height(), rect.bottom()), 2)
        )
        ink = text.property("color")
        ((ground, _),) = [p for p in pixels.most_common(2) if p[0] != ink.rgb()][:1]
        if contrast(ink, QColor(ground)) < 7:
            found.append(f"{text.property('text')} {ink.name()} on {QColor(ground).name()}")
    return found


def test_tiles_keep_their_places_while_the_hall_changes(show: Callable[..., Any]) -> None:
    """A finger that is down when the state changes still takes its number."""
    shown = show()
    shown.hall.pause()
    tile, point = shown.item("service-CIVIL"), shown.centre_of("service-CIVIL")
    QTest.touchEvent(shown.window, shown.touchscreen).press(1, point, shown.window).commit()
    shown.hall.service.standing("CIVIL", open=True, waiting=17, wait_min=(60, 75))
    shown.hall.service.publish()
    shown.hall.until(lambda: "60–75 phút" in shown.words())
    assert shown.item("service-CIVIL") == tile
    QTest.touchEvent(shown.window, shown.touchscreen).release(1, point, shown.window).commit()
    shown.hall.until(lambda: len(shown.hall.service.of(IssueTicket)) == 1)


@pytest.mark.parametrize("size", [(1366, 768), (1080, 1920)], ids=str)
def test_a_finger_that_is_down_when_tiles_are_arranged_anew_takes_its_number(
    show: Callable[..., Any], size: tuple[int, int]
) -> None:
    shown = show(*size)
    shown.hall.pause()
    tile, point = shown.item("service-CIVIL"), shown.centre_of("service-CIVIL")
    before = tile.height()
    QTest.touchEvent(shown.window, shown.touchscreen).press(1, point, shown.window).commit()
    shown.hall.service_dies()
    shown.hall.until(lambda: tile.height() != before)
    QTest.touchEvent(shown.window, shown.touchscreen).release(1, point, shown.window).commit()
    assert shown.hall.kiosk.session.page is Page.TAKING


@pytest.mark.parametrize(
    ("error", "title", "advice"),
    [
        (Error.FULL, "Hộ tịch đã hết số hôm nay", "liên hệ quầy"),
        (Error.TOO_FAST, "Mời quý vị chờ một lát", "thử lại"),
        (Error.UNAVAILABLE, "Chưa lấy được số", "liên hệ quầy"),
        (Error.CLOSED, "Ngoài giờ lấy số", "hướng dẫn"),
    ],
)
def test_refusals_are_said_politely(
    show: Callable[..., Any], error: Error, title: str, advice: str
) -> None:
    shown = show()
    shown.hall.service.errors[IssueTicket] = error
    shown.touch("service-CIVIL")
    shown.hall.until(lambda: shown.visible("noticeTitle"))
    assert shown.item("noticeTitle").property("text") == title
    assert advice in shown.item("noticeAdvice").property("text")
    every_text_fits(shown)
    shown.touch("closeNotice")
    assert shown.hall.kiosk.session.page is Page.HOME


def test_a_paused_service_says_when_it_goes_on(show: Callable[..., Any]) -> None:
    shown = show()
    opens = shown.hall.clock.now().replace(hour=6, minute=30)
    shown.hall.service.standing("SI", open=False, why="paused", opens_at=opens)
    shown.hall.service.publish()
    shown.hall.until(lambda: "Tạm nghỉ, tiếp tục từ <b>13:30</b>" in shown.words())
    tile = shown.item("service-SI")
    corner = tile.mapToScene(tile.boundingRect().center()).toPoint() + QPoint(150, 40)
    assert shown.window.grabWindow().pixelColor(corner).name() == "#f1eee7"
    shown.touch("service-SI")
    assert shown.item("noticeTitle").property("text") == "Bảo hiểm xã hội đang tạm nghỉ"
    assert "13:30" in shown.item("noticeAdvice").property("text")


def test_an_offline_kiosk_says_that_numbers_are_still_given(show: Callable[..., Any]) -> None:
    shown = show()
    shown.hall.service_dies()
    assert "Quý vị vẫn lấy được số" in shown.item("banner").property("text")
    assert "người chờ" not in shown.words()


def test_a_kiosk_that_knows_nothing_sends_to_the_counter(show: Callable[..., Any]) -> None:
    shown = show(with_service=False)
    assert shown.item("heading").property("text") == "Máy lấy số đang kết nối"
    assert "liên hệ quầy" in shown.item("banner").property("text")
    assert not shown.visible("priority")


def test_a_locked_window_refuses_to_close(show: Callable[..., Any]) -> None:
    shown = show()
    shown.window.setProperty("locked", True)
    assert not shown.window.close()
    assert shown.window.isVisible()
    shown.window.setProperty("locked", False)
    assert shown.window.close()


def test_the_mouse_counts_as_somebody(show: Callable[..., Any]) -> None:
    shown = show()
    shown.hall.clock.advance(5)
    QTest.mouseClick(shown.window, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert shown.hall.kiosk.session.touched == shown.hall.clock.monotonic()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (PrinterState.PAPER_OUT, "Máy in hết giấy. Quý vị vẫn lấy được số"),
        (PrinterState.COVER_OPEN, "Nắp máy in đang mở."),
        (PrinterState.CUTTER_ERROR, "Dao cắt giấy của máy in bị kẹt."),
        (PrinterState.OVERHEATED, "Máy in đang quá nóng."),
        (PrinterState.FAULT, "Máy in tạm ngừng."),
        (PrinterState.OFFLINE, "Chưa kết nối được máy in."),
        (PrinterState.WRONG_BAUD, "Máy in tạm ngừng."),
        (PrinterState.TICKET_PRESENT, "Còn phiếu ở khe in, mời quý vị nhận phiếu."),
        (PrinterState.PAPER_LOW, ""),
        (PrinterState.UNKNOWN, ""),
    ],
)
def test_every_state_of_the_printer_has_its_words(
    show: Callable[..., Any], state: PrinterState, words: str
) -> None:
    shown = show()
    shown.hall.kiosk.printing.tell_health(StationHealth(state, {}))
    shown.hall.until(lambda: shown.hall.kiosk.printing.state is state)
    assert shown.visible("banner") == bool(words)
    assert shown.item("banner").property("text").startswith(words)
