"""Every box of the site from one place: each says in its status how it is, or is named for it."""

import socket
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from appliance.connection import read_connection
from appliance.doctor.centre import answers
from appliance.doctor.finding import Finding, Level, error, note, ok
from appliance.doctor.keypads import buttons_in_use, unit_in_use
from appliance.doctor.printers import printer_in_use
from appliance.errors import ApplianceError
from appliance.presence import OBSERVER, Presence
from bus.health import (
    AnnouncerHealth,
    AnyHealth,
    BoardHealth,
    KeypadHealth,
    KioskHealth,
    ServiceHealth,
    SignHealth,
)
from bus.mqtt import Account
from bus.states import DeviceStatus, MachineFacts
from bus.versions import Standing, standing
from bus.vocabulary import SoundState, StoreState
from config import Device
from config.settings import Role
from provisioning.layout import Layout
from provisioning.site_server import OF_DEVICES

_HEAR_WITHIN_S = 8.0
_REST_WITHIN_S = 1.0
_SILENT_AFTER = timedelta(seconds=45)
"""Devices beat every 10 s: one that did not for so long hangs, whatever the broker knows."""
_UNSEEN = frozenset({Role.BUTTONS, Role.WEB_PUBLIC})
_NEEDED = frozenset({Role.KIOSK, Role.BOARD, Role.ANNOUNCER, Role.SIGN, Role.KEYPAD, Role.WEB})
"""Roles whose absence the public sees; a counter's window is closed in the evening."""
_OPTIONAL = frozenset({Role.SIGN, Role.KEYPAD})
"""Halls work without: one of these is missed only after it was there."""
_LOW_MB, _FULL_MB = 2000, 200
_CLOCK_OFF_S = 60
_SERVICE = "service"


def account_here(data: Path, device: Device, layout: Layout) -> tuple[Account, str]:
    """Return who may listen to the whole site from this machine, and the site's name.

    Raises ApplianceError on a machine that is neither the server nor runs the centre.
    """
    if (data / "connection.json").exists():
        connection = read_connection(data)
        return connection.account(min(connection.devices), "doctor"), connection.site
    file = layout.broker / OF_DEVICES / OBSERVER
    try:
        password = file.read_text("utf-8").strip()
    except OSError as failure:
        raise ApplianceError(
            f"{file}: {failure.strerror}; run it on the server: sudo denluot doctor --site"
        ) from failure
    return Account(str(layout.broker_socket), 0, "doctor", OBSERVER, password), device.site


def hear_site(account: Account, site: str) -> tuple[dict[str, str], dict[str, DeviceStatus]]:
    """Return the devices of the configuration in force with their roles, and their statuses.

    Both are empty where no broker answers, or none that knows a configuration.
    """
    if not _answers(account):
        return {}, {}
    first = Presence(account, site, [_SERVICE])
    first.start()
    try:
        deadline = time.monotonic() + _HEAR_WITHIN_S
        while (roles := first.roles()) is None and time.monotonic() < deadline:
            first.wait(0.1)
    finally:
        first.stop()
    if roles is None:
        return {}, {}
    presence = Presence(account, site, {*roles, _SERVICE})
    presence.start()
    try:
        deadline = time.monotonic() + _HEAR_WITHIN_S
        wanted = {device for device, role in roles.items() if role not in _UNSEEN}
        while time.monotonic() < deadline:
            presence.wait(_REST_WITHIN_S)
            if all(presence.status(device) for device in wanted):
                break
        heard = {device: presence.status(device) for device in {*roles, _SERVICE}}
    finally:
        presence.stop()
    return roles, {device: status for device, status in heard.items() if status}


def _answers(account: Account) -> bool:
    if not account.host.startswith("/"):
        return answers(account.host, account.port)
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(account.host) == 0


def check_site(
    roles: Mapping[str, str], statuses: Mapping[str, DeviceStatus], *, silence: bool = True
) -> Iterator[Finding]:
    """Say how every device of the site is, the service first.

    Without `silence`, as on a clock of its own speed, none is judged by when it last spoke.
    """
    service = statuses.get(_SERVICE)
    if service is None or not service.online:
        yield error("service", "site_service_gone")
        return
    yield from _trouble(_SERVICE, service) or [ok("service")]
    for device in sorted(roles):
        if device != _SERVICE and roles[device] not in _UNSEEN:
            yield from _device(device, roles[device], statuses.get(device), service, silence)
    yield from _machines(statuses)


