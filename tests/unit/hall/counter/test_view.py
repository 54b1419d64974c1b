# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from datetime import timedelta
from typing import Any

import pytest

from bus import states
from bus.commands import (
    CallNext,
    CallTicket,
    EndOutage,
    Finish,
    MarkAbsent,
    OpenCounter,
    Park,
    Recall,
    ReturnToQueue,
    StartServing,
    Undo,
)
from bus.states import Undoable
from bus.vocabulary import CounterStatus, CurrentTo, TicketClass, TicketState
from hall.counter.situation import NO_CHOICE, Choice, Menu, Situation
from hall.counter.view import Outage, present
from hall.model import HallState


def test_the_picture(scene: Any) -> None:
    view = present(scene.situation())
    assert view.header.counter == "Quầy 3"
    assert view.header.services == "Hộ tịch · Chứng thực"
    assert (view.current.number, view.current.service, view.current.chip) == (
        "1017",
        "Chứng thực",
        "Ưu tiên",
    )
    assert [(fact.text, fact.value) for fact in view.current.facts] == [
        ("Đã chờ", "11 phút"),
        ("Phục vụ", "3 phút"),
        ("Mời", "1 lần"),
    ]
    assert (view.current.mark, view.current.announced) == ("đã hiện, đã đọc", True)
    assert [tab.text for tab in view.tabs] == ["Đang chờ 11", "Chờ ký 3", "Vắng 1"]
    assert [(row.number, row.waited, row.late) for row in view.rows[:2]] == [
        ("1018", "16 phút", True),
        ("2005", "9 phút", False),
    ]
    assert view.footer.figures == "14 lượt · bình quân 7 phút"
    assert view.undo == Choice("Hoàn tác: chờ ký 1016", leads=Undo(event="41"))
    assert view.buttons.question == "Tiếp theo 1018 · Chứng thực"
    assert view.buttons.second.note == "số 1017 quay lại sau khi ký"


def test_only_longer_than_the_target_is_late(scene: Any) -> None:
    state = scene.state(waiting=(scene.listed("1018", "CERT", 15.9),))
    assert not present(scene.situation(state)).rows[0].late
    state = scene.state(waiting=(scene.listed("1018", "CERT", 16),))
    assert present(scene.situation(state)).rows[0].late


def test_minutes_grow_with_the_clock(scene: Any) -> None:
    later = scene.now + timedelta(minutes=2)
    view = present(scene.situation(now=later))
    assert view.current.facts[0].value == "11 phút"
    assert view.current.facts[1].value == "5 phút"
    assert view.rows[0].waited == "18 phút"


def test_a_clock_that_is_behind_shows_no_negative_minutes(scene: Any) -> None:
    came = scene.current(state=TicketState.SERVING)
    view = present(scene.situation(scene.state(current=came), now=scene.ago(60)))
    assert view.current.facts[1].value == "0 phút"
    assert view.rows[0].waited == "0 phút"


def test_hours_are_written_as_hours(scene: Any) -> None:
    state = scene.state(waiting=(scene.listed("1018", "CERT", 125),))
    assert present(scene.situation(state)).rows[0].waited == "2 giờ 5 phút"


@pytest.mark.parametrize(
    ("shown", "spoken", "mark"),
    [
        (False, False, "đang gọi…"),
        (True, False, "đã hiện, đang đọc"),
        (False, True, "đã đọc, chưa hiện"),
    ],
)
def test_the_mark_tells_how_far_the_call_got(
    scene: Any, shown: bool, spoken: bool, mark: str
) -> None:
    state = scene.state(current=scene.current(shown=shown, spoken=spoken))
    current = present(scene.situation(state)).current
    assert (current.mark, current.announced) == (mark, False)


def test_while_a_call_is_made_only_the_next_one_waits(scene: Any) -> None:
    view = present(scene.situation(scene.state(current=scene.calling())))
    buttons = view.buttons
    assert buttons.question == "Đang mời số 1017 đến quầy 3"
    assert (buttons.primary.text, buttons.primary.enabled) == ("Đang gọi…", False)
    assert buttons.second == NO_CHOICE
    assert buttons.recall.leads == Recall(counter=3, ticket="T1017")
    assert buttons.park.leads == Park(counter=3, ticket="T1017")
    assert buttons.absent.leads == MarkAbsent(counter=3, ticket="T1017")
    assert view.current.arrived.leads == StartServing(counter=3, ticket="T1017")
    assert [fact.text for fact in view.current.facts] == ["Đã chờ", "Mời"]


