"""The loudspeakers a box may have."""

from typing import Annotated

from msgspec import Meta

from config.settings.base import Settings


class SimulatedSpeaker(Settings, frozen=True, kw_only=True, tag_field="driver", tag="simulated"):
    """A loudspeaker that writes what it would play to WAV files, in real durations."""

    keep: Annotated[int, Meta(ge=0)] = 200
    """How many of the newest announcements are kept on disk."""


class SoundCard(Settings, frozen=True, kw_only=True, tag_field="driver", tag="sound_card"):
    """The machine's sound output."""

    output: str = ""
    """Part of the output's name; empty takes the default output."""
    volume: Annotated[float, Meta(gt=0, le=1)] = 1.0
    """The loudest it may be; what managers and the hour set is a part of it."""


Speaker = SimulatedSpeaker | SoundCard