def _device(
    device: str, role: str, status: DeviceStatus | None, service: DeviceStatus, silence: bool
) -> Iterator[Finding]:
    say = error if role in _NEEDED else note
    if status is None:
        say = note if role in _OPTIONAL else say
        yield say("device", "device_never", device=device)
        return
    if not status.online:
        since = status.at.astimezone().strftime("%H:%M")
        yield say("device", "device_gone", device=device, since=since)
        return
    if silence and service.at - status.at > _SILENT_AFTER:
        since = status.at.astimezone().strftime("%H:%M")
        yield error("device", "device_hangs", device=device, since=since)
        return
    found = [*_version(device, status, service), *_trouble(device, status)]
    if not found and status.message:
        found = [note("device", "device_says", device=device, message=status.message)]
    yield from found or [ok("device", device=device)]


def _version(device: str, status: DeviceStatus, service: DeviceStatus) -> Iterator[Finding]:
    match standing(status.version, service.version):
        case Standing.TOO_OLD:
            yield error("device", "version_too_old", device=device, version=status.version)
        case Standing.BEHIND:
            yield note(
                "device",
                "version_behind",
                device=device,
                version=status.version,
                centre=service.version,
            )
        case Standing.AHEAD:
            yield note(
                "device",
                "version_ahead",
                device=device,
                version=status.version,
                centre=service.version,
            )
        case Standing.SAME | Standing.UNKNOWN:
            pass


def _trouble(device: str, status: DeviceStatus) -> list[Finding]:
    """Return what a device says is wrong with it, each with what to do."""
    return [each for each in _health(device, status.health) if each.level is not Level.OK]


def _health(device: str, health: AnyHealth | None) -> Iterator[Finding]:
    match health:
        case KioskHealth():
            yield from _kiosk(device, health)
        case AnnouncerHealth(sound=SoundState.NONE | SoundState.FAULT):
            yield error("device", "site_sound", device=device)
        case AnnouncerHealth(volume=0.0):
            yield note("device", "site_volume", device=device)
        case BoardHealth(stale=True) | SignHealth(stale=True):
            yield error("device", "site_stale", device=device)
        case SignHealth() if health.troubled:
            yield error("device", "site_sign", device=device, counters=health.troubled)
        case KeypadHealth():
            yield from (unit_in_use(name, unit) for name, unit in health.units.items())
        case ServiceHealth(store=StoreState.FAILED):
            yield error("service", "site_store")
        case _:
            pass


def _kiosk(device: str, health: KioskHealth) -> Iterator[Finding]:
    for name in tuple(health.printers) or (device,):
        yield printer_in_use(name, health)
    if health.buttons is not None:
        yield buttons_in_use(health.buttons)
    for number in health.lost_papers:
        yield note("device", "paper_lost", device=device, number=number)


def _machines(statuses: Mapping[str, DeviceStatus]) -> Iterator[Finding]:
    """Say how each machine is, once, however many devices it is."""
    machines: dict[str, tuple[datetime, MachineFacts]] = {}
    for status in statuses.values():
        facts = status.machine if status.online else None
        if facts and (facts.name not in machines or machines[facts.name][0] < status.at):
            machines[facts.name] = (status.at, facts)
    for name, (_, facts) in sorted(machines.items()):
        yield from _machine(name, facts)


def _machine(name: str, facts: MachineFacts) -> Iterator[Finding]:
    free = facts.disk_free_mb
    if free is not None and free < _FULL_MB:
        yield error("machine", "disk_full", name=name, free_mb=free)
    elif free is not None and free < _LOW_MB:
        yield note("machine", "disk_low", name=name, free_gb=round(free / 1000, 1))
    elif free is not None:
        yield ok("machine", "disk_free", name=name, free_gb=round(free / 1000, 1))
    if abs(facts.clock_ahead_s) >= _CLOCK_OFF_S:
        yield error("machine", "clock_off", name=name, minutes=round(facts.clock_ahead_s / 60))
