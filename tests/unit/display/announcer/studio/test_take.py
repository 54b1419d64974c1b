"""A reading as a clip: only the speech, level, with what may be wrong."""

from collections.abc import Callable

import pytest

from display.announcer.inspection import faults_of, level_of
from display.announcer.studio.take import Doubt, take_of
from hardware.speaker import Sound, silence

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


def test_silence_is_no_reading() -> None:
    assert take_of(Sound("", silence(1))).sound is None
    assert take_of(Sound("", b"")).doubts == (Doubt.SILENT,)


@pytest.mark.parametrize(
    ("level", "room", "doubt"),
    [(0.02, 0.0001, Doubt.FAINT), (4.0, 0.0005, Doubt.CLIPPED), (0.2, 0.02, Doubt.NOISY)],
)
def test_what_may_be_wrong_is_told(
    reading: Reading, level: float, room: float, doubt: Doubt
) -> None:
    assert doubt in take_of(reading(level=level, room=room)).doubts
