from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from bus.messages import BoardCounter, BoardState, Call, CounterStatus, Language, Notice, Outage
from config import Centre
from ui.board import words

MakeCall = Callable[..., Call]
MakeCounter = Callable[..., BoardCounter]
MakeBoard = Callable[..., BoardState]


def test_a_repeated_and_a_withdrawn_call_say_so(call: MakeCall) -> None:
    assert words.heading(call(1)) == "Mời số"
    assert words.heading(call(1, repeat=1)) == "Xin nhắc lại, mời số"
    assert words.heading(call(1, repeat=1, withdrawn=True)) == "Đã hủy lượt gọi"


def test_the_english_line_is_for_english_tickets_that_still_count(call: MakeCall) -> None:
    assert words.english(call(1)) == ""
    english = call(1, "2005", 4, lang=Language.ENGLISH)
    assert words.english(english) == "Number 2005, please go to counter 4"
    assert words.english(replace(english, withdrawn=True)) == ""


@pytest.mark.parametrize(
    ("reason", "until", "text"),
    [
        ("Trình ký", datetime(2026, 11, 23, 6, 30, tzinfo=UTC), "Tạm nghỉ\ntiếp tục từ 13:30"),
        ("Họp", datetime(2026, 11, 24, 1, tzinfo=UTC), "Tạm nghỉ\ntiếp tục từ 08:00 ngày 24/11"),
        ("Họp", datetime(2026, 11, 23, 1, tzinfo=UTC), "Tạm nghỉ\nHọp"),
        ("Tạm nghỉ", None, "Tạm nghỉ"),
        (None, None, "Tạm nghỉ"),
    ],
)
def test_a_pause_says_until_when_or_why(
    *,
    counter: MakeCounter,
    centre: Centre,
    now: datetime,
    reason: str | None,
    until: datetime | None,
    text: str,
) -> None:
    resting = counter(5, status=CounterStatus.PAUSED, reason=reason, until=until)
    assert words.pause(resting, now, centre.identity.zone) == text


def _with_head_start(centre: Centre, minutes: int) -> Centre:
    priority = replace(centre.classes.priority, head_start_min=minutes)
    return replace(centre, classes=replace(centre.classes, priority=priority))


def test_the_rule_is_told_from_the_configuration(centre: Centre) -> None:
    rule = "Người thuộc diện ưu tiên được tính như đến sớm hơn 45 phút"
    assert words.fairness(_with_head_start(centre, 45)) == rule
    assert words.fairness(_with_head_start(centre, 0)) == ""


def test_today_s_hours_are_told(centre: Centre, now: datetime) -> None:
    assert words.hours(centre, now) == "Giờ làm việc: sáng 7:30–11:30, chiều 13:30–17:00"
    assert words.hours(centre, now - timedelta(days=1)) == ""
    always = replace(centre, hours=replace(centre.hours, always_open=True))
    assert words.hours(always, now) == ""


def test_trouble_comes_before_notices_and_the_rule(
    centre: Centre, board: MakeBoard, now: datetime
) -> None:
    later, past = now + timedelta(minutes=5), now - timedelta(minutes=5)
    state = board(
        notices=(
            Notice(text="Mời nộp phí\ntại quầy 1.", until=later),
            Notice(text="Đã qua", until=past),
        ),
        outages=(Outage(system="Hệ thống của thành phố", since=past),),
    )
    own = (Notice(text="Chiều nay họp dân", until=later),)
    assert words.lines(centre, state, own, now) == (
        "Hệ thống của thành phố đang chậm, mong quý vị thông cảm",
        "Mời nộp phí tại quầy 1",
        "Chiều nay họp dân",
        "Người thuộc diện ưu tiên được tính như đến sớm hơn 30 phút",
        "Đường dây nóng 02203.822.666",
    )


def test_a_hotline_that_the_marquee_does_not_name_is_added(centre: Centre, now: datetime) -> None:
    marquee = replace(centre.wording.marquee, vi="Chúc quý vị một ngày tốt lành")
    other = replace(centre, wording=replace(centre.wording, marquee=marquee))
    assert words.lines(other, None, (), now)[-2:] == (
        "Chúc quý vị một ngày tốt lành",
        "Đường dây nóng 02203.822.666",
    )
