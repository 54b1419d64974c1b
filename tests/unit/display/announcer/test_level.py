"""How loud it is at an hour of the day."""

from datetime import UTC, datetime

import msgspec
import pytest

from config import Centre, load_centre
from config.settings import VoiceHours, VolumeHours
from display.announcer.level import Level

HOURS = VoiceHours(quiet=("11:30-13:30",), volumes=(VolumeHours(hours="07:00-08:00", volume=0.5),))


@pytest.fixture
def centre() -> Centre:
    return msgspec.structs.replace(load_centre(), voice=HOURS)


def at(utc: str) -> Level:
    moment = datetime.fromisoformat(f"2026-11-23T{utc}").replace(tzinfo=UTC)
    return Level(lambda: moment, managers=0.8)


@pytest.mark.parametrize(
    ("utc", "volume", "quiet"),
    [("00:30", 0.4, False), ("02:00", 0.8, False), ("05:00", 0.8, True), ("07:30", 0.8, False)],
)
def test_hours_are_those_of_the_hall(centre: Centre, utc: str, volume: float, quiet: bool) -> None:
    level = at(utc)
    level.follow(centre)
    assert (level.volume, level.quiet) == (volume, quiet)


def test_before_any_configuration_calls_are_spoken() -> None:
    assert (at("05:00").volume, at("05:00").quiet) == (0.8, False)


def test_hours_that_are_none_change_nothing(centre: Centre) -> None:
    level = at("05:00")
    level.follow(centre)
    with pytest.raises(ValueError, match="expected hours"):
        level.follow(msgspec.structs.replace(centre, voice=VoiceHours(quiet=("noon",))))
    assert level.quiet
