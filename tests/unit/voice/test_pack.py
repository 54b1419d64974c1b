import shutil
import wave
from pathlib import Path

import pytest

from hardware.speaker import Sound, silence
from voice.errors import MissingClipError, PackError
from voice.inspection import inspect_pack, needed_texts
from voice.pack import BUILT_IN, PACK_FILE, Pause, load_pack, read_settings
from voice.phrases import phrase_texts
from voice.sentence import sentence


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the Vietnamese pack that a test may spoil."""
    return shutil.copytree(BUILT_IN / "vi", tmp_path / "vi")


def edit(pack: Path, old: str, new: str) -> None:
    path = pack / PACK_FILE
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.full
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_built_in_packs_are_as_they_should_be(lang: str) -> None:
    assert [found for found in inspect_pack(BUILT_IN / lang) if found.faults] == []
    assert load_pack(BUILT_IN / lang).settings.language == lang


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_text_of_hall_and_kiosk_has_its_clip(lang: str) -> None:
    settings = read_settings(BUILT_IN / lang)
    assert set(phrase_texts(lang).values()) <= set(settings.clips)
    assert set(needed_texts(settings)) <= set(settings.clips)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_file_of_a_built_in_pack_is_named_in_it(lang: str) -> None:
    settings = load_pack(BUILT_IN / lang).settings
    named = {*settings.clips.values(), settings.chime, PACK_FILE} - {""}
    assert {path.name for path in (BUILT_IN / lang).iterdir()} == named


def test_a_sentence_is_its_clips_in_order() -> None:
    pack = load_pack(BUILT_IN / "vi")
    items = sentence(
        pack.settings.templates.call, "2005", 3, pack.settings.spoken_numbers, pack.clips
    )
    clip = {text: sound.samples for text, sound in pack.clips.items()}
    word, group, phrase = (silence(pause) for pause in (0.06, 0.2, 0.25))
    assert pack.spoken(items) == b"".join(
        [
            clip["Xin mời công dân có số"],
            word,
            clip["hai"],
            word,
            clip["không"],
            group,
            clip["không"],
            word,
            clip["năm"],
            phrase,
            clip["đến quầy số ba"],
        ]
    )


def test_a_call_takes_six_to_eight_seconds() -> None:
    pack = load_pack(BUILT_IN / "vi")
    items = sentence(
        pack.settings.templates.call, "2005", 3, pack.settings.spoken_numbers, pack.clips
    )
    assert pack.chime is not None
    seconds = Sound("", pack.spoken(items)).duration_s + pack.chime.duration_s
    assert 6 <= seconds <= 8


def test_a_lost_file_loses_its_words_only(copy: Path) -> None:
    (copy / "so-5.wav").unlink()
    pack = load_pack(copy)
    assert ["so-5.wav" in problem for problem in pack.problems] == [True]
    pack.spoken(("hai", Pause.GROUP, "không"))
    with pytest.raises(MissingClipError, match="no clip says 'năm'"):
        pack.spoken(("hai", "năm"))


def test_a_clip_of_another_rate_is_not_played(copy: Path) -> None:
    with wave.open(str(copy / "so-5.wav"), "wb") as file:
        file.setparams((1, 2, 48000, 0, "NONE", "not compressed"))
        file.writeframes(bytes(9600))
    pack = load_pack(copy)
    assert "năm" not in pack.clips
    assert "has 48000 samples a second; needs 22050" in pack.problems[0]


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ('language = "vi"', 'language = "fr"', r"'fr' needs a table \[numbers\]"),
        ("sample_rate = 22050", "sample_rate = 16000", r"sample_rate"),
        ("word_ms = 60", 'word_ms = "long"', r"Expected `int`, got `str`.*pauses\.word_ms"),
        ("recall = ", "again = ", r"unknown field|missing required field"),
        ("[templates]", "[templates", r"pack\.toml"),
    ],
)
def test_a_pack_file_that_is_wrong_says_where(copy: Path, old: str, new: str, error: str) -> None:
    edit(copy, old, new)
    with pytest.raises(PackError, match=error) as raised:
        load_pack(copy)
    assert PACK_FILE in str(raised.value)


def test_a_directory_without_a_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"pack\.toml: cannot be read"):
        load_pack(tmp_path)
