"""Free text as sound, by the `espeak-ng` program in its own process."""

import math
import shutil
import subprocess
import tempfile
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from hardware.speaker import SAMPLE_RATE, Sound, SoundFormatError, read_wav
from voice.errors import SpeechError, SpeechMissingError

PROGRAM = "espeak-ng"
_FULL = 32767
_FRAME = SAMPLE_RATE // 100
_SPOKEN = 0.01
"""What is weaker than this part of the loudest moment is a pause."""
_STRENGTH = 0.22
"""The root mean square of speech that both our voices have at -16 LUFS, within 0.7."""
_CEILING = 10 ** (-2 / 20)
DEFAULT_VOICES: Mapping[str, str] = {"vi": "vi", "en": "en-us"}


@dataclass(frozen=True, slots=True)
class Espeak:
    """How the program speaks; the text goes by standard input, never as an argument."""

    words_per_minute: int = 150
    pitch: int = 50
    timeout_s: float = 10.0
    program: str = PROGRAM
    voices: Mapping[str, str] = field(default_factory=lambda: DEFAULT_VOICES)
    raw: bool = False
    """As the program speaks; else as loud as the clips."""

    @property
    def installed(self) -> bool:
        """Return whether the program is on this machine."""
        return shutil.which(self.program) is not None

    def name(self, lang: str) -> str:
        """Return with which voice, pace and pitch a language is spoken."""
        return f"{self.voices.get(lang, lang)} {self.words_per_minute} {self.pitch}"

    def sound(self, text: str, lang: str) -> Sound:
        """Return `text` spoken in `lang`; raises SpeechError."""
        program = shutil.which(self.program)
        if program is None:
            raise SpeechMissingError(
                f"{self.program} is not installed; run: apt-get install espeak-ng"
            )
        with tempfile.TemporaryDirectory(prefix="denluot-speech-") as directory:
            path = Path(directory) / "speech.wav"
            command = [program, "-v", self.voices.get(lang, lang), "-b", "1", "-w", str(path)]
            command += ["-s", str(self.words_per_minute), "-p", str(self.pitch), "--stdin"]
            try:
                subprocess.run(  # noqa: S603 - a fixed program, the text only on its input
                    command,
                    input=text.replace("[[", "[ [").encode(),  # else it reads phonemes
                    check=True,
                    capture_output=True,
                    timeout=self.timeout_s,
                )
                sound = read_wav(path)
            except (OSError, subprocess.SubprocessError, SoundFormatError) as error:
                raise SpeechError(f"{self.program} did not speak: {error}") from error
        if sound.rate != SAMPLE_RATE:
            raise SpeechError(f"voice {self.name(lang)!r} speaks at {sound.rate} samples a second")
        if self.raw:
            return sound
        return _as_loud_as_clips(sound)


def _as_loud_as_clips(sound: Sound) -> Sound:
    """Return speech at about -16 LUFS, its peaks rounded off below -2 dB.

    Quick enough to be made when it is needed, on a box without ffmpeg.
    """
    values = [value / _FULL for value in array("h", sound.samples)]
    starts = range(0, len(values) - _FRAME + 1, _FRAME)
    powers = [sum(value * value for value in values[s : s + _FRAME]) / _FRAME for s in starts]
    spoken = [power for power in powers if power > max(powers) * _SPOKEN]
    if not spoken:
        return sound
    gain = _STRENGTH / math.sqrt(sum(spoken) / len(spoken))
    loud = (_CEILING * math.tanh(value * gain / _CEILING) for value in values)
    return replace(sound, samples=array("h", [round(_FULL * value) for value in loud]).tobytes())
