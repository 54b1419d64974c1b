# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bus.codec import plain
from bus.commands import (
    AdoptTicket,
    AnswerHelp,
    AnyCommand,
    CallNext,
    CallTicket,
    IssuedTicket,
    IssueTicket,
    OpenCounter,
    Recall,
    Reply,
    ReprintTicket,
    ReturnToQueue,
    SetClass,
    TellManagers,
)
from bus.states import Alarm
from bus.vocabulary import AlarmKind, CounterStatus, CurrentTo, Error, TicketClass, TicketState
from hall.counter.desk import Desk, buttons_of
from hall.counter.situation import NO_CHOICE, Choice, Sheet
from hall.model import HallState
from hall.words import Words


class Officer:
    """A desk without a bus: what it asked, and clocks to move."""

    def __init__(self, scene: Any) -> None:
        self.sent: list[AnyCommand] = []
        self._replies: list[Callable[[Reply], None]] = []
        self.now = scene.now
        self.seconds = 0.0
        self.hand = 0.0
        self.desk = Desk(
            3,
            self._ask,
            now=lambda: self.now,
            elapsed_s=lambda: self.seconds,
            hand_s=lambda: self.hand,
            t=Words(),
        )
        self.scene = scene
        self.sees(scene.state())
        self.later(1)

    def _ask(self, command: AnyCommand, on_reply: Callable[[Reply], None]) -> None:
        self.sent.append(command)
        self._replies.append(on_reply)

    def sees(self, state: Any) -> None:
        """Take a state, and paint it."""
        self.hears(self.scene.hall(state))

    def hears(self, hall: HallState) -> None:
        self.desk.take(hall)
        self.desk.view()

    def press(self, button: str = "primary") -> None:
        self.desk.press(button)
        self.desk.view()

    def enabled(self, button: str) -> bool:
        return buttons_of(self.desk.view())[button].enabled

    def later(self, seconds: float) -> None:
        self.hand += seconds
        self.seconds += seconds
        self.now += timedelta(seconds=seconds)
        self.desk.tick()
        self.desk.view()

    def accept(self, index: int, **result: Any) -> None:
        self._replies[index](Reply(id="1", ok=True, rev=1, result=result))
        self.desk.view()

    def refuse(self, index: int, error: Error, message: str | None = None) -> None:
        self._replies[index](Reply(id="1", ok=False, error=error, message=message))
        self.desk.view()

    @property
    def notice(self) -> str:
        return self.desk.view().notice.text


@pytest.fixture
def officer(scene: Any) -> Officer:
    return Officer(scene)


def test_next_says_what_becomes_of_the_ticket_that_is_shown(officer: Officer) -> None:
    officer.press()
    assert officer.sent == [CallNext(counter=3, current="T1017", current_to=CurrentTo.FINISH)]
    officer.accept(0)
    officer.later(5)
    officer.press("second")
    assert officer.sent[1] == CallNext(counter=3, current="T1017", current_to=CurrentTo.PARK)


def test_while_it_is_under_way_nothing_else_touches_the_ticket(officer: Officer) -> None:
    officer.press()
    officer.later(5)
    for button in ("primary", "second", "absent", "park", "transfer"):
        assert not officer.enabled(button)
        officer.press(button)
    assert len(officer.sent) == 1
    officer.press("recall")
    assert isinstance(officer.sent[1], Recall)
    officer.accept(0)
    assert officer.enabled("primary")
    assert not officer.enabled("recall")


def test_a_double_click_is_one_press(officer: Officer) -> None:
    officer.press()
    officer.accept(0)
    officer.later(0.3)
    officer.press()
    assert len(officer.sent) == 1
    officer.later(0.6)
    officer.press()
    assert len(officer.sent) == 2


def test_a_double_click_on_open_opens_and_calls_nobody(officer: Officer, scene: Any) -> None:
    shut = scene.idle(status=CounterStatus.CLOSED, waiting=(), waiting_total=0)
    officer.sees(shut)
    officer.later(5)
    officer.press()
    assert officer.sent == [OpenCounter(counter=3)]
    officer.accept(0)
    officer.later(0.1)
    officer.sees(scene.idle())
    officer.later(0.2)
    officer.press()
    officer.later(0.4)
    officer.press()
    assert len(officer.sent) == 1
    officer.later(0.2)
    officer.press()
    assert isinstance(officer.sent[1], CallNext)


