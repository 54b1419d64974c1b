"""Loudness and true peak of a mono signal after ITU-R BS.1770, samples in -1 to 1."""

import math
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from operator import mul

SILENT_LUFS = -120.0
_BLOCK_S = 0.4
_OVERLAP = 4
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0
_PHASES = 4
_TAPS = 12
_NEAR_PEAK = 0.5
"""Between two samples quieter than this part of the peak there is no higher one."""

Coefficients = tuple[float, float, float, float, float]


def integrated_lufs(samples: Sequence[float], rate: int) -> float:
    """Return the gated loudness; a sound shorter than a block of 0.4 s is one block."""
    powers = _block_powers(_k_weighted(samples, rate), rate)
    heard = [power for power in powers if _lufs(power) > _ABSOLUTE_GATE]
    if not heard:
        return SILENT_LUFS
    gate = _lufs(sum(heard) / len(heard)) + _RELATIVE_GATE
    loud = [power for power in heard if _lufs(power) > gate]
    return _lufs(sum(loud) / len(loud))


def true_peak_db(samples: Sequence[float]) -> float:
    """Return the peak in dBTP: of the signal between the samples too, four times oversampled."""
    half = _TAPS // 2
    padded = [0.0] * half + list(samples) + [0.0] * half
    peak = max(map(abs, padded))
    loud = peak * _NEAR_PEAK
    for start in range(len(padded) - _TAPS + 1):
        window = padded[start : start + _TAPS]
        if abs(window[half - 1]) > loud or abs(window[half]) > loud:
            peak = max(peak, *(abs(sum(map(mul, taps, window))) for taps in _phases()))
    return 20 * math.log10(peak) if peak > 0 else SILENT_LUFS


def _k_weighted(samples: Sequence[float], rate: int) -> list[float]:
    return _filter(_filter(samples, _head_shelf(rate)), _low_cut(rate))


def _block_powers(weighted: list[float], rate: int) -> list[float]:
    block = round(_BLOCK_S * rate)
    if len(weighted) <= block:
        return [sum(value * value for value in weighted) / max(1, len(weighted))]
    sums = [0.0, *accumulate(value * value for value in weighted)]
    starts = range(0, len(weighted) - block + 1, block // _OVERLAP)
    return [(sums[start + block] - sums[start]) / block for start in starts]


def _lufs(power: float) -> float:
    return -0.691 + 10 * math.log10(power) if power > 0 else SILENT_LUFS


def _head_shelf(rate: int) -> Coefficients:
    """Return the first filter of the standard, +4 dB above 1.7 kHz, for any sample rate."""
    k = math.tan(math.pi * 1681.974450955533 / rate)
    q = 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    norm = 1 + k / q + k * k
    return (
        (high + band * k / q + k * k) / norm,
        2 * (k * k - high) / norm,
        (high - band * k / q + k * k) / norm,
        2 * (k * k - 1) / norm,
        (1 - k / q + k * k) / norm,
    )


def _low_cut(rate: int) -> Coefficients:
    """Return the second filter of the standard, a high-pass at 38 Hz, for any sample rate."""
    k = math.tan(math.pi * 38.13547087602444 / rate)
    q = 0.5003270373238773
    norm = 1 + k / q + k * k
    return 1.0, -2.0, 1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm


def _filter(samples: Sequence[float], coefficients: Coefficients) -> list[float]:
    b0, b1, b2, a1, a2 = coefficients
    x1 = x2 = y1 = y2 = 0.0
    filtered = []
    for x in samples:
        y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2
        x1, x2, y1, y2 = x, x1, y, y1
        filtered.append(y)
    return filtered


@cache
def _phases() -> tuple[tuple[float, ...], ...]:
    """Return the interpolating filters for the three points between two samples."""
    phases = []
    for phase in range(1, _PHASES):
        taps = []
        for tap in range(_TAPS):
            distance = tap - _TAPS // 2 + 1 - phase / _PHASES
            window = 0.5 + 0.5 * math.cos(2 * math.pi * distance / (_TAPS + 1))
            taps.append(window * math.sin(math.pi * distance) / (math.pi * distance))
        total = sum(taps)
        phases.append(tuple(tap / total for tap in taps))
    return tuple(phases)
