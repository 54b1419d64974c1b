"""How the devices around the counter are, in one line."""

from dataclasses import dataclass

from bus.health import printer_trouble
from bus.states import DeviceStatus
from config.settings import Centre, Role
from hall.counter.alarms import device_place, printer_words, silent_devices
from hall.counter.situation import Situation
from hall.counter.words import translate

_KEYPAD_LOST = frozenset({"offline", "silent", "shared"})


@dataclass(frozen=True, slots=True)
class Health:
    """A line, and whether it is good news."""

    text: str
    good: bool


def health_of(at: Situation) -> Health:
    """Return the first trouble, or that the keypad, or else the link, is well.

    Devices that did not announce a call stay named here until they announce again.
    """
    if not at.live:
        return Health(translate("panel", "Kết nối: mất"), good=False)
    for alarm in at.state.alarms if at.state else ():
        if alarm.kind == "unannounced":
            text = translate("panel", "{0} không phản hồi")
            return Health(text.format(silent_devices(at, alarm)), good=False)
    keypads = _heard(at, Role.KEYPAD)
    if any(_is_lost(at.devices[device], at.counter) for device in keypads):
        return Health(translate("panel", "Bàn phím: mất kết nối"), good=False)
    trouble = _kiosk_trouble(at)
    if trouble:
        return Health(trouble, good=False)
    if any(_own_keypads(at.devices[device], at.counter) != [] for device in keypads):
        return Health(translate("panel", "Bàn phím: tốt"), good=True)
    return Health(translate("panel", "Kết nối: tốt"), good=True)


def _heard(at: Situation, role: Role) -> list[str]:
    """Return the devices of a role that serve this counter and have ever been heard."""
    return [device for device in _known(at.centre, role, at.counter) if device in at.devices]


def _own_keypads(keypads: DeviceStatus, counter: int) -> list[object] | None:
    """Return the states of this counter's keypads on a box; None where the box says of none."""
    units = keypads.health.get("units")
    if not isinstance(units, dict):
        return None
    own = [unit for unit in units.values() if isinstance(unit, dict)]
    return [unit.get("state") for unit in own if unit.get("counter") == counter]


def _is_lost(keypads: DeviceStatus, counter: int) -> bool:
    """Return whether a box of keypads is gone, or the one of this counter on it."""
    own = _own_keypads(keypads, counter) or ()
    return not keypads.online or any(state in _KEYPAD_LOST for state in own)


def _known(centre: Centre | None, role: Role, counter: int) -> list[str]:
    return [
        device.id
        for device in (centre.devices if centre else ())
        if device.role is role and (not device.counters or counter in device.counters)
    ]


def _kiosk_trouble(at: Situation) -> str:
    for device in _heard(at, Role.KIOSK):
        status = at.devices[device]
        place = device_place(at.centre, device, at.lang)
        if not status.online:
            return translate("panel", "{0}: mất kết nối").format(place)
        if trouble := printer_trouble(status.health):
            return f"{place}: {printer_words(trouble)}"
    return ""
