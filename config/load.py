"""Read configuration files, or say in one line what is wrong with them."""

import types
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import msgspec

from config.address import check_addresses, check_public_url
from config.errors import ConfigError
from config.settings import (
    Centre,
    Counter,
    Device,
    Hours,
    Identity,
    Role,
    SerialKeypads,
    VoiceHours,
    Window,
)
from config.settings.box import BrokerAddress


def no_twice(table: str, key: str, values: list[Any]) -> None:
    """Raise ConfigError naming the first of `values` that stands in `table` before."""
    for index, value in enumerate(values):
        first = values.index(value)
        if first != index:
            raise ConfigError(
                f"{key} {value!r} is already that of {table}[{first}] - at $.{table}[{index}].{key}"
            )


BUILT_IN_CENTRE = Path(__file__).parent / "centres" / "nhi-chieu.toml"

T = TypeVar("T")
_LONGEST_REASON = 300
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


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
        return msgspec.toml.decode(text, type=kind)
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
        return msgspec.convert(_known_only(raw, Centre), Centre)
    except msgspec.ValidationError as error:
        raise ConfigError(f"state/config: {error}") from error


def centre_to_wire(centre: Centre) -> dict[str, Any]:
    """Return the centre as plain values for `state/config`."""
    plain: dict[str, Any] = msgspec.to_builtins(centre)
    return plain


def check_centre(centre: Centre) -> None:
    """Check what types cannot say; raises ConfigError naming the path and what would be right."""
    _check_hours(centre.hours)
    codes = [service.code for service in centre.services]
    no_twice("counters", "number", [counter.number for counter in centre.counters])
    for index, counter in enumerate(centre.counters):
        _check_counter(index, counter, codes)
    _check_services(centre)
    _check_devices(centre)
    _check_numbering(centre)
    _check_windows(centre.voice.quiet, "$.voice.quiet")
    _check_volumes(centre.voice)
    _check_identity(centre.identity)


def _check_broker(broker: BrokerAddress) -> None:
    """TLS means one thing: the broker proves itself, or no password is said to it."""
    if broker.tls and not broker.ca_file:
        raise ConfigError(
            "tls = true needs ca_file: the broker's CA certificate, or `system` for the "
            "authorities that this machine trusts - at $.broker.ca_file"
        )
    if broker.ca_file and not broker.tls:
        raise ConfigError("ca_file needs tls = true - at $.broker.tls")


def _check_identity(identity: Identity) -> None:
    try:
        _ = identity.zone
    except (KeyError, ValueError, OSError) as error:
        raise ConfigError(
            f"unknown time zone {identity.time_zone!r}; use a name such as "
            "Asia/Ho_Chi_Minh - at $.identity.time_zone"
        ) from error
    if identity.public_url:
        try:
            check_public_url(identity.public_url)
        except ValueError as error:
            raise ConfigError(f"{error} - at $.identity.public_url") from error


def _check_hours(hours: Hours) -> None:
    for day in _DAYS:
        _check_windows(getattr(hours, day), f"$.hours.{day}")


def _check_windows(texts: tuple[str, ...], where: str) -> None:
    previous: Window | None = None
    for index, text in enumerate(texts):
        try:
            window = Window.parse(text)
        except ValueError as error:
            raise ConfigError(f"{error} - at {where}[{index}]") from error
        if previous and window.begin < previous.end:
            raise ConfigError(f"{text} begins before {previous} ends - at {where}[{index}]")
        previous = window


def _check_volumes(voice: VoiceHours) -> None:
    taken: list[Window] = []
    for index, span in enumerate(voice.volumes):
        where = f"$.voice.volumes[{index}].hours"
        _check_windows((span.hours,), where)
        window = Window.parse(span.hours)
        for other in taken:
            if window.begin < other.end and other.begin < window.end:
                raise ConfigError(f"{window} overlaps {other} - at {where}")
        taken.append(window)


def _check_services(centre: Centre) -> None:
    services = centre.services
    no_twice("services", "code", [service.code for service in services])
    no_twice("services", "digit", [service.digit for service in services])
    letters = centre.numbering.style == "letter"
    if letters:
        no_twice("services", "letter", [service.letter for service in services])
    served = {code for counter in centre.counters for code in counter.serves}
    for index, service in enumerate(services):
        where = f"$.services[{index}]"
        _check_windows(service.issue, f"{where}.issue")
        if letters and not service.letter:
            raise ConfigError(f"the letter style needs a letter - at {where}.letter")
        if service.code not in served:
            raise ConfigError(f"no counter serves {service.code} - at {where}.code")


def _check_counter(index: int, counter: Counter, codes: list[str]) -> None:
    where = f"$.counters[{index}].serves"
    if not counter.serves:
        raise ConfigError(f"counter {counter.number} serves nothing - at {where}")
    for code in counter.serves:
        if code not in codes:
            known = ", ".join(codes)
            raise ConfigError(f"no service {code!r}; there are {known} - at {where}.{code}")


def _check_devices(centre: Centre) -> None:
    no_twice("devices", "id", [device.id for device in centre.devices])
    numbers = {counter.number for counter in centre.counters}
    for index, device in enumerate(centre.devices):
        where = f"$.devices[{index}].counters"
        for number in device.counters:
            if number not in numbers:
                raise ConfigError(f"there is no counter {number} - at {where}")
        if device.role in (Role.COUNTER, Role.KEYPAD) and not device.counters:
            raise ConfigError(f"{device.id} needs the counters it acts for - at {where}")


def _check_numbering(centre: Centre) -> None:
    numbering = centre.numbering
    limit = 10**numbering.digits - 1
    taken: set[int] = set()
    for index, book in enumerate(numbering.books):
        where = f"$.numbering.books[{index}]"
        if not book.first <= book.last <= limit:
            raise ConfigError(f"needs first <= last <= {limit} - at {where}")
        numbers = set(range(book.first, book.last + 1))
        if taken & numbers:
            raise ConfigError(f"shares numbers with another book - at {where}")
        taken |= numbers
        known = centre.device(book.kiosk)
        if known is None or known.role is not Role.KIOSK:
            raise ConfigError(f"there is no kiosk {book.kiosk!r} - at {where}.kiosk")


def _check_boards(device: Device) -> None:
    for index, board in enumerate(device.boards):
        where = f"$.boards[{index}]"
        if board.layout == "calls+media" and not board.media.folder:
            raise ConfigError(f"calls+media needs a folder - at {where}.media.folder")
        if board.device in board.stands_in_for:
            raise ConfigError(f"{board.device} cannot stand in for itself - at {where}")


def _check_keypads(device: Device) -> None:
    choices = [choice for box in device.keypads for choice in box.call_devices]
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
