"""What a box keeps of a pairing: all of it or nothing, whenever the power goes.

Password and authority go into files of their own names, and `device.toml`, which names them, takes
the place of the one before in one step. What nothing names any more is removed.
"""

import secrets
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

import tomli_w

from bus.vocabulary import Role
from config.durable import replace_privately
from config.errors import ConfigError
from config.load import load_device
from provisioning.errors import PairingError
from provisioning.pairing.messages import Grant, GrantedDevice

_PASSWORD, _AUTHORITY = "broker-password", "authority"
_HEAD = """\
# Những gì máy này có; denluot join đã ghi [broker] và tên các thiết bị.
# What this machine has; denluot join wrote [broker] and the names of the devices.

"""


@dataclass(frozen=True, slots=True)
class BoxFiles:
    """Where a box keeps what it is: its settings, and secrets in a directory of its own user."""

    device_file: Path
    secrets: Path
    seen_as: PurePath | None = None
    """The root folder of a machine whose files lie below another; None for this machine's own."""

    def save(self, host: str, grant: Grant) -> tuple[str, ...]:
        """Keep what was granted by the server at `host`; return what a person must still do.

        Raises PairingError when nothing was changed.
        """
        mark = secrets.token_hex(4)
        password = self.secrets / f"{_PASSWORD}-{mark}"
        authority = self.device_file.parent / f"{_AUTHORITY}-{mark}.crt"
        try:
            self.device_file.parent.mkdir(parents=True, exist_ok=True)
            self.secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
            settings = self._read()
            settings["site"] = grant.site
            settings["broker"] = {
                "host": host,
                "port": grant.port,
                "tls": True,
                "ca_file": self._inside(authority),
                "server_name": grant.server_name,
                "password_file": self._inside(password),
            }
            notes = _name_devices(settings, grant.devices)
            replace_privately(password, f"{grant.password}\n".encode())
            replace_privately(authority, grant.authority.encode(), 0o644)
            text = (_HEAD + tomli_w.dumps(settings)).encode()
            draft = self.device_file.with_name(f".{self.device_file.name}.draft")
            replace_privately(draft, text, 0o644)
            load_device(draft)
            draft.unlink()
            replace_privately(self.device_file, text, 0o644)
        except (OSError, ConfigError) as error:
            if not self._names(mark):
                for file in (password, authority):
                    file.unlink(missing_ok=True)
                raise PairingError(f"nothing was changed: {error}") from error
        self._tidy(password, authority)
        return notes

    def _read(self) -> dict[str, Any]:
        if not self.device_file.exists():
            return {}
        load_device(self.device_file)
        return tomllib.loads(self.device_file.read_text(encoding="utf-8"))

    def _names(self, mark: str) -> bool:
        """Return whether the new settings are there although the disk complained at the end."""
        with suppress(OSError):
            return mark in self.device_file.read_text(encoding="utf-8")
        return False

    def _inside(self, path: Path) -> str:
        """Return a path as the machine itself will see it."""
        if self.seen_as is None:
            return str(path.absolute())
        return str(PurePosixPath("/") / path.relative_to(self.seen_as))

    def _tidy(self, password: Path, authority: Path) -> None:
        """Remove what former pairings left, and name the new files as everybody looks for them."""
        for folder, pattern, kept in (
            (password.parent, f"{_PASSWORD}-*", password),
            (authority.parent, f"{_AUTHORITY}-*.crt", authority),
        ):
            for file in folder.glob(pattern):
                if file != kept:
                    file.unlink(missing_ok=True)
        for alias, file in (
            (password.parent / _PASSWORD, password),
            (authority.parent / f"{_AUTHORITY}.crt", authority),
        ):
            with suppress(OSError):  # only a name for people and for other commands
                alias.unlink(missing_ok=True)
                alias.symlink_to(file.name)


def _name_devices(settings: dict[str, Any], devices: tuple[GrantedDevice, ...]) -> tuple[str, ...]:
    """Give the parts of this box the names they have at the site; return what is left to do."""
    notes = []
    of_role: dict[str, list[GrantedDevice]] = {}
    for device in devices:
        of_role.setdefault(device.role, []).append(device)
    for table, role in (("kiosk", Role.KIOSK), ("announcer", Role.ANNOUNCER)):
        if found := of_role.get(role):
            settings.setdefault(table, {})["device"] = found[0].id
    if boards := of_role.get(Role.BOARD):
        settings["boards"] = _renamed(settings.get("boards", []), boards)
    if keypads := of_role.get(Role.KEYPAD):
        settings["keypads"] = _renamed(settings.get("keypads", []), keypads)
        if not any(table.get("call_devices") for table in settings["keypads"]):
            notes.append("keypads.call_devices")
    if panels := of_role.get(Role.COUNTER):
        settings["panels"] = [
            table | {"counter": device.counters[0]}
            for table, device in zip(
                _renamed(settings.get("panels", []), panels), panels, strict=True
            )
            if device.counters
        ]
    if signs := of_role.get(Role.SIGN):
        known = settings.get("signs", [])
        if len(known) == len(signs):
            settings["signs"] = _renamed(known, signs)
        else:
            notes.append("signs")
    return tuple(notes)


def _renamed(tables: list[dict[str, Any]], devices: list[GrantedDevice]) -> list[dict[str, Any]]:
    """Return one table per device: its own where it has one, else the next that nobody has."""
    own = {table.get("device"): table for table in tables}
    names = {device.id for device in devices}
    free = [table for table in tables if table.get("device") not in names]
    renamed = []
    for device in devices:
        table = own.get(device.id) or (free.pop(0) if free else {})
        renamed.append(table | {"device": device.id})
    return renamed
