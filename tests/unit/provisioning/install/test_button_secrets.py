"""The password of a broker of buttons goes from a file for everybody into one for its user."""

import stat
import tomllib
from pathlib import Path
from typing import Protocol

import pytest

from config.load import load_device
from provisioning.errors import ProvisioningError
from provisioning.install.actions import Machine, carry_out
from provisioning.install.button_secrets import moved_passwords, typed_passwords
from provisioning.install.facts import look
from provisioning.install.plan import plan
from provisioning.layout import Layout
from provisioning.roles import Role

DEVICE = """\
# Của phòng một cửa: đừng xóa dòng này.
site = "nhi-chieu"

[[keypads]]
device = "keypad-1"

[[keypads.call_devices]]
driver = "mqtt"
name = "buttons"
broker = { host = "192.168.1.20", username = "denluot", password = PASSWORD }  # của nhà mạng

[keypads.call_devices.units]
"zigbee2mqtt:quay-3" = 3
"""
INSIDE = Path("/var/lib/denluot-screen")
FILE = "buttons-keypad-1-buttons.password"


class Tree(Protocol):
    layout: Layout

    @property
    def machine(self) -> Machine: ...


def write(folder: Path, literal: str) -> Path:
    file = folder / "device.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(DEVICE.replace("PASSWORD", literal))
    return file


@pytest.mark.parametrize(
    ("literal", "password"),
    [('"bí mật #1"', "bí mật #1"), ("'a\\b'", "a\\b"), ('"a\\"b\\u00e9"', 'a"bé')],
)
def test_only_the_password_is_replaced(tmp_path: Path, literal: str, password: str) -> None:
    file = write(tmp_path, literal)
    device = load_device(file)
    text, files = moved_passwords(file.read_text(), device, INSIDE)
    assert files == {FILE: f"{password}\n"}
    assert text == DEVICE.replace("password = PASSWORD", f'password_file = "{INSIDE / FILE}"')
    file.write_text(text)
    assert list(typed_passwords(load_device(file))) == []
    assert moved_passwords(text, load_device(file), INSIDE) == (text, {})


def test_what_is_written_unusually_is_said_and_left(tmp_path: Path) -> None:
    file = write(tmp_path, '"""\nsecret"""')
    with pytest.raises(ProvisioningError, match="write password_file instead"):
        moved_passwords(file.read_text(), load_device(file), INSIDE)


def test_an_installation_moves_it_once_and_for_one_user_alone(tree: Tree) -> None:
    layout = tree.layout
    file = write(layout.settings, '"s3cret"')
    for _ in range(2):
        facts = look(layout)
        assert facts.device
        carry_out(plan(Role.SERVER, facts.device, facts, layout), tree.machine, lambda *_: None)
        assert b"s3cret" not in file.read_bytes()
        assert b"s3cret" not in layout.applied_device_file.read_bytes()
    secret = layout.screen_data / FILE
    assert secret.read_text() == "s3cret\n"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    named = tomllib.loads(file.read_text())["keypads"][0]["call_devices"][0]["broker"]
    assert named["password_file"] == str(INSIDE / FILE)
    assert file.read_text().startswith("# Của phòng một cửa")
