"""A reading as a clip: only the speech, level, with what may be wrong."""

from array import array
from collections.abc import Callable

import pytest

from display.announcer.studio.take import QUIET_ROOM_DB, Doubt, has_ended, room_db, take_of
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


def test_who_falls_silent_has_read_to_the_end(reading: Reading) -> None:
    raw = reading("xin-moi.wav", room=0.002)
    second = 2 * raw.rate
    assert not has_ended(Sound("", b""))
    assert not has_ended(Sound("", raw.samples[:second]))  # the room before it
    assert not has_ended(Sound("", raw.samples[: second + second // 2]))  # in the middle of it
    assert not has_ended(Sound("", raw.samples[: len(raw.samples) - second // 2]))
    assert has_ended(raw)


@pytest.mark.parametrize(("room", "quiet"), [(0.0005, True), (0.003, True), (0.03, False)])
def test_a_room_is_judged_before_anybody_reads(room: float, quiet: bool, reading: Reading) -> None:
    before = Sound("", reading(room=room).samples[:44000])
    assert (room_db(before) <= QUIET_ROOM_DB) == quiet


def test_a_dead_microphone_is_as_quiet_as_can_be() -> None:
    assert room_db(Sound("", silence(1))) == room_db(Sound("", b"")) == pytest.approx(-100)
