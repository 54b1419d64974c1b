"""A reading as a clip: only the speech, level, with what may be wrong."""

from array import array
from collections.abc import Callable

import pytest

from display.announcer.studio.record import Doubt, take_of
from hardware.speaker import Sound, silence
from voice.inspection import faults_of, level_of

Reading = Callable[..., Sound]


@pytest.mark.parametrize("level", [0.15, 0.5])
@pytest.mark.parametrize("file", ["so-5.wav", "xin-moi.wav"])
def test_a_good_reading_becomes_a_clip_fit_for_the_hall(
    reading: Reading, level: float, file: str
) -> None:
    take = take_of(reading(file, level))
    assert take.sound is not None
    figures = level_of(take.sound)
    assert list(faults_of(figures)) == []
    assert take.doubts == ()
    spoken_s = reading(file).duration_s - 2
    assert figures.duration_s == pytest.approx(spoken_s, abs=0.12)


def test_the_key_that_was_pressed_is_not_part_of_it(reading: Reading) -> None:
    clean = take_of(reading())
    click = array("h", [20000, -20000] * 300).tobytes()
    raw = reading().samples
    take = take_of(Sound("", raw[:4000] + click + raw[4000:-4000] + click + raw[-4000:]))
    assert clean.sound is not None
    assert take.sound is not None
    assert take.sound.duration_s == pytest.approx(clean.sound.duration_s, abs=0.03)
    assert take_of(Sound("", silence(0.5) + click + silence(0.5))).sound is None


def test_silence_is_no_reading() -> None:
    assert take_of(Sound("", silence(1))).sound is None
    assert take_of(Sound("", b"")).doubts == (Doubt.SILENT,)


@pytest.mark.parametrize(
    ("level", "room", "doubt"),
    [
        (0.02, 0.0001, Doubt.FAINT),
        (4.0, 0.0005, Doubt.CLIPPED),
        (0.2, 0.012, Doubt.NOISY),
        (0.1, 0.04, Doubt.NOISY),
    ],
)
def test_what_may_be_wrong_is_told(
    reading: Reading, level: float, room: float, doubt: Doubt
) -> None:
    assert doubt in take_of(reading(level=level, room=room)).doubts
