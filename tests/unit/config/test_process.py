import json
from pathlib import Path

import pytest

from config.process import settings_text
from config.settings import Device, KeypadBox, MqttButtons
from config.settings.keypads import ButtonsBroker
from hall.words.arguments import start


def test_the_environment_says_where_the_broker_is(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("s3cret\n")
    launch = start(
        "kiosk",
        "",
        ["--data", str(tmp_path)],
        {
            "DENLUOT_BROKER": "10.1.2.3:1884",
            "DENLUOT_PASSWORD_FILE": str(tmp_path / "password"),
            "DENLUOT_PASSWORD": "seen by every process",
        },
    )
    assert (launch.host, launch.port, launch.password) == ("10.1.2.3", 1884, "s3cret")
    assert launch.data == tmp_path


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        (
            {"DENLUOT_BROKER": "nowhere"},
            "DENLUOT_BROKER: expected HOST:PORT or a socket, got 'nowhere'",
        ),
        ({"DENLUOT_CLOCK": "soon"}, "DENLUOT_CLOCK: expected TIME@MONOTONIC@SPEED, got 'soon'"),
    ],
)
def test_a_wrong_variable_ends_with_one_line_and_2(
    environment: dict[str, str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        start("kiosk", "", [], environment)
    assert ended.value.code == 2
    assert capsys.readouterr().err == f"{complaint}\n"


def test_print_config_hides_passwords_and_changes_show_only_what_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "device.toml"
    file.write_text('[broker]\npassword = "s3cret"\nport = 1999\n')
    with pytest.raises(SystemExit) as ended:
        start("kiosk", "", ["--device", str(file), "--print-config-changes"], {})
    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out) == {"broker": {"port": 1999, "password": "***"}}
    with pytest.raises(SystemExit):
        start("kiosk", "", ["--print-config"], {})
    assert json.loads(capsys.readouterr().out)["kiosk"]["device"] == "kiosk-1"


def test_passwords_deep_in_lists_are_hidden_too() -> None:
    broker = ButtonsBroker(host="10.0.0.9", password="s3cret")
    buttons = MqttButtons(units={"tasmota:nut:1": 3}, broker=broker)
    text = settings_text(Device(keypads=(KeypadBox(call_devices=(buttons,)),)))
    assert "10.0.0.9" in text
    assert "s3cret" not in text


def test_a_path_is_the_socket_of_the_private_broker() -> None:
    launch = start("kiosk", "", [], {"DENLUOT_BROKER": "/run/denluot/mqtt.sock"})
    account = launch.account("kiosk-1", "kiosk")
    assert (account.host, account.process, account.username) == (
        "/run/denluot/mqtt.sock",
        "kiosk",
        "kiosk-1",
    )


@pytest.mark.parametrize(
    ("broker", "complaint"),
    [
        ("tls = true", "tls = true needs ca_file"),
        ('ca_file = "/etc/ca.pem"', "ca_file needs tls = true"),
        ('host = "192.168.1..50"', "'192.168.1..50' is no address"),
        ('tls = true\nca_file = "/none/ca.pem"', "no certificate file '/none/ca.pem'"),
        ('server_name = "server.phuong.internal"', "server_name needs tls = true"),
        ('password = "x"\npassword_file = "/etc/x"', "password and password_file are two"),
        ('others = ["10.0.0.2:99999"]', "port 99999 is none of 1 to 65535"),
        ('others = ["192.168.1..50:1883"]', "'192.168.1..50' is no address"),
        ('password_file = "/none/password"', "no password file /none/password: pair this box"),
    ],
)
def test_what_cannot_be_kept_is_refused_before_a_password_is_said(
    broker: str, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "device.toml"
    file.write_text(f"[broker]\n{broker}\n")
    with pytest.raises(SystemExit) as ended:
        start("kiosk", "", ["--device", str(file)], {})
    assert ended.value.code == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "complaint"), [(b"", "is empty"), (b"\n", "is empty"), (b"\xff\n", "utf-8")]
)
def test_a_password_file_that_has_none_is_refused(
    content: bytes, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "password").write_bytes(content)
    with pytest.raises(SystemExit) as ended:
        start("kiosk", "", [], {"DENLUOT_PASSWORD_FILE": str(tmp_path / "password")})
    assert ended.value.code == 2
    assert complaint in capsys.readouterr().err


def test_a_box_reads_its_password_from_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("s3cret\nnever read\n")
    file, ca = tmp_path / "device.toml", tmp_path / "ca.pem"
    ca.touch()
    file.write_text(
        f'[broker]\ntls = true\nca_file = "{ca}"\npassword_file = "{tmp_path}/password"\n'
        'server_name = "server.phuong.denluot.internal"\nothers = ["10.0.0.2:8884"]\n'
        "subscribe_qos = 0\n"
    )
    account = start("kiosk", "", ["--device", str(file)], {}).account("kiosk-1", "kiosk")
    assert account.password == "s3cret"
    assert account.server_name == "server.phuong.denluot.internal"
    assert account.others == (("10.0.0.2", 8884),)
    assert account.subscribe_qos == 0


@pytest.mark.parametrize("device", ["kiosk-1", "board-1", "announcer-1", "web", "service"])
def test_tls_means_the_same_for_every_process(device: str, tmp_path: Path) -> None:
    file, ca = tmp_path / "device.toml", tmp_path / "ca.pem"
    ca.touch()
    for name in (str(ca), "system"):
        file.write_text(f'[broker]\ntls = true\nca_file = "{name}"\n')
        launch = start("kiosk", "", ["--device", str(file)], {})
        assert launch.account(device, "test").ca_file == name
