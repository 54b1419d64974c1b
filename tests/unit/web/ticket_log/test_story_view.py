"""A story in words: every kind of event, who did it, and how long it took."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from hall.model import HallState
from hall.words import Words
from wait_log.rows import CallAck, TicketRow
from wait_log.story import StoryEvent, TicketStory
from web.ticket_log.story_view import StoryStep, exact_duration, story_steps

VI, EN = Words("vi"), Words("en")
AT = datetime(2026, 11, 23, 1, 5, 12, tzinfo=UTC)


def _event(kind: str, after_s: float = 0, /, **more: Any) -> StoryEvent:  # noqa: ANN401
    own = {name: more.pop(name) for name in ("cause", "by", "acting", "device") if name in more}
    undone = more.pop("undone", False)
    if "takes_back" in more:
        more["cause"] = more.pop("takes_back")
    return StoryEvent(
        seq=1,
        at=AT + timedelta(seconds=after_s),
        kind=kind,
        cause=own.get("cause", ""),
        device=own.get("device", ""),
        by=own.get("by"),
        acting=own.get("acting"),
        step=1,
        data=more,
        undone=undone,
    )


def _steps(
    hall: HallState, *events: StoryEvent, heard: Mapping[int, CallAck] | None = None, t: Words = VI
) -> list[StoryStep]:
    nothing: dict[str, Any] = dict.fromkeys(field.name for field in fields(TicketRow))
    row = TicketRow(**nothing)
    return story_steps(hall, TicketStory(row, events, heard or {}), t)


def test_the_story_of_the_picture(hall_state: HallState) -> None:
    def us(after_s: float) -> int:
        return int((AT + timedelta(seconds=after_s)).timestamp() * 1_000_000)

    steps = _steps(
        hall_state,
        _event(
            "ticket_issued", device="kiosk-1", issued_at=AT.isoformat(), ticket_class="priority"
        ),
        _event("print_reported", 2, device="kiosk-1", outcome="printed", copy=False),
        _event("ticket_called", 688, cause="call_next", acting=3, counter=3, call_seq=7),
        _event("call_announced", 700, counter=3, call_seq=7),
        _event("ticket_recalled", 720, acting=3, counter=3, call_seq=8, repeat=1),
        _event("serving_started", 757, acting=3, counter=3),
        _event("ticket_finished", 893, cause="call_next", acting=3, counter=3),
        heard={7: CallAck(7, shown_us=us(688.14), spoken_us=us(698)), 8: CallAck(8)},
    )
    told = [(step.time, step.after, step.words, step.details) for step in steps]
    assert told == [
        ("08:05:12", "", "Lấy số ở máy lấy số", ("diện ưu tiên",)),
        ("08:05:14", "+0:02", "Đã in phiếu", ()),
        ("08:16:40", "+11:26", "Mời đến quầy 3", ("chờ 11 phút 28 giây",)),
        ("08:17:12", "+0:32", "Mời lại đến quầy 3, lần 2", ()),
        ("08:17:49", "+0:37", "Công dân đã đến quầy 3", ("sau khi mời 37 giây",)),
        ("08:20:05", "+2:16", "Xong", ("phục vụ 2 phút 16 giây", "bấm gọi tiếp", "ở quầy 3")),
    ]
    assert [(mark.words, mark.detail) for mark in steps[2].marks] == [
        ("Đã hiện", "trên bảng sau 0,1 giây"),
        ("Đã đọc", "trên loa, xong lúc 08:16:50"),
    ]
    assert [step.state for step in steps][-1] == "good"


@pytest.mark.parametrize(
    ("shown", "details"),
    [
        (False, ("gọi đích danh số này",)),
        (True, ("gọi đích danh số này", "quầy 4, tài khoản hương")),
    ],
)
def test_an_account_is_named_only_where_the_site_says_so(
    hall_state: HallState, shown: bool, details: tuple[str, ...]
) -> None:
    assert hall_state.centre
    rules = msgspec.structs.replace(hall_state.centre.rules, show_accounts=shown)
    centre = msgspec.structs.replace(hall_state.centre, rules=rules)
    called = _event("ticket_called", cause="call_ticket", counter=4, by="hương", acting=4)
    corrected = _event("class_changed", by="hương", device="web", ticket_class="normal")
    steps = _steps(replace(hall_state, centre=centre), called, corrected)
    assert steps[0].details == details
    assert ("hương" in str(steps[1])) is shown


@pytest.mark.parametrize(
    ("event", "words", "detail"),
    [
        (_event("ticket_issued", device="counter-2", acting=2), "Lấy số ở máy quầy 2", "ở quầy 2"),
        (_event("ticket_issued", device="kiosk-1", offline_book=True), "máy lấy số", "sổ dự phòng"),
        (_event("ticket_issued", device="kiosk-1", provisional=True), "máy lấy số", "theo số"),
        (
            _event("ticket_issued", device="counter-2", provisional=True, roll_turn=0),
            "Số xé ở cuộn giấy",
            "không rõ lấy lúc nào",
        ),
        (_event("ticket_delivered", device="kiosk-1"), "gửi về số đã cấp", "cấp lúc 08:05:12"),
        (_event("print_requested", print_on="kiosk-1", copy=True), "Gửi lệnh in", "bản in lại"),
        (
            _event("print_reported", outcome="failed", reason="paper_out"),
            "Chưa in được",
            "Hết giấy",
        ),
        (_event("print_reported", outcome="unknown"), "Không rõ phiếu đã in hay chưa", ""),
        (_event("ticket_absent", cause="mark_absent", acting=4), "Vắng mặt", "bấm Vắng mặt"),
        (_event("ticket_absent", unclear=True), "Vắng mặt", "không có phím chọn"),
        (_event("ticket_parked", reason="chờ lãnh đạo", acting=4), "Chờ ký", "chờ lãnh đạo"),
        (_event("ticket_finished", day_closed=True), "Kết thúc khi hết ngày", ""),
        (_event("ticket_transferred", to_service="TAX"), "Chuyển sang Thuế", ""),
        (_event("ticket_transferred", to_service="TAX", to_counter=7), "đến quầy 7", "Thuế"),
        (_event("ticket_parked", reason="signature"), "Chờ ký", "Chờ ký, đóng dấu"),
        (_event("ticket_parked", remind_at=AT.isoformat()), "Chờ ký", "nhắc lúc 08:05:12"),
        (_event("ticket_parked", note="fee-paid"), "Chờ ký", "lời nhắn: Đã thu phí"),
        (_event("reminder_postponed", remind_at=AT.isoformat()), "nhắc lại lúc 08:05:12", ""),
        (_event("ticket_finished", outcome="result"), "Xong", "kết quả: Trả kết quả"),
        (_event("ticket_finished", outcome="long-gone"), "Xong", "kết quả: long-gone"),
        (_event("ticket_transferred", to_service="TAX", back_to=3), "Thuế", "về quầy 3"),
        (_event("ticket_transferred", to_service="TAX", note="complete"), "Thuế", "Hồ sơ đã đủ"),
        (
            _event("ticket_transferred", counter=6, to_service="TAX", to_counter=3, came_back=True),
            "Xong việc ở quầy 6, quay lại",
            "về quầy 3",
        ),
        (
            _event("ticket_transferred", to_service="TAX", came_back=True, outcome="guidance"),
            "quay lại",
            "kết quả: Hướng dẫn",
        ),
        (
            _event("ticket_transferred", to_service="TAX", came_back=True),
            "quay lại",
            "về hàng chờ Thuế",
        ),
        (_event("ticket_returned", to="place", note="complete"), "giữ chỗ cũ", "Hồ sơ đã đủ"),
        (_event("ticket_returned", to="place"), "Trở lại hàng chờ, giữ chỗ cũ", ""),
        (_event("ticket_returned", to="end"), "Còn hồ sơ – xếp cuối hàng", ""),
        (_event("class_set", to_class="priority"), "Đổi sang diện Ưu tiên", ""),
        (_event("counter_closed", released=["T"]), "Quầy đóng", ""),
        (_event("ticket_voided", reason="day_closed"), "Đã hủy số", "hết ngày"),
        (_event("ticket_voided", reason="superseded"), "Đã hủy số", "sổ dự phòng"),
        (_event("ticket_voided", cause="cancel_ticket"), "Đã hủy số", "người dân tự hủy"),
        (_event("ticket_voided", reason="lấy nhầm"), "Đã hủy số", "lấy nhầm"),
        (_event("step_undone", takes_back="call_next", acting=3), "Hoàn tác: gọi tiếp", "ở quầy 3"),
        (_event("step_undone", takes_back="something new"), "Hoàn tác: bước vừa làm", ""),
        (_event("call_unannounced", missing="shown, spoken"), "trên bảng, loa", ""),
        (
            _event("call_handed_over", speaker="announcer-2", instead_of="announcer-1"),
            "Loa 2 đọc thay Loa 1",
            "",
        ),
        (_event("drone_sent"), "Việc khác: drone_sent", ""),
        (_event("ticket_called", counter="three", call_seq=True), "Mời đến quầy 0", ""),
        (_event("ticket_issued", issued_at="not a time", device=""), "Lấy số ở", ""),
    ],
)
def test_every_kind_of_event_has_words(
    hall_state: HallState, event: StoryEvent, words: str, detail: str
) -> None:
    (step,) = _steps(hall_state, event)
    assert words in step.words
    assert detail in " · ".join(step.details)
    assert _steps(HallState(), event, t=EN)[0].words


def test_what_was_undone_and_skipped_is_marked(hall_state: HallState) -> None:
    called = _event("ticket_called", counter=2, call_seq=5, undone=True)
    (step,) = _steps(hall_state, called, heard={5: CallAck(5, skipped_us=1)})
    assert step.undone
    assert [mark.words for mark in step.marks] == ["Lượt gọi đã rút lại", "Loa bỏ qua lượt này"]


def test_a_second_leg_of_waiting_is_counted_from_its_beginning(hall_state: HallState) -> None:
    steps = _steps(
        hall_state,
        _event("ticket_issued", issued_at=AT.isoformat()),
        _event("ticket_called", 60, counter=2, call_seq=1),
        _event("ticket_transferred", 100, to_service="TAX"),
        _event("ticket_called", 165, counter=7, call_seq=2),
    )
    assert steps[1].details == ("chờ 1 phút 0 giây",)
    assert steps[3].details == ("chờ 1 phút 5 giây",)


@pytest.mark.parametrize(
    ("seconds", "vietnamese", "english"),
    [
        (None, "–", "–"),
        (-3, "0 giây", "0 s"),
        (59.4, "59 giây", "59 s"),
        (688, "11 phút 28 giây", "11 min 28 s"),
        (3 * 3600 + 125, "3 giờ 2 phút", "3 h 2 min"),
    ],
)
def test_durations(seconds: float | None, vietnamese: str, english: str) -> None:
    assert exact_duration(seconds, VI) == vietnamese
    assert exact_duration(seconds, EN) == english
