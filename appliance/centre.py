"""The whole centre on one machine: broker, processes, connection file, until told to stop."""

import logging
import os
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from appliance.connection import (
    FILE_NAME as CONNECTION_FILE,
)
from appliance.connection import (
    Account as DeviceAccount,
)
from appliance.connection import (
    Broker,
    Connection,
    remove_connection,
    write_connection,
)
from appliance.errors import ApplianceError
from appliance.plan import Options, Program, programs
from appliance.presence import OBSERVER, Presence
from appliance.supervisor import BrokerKeeper, Supervisor, keep_small
from bus.broker import PrivateBroker
from bus.health import ServiceHealth, health_as
from bus.mqtt import Account
from bus.vocabulary import StoreState
from config import CLOCK_VARIABLE, Centre, Clock, Device, Stopping
from config.durable import data_directory
from config.process import BROKER_VARIABLE, PASSWORD_FILE_VARIABLE, STORE_VARIABLE
from config.settings import SimulatedSpeaker
from config.write import to_toml

_log = logging.getLogger(__name__)

_READY_WITHIN_S = 60.0
_TEND_EVERY_S = 0.25
_EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, not listened on
_OURS = {"service": "service", OBSERVER: OBSERVER}
Progress = Callable[[str], None]


class RunningCentre:
    """Start and keep up everything that `denluot run` promises.

    `environment` is what the processes inherit. Raises ApplianceError or BrokerError from
    `start` when something cannot work; then nothing is left running.
    """

    def __init__(
        self,
        centre: Centre,
        device: Device,
        options: Options,
        *,
        clock: Clock,
        mqtt_port: int,
        environment: Mapping[str, str],
    ) -> None:
        self._device = device
        self._options = options
        self._clock = clock
        self._inherited = dict(environment)
        site = centre.identity.site
        roles = {known.id: known.role.value for known in centre.devices}
        roles |= _OURS
        self._directory = options.data / "run"
        self.broker = PrivateBroker(self._directory / "broker", site, roles, mqtt_port)
        self._site = site
        self._roles = roles
        self._device_file = self._directory / "device.toml"
        self.plan = programs(device, options, self._device_file)
        self.supervisor = Supervisor(options.data / "log", self._environment)
        self._broker_keeper = BrokerKeeper(
            self.broker,
            lambda: write_connection(options.data, self._connection()),
            time.monotonic,
        )
        self.presence = Presence(
            Account(
                str(self.broker.socket),
                0,
                "appliance",
                OBSERVER,
                self.broker.passwords[OBSERVER],
            ),
            site,
            roles,
        )

    @property
    def web_address(self) -> str:
        """Return the address of the web page, as it is reached from this machine."""
        box = self._device.web
        scheme = "https" if box.certificate else "http"
        host = "127.0.0.1" if box.host in _EVERYWHERE else box.host
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{box.port}"

    @property
    def speaks_to_files(self) -> bool:
        """Return whether announcements are written instead of played."""
        return isinstance(self._device.announcer.speaker, SimulatedSpeaker)

    def start(self, progress: Progress) -> None:
        """Start everything and wait until it is ready; `progress` is told what comes up."""
        self._directory.mkdir(parents=True, exist_ok=True)
        remove_connection(self._options.data)
        self._device_file.unlink(missing_ok=True)
        self._device_file.touch(mode=0o600)  # it may hold the password of the buttons' broker
        self._device_file.write_text(to_toml(self._device))
        try:
            self.broker.start()
            self.presence.start()
            progress("broker")
            service, *others = self.plan
            self.supervisor.start(service)
            self._await_ready([service], progress)
            self._require_store()
            self._await_config()
            for program in others:
                self.supervisor.start(program)
            self._await_ready(others, progress)
        except BaseException:
            self.stop()
            raise
        write_connection(self._options.data, self._connection())

    def tend(self, stopping: Stopping) -> None:
        """Keep everything up until a signal has come or every window was closed."""
        while not stopping.wait(_TEND_EVERY_S):
            self.supervisor.tend()
            self._broker_keeper.tend()
            self._follow_config()
            keep_small(self.broker.log)
            if self.supervisor.all_windows_closed():
                return

    def stop(self) -> None:
        """End everything in good order; nothing is left behind."""
        remove_connection(self._options.data)
        self.presence.stop()
        self.supervisor.stop()
        self.broker.stop()

    def _await_ready(self, awaited: list[Program], progress: Progress) -> None:
        missing = [program for program in awaited if program.device]
        deadline = time.monotonic() + _READY_WITHIN_S
        while missing:
            for program in [p for p in missing if p.device and self.presence.online(p.device)]:
                missing.remove(program)
                progress(program.name)
            if not missing:
                return
            self.supervisor.tend()
            names = ", ".join(program.name for program in missing)
            crashed = [p for p in missing if p.name in self.supervisor.crashed()]
            if crashed or time.monotonic() > deadline:
                raise ApplianceError(
                    f"not ready: {names}; see {self._options.data / 'log'}/\n"
                    + self._last_lines(crashed or missing)
                )
            self.presence.wait(0.1)

    def _await_config(self) -> None:
        """Know the devices of the version in force, which may be newer than the file."""
        deadline = time.monotonic() + _READY_WITHIN_S
        while self.presence.roles() is None and time.monotonic() < deadline:
            self.presence.wait(0.1)
        self._follow_config()

    def _follow_config(self) -> None:
        """Give every device of the version in force its account; what runs here keeps its own."""
        known = self.presence.roles()
        if known is None:
            return
        started = {program.device for program in self.plan}
        kept = {device: role for device, role in self._roles.items() if device in started}
        roles = kept | known | _OURS
        if roles == self._roles:
            return
        new, gone = roles.keys() - self._roles.keys(), self._roles.keys() - roles.keys()
        _log.info("accounts changed new=%s gone=%s", sorted(new), sorted(gone))
        self._roles = roles
        self.broker.change_accounts(roles)
        if (self._options.data / CONNECTION_FILE).exists():
            write_connection(self._options.data, self._connection())

    def _require_store(self) -> None:
        """Raise ApplianceError when the service found its store damaged and stands by."""
        status = self.presence.status("service")
        if (
            status is not None
            and health_as(ServiceHealth, status.health).store is StoreState.FAILED
        ):
            raise ApplianceError(status.message or "the store failed its check")

    def _last_lines(self, failed: list[Program]) -> str:
        lines = []
        for program in failed:
            file = self._options.data / "log" / f"{program.name}.log"
            if file.exists():
                tail = file.read_text(errors="replace").splitlines()[-4:]
                lines += [f"  {program.name}: {line}" for line in tail]
        return "\n".join(lines)

    def _environment(self, program: Program) -> dict[str, str]:
        variables = {
            **self._inherited,
            BROKER_VARIABLE: str(self.broker.socket),
            CLOCK_VARIABLE: str(self._clock),
            "PYTHONUNBUFFERED": "1",
        }
        if program.device:
            variables[PASSWORD_FILE_VARIABLE] = str(self.broker.password_file(program.device))
        if self._options.store:
            variables[STORE_VARIABLE] = self._options.store
        if self._options.headless:
            variables["QT_QPA_PLATFORM"] = "offscreen"
        return variables

    def _connection(self) -> Connection:
        return Connection(
            site=self._site,
            broker=Broker(self.broker.host, self.broker.port, str(self.broker.socket)),
            web=self.web_address,
            devices={
                device: DeviceAccount(device, password)
                for device, password in self.broker.passwords.items()
                if device != OBSERVER
            },
            clock=str(self._clock),
        )


def port_is_free(host: str, port: int) -> bool:
    """Return whether nobody listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def lock_data(data: Path) -> int:
    """Take the data directory for this run alone and return the lock's descriptor.

    Raises ApplianceError when another centre runs on it, ConfigError when it cannot be written.
    """
    import fcntl  # noqa: PLC0415 - Linux only, as is running a whole centre

    data_directory(data)
    descriptor = os.open(data / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise ApplianceError(
            f"a centre already runs on {data}/: stop it, or choose another directory with --data"
        ) from error
    return descriptor
