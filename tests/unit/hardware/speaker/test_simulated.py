import time
from pathlib import Path

import pytest

from config import Clock
from hardware.speaker import NoOutputError, Sound, SpeakerStoppedError, read_wav, silence
from hardware.speaker.simulated import SimulatedSpeaker


@pytest.fixture
def fast() -> Clock:
    return Clock.starting(Clock().now(), 300)


def test_takes_the_time_of_the_one_clock(tmp_path: Path, fast: Clock) -> None:
    speaker = SimulatedSpeaker(tmp_path, fast, keep=5)
    began, real = fast.monotonic(), time.monotonic()
    speaker.play(Sound("ten-seconds", silence(10)))
    assert fast.monotonic() - began >= 10
    assert 0.033 <= time.monotonic() - real < 1


def test_writes_what_it_played(tmp_path: Path, fast: Clock) -> None:
    directory = tmp_path / "voice" / "announcer-1"
    sound = Sound("000007-2005-counter-3-1", b"\x01\x02" * 2205)
    SimulatedSpeaker(directory, fast, keep=5).play(sound)
    (path,) = directory.iterdir()
    assert path.name.endswith("-000007-2005-counter-3-1.wav")
    assert read_wav(path).samples == sound.samples


def test_writes_it_as_loud_as_it_would_be(tmp_path: Path, fast: Clock) -> None:
    sound = Sound("quiet", b"\x00\x10" * 500)
    SimulatedSpeaker(tmp_path, fast, keep=5).play(sound, 0.25)
    (path,) = tmp_path.iterdir()
    assert read_wav(path).samples == b"\x00\x04" * 500


def test_keeps_the_newest(tmp_path: Path, fast: Clock) -> None:
    speaker = SimulatedSpeaker(tmp_path, fast, keep=3)
    for number in range(6):
        speaker.play(Sound(f"call-{number}", silence(0.1)))
    names = sorted(path.stem.rsplit("-", 1)[1] for path in tmp_path.iterdir())
    assert names == ["3", "4", "5"]


def test_what_was_cut_off_leaves_no_file(tmp_path: Path) -> None:
    speaker = SimulatedSpeaker(tmp_path, Clock(), keep=3)
    speaker.stop()
    with pytest.raises(SpeakerStoppedError):
        speaker.play(Sound("call", silence(5)))
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_no_output(tmp_path: Path, fast: Clock) -> None:
    (tmp_path / "voice").write_text("a file where the directory should be")
    speaker = SimulatedSpeaker(tmp_path / "voice" / "announcer-1", fast, keep=3)
    with pytest.raises(NoOutputError, match="cannot write"):
        speaker.output()
    with pytest.raises(NoOutputError, match="cannot write"):
        speaker.play(Sound("call", silence(0.1)))