def test_a_button_that_changed_under_the_finger_takes_no_press(
    officer: Officer, scene: Any
) -> None:
    officer.sees(scene.state(current=scene.choosing()))
    officer.later(10.9)
    assert buttons_of(officer.desk.view())["second"].text == "Vắng mặt – gọi tiếp"
    officer.later(0.3)
    assert buttons_of(officer.desk.view())["second"].text == "Chờ ký – gọi tiếp"
    officer.press("second")
    assert officer.sent == []
    officer.later(0.8)
    officer.press("second")
    assert officer.sent == [CallNext(counter=3, current="T1017", current_to=CurrentTo.PARK)]


def test_a_double_click_on_a_menu_chooses_nothing_of_it(officer: Officer) -> None:
    officer.press("transfer")
    assert officer.desk.sheet is not None
    officer.later(0.3)
    officer.desk.choose(3)
    officer.desk.dismiss()
    assert officer.desk.sheet is not None
    assert officer.sent == []
    officer.later(0.5)
    officer.desk.choose(3)
    assert len(officer.sent) == 1
    assert officer.desk.sheet is None


def test_an_outcome_is_pressed_once_like_any_button(officer: Officer) -> None:
    officer.press("outcome-3")
    assert officer.sent == [
        CallNext(counter=3, current="T1017", current_to=CurrentTo.FINISH, outcome="incomplete")
    ]
    officer.press("primary")
    assert len(officer.sent) == 1


def test_f9_never_chooses_for_the_officer(officer: Officer, scene: Any) -> None:
    officer.sees(scene.state(current=scene.choosing()))
    officer.later(1)
    officer.desk.press_next()
    assert officer.sent == []
    assert officer.desk.view().buttons.beckons
    officer.later(2.1)
    assert not officer.desk.view().buttons.beckons
    officer.later(10)
    officer.later(1)
    officer.desk.press_next()
    assert officer.sent == [CallNext(counter=3, current="T1017", current_to=CurrentTo.FINISH)]


def test_f9_says_that_the_call_is_still_spoken(officer: Officer, scene: Any) -> None:
    officer.sees(scene.state(current=scene.calling()))
    officer.later(1)
    officer.desk.press_next()
    assert officer.sent == []
    assert officer.notice == "Số 1017 đang được gọi. Xin chờ đọc xong."


def test_too_soon_says_how_long(officer: Officer) -> None:
    officer.press()
    officer.refuse(0, Error.TOO_SOON, "Số 1017 đang được gọi, xin chờ 6 giây nữa.")
    assert officer.notice == "Số 1017 đang được gọi, xin chờ 6 giây nữa."


def test_a_full_disk_is_said_in_the_service_own_words(officer: Officer) -> None:
    officer.press()
    text = "Không lưu được dữ liệu nên chưa thực hiện. Xin báo người quản trị kiểm tra ổ đĩa."
    officer.refuse(0, Error.UNAVAILABLE, text)
    assert officer.notice == text


def test_no_officer_reads_the_citizens_sentence(officer: Officer) -> None:
    officer.desk.follow(Choice("x", leads=IssueTicket(service="LAND")))
    officer.refuse(0, Error.FULL, "Lĩnh vực này đã hết số. Mời quý vị liên hệ quầy hướng dẫn.")
    assert officer.notice == "Lĩnh vực này đã hết số hôm nay."


def test_help_is_answered_with_its_place_and_the_sheet_stays(officer: Officer, scene: Any) -> None:
    alarm = Alarm(kind=AlarmKind.HELP, at=scene.now, source="kiosk-1")
    officer.sees(scene.state(alarms=(alarm,)))
    officer.later(1)
    officer.press("more")
    officer.later(1)
    officer.press("alarm")
    assert officer.sent == [AnswerHelp(counter=3, place="kiosk-1")]
    assert officer.desk.sheet is not None


