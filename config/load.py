"""Read configuration files, or say in one line what is wrong with them."""

import types
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import msgspec

from bus.typed import convert, read_toml
from config.address import check_addresses
from config.check import check_centre, twice
from config.errors import ConfigError
from config.settings import Centre, Device, SerialKeypads
from config.settings.box import BrokerAddress


def no_twice(table: str, key: str, values: list[Any]) -> None:
    """Raise ConfigError naming the first of `values` that stands in `table` before."""
    for problem in twice(table, key, values):
        raise ConfigError(str(problem))


BUILT_IN_CENTRE = Path(__file__).parent / "centres" / "nhi-chieu.toml"

T = TypeVar("T")
_LONGEST_REASON = 300
_LAST_PORT = 65535


def load_centre(path: Path | None = None) -> Centre:
    """Return the centre of `path`, or the built-in one; raises ConfigError."""
    path = path or BUILT_IN_CENTRE
    centre = read_settings(path, Centre)
    try:
        check_centre(centre)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    return centre


def load_device(path: Path | None = None) -> Device:
    """Return what the box of `path` has, or the one-machine default; raises ConfigError."""
    if path is None:
        return Device()
    device = read_settings(path, Device)
    names = [board.device for board in device.boards]
    names += [panel.device for panel in device.panels]
    names += [keypad.device for keypad in device.keypads]
    names += [sign.device for sign in device.signs]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"{path}: device {name!r} is given twice; each needs its own")
    try:
        check_addresses(device)
        no_twice("kiosk.printers", "name", [printer.name for printer in device.kiosk.printers])
        _check_broker(device.broker)
        _check_boards(device)
        _check_keypads(device)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    return device


def read_settings(path: Path, kind: type[T]) -> T:
    """Return what the TOML file of `path` says; raises ConfigError naming file and place."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        return read_toml(text, kind)
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text (byte {error.start})") from error
    except RecursionError as error:
        raise ConfigError(f"{path}: is nested too deeply") from error
    except (msgspec.DecodeError, ValueError, OverflowError) as error:
        raise ConfigError(f"{path}: {_one_line(error)}") from error


def _one_line(error: Exception) -> str:
    """Return what is wrong, without the value where that is a page long."""
    text = " ".join(str(error).split())
    return text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}…"


def centre_from_wire(raw: dict[str, Any]) -> Centre:
    """Return the centre that `state/config` carries, ignoring keys this version does not know.

    Raises ConfigError.
    """
    try:
        return convert(_known_only(raw, Centre), Centre)
    except msgspec.ValidationError as error:
        raise ConfigError(f"state/config: {error}") from error


def centre_to_wire(centre: Centre) -> dict[str, Any]:
    """Return the centre as plain values for `state/config`."""
    plain: dict[str, Any] = msgspec.to_builtins(centre)
    return plain


def _check_broker(broker: BrokerAddress) -> None:
    """TLS means one thing: the broker proves itself, or no password is said to it."""
    if broker.tls and not broker.ca_file:
        raise ConfigError(
            "tls = true needs ca_file: the broker's CA certificate, or `system` for the "
            "authorities that this machine trusts - at $.broker.ca_file"
        )
    if broker.ca_file and not broker.tls:
        raise ConfigError("ca_file needs tls = true - at $.broker.tls")
    if broker.server_name and not broker.tls:
        raise ConfigError("server_name needs tls = true - at $.broker.tls")
    if broker.password and broker.password_file:
        raise ConfigError("password and password_file are two - at $.broker.password_file")
    for index, other in enumerate(broker.others):
        host, _, port = other.rpartition(":")
        where = f"$.broker.others[{index}]"
        check_addresses(host, where, "host")
        if not 0 < int(port) <= _LAST_PORT:
            raise ConfigError(f"port {port} is none of 1 to {_LAST_PORT} - at {where}")


def _check_boards(device: Device) -> None:
    for index, board in enumerate(device.boards):
        where = f"$.boards[{index}]"
        if board.layout == "calls+media" and not board.media.folder:
            raise ConfigError(f"calls+media needs a folder - at {where}.media.folder")
        if board.device in board.stands_in_for:
            raise ConfigError(f"{board.device} cannot stand in for itself - at {where}")


def _check_keypads(device: Device) -> None:
    choices = [choice for box in device.keypads for choice in box.call_devices]
    if device.dispenser is not None:
        choices.append(device.dispenser.call_device)
    no_twice("call_devices", "name", [choice.name for choice in choices])
    no_twice("units", "name", [name for choice in choices for name in choice.unit_names])
    for choice in choices:
        if isinstance(choice, SerialKeypads):
            no_twice("units", "address", [unit.address for unit in choice.units])


def _known_only(value: Any, kind: Any) -> Any:  # noqa: ANN401 - plain JSON values
    """Return `value` without the keys that the structs of `kind` do not have."""
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        structs = [option for option in get_args(kind) if option is not type(None)]
        return _known_only(value, structs[0]) if len(structs) == 1 else value
    if origin is tuple and isinstance(value, list | tuple):
        return [_known_only(item, get_args(kind)[0]) for item in value]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(value, dict):
        fields = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
        return {key: _known_only(item, fields[key]) for key, item in value.items() if key in fields}
    return value
