"""A sitting at the microphone."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from display.announcer.studio.record import Desk, Session
from display.announcer.studio.script import begin_pack
from hall.words import Words
from hardware.speaker import Sound, silence
from voice.archive import read_archive, write_archive
from voice.inspection import inspect_pack, needed_texts
from voice.pack import load_pack

Reading = Callable[..., Sound]
TODAY = dt.date(2026, 11, 27)
ROOM = Sound("", silence(2))


class Microphone:
    """Hears what it is given, one after the other; a reading takes as long as it is."""

    def __init__(self, clock: "Clock", *readings: Sound) -> None:
        self._clock = clock
        self._readings = list(readings)
        self._began_s = 0.0
        self.on = False

    def input(self) -> str:
        return "USB"

    def start(self) -> None:
        self._began_s = self._clock.now_s
        self.on = True

    def so_far(self) -> Sound:
        heard = 2 * int(22050 * (self._clock.now_s - self._began_s))
        reading = self._readings[0] if self._readings else ROOM
        return Sound("", reading.samples[:heard])

    def stop(self) -> Sound:
        self.on = False
        recording = self.so_far()
        self._readings = self._readings[1:]
        return recording


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def wait(self, seconds: float) -> None:
        self.now_s += seconds


class Person:
    """Presses given keys, then ends the input; `-` is Enter."""

    def __init__(self, keys: str) -> None:
        self._keys = iter(keys)
        self.seen: list[str] = []
        self.shown: list[tuple[str, str]] = []
        self.played: list[Sound] = []

    def ask(self, prompt: str) -> str:
        self.seen.append(prompt)
        try:
            answer = next(self._keys)
        except StopIteration:
            raise EOFError from None
        return "" if answer == "-" else answer

    def show(self, progress: str, text: str) -> None:
        self.shown.append((progress, text))


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return tmp_path / "lan"


def sit(
    pack: Path, texts: Words, keys: str, *readings: Sound, more_texts: tuple[str, ...] = ()
) -> tuple[bool, Person]:
    person, clock = Person(keys), Clock()
    microphone = Microphone(clock, ROOM, *readings)
    desk = Desk(
        microphone=microphone,
        play=person.played.append,
        ask=person.ask,
        tell=person.seen.append,
        show=person.show,
        wait=clock.wait,
        monotonic=lambda: clock.now_s,
    )
    settings = begin_pack(pack, "vi", "Chị Lan", "")
    session = Session(pack, settings, desk, texts, today=TODAY, more_texts=more_texts)
    complete = session.run()
    assert not microphone.on
    return complete, person


FIRST, SECOND = "Xin mời công dân có số", "Xin nhắc lại, mời công dân có số"


def test_what_is_read_is_counted_in_heard_and_kept_at_once(
    pack: Path, english: Words, reading: Reading
) -> None:
    complete, person = sit(pack, english, "-kk", reading("xin-moi.wav"), reading("so-2.wav"))
    assert not complete
    loaded = load_pack(pack)
    assert list(loaded.clips) == [FIRST, SECOND]
    assert loaded.problems == ()
    assert loaded.settings.recorded == "2026-11-27"
    assert all(not f.faults for f in inspect_pack(pack) if f.file)
    assert [sound.samples for sound in person.played] == [
        loaded.clips[FIRST].samples,
        loaded.clips[SECOND].samples,
    ]
    at = person.seen.index("3")
    assert person.seen[at : at + 4] == ["3", "2", "1", "● Please read"]
    assert "2 texts are kept. Go on with the same command." in person.seen


def test_one_goes_on_where_one_stopped(pack: Path, english: Words, reading: Reading) -> None:
    sit(pack, english, "-kq", reading("xin-moi.wav"))
    _, person = sit(pack, english, "-k", reading())
    count = len(needed_texts(load_pack(pack).settings)) + 20
    assert f"{count - 1} of {count} texts are left" in person.seen[0]
    assert person.shown[0] == (
        f"2/{count}, about {round((count - 1) * 6.5 / 60)} minutes left",
        SECOND,
    )
    assert list(load_pack(pack).clips) == [FIRST, SECOND]


def test_the_time_that_is_left_follows_the_pace_of_the_sitting(
    pack: Path, english: Words, reading: Reading
) -> None:
    short = reading()
    _, person = sit(pack, english, "-" + "k" * 6, *[short] * 6)
    first, sixth = (int(person.shown[at][0].split()[-3]) for at in (0, 5))
    assert sixth < 0.7 * first  # a short word is read faster than the usual text


def test_a_reading_is_heard_again_and_made_again(
    pack: Path, english: Words, reading: Reading
) -> None:
    _, person = sit(pack, english, "-nrk", reading("so-1.wav"), reading("xin-moi.wav"))
    assert [sound.duration_s < 1 for sound in person.played] == [True, True, False]
    assert load_pack(pack).clips[FIRST].duration_s > 1.5


def test_silence_is_read_again(pack: Path, english: Words, reading: Reading) -> None:
    _, person = sit(pack, english, "--k", Sound("", silence(30)), reading("xin-moi.wav"))
    assert any("nothing was heard" in line for line in person.seen)
    assert len(load_pack(pack).clips) == 1


def test_who_reads_on_for_too_long_is_told(pack: Path, english: Words, reading: Reading) -> None:
    endless = Sound("", reading("xin-moi.wav").samples[44100:-44100] * 20)
    _, person = sit(pack, english, "-r", endless, reading())
    assert any("not finished" in line for line in person.seen)


def test_a_noisy_room_is_told_before_the_first_text(
    pack: Path, english: Words, reading: Reading
) -> None:
    person, clock = Person("-"), Clock()
    room = Sound("", reading(room=0.05).samples[:44000] * 2)
    desk = Desk(
        microphone=Microphone(clock, room, reading()), play=person.played.append, ask=person.ask,
        tell=person.seen.append, show=person.show, wait=clock.wait, monotonic=lambda: clock.now_s,
    )  # fmt: skip
    Session(pack, begin_pack(pack, "vi", "", ""), desk, english, today=TODAY).run()
    assert any("The room is noisy" in line and "fan" in line for line in person.seen)


def test_a_text_left_out_is_asked_for_again_next_time(
    pack: Path, english: Words, reading: Reading
) -> None:
    sit(pack, english, "-xk", reading(), reading())
    _, person = sit(pack, english, "-", reading())
    assert person.shown[0][1] == FIRST


@pytest.mark.full
def test_a_whole_pack_is_read_in_twenty_minutes_and_carried(
    pack: Path, english: Words, reading: Reading
) -> None:
    needed = len(needed_texts(begin_pack(pack, "vi", "", "")))
    voice = reading()
    complete, person = sit(pack, english, "-" + "k" * needed + "x" * 20, *[voice] * (needed + 20))
    assert complete
    assert "denluot voice pack" in person.seen[-1]
    assert len(load_pack(pack).clips) == needed
    assert not [found for found in inspect_pack(pack) if found.faults]
    write_archive(pack, pack.with_suffix(".zip"))
    with pack.with_suffix(".zip").open("rb") as file:
        assert len(read_archive(file).settings.clips) == needed
