"""The window itself: clicks and keys on QML, over a bus, to commands."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from collections import Counter
from collections.abc import Callable
from itertools import product
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtQuick import QQuickItem, QQuickWindow

from bus.codec import encode
from bus.commands import (
    AdoptTicket,
    AnswerHelp,
    AnyCommand,
    CallNext,
    CallTicket,
    IssueTicket,
    MarkAbsent,
    Park,
    PauseCounter,
    Recall,
    ReportOutage,
    StartServing,
    Transfer,
    Undo,
)
from bus.states import Alarm, ConfigState, Outage
from bus.vocabulary import AlarmKind, CurrentTo, Error, TicketState
from config.settings import Text
from hall.model import SILENCE_S
from tests.contrast import contrast

RED = QColor("#C8202F")
LONG = Text(
    vi="Đăng ký quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất",
    en="Registration of land use rights and of property attached to land",
)


def command(hall: Any, kind: type[AnyCommand]) -> Any:
    received = hall.service.next_command()
    assert isinstance(received, kind)
    return received


@pytest.mark.parametrize(
    ("button", "kind"),
    [
        ("primary", CallNext),
        ("second", CallNext),
        ("recall", Recall),
        ("absent", MarkAbsent),
        ("park", Park),
        ("arrived", StartServing),
        ("undo", Undo),
    ],
)
def test_a_click_is_a_command(hall: Any, button: str, kind: type[AnyCommand]) -> None:
    hall.click(button)
    sent = command(hall, kind)
    if isinstance(sent, CallNext):
        assert sent.current == "T1017"
        assert sent.current_to is (CurrentTo.PARK if button == "second" else CurrentTo.FINISH)


@pytest.mark.parametrize(("key", "kind"), [(Qt.Key.Key_F9, CallNext), (Qt.Key.Key_F8, Recall)])
@pytest.mark.parametrize("compact", [False, True])
def test_two_keys_do_the_same(
    hall: Any, key: Qt.Key, kind: type[AnyCommand], compact: bool
) -> None:
    if compact:
        hall.click("compactButton")
    window = hall.windows.bar if compact else hall.window
    hall.wait(window.isExposed)
    window.requestActivate()
    hall.wait(window.isActive)
    hall.key(key, window)
    command(hall, kind)


@pytest.mark.parametrize("key", [Qt.Key.Key_F5, Qt.Key.Key_F7, Qt.Key.Key_F10, Qt.Key.Key_F12])
def test_other_keys_belong_to_others(hall: Any, key: Qt.Key) -> None:
    hall.window.requestActivate()
    hall.wait(hall.window.isActive)
    hall.key(key)
    hall.key(Qt.Key.Key_F9)
    command(hall, CallNext)
    assert hall.service.commands.empty()


def test_a_second_press_waits_for_the_first(hall: Any, scene: Any) -> None:
    hall.click("primary")
    first = command(hall, CallNext)
    assert not hall.item("primary").isEnabled()
    hall.hand.seconds += 5
    hall.click("primary")
    hall.service.accept(first)
    hall.wait(lambda: hall.item("primary").isEnabled())
    hall.shows(scene.state(current=scene.current(ticket="T1018", number="1018")))
    hall.click("primary")
    assert command(hall, CallNext).current == "T1018"
    assert hall.service.commands.empty()


def test_a_refusal_is_a_calm_line(hall: Any) -> None:
    hall.click("primary")
    hall.service.refuse(command(hall, CallNext), Error.EMPTY)
    hall.wait(lambda: hall.item("notice").isVisible())
    assert hall.item("notice").property("text") == "Không còn ai chờ."


def test_a_refusal_covers_no_alarm(open_hall: Callable[..., Any], scene: Any) -> None:
    hall = open_hall(size=(436, 500))
    alarm = Alarm(kind=AlarmKind.HELP, at=scene.now, source="kiosk-1")
    outage = Outage(system="Hệ thống bộ, ngành", since=scene.ago(14))
    hall.shows(scene.state(alarms=(alarm,), outages=(outage,)))
    hall.click("primary")
    hall.service.refuse(command(hall, CallNext), Error.STALE)
    hall.wait(lambda: hall.item("notice").isVisible())
    hall.painted()
    line, strip = hall.item("noticeLine"), hall.item("alarmBelow")
    assert line.y() + line.height() <= strip.mapToScene(QPointF(0, 0)).y()
    assert line.y() > hall.item("outage").mapToScene(QPointF(0, 0)).y()
    hall.click("alarmAction")
    command(hall, AnswerHelp)


def test_a_transfer_by_clicks(hall: Any) -> None:
    hall.click("transfer")
    hall.wait(lambda: hall.panel.state.sheet is not None)
    assert hall.item("sheetTitle").property("text") == "Chuyển số 1017"
    hall.rest()
    hall.click("choice-3")
    assert command(hall, Transfer).to_service == "CIVIL"
    hall.wait(lambda: not hall.item("sheetTitle").isVisible())


def test_a_pause_by_clicks(hall: Any, scene: Any) -> None:
    hall.click("presence")
    hall.choose("Trình ký")
    hall.choose("30 phút")
    sent = command(hall, PauseCounter)
    assert (sent.reason, sent.until) == ("Trình ký", scene.ago(-30))


def test_an_outage_by_clicks(hall: Any) -> None:
    hall.click("outage")
    hall.wait(lambda: hall.panel.state.sheet is not None)
    hall.rest()
    hall.click("choice-0")
    assert command(hall, ReportOutage).system == "Hệ thống bộ, ngành"


def test_help_is_answered(hall: Any, scene: Any) -> None:
    rang: list[None] = []
    hall.panel.rang.connect(lambda: rang.append(None))
    alarm = Alarm(kind=AlarmKind.HELP, at=scene.now, source="kiosk-1")
    hall.shows(scene.state(alarms=(alarm,)))
    assert hall.item("alarmText").property("text") == "Có người cần giúp ở máy lấy số"
    hall.click("alarmAction")
    assert command(hall, AnswerHelp).place == "kiosk-1"
    assert len(rang) == 1


def test_an_open_sheet_hides_no_alarm_and_an_alarm_moves_no_button(hall: Any, scene: Any) -> None:
    places = {name: hall.point(name) for name in ("primary", "outage", "row-1018")}
    hall.click("transfer")
    hall.wait(lambda: hall.panel.state.sheet is not None)
    hall.window.grabWindow()
    choice = hall.point("choice-1")
    alarm = Alarm(kind=AlarmKind.HELP, at=scene.now, source="kiosk-1")
    hall.shows(scene.state(alarms=(alarm,)))
    hall.window.grabWindow()
    assert hall.point("choice-1") == choice
    assert {name: hall.point(name) for name in places} == places
    strip, sheet = hall.item("alarmAbove"), hall.item("sheet")
    assert strip.isVisible()
    assert strip.y() + strip.height() <= sheet.y()
    hall.click("alarmAction")
    command(hall, AnswerHelp)
    assert hall.panel.state.sheet is not None


def test_a_late_person_is_called_from_the_list(hall: Any, scene: Any) -> None:
    hall.shows(scene.idle())
    hall.click("tab-absent")
    hall.wait(lambda: hall.item("list").property("count") == 1)
    hall.rest()
    hall.click("late-1011")
    sent = command(hall, CallTicket)
    assert (sent.ticket, sent.current) == ("T1011", None)


def test_a_row_is_called(hall: Any) -> None:
    hall.click("row-2005")
    hall.choose("Gọi số này")
    sent = command(hall, CallTicket)
    assert (sent.ticket, sent.current) == ("T2005", "T1017")


def test_a_number_is_typed_and_called(hall: Any) -> None:
    hall.click("more")
    hall.choose("Gọi một số…")
    hall.wait(lambda: hall.item("numberInput").hasActiveFocus())
    for key in "2003":
        hall.key(Qt.Key(ord(key)))
    hall.key(Qt.Key.Key_Return)
    assert command(hall, CallTicket).number == "2003"


def test_a_paper_is_typed_and_taken_in(hall: Any, scene: Any) -> None:
    hall.shows(scene.idle(legal=("call_next", "call_ticket", "adopt_ticket")))
    hall.wait(lambda: hall.panel.state.current.number == "")
    hall.click("more")
    hall.choose("Nhận lại số trên phiếu…")
    hall.wait(lambda: hall.item("numberInput").hasActiveFocus())
    for key in "2005":
        hall.key(Qt.Key(ord(key)))
    hall.key(Qt.Key.Key_Return)
    hall.wait(lambda: hall.item("timeInput").hasActiveFocus())
    for key in "0815":
        hall.key(Qt.Key(ord(key)))
    hall.key(Qt.Key.Key_Return)
    sent = command(hall, AdoptTicket)
    assert (sent.number, f"{sent.issued_at:%H:%M}") == ("2005", "01:15")


def test_a_number_is_taken_for_someone(hall: Any, scene: Any) -> None:
    hall.click("more")
    for text in ("Lấy số cho người dân…", "Đất đai", "Thường", "In phiếu ở máy lấy số"):
        hall.choose(text)
    sent = command(hall, IssueTicket)
    result = {
        "ticket": "T5003", "number": "5003", "service": "LAND", "class": "normal",
        "business_day": "2026-11-23", "ahead": 2, "wait_min": [15, 25], "token": "t",
        "issued_at": scene.now.isoformat(),
    }  # fmt: skip
    hall.service.accept(sent, result)
    hall.wait(lambda: hall.item("sheetFigure").property("text") == "5003")
    hall.window.requestActivate()
    hall.wait(hall.window.isActive)
    hall.key(Qt.Key.Key_Escape)
    hall.wait(lambda: hall.panel.state.sheet is None)


def test_a_click_beside_the_sheet_closes_it_and_presses_nothing_else(hall: Any) -> None:
    hall.click("presence")
    hall.wait(lambda: hall.panel.state.sheet is not None)
    hall.rest()
    hall.click("number")
    hall.wait(lambda: hall.panel.state.sheet is None)
    assert hall.service.commands.empty()


def test_lists_change_with_their_tabs(hall: Any) -> None:
    assert hall.item("row-1018").isVisible()
    hall.click("tab-parked")
    hall.wait(lambda: [row.number for row in hall.panel.state.rows] == ["2001", "1009", "2003"])
    hall.wait(lambda: hall.item("list").property("count") == 3)
    hall.click("tab-absent")
    hall.wait(lambda: hall.item("list").property("count") == 1)


def test_what_is_not_legal_cannot_be_pressed(hall: Any, scene: Any) -> None:
    hall.shows(scene.state(current=scene.current(state=TicketState.SERVING)))
    for name in ("recall", "absent"):
        assert not hall.item(name).isEnabled()
        hall.click(name)
    hall.key(Qt.Key.Key_F8)
    hall.click("primary")
    command(hall, CallNext)
    assert hall.service.commands.empty()


def red_pixels(window: QQuickWindow) -> int:
    image = window.grabWindow()
    return sum(image.pixelColor(x, y) == RED for x in range(230) for y in range(60, 145))


def test_a_lost_link_is_said_and_comes_back_by_itself(hall: Any, scene: Any) -> None:
    assert red_pixels(hall.window) > 1500
    hall.link_bus.lose_link()
    hall.wait(lambda: hall.item("services").property("text") == "Mất kết nối")
    assert red_pixels(hall.window) == 0
    assert not hall.item("primary").isEnabled()
    hall.click("primary")
    assert hall.service.commands.empty()
    hall.link_bus.drop_link()
    hall.wait(lambda: hall.item("primary").isEnabled())
    assert hall.item("services").property("text") == "Hộ tịch · Chứng thực"
    hall.service.status("service", scene.online("service", online=False))
    hall.wait(lambda: hall.item("services").property("text") == "Máy chủ chưa trả lời")


def test_a_frozen_service_is_said_before_its_broker_knows(hall: Any) -> None:
    hall.real[0] += SILENCE_S
    hall.panel.tick()
    hall.wait(lambda: hall.item("services").property("text") == "Máy chủ chưa trả lời")
    assert not hall.item("primary").isEnabled()


def test_a_broken_configuration_leaves_the_last(
    hall: Any, scene: Any, expected_warnings: list[str]
) -> None:
    expected_warnings.append("configuration dropped")
    config = hall.panel._desk.situation.centre
    strange = ConfigState(epoch="E", rev=2, at=scene.now, version=2, centre={"x": 1})
    topic = hall.service.topics.config()
    hall.service.bus.publish(topic, encode(strange), retain=True)
    hall.shows(scene.idle())
    assert hall.panel._desk.situation.centre == config


def test_the_bar_and_back(hall: Any, scene: Any) -> None:
    hall.click("compactButton")
    bar = hall.windows.bar
    hall.wait(bar.isExposed)
    assert not hall.window.isVisible()
    assert (bar.width(), bar.height()) == (460, 96)
    hall.click("barSecond", bar)
    parking = command(hall, CallNext)
    assert parking.current_to is CurrentTo.PARK
    hall.service.accept(parking)
    hall.shows(scene.state(alarms=(Alarm(kind=AlarmKind.HELP, at=scene.now, source="kiosk-1"),)))
    hall.wait(lambda: bar.height() == 146)
    hall.click("alarmAction", bar)
    command(hall, AnswerHelp)
    hall.shows(scene.state(current=scene.choosing()))
    assert hall.item("barLine", bar).property("text") == "còn 12 giây"
    hall.click("barSecond", bar)
    assert command(hall, CallNext).current_to is CurrentTo.ABSENT
    hall.shows(scene.state(current=scene.calling()))
    assert not hall.item("barSecond", bar).isVisible()
    hall.click("barPrimary", bar)
    assert hall.service.commands.empty()
    hall.click("expandButton", bar)
    hall.wait(hall.window.isExposed)
    assert not bar.isVisible()


def test_the_bar_tells_what_came_of_a_press(hall: Any) -> None:
    hall.click("compactButton")
    bar = hall.windows.bar
    hall.wait(bar.isExposed)
    hall.click("barPrimary", bar)
    hall.service.refuse(command(hall, CallNext), Error.UNAVAILABLE)
    hall.wait(lambda: hall.item("alarmText", bar).property("text") == "Chưa gửi được. Xin bấm lại.")


def test_always_on_top(hall: Any) -> None:
    for window in (hall.window, hall.windows.bar):
        assert window.flags() & Qt.WindowType.WindowStaysOnTopHint


def test_buttons_have_names_for_those_who_hear_them(hall: Any) -> None:
    names = {
        "primary": "Xong – gọi tiếp, F9",
        "second": "Chờ ký – gọi tiếp, số 1017 quay lại sau khi ký",
        "compactButton": "Thu nhỏ thành thanh",
        "row-1018": "1018 Chứng thực  16 phút",
        "undo": "Hoàn tác: chờ ký 1016",
    }
    for item, name in names.items():
        accessible = QAccessible.queryAccessibleInterface(hall.item(item))
        assert accessible.role() == QAccessible.Role.Button
        assert accessible.text(QAccessible.Text.Name) == name


def test_tab_goes_through_the_buttons_in_reading_order(hall: Any) -> None:
    hall.window.requestActivate()
    hall.wait(hall.window.isActive)
    hall.item("compactButton").forceActiveFocus()
    seen = []
    for _ in range(16):
        hall.key(Qt.Key.Key_Tab)
        focused = hall.window.activeFocusItem()
        assert focused is not None
        seen.append(focused.objectName())
    assert seen == [
        "presence",
        "arrived",
        "primary",
        "second",
        "recall",
        "absent",
        "park",
        "transfer",
        "more",
        "undo",
        "outage",
        *(f"outcome-{index}" for index in range(5)),
    ]  # fmt: skip
    for _ in range(5):
        hall.key(Qt.Key.Key_Backtab)
    hall.key(Qt.Key.Key_Space)
    hall.wait(lambda: hall.panel.state.sheet is not None)


def cut(hall: Any, window: QQuickWindow) -> list[str]:
    """Return texts that are not painted whole, or that reach out of the window."""
    wrong = []
    for item, text in hall.texts(window):
        left = item.mapToScene(QPointF(0, 0)).x()
        within = left >= 0 and left + item.property("paintedWidth") <= window.width() + 1
        within = within and (scrolls(item) or stands_within(item, window))
        wide = item.property("paintedWidth") > item.width() + 1
        if item.property("truncated") or wide or not within or overlaps(item, window):
            wrong.append(text)
    return wrong


def scrolls(item: QQuickItem | None) -> bool:
    while item is not None and not item.inherits("QQuickFlickable"):
        item = item.parentItem()
    return item is not None


def stands_within(item: QQuickItem, window: QQuickWindow) -> bool:
    top = item.mapToScene(QPointF(0, 0)).y()
    return top >= 0 and top + item.property("paintedHeight") <= window.height() + 1


def overlaps(item: QQuickItem, window: QQuickWindow) -> bool:
    """Return whether a button's words reach out of the button."""
    button = item
    while button is not None and not button.inherits("QQuickAbstractButton"):
        button = button.parentItem()
    if button is None or button is window.contentItem():
        return False
    top = item.mapToItem(button, QPointF(0, 0)).y()
    return top < -1 or top + item.property("paintedHeight") > button.height() + 1


