"""What a kiosk says, clip by clip, from a pack that the test makes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hall.citizen.phrases import Phrase, phrase_words
from hall.citizen.speech import REST, Clock, Digits, Number, SiteText, Spoken
from hall.words import Words
from hardware.speaker import Sound, silence
from kiosk.speaking.sentence import Sentences, items_of
from voice.pack import BUILT_IN, Pack, load_pack, read_settings

MakePack = Callable[..., Path]
ASK = phrase_words(Phrase.ASK_STAFF, Words("vi"))
BACK = phrase_words(Phrase.TO_FIRST_PAGE, Words("vi"))
TEXT = Sound("text", bytes(range(200)))


@pytest.fixture
def pack(make_pack: MakePack) -> Pack:
    return load_pack(make_pack(texts=("một", "hai", ASK, BACK)))


def sound(pack: Pack, *spoken: object) -> bytes:
    def clip_for(text: str, lang: str) -> Sound | None:
        return TEXT if (text, lang) == ("Hộ tịch", "vi") else None

    said: Spoken = tuple(spoken)  # type: ignore[arg-type]
    return Sentences({"vi": pack}, clip_for).sound(said, "vi").samples


def words_between(pack: Pack) -> bytes:
    return silence(pack.settings.pauses.word_ms / 1000)


def test_a_sentence_is_its_clips_with_a_breath_between(pack: Pack) -> None:
    gap = words_between(pack)
    rest = silence(pack.settings.pauses.phrase_ms / 1000)
    one, back = pack.clips["một"].samples, pack.clips[BACK].samples
    assert sound(pack, Number(1), REST, Phrase.TO_FIRST_PAGE) == one + gap + rest + gap + back


def test_what_has_no_clip_is_asked_of_the_staff_and_never_left_out(pack: Pack) -> None:
    gap, ask = words_between(pack), pack.clips[ASK].samples
    assert sound(pack, SiteText("Đất đai")) == ask
    assert sound(pack, Phrase.HELP) == ask
    assert sound(pack, Number(7)) == ask
    one = pack.clips["một"].samples
    assert sound(pack, Number(1), SiteText("Đất đai"), Number(1)) == gap.join((one, ask, one))


def test_a_text_of_the_site_is_its_own_clip(pack: Pack) -> None:
    assert sound(pack, SiteText("Hộ tịch"))[: len(TEXT.samples)] == TEXT.samples


def test_a_language_without_a_voice_is_read_in_vietnamese(pack: Pack) -> None:
    sentences = Sentences({"vi": pack}, lambda _text, _lang: None)
    assert sentences.sound((Number(2),), "en").samples == pack.clips["hai"].samples


@pytest.mark.parametrize(
    ("said", "vi", "en"),
    [
        (Clock(7, 30), "bảy giờ ba mươi", "seven thirty"),
        (Clock(13, 0), "mười ba giờ", "thirteen o'clock"),
        (Number(21), "hai mươi mốt", "twenty one"),
        (Digits("2001"), "hai không không một", "two zero zero one"),
    ],
)
def test_times_and_numbers_are_words_of_the_pack(
    said: Clock | Number | Digits, vi: str, en: str
) -> None:
    for lang, wanted in (("vi", vi), ("en", en)):
        settings = load_settings(lang)
        words = [item for item in items_of(said, lang, settings) if isinstance(item, str)]
        assert " ".join(words) == wanted
        assert set(words) <= set(settings.settings.clips), "each has a clip"


def load_settings(lang: str) -> Pack:
    """Return what ships without its sounds."""
    return Pack(read_settings(BUILT_IN / lang), BUILT_IN / lang, {}, None)
