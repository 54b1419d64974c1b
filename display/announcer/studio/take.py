"""One reading of a text by a person: where speech begins and ends, and whether it is good."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from display.announcer.mastering import mastered, to_floats, to_samples
from hardware.speaker import Sound

_FRAME_S = 0.01
_KEEP_BEFORE_S = 0.02
_KEEP_AFTER_S = 0.05
_ABOVE_NOISE = 3.0
"""Speech is this many times stronger than the room (10 dB) …"""
_BELOW_PEAK = 0.015
"""… and not weaker than this part of its loudest moment (-36 dB)."""
_QUIETEST = 0.03
"""The loudest moment of speech that was near enough to the microphone (-30 dB)."""
_CLIPPED = 0.985
_CLIPPED_SAMPLES = 8
_NOISY = 0.08
"""The room, as part of the loudest moment, that is heard behind the words (-22 dB)."""


class Doubt(StrEnum):
    """What may be wrong with a reading; its wording is `studio.texts`."""

    SILENT = "silent"
    FAINT = "faint"
    CLIPPED = "clipped"
    NOISY = "noisy"


@dataclass(frozen=True, slots=True)
class Take:
    """A reading, trimmed and mastered; `sound` is None when nothing was heard."""

    sound: Sound | None
    doubts: tuple[Doubt, ...] = ()


def take_of(recording: Sound) -> Take:
    """Return the speech in `recording` as a clip, with what may be wrong with it."""
    values = to_floats(recording.samples)
    strengths = _strengths(values, recording.rate)
    loudest = max(strengths, default=0.0)
    room = sorted(strengths)[len(strengths) // 10] if strengths else 0.0
    limit = max(room * _ABOVE_NOISE, loudest * _BELOW_PEAK, 1e-4)
    heard = [index for index, strength in enumerate(strengths) if strength > limit]
    if not heard:
        return Take(None, (Doubt.SILENT,))
    frame = round(_FRAME_S * recording.rate)
    begin = max(0, heard[0] * frame - round(_KEEP_BEFORE_S * recording.rate))
    end = (heard[-1] + 1) * frame + round(_KEEP_AFTER_S * recording.rate)
    clip = mastered(values[begin:end], recording.rate)
    doubts = {
        Doubt.FAINT: loudest < _QUIETEST,
        Doubt.CLIPPED: sum(abs(value) > _CLIPPED for value in values) >= _CLIPPED_SAMPLES,
        Doubt.NOISY: room > loudest * _NOISY,
    }
    found = tuple(doubt for doubt, is_so in doubts.items() if is_so)
    return Take(Sound(recording.name, to_samples(clip), recording.rate), found)


def _strengths(values: Sequence[float], rate: int) -> list[float]:
    """Return the root mean square of every 10 ms."""
    frame = round(_FRAME_S * rate)
    starts = range(0, len(values) - frame + 1, frame)
    return [(sum(v * v for v in values[s : s + frame]) / frame) ** 0.5 for s in starts]
