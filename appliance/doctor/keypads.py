"""The call keypads of this box."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from appliance.doctor.centre import answers
from appliance.doctor.finding import Finding, error, note, ok
from bus.health import KeypadHealth, KeypadUnit, KioskHealth
from bus.states import DeviceStatus
from bus.vocabulary import UnitState
from config import Centre, Device, Role
from config.settings import CallDevice, KeypadBox, MqttButtons, SerialKeypads, UsbKeypad


def check_keypads(
    device: Device, centre: Centre, statuses: dict[str, DeviceStatus]
) -> Iterator[Finding]:
    """Say how every keypad is; of those in use, the bridge that uses them knows."""
    for box in device.keypads:
        yield from _check_rights(box, centre)
        status = statuses.get(box.device)
        if status and status.online and isinstance(status.health, KeypadHealth):
            for unit, facts in status.health.units.items():
                yield unit_in_use(unit, facts)
            for button in status.health.pairing:
                yield note("keypad", "button_strange", name=button.unit)
        else:
            for choice in box.call_devices:
                yield check_place(choice)


def check_dispenser(
    device: Device, centre: Centre, statuses: dict[str, DeviceStatus]
) -> Iterator[Finding]:
    """Say how the push-buttons are that stand in for the kiosk's window, and what they ask for."""
    box = device.dispenser
    if box is None:
        return
    services = {service.code: service for service in centre.services}
    for name, button in sorted(box.buttons.items()):
        service = services.get(button.service)
        if service is None:
            yield error("dispenser", "dispenser_service", name=name, service=button.service)
        elif service.has_roll:
            yield error("dispenser", "dispenser_roll", name=name, service=button.service)
    status = statuses.get(device.kiosk.device)
    health = status.health if status and status.online else None
    if isinstance(health, KioskHealth) and health.buttons is not None:
        yield buttons_in_use(health.buttons)
    else:
        found = check_place(box.call_device)
        says = "dispenser_gone" if found.says == "keypad_gone" else found.says
        yield replace(found, subject="dispenser", says=says)


def buttons_in_use(state: UnitState) -> Finding:
    """Say what the kiosk says of its push-buttons."""
    if state in (UnitState.READY, UnitState.UNKNOWN):
        return ok("dispenser", "dispenser_ready")
    shared = state is UnitState.SHARED
    return (
        error("dispenser", "dispenser_shared") if shared else error("dispenser", "dispenser_gone")
    )


def check_place(choice: CallDevice) -> Finding:
    """Say whether what the bridge will open is there and may be opened."""
    match choice:
        case MqttButtons():
            return _check_broker(choice)
        case SerialKeypads():
            place = choice.url
        case UsbKeypad():
            place = choice.path
    if "://" in place:
        return ok("keypad", "is", name=choice.name, what=place)
    if not Path(place).exists():
        return error("keypad", "keypad_gone", name=choice.name, path=place)
    if not os.access(place, os.R_OK | os.W_OK):
        return error("keypad", "keypad_forbidden", name=choice.name, path=place)
    return ok("keypad", "is", name=choice.name, what=place)


def _check_broker(choice: MqttButtons) -> Finding:
    if choice.broker is None:
        return ok("keypad", "buttons_here", name=choice.name)
    host, port = choice.broker.host, choice.broker.port
    if answers(host, port):
        return ok("keypad", "is", name=choice.name, what=f"{host}:{port}")
    return error("keypad", "buttons_silent", name=choice.name, host=host, port=port)


def _check_rights(box: KeypadBox, centre: Centre) -> Iterator[Finding]:
    known = centre.device(box.device)
    if known is None or known.role is not Role.KEYPAD:
        yield error("keypad", "keypad_unknown", name=box.device)
        return
    wired = {number for choice in box.call_devices for number in choice.unit_names.values()}
    missing = sorted(wired - set(known.counters))
    if missing:
        numbers = ", ".join(str(number) for number in missing)
        yield error("keypad", "keypad_not_for", name=box.device, counters=numbers)


def unit_in_use(name: str, unit: KeypadUnit) -> Finding:
    """Say what the bridge says of one of its keypads."""
    counter = unit.counter
    match unit.state:
        case UnitState.READY:
            return ok("keypad", "keypad_ready", name=name, counter=counter)
        case UnitState.OFFLINE:
            return error("keypad", "keypad_offline", name=name, counter=counter)
        case UnitState.SILENT:
            return error("keypad", "keypad_silent", name=name, counter=counter)
        case UnitState.SHARED:
            return error("keypad", "keypad_shared", name=name, counter=counter)
        case UnitState.FAULT:
            return error("keypad", "device_fault", name=name, counter=counter)
        case _:
            return ok("keypad", "keypad_unheard", name=name, counter=counter)