def test_once_announced_the_officer_says_what_became_of_the_person(scene: Any) -> None:
    buttons = present(scene.situation(scene.state(current=scene.choosing()))).buttons
    assert (buttons.question, buttons.answer) == (
        "Công dân số 1017 đã đến quầy chưa?",
        "còn 12 giây",
    )
    assert buttons.left == pytest.approx(12 / 20)
    assert (buttons.primary.text, buttons.second.text) == (
        "Đã xong – gọi tiếp",
        "Vắng mặt – gọi tiếp",
    )
    assert buttons.primary.leads == call_next("T1017")
    assert buttons.second.leads == call_next("T1017", CurrentTo.ABSENT)


def test_after_the_choice_and_once_arrived_there_is_one_big_button(scene: Any) -> None:
    late = scene.now + timedelta(seconds=12)
    came = scene.choosing(state=TicketState.SERVING)
    for situation in (
        scene.situation(scene.state(current=scene.choosing()), now=late),
        scene.situation(scene.state(current=came)),
    ):
        buttons = present(situation).buttons
        assert (buttons.primary.text, buttons.primary.note) == ("Xong – gọi tiếp", "F9")
        assert buttons.primary.leads == call_next("T1017")
        assert buttons.second.leads == call_next("T1017", CurrentTo.PARK)
        assert (buttons.answer, buttons.left) == ("", 0.0)
    assert present(scene.situation(scene.state(current=came))).current.arrived == NO_CHOICE


def test_a_call_that_nobody_announces_does_not_lock_the_counter(scene: Any) -> None:
    current = scene.calling(called_at=scene.ago(1))
    legal = scene.state().legal
    buttons = present(scene.situation(scene.state(current=current, legal=legal))).buttons
    assert buttons.primary.leads == call_next("T1017")


@pytest.mark.parametrize("name", ["recall", "park", "mark_absent", "call_next.finish", "transfer"])
def test_what_the_service_would_refuse_cannot_be_pressed(scene: Any, name: str) -> None:
    state = scene.state()
    without = scene.state(legal=tuple(each for each in state.legal if each != name))
    button = {
        "recall": "recall",
        "park": "park",
        "mark_absent": "absent",
        "call_next.finish": "primary",
        "transfer": "transfer",
    }[name]
    legal = present(scene.situation(state)).buttons
    refused = present(scene.situation(without)).buttons
    assert getattr(legal, button).enabled
    assert getattr(refused, button).leads != getattr(legal, button).leads


def test_idle_offers_the_next_number(scene: Any) -> None:
    view = present(scene.situation(scene.idle()))
    assert (view.current.headline, view.current.detail) == (
        "Sẵn sàng",
        "Tiếp theo 1018 · Chứng thực",
    )
    assert view.buttons.primary.text == "Gọi số tiếp theo"
    assert view.buttons.primary.leads == call_next(None)
    assert not view.buttons.second.enabled


def test_idle_with_nobody_waiting(scene: Any) -> None:
    view = present(scene.situation(scene.idle(waiting=(), waiting_total=0)))
    assert view.current.detail == "Chưa có người chờ"
    assert not view.buttons.primary.enabled
    assert view.below == "Chưa có người chờ"


def test_a_last_person_can_still_be_finished(scene: Any) -> None:
    last = scene.state(waiting=(), waiting_total=0)
    without = tuple(each for each in last.legal if not each.startswith("call_next"))
    last = scene.state(waiting=(), waiting_total=0, legal=without)
    buttons = present(scene.situation(last)).buttons
    assert (buttons.primary.text, buttons.primary.note) == ("Xong", "F9 · chưa có người chờ")
    assert buttons.primary.leads == Finish(counter=3, ticket="T1017")
    assert (buttons.second.text, buttons.second.leads) == (
        "Chờ ký",
        Park(counter=3, ticket="T1017"),
    )


def test_closed_with_nobody_waiting_can_be_opened(scene: Any) -> None:
    state = scene.idle(status=CounterStatus.CLOSED, waiting=(), waiting_total=0)
    view = present(scene.situation(state))
    assert view.current.headline == "Quầy đang đóng"
    assert view.buttons.primary.leads == OpenCounter(counter=3)
    assert view.header.presence.leads == OpenCounter(counter=3)


def test_paused_says_why_and_until_when(scene: Any) -> None:
    state = scene.state(status=CounterStatus.PAUSED, reason="Họp", until=scene.ago(-30))
    view = present(scene.situation(state))
    assert view.current.detail == "Họp · tiếp tục từ 08:54"
    assert view.header.presence.text == "Mở quầy"
    state = scene.idle(status=CounterStatus.PAUSED, reason="Họp")
    assert present(scene.situation(state, lang="en")).current.detail == "In a meeting"


