"""What devices say of themselves, and the alarms that follow."""

from bus import messages as m
from config.settings import Centre, Role

_WATCHED = frozenset({Role.KIOSK, Role.BOARD, Role.ANNOUNCER})
_PRINTER_WELL = frozenset({None, "ready", "unknown"})


class Devices:
    """The last status of every device."""

    def __init__(self) -> None:
        self._statuses: dict[str, m.DeviceStatus] = {}

    def note(self, device: str, status: m.DeviceStatus) -> None:
        """Take what a device says of itself."""
        self._statuses[device] = status

    def any_online(self, centre: Centre, role: Role) -> bool:
        """Return whether a device of `role` is known to be there."""
        return any(known.role is role and self._online(known.id) for known in centre.devices)

    def alarms(self, centre: Centre) -> tuple[m.Alarm, ...]:
        """Return one alarm per watched device that is gone, or whose printer is in trouble."""
        alarms = []
        for known in centre.devices:
            status = self._statuses.get(known.id)
            if status is None or known.role not in _WATCHED:
                continue
            printer = status.health.get("printer")
            if not status.online:
                alarms.append(m.Alarm(kind="device_offline", at=status.at, source=known.id))
            elif known.role is Role.KIOSK and printer not in _PRINTER_WELL:
                alarms.append(
                    m.Alarm(kind="printer", at=status.at, source=known.id, detail=str(printer))
                )
        return tuple(alarms)

    def _online(self, device: str) -> bool:
        status = self._statuses.get(device)
        return status is not None and status.online
