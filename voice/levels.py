"""Loud and level clips by ffmpeg's measures (EBU R 128); needed to make and check packs only."""

import re
import shutil
import subprocess
from array import array
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from hardware.speaker import Sound
from voice.errors import VoiceError

TARGET_LUFS = -16.0
CEILING_DBTP = -1.5
SILENT_LUFS = -70.0
"""What ffmpeg says of silence."""
EDGE_LEVEL_DB = -50.0
_BLOCK_S = 0.4
"""The standard measures blocks of this length: a shorter sound is measured said several times."""
_FULL = 32767
_ROUNDS = 8
_CLOSE_LU = 0.2
_WITHIN_S = 60
_OVERSAMPLED = 4
_EDGE = "silenceremove=start_periods=1:start_threshold={}dB:start_silence={},afade=t=in:d=0.005"
_TRIMMED = ",areverse,".join(
    (_EDGE.format(EDGE_LEVEL_DB, 0.01), _EDGE.format(EDGE_LEVEL_DB, 0.03), "anull")
)
_LEVELLED = (
    "aresample={fast},volume={gain:.2f}dB,alimiter=limit={limit:.4f}:attack=2:release=20:level=0,"
    "aresample={rate}"
)
_LOUDNESS = re.compile(r"I:\s+(-?[\d.]+|-inf) LUFS")
_PEAK = re.compile(r"Peak:\s+(-?[\d.]+|-inf) dBFS")


class FfmpegError(VoiceError):
    """The program that measures sound failed."""


class FfmpegMissingError(FfmpegError):
    """It is not installed."""


def measured(sound: Sound) -> tuple[float, float]:
    """Return the loudness in LUFS and the true peak in dBTP; raises FfmpegError."""
    samples = sound.samples
    if 0 < sound.duration_s < _BLOCK_S:
        samples *= round(3 * _BLOCK_S / sound.duration_s)
    return _measured(samples, sound.rate)


@lru_cache(maxsize=8)
def _measured(samples: bytes, rate: int) -> tuple[float, float]:
    """Measure; what was just mastered is measured again by whoever shows or keeps it."""
    told = _ffmpeg(samples, rate, "ebur128=peak=true:framelog=verbose", "null").stderr
    summary = told.decode("utf-8", "replace").rpartition("Summary:")[2]
    loudness, peak = _LOUDNESS.search(summary), _PEAK.search(summary)
    if not loudness or not peak:
        raise FfmpegError(f"ffmpeg did not measure: {told[-200:]!r}")
    return max(SILENT_LUFS, float(loudness[1])), max(SILENT_LUFS, float(peak[1]))


@lru_cache(maxsize=8)
def mastered(sound: Sound) -> Sound:
    """Return the sound trimmed and faded, at -16 LUFS or as near as its peaks allow.

    Raises FfmpegError.
    """
    trimmed = _filtered(sound, _TRIMMED)
    gain_db, ceiling_db = 0.0, CEILING_DBTP - 0.3
    result = trimmed
    for _ in range(_ROUNDS):
        loudness, peak = measured(result)
        error, excess = TARGET_LUFS - loudness, peak - CEILING_DBTP
        if abs(error) < _CLOSE_LU and excess <= 0:
            break
        gain_db += error
        ceiling_db -= max(0.0, excess)
        limit = 10 ** (ceiling_db / 20)
        fast = sound.rate * _OVERSAMPLED
        chain = _LEVELLED.format(fast=fast, gain=gain_db, limit=limit, rate=sound.rate)
        result = _filtered(trimmed, chain)
    return result


def edge_silence_s(sound: Sound) -> tuple[float, float]:
    """Return how long the sound is silent at its beginning and at its end."""
    level = 10 ** (EDGE_LEVEL_DB / 20) * _FULL
    values = array("h", sound.samples)
    heard = [index for index, value in enumerate(values) if abs(value) > level]
    if not heard:
        return sound.duration_s, sound.duration_s
    return heard[0] / sound.rate, (len(values) - 1 - heard[-1]) / sound.rate


def to_floats(samples: bytes) -> list[float]:
    """Return 16-bit samples as numbers from -1 to 1."""
    return [value / _FULL for value in array("h", samples)]


def to_samples(values: Sequence[float]) -> bytes:
    """Return numbers from -1 to 1 as 16-bit samples."""
    limited = (max(-1.0, min(1.0, value)) for value in values)
    return array("h", [round(value * _FULL) for value in limited]).tobytes()


def _filtered(sound: Sound, chain: str) -> Sound:
    done = _ffmpeg(sound.samples, sound.rate, chain, "s16le", "-ar", str(sound.rate))
    return replace(sound, samples=done.stdout)


def _ffmpeg(
    samples: bytes, rate: int, chain: str, form: str, *more: str
) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("ffmpeg")
    if program is None:
        raise FfmpegMissingError("ffmpeg is not installed; run: apt-get install ffmpeg")
    command = [program, "-hide_banner", "-nostats", "-f", "s16le", "-ar", str(rate), "-ac", "1"]
    command += ["-i", "-", "-af", chain, "-ac", "1", *more, "-f", form, "-"]
    try:
        return subprocess.run(  # noqa: S603 - a fixed program, the sound only on its input
            command, input=samples, capture_output=True, timeout=_WITHIN_S, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        told = getattr(error, "stderr", b"") or b""
        raise FfmpegError(f"ffmpeg failed: {error} {told[-200:]!r}") from error
