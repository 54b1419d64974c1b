"""Who hears a kiosk: as sentences that it was told to say, or as sound that is written down."""

import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtGui import QImage

from config import Centre, Clock
from hall.citizen.phrases import Phrase, phrase_words
from hall.citizen.speech import Spoken, written
from hall.words import Words
from hardware.speaker import Sound, read_wav
from hardware.speaker.simulated import SimulatedSpeaker
from kiosk.speaking.mouth import SpeakerMouth
from kiosk.speaking.reader import LOUDEST, NORMAL_VOLUME, Key
from kiosk.speaking.sentence import Sentences
from ui.owner import QtOwner
from voice.pack import Pack

CHIME = "♪"
_BYTES = 2
_KEY = 600
"""So many bytes of a clip tell which it may be."""


class Mouth:
    """Takes every sentence; the test says when one has ended."""

    def __init__(self) -> None:
        self.on_said: Callable[[], None] = lambda: None
        self.said: list[tuple[Spoken, str]] = []
        self.did: list[str] = []
        self.hushed: list[bool] = []
        self.volume = 0.0

    def say(self, spoken: Spoken, lang: str) -> None:
        self.said.append((spoken, lang))

    def cut(self) -> None:
        self.did.append("cut")

    def pause(self) -> None:
        self.did.append("pause")

    def resume(self) -> None:
        self.did.append("resume")

    def set_volume(self, volume: float) -> None:
        self.volume = volume

    def hush(self, *, hushed: bool) -> None:
        self.hushed.append(hushed)

    @property
    def last(self) -> str:
        spoken, lang = self.said[-1]
        return written(spoken, Words(lang))


def site_text(text: str, lang: str) -> Sound:
    """Return a sound of its own for each text of the site."""
    noise = random.Random(f"{lang} {text}")
    return Sound("text", b"".join(_sample(noise) for _ in range(900)))


def _sample(noise: random.Random) -> bytes:
    return noise.randint(2000, 9000).to_bytes(_BYTES, "little", signed=True)


class Ear:
    """Tells what a simulated speaker has played, clip for clip, by the bytes alone."""

    def __init__(
        self,
        packs: dict[str, Pack],
        texts: Iterable[tuple[str, str]] = (),
        volume: float = NORMAL_VOLUME / LOUDEST,
    ) -> None:
        """Know the clips of `packs` and the site's `texts`, as loud as `volume`."""
        self._by_start: dict[bytes, list[tuple[bytes, str]]] = {}
        self._volume = volume
        for pack in packs.values():
            for text, clip in pack.clips.items():
                self._know(clip, text)
            if pack.chime:
                self._know(pack.chime, CHIME)
        self.learn(texts)

    def learn(self, texts: Iterable[tuple[str, str]]) -> None:
        """Know texts of the site with their languages."""
        for lang, text in texts:
            self._know(site_text(text, lang), text)

    def _know(self, clip: Sound, text: str) -> None:
        samples = clip.at(self._volume).samples
        known = self._by_start.setdefault(samples[:_KEY], [])
        known.append((samples, text))
        known.sort(key=lambda each: -len(each[0]))

    def hear(self, path: Path) -> list[str]:
        """Return the texts of the clips of a file; raises ValueError for a sound of none.

        A clip that was cut off is no text: nobody has heard it.
        """
        return list(self._clips(read_wav(path).samples))

    def _clips(self, samples: bytes) -> Iterator[str]:
        at = 0
        while at < len(samples):
            for clip, text in self._by_start.get(samples[at : at + _KEY], ()):
                if samples.startswith(clip, at):
                    yield text
                    at += len(clip)
                    break
            else:
                if samples[at : at + _BYTES] == bytes(_BYTES):
                    at += _BYTES
                elif self._is_cut(samples[at:]):
                    return
                else:
                    raise ValueError(f"no clip sounds like this at {at}")

    def _is_cut(self, rest: bytes) -> bool:
        every = (clip for known in self._by_start.values() for clip, _ in known)
        return any(clip.startswith(rest) for clip in every)


class Listener:
    """A person who sees nothing: presses keys, and hears the sound that comes of it."""

    def __init__(self, directory: Path, packs: dict[str, Pack], ear: Ear) -> None:
        clock = Clock.starting(None, 5000.0)
        self._owner = QtOwner()
        self._directory = directory / "sound"
        speaker = SimulatedSpeaker(self._directory, clock, keep=10_000)
        self.mouth = SpeakerMouth(speaker, Sentences(packs, site_text), self._owner.deliver)
        self.ear = ear
        self._heard = 0
        self.everything: list[list[str]] = []
        """Clip by clip, sentence by sentence."""
        self.shown: Any = None

    def stop(self) -> None:
        self.mouth.stop()

    def press(self, key: Key) -> list[str]:
        """Press a key; return the clips heard since, once it is still."""
        self.shown.key(key)
        return self.listen()

    def listen(self) -> list[str]:
        reader, kiosk = self.shown.screens.reader, self.shown.hall.kiosk
        self.shown.hall.until(lambda: not kiosk.speaking and not reader._introducing)
        files = sorted(self._directory.glob("*.wav"))
        fresh = [self.ear.hear(path) for path in files[self._heard :]]
        self._heard = len(files)
        self.everything += fresh
        return [text for sentence in fresh for text in sentence]

    def hears(self) -> list[str]:
        """Return what is said next, though nothing was said when the last key was pressed."""
        heard: list[str] = []

        def something() -> bool:
            heard.extend(self.listen())
            return bool(heard)

        self.shown.hall.until(something)
        return heard

    def seek(self, *words: str, key: Key = Key.NEXT) -> list[str]:
        """Move on until something begins with these words."""
        for _ in range(60):
            heard = self.press(key)
            if heard[: len(words)] == list(words):
                return heard
        raise AssertionError(f"nothing says {words}: {self.everything[-60:]}")


def draw_the_curtain(person: Listener, lang: str) -> None:
    word = clips_of(lang)
    person.seek(word(Phrase.CURTAIN), key=Key.BACK)
    heard = person.press(Key.CHOOSE)
    assert heard == [word(Phrase.CURTAIN), word(Phrase.ON)]
    assert is_black(person.shown.window.grabWindow())


def is_black(image: QImage) -> bool:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return not any(bytes(grey.constBits()))


def clips_of(lang: str) -> Callable[[Phrase], str]:
    return lambda phrase: phrase_words(phrase, Words(lang))


def begins(person: Listener, lang: str) -> None:
    """Touch the keypad, hear what this is, and change to `lang`."""
    heard = person.press(Key.CHOOSE)
    word = clips_of("vi")
    assert heard[0] == word(Phrase.WELCOME)
    assert word(Phrase.CHOOSE_SERVICE) in heard
    assert word(Phrase.HOW_TO) in heard
    assert heard[-1] != word(Phrase.HOW_TO), "the first stop follows"
    if lang == "en":
        person.seek(word(Phrase.LANGUAGE), key=Key.BACK)
        heard = person.press(Key.CHOOSE)
        assert heard[0] == clips_of("en")(Phrase.WELCOME)


def follows(heard: list[str], wanted: list[str]) -> bool:
    """Return whether `wanted` was heard, one after the other with nothing between."""
    return any(heard[at : at + len(wanted)] == wanted for at in range(len(heard)))


def name_of(centre: Centre, service: str, lang: str) -> str:
    return next(one.name(lang) for one in centre.services if one.code == service)
