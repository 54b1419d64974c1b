import random
import wave
from array import array
from contextlib import suppress
from pathlib import Path

import pytest

from hardware.speaker import Sound, SoundFormatError, read_wav, silence, write_wav


def test_a_file_gives_back_the_samples(tmp_path: Path) -> None:
    sound = Sound("two", b"\x01\x02\x03\x04" * 100)
    write_wav(tmp_path / "two.wav", sound)
    assert read_wav(tmp_path / "two.wav") == sound
    assert [file.name for file in tmp_path.iterdir()] == ["two.wav"]


def test_duration_counts_samples_of_two_bytes() -> None:
    assert Sound("", silence(1.5)).duration_s == pytest.approx(1.5)
    assert Sound("", bytes(16000), rate=8000).duration_s == 1


def test_stereo_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stereo.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(22050)
        file.writeframes(bytes(400))
    with pytest.raises(SoundFormatError, match=r"stereo\.wav: has 2 channels of 16 bit"):
        read_wav(path)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"not a sound at all, but a text"])
def test_what_is_no_wav_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.wav"
    path.write_bytes(content)
    with pytest.raises(SoundFormatError, match=r"bad\.wav"):
        read_wav(path)


def test_an_empty_wav_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    write_wav(tmp_path / "empty.wav", Sound("empty", b""))
    for name in ("empty.wav", "missing.wav"):
        with pytest.raises(SoundFormatError, match=name):
            read_wav(tmp_path / name)


def test_a_damaged_file_is_refused_whatever_byte_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "two.wav"
    write_wav(path, Sound("two", bytes(range(200))))
    whole, rng = path.read_bytes(), random.Random(1)
    for _ in range(500):
        content = bytearray(whole)
        content[rng.randrange(44)] = rng.randrange(256)
        path.write_bytes(content)
        with suppress(SoundFormatError):
            assert len(read_wav(path).samples) % 2 == 0


@pytest.mark.parametrize("lost", [1, 100])
def test_a_file_that_is_cut_short_is_refused(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "two.wav"
    write_wav(path, Sound("two", bytes(200)))
    path.write_bytes(path.read_bytes()[:-lost])
    with pytest.raises(SoundFormatError, match=r"two\.wav: is cut short"):
        read_wav(path)


def test_a_quieter_sound_is_the_same_one_with_smaller_samples() -> None:
    sound = Sound("call", array("h", [1000, -32768, 3]).tobytes())
    assert sound.at(1.0) is sound
    assert array("h", sound.at(0.5).samples).tolist() == [500, -16384, 2]
    assert sound.at(0.5).name == "call"
