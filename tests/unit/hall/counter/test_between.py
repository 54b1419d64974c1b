"""What a counter sees and says between people of the house."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bus.commands import AnswerColleague, CallColleague, ReadMessage, ReturnToQueue, TellManagers
from bus.states import Alarm, DeskMessage, StaffCall
from bus.vocabulary import AlarmKind, Colleague, CounterStatus, ReturnTo, TicketState
from hall.counter.sheets import menu_sheet
from hall.counter.situation import Menu
from hall.counter.ticket_sheets import find_subject, row_sheet
from hall.counter.view import present
from hall.words import Words

MAY = (*(f"call_colleague.{whom}" for whom in Colleague), "answer_colleague", "tell_managers")


def calls(scene: Any, whom: str = "guard") -> Alarm:
    return Alarm(kind=AlarmKind.COLLEAGUE, at=scene.now, source="5", detail=whom)


@pytest.mark.parametrize(
    ("whom", "text"),
    [
        ("colleague", "Quầy 5 cần đồng nghiệp đến giúp"),
        ("guard", "Quầy 5 cần bảo vệ"),
        ("supervisor", "Quầy 5 cần lãnh đạo"),
        ("one of a later version", "Quầy 5 cần người đến"),
    ],
)
def test_another_counter_calls_for_somebody(scene: Any, whom: str, text: str) -> None:
    state = scene.idle(alarms=(calls(scene, whom),), legal=MAY)
    banner = present(scene.situation(state)).alarm
    assert banner.text == text
    assert banner.choice.leads == AnswerColleague(calling=5, counter=3)
    assert banner.rings


def test_a_call_is_heard_every_half_minute_until_answered(scene: Any) -> None:
    at = scene.situation(scene.idle(alarms=(calls(scene),), legal=MAY))
    heard = [present(replace(at, now=at.now + timedelta(seconds=s))).sounds for s in (0, 29, 31)]
    assert heard[0] == heard[1]
    assert heard[2] > heard[1] > ""
    assert present(scene.situation(scene.idle())).sounds == ""


def test_the_own_call_makes_no_sound_and_can_be_taken_back(scene: Any) -> None:
    call = StaffCall(counter=3, whom=Colleague.GUARD, since=scene.now)
    view = present(scene.situation(scene.idle(staff_call=call, legal=MAY)))
    assert (view.alarm.text, view.sounds) == ("Đã gọi bảo vệ, chưa ai nhận", "")
    assert view.alarm.choice.leads == AnswerColleague(calling=3, counter=3)


def test_a_call_of_a_later_version_is_shown(scene: Any) -> None:
    call = StaffCall(counter=3, whom="medic", since=scene.now)
    view = present(scene.situation(scene.idle(staff_call=call, legal=MAY)))
    assert view.alarm.text == "Đã gọi người đến, chưa ai nhận"


@pytest.mark.parametrize(
    ("who", "text"), [(5, "Quầy 5 đang đến giúp"), (None, "Lãnh đạo đang đến")]
)
def test_who_comes_is_said(scene: Any, who: int | None, text: str) -> None:
    call = StaffCall(
        counter=3,
        whom=Colleague.GUARD,
        since=scene.now,
        answered_at=scene.now,
        answered_by=who,
    )
    assert present(scene.situation(scene.idle(staff_call=call))).alarm.text == text


def test_whom_to_call_stands_under_more(scene: Any) -> None:
    at = scene.situation(scene.idle(legal=MAY))
    more = menu_sheet(Menu.MORE, at)
    assert more is not None
    assert {Menu.COLLEAGUE, Menu.MESSAGES} <= {choice.leads for choice in more.choices}
    sheet = menu_sheet(Menu.COLLEAGUE, at)
    assert sheet is not None
    assert [choice.leads for choice in sheet.choices] == [
        CallColleague(counter=3, whom=whom) for whom in Colleague
    ]
    assert "không đọc loa" in sheet.note
    none = menu_sheet(Menu.MORE, scene.situation(scene.idle(legal=())))
    assert none is not None
    assert not {Menu.COLLEAGUE, Menu.MESSAGES} & {choice.leads for choice in none.choices}


def test_a_message_stands_there_until_it_was_read(scene: Any) -> None:
    message = DeskMessage(id="7", text="Họp lúc 11:30", at=scene.now)
    legal = (*MAY, "read_message")
    view = present(scene.situation(scene.idle(messages=(message,), legal=legal)))
    assert view.alarm.text == "Quản lý nhắn: Họp lúc 11:30"
    assert view.alarm.choice.leads == ReadMessage(counter=3, message="7")
    assert not view.alarm.rings, "it is no call for help"
    assert view.sounds
    read = DeskMessage(id="7", text="Họp lúc 11:30", at=scene.now, read_by=(3,))
    view = present(scene.situation(scene.idle(messages=(read,), legal=MAY)))
    assert (view.alarm.text, view.sounds) == ("", "")


def test_a_counter_answers_by_one_press_or_types(scene: Any) -> None:
    messages = (
        DeskMessage(id="7", text="Ai rảnh?", at=scene.ago(5)),
        DeskMessage(id="9", text="Quầy 3 rảnh", at=scene.now, counter=3),
    )
    at = scene.situation(scene.idle(messages=messages, legal=(*MAY, "read_message")))
    sheet = menu_sheet(Menu.MESSAGES, at)
    assert sheet is not None
    assert sheet.asks_text
    texts = [choice.text for choice in sheet.choices if choice.heading]
    assert [text.partition(" · ")[2] for text in texts[:2]] == [
        "Quản lý: Ai rảnh?",
        "Quầy 3: Quầy 3 rảnh",
    ]
    answers = [c.leads for c in sheet.choices if isinstance(c.leads, TellManagers)]
    assert {answer.answers for answer in answers} == {"7"}
    assert "không ghi tên" in sheet.note


def test_somebody_came_while_nobody_was_there(scene: Any) -> None:
    state = scene.idle(status=CounterStatus.OPEN, arrived=scene.now, waiting=scene.waiting()[:1])
    view = present(scene.situation(state))
    assert view.current.headline == "Có người đến"
    assert view.sounds == scene.now.isoformat()


def test_who_comes_back_too_late_goes_to_the_end(scene: Any) -> None:
    legal = ("call_ticket", "return_to_queue.place", "return_to_queue.end")
    late = scene.listed("1007", "CERT", 30, late=True)
    state = scene.idle(absent=(late, scene.listed("1009", "CERT", 3)), legal=legal)
    at = scene.situation(state, tab=TicketState.ABSENT)
    first, second = present(at).rows
    assert first.call.leads == ReturnToQueue(ticket=late.ticket, to=ReturnTo.END)
    assert second.call.text == "Gọi lại"
    subject = find_subject(at, late.ticket)
    assert subject is not None
    assert [choice.text for choice in row_sheet(at, subject).choices] == [
        "Còn hồ sơ – xếp cuối hàng"
    ]


def test_english(scene: Any) -> None:
    at = replace(scene.situation(scene.idle(alarms=(calls(scene),), legal=MAY)), t=Words("en"))
    assert present(at).alarm.text == "Counter 5 needs a guard"