def with_long_names(centre: Any) -> Any:
    replace = msgspec.structs.replace
    services = tuple(
        replace(service, name=LONG) if service.code in ("CERT", "CIVIL") else service
        for service in centre.services
    )
    return replace(centre, services=services)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    ("size", "text_scale"),
    [
        ((460, 690), 1.0),
        ((436, 500), 1.0),
        pytest.param((460, 728), 1.0, marks=pytest.mark.full),
        pytest.param((900, 700), 1.0, marks=pytest.mark.full),
        ((400, 480), 1.0),
        ((644, 728), 1.4),
        pytest.param((644, 966), 1.4, marks=pytest.mark.full),
    ],
)
@pytest.mark.parametrize("names", ["usual", "long"])
def test_every_text_is_whole(
    open_hall: Callable[..., Any],
    scene: Any,
    lang: str,
    size: tuple[int, int],
    text_scale: float,
    names: str,
) -> None:
    hall = open_hall(size=size, lang=lang, text_scale=text_scale)
    if names == "long":
        hall.service.configure(with_long_names(scene.centre), rev=2)
        hall.wait(lambda: LONG(lang) in hall.panel.state.header.services)
    devices = ("board-1", "announcer-1")
    unheard = Alarm(kind=AlarmKind.UNANNOUNCED, at=scene.now, source="1017", devices=devices)
    outage = Outage(system="Hệ thống bộ, ngành", since=scene.ago(14))
    states = (
        scene.state(),
        scene.state(current=scene.current(shown=False, spoken=False), alarms=(unheard,)),
        scene.state(current=scene.calling()),
        scene.state(current=scene.choosing(), outages=(outage,)),
        scene.state(current=scene.current(back_to=5, note="see-original", note_from=5)),
        scene.idle(),
    )
    for state in states:
        hall.shows(state)
        hall.painted()
        assert cut(hall, hall.window) == []
    for button in ("transfer", "presence", "more", "outage"):
        hall.shows(scene.state())
        hall.panel.press(button)
        hall.painted()
        assert cut(hall, hall.window) == []
        hall.panel.dismiss()


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    "size", [pytest.param((460, 690), marks=pytest.mark.full), (436, 500), (400, 480)]
)
def test_no_button_moves_while_a_call_is_shown_and_spoken(
    open_hall: Callable[..., Any], scene: Any, lang: str, size: tuple[int, int]
) -> None:
    hall = open_hall(size=size, lang=lang)
    places = set()
    calls = [
        *(
            scene.calling(shown=each[0], spoken=each[1])
            for each in product((False, True), repeat=2)
        ),
        scene.choosing(),
        scene.current(),
        scene.current(state=TicketState.SERVING),
    ]
    alarm = Alarm(kind=AlarmKind.HELP, at=scene.now, source="kiosk-1")
    for call in calls:
        for alarms in ((), (alarm,)):
            hall.shows(scene.state(current=call, alarms=alarms))
            hall.painted()
            buttons = ("primary", "recall", "absent", "park", "transfer", "more", "undo", "outage")
            places.add(tuple(hall.item(each).mapToScene(QPointF(0, 0)).y() for each in buttons))
    assert len(places) == 1


