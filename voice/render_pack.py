"""Render the clips of a pack that are not there yet: `python -m voice.render_pack vi`.

A kiosk's phrases come from `hall/citizen/phrases.py` and the catalogue: their part of `pack.toml`
is written here, and a clip whose words have changed is rendered again.
"""

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path

import tomli_w

from hardware.speaker import SAMPLE_RATE, Sound, write_wav
from voice.errors import PackError, VoiceError
from voice.espeak import Espeak
from voice.levels import mastered, to_samples
from voice.pack import BUILT_IN, PACK_FILE, PackSettings, read_settings
from voice.phrases import phrase_texts

_PHRASES = "# Phrases of the kiosk; written by render_pack"
_PHRASE_FILE = "phrase-"
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


def render_pack(directory: Path, *, again: bool = False) -> int:
    """Write the clips that `pack.toml` of `directory` needs; returns how many.

    Those that are there stay, unless `again` is asked for.
    """
    before = read_settings(directory)
    render = before.render
    if render is None:
        raise PackError(f"{directory / PACK_FILE}: has no [render], so its clips are recordings")
    settings = _with_phrases(directory, before)
    espeak = Espeak(
        words_per_minute=render.words_per_minute,
        pitch=render.pitch,
        voices={settings.language: render.voice},
        raw=True,
    )
    said = {file: text for text, file in before.clips.items()}

    def is_there(text: str, file: str) -> bool:
        return not again and said.get(file) == text and (directory / file).is_file()

    todo = [(text, file) for text, file in settings.clips.items() if not is_there(text, file)]
    for text, file in todo:
        _write(directory / file, espeak.sound(text, settings.language))
    chimes = bool(settings.chime) and (again or not (directory / settings.chime).is_file())
    if chimes:
        _write(directory / settings.chime, Sound("chime", to_samples(chime(SAMPLE_RATE))))
    return len(todo) + chimes


def _with_phrases(directory: Path, settings: PackSettings) -> PackSettings:
    """Name a clip for each phrase of a kiosk at the end of `pack.toml`, its last table's."""
    path = directory / PACK_FILE
    head = path.read_text(encoding="utf-8").partition(_PHRASES)[0]
    own = {text for text, file in settings.clips.items() if not file.startswith(_PHRASE_FILE)}
    named: dict[str, str] = {}
    for phrase, text in phrase_texts(settings.language).items():
        if text not in own:
            named.setdefault(text, f"{_PHRASE_FILE}{phrase.replace('_', '-')}.wav")
    part = path.with_suffix(".part")
    part.write_text(f"{head}{_PHRASES}\n{tomli_w.dumps(named)}", encoding="utf-8")
    part.replace(path)
    for text, file in settings.clips.items():
        if file.startswith(_PHRASE_FILE) and named.get(text) != file:
            (directory / file).unlink(missing_ok=True)
    return read_settings(directory)


def main(argv: Sequence[str]) -> None:
    """Render the built-in pack of a language, or the pack of a directory."""
    parser = argparse.ArgumentParser(prog="python -m voice.render_pack")
    parser.add_argument("pack", help="vi, en, or the directory of a pack")
    parser.add_argument("--again", action="store_true", help="all clips, also those that are there")
    arguments = parser.parse_args(argv)
    pack = arguments.pack
    directory = BUILT_IN / pack if (BUILT_IN / pack).is_dir() else Path(pack)
    try:
        count = render_pack(directory, again=arguments.again)
    except VoiceError as error:
        parser.exit(2, f"{error}\n")
    sys.stdout.write(f"{directory}: {count} clips rendered\n")


def _write(path: Path, sound: Sound) -> None:
    write_wav(path, mastered(sound))


if __name__ == "__main__":
    main(sys.argv[1:])
