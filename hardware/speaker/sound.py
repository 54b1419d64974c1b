"""A sound as plain samples, its WAV file, and what can go wrong with a loudspeaker."""

import wave
from array import array
from dataclasses import dataclass, replace
from pathlib import Path


class SpeakerError(Exception):
    """The base of the loudspeaker's errors; the message says what to do."""


class SoundFormatError(SpeakerError):
    """A file is not a sound that can be played: mono 16-bit PCM WAV."""


class NoOutputError(SpeakerError):
    """There is no sound output, so nothing can be heard."""


class NoInputError(SpeakerError):
    """There is no microphone, so nothing can be recorded."""


class PlaybackError(SpeakerError):
    """The output took the sound but did not play it to its end."""


class SpeakerStoppedError(SpeakerError):
    """The speaker was stopped before the last sample was played."""


class SoundCutError(SpeakerError):
    """Whoever plays a sound cut it off after `played_s`."""

    def __init__(self, name: str, played_s: float) -> None:
        super().__init__(f"{name} was cut off after {played_s:.1f} s")
        self.played_s = played_s


SAMPLE_RATE = 22050
_BYTES = 2


@dataclass(frozen=True, slots=True)
class Sound:
    """Mono 16-bit little-endian samples, ready to be played."""

    name: str
    samples: bytes
    rate: int = SAMPLE_RATE

    @property
    def duration_s(self) -> float:
        """Return how long it takes to play."""
        return len(self.samples) / (_BYTES * self.rate)

    def part(self, from_s: float, to_s: float | None = None) -> "Sound":
        """Return what is between two of its seconds."""
        begin = _BYTES * round(from_s * self.rate)
        end = len(self.samples) if to_s is None else _BYTES * round(to_s * self.rate)
        return replace(self, samples=self.samples[begin:end])

    def at(self, volume: float) -> "Sound":
        """Return it at `volume`, 0 to 1."""
        if volume >= 1:
            return self
        values = array("h", self.samples)
        quieter = array("h", [round(value * volume) for value in values])
        return replace(self, samples=quieter.tobytes())


def silence(seconds: float, rate: int = SAMPLE_RATE) -> bytes:
    """Return the samples of a pause."""
    return bytes(_BYTES * round(seconds * rate))


def read_wav(path: Path) -> Sound:
    """Return the sound of a mono 16-bit PCM file; raises SoundFormatError."""
    try:
        with wave.open(str(path), "rb") as file:
            channels, width, rate, frames = file.getparams()[:4]
            samples = file.readframes(frames)
    except (OSError, EOFError, RuntimeError, wave.Error) as error:
        raise SoundFormatError(f"{path}: is not a readable WAV file: {error}") from error
    if (channels, width) != (1, _BYTES):
        raise SoundFormatError(
            f"{path}: has {channels} channels of {8 * width} bit; needs mono 16-bit PCM"
        )
    if not samples:
        raise SoundFormatError(f"{path}: holds no sound")
    if len(samples) != _BYTES * frames:
        raise SoundFormatError(f"{path}: is cut short; copy it again")
    return Sound(path.stem, samples, rate)


def write_wav(path: Path, sound: Sound) -> None:
    """Write `sound` to `path`; the file appears whole or not at all."""
    part = path.with_suffix(".part")
    with part.open("wb") as plain, wave.open(plain, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(_BYTES)
        file.setframerate(sound.rate)
        file.writeframes(sound.samples)
    part.replace(path)
