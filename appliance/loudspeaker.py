"""Whether this machine can be heard."""

from pathlib import Path

from config import Clock
from config.settings import SoundCard
from hardware.speaker import SpeakerError, open_speaker


def has_sound(data: Path) -> bool:
    """Return whether a sound output would play now."""
    speaker = open_speaker(SoundCard(), data, "announcer-1", Clock())
    try:
        speaker.output()
    except SpeakerError:
        return False
    finally:
        speaker.stop()
    return True
