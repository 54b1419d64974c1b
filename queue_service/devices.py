"""What devices say of themselves, and the alarms that follow."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bus import states
from bus.health import BoardHealth, KioskHealth, SignHealth, WebHealth, health_as
from bus.versions import too_old
from bus.vocabulary import MOST_LISTED, AlarmKind
from config.settings import Centre, KnownDevice, Role
from queue_service.announcements import Zone
from queue_service.board_revs import BEHIND_AFTER_S

_PAPERS = {AlarmKind.NUMBER_REFUSED: "refused", AlarmKind.PAPER_LOST: "lost_papers"}
"""Where a kiosk's health lists numbers that staff should look after."""
_LONGEST_NUMBER = 8
_WATCHED = frozenset({Role.KIOSK, Role.BOARD, Role.ANNOUNCER, Role.SIGN, Role.KEYPAD})
_OPTIONAL = frozenset({Role.KIOSK, Role.SIGN, Role.KEYPAD})
"""Halls work without; one of these is missed only after it was there."""
_ANSWER_WITHIN_S = 10.0
"""How long after the link came back a device may take to be heard again."""
_INTRODUCE_WITHIN_S = 5.0
"""How long after the first link an announcer that is there may take to be heard at all."""
_APPEAR_WITHIN_S = 30.0
"""How long after that the first board and the first announcer may take to start."""


@dataclass(frozen=True, slots=True)
class _LastStatus:
    status: states.DeviceStatus
    since: float
    confirmed: bool = True
    """CallAck since the link was last lost."""


