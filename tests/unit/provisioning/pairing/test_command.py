"""`denluot join` as it is typed, right and wrong."""

import subprocess
import sys

import pytest

from hall.words import Words
from provisioning.errors import PairingError
from provisioning.pairing.command import _parsed, command

T = Words()


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("192.168.1.10", ("192.168.1.10", 8443)),
        ("192.168.1.10:9443", ("192.168.1.10", 9443)),
        ("may-chu.local", ("may-chu.local", 8443)),
        ("fe80::1", ("fe80::1", 8443)),
        ("[fe80::1]:9443", ("fe80::1", 9443)),
    ],
)
def test_an_address_is_read_as_people_write_it(address: str, target: tuple[str, int]) -> None:
    assert _parsed(address, T) == target


@pytest.mark.parametrize(
    "address", ["", "192.168.1..10", "https://192.168.1.10", "a:0", "a:99999", "a:b", "[]", "a b"]
)
def test_what_is_no_address_is_told(address: str) -> None:
    with pytest.raises(PairingError, match="không phải là địa chỉ"):
        _parsed(address, T)


def test_what_is_no_code_is_told_before_the_network_is_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANG", "vi_VN.UTF-8")
    assert command(["7K3M-9QR"]) == 1
    assert capsys.readouterr().err == "Mã có tám chữ, như 7K3M-9QRT.\n"
    with pytest.raises(SystemExit) as ended:
        command([])
    assert ended.value.code == 2


def test_a_server_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["127.0.0.1:1", "7K3M-9QRT"]) == 1
    assert "no server at 127.0.0.1:1" in capsys.readouterr().err


def test_a_counter_pc_without_linux_can_join_too() -> None:
    """Nothing that only Linux has is imported on the way."""
    missing = ("fcntl", "grp", "pwd", "resource", "syslog", "termios")
    program = f"import sys\nfor name in {missing}: sys.modules[name] = None\n"
    program += "import provisioning.pairing.command"
    subprocess.run([sys.executable, "-c", program], check=True)
