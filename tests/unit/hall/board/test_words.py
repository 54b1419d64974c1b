from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from bus.states import (
    BoardCounter,
    BoardState,
    Call,
    Missed,
    Notice,
    Outage,
    Today,
)
from bus.vocabulary import CounterStatus, Language, TicketClass
from config import Centre
from hall.board import words
from hall.words import Words

T = Words()

MakeCall = Callable[..., Call]
MakeCounter = Callable[..., BoardCounter]
MakeBoard = Callable[..., BoardState]


def test_a_repeated_and_a_withdrawn_call_say_so(call: MakeCall) -> None:
    assert words.heading(call(1), T) == "Mời số"
    assert words.heading(call(1, repeat=1), T) == "Xin nhắc lại, mời số"
    assert words.heading(call(1, repeat=1, withdrawn=True), T) == "Đã hủy lượt gọi"


def test_the_english_line_is_for_english_tickets_that_still_count(call: MakeCall) -> None:
    assert words.second_line(call(1)) == ""
    english = call(1, "2005", 4, lang=Language.ENGLISH)
    assert words.second_line(english) == "Number 2005, please go to counter 4"
    assert words.second_line(replace(english, withdrawn=True)) == ""


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
    assert words.pause(resting, now, centre.identity.zone, T) == text


def _with_head_starts(centre: Centre, *, priority: int, appointment: int) -> Centre:
    classes = replace(
        centre.classes,
        normal=replace(centre.classes.normal, head_start_min=5),
        priority=replace(centre.classes.priority, head_start_min=priority),
        appointment=replace(centre.classes.appointment, head_start_min=appointment),
    )
    return replace(centre, classes=classes)


@pytest.mark.parametrize(
    ("priority", "appointment", "rule"),
    [
        (
            50,
            20,
            (
                "Người thuộc diện ưu tiên được xếp như đến trước 45 phút",
                "Người đặt lịch hẹn được xếp như đến trước giờ hẹn 15 phút",
            ),
        ),
        (
            5,
            5,
            (
                "Quý vị lấy số trước được mời trước",
                "Người đặt lịch hẹn được xếp như đến đúng giờ hẹn",
            ),
        ),
        (
            5,
            0,
            (
                "Quý vị lấy số trước được mời trước",
                "Người đặt lịch hẹn được xếp như đến sau giờ hẹn 5 phút",
            ),
        ),
    ],
)
def test_the_rule_is_told_from_the_configuration(
    *,
    centre: Centre,
    board: MakeBoard,
    call: MakeCall,
    now: datetime,
    priority: int,
    appointment: int,
    rule: tuple[str, ...],
) -> None:
    configured = _with_head_starts(centre, priority=priority, appointment=appointment)
    appointed = board(calls=(call(1, ticket_class=TicketClass.APPOINTMENT),))
    assert words.sentences(configured, appointed, (), now, T)[:2] == rule


def test_only_rules_that_can_apply_are_told(
    centre: Centre, board: MakeBoard, counter: MakeCounter, now: datetime
) -> None:
    def told(state: BoardState | None) -> str:
        return " ".join(words.sentences(centre, state, (), now, T))

    for nobody in (None, board()):
        assert "lịch hẹn" not in told(nobody)
        assert "Lỡ lượt" not in told(nobody)
    appointed = counter(2, "2005", ticket_class=TicketClass.APPOINTMENT)
    assert "lịch hẹn" in told(board(counters=(appointed,)))
    missed = board(missed=Missed(numbers=("1002",), total=1))
    assert "Lỡ lượt, mời quý vị báo cán bộ" in told(missed)


@pytest.mark.parametrize(
    ("wait_min", "served", "text"),
    [
        ((5, 10), True, "khoảng 5–10 phút"),
        ((0, 5), True, "dưới 5 phút"),
        ((10, 10), True, "khoảng 10 phút"),
        (None, True, ""),
        ((0, 5), False, "Quầy chưa mở"),
    ],
)
def test_a_wait_is_a_range_and_unknown_where_no_counter_is_open(
    *, wait_min: tuple[int, int] | None, served: bool, text: str
) -> None:
    assert words.wait(wait_min, T, served=served) == text


@pytest.mark.parametrize(
    ("finished", "mean_wait_s", "text"),
    [
        (86, 431.0, "Hôm nay 86 lượt, chờ bình quân 7 phút"),
        (1, 59.9, "Hôm nay 1 lượt, chờ bình quân 1 phút"),
        (1, 0.0, "Hôm nay 1 lượt, chờ bình quân dưới 1 phút"),
        (3, None, "Hôm nay 3 lượt"),
        (0, 60.0, ""),
    ],
)
def test_the_day_is_told_in_figures(finished: int, mean_wait_s: float | None, text: str) -> None:
    today = Today(issued=finished + 9, finished=finished, mean_wait_s=mean_wait_s)
    assert words.figures(today, T) == text


def test_today_s_hours_are_told(centre: Centre, now: datetime) -> None:
    assert words.hours(centre, now, T) == "Giờ làm việc: sáng 7:30–11:30, chiều 13:30–17:00"
    assert words.hours(centre, now - timedelta(days=1), T) == ""
    always = replace(centre, hours=replace(centre.hours, always_open=True))
    assert words.hours(always, now, T) == ""


def test_the_rule_of_appointments_stands_where_somebody_is_expected(
    centre: Centre, board: MakeBoard, now: datetime
) -> None:
    def told(lang: str, *, expected: bool) -> str:
        state = board(appointments=expected)
        return " ".join(words.sentences(centre, state, (), now, Words(lang)))

    assert "Người đặt lịch hẹn được xếp như đến" in told("vi", expected=True)
    assert "appointment" in told("en", expected=True)
    assert "hẹn" not in told("vi", expected=False)
    assert "appointment" not in told("en", expected=False)


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
        today=Today(issued=90, finished=86, mean_wait_s=431.0),
    )
    own = (Notice(text="Chiều nay họp dân", until=later),)
    assert words.sentences(centre, state, own, now, T) == (
        "Hệ thống của thành phố đang chậm, mong quý vị thông cảm",
        "Mời nộp phí tại quầy 1",
        "Chiều nay họp dân",
        "Người thuộc diện ưu tiên được xếp như đến trước 30 phút",
        "Đường dây nóng 02203.822.666",
        "Hôm nay 86 lượt, chờ bình quân 7 phút",
    )


def test_a_hotline_that_the_marquee_does_not_name_is_added(centre: Centre, now: datetime) -> None:
    marquee = replace(centre.wording.marquee, vi="Chúc quý vị một ngày tốt lành")
    other = replace(centre, wording=replace(centre.wording, marquee=marquee))
    assert words.sentences(other, None, (), now, T)[-2:] == (
        "Chúc quý vị một ngày tốt lành",
        "Đường dây nóng 02203.822.666",
    )
