"""The port of a loudspeaker: it plays one sound at a time and tells the truth about it."""

import threading
from pathlib import Path
from typing import Protocol, assert_never

from config import Clock
from config.settings import SimulatedSpeaker as SimulatedSettings
from config.settings import SoundCard as SoundCardSettings
from config.settings import Speaker as SpeakerSettings
from hardware.speaker.sound import (
    SAMPLE_RATE,
    NoInputError,
    NoOutputError,
    PlaybackError,
    Sound,
    SoundCutError,
    SoundFormatError,
    SpeakerError,
    SpeakerStoppedError,
    read_wav,
    silence,
    write_wav,
)

__all__ = [
    "SAMPLE_RATE",
    "NoInputError",
    "NoOutputError",
    "PlaybackError",
    "Sound",
    "SoundCutError",
    "SoundFormatError",
    "Speaker",
    "SpeakerError",
    "SpeakerStoppedError",
    "open_speaker",
    "read_wav",
    "silence",
    "write_wav",
]


class Speaker(Protocol):
    """A loudspeaker. `play` belongs to one thread; the rest may be called from any."""

    def output(self) -> str:
        """Return the name of the output that would play now; raises NoOutputError."""

    def play(self, sound: Sound, volume: float = 1.0, cut: threading.Event | None = None) -> None:
        """Play `sound` and return after its last sample was played.

        `volume`, 0 to 1, is the part of the loudness that the box is set to. Raises
        NoOutputError, PlaybackError or SpeakerStoppedError when it was not played, SoundCutError
        when `cut` was set meanwhile.
        """

    def stop(self) -> None:
        """Cut off what is being played, for good: nothing is played any more."""


def open_speaker(settings: SpeakerSettings, directory: Path, device: str, clock: Clock) -> Speaker:
    """Return the speaker of `settings`; simulated ones write to `directory`/voice/`device`.

    A sound card is not touched before it is used, so it may come and go.
    """
    match settings:
        case SimulatedSettings():
            from hardware.speaker.simulated import SimulatedSpeaker  # noqa: PLC0415

            return SimulatedSpeaker(directory / "voice" / device, clock, keep=settings.keep)
        case SoundCardSettings():
            # Only a box with a sound card needs the library.
            from hardware.speaker.sound_card import SoundCardSpeaker  # noqa: PLC0415

            return SoundCardSpeaker(settings.output, settings.volume)
        case _:
            assert_never(settings)
