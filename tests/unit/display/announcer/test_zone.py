import pytest
from msgspec.structs import replace

from config import Centre, Role, load_centre
from config.settings import KnownDevice
from display.announcer.zone import counters_of, has_deputy

EAST = KnownDevice(id="announcer-1", role=Role.ANNOUNCER, counters=(1, 2, 3))
WEST = KnownDevice(id="announcer-2", role=Role.ANNOUNCER, counters=(4, 5, 6, 7, 8, 9))
DEPUTY = KnownDevice(id="announcer-3", role=Role.ANNOUNCER)


def centre(*devices: KnownDevice) -> Centre:
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
    assert counters_of(centre(*devices), device) == counters


def test_a_deputy_is_another_announcer_of_a_counter() -> None:
    assert has_deputy(centre(EAST, DEPUTY), "announcer-1")
    assert has_deputy(centre(EAST, DEPUTY), "announcer-3")
    assert not has_deputy(centre(EAST, WEST), "announcer-1")
    assert not has_deputy(centre(EAST, DEPUTY), "announcer-9")
