from collections.abc import Callable
from pathlib import Path

import pytest

from hall.words import Words
from hardware.speaker import SAMPLE_RATE, Sound, read_wav
from voice.levels import to_floats, to_samples
from voice.pack import BUILT_IN

Reading = Callable[..., Sound]


@pytest.fixture
def english() -> Words:
    return Words("en")


@pytest.fixture
def reading() -> Reading:
    """Make a person's reading: a second of room, a clip at some level, a second of room."""

    def make(file: str = "so-5.wav", level: float = 0.3, room: float = 0.0005) -> Sound:
        clip = to_floats(read_wav(Path(BUILT_IN / "vi" / file)).samples)
        second = [0.0] * SAMPLE_RATE
        heard = [*second, *(value * level for value in clip), *second]
        noise = (room * ((7 * n * n + 3 * n) % 201 - 100) / 58 for n in range(len(heard)))
        values = [value + other for value, other in zip(heard, noise, strict=True)]
        return Sound("recording", to_samples(values))

    return make
