"""How the running centre is: broker, service and devices."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

from appliance.connection import Connection
from appliance.doctor.finding import Finding, error, note, ok
from appliance.presence import Presence
from bus.states import DeviceStatus

_ANSWER_WITHIN_S = 1.0
_STATUSES_WITHIN_S = 3.0
_REST_WITHIN_S = 0.4
_SERVICE = "service"
_NEEDED_KINDS = frozenset({"kiosk", "board", "announcer", "sign"})


def answers(host: str, port: int) -> bool:
    """Return whether somebody listens there."""
    try:
        socket.create_connection((host, port), _ANSWER_WITHIN_S).close()
    except OSError:
        return False
    return True


def hear_statuses(connection: Connection) -> dict[str, DeviceStatus]:
    """Return what the devices of a running centre say of themselves."""
    name = min(connection.devices)
    presence = Presence(connection.account(name, "doctor"), connection.site, connection.devices)
    presence.start()
    try:
        deadline = time.monotonic() + _STATUSES_WITHIN_S
        while not presence.online(_SERVICE) and time.monotonic() < deadline:
            presence.wait(0.1)
        # What the broker keeps comes at once, in any order.
        quiet_from = time.monotonic() + _REST_WITHIN_S
        while (left := quiet_from - time.monotonic()) > 0:
            presence.wait(left)
        heard = {device: presence.status(device) for device in connection.devices}
    finally:
        presence.stop()
    return {device: status for device, status in heard.items() if status}


def check_broker(connection: Connection, statuses: dict[str, DeviceStatus]) -> Finding:
    """Say whether the broker took our account and told us anything."""
    host, port = connection.broker.host, connection.broker.port
    if not statuses:
        return error("broker", "broker_silent", host=host, port=port)
    return ok("broker", "is", what=f"{host}:{port}")


def check_devices(statuses: dict[str, DeviceStatus], data: Path) -> Iterator[Finding]:
    """Say which devices are there, and what they complain of."""
    service = statuses.get(_SERVICE)
    if service and service.online:
        yield ok("service")
    else:
        yield error("service", "service_gone", data=data)
    for device, status in sorted(statuses.items()):
        if device != _SERVICE:
            yield _device(device, status)


def _device(device: str, status: DeviceStatus) -> Finding:
    if not status.online:
        # A counter's window is closed in the evening; what the public sees and hears is not.
        since = status.at.astimezone().strftime("%H:%M")
        say = error if status.kind in _NEEDED_KINDS else note
        return say("device", "device_gone", device=device, since=since)
    if status.message:
        return note("device", "device_says", device=device, message=status.message)
    return ok("device", device=device)
