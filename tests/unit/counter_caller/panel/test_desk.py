# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from datetime import timedelta
from typing import Any

import pytest

from bus.codec import plain
from bus.commands import (
    AnyCommand,
    CallNext,
    CallTicket,
    IssuedTicket,
    Recall,
    Reply,
)
from bus.states import BoardState
from bus.vocabulary import CurrentTo, Error, TicketClass, TicketState
from hall.counter.choices import NO_CHOICE, Choice, Sheet
from hall.counter.desk import Desk
from hall.counter.intents import issue_ticket, reprint_ticket, set_class


class Officer:
    """A desk without a bus: what it sent, and clocks to move."""

    def __init__(self, scene: Any) -> None:
        self.sent: list[AnyCommand] = []
        self.now = scene.now
        self.seconds = 0.0
        self.hand = 0.0
        self.desk = Desk(
            3,
            self.sent.append,
            now=lambda: self.now,
            elapsed_s=lambda: self.seconds,
            hand_s=lambda: self.hand,
            new_id=lambda: f"id-{len(self.sent) + 1}",
        )
        self.desk.take_link(up=True)
        self.desk.take_centre(scene.centre)
        self.desk.take_state(scene.state())

    def press(self, button: str = "primary") -> None:
        self.desk.press(getattr(self.desk.view().buttons, button))

    def later(self, seconds: float) -> None:
        self.hand += seconds
        self.seconds += seconds
        self.now += timedelta(seconds=seconds)

    def accept(self, command: AnyCommand, **result: Any) -> None:
        self.desk.take_reply(Reply(id=command.id, ok=True, rev=1, result=result))

    def refuse(self, command: AnyCommand, error: Error) -> None:
        self.desk.take_reply(Reply(id=command.id, ok=False, error=error))

    @property
    def notice(self) -> str:
        return self.desk.view().notice.text


@pytest.fixture
def officer(scene: Any) -> Officer:
    return Officer(scene)


def test_next_carries_the_ticket_that_is_shown(officer: Officer) -> None:
    officer.press()
    assert officer.sent == [CallNext(id="id-1", ts=officer.now, counter=3, current="T1017")]
    officer.accept(officer.sent[0])
    officer.later(5)
    officer.press("second")
    command = officer.sent[1]
    assert isinstance(command, CallNext)
    assert command.current_to is CurrentTo.PARK


def test_while_it_is_under_way_nothing_else_touches_the_ticket(officer: Officer) -> None:
    officer.press()
    officer.later(5)
    for button in ("primary", "second", "absent", "transfer"):
        assert not getattr(officer.desk.view().buttons, button).enabled
        officer.press(button)
    assert len(officer.sent) == 1
    officer.press("recall")
    assert isinstance(officer.sent[1], Recall)
    officer.accept(officer.sent[0])
    assert officer.desk.view().buttons.primary.enabled
    assert not officer.desk.view().buttons.recall.enabled


def test_a_double_click_is_one_press(officer: Officer) -> None:
    officer.press()
    officer.accept(officer.sent[0])
    officer.later(0.3)
    officer.press()
    assert len(officer.sent) == 1
    officer.later(0.6)
    officer.press()
    assert len(officer.sent) == 2


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
        (Error.FULL, "Lúc này chưa làm được việc đó. Xin xem lại số ở quầy."),
    ],
)
def test_refusals_are_one_calm_line(officer: Officer, error: Error, text: str) -> None:
    officer.press()
    officer.refuse(officer.sent[0], error)
    assert officer.notice == text
    assert officer.desk.view().buttons.primary.enabled


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (Error.FULL, "Việc này đã hết số hôm nay."),
        (Error.CLOSED, "Việc này đang ngoài giờ lấy số."),
    ],
)
def test_no_number_for_someone(officer: Officer, error: Error, text: str) -> None:
    intent = issue_ticket("LAND", TicketClass.NORMAL, None)
    officer.desk.press(Choice("x", leads=intent))
    officer.refuse(officer.sent[0], error)
    assert officer.notice == text


