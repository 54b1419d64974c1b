"""What is found wrong with a pack."""

import shutil
import wave
from pathlib import Path

import msgspec
import pytest

from hardware.speaker import Sound, read_wav, silence, write_wav
from voice.inspection import Fault, inspect_file, inspect_pack, needed_texts
from voice.levels import to_floats, to_samples
from voice.pack import BUILT_IN, PACK_FILE, read_settings


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BUILT_IN / "vi", tmp_path / "vi"))


def drop(pack: Path, line: str) -> None:
    path = pack / PACK_FILE
    assert line in path.read_text()
    path.write_text(path.read_text().replace(line, ""))


CHANGED = {"năm": "so-5.wav", "sáu": "so-6.wav", "bảy": "so-7.wav"}


def faults(pack: Path) -> dict[str, tuple[Fault, ...]]:
    return {found.text: found.faults for found in inspect_pack(pack) if found.faults}


@pytest.mark.full
def test_missing_words_are_named_and_whole_counters_may_be_missing(copy: Path) -> None:
    drop(copy, '"lăm" = "lam-x5.wav"\n')
    drop(copy, '"đê" = "chu-dd.wav"\n')
    drop(copy, '"tám" = "so-8.wav"\n')
    drop(copy, '"nhận kết quả" = "nhan-ket-qua.wav"\n')
    drop(copy, '"đến quầy số bảy" = "quay-7.wav"\n')
    assert faults(copy) == dict.fromkeys(["tám", "đê", "lăm", "nhận kết quả"], (Fault.MISSING,))


def test_level_peak_edges_and_length_are_measured(copy: Path) -> None:
    sound = read_wav(copy / "so-5.wav")
    values = to_floats(sound.samples)
    quiet = to_samples([value / 4 for value in values])
    write_wav(copy / "so-5.wav", Sound("", silence(0.2) + quiet + silence(0.1)))
    write_wav(copy / "so-6.wav", Sound("", to_samples([4 * value for value in values])))
    write_wav(copy / "so-7.wav", Sound("", sound.samples * 60))
    found = {text: inspect_file(text, copy / name) for text, name in CHANGED.items()}
    assert found["năm"].faults == (Fault.LOUDNESS, Fault.EDGE)
    assert found["năm"].level is not None
    before, after = found["năm"].level.edges_ms
    assert (before >= 200, after >= 100) == (True, True)
    assert found["năm"].level.lufs == pytest.approx(-28, abs=3)
    assert Fault.PEAK in found["sáu"].faults
    assert Fault.DURATION in found["bảy"].faults


def test_files_that_are_no_clips_are_told_apart(copy: Path) -> None:
    (copy / "so-1.wav").unlink()
    (copy / "so-2.wav").write_bytes(b"RIFF and more that is no sound")
    write_wav(copy / "so-3.wav", Sound("", b""))
    for name, channels, rate in (("so-4", 2, 22050), ("so-5", 1, 44100)):
        with wave.open(str(copy / f"{name}.wav"), "wb") as file:
            file.setparams((channels, 2, rate, 0, "NONE", "not compressed"))
            file.writeframes(bytes(8000))
    whole = (copy / "so-6.wav").read_bytes()
    (copy / "so-6.wav").write_bytes(whole[:-1])
    (copy / "so-7.wav").write_bytes(whole[:16] + b"\xff" + whole[17:])
    texts = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy")
    found = [inspect_file(text, copy / f"so-{n}.wav") for n, text in enumerate(texts, 1)]
    assert {one.text: one.faults for one in found} == {
        "một": (Fault.NO_FILE,),
        "hai": (Fault.NOT_WAV,),
        "ba": (Fault.EMPTY,),
        "bốn": (Fault.FORMAT,),
        "năm": (Fault.FORMAT,),
        "sáu": (Fault.CUT_SHORT,),
        "bảy": (Fault.NOT_WAV,),
    }
    forms = {one.text: one.form for one in found if one.form}
    assert forms == {"bốn": "2 × 16 bit, 22050 Hz", "năm": "1 × 16 bit, 44100 Hz"}


def test_every_counter_digit_and_letter_is_needed() -> None:
    settings = read_settings(BUILT_IN / "vi")
    needed = set(needed_texts(msgspec.structs.replace(settings, clips={})))
    assert {"mười", "mươi", "mốt", "tư", "lăm", "không", "chín", "vê kép", "đê"} <= needed
    assert needed <= set(settings.clips)
