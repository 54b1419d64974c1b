"""What devices say of themselves, and the alarms that follow."""

from bus import messages as m
from config.settings import Centre, KnownDevice, Role

_WATCHED = frozenset({Role.KIOSK, Role.BOARD, Role.ANNOUNCER})
_PRINTER_WELL = frozenset({None, "ready", "unknown"})


class Devices:
    """The last status of every device."""

    def __init__(self) -> None:
        self._statuses: dict[str, m.DeviceStatus] = {}

    def note(self, device: str, status: m.DeviceStatus) -> None:
        """Take what a device says of itself."""
        self._statuses[device] = status

    def board_there(self, centre: Centre) -> bool:
        """Return whether any board is known to be there, be it a page of the web."""
        return any(self._shows(known) for known in centre.devices)

    def announcer_there(self, centre: Centre) -> bool:
        """Return whether any announcer is known to be there."""
        there = (
            known.role is Role.ANNOUNCER and self._online(known.id) for known in centre.devices
        )
        return any(there)

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

    def _shows(self, known: KnownDevice) -> bool:
        """Return whether a device paints calls; `web` says how many of its boards do."""
        if known.role is Role.WEB:
            return self._online(known.id) and bool(self._statuses[known.id].health.get("boards"))
        return known.role is Role.BOARD and self._online(known.id)

    def _online(self, device: str) -> bool:
        status = self._statuses.get(device)
        return status is not None and status.online
