import math

import pytest

from display.announcer.loudness import SILENT_LUFS, integrated_lufs, true_peak_db


def sine(pitch: float, rate: int, seconds: float, level_db: float = 0.0) -> list[float]:
    level = 10 ** (level_db / 20)
    step = 2 * math.pi * pitch / rate
    return [level * math.sin(step * index) for index in range(round(seconds * rate))]


@pytest.mark.parametrize("rate", [22050, 48000])
@pytest.mark.parametrize("level_db", [0.0, -20.0])
def test_the_sine_of_the_standard(rate: int, level_db: float) -> None:
    measured = integrated_lufs(sine(997, rate, 2, level_db), rate)
    assert measured == pytest.approx(level_db - 3.01, abs=0.1)


def test_low_notes_count_less_and_high_ones_more() -> None:
    assert integrated_lufs(sine(30, 22050, 1), 22050) < -6
    assert integrated_lufs(sine(4000, 22050, 1), 22050) == pytest.approx(0.3, abs=0.5)


def test_silence_around_a_sound_is_gated_out() -> None:
    tone = sine(997, 22050, 2, -16)
    padded = [0.0] * 44100 + tone + [0.0] * 44100
    assert integrated_lufs(padded, 22050) == pytest.approx(integrated_lufs(tone, 22050), abs=0.7)


def test_a_quiet_part_is_gated_out() -> None:
    loud, quiet = sine(997, 22050, 2, -10), sine(997, 22050, 4, -40)
    assert integrated_lufs(loud + quiet, 22050) == pytest.approx(-13.0, abs=0.5)


def test_a_short_sound_is_measured_whole() -> None:
    assert integrated_lufs(sine(997, 22050, 0.2, -20), 22050) == pytest.approx(-23, abs=0.2)


def test_silence_has_no_loudness() -> None:
    assert integrated_lufs([0.0] * 22050, 22050) == SILENT_LUFS
    assert integrated_lufs([], 22050) == SILENT_LUFS
    assert true_peak_db([0.0] * 100) == SILENT_LUFS


def test_true_peak_sees_what_lies_between_the_samples() -> None:
    between = [math.sin(math.pi / 2 * index + math.pi / 4) for index in range(400)]
    assert max(between) == pytest.approx(0.707, abs=0.001)
    assert true_peak_db(between) == pytest.approx(0.0, abs=0.3)
