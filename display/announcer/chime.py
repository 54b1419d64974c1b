"""The two notes before an announcement, made here so that they are nobody else's."""

import math

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
