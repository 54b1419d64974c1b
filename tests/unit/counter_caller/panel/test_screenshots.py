"""The pictures of docs/screenshots; written again when DENLUOT_SCREENSHOTS names a directory."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtQuick import QQuickWindow

from bus.care import Care, Manner
from bus.codec import plain
from bus.commands import (
    AppointmentResult,
    BookAppointment,
    DayAppointments,
    DaySlots,
    ListAppointments,
    ListedAppointment,
    ListSlots,
    Slot,
)
from bus.states import Alarm, DeskMessage, OfflineRange, Outage, StaffCall, Visit
from bus.vocabulary import AlarmKind, AppointmentState, Colleague, CounterStatus, TicketClass
from hall.words import Words

RED = QColor("#C8202F")


def keep(name: str, window: QQuickWindow, hall: Any) -> QImage:
    hall.window.contentItem().forceActiveFocus()
    hall.qtbot.wait(250)  # the fades of sheets and buttons
    image = window.grabWindow()
    directory = os.environ.get("DENLUOT_SCREENSHOTS")
    if directory:
        assert image.save(str(Path(directory) / f"counter-{name}.png"))
    return image


def red(image: QImage, right: int, top: int, bottom: int) -> int:
    return sum(image.pixelColor(x, y) == RED for x in range(right) for y in range(top, bottom))


def test_window(hall: Any) -> None:
    image = keep("window", hall.window, hall)
    assert (image.width(), image.height()) == (460, 690)
    assert 2500 < red(image, 230, 53, 145) < 7000
    assert red(image, 230, 53, 70) == 0


def test_bar(hall: Any) -> None:
    hall.panel.toggleCompact()
    hall.wait(hall.windows.bar.isExposed)
    image = keep("bar", hall.windows.bar, hall)
    assert (image.width(), image.height()) == (460, 96)
    assert red(image, 140, 0, 96) > 1200


def test_idle(hall: Any, scene: Any) -> None:
    hall.shows(scene.idle())
    assert red(keep("idle", hall.window, hall), 230, 53, 145) == 0


def test_roll(hall: Any, scene: Any) -> None:
    """The counter has a number of a printed roll; nobody knows how long its person has waited."""
    services = tuple(
        structs.replace(one, roll_last=899) if one.code == "CIVIL" else one
        for one in scene.centre.services
    )
    hall.service.configure(structs.replace(scene.centre, services=services), 2)
    current = scene.current(
        ticket="T2047",
        number="2047",
        service="CIVIL",
        ticket_class=TicketClass.NORMAL,
        from_roll=True,
    )
    state = scene.state(current=current, waiting=(), waiting_total=0)
    hall.shows(structs.replace(state, legal=(*state.legal, "call_next.roll")))
    hall.wait(lambda: hall.panel.state.buttons.primary.note == "F9 · số tiếp của cuộn giấy")
    keep("roll", hall.window, hall)


def test_paused(hall: Any, scene: Any) -> None:
    until = scene.ago(-306)
    hall.shows(scene.idle(status=CounterStatus.PAUSED, reason="Trình ký", until=until))
    keep("paused", hall.window, hall)
    assert hall.panel.state.current.detail == "Trình ký · tiếp tục từ 13:30"


def test_paper_after_a_restore(hall: Any, scene: Any) -> None:
    hall.shows(scene.idle(legal=("call_next", "call_ticket", "adopt_ticket")))
    hall.wait(lambda: hall.panel.state.current.number == "")
    hall.click("more")
    hall.choose("Nhận lại số trên phiếu…")
    hall.wait(lambda: hall.item("numberInput").hasActiveFocus())
    for key in "2005":
        hall.key(Qt.Key(ord(key)))
    keep("paper", hall.window, hall)
    assert hall.item("timeInput").isVisible()


def test_alarm(hall: Any, scene: Any) -> None:
    alarm = Alarm(kind=AlarmKind.HELP, at=scene.now, source="kiosk-1")
    hall.shows(scene.state(alarms=(alarm,)))
    keep("alarm", hall.window, hall)
    assert hall.item("alarmAction").isVisible()


def test_unannounced(hall: Any, scene: Any) -> None:
    devices = ("board-1", "announcer-1")
    alarm = Alarm(kind=AlarmKind.UNANNOUNCED, at=scene.now, source="1017", devices=devices)
    hall.shows(scene.state(current=scene.current(spoken=False), alarms=(alarm,)))
    keep("unannounced", hall.window, hall)
    assert hall.item("alarmAction").isVisible()
    hall.panel.toggleCompact()
    hall.wait(hall.windows.bar.isExposed)
    keep("unannounced-bar", hall.windows.bar, hall)


def test_calling(hall: Any, scene: Any) -> None:
    hall.shows(scene.state(current=scene.calling()))
    keep("calling", hall.window, hall)
    assert not hall.item("primary").isEnabled()
    assert hall.item("recall").isEnabled()


def test_choice(hall: Any, scene: Any) -> None:
    hall.shows(scene.state(current=scene.choosing()))
    keep("choice", hall.window, hall)
    hall.panel.toggleCompact()
    hall.wait(hall.windows.bar.isExposed)
    image = keep("choice-bar", hall.windows.bar, hall)
    assert (image.width(), image.height()) == (460, 96)


def test_small_with_an_alarm(open_hall: Callable[..., Any], scene: Any) -> None:
    hall = open_hall(size=(436, 500))
    alarm = Alarm(kind=AlarmKind.HELP, at=scene.now, source="kiosk-1")
    hall.shows(scene.state(current=scene.choosing(), alarms=(alarm,)))
    keep("small", hall.window, hall)
    hall.click("transfer")
    hall.wait(lambda: hall.panel.state.sheet is not None)
    keep("small-transfer", hall.window, hall)


def test_outage(hall: Any, scene: Any) -> None:
    outage = Outage(system="Hệ thống bộ, ngành", since=scene.ago(14))
    hall.shows(scene.state(outages=(outage,)))
    keep("outage", hall.window, hall)
    assert hall.item("recording").property("text") == "Đang ghi nhận: chậm từ 08:10"


def test_offline_numbers(hall: Any, scene: Any) -> None:
    numbers = OfflineRange(kiosk="kiosk-1", service="CIVIL", first="2901", last="2949")
    hall.shows(scene.state(offline=(numbers,)))
    hall.click("alarmAction")
    hall.wait(lambda: hall.panel.state.sheet is not None)
    keep("offline", hall.window, hall)


def test_large_letters(open_hall: Callable[..., Any], scene: Any) -> None:
    hall = open_hall(size=(644, 966), text_scale=1.4)
    hall.shows(scene.state(current=scene.choosing()))
    keep("large", hall.window, hall)
    hall.click("transfer")
    hall.wait(lambda: hall.panel.state.sheet is not None)
    keep("large-transfer", hall.window, hall)


@pytest.mark.parametrize("tab", ["parked", "absent"])
def test_lists(hall: Any, tab: str) -> None:
    hall.click(f"tab-{tab}")
    hall.wait(lambda: len(hall.panel.state.rows) in (1, 3))
    keep(f"list-{tab}", hall.window, hall)


@pytest.mark.parametrize("alarmed", [False, True])
@pytest.mark.parametrize(
    ("name", "button"),
    [("transfer", "transfer"), ("pause-menu", "presence"), ("more", "more")],
)
def test_sheets(hall: Any, scene: Any, name: str, button: str, alarmed: bool) -> None:
    alarm = Alarm(kind=AlarmKind.HELP, at=scene.now, source="kiosk-1")
    hall.shows(scene.state(alarms=(alarm,) if alarmed else ()))
    hall.click(button)
    hall.wait(lambda: hall.panel.state.sheet is not None)
    keep(f"{name}-alarm" if alarmed else name, hall.window, hall)


def test_several_alarms(open_hall: Callable[..., Any], scene: Any) -> None:
    hall = open_hall(size=(436, 500))
    alarms = (
        Alarm(kind=AlarmKind.NUMBER_REFUSED, at=scene.now, source="2901", detail="kiosk-1"),
        Alarm(kind=AlarmKind.HELP, at=scene.now, source="kiosk-1"),
        Alarm(kind=AlarmKind.PAPER_LOST, at=scene.now, source="2005", detail="kiosk-1"),
        Alarm(kind=AlarmKind.NOBODY_SERVES, at=scene.now, source="service", detail="TAX"),
    )
    hall.shows(scene.state(alarms=alarms))
    keep("alarms", hall.window, hall)
    hall.click("alarmOthers")
    hall.wait(lambda: hall.panel.state.sheet is not None)
    keep("alarms-all", hall.window, hall)


@pytest.mark.parametrize(
    ("name", "lang", "size"),
    [
        ("note", "vi", (460, 690)),
        ("note-en", "en", (460, 690)),
        ("note-low", "vi", (460, 560)),
        ("note-low-en", "en", (460, 560)),
    ],
)
def test_on_the_way_with_a_note(
    open_hall: Callable[..., Any], scene: Any, name: str, lang: str, size: tuple[int, int]
) -> None:
    """As it fits a screen of 1366 × 768, and one of 1024 × 600."""
    hall = open_hall(size=size, lang=lang)
    current = scene.current(back_to=5, note="fee-paid", note_from=5)
    hall.shows(scene.state(current=current))
    hall.wait(lambda: hall.panel.state.current.remark != "")
    keep(name, hall.window, hall)
    assert hall.item("remark").isVisible()
    assert hall.item("outcome-4").isVisible()


def test_a_reminder(hall: Any, scene: Any) -> None:
    row = scene.listed("2001", "CIVIL", 24, reason="signature", remind_at=scene.ago(1))
    alarm = Alarm(
        kind=AlarmKind.REMINDER,
        at=scene.ago(1),
        source="2001",
        detail="signature",
        ticket="T2001",
    )
    hall.shows(scene.state(parked=(row,), alarms=(alarm,)))
    hall.click("tab-parked")
    hall.wait(lambda: len(hall.panel.state.rows) == 1)
    keep("reminder", hall.window, hall)
    hall.click("alarmAction")
    hall.wait(lambda: hall.panel.state.sheet is not None)
    keep("reminder-answer", hall.window, hall)


def test_a_way_back_with_a_note(hall: Any, scene: Any) -> None:
    hall.shows(scene.state())
    hall.click("more")
    hall.choose("Còn việc ở lĩnh vực khác…")
    hall.choose("Kèm lời nhắn…")
    hall.choose("Hồ sơ đã đủ")
    hall.wait(lambda: hall.panel.state.sheet.title == "Chuyển số 1017")
    keep("way-back", hall.window, hall)
    hall.choose("Đất đai")


BETWEEN = (
    "call_next",
    "call_colleague.colleague",
    "call_colleague.guard",
    "call_colleague.supervisor",
    "answer_colleague",
    "tell_managers",
    "read_message",
)


def test_colleague(hall: Any, scene: Any) -> None:
    alarm = Alarm(kind=AlarmKind.COLLEAGUE, at=scene.now, source="5", detail="guard")
    hall.shows(scene.state(alarms=(alarm,), legal=BETWEEN))
    hall.wait(lambda: hall.panel.state.alarm.text == "Quầy 5 cần bảo vệ")
    keep("colleague", hall.window, hall)
    assert hall.item("alarmAction").isEnabled()


def test_messages(hall: Any, scene: Any) -> None:
    messages = (
        DeskMessage(id="7", text="Họp giao ban lúc 11:30 ở phòng 2", at=scene.ago(9), read_by=(3,)),
        DeskMessage(id="8", text="Vâng, đã rõ.", at=scene.ago(8), counter=3, answers="7"),
        DeskMessage(id="9", text="Quầy 3 xin nhận giúp Hộ tịch đến 10:00", at=scene.now),
    )
    hall.shows(scene.state(messages=messages, legal=BETWEEN))
    hall.click("more")
    hall.choose("Tin nhắn với quản lý…")
    hall.wait(lambda: hall.item("textInput").hasActiveFocus())
    keep("messages", hall.window, hall)
    for key in "OK":
        hall.key(Qt.Key(ord(key)))
    hall.click("sendText")
    hall.wait(lambda: hall.panel.state.sheet is None)


def test_somebody_came(open_hall: Callable[..., Any], scene: Any) -> None:
    hall = open_hall(size=(436, 500))
    call = StaffCall(counter=3, whom=Colleague.COLLEAGUE, since=scene.now)
    state = scene.idle(arrived=scene.now, staff_call=call, waiting=scene.waiting()[:1])
    hall.shows(structs.replace(state, legal=BETWEEN))
    hall.wait(lambda: hall.panel.state.current.headline == "Có người đến")
    keep("arrived", hall.window, hall)
    assert hall.item("alarmAction").isEnabled()


@pytest.mark.full
def test_a_visit(hall: Any, scene: Any) -> None:
    """Somebody of this counter helps at a kiosk; and a called person is to be fetched."""
    may = ("prepare_visit", "end_visit", "issue_ticket")
    manner = Manner(large_paper=True, fetch=True, place="kiosk-1")
    visit = Visit(
        kiosk="kiosk-1",
        since=scene.ago(2),
        answered_at=scene.ago(1),
        counter=3,
        id="v",
        care=Care(ticket_class=TicketClass.PRIORITY, manner=manner),
        taken_up=True,
    )
    hall.shows(scene.idle(visits=(visit,), legal=may))
    hall.panel.press("alarm")
    assert keep("visit", hall.window, hall).width() == 460
    current = structs.replace(scene.choosing(), fetch_from="kiosk-1")
    hall.panel.closeSheet()
    hall.shows(scene.state(current=current))
    assert keep("fetch", hall.window, hall).width() == 460


@pytest.mark.full
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_appointments(open_hall: Callable[..., Any], scene: Any, lang: str) -> None:
    """Booked, found and printed: list, slots, code."""
    hall, t = open_hall(lang=lang), Words(lang)
    services = tuple(
        structs.replace(one, appointment_hours=("08:00-11:00",))
        if one.code in ("CIVIL", "CERT")
        else one
        for one in scene.centre.services
    )
    hall.service.configure(structs.replace(scene.centre, services=services), 2)
    may = ("book_appointment", "cancel_appointment", "move_appointment", "print_appointment")
    hall.shows(structs.replace(scene.idle(), legal=(*may, "issue_ticket")))
    hall.wait(
        lambda: any(one.makes_appointments for one in hall.panel._desk.situation.centre.services)
    )

    def answer(kind: type, result: Any) -> None:
        command = hall.service.next_command()
        assert isinstance(command, kind)
        hall.service.accept(command, plain(result))
        hall.wait(lambda: not hall.panel._desk.situation.pending)
        hall.rest()

    hall.panel.press("more")
    hall.choose(t("Lịch hẹn…"))
    entries = (
        ListedAppointment(appointment="A1", service="CERT", at=scene.ago(-20)),
        ListedAppointment(
            appointment="A2",
            service="CERT",
            at=scene.ago(10),
            state=AppointmentState.CAME,
            ticket="1007",
        ),
    )
    day = "2026-11-23"
    answer(ListAppointments, DayAppointments(day=day, appointments=entries, total=2))
    keep(f"appointments-{lang}", hall.window, hall)
    hall.choose(t("Đặt hẹn cho người dân…"))
    hall.choose(hall.panel.state.sheet.choices[0].text)
    hall.choose(hall.panel.state.sheet.choices[1].text)
    slots = tuple(
        Slot(at=scene.now + timedelta(days=1, minutes=30 * n), seats=2, free=n % 3)
        for n in range(6)
    )
    answer(ListSlots, DaySlots(service="CERT", day="2026-11-24", slots=slots))
    keep(f"slots-{lang}", hall.window, hall)
    hall.window.contentItem().forceActiveFocus()
    hall.choose(hall.panel.state.sheet.choices[1].text)
    booked = AppointmentResult(appointment="A3", service="CERT", at=slots[1].at, code="7K3M9Q")
    answer(BookAppointment, booked)
    assert hall.panel.state.sheet.figure == "7K3-M9Q"
    keep(f"code-{lang}", hall.window, hall)
    wide = hall.item("sheetFigure").width()
    assert wide <= hall.window.width()
