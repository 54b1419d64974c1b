"""When the loudspeakers speak, and how loud."""

import datetime as dt
from typing import Annotated

from msgspec import Meta

from config.settings.base import Settings, Window, Windows


class VolumeHours(Settings, frozen=True, kw_only=True):
    """How loud it is for a part of the day."""

    hours: str
    """Local time, such as `07:00-08:00`."""
    volume: Annotated[float, Meta(gt=0, le=1)]
    """Part of the loudness that the box and the managers set; for silence there is `quiet`."""


class VoiceHours(Settings, frozen=True, kw_only=True):
    """The parts of the day, local and the same every day, that are not as the others."""

    quiet: Windows = ()
    """Calls are shown, not spoken; emergencies are spoken."""
    volumes: tuple[VolumeHours, ...] = ()
    """At full loudness outside of these."""

    def is_quiet(self, at: dt.time) -> bool:
        """Return whether calls are not spoken at local time `at`."""
        return any(Window.parse(text).holds(at) for text in self.quiet)

    def volume_at(self, at: dt.time) -> float:
        """Return how loud it is at local time `at`, 0 to 1."""
        hours = (span for span in self.volumes if Window.parse(span.hours).holds(at))
        return next((span.volume for span in hours), 1.0)
