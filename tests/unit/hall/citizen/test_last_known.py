from datetime import UTC, datetime, timedelta
from pathlib import Path

from bus.states import ConfigState, ServicesState, ServiceState
from hall.citizen.last_known import LastKnown, LastKnownFile

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
CONFIG = ConfigState(epoch="E", rev=7, at=NOW, version=3, centre={"a": 1})


def services(waiting: int, *, is_open: bool = True, at: datetime = NOW) -> ServicesState:
    state = ServiceState(service="CIVIL", open=is_open, waiting=waiting, wait_min=(5, 10))
    return ServicesState(epoch="E", rev=8, at=at, business_day="2026-11-23", services=(state,))


def test_what_lasts_comes_back(tmp_path: Path) -> None:
    file = LastKnownFile(tmp_path / "kiosk" / "kiosk-1.centre.json")
    assert file.read() == LastKnown()
    file.write(CONFIG, services(4))
    last = file.read()
    assert last.config is not None
    assert last.services is not None
    assert (last.config.version, last.config.centre) == (3, {"a": 1})
    assert (last.services.services[0].open, last.services.services[0].waiting) == (True, 0)


def test_it_is_written_only_when_something_lasting_changes(tmp_path: Path) -> None:
    path = tmp_path / "kiosk-1.centre.json"
    file = LastKnownFile(path)
    file.write(CONFIG, None)
    assert not path.exists()
    file.write(CONFIG, services(4))
    path.unlink()
    file.write(CONFIG, services(5, at=NOW + timedelta(minutes=1)))
    assert not path.exists()
    file.write(CONFIG, services(5, is_open=False))
    assert path.exists()


def test_a_broken_file_is_as_none(tmp_path: Path, expected_warnings: list[str]) -> None:
    expected_warnings.extend(["not readable", "not kept"])
    path = tmp_path / "kiosk-1.centre.json"
    path.write_bytes(b"{\xff")
    assert LastKnownFile(path).read() == LastKnown()
    path.with_suffix(".new").mkdir()
    LastKnownFile(path).write(CONFIG, services(1))
    assert LastKnownFile(path).read() == LastKnown()