def test_a_line_goes_after_a_while_or_with_the_next_press(officer: Officer) -> None:
    officer.press()
    officer.refuse(officer.sent[0], Error.EMPTY)
    officer.later(7)
    officer.desk.tick()
    assert officer.notice
    officer.later(1)
    officer.desk.tick()
    assert not officer.notice
    officer.press()
    officer.refuse(officer.sent[1], Error.EMPTY)
    officer.later(1)
    officer.press()
    assert not officer.notice


def test_a_new_number_opens_in_full_size(officer: Officer, scene: Any) -> None:
    officer.desk.press(Choice("x", leads=issue_ticket("LAND", TicketClass.NORMAL, None)))
    issued = IssuedTicket(
        ticket="T", number="5003", service="LAND", ticket_class=TicketClass.NORMAL,
        business_day="2026-11-23", ahead=2, wait_min=None, token="t", issued_at=scene.now,
    )  # fmt: skip
    officer.accept(officer.sent[0], **plain(issued))
    assert officer.desk.sheet is not None
    assert officer.desk.sheet.figure == "5003"
    officer.desk.dismiss()
    assert officer.desk.view().sheet is None


def test_a_result_of_another_shape_is_survived(officer: Officer) -> None:
    officer.desk.press(Choice("x", leads=issue_ticket("LAND", TicketClass.NORMAL, None)))
    officer.accept(officer.sent[0], surprise=1)
    assert officer.notice == "Đã cấp số. Xin xem trong danh sách."


def test_a_copy_is_confirmed_and_other_things_are_seen(officer: Officer) -> None:
    officer.desk.press(Choice("x", leads=reprint_ticket("T1017", "kiosk-1")))
    officer.accept(officer.sent[0])
    assert officer.notice == "Đã gửi lệnh in lại phiếu."
    assert officer.desk.view().notice.good
    officer.desk.press(Choice("x", leads=set_class("T1017", TicketClass.NORMAL)))
    officer.accept(officer.sent[1])
    assert officer.notice == ""


def test_strange_replies_mean_nothing(officer: Officer) -> None:
    officer.desk.take_reply(Reply(id="another", ok=False, error=Error.EMPTY))
    assert officer.notice == ""


def test_a_number_is_typed(officer: Officer) -> None:
    officer.desk.call_number("  ")
    assert officer.sent == []
    officer.desk.call_number(" a005 ")
    command = officer.sent[0]
    assert isinstance(command, CallTicket)
    assert (command.number, command.current) == ("A005", "T1017")


def test_a_sheet_closes_when_its_ticket_has_moved_on(officer: Officer, scene: Any) -> None:
    officer.desk.open_row("T1018")
    assert officer.desk.sheet is not None
    officer.desk.take_state(scene.state())
    assert officer.desk.sheet is not None
    officer.desk.take_state(scene.state(waiting=scene.waiting()[1:]))
    assert officer.desk.sheet is None


def test_choices_lead_on(officer: Officer) -> None:
    officer.press("more")
    assert officer.desk.sheet is not None
    inner = Sheet("x")
    officer.desk.press(Choice("x", leads=inner))
    assert officer.desk.sheet is inner
    officer.desk.press(NO_CHOICE)
    assert officer.desk.sheet is inner
    officer.press()
    assert officer.desk.sheet is None


def test_nothing_is_sent_without_a_link(officer: Officer, scene: Any) -> None:
    leads = officer.desk.view().buttons.primary
    officer.desk.take_link(up=False)
    officer.desk.press(leads)
    officer.desk.open_row("T1018")
    assert officer.desk.sheet is None
    officer.desk.take_link(up=True)
    officer.desk.take_status("service", scene.online("service", online=False))
    officer.desk.press(leads)
    assert officer.sent == []
    officer.desk.take_status("service", scene.online("service"))
    officer.desk.take_status("kiosk-1", scene.online("kiosk", online=False))
    officer.desk.press(leads)
    assert len(officer.sent) == 1


def test_an_unknown_row_opens_nothing(officer: Officer) -> None:
    officer.desk.open_row("gone")
    assert officer.desk.sheet is None


def test_tabs_and_the_hall(officer: Officer, scene: Any) -> None:
    officer.desk.choose_tab(TicketState.ABSENT)
    assert [row.number for row in officer.desk.view().rows] == ["1011"]
    board = BoardState(epoch="E", rev=1, at=scene.now)
    officer.desk.take_board(board)
    assert officer.desk.situation.board is board
