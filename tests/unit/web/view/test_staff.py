"""Who calls for somebody and what was said, as managers see it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bus.states import DeskMessage, StaffCall, StaffState
from bus.vocabulary import Colleague
from hall.model import HallState
from hall.words import Words
from web.view.staff import call_strips, staff_view

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
VI = Words("vi")


def hall(state: HallState, *calls: StaffCall, said: tuple[DeskMessage, ...] = ()) -> HallState:
    return replace(state, staff=StaffState(epoch="E", rev=1, at=NOW, calls=calls, messages=said))


def test_a_call_stands_there_with_its_press_until_somebody_goes(hall_state: HallState) -> None:
    call = StaffCall(counter=5, whom=Colleague.GUARD, since=NOW)
    (strip,) = call_strips(hall(hall_state, call), VI)
    assert (strip.state, strip.words) == ("bad", "Quầy 5 cần bảo vệ")
    assert strip.detail == "08:24 · chưa ai nhận"
    assert strip.action is not None
    assert (strip.action.address, strip.action.value) == ("/today/answer-colleague", "5")
    went = StaffCall(counter=5, whom=Colleague.GUARD, since=NOW, answered_at=NOW, answered_by=2)
    (strip,) = call_strips(hall(hall_state, went), VI)
    assert (strip.state, strip.action) == ("warn", None)
    assert strip.detail == "08:24 · Quầy 2 đang đến"
    manager = StaffCall(counter=5, whom=Colleague.GUARD, since=NOW, answered_at=NOW)
    assert call_strips(hall(hall_state, manager), VI)[0].detail == "08:24 · Quản lý đang đến"
    assert call_strips(hall_state, VI) == []


def test_an_open_call_is_heard_every_half_minute(hall_state: HallState) -> None:
    call = StaffCall(counter=5, whom=Colleague.COLLEAGUE, since=NOW)
    calling = hall(hall_state, call)
    heard = [staff_view(calling, NOW + timedelta(seconds=s), VI).sounds for s in (0, 29, 30)]
    assert heard[0] == heard[1]
    assert heard[2] > heard[1] > ""
    assert staff_view(hall_state, NOW, VI).sounds == ""


def test_messages_with_who_has_not_read_them(hall_state: HallState) -> None:
    said = (
        DeskMessage(id="1", text="Họp lúc 11:30", at=NOW, to=(1, 2, 3), read_by=(2,)),
        DeskMessage(id="2", text="Vâng", at=NOW, counter=2, answers="1"),
        DeskMessage(id="3", text="Cảm ơn", at=NOW, to=(2,), read_by=(2,)),
    )
    view = staff_view(hall(hall_state, said=said), NOW, VI)
    assert [(row.who, row.text, row.read) for row in view.messages] == [
        ("Gửi quầy 2", "Cảm ơn", "mọi quầy đã đọc"),
        ("Quầy 2", "Vâng", ""),
        ("Gửi quầy 1, 2, 3", "Họp lúc 11:30", "1 đã đọc, chưa: 1, 3"),
    ]
    to_all = (DeskMessage(id="1", text="Họp", at=NOW),)
    (row,) = staff_view(hall(hall_state, said=to_all), NOW, VI).messages
    assert (row.who, row.read.startswith("0 đã đọc, chưa: 1, 2")) == ("Gửi mọi quầy", True)