def test_a_late_person_is_called_by_one_press(officer: Officer, scene: Any) -> None:
    officer.desk.choose_tab(TicketState.ABSENT)
    officer.desk.call_late("T1011")
    assert officer.sent == []  # the list has just come under the finger
    officer.later(1)
    officer.desk.call_late("T1011")
    assert officer.sent == [ReturnToQueue(ticket="T1011")]
    officer.accept(0)
    officer.sees(scene.idle())
    officer.later(1)
    officer.desk.call_late("T1011")
    assert officer.sent[1] == CallTicket(counter=3, current=None, ticket="T1011")


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (Error.EMPTY, "Không còn ai chờ."),
        (Error.STALE, "Số ở quầy vừa thay đổi. Xin xem lại rồi bấm tiếp."),
        (Error.CONFLICT, "Số này đang ở quầy khác. Xin xem lại danh sách."),
        (Error.UNKNOWN, "Không tìm thấy trong hôm nay. Xin kiểm tra lại."),
        (Error.INVALID, "Nội dung chưa đúng. Xin kiểm tra rồi làm lại."),
        (Error.EXPIRED, "Lệnh đến quá chậm nên chưa làm. Xin bấm lại."),
        (Error.UNAVAILABLE, "Chưa gửi được. Xin bấm lại."),
        (Error.NOT_ALLOWED, "Lúc này chưa làm được việc đó. Xin xem lại số ở quầy."),
        (Error.TOO_SOON, "Số này đang được gọi. Xin chờ đọc xong."),
    ],
)
def test_refusals_are_one_calm_line(officer: Officer, error: Error, text: str) -> None:
    officer.press()
    officer.refuse(0, error)
    assert officer.notice == text
    assert officer.desk.view().buttons.primary.enabled


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (Error.FULL, "Lĩnh vực này đã hết số hôm nay."),
        (Error.CLOSED, "Lĩnh vực này đang ngoài giờ lấy số."),
    ],
)
def test_no_number_for_someone(officer: Officer, error: Error, text: str) -> None:
    officer.desk.follow(Choice("x", leads=IssueTicket(service="LAND")))
    officer.refuse(0, error)
    assert officer.notice == text


def test_a_line_goes_after_a_while_or_with_the_next_press(officer: Officer) -> None:
    officer.press()
    officer.refuse(0, Error.EMPTY)
    officer.later(7)
    officer.desk.tick()
    assert officer.notice
    officer.later(1)
    officer.desk.tick()
    assert not officer.notice
    officer.press()
    officer.refuse(1, Error.EMPTY)
    officer.later(1)
    officer.press()
    assert not officer.notice


def test_a_new_number_opens_in_full_size(officer: Officer, scene: Any) -> None:
    officer.desk.follow(Choice("x", leads=IssueTicket(service="LAND")))
    issued = IssuedTicket(
        ticket="T", number="5003", service="LAND", ticket_class=TicketClass.NORMAL,
        business_day="2026-11-23", ahead=2, wait_min=None, token="t", issued_at=scene.now,
    )  # fmt: skip
    officer.accept(0, **plain(issued))
    assert officer.desk.sheet is not None
    assert officer.desk.sheet.figure == "5003"
    officer.later(1)
    officer.desk.dismiss()
    assert officer.desk.view().sheet is None


def test_a_result_of_another_shape_is_survived(officer: Officer) -> None:
    officer.desk.follow(Choice("x", leads=IssueTicket(service="LAND")))
    officer.accept(0, surprise=1)
    assert officer.notice == "Đã cấp số. Xin xem trong danh sách."


def test_a_copy_is_confirmed_and_other_things_are_seen(officer: Officer) -> None:
    copy = ReprintTicket(ticket="T1017", print_on="kiosk-1")
    officer.desk.follow(Choice("x", leads=copy))
    officer.accept(0)
    assert officer.notice == "Đã gửi lệnh in lại phiếu."
    assert officer.desk.view().notice.good
    other = SetClass(ticket="T1017", ticket_class=TicketClass.NORMAL)
    officer.desk.follow(Choice("x", leads=other))
    officer.accept(1)
    assert officer.notice == ""


def test_a_number_is_typed(officer: Officer) -> None:
    officer.desk.call_number("  ")
    assert officer.sent == []
    officer.desk.call_number(" a005 ")
    command = officer.sent[0]
    assert isinstance(command, CallTicket)
    assert (command.number, command.current) == ("A005", "T1017")


