"""Render the clips of a pack, the chime too: `python -m voice.render_pack vi`."""

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path

from hardware.speaker import SAMPLE_RATE, Sound, write_wav
from voice.errors import PackError, VoiceError
from voice.espeak import Espeak
from voice.levels import mastered, to_samples
from voice.pack import BUILT_IN, PACK_FILE, read_settings

_NOTES = ((0.0, 659.26), (0.38, 523.25))
_PARTIALS = ((1.0, 1.0), (2.0, 0.32), (3.01, 0.12))
_LENGTH_S = 1.25
_ATTACK_S = 0.006
_DECAY_PER_S = 4.2


def chime(rate: int) -> list[float]:
    """Return the chime as numbers from -1 to 1."""
    values = [0.0] * round(_LENGTH_S * rate)
    for begin_s, pitch in _NOTES:
        begin = round(begin_s * rate)
        for index in range(begin, len(values)):
            values[index] += _bell(pitch, (index - begin) / rate)
    loudest = max(map(abs, values))
    return [value / loudest for value in values]


def _bell(pitch: float, at_s: float) -> float:
    strength = min(1.0, at_s / _ATTACK_S) * math.exp(-_DECAY_PER_S * at_s)
    tone = sum(level * math.sin(2 * math.pi * pitch * ratio * at_s) for ratio, level in _PARTIALS)
    return strength * tone


def render_pack(directory: Path) -> int:
    """Write every clip that `pack.toml` of `directory` names; returns how many."""
    settings = read_settings(directory)
    render = settings.render
    if render is None:
        raise PackError(f"{directory / PACK_FILE}: has no [render], so its clips are recordings")
    espeak = Espeak(
        words_per_minute=render.words_per_minute,
        pitch=render.pitch,
        voices={settings.language: render.voice},
        raw=True,
    )
    for text, file in settings.clips.items():
        _write(directory / file, espeak.sound(text, settings.language))
    if settings.chime:
        _write(directory / settings.chime, Sound("chime", to_samples(chime(SAMPLE_RATE))))
    return len(settings.clips) + bool(settings.chime)


def main(argv: Sequence[str]) -> None:
    """Render the built-in pack of a language, or the pack of a directory."""
    parser = argparse.ArgumentParser(prog="python -m voice.render_pack")
    parser.add_argument("pack", help="vi, en, or the directory of a pack")
    pack = parser.parse_args(argv).pack
    directory = BUILT_IN / pack if (BUILT_IN / pack).is_dir() else Path(pack)
    try:
        count = render_pack(directory)
    except VoiceError as error:
        parser.exit(2, f"{error}\n")
    sys.stdout.write(f"{directory}: {count} clips\n")


def _write(path: Path, sound: Sound) -> None:
    write_wav(path, mastered(sound))


if __name__ == "__main__":
    main(sys.argv[1:])
