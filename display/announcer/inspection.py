"""Check a pack as it should be: every word there, every clip level, loud and unclipped."""

from collections.abc import Iterator
from pathlib import Path
from string import ascii_uppercase

from display.announcer.loudness import integrated_lufs, true_peak_db
from display.announcer.mastering import CEILING_DBTP, TARGET_LUFS, edge_silence_s, to_floats
from display.announcer.pack import Pack, load_pack
from display.announcer.sentence import sentence
from hardware.speaker import Sound

_LEVEL_WITHIN_LU = 1.0
_EDGE_BELOW_S = 0.080
_DIGITS = "0123456789"
_COUNTERS = range(1, 100)


def inspect_pack(directory: Path) -> list[str]:
    """Return what is wrong with a pack, one line each; raises PackError if it cannot be read."""
    pack = load_pack(directory)
    found = list(pack.problems)
    found += [f"no clip says {text!r}" for text in _missing(pack)]
    for text, sound in pack.clips.items():
        found += [f"{text!r}: {fault}" for fault in clip_faults(sound)]
    if pack.chime:
        found += [f"chime: {fault}" for fault in clip_faults(pack.chime)]
    return found


def clip_faults(sound: Sound) -> Iterator[str]:
    """Yield what is wrong with one clip."""
    values = to_floats(sound.samples)
    loudness, peak = integrated_lufs(values, sound.rate), true_peak_db(values)
    if abs(loudness - TARGET_LUFS) > _LEVEL_WITHIN_LU:
        yield f"loudness is {loudness:.1f} LUFS; should be about {TARGET_LUFS:.0f}"
    if peak > CEILING_DBTP:
        yield f"true peak is {peak:.1f} dBTP; should be at most {CEILING_DBTP}"
    for edge, silence_s in zip(("start", "end"), edge_silence_s(values, sound.rate), strict=True):
        if silence_s >= _EDGE_BELOW_S:
            yield f"{silence_s * 1000:.0f} ms of silence at its {edge}; should be below 80"


def _missing(pack: Pack) -> list[str]:
    """Return the texts of all possible sentences that have no clip, each once."""
    lang, templates = pack.settings.language, pack.settings.templates
    texts: dict[str, None] = {}
    for template in (templates.call, templates.recall, templates.result, templates.recall_result):
        for counter in _COUNTERS:
            items = sentence(template, _DIGITS + ascii_uppercase, counter, lang, pack.clips)
            texts.update((item, None) for item in items if isinstance(item, str))
    return [text for text in texts if text not in pack.clips]