class Devices:
    """The last status of every device.

    `now` is the centre's monotonic clock; `real_s` turns its seconds into the wall's, in which
    devices and networks answer however fast the centre's clock runs.
    """

    def __init__(self, real_s: Callable[[float], float]) -> None:
        self._real_s = real_s
        self._known: dict[str, _LastStatus] = {}
        self._linked: tuple[datetime, float] | None = None

    def note(self, device: str, status: states.DeviceStatus, now: float) -> bool:
        """Take what a device says of itself; return whether it came, or came back."""
        known = self._known.get(device)
        same = known and known.confirmed and known.status.online == status.online
        self._known[device] = _LastStatus(status, known.since if known and same else now)
        return status.online and not same

    def too_old(self, device: str) -> bool:
        """Return whether a device says that it runs a version which has to be upgraded first."""
        known = self._known.get(device)
        return known is not None and too_old(known.status.version)

    def take_link(self, at: datetime, now: float, *, up: bool) -> None:
        """Note that the service's own link came or went; what was known is then in doubt."""
        if up:
            self._linked = (at, now)
            return
        self._linked = None
        self._known = {d: replace(known, confirmed=False) for d, known in self._known.items()}

    def unsettled(self, now: float) -> bool:
        """Return whether time alone may yet raise an alarm."""
        news = [known.since for known in self._known.values()]
        news += [self._linked[1]] if self._linked else []
        return bool(news) and self._real_s(now - max(news)) <= _APPEAR_WITHIN_S

    def zone(self, centre: Centre, counter: int, now: float) -> Zone:
        """Return the boards and announcers that show and speak the calls of `counter`."""
        boards = [known for known in centre.devices if self._shows(known, counter)]
        announcers = centre.announcers_of(counter)
        return Zone(
            boards={b.id: self._known[b.id].since for b in boards if self._there(b, now)},
            announcers=tuple(announcer.id for announcer in announcers),
            voices={a.id: since for a in announcers if (since := self._voice(a, now)) is not None},
        )

    def offline_kiosks(self, centre: Centre, now: float) -> frozenset[str]:
        """Return the kiosks that were there and have no link now."""
        kiosks = {known.id for known in centre.devices if known.role is Role.KIOSK}
        return frozenset(k for k in kiosks & self._known.keys() if not self._online(k, now))

    def alarms(self, centre: Centre, now: float) -> tuple[states.Alarm, ...]:
        """Return one alarm per watched device that is gone, or whose printer or signs are."""
        return tuple(
            alarm for known in centre.devices for alarm in self._alarms(centre, known, now)
        )

    def behind(
        self, centre: Centre, epoch: str, rev: int | None, now: float
    ) -> tuple[states.Alarm, ...]:
        """Return one alarm per board that is there and does not yet show `rev` of `epoch`."""
        alarms = []
        for known in centre.devices:
            if rev is None or known.role is not Role.BOARD or not self._there(known, now):
                continue
            heard = self._known[known.id]
            shown = health_as(BoardHealth, heard.status.health)
            new = self._real_s(now - heard.since) < BEHIND_AFTER_S
            if new or shown.rev is None or not heard.confirmed:
                continue
            if shown.rev < rev or shown.epoch != epoch:
                at = heard.status.at
                alarms.append(states.Alarm(kind=AlarmKind.BOARD_BEHIND, at=at, source=known.id))
        return tuple(alarms)

    def _alarms(self, centre: Centre, known: KnownDevice, now: float) -> Iterator[states.Alarm]:
        if known.role not in _WATCHED:
            return
        heard = self._known.get(known.id)
        if heard is None:
            if self._linked and self._is_missed(centre, known, now):
                yield states.Alarm(
                    kind=AlarmKind.DEVICE_OFFLINE, at=self._linked[0], source=known.id
                )
            return
        trouble = health_as(KioskHealth, heard.status.health).trouble
        counters = health_as(SignHealth, heard.status.health).troubled
        if not self._online(known.id, now):
            yield states.Alarm(kind=AlarmKind.DEVICE_OFFLINE, at=heard.status.at, source=known.id)
        elif known.role is Role.KIOSK and trouble:
            yield states.Alarm(
                kind=AlarmKind.PRINTER, at=heard.status.at, source=known.id, detail=trouble
            )
        elif known.role is Role.SIGN and counters:
            yield states.Alarm(
                kind=AlarmKind.SIGN, at=heard.status.at, source=known.id, detail=counters
            )
        if known.role is Role.KIOSK:
            yield from _paper_alarms(known.id, heard.status)

    def _is_missed(self, centre: Centre, known: KnownDevice, now: float) -> bool:
        """Return whether a device that was never heard is the only hope of its kind."""
        if known.role in _OPTIONAL or self._linked_for_s(now) <= _APPEAR_WITHIN_S:
            return False
        others = (other for other in centre.devices if _role(other) is _role(known))
        return not any(self._there(other, now) for other in others)

    def _voice(self, known: KnownDevice, now: float) -> float | None:
        """Return since when an announcer is there; None when it is not.

        Statuses come one by one after a start: the first to be heard is not the only one there.
        """
        if known.id in self._known:
            return self._known[known.id].since if self._there(known, now) else None
        if self._linked and self._linked_for_s(now) <= _INTRODUCE_WITHIN_S:
            return self._linked[1]
        return None

    def _shows(self, known: KnownDevice, counter: int) -> bool:
        """Return whether a device shows a counter's calls, as it says or is known."""
        if _role(known) is not Role.BOARD:
            return False
        heard = self._known.get(known.id)
        own = health_as(BoardHealth, heard.status.health).counters if heard else ()
        counters = own or known.counters
        return not counters or counter in counters

    def _there(self, known: KnownDevice, now: float) -> bool:
        """Return whether a device is there; `web` is a board while pages are that have a name."""
        if not self._online(known.id, now):
            return False
        health = health_as(WebHealth, self._known[known.id].status.health)
        return known.role is not Role.WEB or bool(health.boards)

    def _online(self, device: str, now: float) -> bool:
        known = self._known.get(device)
        if known is None or not known.status.online:
            return False
        return known.confirmed or self._linked_for_s(now) <= _ANSWER_WITHIN_S

    def _linked_for_s(self, now: float) -> float:
        """Return real seconds since the link came; 0 while it is down."""
        return self._real_s(now - self._linked[1]) if self._linked else 0.0


def _role(known: KnownDevice) -> Role:
    """Return a device's role in the hall: pages of the web are boards."""
    return Role.BOARD if known.role is Role.WEB else known.role


def _paper_alarms(kiosk: str, status: states.DeviceStatus) -> Iterator[states.Alarm]:
    """Return the numbers whose people a kiosk could not help; each is the alarm's source."""
    health = health_as(KioskHealth, status.health)
    refused = tuple(refused.number for refused in health.refused)
    for kind, numbers in (
        (AlarmKind.NUMBER_REFUSED, refused),
        (AlarmKind.PAPER_LOST, health.lost_papers),
    ):
        for number in numbers[:MOST_LISTED]:
            yield states.Alarm(
                kind=kind, at=status.at, source=str(number)[:_LONGEST_NUMBER], detail=kiosk
            )
