from datetime import date, datetime

import msgspec
import pytest

from config import Centre, load_centre
from config.settings import Window
from kiosk.opening import (
    gives_numbers,
    hours_words,
    moment_words,
    next_opening,
    windows_words,
)

CENTRE = load_centre()
ZONE = CENTRE.identity.zone


def at(text: str, day: int = 23) -> datetime:
    return datetime.fromisoformat(f"2026-11-{day}T{text}").replace(tzinfo=ZONE)


def test_hours_are_said_as_on_the_door() -> None:
    monday = date(2026, 11, 23)
    assert hours_words(CENTRE.hours, monday, "vi") == "Sáng 7:30–11:30, chiều 13:30–17:00"
    assert hours_words(CENTRE.hours, monday, "en") == "Morning 7:30–11:30, afternoon 13:30–17:00"


def test_a_closed_day_says_the_next_open_days_hours() -> None:
    saturday = date(2026, 11, 28)
    assert hours_words(CENTRE.hours, saturday, "vi").startswith("Sáng 7:30")
    never = msgspec.structs.replace(CENTRE.hours, mon=(), tue=(), wed=(), thu=(), fri=())
    assert hours_words(never, saturday, "vi") == ""
    assert windows_words((Window.parse("18:00-20:00"),), "vi") == "Tối 18:00–20:00"


def test_a_later_day_is_named() -> None:
    now = at("16:50")
    assert moment_words(at("13:30"), now, ZONE, "vi") == "13:30"
    assert moment_words(at("07:00", 24), now, ZONE, "vi") == "7:00 Thứ Ba, 24/11/2026"
    assert moment_words(at("07:00", 24), now, ZONE, "en") == "7:00 Tuesday, 24/11/2026"


@pytest.mark.parametrize(
    ("code", "time", "gives"),
    [
        ("CIVIL", "06:59", False),
        ("CIVIL", "07:00", True),
        ("CIVIL", "11:14", True),
        ("CIVIL", "11:15", False),
        ("CIVIL", "12:59", False),
        ("CIVIL", "13:00", True),
        ("CIVIL", "16:45", False),
        ("LAND", "11:00", False),
        ("CERT", "11:09", True),
    ],
)
def test_numbers_are_given_by_the_configured_hours(code: str, time: str, gives: bool) -> None:
    assert gives_numbers(CENTRE, CENTRE.service(code), at(time)) is gives


def test_the_next_opening_skips_closed_days() -> None:
    civil = CENTRE.service("CIVIL")
    assert next_opening(CENTRE, civil, at("12:00")) == at("13:00")
    assert next_opening(CENTRE, civil, at("17:30", 27)) == at("07:00", 30)


def test_own_issue_hours_are_taken_as_they_stand() -> None:
    own = msgspec.structs.replace(CENTRE.service("TAX"), issue=("08:00-10:00",))
    assert not gives_numbers(CENTRE, own, at("07:45"))
    assert gives_numbers(CENTRE, own, at("09:59"))
    assert next_opening(CENTRE, own, at("10:00")) == at("08:00", 24)


def test_the_demonstration_is_always_open_and_a_centre_may_never_be() -> None:
    civil = CENTRE.service("CIVIL")
    always: Centre = msgspec.structs.replace(
        CENTRE, hours=msgspec.structs.replace(CENTRE.hours, always_open=True)
    )
    assert gives_numbers(always, civil, at("03:00", 22))
    never = msgspec.structs.replace(CENTRE.hours, mon=(), tue=(), wed=(), thu=(), fri=())
    assert next_opening(msgspec.structs.replace(CENTRE, hours=never), civil, at("09:00")) is None
