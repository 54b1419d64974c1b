"""Who is there: the statuses that devices publish, and which devices there are to be."""

import logging
import random
import threading
from collections.abc import Iterable

from bus.codec import MessageError, decode
from bus.mqtt import Account, MqttBus
from bus.port import Incoming
from bus.states import ConfigState, DeviceStatus
from bus.topics import Topics
from config import ConfigError, centre_from_wire

_log = logging.getLogger(__name__)

OBSERVER = "observer"


class Presence:
    """Follows the status of some devices and waits for them to come."""

    def __init__(self, account: Account, site: str, devices: Iterable[str]) -> None:
        self._topics = Topics(site)
        # Guards _statuses and wakes who waits for a device.
        self._changed = threading.Condition()
        self._statuses: dict[str, DeviceStatus] = {}
        self._roles: dict[str, str] | None = None
        self._bus = MqttBus(account, random.SystemRandom())
        self._bus.subscribe(self._topics.config(), self._take_config)
        for device in devices:
            self._bus.subscribe(self._topics.status(device), self._take)

    def start(self) -> None:
        """Begin to listen."""
        self._bus.start()

    def stop(self) -> None:
        """Listen no more."""
        self._bus.stop()

    def status(self, device: str) -> DeviceStatus | None:
        """Return the newest status of `device`, None before it was ever heard."""
        with self._changed:
            return self._statuses.get(device)

    def roles(self) -> dict[str, str] | None:
        """Return the devices of the configuration in force with their roles, None before it."""
        with self._changed:
            return self._roles

    def online(self, device: str) -> bool:
        """Return whether `device` says that it is there."""
        status = self.status(device)
        return status is not None and status.online

    def wait(self, timeout_s: float) -> None:
        """Return when any status changed, or after `timeout_s` seconds."""
        with self._changed:
            self._changed.wait(timeout_s)

    def _take(self, message: Incoming) -> None:
        levels = self._topics.split(message.topic)
        try:
            status = decode(DeviceStatus, message.payload)
        except MessageError:
            return
        with self._changed:
            self._statuses[levels[1]] = status
            self._changed.notify_all()

    def _take_config(self, message: Incoming) -> None:
        try:
            centre = centre_from_wire(decode(ConfigState, message.payload).centre)
        except (MessageError, ConfigError) as error:
            _log.warning("configuration not understood error=%s", error)
            return
        with self._changed:
            self._roles = {known.id: known.role.value for known in centre.devices}
            self._changed.notify_all()
