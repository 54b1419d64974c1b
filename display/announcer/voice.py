"""The sound of an utterance: clips of a pack, or the speech program for the whole sentence."""

import logging
from collections.abc import Container, Mapping
from typing import Protocol

from bus.vocabulary import Language
from display.announcer.call_queue import Text, Utterance
from hardware.speaker import Sound, silence
from voice.errors import MissingClipError
from voice.pack import Item, Pack
from voice.sentence import as_text, sentence, template_of

_log = logging.getLogger(__name__)

GUESSED_S = 15.0
"""How long a sentence that no clips can say is expected to take."""
_GUESSED_S_PER_LETTER = 0.1
_AFTER_CHIME_S = 0.15
_BETWEEN_CALLS_S = 0.6
_BETWEEN_LANGUAGES_S = 0.4


class Speech(Protocol):
    """Makes sound of any text."""

    def sound(self, text: str, lang: str) -> Sound:
        """Return `text` spoken in `lang`; raises SpeechError."""


class Voice:
    """Speaks utterances: Vietnamese, then the language that was chosen with the ticket."""

    def __init__(self, packs: Mapping[str, Pack], speech: Speech) -> None:
        self._packs = packs
        self._speech = speech
        self._missing: set[str] = set()

    @property
    def source(self) -> str:
        """Return `pack`, or `espeak` once a sentence had to fall back to the speech program."""
        return "espeak" if self._missing else "pack"

    def sound(self, utterance: Utterance, *, collects_result: bool) -> Sound:
        """Return what is to be heard; raises SpeechError when nothing can say it."""
        parts: list[bytes] = []
        for lang in _languages(utterance, self._packs):
            items = self._items(utterance, lang, collects_result=collects_result)
            parts += [silence(_BETWEEN_LANGUAGES_S)] if parts else [self._lead_in(utterance.chime)]
            parts.append(self._sentence(items, lang, slowly=utterance.call.in_full))
        call = utterance.call
        name = f"{call.call_seq:06d}-{call.number}-counter-{call.counter}-{utterance.time}"
        return Sound(name, b"".join(parts))

    def text(self, text: Text) -> Sound:
        """Return a free text; raises SpeechError."""
        order = text.order
        spoken = self._speech.sound(order.text, order.lang)
        return Sound(f"text-{order.id}", self._lead_in(text.chime) + spoken.samples)

    def text_duration_s(self, text: Text) -> float:
        """Return a generous guess of how long a free text takes."""
        return max(GUESSED_S, len(text.order.text) * _GUESSED_S_PER_LETTER)

    def duration_s(self, utterance: Utterance, *, collects_result: bool) -> float:
        """Return how long an utterance takes; a generous guess where no clips say it."""
        slowly = utterance.call.in_full
        total = _BETWEEN_CALLS_S if not utterance.chime else 0.0
        if utterance.chime:
            total += Sound("", self._lead_in(chime=True)).duration_s
        for lang in _languages(utterance, self._packs):
            items = self._items(utterance, lang, collects_result=collects_result)
            total += _BETWEEN_LANGUAGES_S
            try:
                total += Sound("", self._packs[lang].spoken(items, slowly=slowly)).duration_s
            except MissingClipError:
                total += GUESSED_S
        return total

    def _lead_in(self, chime: bool) -> bytes:
        if not chime:
            return silence(_BETWEEN_CALLS_S)
        sound = self._packs["vi"].chime
        return sound.samples + silence(_AFTER_CHIME_S) if sound else b""

    def _items(self, utterance: Utterance, lang: str, *, collects_result: bool) -> tuple[Item, ...]:
        pack, call = self._packs[lang], utterance.call
        template = template_of(
            pack.settings.templates, again=utterance.again, collects_result=collects_result
        )
        numbers = pack.settings.spoken_numbers
        return sentence(template, call.number, call.counter, numbers, pack.clips)

    def _sentence(self, items: tuple[Item, ...], lang: str, *, slowly: bool) -> bytes:
        try:
            return self._packs[lang].spoken(items, slowly=slowly)
        except MissingClipError as error:
            if str(error) not in self._missing:
                _log.warning("sentence falls back to the speech program reason=%s", error)
                self._missing.add(str(error))
        return self._speech.sound(as_text(items), lang).samples


def _languages(utterance: Utterance, packs: Container[str]) -> tuple[str, ...]:
    call = utterance.call
    if call.language and call.language in packs:
        return ("vi", call.language)
    return ("vi", "en") if call.lang is Language.ENGLISH else ("vi",)
