from datetime import date, datetime

import msgspec

from config import load_centre
from config.settings import Window
from hall.citizen.offering import (
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


def test_the_next_opening_skips_closed_days() -> None:
    civil = CENTRE.service("CIVIL")
    assert next_opening(CENTRE, civil, at("12:00")) == at("13:00")
    assert next_opening(CENTRE, civil, at("17:30", 27)) == at("07:00", 30)


def test_own_issue_hours_are_taken_as_they_stand() -> None:
    own = msgspec.structs.replace(CENTRE.service("TAX"), issue=("08:00-10:00",))
    assert next_opening(CENTRE, own, at("10:00")) == at("08:00", 24)


def test_a_centre_may_never_open() -> None:
    civil = CENTRE.service("CIVIL")
    never = msgspec.structs.replace(CENTRE.hours, mon=(), tue=(), wed=(), thu=(), fri=())
    assert next_opening(msgspec.structs.replace(CENTRE, hours=never), civil, at("09:00")) is None
