import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance import doctor
from appliance.connection import Account, Broker, Connection, write_connection
from appliance.doctor import command
from appliance.doctor.texts import _SAYS, _SUBJECTS
from bus.broker import PrivateBroker, free_port
from bus.mqtt import Account as BusAccount
from bus.session import at_once, connect
from config import Clock

SITE = "nhi-chieu"
SAYING = {"ok", "note", "error", "say"}


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Path]:
    """A broker with a service and a kiosk that say that they are there."""
    clock = Clock(datetime(2026, 11, 23, tzinfo=UTC), 0.0, 1.0)
    roles = {"service": "service", "kiosk-1": "kiosk"}
    with PrivateBroker(tmp_path / "broker", SITE, roles) as broker:
        links = [
            connect(
                BusAccount(broker.host, broker.port, "test", name, password),
                SITE,
                roles[name],
                now=clock.now,
                monotonic=clock.monotonic,
                deliver=at_once,
            )
            for name, password in broker.passwords.items()
        ]
        for link in links:
            link.start()
        devices = {name: Account(name, password) for name, password in broker.passwords.items()}
        address = Broker(broker.host, broker.port)
        write_connection(tmp_path, Connection(SITE, address, "", devices, str(clock)))
        yield tmp_path
        for link in links:
            link.stop()


def test_nothing_runs_and_nothing_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(["--data", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "tốt  Cấu hình  sẵn sàng" in said
    assert "trung tâm chưa chạy; khởi động: ./denluot run" in said
    assert said.endswith("Không có lỗi.\n")


def test_everything_runs_in_english(running: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["--data", str(running), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "ok  Broker  127.0.0.1:" in said
    assert "ok  Queue service  ready" in said
    assert "ok  Device kiosk-1  ready" in said
    assert "is this run's own time" in said


def test_a_broker_that_does_not_answer_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = Broker("127.0.0.1", free_port())
    connection = Connection(SITE, address, "", {"web": Account("web", "x")})
    write_connection(tmp_path, connection)
    assert command(["--data", str(tmp_path), "--lang", "vi"]) == 1
    said = capsys.readouterr().out
    assert "LỖI  Máy chủ tin nhắn  không trả lời tại 127.0.0.1:" in said
    assert "Số lỗi cần xử lý: 1" in said


def test_a_wrong_configuration_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "device.toml"
    file.write_text("site = 3\n")
    assert command(["--data", str(tmp_path), "--device", str(file), "--lang", "en"]) == 1
    said = capsys.readouterr().out
    assert "ERROR  Configuration  " in said
    assert "device.toml" in said


def test_a_broken_connection_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "connection.json").write_text("{")
    assert command(["--data", str(tmp_path), "--lang", "en"]) == 1
    assert "connection.json" in capsys.readouterr().out


def test_every_finding_has_its_words_and_every_word_its_finding() -> None:
    used: set[str] = {"ok", "all_well", "errors"}
    for file in Path(doctor.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SAYING:
                used |= {str(one.value) for one in node.args if isinstance(one, ast.Constant)}
    assert used == _SAYS.keys() | _SUBJECTS.keys()
