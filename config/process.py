"""How every process starts: its arguments, environment and files, read once."""

import argparse
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from bus.mqtt import SYSTEM_CAS, Account
from config.clock import CLOCK_VARIABLE, Clock
from config.errors import ConfigError
from config.load import load_device
from config.settings import Device

BROKER_VARIABLE = "DENLUOT_BROKER"
STORE_VARIABLE = "DENLUOT_STORE"
"""The URL of the store where it is not in the data directory; it may hold a password."""
PASSWORD_VARIABLE = "DENLUOT_PASSWORD"  # noqa: S105 - the name of a variable
T = TypeVar("T")
_LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


@dataclass(frozen=True, slots=True)
class Launch:
    """What a process was started with."""

    arguments: argparse.Namespace
    device: Device
    data: Path
    clock: Clock
    host: str
    port: int
    password: str
    ca_file: str | None = None

    def account(self, device: str, process: str) -> Account:
        """Return who `process` of `device` is to the broker, and how the broker proves itself."""
        return Account(self.host, self.port, process, device, self.password, self.ca_file)


def read_launch(
    parser: argparse.ArgumentParser, argv: Sequence[str], environment: Mapping[str, str]
) -> Launch:
    """Return what a process was started with.

    `parser` knows `--device`, `--data`, `--log-level`, `--print-config` and
    `--print-config-changes`. Exits with 0 after `--print-config`, with 2 and one line when a file
    or variable is wrong.
    """
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=arguments.log_level, format=_LOG_FORMAT)
    try:
        device = load_device(arguments.device)
        clock = Clock.parse(environment.get(CLOCK_VARIABLE))
        host, port, ca_file = _broker(device, environment)
    except ConfigError as error:
        parser.exit(2, f"{error}\n")
    if arguments.print_config or arguments.print_config_changes:
        sys.stdout.write(settings_text(device, changes_only=arguments.print_config_changes))
        parser.exit()
    return Launch(
        arguments=arguments,
        device=device,
        data=arguments.data,
        clock=clock,
        host=host,
        port=port,
        password=environment.get(PASSWORD_VARIABLE, device.broker.password),
        ca_file=ca_file,
    )


def read_or_exit(read: Callable[[], T]) -> T:
    """Return what `read` reads; exits with 2 and one line when a file is wrong."""
    try:
        return read()
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from error


def settings_text(settings: msgspec.Struct, *, changes_only: bool = False) -> str:
    """Return settings as JSON, passwords hidden; with `changes_only`, what is not the default."""
    plain: dict[str, Any] = msgspec.to_builtins(settings)
    if changes_only:
        plain = _changes(plain, msgspec.to_builtins(type(settings)()))
    _hide_passwords(plain)
    return msgspec.json.format(msgspec.json.encode(plain), indent=2).decode() + "\n"


def _broker(device: Device, environment: Mapping[str, str]) -> tuple[str, int, str | None]:
    """Return host, port and the CA that the broker proves itself by; None speaks in clear.

    The private broker of `denluot run` is reached by a Unix socket that only its user can make.
    """
    text = environment.get(BROKER_VARIABLE)
    if not text:
        broker = device.broker
        return broker.host, broker.port, _ca_file(broker.ca_file, "$.broker.ca_file")
    if text.startswith("/"):
        return text, 0, None
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise ConfigError(f"{BROKER_VARIABLE}: expected HOST:PORT or a socket, got {text!r}")
    return host, int(port), None


def _ca_file(name: str, where: str) -> str | None:
    if name and name != SYSTEM_CAS and not Path(name).is_file():
        raise ConfigError(f"no certificate file {name!r} - at {where}")
    return name or None


def _changes(plain: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for key, value in plain.items():
        default = defaults.get(key)
        if isinstance(value, dict) and isinstance(default, dict):
            inner = _changes(value, default)
            if inner:
                changed[key] = inner
        elif value != default:
            changed[key] = value
    return changed


def _hide_passwords(plain: Any) -> None:  # noqa: ANN401 - plain JSON values
    if isinstance(plain, list | tuple):
        for item in plain:
            _hide_passwords(item)
    elif isinstance(plain, dict):
        for key, value in plain.items():
            _hide_passwords(value)
            if key == "password" and value:
                plain[key] = "***"
