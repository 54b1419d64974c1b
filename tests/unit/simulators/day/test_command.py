"""The command over a real broker, and what it says when it cannot."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from appliance.connection import Account, Broker, Connection, write_connection
from appliance.errors import ApplianceError
from bus.broker import PrivateBroker
from bus.mqtt import Account as BusAccount
from bus.session import at_once, connect, new_id
from config import Centre, Clock, load_centre
from queue_service.start import Place, open_service
from simulators.day import command
from simulators.day.command import day_clock
from simulators.day.day import FIRST_ARRIVAL_S

SITE = "nhi-chieu"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def clock_at(text: str, speed: float = 1.0) -> Clock:
    return Clock.starting(datetime.fromisoformat(text).replace(tzinfo=ZONE), speed)


@pytest.fixture(scope="module")
def centre() -> Centre:
    return load_centre()


@pytest.fixture
def running(tmp_path: Path, centre: Centre) -> Iterator[Path]:
    """A broker and the service in this process; yields the data directory."""
    clock = Clock.starting(datetime(2026, 11, 23, 3, 0, tzinfo=UTC), 12_000)
    roles = {device.id: device.role.value for device in centre.devices} | {"service": "service"}
    with PrivateBroker(tmp_path / "broker", SITE, roles) as broker:
        account = BusAccount(
            broker.host, broker.port, "queue", "service", broker.passwords["service"]
        )
        link = connect(
            account, SITE, "service", now=clock.now, monotonic=clock.monotonic, deliver=at_once
        )
        place = Place(tmp_path, clock, "boot", new_id)
        service = open_service(place, centre, link, always_open=True)
        service.start()
        devices = {device: Account(device, key) for device, key in broker.passwords.items()}
        address = Broker(broker.host, broker.port)
        write_connection(tmp_path, Connection(SITE, address, "", devices, str(clock)))
        yield tmp_path
        service.stop()


def test_a_day_through_the_running_centre(
    running: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = running / "history.json"
    code = command(["--data", str(running), "--seed", "5", "--tickets", "8", "--json", str(file)])
    shown = capsys.readouterr().out
    assert code == 0, shown
    assert "Một ngày 8 lượt (seed 5)" in shown
    assert "Phút chờ từ lúc lấy số đến lần gọi đầu" in shown
    assert "Bị từ chối:" in shown
    assert "được nhân trở lại" not in shown
    history = json.loads(file.read_text())
    assert len({ticket["number"] for ticket in history["tickets"]}) == 8
    assert history["problems"] == []


def test_no_centre_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["--data", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "no centre runs" in said
    assert "./denluot run" in said


@pytest.mark.parametrize("wrong", [["--tickets", "0"], ["--speed", "fast"], ["--through", "air"]])
def test_wrong_options_end_with_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command(wrong)
    assert ended.value.code == 2
    assert wrong[0] in capsys.readouterr().err


def open_always(centre: Centre) -> Centre:
    hours = msgspec.structs.replace(centre.hours, always_open=True)
    return msgspec.structs.replace(centre, hours=hours)


def test_the_demonstrations_day_begins_now(centre: Centre) -> None:
    day = day_clock(open_always(centre), clock_at("2026-11-23T14:20"), None)
    assert day.began_s == FIRST_ARRIVAL_S
    assert (day.pace, day.speed) == (1.0, 1.0)


def test_near_seven_the_clock_is_taken_as_it_is(centre: Centre) -> None:
    day = day_clock(open_always(centre), clock_at("2026-11-23T07:12"), None)
    assert day.began_s == pytest.approx(FIRST_ARRIVAL_S + 720, abs=1)


def test_a_slower_centres_day_is_compressed(centre: Centre) -> None:
    day = day_clock(open_always(centre), clock_at("2026-11-23T14:20", 2.0), 300.0)
    assert (day.pace, day.speed) == (150.0, 300.0)


def test_a_centre_with_hours_waits_for_the_morning(centre: Centre) -> None:
    day = day_clock(centre, clock_at("2026-11-23T05:00"), None)
    assert day.began_s == pytest.approx(5 * 3600, abs=1)


@pytest.mark.parametrize("late", ["2026-11-23T09:00", "2026-11-22T06:50"])
def test_a_centre_with_hours_says_that_it_is_too_late(centre: Centre, late: str) -> None:
    with pytest.raises(ApplianceError, match="--always-open"):
        day_clock(centre, clock_at(late), None)


def test_an_afternoon_begins_at_its_hour(centre: Centre) -> None:
    one_o_clock = 13 * 3600.0
    day = day_clock(centre, clock_at("2026-11-23T13:05"), None, one_o_clock)
    assert day.began_s == pytest.approx(one_o_clock + 300, abs=1)
    with pytest.raises(ApplianceError, match="--now"):
        day_clock(centre, clock_at("2026-11-23T15:00"), None, one_o_clock)
