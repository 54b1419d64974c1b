"""The voice on its thread: what is cut off, rests, goes on, and is told."""

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from hall.citizen.phrases import Phrase
from hall.citizen.speech import Spoken
from hardware.speaker import NoOutputError, PlaybackError, Sound, SoundCutError, SpeakerStoppedError
from kiosk.speaking.mouth import HUSHED, SpeakerMouth
from kiosk.speaking.sentence import Sentences

WITHIN_S = 60
LONG_S = 10.0
FIRST, SECOND = (Phrase.WELCOME,), (Phrase.HOW_TO,)


@dataclass
class Play:
    """One sound that a speaker was given: the test says what becomes of it."""

    sound: Sound
    volume: float
    cut: threading.Event
    answer: queue.Queue[Exception | None] = field(default_factory=queue.Queue)

    def ends(self, error: Exception | None = None) -> None:
        self.answer.put(error)

    def is_cut_after(self, seconds: float) -> None:
        """Answer as a speaker does that somebody has cut off."""
        assert self.cut.wait(WITHIN_S)
        self.ends(SoundCutError(self.sound.name, seconds))


class Loudspeaker:
    """Plays for as long as the test wants it to."""

    def __init__(self) -> None:
        self.plays: queue.Queue[Play] = queue.Queue()
        self.there = True
        self._playing: Play | None = None

    def output(self) -> str:
        if not self.there:
            raise NoOutputError("no sound output")
        return "USB"

    def play(self, sound: Sound, volume: float = 1.0, cut: threading.Event | None = None) -> None:
        assert cut is not None
        self._playing = play = Play(sound, volume, cut)
        self.plays.put(play)
        error = play.answer.get(timeout=WITHIN_S)
        if error:
            raise error

    def stop(self) -> None:
        if self._playing:
            self._playing.ends(SpeakerStoppedError("stopped"))

    def next(self) -> Play:
        return self.plays.get(timeout=WITHIN_S)


class Texts(Sentences):
    """Makes a sound of ten seconds out of every sentence, or fails."""

    def __init__(self) -> None:
        super().__init__({}, lambda _text, _lang: None)
        self.fails = False

    def sound(self, spoken: Spoken, lang: str) -> Sound:
        if self.fails:
            raise KeyError(lang)
        return Sound(f"{spoken[0]} {lang}", bytes(round(2 * LONG_S * 22050)))


class Voice:
    """A mouth, and the kiosk's thread, which is the test's."""

    def __init__(self) -> None:
        self.speaker, self.texts = Loudspeaker(), Texts()
        self._calls: queue.Queue[Callable[[], None]] = queue.Queue()
        self.mouth = SpeakerMouth(self.speaker, self.texts, self._calls.put)
        self.said = 0
        self.outputs: list[bool] = []
        self.mouth.on_said = self._count
        self.mouth.on_output = self.outputs.append
        self.mouth.start()

    def _count(self) -> None:
        self.said += 1

    def deliver(self) -> None:
        """Take the next call from the voice's thread."""
        self._calls.get(timeout=WITHIN_S)()

    def until_said(self, times: int) -> None:
        while self.said < times:
            self.deliver()

    def begin(self, spoken: Spoken = FIRST) -> Play:
        self.mouth.say(spoken, "vi")
        return self.speaker.next()


@pytest.fixture
def voice() -> Iterator[Voice]:
    voice = Voice()
    yield voice
    voice.mouth.stop()


def test_a_new_sentence_cuts_off_the_one_before_which_is_never_told(voice: Voice) -> None:
    first = voice.begin(FIRST)
    voice.mouth.say(SECOND, "en")
    first.is_cut_after(3)
    second = voice.speaker.next()
    assert (second.sound.name, second.sound.duration_s) == ("how_to en", LONG_S)
    second.ends()
    voice.until_said(1)
    voice.begin().ends()
    voice.until_said(2)


def test_it_goes_on_a_little_before_where_it_rested(voice: Voice) -> None:
    play = voice.begin()
    voice.mouth.pause()
    play.is_cut_after(3)
    voice.mouth.resume()
    rest = voice.speaker.next()
    assert rest.sound.duration_s == pytest.approx(LONG_S - 3 + 0.3)
    rest.ends()
    voice.until_said(1)


@pytest.mark.parametrize("ends_first", [False, True])
def test_a_rest_on_the_last_sample_is_a_rest(voice: Voice, *, ends_first: bool) -> None:
    play = voice.begin()
    if not ends_first:
        voice.mouth.pause()
    play.ends()
    voice.deliver()  # of the output
    if ends_first:
        voice.mouth.pause()
    voice.deliver()
    assert voice.said == 0, "the first stop would follow"
    voice.mouth.resume()
    assert voice.said == 1


def test_who_rests_when_all_is_said_is_told_so_again(voice: Voice) -> None:
    voice.begin().ends()
    voice.until_said(1)
    voice.mouth.pause()
    voice.mouth.resume()
    assert voice.said == 2, "or the kiosk would wait for the end of a sentence for ever"


def test_cut_off_it_is_still_and_tells_nothing(voice: Voice) -> None:
    first = voice.begin()
    voice.mouth.cut()
    first.ends()
    voice.begin(SECOND).ends()
    voice.until_said(1)
    assert voice.speaker.plays.empty()


def test_stopped_it_tells_of_no_end_that_was_on_its_way(voice: Voice) -> None:
    voice.begin().ends()
    voice.deliver()  # of the output
    voice.mouth.stop()
    voice.deliver()
    assert voice.said == 0, "the kiosk may be gone"


def test_loudness_follows_at_once_and_is_low_while_the_hall_is_called(voice: Voice) -> None:
    play = voice.begin()
    assert play.volume == 1.0
    voice.mouth.set_volume(0.6)
    play.is_cut_after(2)
    play = voice.speaker.next()
    assert play.volume == 0.6
    assert play.sound.duration_s == pytest.approx(LONG_S - 1.7)
    voice.mouth.hush(hushed=True)
    play.is_cut_after(1)
    play = voice.speaker.next()
    assert play.volume == pytest.approx(0.6 * HUSHED)
    voice.mouth.hush(hushed=True)
    assert not play.cut.is_set(), "another call changes nothing"
    voice.mouth.hush(hushed=False)
    play.is_cut_after(1)
    assert voice.speaker.next().volume == 0.6


def test_a_sentence_that_could_not_be_played_holds_nobody_up(
    voice: Voice, expected_warnings: list[str]
) -> None:
    expected_warnings.append("nothing was read out")
    voice.speaker.there = False
    voice.begin().ends(NoOutputError("pulled"))
    voice.until_said(1)
    voice.speaker.there = True
    voice.begin().ends(PlaybackError("stood still"))
    voice.until_said(2)
    assert voice.outputs[-2:] == [False, True]


def test_an_error_of_ours_costs_one_sentence(voice: Voice, expected_warnings: list[str]) -> None:
    expected_warnings.append("device thread failed")
    voice.texts.fails = True
    voice.mouth.say(FIRST, "vi")
    voice.until_said(1)
    voice.texts.fails = False
    voice.begin(SECOND).ends()
    voice.until_said(2)
