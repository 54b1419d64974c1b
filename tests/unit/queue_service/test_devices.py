from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec import convert
from msgspec.structs import replace

from bus.health import AnyHealth
from bus.states import DeviceStatus
from config import load_centre
from config.settings import KnownDevice, Role
from queue_service.devices import Devices

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CENTRE = replace(
    load_centre(),
    devices=(
        KnownDevice(id="kiosk-1", role=Role.KIOSK),
        KnownDevice(id="board-1", role=Role.BOARD),
        KnownDevice(id="board-2", role=Role.BOARD, counters=(6, 7)),
        KnownDevice(id="announcer-1", role=Role.ANNOUNCER, counters=(1, 2, 3)),
        KnownDevice(id="announcer-2", role=Role.ANNOUNCER),
        KnownDevice(id="counter-3", role=Role.COUNTER, counters=(3,)),
        KnownDevice(id="keypad-1", role=Role.KEYPAD, counters=(3,)),
        KnownDevice(id="web", role=Role.WEB),
    ),
)


class Hall:
    """The devices on a link that is up since second 0."""

    def __init__(self, speed: float = 1.0) -> None:
        self.devices = Devices(lambda seconds: seconds / speed)
        self.link(0.0, up=True)

    def link(self, now: float, *, up: bool) -> None:
        self.devices.take_link(AT, now, up=up)

    def hear(self, device: str, now: float, *, online: bool = True, **health: Any) -> None:  # noqa: ANN401
        kind = device.partition("-")[0]
        typed = convert({"kind": kind, **health}, AnyHealth) if health else None
        status = DeviceStatus(online=online, kind=kind, at=AT, health=typed)
        self.devices.note(device, status, now)

    def alarms(self, now: float) -> list[tuple[str, str]]:
        return [(alarm.kind, alarm.source) for alarm in self.devices.alarms(CENTRE, now)]

    def behind(self, now: float, epoch: str = "E", rev: int | None = 7) -> list[str]:
        return [alarm.source for alarm in self.devices.behind(CENTRE, epoch, rev, now)]


@pytest.fixture
def hall() -> Hall:
    return Hall()


def test_a_zone_is_who_is_there_for_a_counter(hall: Hall) -> None:
    for second, device in enumerate(["board-1", "board-2", "announcer-1", "announcer-2", "web"]):
        hall.hear(device, float(second))
    zone = hall.devices.zone(CENTRE, 3, 9.0)
    assert zone.boards == {"board-1": 0.0}
    assert zone.announcers == ("announcer-1", "announcer-2")
    assert zone.voices == {"announcer-1": 2.0, "announcer-2": 3.0}
    zone = hall.devices.zone(CENTRE, 7, 9.0)
    assert zone.boards == {"board-1": 0.0, "board-2": 1.0}
    assert zone.announcers == ("announcer-2",)


def test_after_a_start_announcers_are_believed_to_be_there_for_a_moment(hall: Hall) -> None:
    hall.hear("announcer-2", 0.1)
    assert hall.devices.zone(CENTRE, 3, 5.0).voices == {"announcer-1": 0.0, "announcer-2": 0.1}
    assert hall.devices.zone(CENTRE, 3, 5.1).voices == {"announcer-2": 0.1}
    hall.link(6.0, up=False)
    assert hall.devices.zone(CENTRE, 3, 6.0).voices == {"announcer-2": 0.1}


def test_a_board_may_say_itself_which_counters_it_shows(hall: Hall) -> None:
    hall.hear("board-1", 0.0, counters=[1, 2])
    assert hall.devices.zone(CENTRE, 2, 1.0).boards == {"board-1": 0.0}
    assert hall.devices.zone(CENTRE, 3, 1.0).boards == {}
    hall.hear("board-1", 2.0, counters=[])
    assert hall.devices.zone(CENTRE, 3, 3.0).boards == {"board-1": 0.0}


@pytest.mark.parametrize(("boards", "there"), [([], False), (["tv-1", "tv-2"], True)])
def test_the_web_is_a_board_while_named_pages_are_painted(
    hall: Hall, boards: list[str], there: bool
) -> None:
    hall.hear("web", 0.0, boards=boards)
    assert ("web" in hall.devices.zone(CENTRE, 3, 1.0).boards) is there


