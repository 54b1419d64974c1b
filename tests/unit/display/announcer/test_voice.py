import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bus.orders import Speak
from bus.states import Call
from bus.vocabulary import Language
from display.announcer.call_queue import Text, Utterance
from display.announcer.voice import Voice
from hardware.speaker import Sound, silence
from voice.errors import SpeechError
from voice.numbers import Numbers
from voice.pack import BUILT_IN, Pack, Templates, load_pack

MakeCall = Callable[..., Call]
SPOKEN = b"\x11\x22" * 1000


class Speech:
    """Notes what it is asked to say."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.missing = False

    def sound(self, text: str, lang: str) -> Sound:
        if self.missing:
            raise SpeechError("espeak-ng is not installed")
        self.said.append((text, lang))
        return Sound("speech", SPOKEN)


@pytest.fixture(scope="module")
def packs() -> dict[str, Pack]:
    return {lang: load_pack(BUILT_IN / lang) for lang in ("vi", "en")}


@pytest.fixture
def speech() -> Speech:
    return Speech()


@pytest.fixture
def without_five(tmp_path: Path, packs: dict[str, Pack]) -> dict[str, Pack]:
    """Return packs of which the Vietnamese one cannot say five."""
    directory = shutil.copytree(BUILT_IN / "vi", tmp_path / "vi")
    (directory / "so-5.wav").unlink()
    return {**packs, "vi": load_pack(directory)}


def order_of(sound: bytes, clips: list[bytes]) -> list[int]:
    places = [sound.find(clip) for clip in clips]
    assert -1 not in places
    return places


def test_chime_then_sentence(packs: dict[str, Pack], speech: Speech, make_call: MakeCall) -> None:
    sound = Voice(packs, speech).sound(Utterance(make_call(88), 1, True), collects_result=False)
    pack = packs["vi"]
    assert pack.chime is not None
    assert sound.samples.startswith(pack.chime.samples)
    texts = ["Xin mời công dân có số", "hai", "không", "năm", "đến quầy số ba"]
    places = order_of(sound.samples, [pack.clips[text].samples for text in texts])
    assert places == sorted(places)
    assert sound.name == "000088-2005-counter-3-1"
    assert speech.said == []


def test_a_reminder_without_chime_begins_with_a_breath(
    packs: dict[str, Pack], speech: Speech, make_call: MakeCall
) -> None:
    sound = Voice(packs, speech).sound(Utterance(make_call(), 2, False), collects_result=False)
    clip = packs["vi"].clips["Xin nhắc lại, mời công dân có số"]
    assert sound.samples.startswith(silence(0.6) + clip.samples)


def test_results_are_collected(packs: dict[str, Pack], speech: Speech, make_call: MakeCall) -> None:
    sound = Voice(packs, speech).sound(Utterance(make_call(), 1, True), collects_result=True)
    assert sound.samples.endswith(packs["vi"].clips["nhận kết quả"].samples)


def test_english_follows_vietnamese(
    packs: dict[str, Pack], speech: Speech, make_call: MakeCall
) -> None:
    call = make_call(lang=Language.ENGLISH)
    sound = Voice(packs, speech).sound(Utterance(call, 1, True), collects_result=False)
    clips = [packs["vi"].clips["đến quầy số ba"], packs["en"].clips["Number"]]
    clips.append(packs["en"].clips["please proceed to counter three"])
    places = order_of(sound.samples, [clip.samples for clip in clips])
    assert places == sorted(places)


@pytest.mark.parametrize("lang", list(Language))
@pytest.mark.parametrize("chime", [True, False])
def test_the_duration_is_never_announced_too_short(
    packs: dict[str, Pack], speech: Speech, make_call: MakeCall, lang: Language, chime: bool
) -> None:
    voice, utterance = Voice(packs, speech), Utterance(make_call(lang=lang), 1, chime)
    real = voice.sound(utterance, collects_result=False).duration_s
    assert 0 <= voice.duration_s(utterance, collects_result=False) - real < 1


def test_a_missing_word_takes_the_whole_sentence_to_the_program(
    without_five: dict[str, Pack],
    speech: Speech,
    make_call: MakeCall,
    expected_warnings: list[str],
) -> None:
    expected_warnings.append("falls back to the speech program")
    voice = Voice(without_five, speech)
    assert voice.source == "pack"
    utterance = Utterance(make_call(), 1, True)
    assert voice.duration_s(utterance, collects_result=False) > 10
    sound = voice.sound(utterance, collects_result=False)
    text = "Xin mời công dân có số hai không, không năm, đến quầy số ba."
    assert speech.said == [(text, "vi")]
    assert sound.samples.endswith(SPOKEN)
    assert voice.source == "espeak"


def test_other_sentences_still_come_from_the_pack(
    without_five: dict[str, Pack], speech: Speech, make_call: MakeCall
) -> None:
    utterance = Utterance(make_call(number="2001"), 1, True)
    Voice(without_five, speech).sound(utterance, collects_result=False)
    assert speech.said == []


def test_with_neither_clip_nor_program_there_is_no_voice(
    without_five: dict[str, Pack],
    speech: Speech,
    make_call: MakeCall,
    expected_warnings: list[str],
) -> None:
    expected_warnings.append("falls back to the speech program")
    speech.missing = True
    with pytest.raises(SpeechError):
        Voice(without_five, speech).sound(Utterance(make_call(), 1, True), collects_result=False)


def speak(text: str) -> Speak:
    return Speak(id="01ORDER", at=datetime(2026, 11, 23, tzinfo=UTC), text=text)


def test_a_free_text_follows_the_chime(packs: dict[str, Pack], speech: Speech) -> None:
    sound = Voice(packs, speech).text(Text(speak("Xin chào"), True))
    assert speech.said == [("Xin chào", "vi")]
    assert packs["vi"].chime is not None
    assert sound.samples.startswith(packs["vi"].chime.samples)
    assert sound.samples.endswith(SPOKEN)


def test_a_pack_without_a_chime_has_none(packs: dict[str, Pack], speech: Speech) -> None:
    silent = {"vi": packs["en"], "en": packs["en"]}
    assert Voice(silent, speech).text(Text(speak("Hello"), True)).samples == SPOKEN


def test_a_long_text_is_expected_to_take_long(packs: dict[str, Pack], speech: Speech) -> None:
    voice = Voice(packs, speech)
    short, long = Text(speak("Xin chào"), False), Text(speak("Xin mời " * 60), False)
    assert voice.text_duration_s(short) < voice.text_duration_s(long) == pytest.approx(48)


def test_a_call_in_full_is_slower_and_as_long_as_promised(
    packs: dict[str, Pack], speech: Speech, make_call: MakeCall
) -> None:
    voice = Voice(packs, speech)
    usual = Utterance(make_call(), 1, chime=False)
    in_full = Utterance(make_call(in_full=True), 1, chime=False)
    took = [voice.sound(one, collects_result=False).duration_s for one in (usual, in_full)]
    assert took[1] > took[0] + 1
    assert voice.duration_s(in_full, collects_result=False) >= took[1]


def test_a_third_language_follows_vietnamese_where_it_has_a_voice(
    packs: dict[str, Pack], speech: Speech, make_call: MakeCall, make_pack: Callable[..., Path]
) -> None:
    numbers = Numbers(
        digits=tuple(f"xx{n}" for n in range(10)), counting=tuple(f"n {n}" for n in range(100))
    )
    call = ("xx moi", "{number}", "|", "xx quay {counter}")
    templates = Templates(call=call, recall=call, result=call, recall_result=call)
    texts = ("xx moi", "xx2", "xx0", "xx5", "xx quay", "n", "3")
    pack = load_pack(
        make_pack("xx", texts, language="xx", numbers=numbers, templates=templates, chime="")
    )
    utterance = Utterance(make_call(language="xx"), 1, True)
    sound = Voice({**packs, "xx": pack}, speech).sound(utterance, collects_result=False)
    vietnamese = packs["vi"].clips["đến quầy số ba"].samples
    said = order_of(sound.samples, [vietnamese, *(pack.clips[text].samples for text in texts)])
    assert said == sorted(said)
    assert speech.said == []
    without = Voice(packs, speech).sound(utterance, collects_result=False)
    assert vietnamese in without.samples
    assert pack.clips["xx moi"].samples not in without.samples
