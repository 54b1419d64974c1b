import math
import random

import pytest

from display.announcer.chime import chime
from display.announcer.loudness import integrated_lufs, true_peak_db
from display.announcer.mastering import (
    CEILING_DBTP,
    edge_silence_s,
    limited,
    mastered,
    to_floats,
    to_samples,
)

RATE = 22050


def bursts(level: float) -> list[float]:
    """Return something like speech: noisy bursts with quiet between them."""
    rng = random.Random(7)
    tone = [math.sin(index / 9) * (0.3 + 0.7 * rng.random()) for index in range(RATE)]
    return [level * value * (1 if index % 4000 < 2500 else 0.1) for index, value in enumerate(tone)]


@pytest.mark.parametrize("level", [0.02, 0.3, 1.0])
def test_any_level_comes_out_level_and_unclipped(level: float) -> None:
    result = mastered([0.0] * 9000 + bursts(level) + [0.0] * 9000, RATE)
    assert integrated_lufs(result, RATE) == pytest.approx(-16, abs=0.5)
    assert true_peak_db(result) <= CEILING_DBTP


def test_edges_are_trimmed_and_end_in_silence() -> None:
    result = mastered([0.0] * 9000 + bursts(0.5) + [0.0] * 9000, RATE)
    assert all(edge < 0.05 for edge in edge_silence_s(result, RATE))
    assert abs(result[0]) < 0.001
    assert abs(result[-1]) < 0.001


def test_the_limiter_never_exceeds_its_ceiling() -> None:
    rng = random.Random(3)
    values = [rng.uniform(-1, 1) for _ in range(5000)]
    assert max(map(abs, limited(values, RATE, 12, -2))) <= 10 ** (-2 / 20) + 1e-9


def test_the_limiter_leaves_what_is_quiet_alone() -> None:
    values = [0.1 * math.sin(index / 5) for index in range(2000)]
    assert limited(values, RATE, 0, -2) == pytest.approx(values)


def test_samples_and_numbers_are_the_same_sound() -> None:
    assert to_floats(to_samples([0.0, 0.5, -1.0, 2.0])) == pytest.approx([0, 0.5, -1, 1], abs=1e-4)


def test_silence_is_all_edge() -> None:
    assert edge_silence_s([0.0] * RATE, RATE) == (1.0, 1.0)


def test_the_chime_rings_out() -> None:
    values = chime(RATE)
    assert max(map(abs, values)) == pytest.approx(1)
    assert max(map(abs, values[-100:])) < 0.1
