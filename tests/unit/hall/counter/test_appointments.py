"""What an officer does with appointments: book, find, move, cancel, print."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from bus.codec import plain
from bus.commands import (
    AppointmentRefusal,
    AppointmentResult,
    BookAppointment,
    CancelAppointment,
    CheckIn,
    DayAppointments,
    DaySlots,
    FindAppointment,
    ListAppointments,
    ListedAppointment,
    ListSlots,
    MoveAppointment,
    PrintAppointment,
    Reply,
    Slot,
)
from bus.vocabulary import AppointmentState, Error, WhyNoAppointment
from hall.counter.appointments import NO_CODE, aloud
from hall.counter.desk import Desk
from hall.counter.view import plain as shown
from hall.words import Words

MAY = (
    "book_appointment",
    "cancel_appointment",
    "move_appointment",
    "print_appointment",
    "issue_ticket",
)


class Officer:
    """A desk whose service answers what the test says; the hand is slow enough."""

    def __init__(self, scene: Any, legal: tuple[str, ...] = MAY, lang: str = "vi") -> None:
        self.asked: list[tuple[Any, Callable[[Reply], None]]] = []
        self.scene, self.hand = scene, 0.0
        services = tuple(
            msgspec.structs.replace(one, appointment_hours=("08:00-10:00",))
            if one.code in ("CIVIL", "LAND")
            else one
            for one in scene.centre.services
        )
        self.centre = msgspec.structs.replace(scene.centre, services=services)
        self.desk = Desk(
            3,
            lambda command, on_reply: self.asked.append((command, on_reply)),
            now=lambda: scene.now,
            elapsed_s=lambda: self.hand,
            hand_s=lambda: self.hand,
            t=Words(lang),
        )
        hall = scene.hall(scene.idle(legal=legal))
        self.desk.take(dataclasses.replace(hall, centre=self.centre))
        self.desk.view()

    def press(self, text: str) -> None:
        self.hand += 2
        self.desk.tick()
        sheet = self.desk.sheet
        assert sheet is not None
        index = next(i for i, one in enumerate(sheet.choices) if one.text == text)
        self.desk.choose(index)
        self.desk.view()

    def open(self) -> None:
        self.hand += 2
        self.desk.press("more")
        self.press("Lịch hẹn…")

    def asks(self, expected: Any) -> None:
        assert self.asked[-1][0] == expected

    def answer(self, result: Any) -> None:
        self.asked[-1][1](Reply(id="1", ok=True, rev=1, result=plain(result)))

    def refuse(self, why: WhyNoAppointment, error: Error) -> None:
        told = plain(AppointmentRefusal(why=why))
        self.asked[-1][1](Reply(id="1", ok=False, error=error, result=told))

    @property
    def lines(self) -> list[str]:
        assert self.desk.sheet is not None
        return [one.text for one in self.desk.sheet.choices]

    @property
    def notice(self) -> str:
        return self.desk.view().notice.text


@pytest.fixture
def officer(scene: Any) -> Officer:
    return Officer(scene)


def booked(scene: Any, **known: Any) -> AppointmentResult:
    at = scene.now + timedelta(days=1)
    return AppointmentResult(appointment="A1", service="CIVIL", at=at, code="7K3M9Q", **known)


def test_a_seat_is_booked_in_four_presses_and_its_code_read_out(
    officer: Officer, scene: Any
) -> None:
    officer.open()
    officer.asks(ListAppointments(counter=3))
    officer.answer(DayAppointments(day="2026-11-23"))
    officer.press("Đặt hẹn cho người dân…")
    assert officer.lines == ["Hộ tịch", "Đất đai"]
    officer.press("Hộ tịch")
    assert officer.lines[:3] == ["Thứ Hai, 23/11", "Thứ Ba, 24/11", "Thứ Tư, 25/11"]
    assert not any("Chủ Nhật" in line for line in officer.lines)
    officer.press("Thứ Ba, 24/11")
    officer.asks(ListSlots(service="CIVIL", day="2026-11-24"))
    at = scene.now + timedelta(days=1)
    full, free = Slot(at=at, seats=1, free=0), Slot(at=at + timedelta(minutes=30), seats=2, free=1)
    officer.answer(DaySlots(service="CIVIL", day="2026-11-24", slots=(full, free)))
    sheet = officer.desk.sheet
    assert sheet is not None
    assert [(one.note, one.enabled) for one in sheet.choices[:2]] == [
        ("hết chỗ", False),
        ("còn 1/2 chỗ", True),
    ]
    officer.press(sheet.choices[1].text)
    officer.asks(BookAppointment(service="CIVIL", at=free.at))
    officer.answer(booked(scene))
    sheet = officer.desk.sheet
    assert sheet is not None
    assert (sheet.title, sheet.figure) == ("Đã đặt hẹn. Xin đọc mã cho người dân", "7K3-M9Q")
    assert "Đọc từng chữ: 7, chữ ca, 3 – chữ em mờ, 9, chữ quy" in sheet.note
    assert sheet.slip is not None
    assert sheet.slip.advice[0].startswith("Từ ")


def test_a_slip_is_printed_and_its_code_stays_in_sight(officer: Officer, scene: Any) -> None:
    officer.open()
    officer.answer(DayAppointments(day="2026-11-23"))
    officer.press("Tìm theo mã…")
    officer.desk.find_code("7k3")
    assert officer.notice == NO_CODE
    officer.desk.find_code(" 7k3-m9q ")
    officer.asks(FindAppointment(code="7K3M9Q"))
    officer.answer(booked(scene))
    officer.press("In phiếu hẹn ở máy lấy số")
    officer.asks(PrintAppointment(appointment="A1", print_on="kiosk-1"))
    officer.answer({})
    assert officer.notice == "Đã gửi phiếu hẹn đến máy in."
    assert officer.desk.sheet is not None
    assert officer.desk.sheet.figure == "7K3-M9Q"


def test_a_wrong_code_leaves_the_field_where_it_is(officer: Officer) -> None:
    officer.open()
    officer.answer(DayAppointments(day="2026-11-23"))
    officer.press("Tìm theo mã…")
    officer.desk.find_code("000000")
    officer.refuse(WhyNoAppointment.WRONG_CODE, Error.UNKNOWN)
    assert officer.notice == "Không có lịch hẹn nào với mã này. Xin đọc lại từng chữ."
    assert officer.desk.sheet is not None
    assert officer.desk.sheet.asks_code


def test_whoever_is_expected_today_is_moved_or_cancelled_by_presses(
    officer: Officer, scene: Any
) -> None:
    entries = (
        ListedAppointment(appointment="A1", service="CIVIL", at=scene.now),
        ListedAppointment(
            appointment="A2",
            service="CIVIL",
            at=scene.now + timedelta(hours=1),
            state=AppointmentState.CAME,
            late=True,
            ticket="2007",
        ),
    )
    officer.open()
    officer.answer(DayAppointments(day="2026-11-23", appointments=entries, total=2))
    sheet = officer.desk.sheet
    assert sheet is not None
    heading, first, second = sheet.choices[-3:]
    assert heading.heading
    assert (first.note, second.note) == ("Đã đặt", "Đến muộn · 2007")
    assert not second.enabled
    officer.press(first.text)
    officer.press("Hủy lịch hẹn…")
    officer.press("Hủy lịch hẹn này")
    officer.asks(CancelAppointment(appointment="A1"))
    officer.answer({})
    assert officer.notice == "Đã hủy lịch hẹn. Chỗ này đặt lại được."
    officer.open()
    officer.answer(DayAppointments(day="2026-11-23", appointments=entries, total=2))
    officer.press(first.text)
    officer.press("Đổi giờ…")
    officer.press("Thứ Tư, 25/11")
    at = scene.now + timedelta(days=2)
    slots = (Slot(at=at, seats=1, free=1),)
    officer.answer(DaySlots(service="CIVIL", day="2026-11-25", slots=slots))
    officer.press(officer.lines[0])
    officer.asks(MoveAppointment(appointment="A1", at=at, service="CIVIL"))
    officer.answer(booked(scene))
    assert officer.desk.sheet is not None
    assert officer.desk.sheet.title == "Đã đổi giờ. Mã hẹn giữ nguyên"


def test_whoever_loses_the_last_seat_is_shown_what_is_left(officer: Officer, scene: Any) -> None:
    officer.open()
    officer.answer(DayAppointments(day="2026-11-23"))
    for text in ("Đặt hẹn cho người dân…", "Hộ tịch", "Thứ Ba, 24/11"):
        officer.press(text)
    at = scene.now + timedelta(days=1)
    slots = (Slot(at=at, seats=1, free=1),)
    officer.answer(DaySlots(service="CIVIL", day="2026-11-24", slots=slots))
    officer.press(officer.lines[0])
    officer.refuse(WhyNoAppointment.SLOT_FULL, Error.FULL)
    assert officer.notice == "Khung giờ này vừa hết chỗ. Xin chọn giờ khác."
    officer.asks(ListSlots(service="CIVIL", day="2026-11-24"))


def test_an_answer_closes_nothing_that_was_opened_since(officer: Officer) -> None:
    officer.open()
    officer.hand += 2
    officer.desk.press("more")
    before = officer.desk.sheet
    officer.answer(DayAppointments(day="2026-11-23"))
    assert officer.desk.sheet is before


def test_who_has_come_today_gets_a_number_at_the_counter(officer: Officer, scene: Any) -> None:
    officer.open()
    officer.answer(DayAppointments(day="2026-11-23"))
    officer.press("Tìm theo mã…")
    officer.desk.find_code("7K3M9Q")
    today = AppointmentResult(appointment="A1", service="CIVIL", at=scene.now, code="7K3M9Q")
    officer.answer(today)
    officer.press("Người này đã đến: lấy số")
    officer.asks(CheckIn(code="7K3M9Q"))
    officer.refuse(WhyNoAppointment.TRIES, Error.TOO_FAST)
    assert officer.notice.startswith("Đã nhập sai mã nhiều lần.")


def test_without_appointments_nothing_speaks_of_them(scene: Any) -> None:
    officer = Officer(scene, legal=("issue_ticket",))
    officer.desk.press("more")
    assert "Lịch hẹn…" not in officer.lines


def test_a_later_service_may_refuse_and_answer_as_it_likes(officer: Officer) -> None:
    officer.open()
    refused = Reply(id="1", ok=False, error=Error.UNKNOWN, result={"why": "of a later version"})
    officer.asked[-1][1](refused)
    assert officer.notice == "Không tìm thấy trong hôm nay. Xin kiểm tra lại."
    officer.open()
    officer.answer({"surprise": 1})
    assert officer.notice == "Đã làm xong. Xin mở lại lịch hẹn để xem."


def test_the_view_is_plain_and_every_letter_has_a_name(officer: Officer) -> None:
    officer.open()
    officer.answer(DayAppointments(day="2026-11-23"))
    officer.press("Đặt hẹn cho người dân…")
    msgspec.json.encode(shown(officer.desk.view()))
    assert aloud("ABC0YZ", Words("en")) == "letter A, letter B, letter C – 0, letter Y, letter Z"
