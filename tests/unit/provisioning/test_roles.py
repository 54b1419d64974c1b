"""Tests of what a machine of the hall is for."""

from pathlib import Path

import pytest

from provisioning.errors import ProvisioningError
from provisioning.layout import Layout
from provisioning.roles import DESCRIPTIONS, PARTS, Part, Role, installed_role


def test_each_role_has_parts_and_is_described() -> None:
    assert set(PARTS) == set(DESCRIPTIONS) == set(Role)
    assert set().union(*PARTS.values()) == set(Part)


def test_only_a_server_keeps_the_queue() -> None:
    for part in (Part.BROKER, Part.SERVICE, Part.WEB, Part.BACKUP):
        assert {role for role in Role if part in PARTS[role]} == {Role.SERVER, Role.ALL}


def test_a_machine_says_its_role(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    assert installed_role(layout) is None
    layout.settings.mkdir(parents=True)
    layout.role_file.write_text("kiosk\n")
    assert installed_role(layout) is Role.KIOSK


@pytest.mark.parametrize("text", [b"", b"kio", b"\xff\xfe", b"x" * 10_000])
def test_a_damaged_role_is_named(tmp_path: Path, text: bytes) -> None:
    layout = Layout(tmp_path)
    layout.settings.mkdir(parents=True)
    layout.role_file.write_bytes(text)
    with pytest.raises(ProvisioningError, match="role") as caught:
        installed_role(layout)
    assert len(str(caught.value)) < 400
