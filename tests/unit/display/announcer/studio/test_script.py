"""What has to be read, and the pack that is made of it."""

from pathlib import Path

import msgspec
import pytest

from display.announcer.studio.script import begin_pack, script_of, write_pack
from voice.errors import PackError
from voice.pack import BUILT_IN, PACK_FILE, load_pack, read_settings


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_script_is_what_the_built_in_pack_says(lang: str) -> None:
    settings = read_settings(BUILT_IN / lang)
    script = script_of(settings)
    assert {line.text: line.file for line in script} == settings.clips
    assert sum(line.optional for line in script) == 20


def test_another_greeting_is_one_text_more() -> None:
    settings = read_settings(BUILT_IN / "vi")
    call = ("Kính mời ông bà có số", *settings.templates.call[1:])
    templates = msgspec.structs.replace(settings.templates, call=call)
    script = script_of(msgspec.structs.replace(settings, templates=templates))
    (line,) = [line for line in script if line.text == "Kính mời ông bà có số"]
    assert line.file.startswith("clip-")


def test_a_greeting_that_is_changed_again_is_not_taken_for_the_one_before() -> None:
    files = []
    for greeting in ("Kính mời ông bà có số", "Xin mời quý khách có số"):
        settings = read_settings(BUILT_IN / "vi")
        call = (greeting, *settings.templates.call[1:])
        templates = msgspec.structs.replace(settings.templates, call=call)
        script = script_of(msgspec.structs.replace(settings, templates=templates))
        files += [line.file for line in script if line.text == greeting]
    first, second = files
    assert first != second


def test_a_pack_is_begun_with_the_chime_and_no_clips(tmp_path: Path) -> None:
    settings = begin_pack(tmp_path / "giong-chi-lan", "vi", "Chị Lan", "của phường")
    pack = load_pack(tmp_path / "giong-chi-lan")
    assert pack.settings == settings
    assert (settings.id, settings.voice, settings.render) == ("giong-chi-lan", "Chị Lan", None)
    assert (pack.clips, pack.problems) == ({}, ())
    assert pack.chime is not None


def test_a_pack_that_is_there_is_gone_on_with(tmp_path: Path) -> None:
    first = begin_pack(tmp_path / "lan", "vi", "Chị Lan", "")
    write_pack(tmp_path / "lan", first, {"một": "so-1.wav"})
    again = begin_pack(tmp_path / "lan", "en", "somebody else", "")
    assert (again.language, again.voice, again.clips) == ("vi", "Chị Lan", {"một": "so-1.wav"})
    assert {path.name for path in (tmp_path / "lan").iterdir()} == {PACK_FILE, "chime.wav"}


def test_a_sites_own_texts_come_before_what_may_be_left_out() -> None:
    script = script_of(read_settings(BUILT_IN / "vi"), ("Chứng thực", "một"))
    texts = [line.text for line in script]
    assert texts.count("một") == 1
    assert not script[texts.index("Chứng thực")].optional
    assert script[texts.index("Chứng thực") + 1].optional
    assert script[texts.index("Chứng thực")].file.startswith("clip-")


def test_a_language_that_ships_with_no_voice_needs_its_sentences_first(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"write one first, with \[templates\] and \[numbers\]"):
        begin_pack(tmp_path / "km", "km", "", "")