@pytest.mark.parametrize("typed", ["08:15", "8h15", "0815", " 08.15 "])
def test_a_paper_is_taken_in_by_number_and_time(officer: Officer, typed: str) -> None:
    officer.desk.adopt_number(" 2005 ", typed)
    command = officer.sent[0]
    assert isinstance(command, AdoptTicket)
    assert (command.counter, command.number) == (3, "2005")
    assert f"{command.issued_at:%Y-%m-%d %H:%M %Z}" == "2026-11-23 01:15 UTC"
    officer.accept(0)
    assert officer.notice == "Đã nhận lại số 2005 vào đúng chỗ."
    assert officer.desk.view().notice.good


@pytest.mark.parametrize(
    ("number", "time"), [("", "08:15"), ("2005", ""), ("2005", "24:00"), ("2005", "8:75")]
)
def test_a_paper_needs_both(officer: Officer, number: str, time: str) -> None:
    officer.desk.adopt_number(number, time)
    assert officer.sent == []
    assert officer.notice == "Xin nhập cả số và giờ trên phiếu, ví dụ 08:15."


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (Error.INVALID, "Giờ này không khớp với số 2005. Xin xem lại phiếu."),
        (Error.CONFLICT, "Số 2005 đã có trong hàng."),
        (Error.NOT_ALLOWED, "Số 2005 không phải số bị mất của quầy này."),
    ],
)
def test_a_paper_that_cannot_be_is_told(officer: Officer, error: Error, text: str) -> None:
    officer.desk.adopt_number("2005", "08:15")
    officer.refuse(0, error)
    assert officer.notice == text


def test_a_sheet_closes_when_its_ticket_has_moved_on(officer: Officer, scene: Any) -> None:
    officer.desk.open_row("T1018")
    assert officer.desk.sheet is not None
    officer.sees(scene.state())
    assert officer.desk.sheet is not None
    officer.sees(scene.state(waiting=scene.waiting()[1:]))
    assert officer.desk.sheet is None


def test_choices_lead_on(officer: Officer) -> None:
    officer.press("more")
    assert officer.desk.sheet is not None
    inner = Sheet("x")
    officer.desk.follow(Choice("x", leads=inner))
    assert officer.desk.sheet is inner
    officer.desk.follow(NO_CHOICE)
    assert officer.desk.sheet is inner
    officer.press()
    assert officer.desk.sheet is None


def test_nothing_is_sent_without_a_link(officer: Officer, scene: Any) -> None:
    leads = officer.desk.view().buttons.primary
    officer.hears(scene.hall(linked=False, service_there=False, current=frozenset()))
    officer.desk.follow(leads)
    officer.desk.open_row("T1018")
    assert officer.desk.sheet is None
    officer.hears(scene.hall(service_there=False))
    officer.desk.follow(leads)
    officer.hears(scene.hall(current=frozenset()))
    officer.desk.follow(leads)
    assert officer.sent == []
    officer.hears(scene.hall())
    officer.desk.follow(leads)
    assert len(officer.sent) == 1


def test_an_unknown_row_opens_nothing(officer: Officer) -> None:
    officer.desk.open_row("gone")
    assert officer.desk.sheet is None


def test_another_list_is_shown(officer: Officer) -> None:
    officer.desk.choose_tab(TicketState.ABSENT)
    assert [row.number for row in officer.desk.view().rows] == ["1011"]


def test_a_message_is_typed_within_its_bounds(officer: Officer) -> None:
    officer.desk.send_text("   ")
    officer.desk.send_text("  Quầy   3 hết giấy in ")
    assert officer.sent == [TellManagers(counter=3, text="Quầy 3 hết giấy in")]
    officer.accept(0)
    assert officer.notice == "Đã gửi quản lý."
    officer.later(2)
    officer.desk.send_text("x" * 500)
    officer.refuse(1, Error.TOO_FAST)
    assert officer.sent[1] == TellManagers(counter=3, text="x" * 120)
    assert officer.notice == "Vừa gửi nhiều lần liên tiếp. Xin chờ ít phút."
