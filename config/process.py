"""How every process starts: its arguments, environment and files, read once."""

import argparse
import faulthandler
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from bus.mqtt import SYSTEM_CAS, Account
from bus.states import MachineFacts
from config.clock import CLOCK_VARIABLE, Clock
from config.errors import ConfigError
from config.load import load_device
from config.machine import machine_facts
from config.settings import Device
from config.watchdog import Watchdog
from config.write import changes

BROKER_VARIABLE = "DENLUOT_BROKER"
STORE_VARIABLE = "DENLUOT_STORE"
"""The URL of the store where it is not in the data directory; it may hold a password."""
PASSWORD_FILE_VARIABLE = "DENLUOT_PASSWORD_FILE"  # noqa: S105 - the name of a variable
"""A file with the password at the broker, before that of the settings."""
T = TypeVar("T")
_LONGEST_PASSWORD = 1000
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
    server_name: str = ""
    others: tuple[tuple[str, int], ...] = ()
    watchdog: Watchdog = field(default_factory=Watchdog)
    password_file: Path | None = None

    def machine(self) -> MachineFacts:
        """Return how the machine is that this process runs on."""
        return machine_facts(self.data)

    def account(self, device: str, process: str) -> Account:
        """Return who `process` of `device` is to the broker, and how the broker proves itself."""
        return Account(
            self.host,
            self.port,
            process,
            device,
            self.password,
            self.ca_file,
            self.server_name,
            self.others,
            self.device.broker.subscribe_qos,
        )

    def account_beside(self, device: str, process: str) -> Account | None:
        """Return who another device of this machine is, whose password lies beside our own.

        None where none does; raises ConfigError for one that cannot be read.
        """
        file = self.password_file and self.password_file.with_name(device)
        if not file or not file.exists():
            return None
        return replace(self.account(device, process), password=read_password(file))


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
        password = _password(device, environment)
    except ConfigError as error:
        parser.exit(2, f"{error}\n")
    if arguments.print_config or arguments.print_config_changes:
        sys.stdout.write(settings_text(device, changes_only=arguments.print_config_changes))
        parser.exit()
    watchdog = Watchdog.of(environment)
    if watchdog.every_s:
        watchdog.write_hangs()
        faulthandler.enable(all_threads=False)  # of running threads from a handler: see write_hangs
    return Launch(
        arguments=arguments,
        device=device,
        data=arguments.data,
        clock=clock,
        host=host,
        port=port,
        password=password,
        password_file=_password_file(device, environment),
        ca_file=ca_file,
        server_name=device.broker.server_name,
        others=() if environment.get(BROKER_VARIABLE) else _others(device),
        watchdog=watchdog,
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
        plain = changes(settings)
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


def _others(device: Device) -> tuple[tuple[str, int], ...]:
    """Return the other nodes of the broker."""
    pairs = (text.rpartition(":") for text in device.broker.others)
    return tuple((host, int(port)) for host, _, port in pairs)


def _password(device: Device, environment: Mapping[str, str]) -> str:
    """Return the password at the broker: in no variable, which every process of a user can read."""
    file = _password_file(device, environment)
    return read_password(file) if file else device.broker.password


def _password_file(device: Device, environment: Mapping[str, str]) -> Path | None:
    name = environment.get(PASSWORD_FILE_VARIABLE) or device.broker.password_file
    return Path(name) if name else None


def read_password(path: Path, remedy: str = "pair this box by denluot join") -> str:
    """Return the first line of a password file; raises ConfigError that says the remedy."""
    try:
        with path.open(encoding="utf-8") as file:
            password = file.readline(_LONGEST_PASSWORD).rstrip("\r\n")
    except FileNotFoundError as error:
        raise ConfigError(f"no password file {path}: {remedy}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"password file {path} cannot be read: {error}") from error
    if not password:
        raise ConfigError(f"password file {path} is empty: {remedy}")
    return password


def _ca_file(name: str, where: str) -> str | None:
    if name and name != SYSTEM_CAS and not Path(name).is_file():
        raise ConfigError(f"no certificate file {name!r} - at {where}")
    return name or None


def _hide_passwords(plain: Any) -> None:  # noqa: ANN401 - plain JSON values
    if isinstance(plain, list | tuple):
        for item in plain:
            _hide_passwords(item)
    elif isinstance(plain, dict):
        for key, value in plain.items():
            _hide_passwords(value)
            if key == "password" and value:
                plain[key] = "***"
