"""What `/metrics` says of the machine, and what it leaves out where nobody knows."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bus.health import ServiceHealth
from bus.states import DeviceStatus, MachineFacts
from hall.model import HallState
from provisioning.backup.status import BackupStatus, write_status
from web.integrations.machine_metrics import machine_metrics, show_units
from web.integrations.metrics import exposition, hall_metrics

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
UNITS = """Id=denluot-service.service
ActiveState=active
NRestarts=2

Id=denluot-kiosk.service
ActiveState=failed
NRestarts=[not set]
"""


def text(data: Path, said: str = "") -> str:
    return exposition(machine_metrics(data, NOW, lambda: said))


def test_disk_backup_and_units_are_told(tmp_path: Path) -> None:
    good_at = NOW - timedelta(hours=7)
    write_status(tmp_path, BackupStatus(good_at=good_at, size=1234, tried_at=NOW, problem="full"))
    told = text(tmp_path, UNITS)
    for sample in (
        "denluot_backup_age_seconds 25200",
        "denluot_backup_size_bytes 1234",
        "denluot_backup_failed 1",
        'denluot_unit_state{unit="denluot-service.service",state="active"} 1',
        'denluot_unit_state{unit="denluot-kiosk.service",state="failed"} 1',
        'denluot_unit_state{unit="denluot-kiosk.service",state="active"} 0',
        'denluot_unit_restarts_total{unit="denluot-service.service"} 2',
    ):
        assert f"\n{sample}\n" in f"\n{told}", told
    assert "denluot_disk_free_bytes" in told
    assert 'restarts_total{unit="denluot-kiosk' not in told


def test_what_is_not_known_is_not_told(tmp_path: Path) -> None:
    assert text(tmp_path / "gone") == "\n"
    assert "backup" not in text(tmp_path)
    assert isinstance(show_units(), str)


def test_the_machine_of_every_device_is_told() -> None:
    def status(**fields: object) -> DeviceStatus:
        plain: dict[str, object] = {"online": True, "kind": "kiosk", "at": NOW}
        return DeviceStatus(**{**plain, **fields})  # type: ignore[arg-type]

    facts = MachineFacts(name="pc", disk_free_mb=2500, clock_ahead_s=-10)
    devices = {
        "kiosk-1": status(machine=facts),
        "board-1": status(machine=MachineFacts(name="tv")),
        "sign-1": status(online=False, machine=facts),
        "keypad-1": status(),
    }
    told = exposition(hall_metrics(HallState(devices=devices), NOW))
    assert 'denluot_device_disk_free_bytes{device="kiosk-1"} 2500000000' in told
    assert 'denluot_device_clock_ahead_seconds{device="kiosk-1"} -10' in told
    assert 'denluot_device_clock_ahead_seconds{device="board-1"} 0' in told
    assert "sign-1" not in told
    assert "keypad-1" not in told


def test_refusals_about_appointments_are_counted_by_why() -> None:
    health = ServiceHealth(refused_appointments={"wrong_code": 5, "slot_full": 19})
    status = DeviceStatus(online=True, kind="service", at=NOW, health=health)
    told = exposition(hall_metrics(HallState(devices={"service": status}), NOW))
    assert 'denluot_appointments_refused_total{why="wrong_code"} 5' in told
    assert 'denluot_appointments_refused_total{why="slot_full"} 19' in told
    silent = exposition(hall_metrics(HallState(), NOW))
    assert "appointments_refused" not in silent
