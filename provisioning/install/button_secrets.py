"""Passwords that people typed into `device.toml`, which everybody on the machine may read.

A broker of wireless buttons has a password of its own. It belongs into a file of the screens' user
alone; an installation moves it there, and touches no other character of the file.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from config.settings import Device, MqttButtons
from provisioning.errors import ProvisioningError

_PASSWORD = re.compile(r"""\bpassword(?P<equals>\s*=\s*)(?P<value>"(?:[^"\\\n]|\\.)*"|'[^'\n]*')""")
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]")


def typed_passwords(device: Device) -> Iterator[tuple[str, str]]:
    """Yield a name for each password of a broker of buttons, and the password."""
    for box in device.keypads:
        for buttons in box.call_devices:
            if isinstance(buttons, MqttButtons) and buttons.broker and buttons.broker.password:
                name = _NO_NAME.sub("-", f"{box.device}-{buttons.name}")
                yield name, buttons.broker.password


def moved_passwords(text: str, device: Device, folder: Path) -> tuple[str, dict[str, str]]:
    """Return the settings with files of `folder` in place of passwords, and what each file holds.

    Raises ProvisioningError where the password is written in a way that is not understood.
    """
    files: dict[str, str] = {}
    for name, password in typed_passwords(device):
        file = folder / f"buttons-{name}.password"
        found = [each for each in _PASSWORD.finditer(text) if _value(each["value"]) == password]
        if not found:
            raise ProvisioningError(
                f"device.toml holds a password of {name} that everybody can read: put it into "
                f"{file}, for denluot-screen alone, and write password_file instead"
            )
        first = found[0]
        named = f"password_file{first['equals']}{json.dumps(str(file))}"
        text = text[: first.start()] + named + text[first.end() :]
        files[file.name] = f"{password}\n"
    return text, files


def _value(literal: str) -> str:
    try:
        return str(tomllib.loads(f"value = {literal}")["value"])
    except tomllib.TOMLDecodeError:
        return ""