def test_a_device_that_went_alarms_until_it_is_back(hall: Hall) -> None:
    for device in ("kiosk-1", "board-1", "announcer-2", "counter-3", "keypad-1"):
        hall.hear(device, 0.0)
        hall.hear(device, 5.0, online=False)
    assert hall.alarms(5.0) == [
        ("device_offline", "kiosk-1"),
        ("device_offline", "board-1"),
        ("device_offline", "announcer-2"),
        ("device_offline", "keypad-1"),
    ]
    assert hall.devices.zone(CENTRE, 3, 5.5).voices == {}
    hall.hear("announcer-2", 8.0)
    assert hall.devices.zone(CENTRE, 3, 9.0).voices == {"announcer-2": 8.0}
    hall.hear("kiosk-1", 8.0, printer="paper_out")
    hall.hear("board-1", 8.0)
    hall.hear("keypad-1", 8.0)
    assert hall.alarms(9.0) == [("printer", "kiosk-1")]


def test_one_that_is_not_heard_after_a_lost_link_is_gone(hall: Hall) -> None:
    hall.hear("board-1", 1.0)
    hall.hear("announcer-2", 1.0)
    hall.link(20.0, up=False)
    assert hall.alarms(60.0) == []
    hall.link(60.0, up=True)
    hall.hear("announcer-2", 61.0)
    assert hall.alarms(70.0) == []
    assert hall.devices.unsettled(70.0)
    assert hall.alarms(70.1) == [("device_offline", "board-1")]
    assert hall.devices.zone(CENTRE, 3, 70.1).voices == {"announcer-2": 61.0}
    hall.hear("board-1", 75.0)
    assert hall.alarms(75.0) == []
    assert not hall.devices.unsettled(105.1)


def test_a_hall_in_which_nothing_ever_showed_or_spoke_alarms(hall: Hall) -> None:
    assert hall.alarms(30.0) == []
    assert hall.alarms(30.1) == [
        ("device_offline", "board-1"),
        ("device_offline", "board-2"),
        ("device_offline", "announcer-1"),
        ("device_offline", "announcer-2"),
    ]
    hall.hear("web", 31.0, boards=["tv-1"])
    hall.hear("announcer-2", 31.0)
    assert hall.alarms(32.0) == []


def test_a_fast_clock_leaves_devices_the_walls_time() -> None:
    hall = Hall(speed=300.0)
    assert hall.alarms(30 * 300.0) == []
    assert hall.alarms(31 * 300.0) != []


def test_a_board_that_is_behind_is_named(hall: Hall) -> None:
    hall.hear("board-1", 0.0, epoch="E", rev=6)
    hall.hear("board-2", 0.0, epoch="E", rev=8)
    assert hall.behind(4.9) == []
    assert hall.behind(5.0) == ["board-1"]
    assert hall.behind(5.0, rev=None) == []
    hall.hear("board-1", 6.0, epoch="E", rev=7)
    assert hall.behind(6.0) == []
    assert hall.behind(6.0, epoch="RESTORED", rev=1) == ["board-1", "board-2"]


@pytest.mark.parametrize("health", [{}, {"rev": None}])
def test_a_board_that_does_not_say_how_far_it_is_is_not_judged(
    hall: Hall, health: dict[str, Any]
) -> None:
    hall.hear("board-1", 0.0, **health)
    assert hall.behind(60.0) == []


def test_nor_one_that_is_gone_or_in_doubt(hall: Hall) -> None:
    hall.hear("board-1", 0.0, epoch="E", rev=6)
    hall.link(10.0, up=False)
    hall.link(20.0, up=True)
    assert hall.behind(29.0) == []
    hall.hear("board-1", 29.0, epoch="E", rev=6, online=False)
    assert hall.behind(60.0) == []


def test_a_kiosk_names_the_numbers_that_staff_should_look_after(hall: Hall) -> None:
    hall.link(0, up=True)
    hall.hear(
        "kiosk-1", 1, refused=[{"number": "2901"}, {"number": "x" * 50}], lost_papers=["1007"]
    )
    assert hall.alarms(2) == [
        ("number_refused", "2901"),
        ("number_refused", "x" * 8),
        ("paper_lost", "1007"),
    ]
    hall.hear("kiosk-1", 3, refused=[], lost_papers=[])
    assert hall.alarms(4) == []


def test_a_kiosk_that_was_there_and_is_gone_may_be_giving_numbers(hall: Hall) -> None:
    hall.link(0, up=True)
    offline = hall.devices.offline_kiosks
    assert offline(CENTRE, 1) == set()
    hall.hear("kiosk-1", 1)
    hall.hear("board-1", 1, online=False)
    assert offline(CENTRE, 2) == set()
    hall.hear("kiosk-1", 3, online=False)
    assert offline(CENTRE, 4) == {"kiosk-1"}
