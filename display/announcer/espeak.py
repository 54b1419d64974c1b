"""Free text as sound, by the `espeak-ng` program in its own process."""

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from display.announcer.errors import SpeechError
from display.announcer.mastering import levelled, to_floats, to_samples
from hardware.speaker import SAMPLE_RATE, Sound, SoundFormatError, read_wav

PROGRAM = "espeak-ng"
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

    def sound(self, text: str, lang: str) -> Sound:
        """Return `text` spoken in `lang`; raises SpeechError."""
        program = shutil.which(self.program)
        if program is None:
            raise SpeechError(f"{self.program} is not installed; run: apt-get install espeak-ng")
        with tempfile.TemporaryDirectory(prefix="denluot-speech-") as directory:
            path = Path(directory) / "speech.wav"
            command = [program, "-v", self.voices[lang], "-b", "1", "-w", str(path)]
            command += ["-s", str(self.words_per_minute), "-p", str(self.pitch), "--stdin"]
            try:
                subprocess.run(  # noqa: S603 - a fixed program, the text only on its input
                    command,
                    input=text.encode(),
                    check=True,
                    capture_output=True,
                    timeout=self.timeout_s,
                )
                sound = read_wav(path)
            except (OSError, subprocess.SubprocessError, SoundFormatError) as error:
                raise SpeechError(f"{self.program} did not speak: {error}") from error
        if sound.rate != SAMPLE_RATE:
            raise SpeechError(
                f"voice {self.voices[lang]!r} speaks at {sound.rate} samples a second"
            )
        if self.raw:
            return sound
        loud = levelled(to_floats(sound.samples), sound.rate)
        return replace(sound, samples=to_samples(loud))
