"""A reading as a clip: only the speech, level, with what may be wrong and what to do about it."""

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hall.words import N_
from hardware.speaker import Sound
from voice.levels import mastered, to_floats, to_samples

_FRAME_S = 0.01
_KEEP_BEFORE_S = 0.02
_KEEP_AFTER_S = 0.05
_ABOVE_NOISE = 3.0
"""Speech is this many times stronger than the room (10 dB) …"""
_BELOW_PEAK = 0.015
"""… and not weaker than this part of its loudest moment (-36 dB)."""
_QUIETEST = 0.03
"""The loudest moment of speech that was near enough to the microphone (-30 dB)."""
_CLICK_FRAMES = 8
"""A sound shorter than this, apart from the others, is the key that was pressed."""
_PAUSE_FRAMES = 15
"""Silence within a phrase is shorter than this."""
_CLIPPED = 0.985
_CLIPPED_SAMPLES = 8
_NOISY = 0.08
"""The room, as part of the loudest moment, that is heard behind the words (-22 dB)."""
QUIET_ROOM_DB = -45.0
"""A room that is not louder than this is quiet enough."""
_COARSE = 4
"""Of so many samples one is enough to tell speech from silence, several times a second."""
_SILENT_S = 0.7
"""Who is silent for so long has read to the end."""
_FAINTEST = 0.008
"""What is weaker all the time (-42 dB) is no speech that has begun."""
_LOUD_ROOM = 0.01
"""A room in which nothing can be heard (-40 dB)."""


class Doubt(StrEnum):
    """What may be wrong with a reading, in words."""

    SILENT = N_("không nghe thấy gì: xem micro đã bật chưa, rồi đọc lại")
    FAINT = N_("hơi nhỏ: lại gần micro, đọc to hơn một chút")
    CLIPPED = N_("quá to, tiếng bị vỡ: lùi xa micro nửa gang tay")
    NOISY = N_("phòng ồn: tắt quạt, máy lạnh, đóng cửa")
    CUT = N_("chưa đọc hết khi hết giờ thu: đọc lại, nhanh hơn một chút")


@dataclass(frozen=True, slots=True)
class Take:
    """A reading, trimmed and mastered; `sound` is None when nothing was heard."""

    sound: Sound | None
    doubts: tuple[Doubt, ...] = ()


def take_of(recording: Sound) -> Take:
    """Return the speech in `recording` as a clip, with what may be wrong; raises FfmpegError."""
    values = to_floats(recording.samples)
    strengths = _strengths(values, recording.rate)
    room, phrases = _speech(strengths)
    if not phrases:
        noisy = (Doubt.NOISY,) if room > _LOUD_ROOM else ()
        return Take(None, (Doubt.SILENT, *noisy))
    first, last = phrases[0].start, phrases[-1].stop
    frame = round(_FRAME_S * recording.rate)
    begin = max(0, first * frame - round(_KEEP_BEFORE_S * recording.rate))
    speech = values[begin : last * frame + round(_KEEP_AFTER_S * recording.rate)]
    clip = mastered(Sound(recording.name, to_samples(speech), recording.rate))
    loudest = max(strengths[first:last])
    doubts = {
        Doubt.FAINT: loudest < _QUIETEST,
        Doubt.CLIPPED: sum(abs(value) > _CLIPPED for value in speech) >= _CLIPPED_SAMPLES,
        Doubt.NOISY: room > loudest * _NOISY,
    }
    found = tuple(doubt for doubt, is_so in doubts.items() if is_so)
    return Take(clip, found)


def has_ended(recording: Sound) -> bool:
    """Return whether somebody has spoken and has been silent since."""
    coarse = array("h", recording.samples)[::_COARSE].tobytes()
    strengths = _strengths(to_floats(coarse), recording.rate // _COARSE)
    _, phrases = _speech(strengths)
    if not phrases or max(strengths) < _FAINTEST:
        return False
    return (len(strengths) - phrases[-1].stop) * _FRAME_S >= _SILENT_S


def room_db(recording: Sound) -> float:
    """Return how loud a room is in which nobody speaks, in dB below full scale."""
    strengths = sorted(_strengths(to_floats(recording.samples), recording.rate))
    middle = strengths[len(strengths) // 2] if strengths else 0.0
    return 20 * math.log10(max(middle, 1e-5))


def _speech(strengths: Sequence[float]) -> tuple[float, list[range]]:
    """Return how strong the room is, and the spans of frames in which somebody speaks."""
    room = sorted(strengths)[len(strengths) // 10] if strengths else 0.0
    limit = max(room * _ABOVE_NOISE, max(strengths, default=0.0) * _BELOW_PEAK, 1e-4)
    return room, _phrases([index for index, strength in enumerate(strengths) if strength > limit])


def _phrases(heard: Sequence[int]) -> list[range]:
    """Return the spans of frames that belong together, without clicks that stand apart."""
    spans: list[range] = []
    for index in heard:
        if spans and index - spans[-1].stop < _PAUSE_FRAMES:
            spans[-1] = range(spans[-1].start, index + 1)
        else:
            spans.append(range(index, index + 1))
    return [span for span in spans if len(span) >= _CLICK_FRAMES]


def _strengths(values: Sequence[float], rate: int) -> list[float]:
    """Return the root mean square of every 10 ms."""
    frame = round(_FRAME_S * rate)
    starts = range(0, len(values) - frame + 1, frame)
    return [(sum(v * v for v in values[s : s + frame]) / frame) ** 0.5 for s in starts]
