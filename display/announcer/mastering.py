"""Make a raw recording ready for the hall: edges trimmed, loud and level, never clipped."""

import math
from array import array
from collections import deque
from collections.abc import Sequence

from display.announcer.loudness import integrated_lufs, true_peak_db

TARGET_LUFS = -16.0
CEILING_DBTP = -1.5
EDGE_LEVEL_DB = -50.0
_KEEP_BEFORE_S = 0.010
_KEEP_AFTER_S = 0.030
_FADE_S = 0.005
_LOOK_AHEAD_S = 0.002
_FULL = 32767
_ROUNDS = 12
_CLOSE_LU = 0.1


def to_floats(samples: bytes) -> list[float]:
    """Return 16-bit samples as numbers from -1 to 1."""
    return [value / _FULL for value in array("h", samples)]


def to_samples(values: Sequence[float]) -> bytes:
    """Return numbers from -1 to 1 as 16-bit samples."""
    limited = (max(-1.0, min(1.0, value)) for value in values)
    return array("h", [round(value * _FULL) for value in limited]).tobytes()


def mastered(values: Sequence[float], rate: int) -> list[float]:
    """Return the sound trimmed and faded, at -16 LUFS or as near as its peaks allow."""
    trimmed = _faded(_trimmed(values, rate), rate)
    gain_db, ceiling_db = 0.0, CEILING_DBTP - 0.5
    result = trimmed
    for _ in range(_ROUNDS):
        result = limited(trimmed, rate, gain_db, ceiling_db)
        error = TARGET_LUFS - integrated_lufs(result, rate)
        excess = true_peak_db(result) - CEILING_DBTP
        if abs(error) < _CLOSE_LU and excess <= 0:
            break
        gain_db += error
        ceiling_db -= max(0.0, excess)
    return result


def levelled(values: Sequence[float], rate: int) -> list[float]:
    """Return the sound at about -16 LUFS in one pass, quick enough to be made when it is needed."""
    gain_db = TARGET_LUFS - integrated_lufs(values, rate)
    return limited(values, rate, gain_db, CEILING_DBTP - 0.5)


def limited(values: Sequence[float], rate: int, gain_db: float, ceiling_db: float) -> list[float]:
    """Return the sound with `gain_db`, its peaks held below `ceiling_db` without a click."""
    gain, ceiling = 10 ** (gain_db / 20), 10 ** (ceiling_db / 20)
    loud = [value * gain for value in values]
    reach = round(_LOOK_AHEAD_S * rate)
    needed = [min(1.0, ceiling / max(abs(value), 1e-9)) for value in loud]
    smooth = _averages(_minima(needed, reach), reach)
    return [value * factor for value, factor in zip(loud, smooth, strict=True)]


def edge_silence_s(values: Sequence[float], rate: int) -> tuple[float, float]:
    """Return how long the sound is silent at its beginning and at its end."""
    level = 10 ** (EDGE_LEVEL_DB / 20)
    heard = [index for index, value in enumerate(values) if abs(value) > level]
    if not heard:
        return len(values) / rate, len(values) / rate
    return heard[0] / rate, (len(values) - 1 - heard[-1]) / rate


def _trimmed(values: Sequence[float], rate: int) -> list[float]:
    before, after = edge_silence_s(values, rate)
    start = max(0, round((before - _KEEP_BEFORE_S) * rate))
    end = len(values) - max(0, round((after - _KEEP_AFTER_S) * rate))
    return list(values[start:end])


def _faded(values: list[float], rate: int) -> list[float]:
    length = min(round(_FADE_S * rate), len(values) // 2)
    faded = list(values)
    for index in range(length):
        factor = 0.5 - 0.5 * math.cos(math.pi * index / length)
        faded[index] *= factor
        faded[-1 - index] *= factor
    return faded


def _minima(values: list[float], reach: int) -> list[float]:
    """Return the least of each value's neighbours up to `reach` on both sides."""
    minima: list[float] = []
    window: deque[int] = deque()
    for index in range(len(values) + reach):
        if index < len(values):
            while window and values[window[-1]] >= values[index]:
                window.pop()
            window.append(index)
        if index >= reach:
            while window[0] < index - 2 * reach:
                window.popleft()
            minima.append(values[window[0]])
    return minima


def _averages(values: list[float], reach: int) -> list[float]:
    """Return the mean of each value's neighbours up to `reach` on both sides."""
    padded = [values[0]] * reach + values + [values[-1]] * reach if values else []
    width = 2 * reach + 1
    averages = []
    total = sum(padded[:width])
    for index in range(len(values)):
        averages.append(total / width)
        if index + width < len(padded):
            total += padded[index + width] - padded[index]
    return averages
