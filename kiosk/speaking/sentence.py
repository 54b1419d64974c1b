"""The sound of what a kiosk says: clips of a pack and texts of the site, one after the other."""

from collections.abc import Callable, Iterator, Mapping

from hall.citizen.phrases import Phrase, phrase_words
from hall.citizen.speech import Clock, Digits, Number, Rest, Said, SiteText, Spoken
from hall.words import Words
from hardware.speaker import Sound, silence
from voice.errors import MissingClipError
from voice.pack import Item, Pack, Pause

ClipFor = Callable[[str, str], Sound | None]
"""Returns a text of the site in a language as sound; None where nothing can say it."""

_FIRST = "vi"
_SITE_TEXT_REST_S = 0.12


class Sentences:
    """Puts sentences together; what has no clip is "xin hỏi cán bộ", never left out."""

    def __init__(self, packs: Mapping[str, Pack], clip_for: ClipFor) -> None:
        self._packs = packs
        self._clip_for = clip_for

    def sound(self, spoken: Spoken, lang: str) -> Sound:
        """Return what is said in `lang`, in Vietnamese where there is no such voice."""
        lang = lang if lang in self._packs else _FIRST
        pack = self._packs[lang]
        pieces = (self._samples(said, lang, pack) for said in spoken)
        gap = silence(pack.settings.pauses.word_ms / 1000)
        return Sound("kiosk", gap.join(pieces))

    def _samples(self, said: Said, lang: str, pack: Pack) -> bytes:
        if isinstance(said, SiteText):
            sound = self._clip_for(said.text, lang)
            if sound:
                return sound.samples + silence(_SITE_TEXT_REST_S)
            return self._ask_staff(lang, pack)
        try:
            return pack.spoken(tuple(items_of(said, lang, pack)))
        except MissingClipError:
            return self._ask_staff(lang, pack)

    def _ask_staff(self, lang: str, pack: Pack) -> bytes:
        clip = pack.clips.get(phrase_words(Phrase.ASK_STAFF, Words(lang)))
        return clip.samples if clip else b""


def items_of(
    said: Phrase | Number | Digits | Clock | Rest, lang: str, pack: Pack
) -> Iterator[Item]:
    """Yield the texts of clips that say one thing."""
    match said:
        case Phrase():
            yield phrase_words(said, Words(lang))
        case Rest():
            yield Pause.PHRASE
        case Number(value):
            yield from pack.count(value)
        case Digits(text):
            yield from pack.number(text)
        case Clock(hour, minute):
            yield from pack.count(hour)
            if lang != "en" or not minute:
                yield phrase_words(Phrase.HOURS, Words(lang))
            if minute:
                yield from pack.count(minute)
