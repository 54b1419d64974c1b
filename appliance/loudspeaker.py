"""Whether this machine can be heard."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import Clock
from config.settings import SoundCard
from hardware.speaker import SpeakerError, open_speaker

_STDERR = 2


def has_sound(data: Path) -> bool:
    """Return whether a sound output would play now."""
    with _quiet():
        speaker = open_speaker(SoundCard(), data, "announcer-1", Clock())
        try:
            speaker.output()
        except SpeakerError:
            return False
        finally:
            speaker.stop()
        return True


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the sound libraries' own complaints about missing devices off the terminal."""
    kept = os.dup(_STDERR)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STDERR)
    try:
        yield
    finally:
        os.dup2(kept, _STDERR)
        os.close(kept)
        os.close(nowhere)
