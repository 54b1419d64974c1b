"""The kiosk's voice: says one sentence at a time on a loudspeaker or in a headset of its own."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from bus.session import Deliver
from hall.citizen.speech import Spoken
from hardware.owner import Owner
from hardware.speaker import (
    NoOutputError,
    PlaybackError,
    Sound,
    SoundCutError,
    Speaker,
    SpeakerStoppedError,
)
from kiosk.speaking.sentence import Sentences

_log = logging.getLogger(__name__)

HUSHED = 0.35
"""Which part of its loudness is left while the hall's loudspeaker calls."""
_LOOK_S = 3.0
_BACK_S = 0.3
"""So much is said again after a rest, so that no word is lost."""


@dataclass(slots=True, eq=False)
class _Sentence:
    spoken: Spoken
    lang: str
    sound: Sound | None = None
    from_s: float = 0.0
    ended: bool = False


class SpeakerMouth:
    """Speaks on a thread of its own; all else may be called from the kiosk's."""

    def __init__(self, speaker: Speaker, sentences: Sentences, deliver: Deliver) -> None:
        """Tell of ends and of the output by `deliver`, on the kiosk's thread."""
        self.on_said: Callable[[], None] = lambda: None
        self.on_output: Callable[[bool], None] = lambda _there: None
        self._speaker = speaker
        self._sentences = sentences
        self._deliver = deliver
        # Guards all below: the kiosk says what is wanted, the thread says it.
        self._lock = threading.Lock()
        self._sentence: _Sentence | None = None
        self._cut = threading.Event()
        self._resting = False
        self._volume = 1.0
        self._hushed = False
        self._output: bool | None = None
        self._owner = Owner("kiosk voice", self._step, self._failed, lambda: None)

    def start(self) -> None:
        """Begin."""
        self._owner.start()

    def stop(self) -> None:
        """Say no more, and tell of no end, for good."""
        self.cut()
        self._owner.ask_to_stop()
        self._speaker.stop()
        self._owner.stop()

    def say(self, spoken: Spoken, lang: str) -> None:
        """Say this, in place of what is being said."""
        self._begin(_Sentence(spoken, lang))

    def cut(self) -> None:
        """Say no more of it."""
        self._begin(None)

    def pause(self) -> None:
        """Rest where it is."""
        with self._lock:
            self._resting = True
            self._cut.set()

    def resume(self) -> None:
        """Go on from where it rested; tell that all was said where nothing was left."""
        with self._lock:
            self._resting = False
            sentence = self._sentence
        self._owner.wake()
        if sentence is None:
            self.on_said()
        elif sentence.ended:
            self._told_of_the_end(sentence)

    def set_volume(self, volume: float) -> None:
        """Speak at this part of the box's loudness, from now on."""
        with self._lock:
            self._volume = volume
            self._cut.set()
        self._owner.wake()

    def hush(self, *, hushed: bool) -> None:
        """Speak low while the hall is called, or as loud as before."""
        with self._lock:
            if hushed == self._hushed:
                return
            self._hushed = hushed
            self._cut.set()
        self._owner.wake()

    def _begin(self, sentence: _Sentence | None) -> None:
        with self._lock:
            self._sentence, self._resting = sentence, False
            self._cut.set()
        self._owner.wake()

    def _step(self) -> float:
        with self._lock:
            sentence = None if self._resting else self._sentence
            cut = self._cut = threading.Event()
            volume = self._volume * (HUSHED if self._hushed else 1.0)
        if sentence is None or sentence.ended:
            self._look()
            return _LOOK_S
        if sentence.sound is None:
            sentence.sound = self._sentences.sound(sentence.spoken, sentence.lang)
        try:
            self._speaker.play(sentence.sound.part(sentence.from_s), volume, cut)
        except SoundCutError as error:
            sentence.from_s = max(0.0, sentence.from_s + error.played_s - _BACK_S)
            return 0.0
        except SpeakerStoppedError:
            return _LOOK_S
        except (NoOutputError, PlaybackError) as error:
            _log.warning("nothing was read out reason=%s", error)
        self._look()
        self._end(sentence)
        return 0.0

    def _end(self, sentence: _Sentence) -> None:
        with self._lock:
            sentence.ended = True
        self._deliver(lambda: self._told_of_the_end(sentence))

    def _told_of_the_end(self, sentence: _Sentence) -> None:
        """Tell, but while it rests: a rest at the very end is over when somebody says so."""
        with self._lock:
            if self._sentence is not sentence or self._resting:
                return
            self._sentence = None
        self.on_said()

    def _look(self) -> None:
        """Find out whether anything can be heard."""
        try:
            there = bool(self._speaker.output())
        except NoOutputError:
            there = False
        if there != self._output:
            self._output = there
            _log.info("sound output of the kiosk there=%s", there)
            self._deliver(lambda: self.on_output(there))

    def _failed(self, _error: Exception) -> None:
        """Let the kiosk go on without the sentence that could not be said."""
        with self._lock:
            sentence = self._sentence
        if sentence:
            self._end(sentence)
