"""What the centre's settings make of an announcer: its counters, its deputy, and how loud."""

import datetime as dt
from collections.abc import Callable

from config import Centre, Role
from config.settings import VoiceHours


def counters_of(centre: Centre, device: str) -> frozenset[int] | None:
    """Return the counters whose calls `device` speaks without being told; None means all.

    One that the centre does not know is no second voice: it speaks only where there is no other.
    """
    known = {counter.number for counter in centre.counters}
    own = {n for n in known if [first.id for first in centre.announcers_of(n)[:1]] == [device]}
    has_voices = any(one.role is Role.ANNOUNCER for one in centre.devices)
    return frozenset(own) if has_voices and own != known else None


def has_deputy(centre: Centre, device: str) -> bool:
    """Return whether another announcer may take calls of `device` over."""
    zones = ({known.id for known in centre.announcers_of(c.number)} for c in centre.counters)
    return any(device in zone and len(zone) > 1 for zone in zones)


class Level:
    """What the managers' order and the hour make of the box's own loudness."""

    def __init__(self, now: Callable[[], dt.datetime], managers: float = 1.0) -> None:
        """Go by `now`, the service's time; `managers` is the volume that was last ordered."""
        self.managers = managers
        self._now = now
        self._hours = VoiceHours()
        self._zone: dt.tzinfo | None = None

    def follow(self, centre: Centre) -> None:
        """Go by the hours of `centre`; raises ValueError or KeyError when they are none."""
        hours, zone = centre.voice, centre.identity.zone
        hours.is_quiet(dt.time())
        hours.volume_at(dt.time())
        self._hours, self._zone = hours, zone

    @property
    def quiet(self) -> bool:
        """Return whether these are quiet hours, in which only emergencies are spoken."""
        return self._hours.is_quiet(self._local())

    @property
    def volume(self) -> float:
        """Return with which part of the box's loudness calls are spoken now."""
        return self.managers * self._hours.volume_at(self._local())

    def _local(self) -> dt.time:
        return self._now().astimezone(self._zone).time()
