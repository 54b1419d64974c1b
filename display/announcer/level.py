"""How loud it is now, and whether calls are spoken at all."""

import datetime as dt
from collections.abc import Callable

from config import Centre
from config.settings import VoiceHours


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
