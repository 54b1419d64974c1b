"""Outcomes, ways back, reminders and notes as the officer meets them."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from datetime import timedelta
from typing import Any

import pytest

from bus.commands import (
    CallNext,
    CallTicket,
    Finish,
    Park,
    PostponeReminder,
    ReturnToQueue,
    Transfer,
)
from bus.states import Alarm
from bus.vocabulary import AlarmKind, CurrentTo, ReturnTo, TicketState
from hall.counter.alarms import alarm_banner
from hall.counter.desk import buttons_of
from hall.counter.moves import draft_sheet
from hall.counter.sheets import menu_sheet
from hall.counter.situation import Draft, Menu, Sheet
from hall.counter.view import present

FIVE = [
    "Tiếp nhận hồ sơ",
    "Trả kết quả",
    "Hướng dẫn",
    "Thiếu giấy tờ",
    "Không thuộc thẩm quyền",
]


def pressed(at: Any, sheet: Sheet | None, *texts: str) -> Any:
    """Return where pressing these lines one after the other leads."""
    leads: Any = sheet
    for text in texts:
        if isinstance(leads, Draft):
            leads = draft_sheet(leads, at)
        assert isinstance(leads, Sheet)
        leads = next(each.leads for each in leads.choices if each.text == text)
    return leads


def more(at: Any) -> Sheet:
    sheet = menu_sheet(Menu.MORE, at)
    assert sheet is not None
    return sheet


# Outcomes -------------------------------------------------------------------------------------


def test_one_press_ends_with_an_outcome_and_calls(scene: Any) -> None:
    view = present(scene.situation())
    assert view.buttons.ending == "Xong, ghi kết quả:"
    assert [choice.text for choice in view.buttons.outcomes] == FIVE
    assert view.buttons.outcomes[1].leads == CallNext(
        counter=3, current="T1017", current_to=CurrentTo.FINISH, outcome="result"
    )
    assert buttons_of(view)["outcome-1"] == view.buttons.outcomes[1]


def test_the_big_button_says_no_outcome(scene: Any) -> None:
    primary = present(scene.situation()).buttons.primary.leads
    assert isinstance(primary, CallNext)
    assert primary.outcome is None


def test_with_nobody_waiting_an_outcome_ends_alone(scene: Any) -> None:
    state = scene.state(waiting=(), waiting_total=0, legal=("finish",))
    choice = present(scene.situation(state)).buttons.outcomes[0]
    assert choice.leads == Finish(counter=3, ticket="T1017", outcome="received")


@pytest.mark.parametrize("which", ["idle", "calling"])
def test_outcomes_wait_for_somebody(scene: Any, which: str) -> None:
    state = scene.idle() if which == "idle" else scene.state(current=scene.calling())
    outcomes = present(scene.situation(state)).buttons.outcomes
    assert [choice.text for choice in outcomes] == FIVE
    assert not any(choice.enabled for choice in outcomes)


# A way back -----------------------------------------------------------------------------------


def test_more_to_do_elsewhere_and_back(scene: Any) -> None:
    at = scene.situation()
    sheet = draft_sheet(pressed(at, more(at), "Còn việc ở lĩnh vực khác…"), at)
    assert sheet is not None
    assert sheet.note == "Xong bên đó, số 1017 về lại quầy 3, đúng chỗ"
    sent = pressed(at, sheet, "Đất đai")
    assert sent == Transfer(counter=3, ticket="T1017", to_service="LAND", then_back=True)
    plain = pressed(at, sheet, "✓ Xong thì về lại quầy này", "Đất đai")
    assert plain == Transfer(counter=3, ticket="T1017", to_service="LAND")


def test_who_is_on_the_way_is_told_apart(scene: Any) -> None:
    state = scene.state(current=scene.current(back_to=5, note="fee-paid", note_from=5))
    at = scene.situation(state)
    view = present(at)
    assert view.current.remark == "Quầy 5 nhắn: Đã thu phí · Xong thì về quầy 5"
    assert view.buttons.primary.note == "F9 · số 1017 về quầy 5"
    texts = [choice.text for choice in more(at).choices]
    assert "Còn việc ở lĩnh vực khác…" not in texts


# Parking --------------------------------------------------------------------------------------


def test_parking_says_why_and_until_when(scene: Any) -> None:
    at = scene.situation()
    command = pressed(at, more(at), "Chờ, quay lại sau…", "Chờ ký, đóng dấu", "Sau 20 phút")
    assert command == Park(counter=3, ticket="T1017", reason="signature", remind_after_min=20)
    command = pressed(
        at,
        more(at),
        "Chờ, quay lại sau…",
        "Đi nộp phí, lệ phí",
        "Kèm lời nhắn…",
        "Đã thu phí",
        "Không nhắc",
    )
    assert command == Park(counter=3, ticket="T1017", reason="fee", note="fee-paid")


def test_the_button_parks_in_one_press(scene: Any) -> None:
    assert present(scene.situation()).buttons.park.leads == Park(counter=3, ticket="T1017")


def parked(scene: Any, **more_of: Any) -> Any:
    row = scene.listed("2001", "CIVIL", 24, reason="signature", **more_of)
    return scene.state(parked=(row,))


def test_a_parked_row_says_why(scene: Any) -> None:
    at = scene.situation(parked(scene, note="complete"), tab=TicketState.PARKED)
    assert present(at).rows[0].service.endswith(" · Chờ ký, đóng dấu")
    assert (
        present(scene.situation(parked(scene), "en", tab=TicketState.PARKED))
        .rows[0]
        .service.endswith(" · Signature and seal")
    )


def test_what_an_older_box_wrote_as_a_reason_is_shown(scene: Any) -> None:
    row = scene.listed("2001", "CIVIL", 24, reason="Chờ ký")
    at = scene.situation(scene.state(parked=(row,)), tab=TicketState.PARKED)
    assert present(at).rows[0].service.endswith(" · Chờ ký")


def test_a_reminder_is_answered_by_a_call_or_put_off(scene: Any) -> None:
    state = parked(scene, remind_at=scene.ago(1))
    alarm = Alarm(
        kind=AlarmKind.REMINDER,
        at=scene.ago(1),
        source="2001",
        detail="signature",
        ticket="T2001",
    )
    legal = (*state.legal, "postpone_reminder")
    at = scene.situation(scene.state(parked=state.parked, alarms=(alarm,), legal=legal))
    banner = alarm_banner(at)
    assert banner.text == "Đã đến giờ nhắc: số 2001 – chờ ký, đóng dấu"
    assert banner.rings
    sheet = banner.choice.leads
    assert isinstance(sheet, Sheet)
    assert pressed(at, sheet, "Gọi số này") == CallTicket(
        counter=3, current="T1017", ticket="T2001"
    )
    assert pressed(at, sheet, "Gọi kế tiếp") == ReturnToQueue(ticket="T2001", to=ReturnTo.PLACE)
    assert pressed(at, sheet, "Để sau 15 phút") == PostponeReminder(
        counter=3, ticket="T2001", remind_after_min=15
    )


def test_the_second_contact_says_how_long_the_person_was_away(scene: Any) -> None:
    state = scene.state(current=scene.current(parked_for_s=18 * 60.0))
    assert present(scene.situation(state)).current.facts[0].text == "Chờ ký"
    assert present(scene.situation(state)).current.facts[0].value == "18 phút"


# Notes ----------------------------------------------------------------------------------------


def test_a_note_goes_along_and_can_be_left_out_again(scene: Any) -> None:
    at = scene.situation()
    sheet = menu_sheet(Menu.TRANSFER, at)
    noted = pressed(at, sheet, "Kèm lời nhắn…", "Cần xem bản chính")
    assert pressed(at, draft_sheet(noted, at), "Quầy 2").note == "see-original"
    bare = pressed(
        at, draft_sheet(noted, at), "✓ Lời nhắn: Cần xem bản chính", "Không kèm lời nhắn"
    )
    assert pressed(at, draft_sheet(bare, at), "Quầy 2").note is None


def test_a_return_with_a_note(scene: Any) -> None:
    at = scene.situation()
    command = pressed(
        at,
        more(at),
        "Trả về hàng chờ, kèm lời nhắn…",
        "Hồ sơ đã đủ",
        "Còn hồ sơ – xếp cuối hàng",
    )
    assert command == ReturnToQueue(ticket="T1017", to=ReturnTo.END, note="complete")


def test_a_move_whose_ticket_has_gone_opens_nothing(scene: Any) -> None:
    at = scene.situation()
    draft = pressed(at, more(at), "Chờ, quay lại sau…")
    later = scene.situation(scene.idle(), now=scene.now + timedelta(seconds=5))
    assert draft_sheet(draft, later) is None


@pytest.mark.parametrize("text", ["Chờ, quay lại sau…", "Trả về hàng chờ, kèm lời nhắn…"])
def test_a_move_of_a_ticket_that_waits_again_opens_nothing(scene: Any, text: str) -> None:
    """Others were faster while the sheet was open: it is in a list now, and nothing is offered."""
    at = scene.situation()
    draft = pressed(at, more(at), text)
    waiting = (scene.listed("1017", "CERT", 1), *scene.waiting())
    assert draft_sheet(draft, scene.situation(scene.idle(waiting=waiting))) is None
