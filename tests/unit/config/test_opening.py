from datetime import datetime

import msgspec
import pytest

from config import load_centre
from config.opening import gives_numbers

CENTRE = load_centre()


def at(text: str, day: int = 23) -> datetime:
    return datetime.fromisoformat(f"2026-11-{day}T{text}").replace(tzinfo=CENTRE.identity.zone)


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


def test_own_issue_hours_are_taken_as_they_stand() -> None:
    own = msgspec.structs.replace(CENTRE.service("TAX"), issue=("08:00-10:00",))
    assert not gives_numbers(CENTRE, own, at("07:45"))
    assert gives_numbers(CENTRE, own, at("09:59"))


def test_the_demonstration_is_always_open() -> None:
    always = msgspec.structs.replace(CENTRE.hours, always_open=True)
    centre = msgspec.structs.replace(CENTRE, hours=always)
    assert gives_numbers(centre, CENTRE.service("CIVIL"), at("03:00", 22))
