"""Every loudspeaker keeps the promises of the port."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import miniaudio
import pytest

from config import Clock
from config.settings import SimulatedSpeaker, SoundCard
from hardware.speaker import (
    NoOutputError,
    Sound,
    SoundCutError,
    Speaker,
    SpeakerStoppedError,
    open_speaker,
    silence,
)
from hardware.speaker.sound_card import SoundCardSpeaker

HALF_SECOND = Sound("half-a-second", silence(0.5))
LONG = Sound("long", silence(30))

Make = Callable[[], Speaker]


@pytest.fixture(params=["simulated", "sound_card"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Make the real drivers; the sound card's plays into miniaudio's null backend."""
    if request.param == "simulated":
        return lambda: open_speaker(SimulatedSpeaker(), tmp_path, "announcer-1", Clock())
    return lambda: SoundCardSpeaker(backends=[miniaudio.Backend.NULL])


def test_names_its_output(make: Make) -> None:
    assert make().output()


def test_returns_when_the_last_sample_was_played(make: Make) -> None:
    speaker = make()
    began = time.monotonic()
    speaker.play(HALF_SECOND)
    assert 0.5 <= time.monotonic() - began < 2


def test_plays_one_sound_after_another(make: Make) -> None:
    speaker = make()
    for _ in range(3):
        speaker.play(Sound("short", silence(0.05)))


def test_takes_a_volume(make: Make) -> None:
    make().play(Sound("quiet", b"\x10\x20" * 500), 0.2)


def test_stop_cuts_off_and_never_claims_to_have_played(make: Make) -> None:
    speaker = make()
    threading.Timer(0.2, speaker.stop).start()
    began = time.monotonic()
    with pytest.raises(SpeakerStoppedError):
        speaker.play(LONG)
    assert time.monotonic() - began < 5


def test_a_sound_is_cut_off_where_it_is_and_the_next_one_is_heard(make: Make) -> None:
    speaker, cut = make(), threading.Event()
    threading.Timer(0.4, cut.set).start()
    with pytest.raises(SoundCutError) as error:
        speaker.play(LONG, 1.0, cut)
    assert 0.1 < error.value.played_s < 5
    speaker.play(HALF_SECOND)


def test_what_was_cut_before_it_began_is_not_heard(make: Make) -> None:
    cut = threading.Event()
    cut.set()
    with pytest.raises(SoundCutError) as error:
        make().play(HALF_SECOND, 1.0, cut)
    assert error.value.played_s < HALF_SECOND.duration_s


def test_plays_nothing_after_stop(make: Make) -> None:
    speaker = make()
    speaker.stop()
    with pytest.raises(SpeakerStoppedError):
        speaker.play(HALF_SECOND)


def test_the_sound_card_never_plays_into_nothing(tmp_path: Path) -> None:
    settings = SoundCard(output="an output that no machine has")
    speaker = open_speaker(settings, tmp_path, "announcer-1", Clock())
    with pytest.raises(NoOutputError, match="no sound output"):
        speaker.output()
    with pytest.raises(NoOutputError, match="no sound output"):
        speaker.play(HALF_SECOND)