@pytest.mark.parametrize("size", [(436, 500), (460, 690), (572, 534)])
@pytest.mark.parametrize("alarmed", [False, True])
def test_three_rows_are_seen_also_with_an_alarm(
    open_hall: Callable[..., Any], scene: Any, size: tuple[int, int], alarmed: bool
) -> None:
    hall = open_hall(size=size)
    devices = ("board-1", "announcer-1")
    unheard = Alarm(kind=AlarmKind.UNANNOUNCED, at=scene.now, source="1017", devices=devices)
    hall.shows(scene.state(current=scene.choosing(), alarms=(unheard,) if alarmed else ()))
    hall.painted()
    seen = hall.item("scroll")
    bottom = seen.mapToScene(QPointF(0, seen.height())).y()
    for number in ("1018", "2005", "1019"):
        row = hall.item(f"row-{number}")
        assert row.mapToScene(QPointF(0, row.height())).y() <= bottom


def stands_out(image: QImage, area: QRect) -> float:
    """Return how the ink of a text stands out: its own colour against the one most seen."""
    pixels = Counter(
        image.pixel(x, y)
        for x in range(area.left(), area.right())
        for y in range(area.top(), area.bottom())
    )
    ground = QColor(pixels.most_common(1)[0][0])
    return max(contrast(QColor(pixel), ground) for pixel in pixels)


