from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from hall.words import Words

VI, EN = Words("vi"), Words("en")


def test_an_unknown_language_is_vietnamese() -> None:
    assert Words("fr").lang == "vi"
    assert Words("fr")("Hôm nay") == "Hôm nay"
    assert EN("Hôm nay") == "Today"


@pytest.mark.parametrize(
    ("seconds", "text"), [(None, "–"), (0, "0:00"), (59.6, "1:00"), (581, "9:41"), (4503, "75:03")]
)
def test_duration(seconds: float | None, text: str) -> None:
    assert VI.duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "–"), (29.9, "dưới 1 phút"), (30, "1 phút"), (89.9, "1 phút"), (90, "2 phút")],
)
def test_minutes(seconds: float | None, text: str) -> None:
    assert VI.minutes(seconds) == text


def test_minutes_range() -> None:
    assert VI.minutes_range((5, 10)) == "5–10 phút"
    assert EN.minutes_range((5, 5)) == "5 min"
    assert VI.minutes_range((0, 5)) == "dưới 5 phút"
    assert VI.minutes_range((0, 0)) == "0 phút"
    assert VI.minutes_range(None) == "–"


def test_decimals_have_the_comma_or_the_point_of_the_language() -> None:
    assert Words("vi").decimal(3314.55) == "3.314,6"
    assert Words("en").decimal(3314.55, 2) == "3,314.55"
    assert Words("vi").decimal(-0.5) == "-0,5"


def test_counts_and_days() -> None:
    assert (VI.count(3314), EN.count(3314)) == ("3.314", "3,314")
    monday, hanoi = datetime(2026, 11, 23, 1, 24, tzinfo=UTC), ZoneInfo("Asia/Ho_Chi_Minh")
    assert VI.date(monday, hanoi) == "Thứ Hai, 23/11/2026"
    assert EN.date(monday, hanoi) == "Monday, 23/11/2026"
    assert EN.time(monday, hanoi) == "08:24"
