"""Check a pack as it should be: every word there, every clip level, loud and unclipped."""

import wave
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from string import ascii_uppercase

from hardware.speaker import SAMPLE_RATE, Sound, SoundFormatError, read_wav
from voice.levels import CEILING_DBTP, TARGET_LUFS, edge_silence_s, measured
from voice.pack import PackSettings, read_settings
from voice.phrases import phrase_texts
from voice.sentence import sentence

EDGE_BELOW_MS = 80
LEVEL_WITHIN_LU = 1.0
SHORTEST_S = 0.1
LONGEST_S = 15.0
COUNTERS = range(1, 100)
_MARKS = {"vi": "0123456789Đ" + ascii_uppercase, "en": "0123456789" + ascii_uppercase}


class Fault(StrEnum):
    """What may be wrong with a clip."""

    MISSING = "missing"
    NO_FILE = "no_file"
    NOT_WAV = "not_wav"
    FORMAT = "format"
    EMPTY = "empty"
    CUT_SHORT = "cut_short"
    LOUDNESS = "loudness"
    PEAK = "peak"
    EDGE = "edge"
    DURATION = "duration"


@dataclass(frozen=True, slots=True)
class Level:
    """A clip in figures."""

    duration_s: float
    lufs: float
    peak_dbtp: float
    edges_ms: tuple[int, int]
    """Silence at its beginning and at its end."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One text of a pack: its file and figures as far as there are any, and its faults."""

    text: str
    file: str = ""
    level: Level | None = None
    form: str = ""
    """Channels, bits and rate of a file that has others than it should."""
    faults: tuple[Fault, ...] = ()


def inspect_pack(directory: Path) -> list[Finding]:
    """Return what a pack has and lacks, text by text; raises PackError and FfmpegError."""
    settings = read_settings(directory)
    files = dict(settings.clips)
    if settings.chime:
        files["♪"] = settings.chime
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(inspect_file, files, (directory / file for file in files.values())))
    missing = [text for text in needed_texts(settings) if text not in settings.clips]
    return found + [Finding(text, faults=(Fault.MISSING,)) for text in missing]


def inspect_file(text: str, path: Path) -> Finding:
    """Return what there is to say of the file that says `text`."""
    try:
        sound = read_wav(path)
    except SoundFormatError:
        return _unreadable(text, path)
    if sound.rate != SAMPLE_RATE:
        return _unreadable(text, path)
    level = level_of(sound)
    return Finding(text, path.name, level, faults=tuple(faults_of(level)))


def level_of(sound: Sound) -> Level:
    """Return a sound in figures."""
    before, after = edge_silence_s(sound)
    lufs, peak_dbtp = measured(sound)
    return Level(
        duration_s=sound.duration_s,
        lufs=lufs,
        peak_dbtp=peak_dbtp,
        edges_ms=(round(before * 1000), round(after * 1000)),
    )


def faults_of(level: Level) -> Iterator[Fault]:
    """Yield what is wrong with a clip's figures."""
    if abs(level.lufs - TARGET_LUFS) > LEVEL_WITHIN_LU:
        yield Fault.LOUDNESS
    if level.peak_dbtp > CEILING_DBTP:
        yield Fault.PEAK
    if max(level.edges_ms) >= EDGE_BELOW_MS:
        yield Fault.EDGE
    if not SHORTEST_S <= level.duration_s <= LONGEST_S:
        yield Fault.DURATION


def needed_texts(settings: PackSettings) -> list[str]:
    """Return the texts of all that hall and kiosk may say, as the clips put them together."""
    phrases = phrase_texts(settings.language).values()
    return list(dict.fromkeys((*_texts(settings, COUNTERS), *phrases)))


def kiosk_texts(settings: PackSettings) -> frozenset[str]:
    """Return the texts of a pack that a kiosk says and a hall's loudspeaker never does."""
    return frozenset(phrase_texts(settings.language).values()) - set(_texts(settings, COUNTERS))


def _texts(settings: PackSettings, counters: Iterable[int]) -> list[str]:
    templates, numbers = settings.templates, settings.spoken_numbers
    marks = _MARKS.get(settings.language, _MARKS["en"])
    texts: dict[str, None] = {}
    for template in (templates.call, templates.recall, templates.result, templates.recall_result):
        for counter in counters:
            items = sentence(template, marks, counter, numbers, settings.clips)
            texts.update((item, None) for item in items if isinstance(item, str))
    return list(texts)


def _unreadable(text: str, path: Path) -> Finding:
    try:
        with wave.open(str(path), "rb") as file:
            channels, width, rate, frames = file.getparams()[:4]
            size = len(file.readframes(frames))
    except FileNotFoundError:
        return Finding(text, path.name, faults=(Fault.NO_FILE,))
    except (OSError, EOFError, RuntimeError, wave.Error):
        return Finding(text, path.name, faults=(Fault.NOT_WAV,))
    if not size:
        return Finding(text, path.name, faults=(Fault.EMPTY,))
    if size != frames * channels * width:
        return Finding(text, path.name, faults=(Fault.CUT_SHORT,))
    form = f"{channels} × {8 * width} bit, {rate} Hz"
    return Finding(text, path.name, form=form, faults=(Fault.FORMAT,))
