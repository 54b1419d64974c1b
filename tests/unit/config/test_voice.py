"""When the hall is quiet and how loud it is otherwise, and who speaks for which counter."""

import datetime as dt

import msgspec
import pytest

from config import load_centre
from config.settings import KnownDevice, Role, VoiceHours, VolumeHours

HOURS = VoiceHours(
    quiet=("11:30-13:30", "17:00-18:00"),
    volumes=(
        VolumeHours(hours="07:00-08:00", volume=0.6),
        VolumeHours(hours="16:00-17:00", volume=0.8),
    ),
)


@pytest.mark.parametrize(
    ("at", "quiet"),
    [("11:29", False), ("11:30", True), ("13:29", True), ("13:30", False), ("17:30", True)],
)
def test_quiet_hours_begin_and_end_on_the_minute(at: str, quiet: bool) -> None:
    assert HOURS.is_quiet(dt.time.fromisoformat(at)) is quiet


@pytest.mark.parametrize(
    ("at", "volume"), [("06:59", 1.0), ("07:00", 0.6), ("08:00", 1.0), ("16:30", 0.8)]
)
def test_the_volume_follows_the_day(at: str, volume: float) -> None:
    assert HOURS.volume_at(dt.time.fromisoformat(at)) == volume


def test_a_centre_that_says_nothing_is_always_at_full_volume() -> None:
    voice = load_centre().voice
    assert not voice.is_quiet(dt.time(12))
    assert voice.volume_at(dt.time(12)) == 1.0


def test_the_first_listed_announcer_of_a_counter_speaks_and_the_next_stand_by() -> None:
    devices = tuple(
        KnownDevice(id=name, role=Role.ANNOUNCER, counters=counters)
        for name, counters in (("hall", (1, 2)), ("hall-spare", (2,)), ("everywhere", ()))
    )
    centre = msgspec.structs.replace(load_centre(), devices=devices)
    speakers = {
        number: [known.id for known in centre.announcers_of(number)] for number in (1, 2, 3)
    }
    assert speakers == {
        1: ["hall", "everywhere"],
        2: ["hall", "hall-spare", "everywhere"],
        3: ["everywhere"],
    }
