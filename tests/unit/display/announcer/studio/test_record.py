"""A sitting at the microphone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from display.announcer.studio.record import Desk, Session
from display.announcer.studio.script import begin_pack
from hall.words import Words
from hardware.speaker import Sound, silence
from voice.inspection import inspect_pack
from voice.pack import load_pack

Reading = Callable[..., Sound]


class Microphone:
    """Hears what it is given, one after the other."""

    def __init__(self, *readings: Sound) -> None:
        self.readings = list(readings)
        self.on = False

    def input(self) -> str:
        return "USB"

    def start(self) -> None:
        self.on = True

    def stop(self) -> Sound:
        self.on = False
        return self.readings.pop(0)


class Person:
    """Types given answers, then ends the input."""

    def __init__(self, answers: str) -> None:
        self._typed = iter(answers)
        self.seen: list[str] = []
        self.played: list[Sound] = []

    def ask(self, prompt: str) -> str:
        self.seen.append(prompt)
        try:
            answer = next(self._typed)
        except StopIteration:
            raise EOFError from None
        return "" if answer == "-" else answer


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return tmp_path / "lan"


def sit(pack: Path, texts: Words, answers: str, *readings: Sound) -> tuple[bool, Person]:
    person = Person(answers)
    desk = Desk(Microphone(*readings), person.played.append, person.ask, person.seen.append)
    session = Session(pack, begin_pack(pack, "vi", "Chị Lan", ""), desk, texts)
    return session.run(), person


def test_what_is_read_is_kept_at_once(pack: Path, english: Words, reading: Reading) -> None:
    complete, person = sit(pack, english, "------", reading("xin-moi.wav"), reading("so-2.wav"))
    assert not complete
    loaded = load_pack(pack)
    assert list(loaded.clips) == ["Xin mời công dân có số", "Xin nhắc lại, mời công dân có số"]
    assert loaded.problems == ()
    assert all(not f.faults for f in inspect_pack(pack) if f.file)
    assert "2 texts are kept. Go on with the same command." in person.seen


def test_one_goes_on_where_one_stopped(pack: Path, english: Words, reading: Reading) -> None:
    sit(pack, english, "---q", reading())
    _, person = sit(pack, english, "---", reading())
    assert "181 of 182 texts are left" in person.seen[0]
    assert person.seen[1].startswith("[2/182] Read:  Xin nhắc lại")
    assert list(load_pack(pack).clips) == [
        "Xin mời công dân có số",
        "Xin nhắc lại, mời công dân có số",
    ]


def test_a_reading_is_heard_and_made_again(pack: Path, english: Words, reading: Reading) -> None:
    _, person = sit(pack, english, "--nr---", reading("so-1.wav"), reading("xin-moi.wav"))
    assert [sound.duration_s < 1 for sound in person.played] == [True]
    assert load_pack(pack).clips["Xin mời công dân có số"].duration_s > 1.5


def test_silence_is_read_again(pack: Path, english: Words, reading: Reading) -> None:
    _, person = sit(pack, english, "-----", Sound("", silence(1)), reading("xin-moi.wav"))
    assert "nothing was heard, please read again" in person.seen
    assert len(load_pack(pack).clips) == 1


def test_a_text_left_out_is_asked_for_again_next_time(
    pack: Path, english: Words, reading: Reading
) -> None:
    sit(pack, english, "x---", reading())
    _, person = sit(pack, english, "")
    assert person.seen[1].startswith("[1/182] Read:  Xin mời công dân có số")


def test_the_microphone_is_off_when_the_input_ends(
    pack: Path, english: Words, reading: Reading
) -> None:
    person, microphone = Person("-"), Microphone(reading())
    desk = Desk(microphone, person.played.append, person.ask, person.seen.append)
    assert not Session(pack, begin_pack(pack, "vi", "", ""), desk, english).run()
    assert not microphone.on
    assert load_pack(pack).clips == {}


@pytest.mark.full
def test_a_whole_pack_can_be_used_without_its_optional_phrases(
    pack: Path, english: Words, reading: Reading
) -> None:
    needed = 162
    voice = reading()
    complete, person = sit(pack, english, "---" * needed, *[voice] * needed)
    assert complete
    assert f'  vi = "{pack.resolve()}"' in person.seen[-1]
    assert len(load_pack(pack).clips) == needed
    assert not [found for found in inspect_pack(pack) if found.faults]
