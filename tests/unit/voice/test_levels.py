import math
import random
from pathlib import Path

import pytest

from hardware.speaker import Sound, read_wav, silence
from voice.levels import (
    CEILING_DBTP,
    SILENT_LUFS,
    FfmpegMissingError,
    edge_silence_s,
    mastered,
    measured,
    to_floats,
    to_samples,
)
from voice.pack import BUILT_IN
from voice.render_pack import chime

RATE = 22050
ROOM = silence(0.4)


def bursts(level: float) -> bytes:
    """Return something like speech: noisy bursts with quiet between them."""
    rng = random.Random(7)
    tone = [math.sin(index / 9) * (0.3 + 0.7 * rng.random()) for index in range(RATE)]
    return to_samples(
        [level * value * (1 if index % 4000 < 2500 else 0.1) for index, value in enumerate(tone)]
    )


@pytest.mark.parametrize("level", [0.02, 0.3, 1.0])
def test_any_level_comes_out_level_and_unclipped(level: float) -> None:
    loudness, peak = measured(mastered(Sound("", ROOM + bursts(level) + ROOM)))
    assert loudness == pytest.approx(-16, abs=0.5)
    assert peak <= CEILING_DBTP


def test_edges_are_trimmed_and_end_in_silence() -> None:
    result = mastered(Sound("", ROOM + bursts(0.5) + ROOM))
    values = to_floats(result.samples)
    assert all(edge < 0.05 for edge in edge_silence_s(result))
    assert abs(values[0]) < 0.001
    assert abs(values[-1]) < 0.001


@pytest.mark.parametrize("file", ["vi/so-8.wav", "vi/xin-moi.wav", "en/number.wav", "vi/chime.wav"])
def test_the_clips_that_ship_are_level(file: str) -> None:
    loudness, peak = measured(read_wav(Path(BUILT_IN / file)))
    assert loudness == pytest.approx(-16, abs=0.2)
    assert peak <= CEILING_DBTP


def test_a_sine_has_the_loudness_that_the_standard_names() -> None:
    """EBU Tech 3341: a sine of 997 Hz at -23 dBFS, here on one channel, is -26 LUFS."""
    values = [10 ** (-23 / 20) * math.sin(2 * math.pi * 997 * n / RATE) for n in range(3 * RATE)]
    loudness, peak = measured(Sound("", to_samples(values)))
    assert loudness == pytest.approx(-26, abs=0.2)
    assert peak == pytest.approx(-23, abs=0.2)


def test_a_short_sound_is_as_loud_as_it_is_long() -> None:
    whole = to_samples([0.3 * math.sin(n / 3) for n in range(2 * RATE)])
    part = whole[: 2 * RATE // 5]
    assert measured(Sound("", part))[0] == pytest.approx(measured(Sound("", whole))[0], abs=0.3)


def test_silence_has_no_loudness() -> None:
    assert measured(Sound("", silence(1))) == (SILENT_LUFS, SILENT_LUFS)


def test_without_ffmpeg_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(FfmpegMissingError, match="apt-get install ffmpeg"):
        measured(Sound("", silence(0.77)))


def test_samples_and_numbers_are_the_same_sound() -> None:
    assert to_floats(to_samples([0.0, 0.5, -1.0, 2.0])) == pytest.approx([0, 0.5, -1, 1], abs=1e-4)


def test_silence_is_all_edge() -> None:
    assert edge_silence_s(Sound("", silence(1))) == (1.0, 1.0)


def test_the_chime_rings_out() -> None:
    values = chime(RATE)
    assert max(map(abs, values)) == pytest.approx(1)
    assert max(map(abs, values[-100:])) < 0.1