def test_long_lists_say_how_many_more(scene: Any) -> None:
    assert present(scene.situation(scene.state(waiting_total=61))).below == "và 50 người nữa"


@pytest.mark.parametrize(
    ("tab", "text"),
    [(TicketState.PARKED, "Không có số nào chờ ký"), (TicketState.ABSENT, "Không có số nào vắng")],
)
def test_empty_lists_say_so(scene: Any, tab: TicketState, text: str) -> None:
    state = scene.state(parked=(), absent=())
    assert present(scene.situation(state, tab=tab)).below == text


def test_rows_say_class_and_counter(scene: Any) -> None:
    row = scene.listed("1030", "CERT", 1, ticket_class=TicketClass.APPOINTMENT, to_counter=3)
    shown = present(scene.situation(scene.state(waiting=(row,)))).rows[0]
    assert (shown.service, shown.chip) == ("Chứng thực · đến quầy 3", "Có hẹn")


def test_trouble_elsewhere_is_reported_by_a_button_and_recorded_on_a_strip(scene: Any) -> None:
    outage = present(scene.situation()).outage
    assert outage == Outage(Choice("Báo hệ thống chậm…", leads=Menu.OUTAGE))
    internet = states.Outage(system="Đường truyền Internet", since=scene.ago(14))
    outage = present(scene.situation(scene.state(outages=(internet,)))).outage
    assert outage.report == Choice("Báo hệ thống chậm…", leads=Menu.OUTAGE)
    assert outage.recording == "Đang ghi nhận: chậm từ 08:10"
    assert outage.end == Choice("Kết thúc", leads=EndOutage(system="Đường truyền Internet"))
    two = (internet, states.Outage(system="Hệ thống bộ, ngành", since=scene.ago(3)))
    outage = present(scene.situation(scene.state(outages=two))).outage
    assert outage.recording == "Đang ghi nhận: 2 hệ thống chậm từ 08:10"
    assert outage.end.leads is Menu.OUTAGE


def test_a_late_person_is_called_by_one_press(scene: Any) -> None:
    idle = present(scene.situation(scene.idle(), tab=TicketState.ABSENT)).rows[0]
    call = CallTicket(counter=3, current=None, ticket="T1011")
    assert idle.call == Choice("Gọi lại", leads=call)
    busy = present(scene.situation(tab=TicketState.ABSENT)).rows[0]
    assert busy.call == Choice("Gọi kế tiếp", leads=ReturnToQueue(ticket="T1011"))
    assert present(scene.situation()).rows[0].call == NO_CHOICE


def test_without_a_link_nothing_can_be_pressed(scene: Any) -> None:
    for gone in ({"linked": False, "service_there": False}, {"service_there": False}):
        view = present(scene.situation(**gone))
        assert view.header.lost in ("Mất kết nối", "Máy chủ chưa trả lời")
        buttons = view.buttons
        choices = (
            buttons.primary,
            buttons.second,
            buttons.recall,
            buttons.absent,
            buttons.park,
            buttons.transfer,
            buttons.more,
            view.header.presence,
            view.outage.report,
            view.undo,
            view.current.arrived,
        )
        assert not any(choice.enabled for choice in choices)
        assert (view.footer.health.text, view.footer.health.good) == ("Kết nối: mất", False)


def test_before_any_state_there_is_a_quiet_window() -> None:
    view = present(Situation(counter=4, hall=HallState(linked=True)))
    assert view.header.counter == "Quầy 4"
    assert view.current.headline == "Đang chờ máy chủ…"
    assert view.rows == ()


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("park", "Hoàn tác: chờ ký 1017"),
        ("transfer", "Hoàn tác: chuyển 1017"),
        ("new", "Hoàn tác: 1017"),
    ],
)
def test_the_way_back_says_what_it_takes_back(scene: Any, kind: str, text: str) -> None:
    step = Undoable(event="41", takes_back=kind, numbers=("1017", "1018"))
    undo = present(scene.situation(scene.state(undoable=step))).undo
    assert undo == Choice(text, leads=Undo(event="41"))


def test_without_a_step_there_is_no_way_back(scene: Any) -> None:
    assert present(scene.situation(scene.state(undoable=None))).undo == Choice("Hoàn tác")


def call_next(current: str | None, to: CurrentTo = CurrentTo.FINISH) -> CallNext:
    return CallNext(counter=3, current=current, current_to=to)