def pressable(item: QQuickItem | None) -> bool:
    """Return whether the button that a text stands on can be pressed; no button is as good."""
    while item:
        if item.inherits("QQuickAbstractButton") and not item.isEnabled():
            return False
        item = item.parentItem()
    return True


@pytest.mark.parametrize("named", ["usual", "choosing", "calling", "idle", "outage", "lost"])
def test_every_text_stands_out(hall: Any, scene: Any, named: str) -> None:
    outage = Outage(system="Hệ thống bộ, ngành", since=scene.ago(14))
    alarm = Alarm(kind=AlarmKind.HELP, at=scene.now, source="kiosk-1")
    states = {
        "choosing": scene.state(current=scene.choosing()),
        "calling": scene.state(current=scene.calling(), alarms=(alarm,)),
        "idle": scene.idle(waiting=(), waiting_total=0, undoable=None),
        "outage": scene.state(outages=(outage,)),
    }
    hall.shows(states.get(named, scene.state()))
    if named == "lost":
        hall.link_bus.lose_link()
        hall.wait(lambda: not hall.panel.state.header.live)
    image = hall.painted()
    bottom = hall.item("scroll").mapToScene(QPointF(0, hall.item("scroll").height())).y()
    pale = {}
    for item, text in hall.texts():
        corner = item.mapToScene(QPointF(0, 0)).toPoint()
        area = QRect(corner, QSize(round(item.width()), round(item.height())))
        if scrolls(item) and area.bottom() > bottom:
            continue
        least = 4.5 if pressable(item) and named != "lost" else 3.0
        if stands_out(image, area) < least:
            pale[text] = stands_out(image, area)
    assert pale == {}


