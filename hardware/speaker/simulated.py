"""A loudspeaker that writes what it would play to WAV files and takes as long as a real one."""

import threading
import time
from pathlib import Path

from config import Clock
from hardware.speaker.sound import (
    NoOutputError,
    Sound,
    SoundCutError,
    SpeakerStoppedError,
    write_wav,
)

_LOOK_S = 0.02


class SimulatedSpeaker:
    """One WAV per sound in `directory`, named by time and sound; the newest `keep` stay.

    A file appears when its last sample has been played, on the one clock of the centre.
    """

    def __init__(self, directory: Path, clock: Clock, *, keep: int) -> None:
        self._directory = directory
        self._clock = clock
        self._keep = keep
        self._stopped = threading.Event()

    def output(self) -> str:
        """Return where the files go; raises NoOutputError when they cannot be written."""
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise NoOutputError(f"cannot write to {self._directory}: {error.strerror}") from error
        return str(self._directory)

    def play(self, sound: Sound, volume: float = 1.0, cut: threading.Event | None = None) -> None:
        """Take the time that `sound` takes, then write it as loud as it would be played.

        Of one that was cut off, what was heard is written.
        """
        self.output()
        began = self._clock.now()
        played_s = self._wait(sound, cut)
        if self._stopped.is_set():
            raise SpeakerStoppedError(f"stopped while playing {sound.name}")
        try:
            path = self._directory / f"{began:%Y%m%dT%H%M%S.%f}-{sound.name}.wav"
            write_wav(path, sound.part(0, played_s).at(volume))
            self._forget_old()
        except OSError as error:
            raise NoOutputError(f"cannot write to {self._directory}: {error.strerror}") from error
        if played_s is not None:
            raise SoundCutError(sound.name, played_s)

    def _wait(self, sound: Sound, cut: threading.Event | None) -> float | None:
        """Return after how many of its seconds it was cut off; None when it was heard whole."""
        whole_s = self._clock.real_s(sound.duration_s)
        if cut is None:
            self._stopped.wait(whole_s)
            return None
        began = time.monotonic()
        while (left_s := began + whole_s - time.monotonic()) > 0 and not self._stopped.is_set():
            if cut.wait(min(left_s, _LOOK_S)):
                return sound.duration_s * (1 - max(left_s - _LOOK_S, 0) / whole_s)
        return None

    def stop(self) -> None:
        """Cut off what is being played, for good."""
        self._stopped.set()

    def _forget_old(self) -> None:
        files = sorted(self._directory.glob("*.wav"))
        for old in files[: max(0, len(files) - self._keep)]:
            old.unlink(missing_ok=True)
