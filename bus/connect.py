"""Connect a device process to the broker."""

import random
from collections.abc import Callable
from datetime import datetime

from ulid import ULID

from bus.device import DeviceClock, DeviceLink, offline_will
from bus.mqtt import Account, MqttBus
from bus.topics import Topics


def new_id() -> str:
    """Return a new ULID."""
    return str(ULID())


def connect_device(
    account: Account,
    site: str,
    kind: str,
    *,
    now: Callable[[], datetime],
    monotonic: Callable[[], float],
    version: str = "",
    presence: bool = True,
) -> DeviceLink:
    """Return the link of the device `account.username`, with its will set; not started yet.

    Without `presence` it has no will and publishes no status: the device has another client.
    """
    topics = Topics(site)
    will = offline_will(topics, account.username, kind, now()) if presence else None
    return DeviceLink(
        MqttBus(account, random.Random(), will),
        topics,
        account.username,
        kind,
        clock=DeviceClock(now, monotonic),
        new_id=new_id,
        version=version,
        presence=presence,
    )