def test_a_sheet_covers_no_button_in_the_smallest_window(open_hall: Callable[..., Any]) -> None:
    hall = open_hall(size=(436, 500))
    hall.panel.press("transfer")
    hall.painted()
    bar = hall.item("sheetScrollBar")
    assert bar.isVisible()
    left = bar.mapToScene(QPointF(0, 0)).x()
    sheet = hall.panel.state.sheet
    for index, choice in enumerate(sheet.choices):
        if not choice.heading:
            button = hall.item(f"choice-{index}")
            assert button.mapToScene(QPointF(button.width(), 0)).x() <= left


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("idle", [False, True])
@pytest.mark.parametrize("names", ["usual", "long"])
def test_every_text_of_the_bar_is_whole(
    open_hall: Callable[..., Any], scene: Any, lang: str, idle: bool, names: str
) -> None:
    hall = open_hall(lang=lang)
    if names == "long":
        hall.service.configure(with_long_names(scene.centre), rev=2)
    hall.panel.toggleCompact()
    hall.wait(hall.windows.bar.isExposed)
    devices = ("board-1", "announcer-1")
    unheard = Alarm(kind=AlarmKind.UNANNOUNCED, at=scene.now, source="1017", devices=devices)
    for alarms in ((), (unheard,)):
        calls = (None,) if idle else (scene.current(), scene.choosing(), scene.calling())
        for call in calls:
            hall.shows(scene.state(current=call, alarms=alarms))
            hall.painted(hall.windows.bar)
            assert cut(hall, hall.windows.bar) == []


def test_a_low_window_shows_its_list_too(open_hall: Callable[..., Any], scene: Any) -> None:
    hall = open_hall(size=(436, 400))
    alarm = Alarm(kind=AlarmKind.HELP, at=scene.now, source="kiosk-1")
    hall.shows(scene.state(alarms=(alarm,)))
    hall.painted()
    assert hall.point("row-2005").y() < hall.point("alarmBelow").y() - 20


def test_english_is_there(open_hall: Callable[..., Any]) -> None:
    hall = open_hall(lang="en")
    texts = {text for _, text in hall.texts()}
    assert {"Done – call next", "Park – call next", "Waited", "Certified copies"} <= texts
