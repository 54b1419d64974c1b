"""How loud it is at an hour of the day."""

from datetime import UTC, datetime

import msgspec
import pytest
from msgspec.structs import replace

from config import Centre, Role, load_centre
from config.settings import KnownDevice, VoiceHours, VolumeHours
from display.announcer.terms import Level, counters_of, has_deputy

EAST = KnownDevice(id="announcer-1", role=Role.ANNOUNCER, counters=(1, 2, 3))
WEST = KnownDevice(id="announcer-2", role=Role.ANNOUNCER, counters=(4, 5, 6, 7, 8, 9))
DEPUTY = KnownDevice(id="announcer-3", role=Role.ANNOUNCER)


def centre_of(*devices: KnownDevice) -> Centre:
    return replace(load_centre(), devices=devices)


@pytest.mark.parametrize(
    ("devices", "device", "counters"),
    [
        ((DEPUTY,), "announcer-3", None),
        ((EAST, WEST, DEPUTY), "announcer-1", {1, 2, 3}),
        ((EAST, WEST, DEPUTY), "announcer-2", {4, 5, 6, 7, 8, 9}),
        ((EAST, WEST, DEPUTY), "announcer-3", set()),
        ((EAST, DEPUTY), "announcer-3", {4, 5, 6, 7, 8, 9}),
        ((EAST,), "announcer-9", set()),
        ((), "announcer-9", None),
    ],
)
def test_a_counter_has_one_voice(
    devices: tuple[KnownDevice, ...], device: str, counters: set[int] | None
) -> None:
    assert counters_of(centre_of(*devices), device) == counters


def test_a_deputy_is_another_announcer_of_a_counter() -> None:
    assert has_deputy(centre_of(EAST, DEPUTY), "announcer-1")
    assert has_deputy(centre_of(EAST, DEPUTY), "announcer-3")
    assert not has_deputy(centre_of(EAST, WEST), "announcer-1")
    assert not has_deputy(centre_of(EAST, DEPUTY), "announcer-9")


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
